// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/statement.h"

#include <string.h>

#define SKIP_WORDS(name, word, meaning) [SKIP_##name] = {word, meaning},
static const struct {
	const char *name, *meaning;
} skips[SKIP_COUNT] = {SKIP_REASONS(SKIP_WORDS)};

const char *skip_name(enum skip reason)
{
	return skips[reason].name;
}

const char *skip_meaning(enum skip reason)
{
	return skips[reason].meaning;
}

const char *danger_name(enum danger danger)
{
	switch (danger) {
	case DANGER_OOM:
		return "oom";
	case DANGER_TAINT:
		return "taint";
	case DANGER_NOISE:
		return "noise";
	case DANGER_CRASH:
		return "crash";
	}
	return "";
}

unsigned int statement_dangers(const struct statement *statement)
{
	return statement->dangers | (statement->hazard ? DANGER_CRASH : 0);
}

unsigned int statement_dangers_on(const struct statement *statement, uint32_t kernel)
{
	return statement->dangers | (hazard_is_here(statement->hazard, kernel) ? DANGER_CRASH : 0);
}

void statement_seen(const struct statement *statement, struct strings *series)
{
	/* written by tests/board/prove-suite; NULL ends the series */
	static const struct {
		const char *id, *series[8];
	} seen[] = {
#include "conformance/engine/seen.inc"
	};

	for (size_t i = 0; i < COUNT_OF(seen); i++) {
		if (strcmp(seen[i].id, statement->id) != 0)
			continue;
		for (const char *const *one = seen[i].series; *one; one++)
			strings_add(series, *one);
	}
}
