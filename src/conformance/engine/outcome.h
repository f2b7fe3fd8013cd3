/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a trial passes its result to the engine: memory that both see, so that it survives a crash.
 */
#ifndef CONFORMANCE_ENGINE_OUTCOME_H
#define CONFORMANCE_ENGINE_OUTCOME_H

#include <stdatomic.h>

#include "conformance/engine/statement.h"

enum verdict {
	VERDICT_NONE,
	VERDICT_PASS,
	VERDICT_FAIL,
	VERDICT_UNKNOWN, /* it would have failed, on a kernel that the tests were not run on, which
			  * did not complain itself */
	VERDICT_SKIP
};

struct outcome {
	atomic_flag settled; /* the first process that has a result writes it */
	enum verdict verdict;
	enum skip reason;
	bool preparing; /* a failure: not of what the statement is about, but on the way to it */
	char action[1024], got[1024], expected[1024];
};

#endif
