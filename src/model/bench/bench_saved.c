// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/bench_saved.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/bench/saved_text.h"

#define HEADINGS "case\theap\tsize\tcount\tmin\tlow\tmedian\thigh\tp90\tp99"

enum {
	FIELDS = 10,
};

void bench_conditions_read(struct bench_conditions *conditions)
{
	struct utsname system;

	uname(&system);
	*conditions = (struct bench_conditions){
		.kernel = text_escape(system.release),
		.machine = text_escape(system.machine),
		.processors = (uint64_t)sysconf(_SC_NPROCESSORS_ONLN),
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.cpu = BENCH_ANY_CPU,
		.threads = 1,
		.counted = BENCH_TIME,
	};
}

void bench_conditions_free(struct bench_conditions *conditions)
{
	free(conditions->kernel);
	free(conditions->machine);
	free(conditions->importer);
}

const char *bench_conditions_differ(const struct bench_conditions *a,
				    const struct bench_conditions *b)
{
	return strcmp(a->machine, b->machine)                                        ? "machine"
	       : a->page_size != b->page_size                                        ? "page_size"
	       : a->processors != b->processors                                      ? "processors"
	       : a->confidence != b->confidence                                      ? "confidence"
	       : a->cpu != b->cpu                                                    ? "cpu"
	       : a->threads != b->threads                                            ? "threads"
	       : a->cold != b->cold                                                  ? "cold"
	       : a->counted != b->counted                                            ? "counted"
	       : a->importer && b->importer && strcmp(a->importer, b->importer) != 0 ? "importer"
										     : NULL;
}

/* Writing. */

static void write_field(FILE *stream, bool known, uint64_t value)
{
	if (known)
		fprintf(stream, "\t%" PRIu64, value);
	else
		fputs("\t-", stream);
}

static void write_row(FILE *stream, const struct bench_plan *plan, const struct bench_cell *cell)
{
	const struct summary *summary = &cell->summary;
	AUTO_FREE char *heap = text_escape(plan->targets[cell->target].name);

	fprintf(stream, "%s\t%s", bench_cases[cell->kind].name, heap);
	write_field(stream, cell->size != 0, cell->size);
	fprintf(stream, "\t%zu\t%" PRIu64, summary->count, summary->min);
	write_field(stream, summary->interval_known, summary->interval.low);
	fprintf(stream, "\t%" PRIu64, summary->median);
	write_field(stream, summary->interval_known, summary->interval.high);
	fprintf(stream, "\t%" PRIu64 "\t%" PRIu64 "\n", summary->p90, summary->p99);
}

char *bench_saved_text(const struct bench_conditions *conditions, const struct bench_plan *plan,
		       const struct bench_result *result)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	fprintf(stream,
		BENCH_SAVED_FORMAT "\nkernel\t%s\nmachine\t%s\nprocessors\t%" PRIu64
				   "\npage_size\t%" PRIu64 "\nconfidence\t%" PRIu64
				   "\nclock_step\t%" PRIu64 "\ncpu",
		conditions->kernel, conditions->machine, conditions->processors,
		conditions->page_size, conditions->confidence, conditions->clock_step);
	write_field(stream, conditions->cpu != BENCH_ANY_CPU, conditions->cpu);
	fprintf(stream,
		"\nthreads\t%" PRIu64 "\ncold\t%" PRIu64 "\ncounted\t%s\nimporter\t%s\n" HEADINGS
		"\n",
		conditions->threads, conditions->cold, bench_count_name(conditions->counted),
		conditions->importer ? conditions->importer : "-");
	array_for_each (result, cell) {
		if (cell->samples.count)
			write_row(stream, plan, cell);
	}
	xmemclose(stream);
	return text;
}

/* Reading. */

static bool read_text(char **text, size_t *line, const char *name, char **to)
{
	const char *value = saved_text_value(saved_text_line(text, line), name);

	if (!value || strlen(value) > SAVED_NAME_MAX)
		return false;
	*to = text_escape(value);
	return true;
}

static bool read_number(char **text, size_t *line, const char *name, uint64_t *to)
{
	const char *value = saved_text_value(saved_text_line(text, line), name);

	return value && !parse_number(value, to);
}

/* "-", which *TO has before, or a number. */
static bool read_cpu(char **text, size_t *line, uint64_t *to)
{
	const char *value = saved_text_value(saved_text_line(text, line), "cpu");

	return value && (!strcmp(value, "-") || !parse_number(value, to));
}

static bool read_counted(char **text, size_t *line, enum bench_count *to)
{
	const char *value = saved_text_value(saved_text_line(text, line), "counted");

	for (*to = BENCH_TIME; value && *to < BENCH_COUNTS; ++*to) {
		if (!strcmp(bench_count_name(*to), value))
			return true;
	}
	return false;
}

/* "-", or a name. */
static bool read_importer(char **text, size_t *line, char **to)
{
	if (!read_text(text, line, "importer", to))
		return false;
	if (!strcmp(*to, "-")) {
		free(*to);
		*to = NULL;
	}
	return true;
}

/* In the order in which they are written. */
static bool read_conditions(char **text, size_t *line, struct bench_conditions *conditions)
{
	conditions->cpu = BENCH_ANY_CPU;
	return read_text(text, line, "kernel", &conditions->kernel) &&
	       read_text(text, line, "machine", &conditions->machine) &&
	       read_number(text, line, "processors", &conditions->processors) &&
	       read_number(text, line, "page_size", &conditions->page_size) &&
	       read_number(text, line, "confidence", &conditions->confidence) &&
	       conditions->confidence >= BENCH_CONFIDENCE_LEAST &&
	       conditions->confidence <= BENCH_CONFIDENCE_MOST &&
	       read_number(text, line, "clock_step", &conditions->clock_step) &&
	       read_cpu(text, line, &conditions->cpu) &&
	       read_number(text, line, "threads", &conditions->threads) && conditions->threads &&
	       conditions->threads <= BENCH_THREADS_MOST &&
	       read_number(text, line, "cold", &conditions->cold) && conditions->cold <= 1 &&
	       read_counted(text, line, &conditions->counted) &&
	       read_importer(text, line, &conditions->importer);
}

/* "-" leaves it 0. */
static bool read_field(const char *field, bool may_lack, uint64_t *to)
{
	return (may_lack && !strcmp(field, "-")) || !parse_number(field, to);
}

static bool read_case(const char *name, enum bench_case *kind)
{
	for (enum bench_case i = BENCH_ALLOC; i < BENCH_CASES; i++) {
		if (!strcmp(bench_cases[i].name, name)) {
			*kind = i;
			return true;
		}
	}
	return false;
}

static bool read_row(char *line, struct bench_saved_row *row)
{
	char *fields[FIELDS + 1];
	size_t count = 0;

	while (line && count <= FIELDS)
		fields[count++] = strsep(&line, "\t");
	if (count != FIELDS || !*fields[1] || strlen(fields[1]) > SAVED_NAME_MAX)
		return false;
	/* both ends are known, or none */
	row->interval_known = strcmp(fields[5], "-") != 0;
	if (row->interval_known != (strcmp(fields[7], "-") != 0))
		return false;
	return read_case(fields[0], &row->kind) && read_field(fields[2], true, &row->size) &&
	       read_field(fields[3], false, &row->count) &&
	       read_field(fields[4], false, &row->min) &&
	       read_field(fields[5], !row->interval_known, &row->interval.low) &&
	       read_field(fields[6], false, &row->median) &&
	       read_field(fields[7], !row->interval_known, &row->interval.high) &&
	       row->interval.low <= row->interval.high && read_field(fields[8], false, &row->p90) &&
	       read_field(fields[9], false, &row->p99) && (row->heap = text_escape(fields[1]));
}

static int by_case(const void *a, const void *b)
{
	const struct bench_saved_row *first = *(const struct bench_saved_row *const *)a;
	const struct bench_saved_row *second = *(const struct bench_saved_row *const *)b;

	if (first->kind != second->kind)
		return first->kind < second->kind ? -1 : 1;
	if (first->size != second->size)
		return first->size < second->size ? -1 : 1;
	return strcmp(first->heap, second->heap);
}

static int by_case_and_line(const void *a, const void *b)
{
	const struct bench_saved_row *first = *(const struct bench_saved_row *const *)a;
	const struct bench_saved_row *second = *(const struct bench_saved_row *const *)b;
	int order = by_case(a, b);

	return order ? order : (first > second) - (first < second);
}

/* Sorts the rows. Returns the first that has been there before, or NULL. */
static const struct bench_saved_row *sort(struct bench_saved *saved)
{
	const struct bench_saved_row *again = NULL;

	saved->sorted = xcalloc(saved->count + 1, sizeof(*saved->sorted));
	for (size_t i = 0; i < saved->count; i++)
		saved->sorted[i] = &saved->items[i];
	qsort(saved->sorted, saved->count, sizeof(*saved->sorted), by_case_and_line);
	for (size_t i = 1; i < saved->count; i++) {
		if (!by_case(&saved->sorted[i - 1], &saved->sorted[i]) &&
		    (!again || saved->sorted[i] < again))
			again = saved->sorted[i];
	}
	return again;
}

int bench_saved_parse(char *text, struct bench_saved *saved, size_t *line, const char **reason)
{
	const struct bench_saved_row *again;
	char *next;
	size_t first;

	*line = 0;
	*reason = "this is no file that dmaheap bench has saved";
	next = saved_text_line(&text, line);
	if (!next || strcmp(next, BENCH_SAVED_FORMAT) != 0)
		return -EBADMSG;
	*reason = "a condition is missing or wrong";
	if (!read_conditions(&text, line, &saved->conditions))
		return -EBADMSG;
	*reason = "the headings are missing or wrong";
	next = saved_text_line(&text, line);
	if (!next || strcmp(next, HEADINGS) != 0)
		return -EBADMSG;
	first = *line + 1;
	while (*text) {
		struct bench_saved_row row = {0};
		bool is_ended = strchr(text, '\n');

		next = saved_text_line(&text, line);
		*reason = "the line has no end: the file was cut off";
		if (!is_ended)
			return -EBADMSG;
		*reason = "more than " TEXT_OF(BENCH_SAVED_ROWS_MAX) " cases";
		if (saved->count == BENCH_SAVED_ROWS_MAX)
			return -EBADMSG;
		*reason = "a case with its figures was expected";
		if (!read_row(next, &row))
			return -EBADMSG;
		*array_add(saved) = row;
	}
	*reason = "this case has been there before";
	again = sort(saved);
	if (again)
		*line = first + (size_t)(again - saved->items);
	return again ? -EBADMSG : 0;
}

int bench_saved_load(const char *path, struct bench_saved *saved, size_t *line, const char **reason)
{
	AUTO_FREE char *text = NULL;
	int error = saved_text_read(path, SAVED_TEXT_SIZE_MAX, &text, line, reason);

	return error ? error : bench_saved_parse(text, saved, line, reason);
}

void bench_saved_free(struct bench_saved *saved)
{
	array_for_each (saved, row)
		free(row->heap);
	array_free(saved);
	free(saved->sorted);
	bench_conditions_free(&saved->conditions);
}

/* The interval of a case on a heap; NULL: unknown. */
static const struct interval *interval_of(const struct bench_saved *saved, enum bench_case kind,
					  const char *heap)
{
	const struct bench_saved_row *row = bench_saved_find(saved, kind, heap, 0);

	return row && row->interval_known ? &row->interval : NULL;
}

enum tristate bench_saved_cacheable(const struct bench_saved *saved, const char *heap)
{
	const struct interval *buffer = interval_of(saved, BENCH_CACHEABLE, heap);

	array_for_each (saved, row) {
		/* of anonymous memory, which has the same name there in each row */
		const struct interval *anonymous =
			row->kind == BENCH_FLUSHED && row->interval_known
				? interval_of(saved, BENCH_CACHEABLE, row->heap)
				: NULL;

		if (!buffer || !anonymous || saved->conditions.counted != BENCH_TIME)
			continue;
		if (!strcmp(row->heap, heap))
			return UNKNOWN; /* a heap that is called as that memory is */
		switch (cacheability_judge_loads(anonymous, &row->interval, buffer)) {
		case CACHEABILITY_CACHED:
			return YES;
		case CACHEABILITY_NOT_CACHED:
			return NO;
		default:
			return UNKNOWN;
		}
	}
	return UNKNOWN;
}

const struct bench_saved_row *bench_saved_find(const struct bench_saved *saved,
					       enum bench_case kind, const char *heap,
					       uint64_t size)
{
	AUTO_FREE char *name = text_escape(heap);
	const struct bench_saved_row row = {.kind = kind, .heap = name, .size = size};
	const struct bench_saved_row *key = &row;
	const struct bench_saved_row *const *found =
		bsearch(&key, saved->sorted, saved->count, sizeof(*saved->sorted), by_case);

	return found ? *found : NULL;
}
