// SPDX-License-Identifier: GPL-2.0-or-later
/* SARIF 2.1.0 (OASIS): one run, its rules with help, and the results as they come. */
#include <string.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "view/json.h"
#include "view/report.h"

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"

#define SOURCE_ROOT "%SRCROOT%"
#define FILE_ROOT   "ROOT"

static struct value *message(struct value *text)
{
	struct value *map = value_map();

	value_set(map, "text", text);
	return map;
}

/* All that is known of a rule, a line each. */
static char *help_of(const struct rule *rule)
{
	const struct {
		const char *label, *text;
	} lines[] = {
		{"Source", rule->source},
		{"Looks at", rule->looks_at},
		{"To write instead", rule->instead},
		{"Good", rule->good},
		{"Bad", rule->bad},
	};
	char *help;
	size_t size;
	FILE *stream = xmemopen(&help, &size);

	fputs(rule->sentence, stream);
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		if (lines[i].text)
			fprintf(stream, "\n%s: %s", lines[i].label, lines[i].text);
	}
	xmemclose(stream);
	return help;
}

/* AllocatorName of allocator-name. */
static struct value *rule_name(const struct rule *rule)
{
	AUTO_FREE char *name = xstrdup(rule->id);
	char *end = name;
	bool start = true;

	for (const char *c = rule->id; *c; c++) {
		if (*c != '-')
			*end++ = (char)(start ? ascii_upper(*c) : *c);
		start = *c == '-';
	}
	*end = '\0';
	return value_text(name);
}

static struct value *rule_value(const struct report *report, const struct rule *rule)
{
	struct value *map = value_map(), *configuration = value_map();
	AUTO_FREE char *help = help_of(rule);

	value_set(map, "id", value_text(rule->id));
	if (strchr(rule->id, '-')) /* a name must not be the id once more */
		value_set(map, "name", rule_name(rule));
	value_set(map, "shortDescription", message(value_text(rule->sentence)));
	value_set(map, "fullDescription",
		  message(value_text(rule->looks_at ? rule->looks_at : rule->sentence)));
	value_set(map, "help", message(value_text(help)));
	value_set(map, "helpUri", value_text(report->document));
	value_set(configuration, "level", value_text(severity_name(rule->severity)));
	value_set(map, "defaultConfiguration", configuration);
	return map;
}

static void sarif_begin(struct report *report)
{
	struct value *driver = value_map(), *rules = value_array(), *tool = value_map();

	for (size_t i = 0; i < report->rule_count; i++)
		value_append(rules, rule_value(report, report->rules[i]));
	value_set(driver, "name", value_text("dmaheap"));
	value_set(driver, "fullName", value_text(report->tool));
	value_set(driver, "version", value_text(DMAHEAP_VERSION));
	value_set(driver, "informationUri", value_text(report->document));
	value_set(driver, "rules", rules);
	value_set(tool, "driver", driver);
	fputs("{\n  \"$schema\": \"" SCHEMA "\",\n  \"version\": \"2.1.0\",\n"
	      "  \"runs\": [{\n    \"tool\": ",
	      report->out);
	json_write(report->out, tool);
	/* a base without a place of its own is what the reader has checked out */
	fputs(",\n    \"originalUriBaseIds\": {\"" SOURCE_ROOT "\": {\"description\": "
	      "{\"text\": \"The directory in which dmaheap was started.\"}}, \"" FILE_ROOT
	      "\": {\"uri\": \"file:///\"}},\n    \"columnKind\": \"unicodeCodePoints\",\n"
	      "    \"results\": [",
	      report->out);
}

/* A path as a relative reference of RFC 3986. */
static struct value *uri(const char *path)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	for (; *path; path++) {
		if (ascii_is_alnum(*path) || strchr("/-._~", *path))
			fputc(*path, stream);
		else
			fprintf(stream, "%%%02X", (unsigned int)(uint8_t)*path);
	}
	xmemclose(stream);
	return value_text(text);
}

static struct value *logical_location(const struct report_subject *subject,
				      const struct location *where)
{
	struct value *map = value_map(), *array = value_array();

	value_set(map, "name", value_text(subject->name));
	if (where->node)
		value_set(map, "fullyQualifiedName", value_text(where->node));
	value_set(map, "kind", value_text("resource"));
	value_append(array, map);
	return array;
}

/* Readers such as GitHub's take no result without one, and want a line: the first, if need be. */
static struct value *physical_location(const struct report *report,
				       const struct report_subject *subject,
				       const struct finding *finding)
{
	struct value *map = value_map(), *artifact = value_map(), *region = value_map();
	AUTO_FREE char *path = report_path(report, subject, finding);
	bool absolute = *path == '/';

	value_set(artifact, "uri", uri(path + absolute));
	value_set(artifact, "uriBaseId", value_text(absolute ? FILE_ROOT : SOURCE_ROOT));
	value_set(map, "artifactLocation", artifact);
	value_set(region, "startLine", value_number(finding->where.line ? finding->where.line : 1));
	value_set(map, "region", region);
	return map;
}

static struct value *properties(const struct report_subject *subject, const struct finding *finding)
{
	struct value *map = value_map();

	if (finding->marked) {
		value_set(map, "start", value_number(finding->start));
		value_set(map, "length", value_number(finding->length));
	}
	if (finding->where.property)
		value_set(map, "property", value_text(finding->where.property));
	if (finding->instead)
		value_set(map, "suggestion", value_text(finding->instead));
	if (subject->source)
		value_set(map, "tree", value_text(subject->source));
	return map;
}

static struct value *result(const struct report *report, const struct report_subject *subject,
			    const struct finding *finding)
{
	struct value *map = value_map(), *location = value_map(), *locations = value_array();
	struct value *fingerprints = value_map();
	AUTO_FREE char *text = report_message(subject, finding);
	AUTO_FREE char *fingerprint = report_fingerprint_text(report, subject, finding);

	value_set(map, "ruleId", value_text(finding->rule->id));
	value_set(map, "ruleIndex",
		  value_number(rule_index(report->rules, report->rule_count, finding->rule)));
	value_set(map, "level", value_text(severity_name(finding->severity)));
	value_set(map, "message", message(value_text(text)));
	value_set(location, "logicalLocations", logical_location(subject, &finding->where));
	value_set(location, "physicalLocation", physical_location(report, subject, finding));
	value_append(locations, location);
	value_set(map, "locations", locations);
	value_set(fingerprints, "dmaheap/v1", value_text(fingerprint));
	value_set(map, "partialFingerprints", fingerprints);
	value_set(map, "properties", properties(subject, finding));
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

const struct report_format report_sarif = {"sarif",   sarif_begin, sarif_subject,
					   sarif_end, false,       true};
