// SPDX-License-Identifier: GPL-2.0-or-later
/* For people: the findings of each subject, and how many there are. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/finding_text.h"
#include "view/report.h"

/* A line with the file, where the findings of another begin. */
static void write_source(struct report *report, const char *source)
{
	char *last = report->state;
	AUTO_FREE char *escaped = NULL;

	if (!source || (last && !strcmp(last, source)))
		return;
	free(last);
	report->state = xstrdup(source);
	escaped = text_escape(source);
	fprintf(report->out, "%s:\n", escaped);
}

static bool is_shown(const struct report *report, const struct report_subject *subject)
{
	for (size_t i = 0; i < subject->count; i++) {
		if (subject->findings[i].severity > SEVERITY_NOTE || report->verbosity >= 0)
			return true;
	}
	return false;
}

static void subject(struct report *report, const struct report_subject *subject)
{
	const char *better = NULL;

	if (!is_shown(report, subject))
		return;
	write_source(report, subject->source);
	findings_write(report->out, subject->findings, subject->count, report->color,
		       report->verbosity);
	for (size_t i = 0; i < subject->count; i++) {
		if (subject->findings[i].instead)
			better = subject->findings[i].instead;
	}
	if (better) {
		AUTO_FREE char *escaped = text_escape(better);

		fprintf(report->out, "    better: %s\n", escaped);
	}
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void end(struct report *report)
{
	const size_t *counts = report->counts;
	AUTO_FREE char *incomplete = report->incomplete ? report_incomplete(report) : NULL;

	free(report->state);
	if (report->verbosity < 0 || (report->incomplete && !report->count))
		return;
	/* one name, but two names */
	fprintf(report->out, "%zu %.*s: %zu error%s, %zu warning%s, %zu note%s%s%s\n",
		report->count, (int)strlen(report->subjects) - (report->count == 1),
		report->subjects, counts[SEVERITY_ERROR], plural(counts[SEVERITY_ERROR]),
		counts[SEVERITY_WARNING], plural(counts[SEVERITY_WARNING]), counts[SEVERITY_NOTE],
		plural(counts[SEVERITY_NOTE]), incomplete ? "; " : "",
		incomplete ? incomplete : "");
}

const struct report_format report_text = {"text", NULL, subject, end, false};
