// SPDX-License-Identifier: GPL-2.0-or-later
/* Each subject is a test case; what reaches the threshold is its failure. */
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "view/junit.h"
#include "view/report.h"

static void begin(struct report *report)
{
	report->state = junit_begin(report->tool);
}

static void subject(struct report *report, const struct report_subject *subject)
{
	AUTO_FREE char *details = NULL;
	size_t size;
	FILE *stream = xmemopen(&details, &size);
	const struct finding *worst = NULL;
	const char *better = NULL;
	struct junit_case test = {.group = subject->source ? subject->source : report->tool,
				  .name = subject->name};

	for (size_t i = 0; i < subject->count; i++) {
		const struct finding *finding = &subject->findings[i];

		if (!worst || finding->severity > worst->severity)
			worst = finding;
		fprintf(stream, "%s: %s [%s]\n", severity_name(finding->severity), finding->message,
			finding->rule->id);
		if (finding->instead)
			better = finding->instead;
	}
	if (better)
		fprintf(stream, "better: %s\n", better);
	xmemclose(stream);
	if (worst) {
		test.details = details;
		test.type = worst->rule->id;
		test.message = worst->message;
		if (worst->severity >= report->threshold)
			test.outcome = JUNIT_FAILED;
	}
	junit_case(report->state, &test);
}

static void end(struct report *report)
{
	if (report->incomplete) {
		AUTO_FREE char *name = xasprintf("all %s", report->subjects);
		AUTO_FREE char *message = report_incomplete(report);

		junit_case(report->state, &(struct junit_case){.group = report->tool,
							       .name = name,
							       .outcome = JUNIT_ERROR,
							       .type = "incomplete",
							       .message = message});
	}
	junit_end(report->state, report->out);
}

const struct report_format report_junit = {"junit", begin, subject, end, true, false};
