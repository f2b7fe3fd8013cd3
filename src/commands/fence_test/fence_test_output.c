// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/fence_test/fence_test_output.h"

#include <errno.h>
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/stats/stats.h"
#include "view/json.h"
#include "view/timeline.h"

enum {
	COLUMN_WAITER,
	COLUMN_COUNT,
	COLUMN_MIN,
	COLUMN_MEDIAN,
	COLUMN_P99,
};

const struct column fence_test_columns[FENCE_TEST_COLUMN_COUNT] = {
	[COLUMN_WAITER] = {"WAITER", "who waits for the fence", COLUMN_DEFAULT, NULL},
	[COLUMN_COUNT] = {"COUNT", "how often it was measured", COLUMN_DEFAULT | COLUMN_RIGHT,
			  NULL},
	[COLUMN_MIN] = {"MIN", "shortest time from the signal to the waiter's wake-up",
			COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[COLUMN_MEDIAN] = {"MEDIAN", "half of the times do not exceed it",
			   COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[COLUMN_P99] = {"P99", "99 of 100 times do not exceed it", COLUMN_DEFAULT | COLUMN_TIME,
			NULL},
};

static const struct {
	const char *key, *name;
} steps[FENCE_STEPS] = {
	[STEP_IDLE] = {"idle", "idle"},
	[STEP_WRITE] = {"write-pending", "write fence"},
	[STEP_WRITE_SIGNALLED] = {"write-signalled", "signalled"},
	[STEP_READ] = {"read-pending", "read fence"},
	[STEP_READ_SIGNALLED] = {"read-signalled", "signalled"},
};

static const char *const access_keys[ACCESSES] = {"read", "write", "both"};
static const char *const access_names[ACCESSES] = {"reading", "writing", "both"};

/* How the answers to a question are shown: its key in JSON, its name, the words for both. */
struct answer_words {
	const char *key, *name, *free, *waits;
};

static const struct answer_words queries[FENCE_QUERIES] = {
	[QUERY_POLL] = {"poll", "poll", "ready", "waits"},
	[QUERY_SYNC] = {"sync", "SYNC", "at once", "waits"},
	[QUERY_FILE] = {"sync_file", "sync file", "signalled", "active"},
	[QUERY_LISTING] = {"bufinfo", "bufinfo", "free", "unsignalled"},
};

static const struct answer_words links[CHAIN_LINKS] = {
	[CHAIN_SYNCOBJ] = {"syncobj", "syncobj", "signalled", "pending"},
	[CHAIN_POINT] = {"point", "timeline", "signalled", "pending"},
	[CHAIN_EVENTFD] = {"eventfd", "eventfd", "readable", "waits"},
	[CHAIN_SUBMIT] = {"submit", "for submit", "signalled", "no fence"},
};

static const char *const answer_keys[] = {
	[ANSWER_UNKNOWN] = NULL,
	[ANSWER_FREE] = "free",
	[ANSWER_WAITS] = "waits",
};

/* Waiters are called after what they ask: first the queries, then the links. */
static const char *waiter_name(enum fence_waiter who)
{
	return who < FENCE_WAITER_SYNCOBJ ? queries[who].name
					  : links[who - FENCE_WAITER_SYNCOBJ].name;
}

static struct table *wake_table(const struct context *context, const struct fence_test *test)
{
	struct table *table = cmd_table(context, fence_test_columns, FENCE_TEST_COLUMN_COUNT);

	for (enum fence_waiter who = FENCE_WAITER_POLL; who < FENCE_WAITERS; who++) {
		const uint64_t *times = test->wakes.of[who].items;
		size_t count = test->wakes.of[who].count;

		if (!count)
			continue;
		samples_sort(test->wakes.of[who].items, count);
		table_row(table);
		table_set(table, COLUMN_WAITER, value_text(waiter_name(who)));
		table_set(table, COLUMN_COUNT, value_number(count));
		table_set(table, COLUMN_MIN, value_number(samples_percentile(times, count, 0)));
		table_set(table, COLUMN_MEDIAN, value_number(samples_percentile(times, count, 50)));
		table_set(table, COLUMN_P99, value_number(samples_percentile(times, count, 99)));
	}
	return table;
}

/* How many steps there are observations of. */
static enum fence_step steps_made(const struct fence_history *history)
{
	return history->born_busy ? STEP_IDLE + 1 : FENCE_STEPS;
}

/* JSON. */

static struct value *fence_value(const struct fence_observation *observation)
{
	struct value *map;

	if (!observation->fence_known)
		return NULL;
	map = value_map();
	value_set(map, "driver", value_text(observation->fence.driver));
	value_set(map, "timeline", value_text(observation->fence.timeline));
	value_set(map, "status", value_signed(observation->fence.status));
	value_set(map, "timestamp_ns",
		  observation->fence.timestamp_ns ? value_number(observation->fence.timestamp_ns)
						  : NULL);
	return map;
}

static struct value *access_value(const struct fence_observation *observation, enum fence_step step,
				  enum fence_access access)
{
	struct value *map = value_map();

	value_set(map, "rule", value_text(answer_keys[fence_rule(step, access)]));
	for (enum fence_query q = QUERY_POLL; q < FENCE_QUERIES; q++)
		value_set(map, queries[q].key,
			  value_text(answer_keys[observation->answers[access][q]]));
	return map;
}

static struct value *links_value(const struct fence_test *test,
				 const struct fence_observation *observation)
{
	struct value *map;

	if (!fence_source_syncobj_driver(test->source))
		return NULL;
	map = value_map();
	for (enum chain_link l = CHAIN_SYNCOBJ; l < CHAIN_LINKS; l++)
		value_set(map, links[l].key, value_text(answer_keys[observation->links[l]]));
	return map;
}

static struct value *steps_value(const struct fence_test *test)
{
	struct value *array = value_array();

	for (enum fence_step step = STEP_IDLE; step < steps_made(&test->history); step++) {
		const struct fence_observation *observation = &test->history.observations[step];
		struct value *map = value_map();

		value_set(map, "step", value_text(steps[step].key));
		value_set(map, "time_ns", value_number(observation->time_ns));
		for (enum fence_access access = ACCESS_READ; access < ACCESSES; access++)
			value_set(map, access_keys[access],
				  access_value(observation, step, access));
		value_set(map, "carriers", links_value(test, observation));
		value_set(map, "fence", fence_value(observation));
		value_append(array, map);
	}
	return array;
}

static void print_json(const struct fence_test *test, struct table *table, unsigned int wrong)
{
	struct value *map = value_map();

	value_set(map, "heap", value_text(test->heap));
	value_set(map, "size", value_number(test->size));
	value_set(map, "inode", value_number(test->inode));
	value_set(map, "source", value_text(fence_kind_name(fence_source_kind(test->source))));
	value_set(map, "origin", value_text(fence_kind_name(fence_source_origin(test->source))));
	value_set(map, "carrier", value_text(fence_source_syncobj_driver(test->source)));
	value_set(map, "steps", steps_value(test));
	value_set(map, "born_busy", value_bool(test->history.born_busy));
	value_set(map, "wakeups_from", value_text(test->wakes.from_call ? "call" : "signal"));
	value_set(map, "wakeups", table_value(table));
	value_set(map, "wrong", value_number(wrong));
	json_print("fence_test", map);
}

/* Text. */

static void add_cell(struct timeline *timeline, const struct answer_words *words,
		     enum fence_answer answer, enum fence_answer rule)
{
	enum timeline_mark mark = answer == ANSWER_UNKNOWN ? MARK_NONE
				  : answer != rule         ? MARK_WRONG
				  : answer == ANSWER_WAITS ? MARK_WAITS
							   : MARK_NONE;

	timeline_cell(timeline,
		      answer == ANSWER_UNKNOWN ? NULL
		      : answer == ANSWER_FREE  ? words->free
					       : words->waits,
		      mark);
}

/* Who may read or write, and below what each query answers. */
static void add_access(struct timeline *timeline, const struct fence_history *history,
		       enum fence_access access)
{
	static const struct answer_words rule = {NULL, NULL, "may go on", "must wait"};

	timeline_row(timeline, access_names[access], false);
	for (enum fence_step step = STEP_IDLE; step < steps_made(history); step++)
		add_cell(timeline, &rule, fence_rule(step, access), fence_rule(step, access));
	for (enum fence_query q = QUERY_POLL; q < FENCE_QUERIES; q++) {
		timeline_row(timeline, queries[q].name, true);
		for (enum fence_step step = STEP_IDLE; step < steps_made(history); step++)
			add_cell(timeline, &queries[q],
				 history->observations[step].answers[access][q],
				 fence_rule(step, access));
	}
}

static void add_links(struct timeline *timeline, const struct fence_test *test)
{
	const char *driver = fence_source_syncobj_driver(test->source);

	if (!driver)
		return;
	timeline_row(timeline, driver, false);
	for (enum chain_link l = CHAIN_SYNCOBJ; l < CHAIN_LINKS; l++) {
		timeline_row(timeline, links[l].name, true);
		for (enum fence_step step = STEP_IDLE; step < steps_made(&test->history); step++)
			add_cell(timeline, &links[l], test->history.observations[step].links[l],
				 fence_link_rule(step));
	}
}

static void print_fence(const char *when, const struct fence_observation *observation)
{
	AUTO_FREE char *driver = text_show(observation->fence.driver);
	AUTO_FREE char *timeline = text_show(observation->fence.timeline);

	if (observation->fence_known)
		printf("%-14sdriver %s, timeline %s, status %d\n", when, driver, timeline,
		       observation->fence.status);
}

static void print_text(const struct context *context, const struct fence_test *test,
		       struct table *table)
{
	AUTO_TIMELINE struct timeline *timeline = timeline_new(context->color);
	AUTO_FREE char *heap = text_show(test->heap);
	const char *driver = fence_source_syncobj_driver(test->source);
	const struct fence_observation *observations = test->history.observations;

	printf("%-14s%" PRIu64 " bytes from %s\n", "Buffer", test->size, heap);
	printf("%-14s%s%s%s\n\n", "Fences", fence_kind_name(fence_source_origin(test->source)),
	       driver ? ", passed on by sync objects of " : "", driver ? driver : "");
	for (enum fence_step step = STEP_IDLE; step < steps_made(&test->history); step++)
		timeline_instant(timeline, steps[step].name, observations[step].time_ns,
				 step == STEP_WRITE || step == STEP_READ);
	for (enum fence_access access = ACCESS_READ; access < ACCESSES; access++)
		add_access(timeline, &test->history, access);
	add_links(timeline, test);
	timeline_print(timeline);
	if (observations[STEP_WRITE].fence_known)
		printf("\nThe write fence, as its sync file names it\n");
	print_fence("  pending", &observations[STEP_WRITE]);
	print_fence("  signalled", &observations[STEP_WRITE_SIGNALLED]);
	if (test->history.born_busy)
		return;
	printf("\nTime from the %s to the wake-up\n",
	       test->wakes.from_call ? "call that signals" : "signal");
	table_print(table, "wakeups");
}

static void note_unknown(const struct context *context, const struct fence_history *history)
{
	for (enum fence_query q = QUERY_POLL; q < FENCE_QUERIES; q++) {
		int error = history->errors[q];
		const char *help = q == QUERY_LISTING && (error == -EACCES || error == -EPERM)
					   ? "; it is for root"
				   : q == QUERY_LISTING && error == -ENOENT
					   ? "; is debugfs mounted?"
				   : q == QUERY_FILE && error == -ENOTTY
					   ? "; buffers have sync files since Linux 6.0"
					   : "";

		if (error)
			cmd_note(context, "%s gave no answer: %s%s", queries[q].name,
				 error_words(error), help);
	}
}

enum exit_code fence_test_show(const struct context *context, const struct fence_test *test)
{
	unsigned int wrong = fence_history_wrong(&test->history);
	AUTO_TABLE struct table *table = wake_table(context, test);

	note_unknown(context, &test->history);
	if (test->history.born_busy)
		cmd_note(context,
			 "the new buffer has a pending fence already, which is not this command's; "
			 "%s puts no other on it: only the first step was made",
			 fence_kind_name(fence_source_kind(test->source)));
	if (test->wakes.no_stamp)
		cmd_note(context, "the kernel gave a time stamp of 0 for a signal: the times of "
				  "such signals begin with the call");
	if (context->json)
		print_json(test, table, wrong);
	else
		print_text(context, test, table);
	if (wrong)
		cmd_error(context, "against the rules of dma-bufs: %u answer%s%s", wrong,
			  wrong == 1 ? "" : "s",
			  context->json ? "" : ", marked with ! or refused (see above)");
	return wrong ? EXIT_FINDINGS : EXIT_DONE;
}
