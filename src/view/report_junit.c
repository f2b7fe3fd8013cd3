// SPDX-License-Identifier: GPL-2.0-or-later
/* Each name is a test case; what reaches the threshold is its failure. */
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
	const struct report_finding *gravest = NULL;
	const char *better = NULL;
	struct junit_case test = {.group = subject->source ? subject->source : report->tool,
				  .name = subject->name};

	for (size_t i = 0; i < subject->count; i++) {
		const struct report_finding *finding = &subject->findings[i];

		if (!gravest || finding->level > gravest->level)
			gravest = finding;
		fprintf(stream, "%s: %s [%s]\n", report_level_name(finding->level),
			finding->message, report->rules[finding->rule].id);
		if (finding->suggestion)
			better = finding->suggestion;
	}
	if (better)
		fprintf(stream, "better: %s\n", better);
	xmemclose(stream);
	if (gravest) {
		test.details = details;
		test.type = report->rules[gravest->rule].id;
		test.message = gravest->message;
		if (gravest->level >= report->threshold)
			test.outcome = JUNIT_FAILED;
	}
	junit_case(report->state, &test);
}

static void end(struct report *report)
{
	if (report->incomplete)
		junit_case(report->state, &(struct junit_case){.group = report->tool,
							       .name = "all names",
							       .outcome = JUNIT_ERROR,
							       .type = "incomplete",
							       .message = REPORT_INCOMPLETE});
	junit_end(report->state, report->out);
}

const struct report_format report_junit = {"junit", begin, subject, end, true};
