// SPDX-License-Identifier: GPL-2.0-or-later
/* For people: the findings of each subject, and how many there are. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/finding_groups.h"
#include "view/finding_text.h"
#include "view/report.h"

struct text {
	struct finding_groups *groups; /* findings in trees, until the end */
	size_t counts[SEVERITY_ERROR + 1];
};

static void begin(struct report *report)
{
	struct text *text = xcalloc(1, sizeof(*text));

	text->groups = finding_groups_new();
	report->state = text;
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
	struct text *text = report->state;
	const char *better = NULL;

	for (size_t i = 0; i < subject->count; i++) {
		const struct finding *finding = &subject->findings[i];

		if (!subject->source || finding_groups_add(text->groups, subject->source, finding))
			text->counts[finding->severity]++;
		if (finding->instead)
			better = finding->instead;
	}
	if (subject->source || !is_shown(report, subject))
		return;
	findings_write(report->out, subject->findings, subject->count, report->color,
		       report->verbosity);
	if (better) {
		AUTO_FREE char *escaped = text_show(better);

		fprintf(report->out, "    better: %s\n", escaped);
	}
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void write_summary(const struct report *report, const size_t *counts)
{
	AUTO_FREE char *incomplete = report->incomplete ? report_incomplete(report) : NULL;

	/* one name, but two names */
	fprintf(report->out, "%zu %.*s: %zu error%s, %zu warning%s, %zu note%s%s%s\n",
		report->count, (int)strlen(report->subjects) - (report->count == 1),
		report->subjects, counts[SEVERITY_ERROR], plural(counts[SEVERITY_ERROR]),
		counts[SEVERITY_WARNING], plural(counts[SEVERITY_WARNING]), counts[SEVERITY_NOTE],
		plural(counts[SEVERITY_NOTE]), incomplete ? "; " : "",
		incomplete ? incomplete : "");
}

static void end(struct report *report)
{
	struct text *text = report->state;

	finding_groups_write(text->groups, report->out, report->color, report->verbosity);
	if (report->verbosity >= 0 && (!report->incomplete || report->count)) {
		write_summary(report, text->counts);
		findings_write_end(report->out,
				   text->counts[SEVERITY_ERROR] + text->counts[SEVERITY_WARNING]
					   ? report->next
					   : NULL,
				   report->hidden);
	}
	finding_groups_free(text->groups);
	free(text);
}

const struct report_format report_text = {"text", begin, subject, end, false, false};
