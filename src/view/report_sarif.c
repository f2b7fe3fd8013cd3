// SPDX-License-Identifier: GPL-2.0-or-later
/* SARIF 2.1.0 (OASIS): one run, its rules with help, and the results as they come. */
#include <ctype.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "view/report.h"
#include "view/value.h"

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"

static struct json_object *message(struct json_object *text)
{
	struct json_object *map = value_map();

	value_set(map, "text", text);
	return map;
}

static struct json_object *rule_json(const struct report_rule *rule)
{
	struct json_object *map = value_map(), *configuration = value_map();
	AUTO_FREE char *help =
		xasprintf("%s\nSource: %s.\nLooks at: %s.\nGood: %s\nBad: %s", rule->sentence,
			  rule->source, rule->looks_at, rule->good, rule->bad);

	value_set(map, "id", value_text(rule->id));
	value_set(map, "shortDescription", message(value_text(rule->sentence)));
	value_set(map, "fullDescription", message(value_text(rule->looks_at)));
	value_set(map, "help", message(value_text(help)));
	value_set(configuration, "level", value_text(report_level_name(rule->level)));
	value_set(map, "defaultConfiguration", configuration);
	return map;
}

static void sarif_begin(struct report *report)
{
	struct json_object *driver = value_map(), *rules = value_array(), *tool = value_map();

	for (size_t i = 0; i < report->rule_count; i++)
		value_append(rules, rule_json(&report->rules[i]));
	value_set(driver, "name", value_text("dmaheap"));
	value_set(driver, "fullName", value_text(report->tool));
	value_set(driver, "version", value_text(DMAHEAP_VERSION));
	value_set(driver, "rules", rules);
	value_set(tool, "driver", driver);
	fputs("{\n  \"$schema\": \"" SCHEMA "\",\n  \"version\": \"2.1.0\",\n"
	      "  \"runs\": [{\n    \"tool\": ",
	      report->out);
	json_write(report->out, tool);
	fputs(",\n    \"results\": [", report->out);
}

/* A path as a relative reference of RFC 3986. */
static struct json_object *uri(const char *path)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	for (; *path; path++) {
		if (isalnum((unsigned char)*path) || strchr("/-._~", *path))
			fputc(*path, stream);
		else
			fprintf(stream, "%%%02X", (unsigned int)(uint8_t)*path);
	}
	xmemclose(stream);
	return value_text(text);
}

static struct json_object *location(const struct report_subject *subject)
{
	struct json_object *map = value_map(), *logical = value_map(), *array = value_array();

	value_set(logical, "name", value_text(subject->name));
	value_set(logical, "kind", value_text("resource"));
	value_append(array, logical);
	value_set(map, "logicalLocations", array);
	if (subject->source) {
		struct json_object *physical = value_map(), *artifact = value_map();

		value_set(artifact, "uri", uri(subject->source));
		value_set(physical, "artifactLocation", artifact);
		value_set(map, "physicalLocation", physical);
	}
	return map;
}

static struct json_object *result(const struct report *report, const struct report_subject *subject,
				  const struct report_finding *finding)
{
	struct json_object *map = value_map(), *locations = value_array(),
			   *properties = value_map();
	AUTO_FREE char *text = xasprintf("%s: %s", subject->name, finding->message);

	value_set(map, "ruleId", value_text(report->rules[finding->rule].id));
	value_set(map, "ruleIndex", value_number(finding->rule));
	value_set(map, "level", value_text(report_level_name(finding->level)));
	value_set(map, "message", message(value_text(text)));
	value_append(locations, location(subject));
	value_set(map, "locations", locations);
	value_set(properties, "start", value_number(finding->start));
	value_set(properties, "length", value_number(finding->length));
	if (finding->suggestion)
		value_set(properties, "suggestion", value_text(finding->suggestion));
	value_set(map, "properties", properties);
	return map;
}

static void sarif_subject(struct report *report, const struct report_subject *subject)
{
	for (size_t i = 0; i < subject->count; i++) {
		fputs(report->state ? ",\n      " : "\n      ", report->out);
		report->state = report; /* there was one before */
		json_write(report->out, result(report, subject, &subject->findings[i]));
	}
}

static void sarif_end(struct report *report)
{
	fprintf(report->out,
		"%s],\n    \"invocations\": [{\"executionSuccessful\": %s}]\n  }]\n}\n",
		report->state ? "\n    " : "", report->incomplete ? "false" : "true");
}

const struct report_format report_sarif = {"sarif", sarif_begin, sarif_subject, sarif_end, false};
