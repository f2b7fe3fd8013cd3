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
	static const char *const commands[] = {NULL, "notice", "warning", "error"};

	for (size_t i = 0; i < subject->count; i++) {
		const struct finding *finding = &subject->findings[i];

		AUTO_FREE char *path = report_path(report, subject, finding);
		AUTO_FREE char *message = report_message(subject, finding);

		fprintf(report->out, "::%s title=", commands[finding->severity]);
		put(report, finding->rule->id, true);
		if (finding->where.file || finding->where.source) {
			fputs(",file=", report->out);
			put(report, path, true);
		}
		if (finding->where.line)
			fprintf(report->out, ",line=%u", finding->where.line);
		fputs("::", report->out);
		put(report, message, false);
		if (finding->instead) {
			fputs("; better: ", report->out);
			put(report, finding->instead, false);
		}
		fputc('\n', report->out);
	}
}

static void github_end(struct report *report)
{
	AUTO_FREE char *incomplete = report_incomplete(report);

	if (report->incomplete)
		fprintf(report->out, "::error title=incomplete::%s\n", incomplete);
}

const struct report_format report_github = {"github",   NULL,  github_subject,
					    github_end, false, true};
