// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/statement.h"

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
	}
	return "";
}
