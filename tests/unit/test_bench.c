// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs on anonymous memory, which every machine has, and on what is no heap. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "model/bench/bench_counter.h"
#include "model/bench/bench_load.h"
#include "model/bench/bench_saved.h"
#include "model/bench/cacheability.h"
#include "model/bench/chase.h"
#include "model/bench/saved_text.h"

static const uint64_t sizes[] = {4096, 65536};

static void test_names(void **state)
{
	const char *words = BENCH_CASE_WORDS;

	(void)state;
	for (enum bench_case kind = BENCH_ALLOC; kind < BENCH_CASES; kind++) {
		size_t length = strcspn(words, "|");

		assert_int_equal(strlen(bench_cases[kind].name), length);
		assert_memory_equal(bench_cases[kind].name, words, length);
		words += length + (words[length] == '|');
	}
	assert_string_equal(words, "");
}

/* Anonymous memory has all cases but five; without time, there is one sample of each. The control
 * is not there where programs cannot flush caches. */
static void test_no_time(void **state)
{
	const struct bench_target target = {.name = "anonymous", .heap = -1};
	const struct bench_plan plan = {
		.targets = &target,
		.target_count = 1,
		.cases = (1U << BENCH_CASES) - 1,
		.sizes = sizes,
		.size_count = 2,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.confidence = 0.95,
		.step = 1,
	};
	struct bench_result result = {0};

	(void)state;
	assert_int_equal(bench_run(&plan, &result), 0);
	/* the last two have no size */
	assert_int_equal(result.count, 2 * (BENCH_CASES - 7) + 2);
	for (size_t i = 0; i < result.count; i++) {
		const struct bench_cell *cell = &result.items[i];

		if (cell->kind == BENCH_FLUSHED && !chase_can_flush()) {
			assert_int_equal(cell->error, -EOPNOTSUPP);
			continue;
		}
		assert_int_equal(cell->error, 0);
		assert_int_equal(cell->size, cell->kind >= BENCH_CACHEABLE ? 0 : sizes[i % 2]);
		assert_int_equal(cell->samples.count, 1);
		assert_int_equal(cell->summary.count, 1);
		assert_false(cell->summary.interval_known);
		assert_ptr_equal(bench_find(&result, cell, 0), cell);
		assert_null(bench_find(&result, cell, 1));
	}
	bench_result_free(&result);
}

struct seen {
	uint64_t last;
	unsigned int calls;
};

static void see(void *data, uint64_t ns, const char *name)
{
	struct seen *seen = data;

	assert_true(ns >= seen->last);
	assert_string_equal(name, "fill");
	seen->last = ns;
	seen->calls++;
}

/* Five visits of at least eight samples, or an interval of one percent before. */
static void test_time(void **state)
{
	const struct bench_target target = {.name = "anonymous", .heap = -1};
	struct seen seen = {0};
	const struct bench_plan plan = {
		.targets = &target,
		.target_count = 1,
		.cases = 1U << BENCH_FILL,
		.sizes = sizes,
		.size_count = 1,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.confidence = 0.95,
		.time_ns = UINT64_C(3600000000000),
		.step = 1,
		.progress = see,
		.data = &seen,
	};
	struct bench_result result = {0};
	struct bench_counter counter = {0};

	(void)state;
	bench_counter_measure(&counter);
	assert_true(counter.step >= 1);
	assert_int_equal(bench_run(&plan, &result), 0);
	assert_int_equal(seen.calls, 5);
	assert_int_equal(result.count, 1);
	assert_in_range(result.items[0].samples.count, 40, 2040);
	assert_true(result.items[0].summary.interval_known);
	bench_result_free(&result);
}

/* qemu-user says ENOSYS for an ioctl that it does not know. */
static bool is_no_heap(int error)
{
	return error == -ENOTTY || error == -ENOSYS;
}

/* Others that do the same are waited for, and their errors are its own. */
static void test_load(void **state)
{
	const struct bench_place place = {.heap = -1, .size = 4096, .page_size = 4096};
	const struct bench_place null = {
		.heap = open("/dev/null", O_RDONLY | O_CLOEXEC), .size = 4096, .page_size = 4096};
	struct bench_load *load = NULL;

	(void)state;
	assert_int_equal(bench_load_start(&place, &bench_cases[BENCH_FILL], 3, &load), 0);
	assert_int_equal(bench_load_stop(load), 0);
	assert_true(is_no_heap(bench_load_start(&null, &bench_cases[BENCH_FILL], 2, &load)));
	assert_true(is_no_heap(bench_load_stop(load)));
	assert_int_equal(bench_load_stop(NULL), 0);
	close(null.heap);
}

/* What can't be measured says why, and does not stop the others. */
static void test_no_heap(void **state)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const struct bench_target targets[] = {{.name = "anonymous", .heap = -1},
					       {.name = "null", .heap = fd}};
	const struct bench_plan plan = {
		.targets = targets,
		.target_count = 2,
		.cases = 1U << BENCH_ALLOC | 1U << BENCH_SYNC,
		.sizes = sizes,
		.size_count = 1,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.confidence = 0.95,
		.step = 1,
	};
	struct bench_result result = {0};

	(void)state;
	assert_int_equal(bench_run(&plan, &result), 0);
	assert_int_equal(result.count, 3);
	assert_int_equal(result.items[0].error, 0);
	assert_true(is_no_heap(result.items[1].error));
	assert_int_equal(result.items[1].samples.count, 0);
	assert_int_equal(result.items[2].kind, BENCH_SYNC);
	assert_int_equal(result.items[2].target, 1);
	assert_true(is_no_heap(result.items[2].error));
	assert_null(bench_find(&result, &result.items[0], 1));
	assert_int_equal(bench_memory_needed(&plan), 8192);
	{
		struct bench_plan many = plan;

		many.threads = 3;
		assert_int_equal(bench_memory_needed(&many), 3 * 8192);
		many.cold = true;
		assert_true(bench_memory_needed(&many) > 3 * 8192);
	}
	bench_result_free(&result);
	close(fd);
}

/* No processor's clock counts instructions; what the kernel counts grows with what is done. */
static void test_counters(void **state)
{
	enum bench_count count = BENCH_CLOCK_INSTRUCTIONS;
	char *missing = NULL;
	uint64_t before;

	(void)state;
	assert_false(clock_counts_instructions());
	assert_int_equal(bench_counter_open(&count, &missing), -EOPNOTSUPP);
	assert_string_equal(missing, "the clock of this machine does not count them");
	free(missing);
	missing = NULL;
	for (count = BENCH_INSTRUCTIONS; count <= BENCH_CACHE_MISSES; count++) {
		int error = bench_counter_open(&count, &missing);

		assert_true(error ? missing && *missing : !missing);
		free(missing);
		missing = NULL;
		before = bench_counted();
		for (volatile int i = 0; i < 100000; i++)
			;
		/* the loop need not miss a cache */
		if (error || count == BENCH_INSTRUCTIONS)
			assert_true(bench_counted() - before >= (error ? 1 : 100000));
		assert_false(bench_counter_is_lost());
		bench_counter_close();
	}
}

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
uid_t __real_geteuid(void);
uid_t __wrap_geteuid(void);

/* What the kernel answers in the place of a counter, and to whom. */
static struct {
	bool answers;
	int error, fd; /* with 0 the descriptor */
	uid_t user;
} kernel;

long __wrap_syscall(long number, ...)
{
	long argument[6];
	va_list list;

	va_start(list, number);
	for (size_t i = 0; i < 6; i++)
		argument[i] = va_arg(list, long);
	va_end(list);
	if (kernel.answers && number == SYS_perf_event_open) {
		errno = kernel.error;
		return kernel.error ? -1 : kernel.fd;
	}
	return __real_syscall(number, argument[0], argument[1], argument[2], argument[3],
			      argument[4], argument[5]);
}

uid_t __wrap_geteuid(void)
{
	return kernel.answers ? kernel.user : __real_geteuid();
}

/* Root is not told to be root. */
static void test_counter_refused(void **state)
{
	static const struct {
		int error;
		uid_t user;
		const char *missing; /* the beginning */
	} cases[] = {
		{EPERM, 0,
		 "operation not permitted (a seccomp filter may forbid it, or CAP_PERFMON is "
		 "missing)"},
		{EACCES, 0,
		 "permission denied (a seccomp filter may forbid it, or CAP_PERFMON is missing)"},
		{EACCES, 1000, "permission denied (/proc/sys/kernel/perf_event_paranoid is "},
		{EBUSY, 1000, "others use all counters of the processor"},
	};

	(void)state;
	kernel.answers = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum bench_count count = BENCH_CACHE_MISSES;
		const char *wanted = cases[i].missing;
		char *missing = NULL;

		if (cases[i].error == EACCES && cases[i].user &&
		    access("/proc/sys/kernel/perf_event_paranoid", R_OK))
			wanted = "permission denied";
		kernel.error = cases[i].error;
		kernel.user = cases[i].user;
		assert_int_equal(bench_counter_open(&count, &missing), -cases[i].error);
		assert_memory_equal(missing, wanted, strlen(wanted));
		free(missing);
	}
	kernel.answers = false;
}

/* A counter that can be read once, and is at its end then, as one that others have taken. */
static void test_counter_lost(void **state)
{
	const struct bench_target target = {.name = "anonymous", .heap = -1};
	const struct bench_plan plan = {
		.targets = &target,
		.target_count = 1,
		.cases = 1U << BENCH_FILL,
		.sizes = sizes,
		.size_count = 1,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.confidence = 0.95,
		.step = 1,
	};
	enum bench_count count = BENCH_CACHE_MISSES;
	struct bench_result result = {0};
	const uint64_t value = 0;
	char *missing = NULL;
	int ends[2];

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], &value, sizeof(value)), sizeof(value));
	close(ends[1]);
	kernel.answers = true;
	kernel.error = 0;
	kernel.fd = ends[0];
	assert_int_equal(bench_counter_open(&count, &missing), 0);
	kernel.answers = false;
	assert_int_equal(bench_run(&plan, &result), 0);
	assert_true(bench_counter_is_lost());
	bench_counter_close();
	assert_int_equal(result.count, 1);
	assert_int_equal(result.items[0].samples.count, 0);
	assert_string_equal(bench_cell_words(&result.items[0]),
			    "the counter has stopped: others use all counters of the processor");
	result.items[0].error = -EBUSY;
	assert_string_equal(bench_cell_words(&result.items[0]), error_words(-EBUSY));
	bench_result_free(&result);
}

static const char saved_text[] =
	"dmaheap-bench 1\nkernel\t6.12.117\nmachine\taarch64\n"
	"processors\t4\npage_size\t4096\nconfidence\t95\nclock_step\t16\n"
	"cpu\t3\nthreads\t2\ncold\t1\ncounted\tcache-misses\nimporter\tvgem\n"
	"case\theap\tsize\tcount\tmin\tlow\tmedian\thigh\tp90\tp99\n"
	"alloc\tlinux,cma\t4096\t40\t900\t950\t1000\t1100\t1500\t1900\n"
	"fence\tsystem\t-\t3\t7000\t-\t7016\t-\t7100\t7100\n";

static int parse(const char *text, struct bench_saved *saved, size_t *line)
{
	char *copy = strdup(text);
	const char *reason = NULL;
	int error = bench_saved_parse(copy, saved, line, &reason);

	assert_non_null(reason);
	free(copy);
	return error;
}

static void test_saved(void **state)
{
	struct bench_saved saved = {0};
	const struct bench_saved_row *row;
	size_t line;

	(void)state;
	assert_int_equal(parse(saved_text, &saved, &line), 0);
	assert_string_equal(saved.conditions.kernel, "6.12.117");
	assert_string_equal(saved.conditions.machine, "aarch64");
	assert_int_equal(saved.conditions.processors, 4);
	assert_int_equal(saved.conditions.page_size, 4096);
	assert_int_equal(saved.conditions.confidence, 95);
	assert_int_equal(saved.conditions.clock_step, 16);
	assert_int_equal(saved.conditions.cpu, 3);
	assert_int_equal(saved.conditions.threads, 2);
	assert_int_equal(saved.conditions.cold, 1);
	assert_int_equal(saved.conditions.counted, BENCH_CACHE_MISSES);
	assert_string_equal(saved.conditions.importer, "vgem");
	assert_int_equal(saved.count, 2);
	row = bench_saved_find(&saved, BENCH_ALLOC, "linux,cma", 4096);
	assert_non_null(row);
	assert_int_equal(row->count, 40);
	assert_int_equal(row->min, 900);
	assert_true(row->interval_known);
	assert_int_equal(row->interval.low, 950);
	assert_int_equal(row->median, 1000);
	assert_int_equal(row->interval.high, 1100);
	assert_int_equal(row->p90, 1500);
	assert_int_equal(row->p99, 1900);
	row = bench_saved_find(&saved, BENCH_FENCE, "system", 0);
	assert_non_null(row);
	assert_false(row->interval_known);
	assert_null(bench_saved_find(&saved, BENCH_ALLOC, "linux,cma", 8192));
	assert_null(bench_saved_find(&saved, BENCH_FREE, "linux,cma", 4096));
	assert_int_equal(bench_saved_cacheable(&saved, "system"), UNKNOWN);
	bench_saved_free(&saved);
}

/* Each text with one thing wrong in it is refused, with the number of the line. */
static void test_saved_wrong(void **state)
{
	static const struct {
		const char *was, *is;
		size_t line;
	} wrong[] = {
		{"dmaheap-bench 1", "dmaheap-bench 2", 1},
		{"kernel\t6.12.117", "kernel\t", 2},
		{"kernel\t6.12.117", "kernel\t6\t12", 2},
		{"machine\t", "machin\t", 3},
		{"processors\t4", "processors\t-4", 4},
		{"page_size\t4096", "page_size\t4K", 5},
		{"confidence\t95", "confidence 95", 6},
		{"confidence\t95", "confidence\t49", 6},
		{"confidence\t95", "confidence\t100", 6},
		{"clock_step\t16", "clock_step\t-", 7},
		{"cpu\t3", "cpu\t", 8},
		{"threads\t2", "threads\t0", 9},
		{"threads\t2", "threads\t257", 9},
		{"cold\t1", "cold\t2", 10},
		{"counted\tcache-misses", "counted\tcache-hits", 11},
		{"counted\tcache-misses", "counted\t", 11},
		{"counted\tcache-misses\nimporter\tvgem\n", "", 11},
		{"importer\tvgem", "importer\t", 12},
		{"importer\tvgem\n", "", 12},
		{"\tp90\tp99\n", "\tp99\tp90\n", 13},
		{"alloc\t", "frob\t", 14},
		{"\t4096\t40", "\t4096\t", 14},
		{"\t40\t900", "\t900", 14},
		{"\t1900\n", "\t1900\t1\n", 14},
		{"\t950\t", "\t-\t", 14},
		{"\t950\t", "\t1101\t", 14},
		{"\tlinux,cma\t", "\t\t", 14},
		{"\t7016\t", "\t-\t", 15},
		{"\t7100\n", "\t18446744073709551616\n", 15},
		/* the row before again, with other figures */
		{"fence\tsystem\t-\t", "alloc\tlinux,cma\t4096\t", 15},
		/* a file that was cut off is not read as a shorter one */
		{"\t7100\n", "\t71", 15},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct bench_saved saved = {0};
		const char *at = strstr(saved_text, wrong[i].was);
		char text[sizeof(saved_text) + 32];
		size_t line = 0;

		assert_non_null(at);
		snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - saved_text), saved_text,
			 wrong[i].is, at + strlen(wrong[i].was));
		assert_int_equal(parse(text, &saved, &line), -EBADMSG);
		assert_int_equal(line, wrong[i].line);
		bench_saved_free(&saved);
	}
}

/* As many cases as a run can have, and one more; the last again; a name that no kernel gives. */
static void test_saved_bounds(void **state)
{
	const char *cases = strstr(saved_text, "alloc\t");

	(void)state;
	for (size_t more = 0; more < 4; more++) {
		struct bench_saved saved = {0};
		char *text;
		size_t size, line, count = BENCH_SAVED_ROWS_MAX + (more == 1);
		FILE *stream = open_memstream(&text, &size);

		fprintf(stream, "%.*s", (int)(cases - saved_text), saved_text);
		for (size_t i = 1; i <= count; i++)
			fprintf(stream, "alloc\t%0*zu\t4096\t9\t1\t1\t2\t3\t4\t5\n",
				more == 2 && i == 7 ? SAVED_NAME_MAX + 1 : 1,
				more == 3 && i == count ? 2 : i);
		fclose(stream);
		assert_int_equal(parse(text, &saved, &line), more ? -EBADMSG : 0);
		assert_int_equal(line, more == 2 ? 13 + 7 : 13 + count);
		if (!more)
			assert_int_equal(saved.count, count);
		bench_saved_free(&saved);
		free(text);
	}
}

/* What is written is read again, also a name that no line could hold. */
static void test_saved_again(void **state)
{
	const struct bench_target targets[] = {{.name = "anonymous", .heap = -1},
					       {.name = "a\tb\n", .heap = -1}};
	const struct bench_plan plan = {
		.targets = targets,
		.target_count = 2,
		.cases = 1U << BENCH_FILL,
		.sizes = sizes,
		.size_count = 2,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.confidence = 0.95,
		.step = 1,
		.time_ns = 1000000,
	};
	struct bench_conditions conditions;
	struct bench_result result = {0};
	struct bench_saved saved = {0};
	char *text;
	size_t line;

	(void)state;
	bench_conditions_read(&conditions);
	conditions.confidence = 95;
	assert_int_equal(bench_run(&plan, &result), 0);
	text = bench_saved_text(&conditions, &plan, &result);
	assert_int_equal(parse(text, &saved, &line), 0);
	assert_null(bench_conditions_differ(&conditions, &saved.conditions));
	assert_int_equal(saved.count, 4);
	for (size_t i = 0; i < 4; i++) {
		const struct summary *summary = &result.items[i].summary;
		const struct bench_saved_row *row = bench_saved_find(
			&saved, BENCH_FILL, targets[result.items[i].target].name, sizes[i % 2]);

		assert_ptr_equal(row, &saved.items[i]);
		assert_int_equal(row->count, summary->count);
		assert_int_equal(row->median, summary->median);
		assert_int_equal(row->interval_known, summary->interval_known);
		assert_memory_equal(&row->interval, &summary->interval, sizeof(row->interval));
	}
	/* one that imported nothing can be compared with any */
	saved.conditions.importer = strdup("vgem");
	assert_null(bench_conditions_differ(&conditions, &saved.conditions));
	conditions.importer = strdup("amdgpu");
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "importer");
	saved.conditions.counted = BENCH_INSTRUCTIONS;
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "counted");
	saved.conditions.cold = 1;
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "cold");
	saved.conditions.threads = 2;
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "threads");
	saved.conditions.cpu = 0;
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "cpu");
	saved.conditions.confidence = 90;
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "confidence");
	saved.conditions.processors++;
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "processors");
	saved.conditions.page_size *= 2;
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "page_size");
	saved.conditions.machine[0] ^= 1;
	assert_string_equal(bench_conditions_differ(&conditions, &saved.conditions), "machine");
	free(text);
	bench_saved_free(&saved);
	bench_conditions_free(&conditions);
	bench_result_free(&result);
}

static void test_cacheability(void **state)
{
	static const struct {
		struct cacheability_figures figures; /* anonymous, flushed, buffer, fills */
		enum cacheability verdict;
	} cases[] = {
		{{{10, 12}, {121, 130}, {11, 19}, {5, 6}, {5, 6}}, CACHEABILITY_CACHED},
		/* the interval of the control reaches below ten times of anonymous memory's */
		{{{10, 12}, {120, 130}, {11, 19}, {5, 6}, {5, 6}}, CACHEABILITY_NO_CACHES},
		{{{10, 12}, {121, 130}, {11, 20}, {5, 6}, {5, 6}}, CACHEABILITY_UNCLEAR},
		{{{10, 12}, {121, 130}, {120, 140}, {5, 6}, {5, 6}}, CACHEABILITY_UNCLEAR},
		{{{10, 12}, {121, 130}, {121, 140}, {5, 6}, {5, 19}}, CACHEABILITY_WRITE_COMBINED},
		{{{10, 12}, {121, 130}, {121, 140}, {5, 6}, {5, 20}}, CACHEABILITY_NOT_CACHED},
		{{{10, 12}, {121, 130}, {121, 140}, {5, 6}, {24, 30}}, CACHEABILITY_NOT_CACHED},
		{{{10, 12}, {121, 130}, {121, 140}, {5, 6}, {25, 30}}, CACHEABILITY_UNCACHED},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(cacheability_name(cacheability_judge(&cases[i].figures)),
				    cacheability_name(chase_can_flush() ? cases[i].verdict
									: CACHEABILITY_NO_CACHES));
}

/* Memory whose lines are flushed is never called cached, and other memory is never called more. */
static void test_cacheability_measured(void **state)
{
	struct cacheability_figures figures;
	enum cacheability verdict;
	void *memory = aligned_alloc(4096, CACHEABILITY_SIZE);

	(void)state;
	cacheability_measure(memory, false, &figures);
	verdict = cacheability_judge(&figures);
	assert_true(verdict == CACHEABILITY_CACHED || verdict >= CACHEABILITY_NO_CACHES);
	cacheability_measure(memory, true, &figures);
	assert_int_not_equal(cacheability_judge(&figures), CACHEABILITY_CACHED);
	free(memory);
}

/* The chain has all lines, once. */
static void test_chase(void **state)
{
	static uint64_t memory[64][CHASE_STRIDE / sizeof(uint64_t)];
	uint64_t at = 0;

	(void)state;
	chase_prepare(memory, sizeof(memory));
	for (size_t i = 0; i < 63; i++) {
		at = memory[at / CHASE_STRIDE][0];
		assert_int_not_equal(at, 0);
		assert_int_equal(chase(memory, i + 1, false), at);
		assert_int_equal(chase(memory, i + 1, true), at);
	}
	assert_int_equal(chase(memory, 64, false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_no_time),
		cmocka_unit_test(test_time),
		cmocka_unit_test(test_no_heap),
		cmocka_unit_test(test_load),
		cmocka_unit_test(test_counters),
		cmocka_unit_test(test_counter_refused),
		cmocka_unit_test(test_counter_lost),
		cmocka_unit_test(test_saved),
		cmocka_unit_test(test_saved_wrong),
		cmocka_unit_test(test_saved_again),
		cmocka_unit_test(test_chase),
		cmocka_unit_test(test_cacheability),
		cmocka_unit_test(test_cacheability_measured),
		cmocka_unit_test(test_saved_bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
