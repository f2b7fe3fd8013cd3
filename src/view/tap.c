// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/tap.h"

#include "base/cleanup.h"
#include "base/text.h"

/* A # would begin a directive; \ is the escape of TAP 14. */
static void put(const struct tap *tap, const char *text, bool directives)
{
	AUTO_FREE char *escaped = text_escape(text);

	for (const char *c = escaped; *c; c++) {
		if (directives && (*c == '#' || (*c == '\\' && !tap->kernel)))
			fputc('\\', tap->out);
		fputc(*c, tap->out);
	}
}

void tap_begin(struct tap *tap)
{
	fputs(tap->kernel ? "KTAP version 1\n" : "TAP version 14\n", tap->out);
	if (tap->plan)
		fprintf(tap->out, "1..%zu\n", tap->plan);
}

void tap_result(struct tap *tap, bool ok, const char *description, const char *skip)
{
	fprintf(tap->out, "%sok %zu %s", ok ? "" : "not ", ++tap->done, tap->kernel ? "" : "- ");
	put(tap, description, true);
	if (skip) {
		fputs(" # SKIP ", tap->out);
		put(tap, skip, false);
	}
	fputc('\n', tap->out);
}

void tap_diagnostic(struct tap *tap, const char *text)
{
	fputs("# ", tap->out);
	put(tap, text, false);
	fputc('\n', tap->out);
}

void tap_end(struct tap *tap)
{
	if (!tap->plan)
		fprintf(tap->out, "1..%zu\n", tap->done);
}
