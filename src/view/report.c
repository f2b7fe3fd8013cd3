// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/report.h"

#include <string.h>

const struct report_format *const report_formats[] = {
	&report_text,  &report_json, &report_sarif, &report_github,
	&report_junit, &report_tap,  NULL};

const struct report_format *report_format_find(const char *name)
{
	for (size_t i = 0; report_formats[i]; i++) {
		if (!strcmp(report_formats[i]->name, name))
			return report_formats[i];
	}
	return NULL;
}

const char *report_level_name(enum report_level level)
{
	static const char *const names[] = {"note", "warning", "error"};

	return names[level];
}

void report_begin(struct report *report)
{
	if (report->format->begin)
		report->format->begin(report);
}

void report_subject(struct report *report, const struct report_subject *subject)
{
	report->subjects++;
	if (!subject->count && !report->format->clean)
		return;
	for (size_t i = 0; i < subject->count; i++) {
		enum report_level level = subject->findings[i].level;

		report->counts[level]++;
		if (level >= report->threshold)
			report->failed = true;
	}
	report->format->subject(report, subject);
}

void report_end(struct report *report)
{
	if (report->format->end)
		report->format->end(report);
}
