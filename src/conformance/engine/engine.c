// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/engine.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/constant.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "conformance/engine/kernel_log.h"
#include "conformance/engine/needs.h"
#include "conformance/engine/outcome.h"
#include "conformance/engine/sandbox.h"
#include "conformance/engine/trial.h"
#include "sys/file.h"

/* A failure on the way to what a statement is about. */
struct obstacle {
	const struct target *target; /* NULL: of the machine */
	const char *id;              /* of the statement */
	char *action, *got;
};

struct engine {
	struct {
		ARRAY_OF(struct obstacle);
	} obstacles;
	unsigned int allowed; /* enum danger */
	uint32_t kernel;
	struct kernel_log *log;
	struct outcome *outcome;
};

struct engine *engine_new(const struct root *root, uint32_t kernel, unsigned int allowed)
{
	struct engine *engine = xcalloc(1, sizeof(*engine));

	sandbox_prepare();
	engine->allowed = allowed;
	engine->kernel = kernel;
	engine->log = kernel_log_new(root);
	engine->outcome = sandbox_share(sizeof(*engine->outcome));
	return engine;
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	array_for_each (&engine->obstacles, obstacle) {
		free(obstacle->action);
		free(obstacle->got);
	}
	array_free(&engine->obstacles);
	kernel_log_free(engine->log);
	sandbox_unshare(engine->outcome, sizeof(*engine->outcome));
	free(engine);
}

bool engine_watches_log(const struct engine *engine)
{
	return kernel_log_is_readable(engine->log);
}

void result_free(struct result *result)
{
	free(result->action);
	free(result->got);
	free(result->expected);
	*result = (struct result){0};
}

/* The child's side. */
static void run_trial(void *data)
{
	struct trial *trial = data;

	if (trial->target)
		trial->heap = EXPECT_OK(trial, file_open(trial->target->node, O_RDWR));
	if (trial->busy) {
		trial_prepare(true);
		trial_call(trial, "export the fences of a new buffer");
		trial_fail(trial, "none that is pending", "a pending fence");
	}
	trial->statement->run(trial);
}

/* What a process that said nothing has come to; NULL where it ended well. */
static char *silent_end(const struct sandbox_end *end, unsigned int seconds)
{
	if (end->stuck)
		return xasprintf("did not end in %u s, nor when it was killed", seconds);
	if (end->late)
		return xasprintf("did not end in %u s", seconds);
	if (WIFSIGNALED(end->status))
		return xasprintf("killed by %s", signal_name(WTERMSIG(end->status)));
	if (WEXITSTATUS(end->status))
		return xasprintf("ended with status %d", WEXITSTATUS(end->status));
	return NULL;
}

/* What the kernel had to say against it, where the statement itself passed; NULL: nothing. */
static char *objection(const struct engine *engine, const struct statement *statement)
{
	const struct outcome *outcome = engine->outcome;
	/* that memory was refused is no complaint of its own */
	bool refused = outcome->verdict == VERDICT_SKIP && outcome->reason == SKIP_NO_MEMORY;
	AUTO_FREE char *line =
		kernel_log_complaint(engine->log, refused || statement->dangers & DANGER_NOISE);
	uint64_t taint = kernel_log_new_taint(engine->log);

	if (line)
		return xasprintf("kernel log: %s", line);
	if (taint && !(statement->dangers & DANGER_TAINT))
		return xasprintf("the kernel is tainted: 0x%llx was added",
				 (unsigned long long)taint);
	return NULL;
}

static void set(struct result *result, enum verdict verdict, const char *action, const char *got,
		const char *expected)
{
	result->verdict = verdict;
	result->action = xstrdup(action);
	result->got = xstrdup(got);
	result->expected = xstrdup(expected);
}

static void decide(const struct engine *engine, const struct sandbox_end *end,
		   struct result *result)
{
	const struct outcome *outcome = engine->outcome;
	unsigned int seconds = result->statement->seconds;
	AUTO_FREE char *silent = silent_end(end, seconds ? seconds : TRIAL_SECONDS);
	AUTO_FREE char *words = objection(engine, result->statement);
	/* what the kernel itself complains of is a failure on each */
	enum verdict difference = words || kernel_place(engine->kernel) == KERNEL_AMONG
					  ? VERDICT_FAIL
					  : VERDICT_UNKNOWN;

	result->ns = end->ns;
	if (end->late || (outcome->verdict == VERDICT_NONE && silent)) {
		set(result, difference, outcome->action, silent, "it ends");
	} else if (outcome->verdict == VERDICT_FAIL) {
		set(result, difference, outcome->action, outcome->got, outcome->expected);
	} else if (words) {
		set(result, VERDICT_FAIL, result->statement->id, words, "nothing of the kind");
		return;
	} else if (outcome->verdict == VERDICT_SKIP) {
		set(result, VERDICT_SKIP, outcome->action, outcome->got, outcome->expected);
		result->reason = outcome->reason;
		return;
	} else {
		result->verdict = VERDICT_PASS;
		return;
	}
	if (words) {
		char *got = TAKE_POINTER(result->got);

		result->got = xasprintf("%s; %s", got, words);
		free(got);
	}
}

/* Makes a skip of a failure that is on the way of several statements, but for the first. */
static void know_obstacle(struct engine *engine, const struct target *target, struct result *result)
{
	array_for_each (&engine->obstacles, known) {
		if (known->target != target || strcmp(known->action, result->action) != 0 ||
		    strcmp(known->got, result->got) != 0)
			continue;
		free(result->got);
		result->got = xasprintf("%s failed: %s: %s", known->id, known->action, known->got);
		result->verdict = VERDICT_SKIP;
		result->reason = SKIP_AFTER_FAILURE;
		return;
	}
	*array_add(&engine->obstacles) = (struct obstacle){.target = target,
							   .id = result->statement->id,
							   .action = xstrdup(result->action),
							   .got = xstrdup(result->got)};
}

/* Where the heap has no memory left and a test has failed there: that may be the cause. */
static void tell_cause(const struct target *target, struct result *result)
{
	struct maybe taken = target_taken(target);
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	AUTO_FREE char *got = TAKE_POINTER(result->got);
	AUTO_FREE char *leak =
		taken.known && taken.value
			? xasprintf(", and %" PRIu64 " KiB more are in use than before the tests",
				    taken.value * page / 1024)
			: xstrdup("");

	result->got = xasprintf("%s; %s failed before%s", got, target->failed, leak);
}

/* Says whether a test has failed with the error that mapping had failed with before all tests. */
static bool is_of_mapping(const struct target *target, const struct result *result)
{
	int error = target_map_error(target);

	return error && text_starts_with(result->got, error_name(-error));
}

/* What a result says of those that come after it; one for want of memory gets the likely cause. */
static void remember(struct target *target, unsigned int needs, struct result *result)
{
	bool failed = result->verdict == VERDICT_FAIL || result->verdict == VERDICT_UNKNOWN;

	if (result->verdict == VERDICT_SKIP && result->reason == SKIP_NO_MEMORY && target->failed)
		tell_cause(target, result);
	if (!failed)
		return;
	if (!target->failed)
		target->failed = result->statement->id;
	if (needs & NEED_MMAP && !target->failed_map && is_of_mapping(target, result))
		target->failed_map = result->statement->id;
}

void engine_run(struct engine *engine, struct target *target, struct result *result)
{
	const struct statement *statement = result->statement;
	unsigned int needs = result->suite->needs | statement->needs;
	unsigned int seconds = statement->seconds ? statement->seconds : TRIAL_SECONDS;
	struct trial trial = {
		.statement = statement,
		.target = needs & NEED_HEAP ? target : NULL,
		.heap = -1,
		.kernel = engine->kernel,
		.page = (size_t)sysconf(_SC_PAGESIZE),
		.outcome = engine->outcome,
	};
	struct sandbox_end end;

	result->reason = needs_unmet(statement, needs, target, engine->kernel, engine->allowed,
				     &result->got);
	if (result->reason != SKIP_NONE) {
		result->verdict = VERDICT_SKIP;
		return;
	}
	if (trial.target) {
		trial.small = target->small;
		trial.large = target->large;
		trial.full = target_is_full(target);
		trial.busy = needs & NEED_IDLE && target->busy;
	}
	memset(engine->outcome, 0, sizeof(*engine->outcome));
	kernel_log_reset(engine->log);
	sandbox_run(run_trial, &trial, seconds, &end);
	if (end.error) {
		set(result, VERDICT_SKIP, "fork", error_words(end.error), "a process");
		result->reason = SKIP_NO_PROCESS;
		return;
	}
	decide(engine, &end, result);
	if (engine->outcome->preparing && !end.late &&
	    (result->verdict == VERDICT_FAIL || result->verdict == VERDICT_UNKNOWN))
		know_obstacle(engine, trial.target, result);
	if (trial.target)
		remember(target, needs, result);
}
