// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * GitHub's workflow commands: ::error title=…,file=…::message. Their escapes are %25, %0D, %0A, and
 * in properties also %3A, %2C.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "view/report.h"

static void put(const struct report *report, const char *text, bool property)
{
	AUTO_FREE char *escaped = text_escape(text);

	for (const char *c = escaped; *c; c++) {
		if (*c == '%' || (property && (*c == ':' || *c == ',')))
			fprintf(report->out, "%%%02X", (unsigned int)*c);
		else
			fputc(*c, report->out);
	}
}

static void github_subject(struct report *report, const struct report_subject *subject)
{
	static const char *const commands[] = {"notice", "warning", "error"};

	for (size_t i = 0; i < subject->count; i++) {
		const struct report_finding *finding = &subject->findings[i];

		fprintf(report->out, "::%s title=", commands[finding->level]);
		put(report, report->rules[finding->rule].id, true);
		if (subject->source) {
			fputs(",file=", report->out);
			put(report, subject->source, true);
		}
		fputs("::", report->out);
		put(report, subject->name, false);
		fputs(": ", report->out);
		put(report, finding->message, false);
		if (finding->suggestion) {
			fputs("; better: ", report->out);
			put(report, finding->suggestion, false);
		}
		fputc('\n', report->out);
	}
}

static void github_end(struct report *report)
{
	if (report->incomplete)
		fputs("::error title=incomplete::" REPORT_INCOMPLETE "\n", report->out);
}

const struct report_format report_github = {"github", NULL, github_subject, github_end, false};
