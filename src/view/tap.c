// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/tap.h"

#include "base/cleanup.h"
#include "base/text.h"

/* A # would begin a directive; \ is the escape of TAP 14, and KTAP has none. */
static void put(const struct tap *tap, const char *text, bool directives)
{
	AUTO_FREE char *escaped = text_escape(text);

	for (const char *c = escaped; *c; c++) {
		if (directives && *c == '#' && tap->kernel) {
			fputs("\\x23", tap->out);
			continue;
		}
		if (directives && (*c == '#' || *c == '\\') && !tap->kernel)
			fputc('\\', tap->out);
		fputc(*c, tap->out);
	}
}

static void begin_line(const struct tap *tap)
{
	if (tap->subtest)
		fputs("    ", tap->out);
}

static void end_line(const struct tap *tap)
{
	fputc('\n', tap->out);
	if (tap->kernel)
		fflush(tap->out);
}

void tap_begin(struct tap *tap)
{
	begin_line(tap);
	fputs(tap->kernel ? "KTAP version 1" : "TAP version 14", tap->out);
	end_line(tap);
	if (tap->subtest) {
		begin_line(tap);
		fputs("# Subtest: ", tap->out);
		put(tap, tap->subtest, true);
		end_line(tap);
	}
	if (tap->plan) {
		begin_line(tap);
		fprintf(tap->out, "1..%zu", tap->plan);
		end_line(tap);
	}
}

void tap_result(struct tap *tap, bool ok, const char *description, const char *skip)
{
	begin_line(tap);
	fprintf(tap->out, "%sok %zu %s", ok ? "" : "not ", ++tap->done, tap->kernel ? "" : "- ");
	put(tap, description, true);
	if (skip) {
		fputs(" # SKIP ", tap->out);
		put(tap, skip, false);
	}
	end_line(tap);
}

void tap_diagnostic(struct tap *tap, const char *text)
{
	begin_line(tap);
	fputs("# ", tap->out);
	put(tap, text, false);
	end_line(tap);
}

void tap_end(struct tap *tap)
{
	if (!tap->plan)
		fprintf(tap->out, "1..%zu\n", tap->done);
}

void tap_bail_out(struct tap *tap, const char *reason)
{
	fputs("Bail out! ", tap->out);
	put(tap, reason, false);
	end_line(tap);
}
