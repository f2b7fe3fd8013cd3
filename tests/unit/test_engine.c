// SPDX-License-Identifier: GPL-2.0-or-later
/* Statements that pass, fail, crash, hang and leave processes behind: one result each, nothing
 * left. */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* cmocka wants the four above */
#include <cmocka.h>

#include "conformance/engine/engine.h"
#include "conformance/engine/trial.h"
#include "model/boot/kernel_version.h"
#include "sys/root.h"

static pid_t *left_behind; /* shared: who was left */

static void passes(struct trial *t)
{
	EXPECT_NUMBER(t, 4, 2 + 2);
	EXPECT_ERRNO(t, EBADF, close(-1));
	EXPECT_DONE(t, getpid());
}

static void fails(struct trial *t)
{
	trial_say(t, "close %d", -1);
	EXPECT_ERRNO(t, EINVAL, close(-1));
}

/* Notes a call of its own, as those that are arguments of another do. */
static int within(struct trial *t)
{
	return EXPECT_DONE(t, getpid()) > 0 ? -1 : 0;
}

static void fails_after_inner(struct trial *t)
{
	EXPECT_ERRNO(t, EINVAL, close(within(t)));
}

static void differs_after_inner(struct trial *t)
{
	EXPECT_NUMBER(t, 1, within(t) + 1);
}

static void holds_another_byte(struct trial *t)
{
	const char bytes[] = {7, 7, 9, 7};

	EXPECT_BYTES(t, 7, bytes, 2);
	EXPECT_BYTES(t, 7, bytes, sizeof(bytes));
}

static void has_another_access(struct trial *t)
{
	EXPECT_ACCESS(t, O_RDWR, STDIN_FILENO);
	EXPECT_ACCESS(t, O_ACCMODE, STDIN_FILENO);
}

static void succeeds_instead(struct trial *t)
{
	EXPECT_ERRNO(t, EINVAL, dup(0) > 0 ? 0 : -1);
}

static void fails_in_child(struct trial *t)
{
	pid_t child = trial_fork(t);

	if (!child)
		EXPECT_NUMBER(t, 1, 2);
	trial_join(t, child);
}

static void skips(struct trial *t)
{
	trial_skip(t, SKIP_NO_DRIVER, "no %s", "thing");
}

static void crashes(struct trial *t)
{
	trial_call(t, "crash");
	raise(SIGKILL);
}

static void hangs(struct trial *t)
{
	trial_call(t, "hang");
	for (;;)
		pause();
}

static void leaves(struct trial *t)
{
	pid_t child = fork();

	if (!child) {
		signal(SIGTERM, SIG_IGN);
		for (;;)
			pause();
	}
	*left_behind = child; /* here alone: the child would write 0 */
	EXPECT_TRUE(t, child > 0);
}

static void writes_out(struct trial *t)
{
	puts("this must not be seen");
	fflush(stdout);
	EXPECT_TRUE(t, !isatty(STDOUT_FILENO));
}

static const struct root *root;           /* where the engine looks for log and taint */
static uint32_t kernel = KERNEL(7, 2, 0); /* that the engine takes for the running one */

/* Runs one statement; the caller frees the result. */
static struct result result_of(void (*run)(struct trial *), unsigned int dangers, uint32_t since)
{
	const struct statement statement = {.id = "test.it",
					    .sentence = "It does.",
					    .source = "here",
					    .dangers = dangers,
					    .since = since,
					    /* what does not hang may be slow on a busy machine */
					    .seconds = run == hangs ? 1 : 60,
					    .run = run};
	static const struct suite suite = {.name = "test"};
	struct engine *engine = engine_new(root, kernel, 0);
	struct result result = {.suite = &suite, .statement = &statement};

	engine_run(engine, NULL, &result);
	engine_free(engine);
	return result;
}

static void expect(void (*run)(struct trial *), enum verdict verdict, const char *action,
		   const char *got, const char *expected)
{
	struct result result = result_of(run, 0, 0);

	assert_int_equal(result.verdict, verdict);
	if (action)
		assert_string_equal(result.action, action);
	if (expected)
		assert_string_equal(result.expected, expected);
	if (got)
		assert_string_equal(result.got, got);
	else
		assert_null(result.got);
	result_free(&result);
}

static void test_verdicts(void **state)
{
	struct result result;

	(void)state;
	expect(passes, VERDICT_PASS, NULL, NULL, NULL);
	expect(fails, VERDICT_FAIL, "close -1: close(-1)", "EBADF", "EINVAL");
	expect(succeeds_instead, VERDICT_FAIL, NULL, "success (0)", NULL);
	expect(fails_in_child, VERDICT_FAIL, NULL, "2", "1");
	expect(fails_after_inner, VERDICT_FAIL, "close(within(t))", "EBADF", "EINVAL");
	expect(differs_after_inner, VERDICT_FAIL, "within(t) + 1", "0", "1");
	expect(holds_another_byte, VERDICT_FAIL, "read bytes", "0x09 at offset 2 of 4",
	       "0x07 in every byte");
	expect(has_another_access, VERDICT_FAIL, "fcntl(STDIN_FILENO, F_GETFL)", "O_RDWR",
	       "3 (neither reading nor writing)");
	expect(crashes, VERDICT_FAIL, "crash", "killed by SIGKILL", NULL);
	result = result_of(skips, 0, 0);
	assert_int_equal(result.verdict, VERDICT_SKIP);
	assert_int_equal(result.reason, SKIP_NO_DRIVER);
	assert_string_equal(result.got, "no thing");
	result_free(&result);
	result = result_of(hangs, 0, 0);
	assert_int_equal(result.verdict, VERDICT_FAIL);
	assert_string_equal(result.action, "hang");
	assert_string_equal(result.got, "did not end in 1 s");
	assert_true(result.ns >= 1000000000u);
	result_free(&result);
}

static void allocates(struct trial *t)
{
	trial_buffer(t, t->page);
}

static void takes_largest(struct trial *t)
{
	size_t size;

	trial_largest(t, &size);
}

static void finds_no_memory(struct trial *t)
{
	trial_skip(t, SKIP_NO_MEMORY, "4096 bytes: ENOMEM");
}

static void fails_on_the_way(struct trial *t)
{
	trial_say(t, "whatever it is about");
	trial_prepare(true);
	EXPECT_ERRNO(t, EINVAL, close(-1));
}

/* Of several that fail on their way with the same evidence, one is a failure on each heap. */
static void test_obstacle(void **state)
{
	static const struct statement first = {.id = "test.first", .run = fails_on_the_way},
				      second = {.id = "test.second", .run = fails_on_the_way},
				      other = {.id = "test.other", .run = fails};
	static const struct suite suite = {.name = "test", .needs = NEED_HEAP};
	struct target heaps[] = {{.name = "one", .node = "/dev/null", .small = 1, .large = 1},
				 {.name = "two", .node = "/dev/null", .small = 1, .large = 1}};
	struct engine *engine = engine_new(root, kernel, 0);

	(void)state;
	for (size_t i = 0; i < COUNT_OF(heaps); i++) {
		struct result results[] = {{.suite = &suite, .statement = &other},
					   {.suite = &suite, .statement = &first},
					   {.suite = &suite, .statement = &second},
					   {.suite = &suite, .statement = &other}};

		for (size_t n = 0; n < COUNT_OF(results); n++)
			engine_run(engine, &heaps[i], &results[n]);
		assert_int_equal(results[0].verdict, VERDICT_FAIL);
		assert_int_equal(results[1].verdict, VERDICT_FAIL);
		assert_string_equal(results[1].action, "close(-1)");
		assert_int_equal(results[2].verdict, VERDICT_SKIP);
		assert_int_equal(results[2].reason, SKIP_AFTER_FAILURE);
		assert_string_equal(results[2].got, "test.first failed: close(-1): EBADF");
		assert_int_equal(results[3].verdict, VERDICT_FAIL);
		for (size_t n = 0; n < COUNT_OF(results); n++)
			result_free(&results[n]);
	}
	engine_free(engine);
}

/* Runs one on a heap, which is not opened for more than that, and expects this reason. */
static void expect_skip(struct target *target, unsigned int needs, void (*run)(struct trial *),
			enum skip reason, const char *got)
{
	const struct statement statement = {.id = "test.skipped", .needs = needs, .run = run};
	static const struct suite suite = {.name = "test", .needs = NEED_HEAP};
	struct engine *engine = engine_new(root, kernel, 0);
	struct result result = {.suite = &suite, .statement = &statement};

	engine_run(engine, target, &result);
	assert_int_equal(result.verdict, VERDICT_SKIP);
	assert_int_equal(result.reason, reason);
	assert_string_equal(result.got, got);
	result_free(&result);
	engine_free(engine);
}

/* The same of a failure, with this action (NULL: any). */
static void expect_fail(struct target *target, unsigned int needs, void (*run)(struct trial *),
			const char *action, const char *got)
{
	const struct statement statement = {.id = "test.failed", .needs = needs, .run = run};
	static const struct suite suite = {.name = "test", .needs = NEED_HEAP};
	struct engine *engine = engine_new(root, kernel, 0);
	struct result result = {.suite = &suite, .statement = &statement};

	engine_run(engine, target, &result);
	assert_int_equal(result.verdict, VERDICT_FAIL);
	assert_string_equal(result.got, got);
	if (action)
		assert_string_equal(result.action, action);
	result_free(&result);
	engine_free(engine);
}

static void expect_note(const struct target *target, const char *expected)
{
	char *note = target_note(target);

	if (expected)
		assert_string_equal(note, expected);
	else
		assert_null(note);
	free(note);
}

static void fails_with_eio(struct trial *t)
{
	errno = EIO;
	EXPECT_DONE(t, -1);
}

static void fails_with_einval(struct trial *t)
{
	errno = EINVAL;
	EXPECT_DONE(t, -1);
}

/* Of a mapping that is broken the first test fails; one that is absent is no failure. */
static void test_mapping(void **state)
{
	struct target broken = {.name = "heap",
				.node = "/dev/null",
				.small = 4096,
				.large = 4096,
				.map_error = -EIO,
				.part_error = -EIO};
	struct target absent = broken, of_cma, in_part;

	(void)state;
	expect_note(&broken, "Mapping a whole buffer of heap (4 KiB) fails with EIO: the first "
			     "test for which that fails is a failure, those behind it are "
			     "skipped.");
	expect_fail(&broken, 0, fails_with_eio, NULL, "EIO");
	assert_null(broken.failed_map); /* it does not map */
	expect_fail(&broken, NEED_MMAP, fails, NULL, "EBADF");
	assert_null(broken.failed_map); /* for another cause */
	expect_fail(&broken, NEED_MMAP, fails_with_eio, NULL, "EIO");
	expect_skip(&broken, NEED_MMAP, passes, SKIP_AFTER_FAILURE,
		    "test.failed failed: mapping a whole buffer fails with EIO");

	absent.map_error = absent.part_error = -EINVAL;
	of_cma = in_part = absent;
	expect_skip(&absent, NEED_MMAP, passes, SKIP_NO_MMAP, "mmap: EINVAL");
	expect_note(&absent, "The buffers of heap cannot be mapped (mmap: EINVAL): tests that map "
			     "them are skipped.");
	of_cma.must_map = true;
	expect_fail(&of_cma, NEED_MMAP, fails_with_einval, NULL, "EINVAL");
	in_part.map_error = 0;
	expect_note(&in_part, "Mapping the first page of a buffer of heap fails with EINVAL: the "
			      "first test for which that fails is a failure, those behind it are "
			      "skipped.");
	expect_fail(&in_part, NEED_MMAP, fails_with_einval, NULL, "EINVAL");
	expect_skip(&in_part, NEED_MMAP, passes, SKIP_AFTER_FAILURE,
		    "test.failed failed: mapping a part of a buffer fails with EINVAL");
}

/* What is full is not asked; what has run out says after which failure. */
static void test_no_memory(void **state)
{
	struct target target = {.name = "heap",
				.node = "/dev/null",
				.alloc_error = -ENOMEM,
				.full = true,
				.small = 4096,
				.large = 4096};

	(void)state;
	expect_note(&target, "heap has no memory left: tests that need some are skipped.");
	expect_skip(&target, 0, allocates, SKIP_NO_MEMORY, "not a page is left");
	expect_skip(&target, NEED_MMAP, passes, SKIP_NO_MEMORY, "not a page is left");
	expect_skip(&target, NEED_TWO_PAGES, passes, SKIP_NO_MEMORY, "not a page is left");
	target.full = false;
	target.alloc_error = 0;
	expect_note(&target, NULL);
	expect_skip(&target, 0, finds_no_memory, SKIP_NO_MEMORY, "4096 bytes: ENOMEM");
	expect_fail(&target, 0, fails, NULL, "EBADF");
	expect_skip(&target, 0, finds_no_memory, SKIP_NO_MEMORY,
		    "4096 bytes: ENOMEM; test.failed failed before");
}

/*
 * A heap that refuses every buffer, and not for want of memory, is broken: the first test fails,
 * those behind it are skipped for that. /dev/null is such a heap, by ENOTTY.
 */
static void test_no_buffer(void **state)
{
	static const struct statement first = {.id = "test.first", .run = allocates},
				      second = {.id = "test.second", .run = allocates};
	static const struct suite suite = {.name = "test", .needs = NEED_HEAP};
	struct target target = {.name = "heap", .node = "/dev/null", .kind = MEMORY_PAGES};
	struct result results[] = {{.suite = &suite, .statement = &first},
				   {.suite = &suite, .statement = &second}};
	struct engine *engine = engine_new(root, kernel, 0);

	(void)state;
	target_probe(&target);
	assert_int_equal(target.alloc_error, -ENOTTY);
	assert_false(target.full);
	assert_true(target.small > 0 && target.large >= target.small);
	expect_note(&target, "Allocating a page of heap fails with ENOTTY.");
	for (size_t i = 0; i < COUNT_OF(results); i++)
		engine_run(engine, &target, &results[i]);
	assert_int_equal(results[0].verdict, VERDICT_FAIL);
	assert_string_equal(results[0].action, "allocate a buffer");
	assert_string_equal(results[0].got, "ENOTTY");
	assert_int_equal(results[1].verdict, VERDICT_SKIP);
	assert_int_equal(results[1].reason, SKIP_AFTER_FAILURE);
	assert_string_equal(results[1].got, "test.first failed: allocate a buffer: ENOTTY");
	for (size_t i = 0; i < COUNT_OF(results); i++)
		result_free(&results[i]);
	engine_free(engine);

	target.alloc_error = -EIO;
	expect_note(&target, "Allocating a page of heap fails with EIO.");
	expect_fail(&target, NEED_MMAP | NEED_TWO_PAGES, allocates, "allocate a buffer", "ENOTTY");
	target.room = (struct maybe){true, 1};
	target_probe(&target);
	assert_true(target.full);
}

/* Only want of memory makes the largest buffer a smaller one. */
static void test_largest(void **state)
{
	struct target target = {.name = "heap",
				.node = "/dev/null",
				.small = 4096,
				.large = 4096,
				.capacity = 1 << 20};

	(void)state;
	expect_fail(&target, 0, takes_largest, "allocate a large buffer", "ENOTTY");
}

/* The test of this id, as a result that is to come. */
static struct result result_named(const char *id)
{
	for (const struct suite *const *suite = suites; *suite; suite++) {
		for (size_t i = 0; (*suite)->statements[i]; i++) {
			if (!strcmp((*suite)->statements[i]->id, id))
				return (struct result){.suite = *suite,
						       .statement = (*suite)->statements[i]};
		}
	}
	fail_msg("no test %s", id);
	return (struct result){0};
}

/* Where there is no room for all of its buffers, a test has not tried what it says. */
static void test_many_apart(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct target target = {
		.name = "heap", .node = "/dev/null", .small = 4 * page, .large = 255 * page};
	struct engine *engine = engine_new(root, kernel, 0);
	struct result without_room = result_named("map.many-apart"), with_room = without_room;

	(void)state;
	engine_run(engine, &target, &without_room);
	assert_int_equal(without_room.verdict, VERDICT_SKIP);
	assert_int_equal(without_room.reason, SKIP_TOO_SMALL);
	result_free(&without_room);
	target.large += page;
	engine_run(engine, &target, &with_room);
	assert_int_equal(with_room.verdict, VERDICT_FAIL);
	result_free(&with_room);
	engine_free(engine);
}

static void test_nothing_left(void **state)
{
	struct result result = result_of(leaves, 0, 0);

	(void)state;
	assert_int_equal(result.verdict, VERDICT_PASS);
	result_free(&result);
	assert_int_equal(kill(*left_behind, 0), -1);
	assert_int_equal(errno, ESRCH);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	result = result_of(writes_out, 0, 0);
	assert_int_equal(result.verdict, VERDICT_PASS);
	result_free(&result);
}

static void test_not_tried(void **state)
{
	struct result result = result_of(crashes, DANGER_TAINT, 0);

	(void)state;
	assert_int_equal(result.verdict, VERDICT_SKIP);
	assert_int_equal(result.reason, SKIP_NOT_ALLOWED);
	assert_string_equal(result.got, "--allow taint");
	result_free(&result);
	result = result_of(crashes, 0, KERNEL(999, 0, 0));
	assert_int_equal(result.verdict, VERDICT_SKIP);
	assert_int_equal(result.reason, SKIP_KERNEL_VERSION);
	result_free(&result);
}

/* On a kernel that the tests were not run on, what differs is unknown, however it ends. */
static void test_unknown_kernel(void **state)
{
	static const uint32_t others[] = {0, KERNEL(5, 4, 0), KERNEL(5, 9, 999), KERNEL(7, 3, 0)};
	static const uint32_t known[] = {KERNEL(5, 10, 0), KERNEL(6, 6, 1), KERNEL(7, 2, 999)};
	char *note;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		kernel = others[i];
		expect(passes, VERDICT_PASS, NULL, NULL, NULL);
		expect(fails, VERDICT_UNKNOWN, "close -1: close(-1)", "EBADF", "EINVAL");
		expect(crashes, VERDICT_UNKNOWN, "crash", "killed by SIGKILL", "it ends");
		note = kernel_note(kernel);
		assert_non_null(note);
		free(note);
	}
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		kernel = known[i];
		expect(fails, VERDICT_FAIL, NULL, "EBADF", "EINVAL");
		assert_null(kernel_note(kernel));
	}
	kernel = others[0];
	expect(hangs, VERDICT_UNKNOWN, "hang", "did not end in 1 s", "it ends");
	kernel = KERNEL(7, 2, 0);
}

static char tainted[PATH_MAX];

static void write_taint(const char *taint)
{
	FILE *file = fopen(tainted, "w");

	assert_non_null(file);
	fputs(taint, file);
	assert_int_equal(fclose(file), 0);
}

static void taints(struct trial *t)
{
	write_taint("512\n"); /* TAINT_WARN */
	fails(t);
}

/* What the kernel itself complains of is a failure on each. */
static void test_complaint(void **state)
{
	static const char *const below[] = {"/proc", "/proc/sys", "/proc/sys/kernel",
					    "/proc/sys/kernel/tainted"};
	char directory[] = "/tmp/test_engine-XXXXXX";
	struct root *machine;

	(void)state;
	assert_non_null(mkdtemp(directory));
	for (size_t i = 0; i < COUNT_OF(below); i++) {
		snprintf(tainted, sizeof(tainted), "%s%s", directory, below[i]);
		if (i < COUNT_OF(below) - 1)
			assert_int_equal(mkdir(tainted, 0700), 0);
	}
	write_taint("0\n");
	assert_int_equal(root_open(directory, &machine), 0);
	root = machine;
	kernel = 0;
	expect(taints, VERDICT_FAIL, "close -1: close(-1)",
	       "EBADF; the kernel is tainted: 0x200 was added", "EINVAL");
	kernel = KERNEL(7, 2, 0);
	root = root_live();
	root_free(machine);
	for (size_t i = COUNT_OF(below); i--;) {
		snprintf(tainted, sizeof(tainted), "%s%s", directory, below[i]);
		assert_int_equal(remove(tainted), 0);
	}
	assert_int_equal(rmdir(directory), 0);
}

/* Who has a fault; those of which nothing is known count as if they had all. */
static void test_hazards(void **state)
{
	static const struct {
		uint32_t kernel;
		bool poll, past_end;
	} cases[] = {{0, true, true},
		     {KERNEL(5, 4, 0), true, true},
		     {KERNEL(5, 10, 226), true, true},
		     {KERNEL(5, 10, 227), true, false},
		     {KERNEL(5, 14, 99), true, true},
		     {KERNEL(5, 15, 53), true, true},
		     {KERNEL(5, 15, 54), false, true},
		     {KERNEL(5, 15, 168), false, false},
		     {KERNEL(5, 16, 0), false, true},
		     {KERNEL(6, 1, 110), false, true},
		     {KERNEL(6, 1, 111), false, false},
		     {KERNEL(6, 5, 0), false, true},
		     {KERNEL(6, 6, 52), false, false},
		     {KERNEL(6, 7, 99), false, true},
		     {KERNEL(6, 8, 0), false, false},
		     {KERNEL(7, 9, 0), false, false}};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(hazard_is_here(HAZARD_POLL, cases[i].kernel), cases[i].poll);
		assert_true(hazard_is_here(HAZARD_MODULE, cases[i].kernel));
		assert_int_equal(hazard_is_here(HAZARD_PAST_END, cases[i].kernel),
				 cases[i].past_end);
		assert_false(hazard_is_here(HAZARD_NONE, cases[i].kernel));
	}
}

static void test_versions(void **state)
{
	static const struct {
		const char *text;
		uint32_t version;
	} good[] = {{"7.2.13", KERNEL(7, 2, 13)},
		    {"6.12.117-1~deb12u1", KERNEL(6, 12, 117)},
		    {"6.19-rc1", KERNEL(6, 19, 0)},
		    {"6.1+", KERNEL(6, 1, 0)},
		    {"4.9.337", KERNEL(4, 9, 337)},
		    {"2.6.32.71", KERNEL(2, 6, 32)},
		    {"6.18.44-x", KERNEL(6, 18, 44)},
		    {"7.2", KERNEL(7, 2, 0)},
		    {"6.19.1 Kernel Configuration", KERNEL(6, 19, 1)}};
	static const char *const bad[] = {"",     "7",     "7.",   ".2",       "7.2.",
					  "7.2x", "linux", "-7.2", "1234.5.6", "7.2.1234"};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(good); i++) {
		uint32_t version = 1;

		assert_int_equal(kernel_version_parse(good[i].text, &version), 0);
		assert_int_equal(version, good[i].version);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		uint32_t version = 1;

		assert_int_equal(kernel_version_parse(bad[i], &version), -EINVAL);
		assert_int_equal(version, 1);
	}
	assert_true(KERNEL(6, 18, 999) < KERNEL(6, 19, 0));
	assert_true(kernel_version_running() >= KERNEL(3, 0, 0));
}

/* Each statement belongs to its suite and says all that --list shows. */
static void test_tables(void **state)
{
	(void)state;
	for (const struct suite *const *suite = suites; *suite; suite++) {
		size_t length = strlen((*suite)->name);

		assert_non_null((*suite)->statements[0]);
		for (size_t i = 0; (*suite)->statements[i]; i++) {
			const struct statement *statement = (*suite)->statements[i];

			/* the first word of the id is the suite's name */
			assert_memory_equal(statement->id, (*suite)->name, length);
			assert_int_equal(statement->id[length], '.');
			assert_non_null(statement->run);
			assert_true(strlen(statement->source) > 4);
			assert_true(!statement->until || statement->since < statement->until);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),  cmocka_unit_test(test_nothing_left),
		cmocka_unit_test(test_not_tried), cmocka_unit_test(test_versions),
		cmocka_unit_test(test_tables),    cmocka_unit_test(test_unknown_kernel),
		cmocka_unit_test(test_hazards),   cmocka_unit_test(test_complaint),
		cmocka_unit_test(test_obstacle),  cmocka_unit_test(test_mapping),
		cmocka_unit_test(test_no_memory), cmocka_unit_test(test_no_buffer),
		cmocka_unit_test(test_largest),   cmocka_unit_test(test_many_apart),
	};

	root = root_live();
	left_behind = mmap(NULL, sizeof(*left_behind), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return left_behind == MAP_FAILED ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
