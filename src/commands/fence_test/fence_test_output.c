// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/fence_test/fence_test_output.h"

#include <errno.h>
#include <inttypes.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
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
	[COLUMN_MEDIAN] = {"MEDIAN", "half of the times are no longer",
			   COLUMN_DEFAULT | COLUMN_TIME, NULL},
	[COLUMN_P99] = {"P99", "99 of 100 times are no longer", COLUMN_DEFAULT | COLUMN_TIME, NULL},
};

static const char *const step_names[FENCE_STEPS] = {
	[STEP_IDLE] = "idle",
	[STEP_WRITE] = "write fence",
	[STEP_WRITE_SIGNALLED] = "signalled",
	[STEP_READ] = "read fence",
	[STEP_READ_SIGNALLED] = "signalled",
};

static const char *const step_keys[FENCE_STEPS] = {
	[STEP_IDLE] = "idle",
	[STEP_WRITE] = "write-pending",
	[STEP_WRITE_SIGNALLED] = "write-signalled",
	[STEP_READ] = "read-pending",
	[STEP_READ_SIGNALLED] = "read-signalled",
};

static const char *const access_keys[ACCESSES] = {"read", "write"};
static const char *const access_names[ACCESSES] = {"reading", "writing"};

/* Everybody who is asked: the name in JSON, in the timeline, and the words for both answers. */
struct party {
	const char *key, *name, *free, *waits;
};

static const struct party witnesses[WITNESSES] = {
	[WITNESS_POLL] = {"poll", "poll", "ready", "waits"},
	[WITNESS_SYNC] = {"sync", "SYNC", "at once", "waits"},
	[WITNESS_FILE] = {"sync_file", "sync file", "signalled", "active"},
	[WITNESS_LISTING] = {"bufinfo", "bufinfo", "free", "unsignalled"},
};

static const struct party carriers[CARRIERS] = {
	[CARRIER_SYNCOBJ] = {"syncobj", "syncobj", "signalled", "pending"},
	[CARRIER_POINT] = {"point", "timeline", "signalled", "pending"},
	[CARRIER_EVENTFD] = {"eventfd", "eventfd", "readable", "waits"},
	[CARRIER_SUBMIT] = {"submit", "for submit", "signalled", "no fence"},
};

static const char *const sleeper_names[SLEEPERS] = {
	[SLEEPER_POLL] = "poll",         [SLEEPER_SYNC] = "SYNC",
	[SLEEPER_FILE] = "sync file",    [SLEEPER_SYNCOBJ] = "syncobj",
	[SLEEPER_POINT] = "timeline",    [SLEEPER_EVENTFD] = "eventfd",
	[SLEEPER_SUBMIT] = "for submit",
};

static const char *const sights[] = {
	[SIGHT_UNKNOWN] = NULL,
	[SIGHT_FREE] = "free",
	[SIGHT_WAITS] = "waits",
};

static struct table *wake_table(const struct context *context, const struct fence_test *test)
{
	struct table *table = cmd_table(context, fence_test_columns, FENCE_TEST_COLUMN_COUNT);

	for (enum sleeper who = SLEEPER_POLL; who < SLEEPERS; who++) {
		const struct wake_times *times = &test->wakes[who];

		if (!times->count)
			continue;
		table_row(table);
		table_set(table, COLUMN_WAITER, value_text(sleeper_names[who]));
		table_set(table, COLUMN_COUNT, value_number(times->count));
		table_set(table, COLUMN_MIN, value_number(times->min));
		table_set(table, COLUMN_MEDIAN, value_number(times->median));
		table_set(table, COLUMN_P99, value_number(times->p99));
	}
	return table;
}

/* JSON. */

static struct json_object *fence_json(const struct fence_moment *moment)
{
	struct json_object *map;

	if (!moment->fence_known)
		return NULL;
	map = value_map();
	value_set(map, "driver", value_text(moment->fence.driver));
	value_set(map, "timeline", value_text(moment->fence.timeline));
	value_set(map, "status", MUST_HAVE(json_object_new_int(moment->fence.status)));
	value_set(map, "timestamp_ns",
		  moment->fence.timestamp_ns ? value_number(moment->fence.timestamp_ns) : NULL);
	return map;
}

static struct json_object *access_json(const struct fence_moment *moment, enum fence_step step,
				       enum fence_access access)
{
	struct json_object *map = value_map();

	value_set(map, "rule", value_text(sights[fence_rule(step, access)]));
	for (enum witness w = WITNESS_POLL; w < WITNESSES; w++)
		value_set(map, witnesses[w].key, value_text(sights[moment->sights[access][w]]));
	return map;
}

static struct json_object *carriers_json(const struct fence_test *test,
					 const struct fence_moment *moment)
{
	struct json_object *map;

	if (!fence_source_carrier(test->source))
		return NULL;
	map = value_map();
	for (enum fence_carrier c = CARRIER_SYNCOBJ; c < CARRIERS; c++)
		value_set(map, carriers[c].key, value_text(sights[moment->carriers[c]]));
	return map;
}

static struct json_object *steps_json(const struct fence_test *test)
{
	struct json_object *array = value_array();

	for (enum fence_step step = STEP_IDLE; step < FENCE_STEPS; step++) {
		const struct fence_moment *moment = &test->history.moments[step];
		struct json_object *map = value_map();

		value_set(map, "step", value_text(step_keys[step]));
		value_set(map, "time_ns", value_number(moment->time_ns));
		for (enum fence_access access = ACCESS_READ; access < ACCESSES; access++)
			value_set(map, access_keys[access], access_json(moment, step, access));
		value_set(map, "carriers", carriers_json(test, moment));
		value_set(map, "fence", fence_json(moment));
		value_append(array, map);
	}
	return array;
}

static void print_json(const struct fence_test *test, const struct table *table, unsigned int wrong)
{
	struct json_object *document = json_document(), *map = value_map();

	value_set(map, "heap", value_text(test->heap));
	value_set(map, "size", value_number(test->size));
	value_set(map, "inode", value_number(test->inode));
	value_set(map, "source", value_text(fence_kind_name(fence_source_kind(test->source))));
	value_set(map, "origin", value_text(fence_kind_name(fence_source_origin(test->source))));
	value_set(map, "carrier", value_text(fence_source_carrier(test->source)));
	value_set(map, "steps", steps_json(test));
	value_set(map, "wakeups", table_json(table));
	value_set(map, "wrong", value_number(wrong));
	value_set(document, "fence_test", map);
	json_print(document);
}

/* Text. */

static void add_cell(struct timeline *timeline, const struct party *party, enum sight sight,
		     enum sight rule)
{
	enum timeline_mark mark = sight == SIGHT_UNKNOWN ? MARK_NONE
				  : sight != rule        ? MARK_WRONG
				  : sight == SIGHT_WAITS ? MARK_WAITS
							 : MARK_NONE;

	timeline_cell(timeline,
		      sight == SIGHT_UNKNOWN ? NULL
		      : sight == SIGHT_FREE  ? party->free
					     : party->waits,
		      mark);
}

/* Who may read or write, and below who says so. */
static void add_access(struct timeline *timeline, const struct fence_history *history,
		       enum fence_access access)
{
	static const struct party rule = {NULL, NULL, "may go on", "must wait"};

	timeline_row(timeline, access_names[access], false);
	for (enum fence_step step = STEP_IDLE; step < FENCE_STEPS; step++)
		add_cell(timeline, &rule, fence_rule(step, access), fence_rule(step, access));
	for (enum witness w = WITNESS_POLL; w < WITNESSES; w++) {
		timeline_row(timeline, witnesses[w].name, true);
		for (enum fence_step step = STEP_IDLE; step < FENCE_STEPS; step++)
			add_cell(timeline, &witnesses[w], history->moments[step].sights[access][w],
				 fence_rule(step, access));
	}
}

static void add_carriers(struct timeline *timeline, const struct fence_test *test)
{
	const char *driver = fence_source_carrier(test->source);

	if (!driver)
		return;
	timeline_row(timeline, driver, false);
	for (enum fence_carrier c = CARRIER_SYNCOBJ; c < CARRIERS; c++) {
		timeline_row(timeline, carriers[c].name, true);
		for (enum fence_step step = STEP_IDLE; step < FENCE_STEPS; step++)
			add_cell(timeline, &carriers[c], test->history.moments[step].carriers[c],
				 fence_carrier_rule(step));
	}
}

static void print_fence(const char *when, const struct fence_moment *moment)
{
	AUTO_FREE char *driver = text_escape(moment->fence.driver);
	AUTO_FREE char *timeline = text_escape(moment->fence.timeline);

	if (moment->fence_known)
		printf("%-14s%s %s, status %d\n", when, driver, timeline, moment->fence.status);
}

static void print_text(const struct context *context, const struct fence_test *test,
		       const struct table *table)
{
	AUTO_TIMELINE struct timeline *timeline = timeline_new(context->color);
	AUTO_FREE char *heap = text_escape(test->heap);
	const char *carrier = fence_source_carrier(test->source);
	const struct fence_moment *moments = test->history.moments;

	printf("%-14s%" PRIu64 " bytes from %s\n", "Buffer", test->size, heap);
	printf("%-14s%s%s%s\n\n", "Fences", fence_kind_name(fence_source_origin(test->source)),
	       carrier ? ", carried by sync objects of " : "", carrier ? carrier : "");
	for (enum fence_step step = STEP_IDLE; step < FENCE_STEPS; step++)
		timeline_moment(timeline, step_names[step], moments[step].time_ns,
				step == STEP_WRITE || step == STEP_READ);
	add_access(timeline, &test->history, ACCESS_READ);
	add_access(timeline, &test->history, ACCESS_WRITE);
	add_carriers(timeline, test);
	timeline_print(timeline);
	printf("\nThe write fence, as its sync file names it\n");
	print_fence("  pending", &moments[STEP_WRITE]);
	print_fence("  signalled", &moments[STEP_WRITE_SIGNALLED]);
	printf("\nTime from the signal to the wake-up\n");
	table_print(table, "wakeups");
}

static void note_unknown(const struct context *context, const struct fence_history *history)
{
	for (enum witness w = WITNESS_POLL; w < WITNESSES; w++) {
		int error = history->errors[w];
		const char *help = w == WITNESS_LISTING && (error == -EACCES || error == -EPERM)
					   ? "; it is for root"
				   : w == WITNESS_LISTING && error == -ENOENT
					   ? "; is debugfs mounted?"
					   : "";

		if (error)
			cmd_note(context, "%s could not be asked: %s%s", witnesses[w].name,
				 error_words(error), help);
	}
}

enum exit_code fence_test_show(const struct context *context, const struct fence_test *test)
{
	unsigned int wrong = fence_history_wrong(&test->history);
	AUTO_TABLE struct table *table = wake_table(context, test);

	note_unknown(context, &test->history);
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
