// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/statement.h"

static const char *const skip_names[] = {"",
#define SKIP_WORD(name, word, meaning) word,
					 SKIP_REASONS(SKIP_WORD)};
static const char *const skip_meanings[] = {"",
#define SKIP_MEANING(name, word, meaning) meaning,
					    SKIP_REASONS(SKIP_MEANING)};

const char *skip_name(enum skip reason)
{
	return skip_names[reason];
}

const char *skip_meaning(enum skip reason)
{
	return skip_meanings[reason];
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
