/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs statements: each in a process group of its own with a time limit, while the kernel log and
 * the taint flags are watched. A crash, a hang or an oops costs one result; whatever a statement
 * started is killed and collected before the next one begins.
 */
#ifndef CONFORMANCE_ENGINE_ENGINE_H
#define CONFORMANCE_ENGINE_ENGINE_H

#include <stdint.h>

#include "conformance/engine/outcome.h"
#include "conformance/engine/statement.h"
#include "conformance/engine/target.h"

struct root;

#define TRIAL_SECONDS 20 /* the time limit of a statement */

struct result {
	const struct suite *suite;
	const struct statement *statement;
	enum verdict verdict;
	enum skip reason;              /* of a skip */
	char *action, *got, *expected; /* evidence of a failure or of what is unknown; of a skip,
					*got says more. Else NULL */
	uint64_t ns;                   /* how long it took */
};
void result_free(struct result *result);

struct engine;

/*
 * Opens the engine for the running KERNEL (KERNEL(); 0: unknown); ALLOWED are enum danger. The
 * process becomes the reaper of its orphaned descendants (PR_SET_CHILD_SUBREAPER). Close with
 * engine_free().
 */
struct engine *engine_new(const struct root *root, uint32_t kernel, unsigned int allowed)
	__attribute__((returns_nonnull));
void engine_free(struct engine *engine);

/* Says whether the kernel log is watched: /dev/kmsg may be read. */
bool engine_watches_log(const struct engine *engine);

/*
 * Runs the statement that RESULT names, with its suite, on a heap (NULL: on the machine, for those
 * without NEED_HEAP), and fills in the rest of the result. Free that with result_free(). The heap
 * keeps what has failed: what comes behind it for the same cause is skipped, or says so.
 */
void engine_run(struct engine *engine, struct target *target, struct result *result)
	__attribute__((nonnull(1, 3)));

#endif
