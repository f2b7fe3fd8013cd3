/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a trial tells the engine its result: memory that both see, so that a crash tells as well. */
#ifndef CONFORMANCE_ENGINE_OUTCOME_H
#define CONFORMANCE_ENGINE_OUTCOME_H

#include <stdatomic.h>

#include "conformance/engine/engine.h"

struct report {
	atomic_flag settled; /* the first that has something to say says it */
	enum verdict verdict;
	enum skip reason;
	char did[1024], came[1024], expected[1024];
};

#endif
