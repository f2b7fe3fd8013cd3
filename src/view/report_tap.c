// SPDX-License-Identifier: GPL-2.0-or-later
/* Each subject is a test; it fails where a finding reaches the threshold. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "view/report.h"
#include "view/tap.h"

static void begin(struct report *report)
{
	struct tap *tap = xcalloc(1, sizeof(*tap));

	tap->out = report->out;
	tap_begin(tap);
	report->state = tap;
}

static void subject(struct report *report, const struct report_subject *subject)
{
	AUTO_FREE char *description =
		subject->source ? xasprintf("%s: %s", subject->source, subject->name) : NULL;
	const char *better = NULL;
	bool ok = true;

	for (size_t i = 0; i < subject->count; i++)
		ok = ok && subject->findings[i].severity < report->threshold;
	tap_result(report->state, ok, description ? description : subject->name, NULL);
	for (size_t i = 0; i < subject->count; i++) {
		const struct finding *finding = &subject->findings[i];
		AUTO_FREE char *line = xasprintf("%s: %s [%s]", severity_name(finding->severity),
						 finding->message, finding->rule->id);

		tap_diagnostic(report->state, line);
		if (finding->instead)
			better = finding->instead;
	}
	if (better) {
		AUTO_FREE char *line = xasprintf("better: %s", better);

		tap_diagnostic(report->state, line);
	}
}

static void end(struct report *report)
{
	if (report->incomplete) {
		AUTO_FREE char *reason = report_incomplete(report);

		tap_bail_out(report->state, reason);
	} else {
		tap_end(report->state);
	}
	free(report->state);
}

const struct report_format report_tap = {"tap", begin, subject, end, true, false};
