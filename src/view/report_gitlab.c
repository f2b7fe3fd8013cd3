// SPDX-License-Identifier: GPL-2.0-or-later
/* GitLab's code quality report: one array of findings. */
#include "base/cleanup.h"
#include "view/json.h"
#include "view/report.h"

static void gitlab_begin(struct report *report)
{
	fputc('[', report->out);
}

static struct value *location_value(const char *path, unsigned int line)
{
	struct value *map = value_map(), *lines = value_map();

	value_set(map, "path", value_text(path));
	value_set(lines, "begin", value_number(line ? line : 1));
	value_set(map, "lines", lines);
	return map;
}

static void put(struct report *report, const char *description, const char *rule,
		const char *fingerprint, const char *severity, struct value *location)
{
	struct value *map = value_map();

	value_set(map, "description", value_text(description));
	value_set(map, "check_name", value_text(rule));
	value_set(map, "fingerprint", value_text(fingerprint));
	value_set(map, "severity", value_text(severity));
	value_set(map, "location", location);
	fputs(report->state ? ",\n  " : "\n  ", report->out);
	report->state = report; /* there was one before */
	json_write(report->out, map);
}

static void gitlab_subject(struct report *report, const struct report_subject *subject)
{
	static const char *const severities[] = {NULL, "info", "minor", "major"};

	for (size_t i = 0; i < subject->count; i++) {
		const struct finding *finding = &subject->findings[i];
		AUTO_FREE char *path = report_path(report, subject, finding);
		AUTO_FREE char *text = report_message(subject, finding);
		AUTO_FREE char *fingerprint = report_fingerprint_text(report, subject, finding);

		put(report, text, finding->rule->id, fingerprint, severities[finding->severity],
		    location_value(path, finding->where.line));
	}
}

/* The format has no place for it, but a finding. */
static void gitlab_end(struct report *report)
{
	AUTO_FREE char *incomplete = report_incomplete(report);

	if (report->incomplete)
		put(report, incomplete, "incomplete", "incomplete", "blocker",
		    location_value(report->tool, 1));
	fprintf(report->out, "%s]\n", report->state ? "\n" : "");
}

const struct report_format report_gitlab = {"gitlab",   gitlab_begin, gitlab_subject,
					    gitlab_end, false,        true};
