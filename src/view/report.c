// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/report.h"

#include "base/xalloc.h"

void report_begin(struct report *report)
{
	if (report->format->begin)
		report->format->begin(report);
}

void report_subject(struct report *report, const struct report_subject *subject)
{
	report->count++;
	if (!subject->count && !report->format->clean)
		return;
	for (size_t i = 0; i < subject->count; i++) {
		enum severity severity = subject->findings[i].severity;

		report->counts[severity]++;
		report->failed |= severity >= report->threshold;
	}
	report->format->subject(report, subject);
}

void report_end(struct report *report)
{
	if (report->format->end)
		report->format->end(report);
}

char *report_incomplete(const struct report *report)
{
	return xasprintf("not all %s could be read: standard error says why", report->subjects);
}
