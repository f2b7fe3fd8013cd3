// SPDX-License-Identifier: GPL-2.0-or-later
/* {"dmaheap": …, "findings": […], "names": […], "complete": …}: the findings as they come. */
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "view/json.h"
#include "view/report.h"

/* The names follow the findings, so that they are kept until the end, as text. */
struct json_names {
	FILE *stream;
	char *text;
	size_t size;
	bool findings; /* there was one before */
};

static void report_json_begin(struct report *report)
{
	struct json_names *names = xcalloc(1, sizeof(*names));

	names->stream = xmemopen(&names->text, &names->size);
	report->state = names;
	fprintf(report->out, "{\n  \"dmaheap\": \"%s\",\n  \"findings\": [", DMAHEAP_VERSION);
}

static struct value *finding_value(const struct report *report,
				   const struct report_subject *subject,
				   const struct finding *finding)
{
	AUTO_FREE char *fingerprint = report_fingerprint_text(report, subject, finding);
	AUTO_FREE char *path = report_path(report, subject, finding);
	struct value *map = value_map();

	value_set(map, "name", value_text(subject->name));
	if (subject->source)
		value_set(map, "source", value_text(subject->source));
	value_set(map, "rule", value_text(finding->rule->id));
	value_set(map, "severity", value_text(severity_name(finding->severity)));
	value_set(map, "message", value_text(finding->message));
	value_set(map, "start", value_number(finding->start));
	value_set(map, "length", value_number(finding->length));
	value_set(map, "suggestion", value_text(finding->instead));
	value_set(map, "node", value_text(finding->where.node));
	value_set(map, "file", value_text(finding->where.source ? path : NULL));
	value_set(map, "line", finding->where.line ? value_number(finding->where.line) : NULL);
	value_set(map, "fingerprint", value_text(fingerprint));
	return map;
}

static void json_subject(struct report *report, const struct report_subject *subject)
{
	struct json_names *names = report->state;
	struct value *facts = subject->facts;

	for (size_t i = 0; i < subject->count; i++) {
		fputs(names->findings ? ",\n    " : "\n    ", report->out);
		names->findings = true;
		json_write(report->out, finding_value(report, subject, &subject->findings[i]));
	}
	if (subject->uncounted)
		return;
	if (!facts) {
		facts = value_map();
		value_set(facts, "name", value_text(subject->name));
	}
	fputs(report->count > 1 ? ",\n    " : "\n    ", names->stream);
	json_write(names->stream, facts);
}

static void report_json_end(struct report *report)
{
	struct json_names *names = report->state;

	xmemclose(names->stream);
	fprintf(report->out, "%s],\n  \"names\": [", names->findings ? "\n  " : "");
	fputs(names->text, report->out);
	fprintf(report->out, "%s],\n  \"complete\": %s\n}\n", report->count ? "\n  " : "",
		report->incomplete ? "false" : "true");
	free(names->text);
	free(names);
}

const struct report_format report_json = {
	"json", report_json_begin, json_subject, report_json_end, true, false};
