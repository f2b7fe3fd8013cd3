// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary bytes as names, under all rules and conventions, through all report writers, and as a
 * baseline. The first byte chooses the evidence, the second the report and a rule that is off; the
 * rest are lines.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "model/name/baseline.h"
#include "model/name/better.h"
#include "view/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct rule *const *rules(void)
{
	static const struct rule *list[NAME_RULE_COUNT];

	for (size_t i = 0; i < NAME_RULE_COUNT; i++)
		list[i] = &name_rules[i]->rule;
	return list;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* What is true of every finding, whatever the name. */
static void look_at(const struct finding *finding, const char *name)
{
	size_t length = strlen(name);

	must(finding->start <= length && finding->length <= length - finding->start);
	must(finding->severity >= SEVERITY_NOTE && finding->severity <= SEVERITY_ERROR);
	must(finding->subject == name && *finding->message);
}

/* Nothing is found in a name that is offered, but what only who asks for more wants to read. */
static void look_at_better(const struct name_settings *settings, const char *better,
			   const struct name_evidence *evidence)
{
	AUTO_FINDINGS struct findings findings = {0};
	struct name_settings plain;
	struct name_words words;

	name_settings_init(&plain);
	plain.convention = settings->convention;
	name_split(better, strlen(better), &words);
	name_lint(&plain, NULL, &words, evidence, &findings);
	array_for_each (&findings, finding)
		must(finding->detail);
}

static void check(struct report *report, const struct name_settings *settings,
		  struct name_scope *scope, const char *name, const struct name_evidence *evidence)
{
	AUTO_FINDINGS struct findings findings = {0};
	AUTO_FREE char *better = NULL;
	struct name_words words;

	name_split(name, strlen(name), &words);
	if (!name_lint(settings, scope, &words, evidence, &findings))
		return;
	better = name_better(settings, &words, evidence);
	if (better)
		look_at_better(settings, better, evidence);
	array_for_each (&findings, finding) {
		look_at(finding, name);
		finding->instead = better ? xstrdup(better) : NULL;
		finding->where.file = evidence ? name : NULL;
	}
	report_subject(report, &(struct report_subject){.name = name,
							.source = evidence ? name : NULL,
							.findings = findings.items,
							.count = findings.count});
}

/* No format lets through what a terminal acts on. */
static void look_for_controls(const char *text, size_t size)
{
	for (size_t i = 0; i < size;) {
		unsigned int code;
		size_t step = text_utf8(text + i, size - i, &code);

		must(step && (code == '\n' || (code >= ' ' && !(code >= 0x7f && code <= 0x9f))));
		i += step;
	}
}

static void check_all(const struct strings *names, const struct name_settings *settings,
		      const struct report_format *format, const struct name_evidence *evidence)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	struct report report = {.format = format,
				.out = xmemopen(&text, &size),
				.tool = "fuzz",
				.document = "about:blank",
				.directory = "/",
				.subjects = "names",
				.rules = rules(),
				.rule_count = NAME_RULE_COUNT,
				.threshold = SEVERITY_ERROR,
				.verbosity = evidence ? 1 : 0};
	struct name_scope *scope = name_scope_new();

	report_begin(&report);
	array_for_each (names, name)
		check(&report, settings, scope, *name, evidence);
	report_end(&report);
	xmemclose(report.out);
	look_for_controls(text, size);
	name_scope_free(scope);
}

static void ignore(void *data, const char *name, const char *source, struct findings *findings)
{
	(void)data;
	(void)source;
	must(name && findings->count == 1);
}

static void read_baseline(const uint8_t *data, size_t size)
{
	AUTO_FREE char *copy = xcalloc(size + 1, 1);
	struct name_settings settings;
	static const struct strings none;
	struct baseline *baseline;
	const char *reason;
	size_t line;

	memcpy(copy, data, size);
	baseline = baseline_parse(copy, size, &line, &reason);
	must(baseline || (reason && line));
	name_settings_init(&settings);
	if (baseline && baseline_begin(baseline, &none, &settings, ignore, NULL))
		baseline_missing(baseline, &settings, ignore, NULL);
	baseline_free(baseline);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRINGS struct strings names = {0};
	struct name_settings settings;
	uint8_t choice = size ? *data : 0;
	static const struct report_format *const formats[] = {
		&report_text,   &report_json,  &report_sarif, &report_github,
		&report_gitlab, &report_junit, &report_tap};
	struct name_evidence evidence = {.region = "/region",
					 .dynamic = choice & 1,
					 .placed = choice & 2,
					 .base = 0x42000000,
					 .contiguous = (choice >> 2 & 3) % 3,
					 .cacheable = (choice >> 4 & 3) % 3,
					 .mappable = (choice >> 6 & 3) % 3};

	if (size < 2 || size > 4096)
		return 0;
	name_settings_init(&settings);
	settings.convention = choice % CONVENTION_COUNT;
	name_settings_set_severity(&settings, &name_rules[data[1] % NAME_RULE_COUNT]->rule,
				   SEVERITY_OFF);
	for (size_t start = 2; start < size;) {
		const uint8_t *end = memchr(data + start, '\n', size - start);
		size_t length = end ? (size_t)(end - data) - start : size - start;

		strings_take(&names, xstrndup((const char *)data + start, length));
		start += length + 1;
	}
	check_all(&names, &settings, formats[data[1] % COUNT_OF(formats)],
		  choice & 0x80 ? &evidence : NULL);
	name_settings_free(&settings);
	read_baseline(data + 2, size - 2);
	return 0;
}
