// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/ktap.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

static struct {
	char *name;
	size_t group, result;
	bool failed, skipped; /* one of the group failed; all were skipped */
} state;

/* Escaped, and without '#', which would begin a directive. */
static char *safe(const char *text)
{
	char *escaped = text_escape(text);

	for (char *c = escaped; *c; c++) {
		if (*c == '#')
			*c = '_';
	}
	return escaped;
}

void ktap_begin(size_t groups)
{
	state.group = 0;
	printf("KTAP version 1\n1..%zu\n", groups);
	fflush(stdout);
}

void ktap_group_begin(const char *name, size_t count)
{
	state.name = safe(name);
	state.result = 0;
	state.failed = false;
	state.skipped = true;
	printf("    KTAP version 1\n    # Subtest: %s\n    1..%zu\n", state.name, count);
	fflush(stdout);
}

void ktap_comment(const char *key, const char *text)
{
	AUTO_FREE char *escaped = text_escape(text);

	printf("    # %s: %s\n", key, escaped);
}

void ktap_result(const char *name, bool passed, const char *skip)
{
	AUTO_FREE char *escaped = safe(name);
	AUTO_FREE char *reason = skip ? safe(skip) : NULL;

	state.failed |= !passed && !skip;
	state.skipped &= skip != NULL;
	printf("    %s %zu %s%s%s\n", passed || skip ? "ok" : "not ok", ++state.result, escaped,
	       skip ? " # SKIP " : "", skip ? reason : "");
	fflush(stdout);
}

void ktap_group_end(void)
{
	printf("%s %zu %s%s\n", state.failed ? "not ok" : "ok", ++state.group, state.name,
	       state.skipped ? " # SKIP" : "");
	fflush(stdout);
	free(TAKE_POINTER(state.name));
}
