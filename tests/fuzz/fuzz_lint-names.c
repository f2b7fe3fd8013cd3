// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary bytes as names, under all rules and conventions, through all report writers, and as a
 * baseline; and what name_quick() says of them has to be true. The first byte chooses the evidence,
 * the second the report and a rule that is off for name_quick(); the rest are lines.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "model/name/baseline.h"
#include "model/name/quick.h"
#include "view/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct report_rule *rules(void)
{
	static struct report_rule shown[NAME_RULES_MOST];

	for (size_t i = 0; i < name_rule_count; i++) {
		const struct name_rule *rule = &name_rules[i];

		shown[i] = (struct report_rule){rule->id,     REPORT_ERROR,   rule->sentence,
						rule->source, rule->looks_at, rule->good,
						rule->bad};
	}
	return shown;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* What is true of every finding, whatever the name. */
static void look_at(const struct name_finding *finding, const char *name, const char *message)
{
	size_t length = strlen(name);

	must(finding->start <= length && finding->length <= length - finding->start);
	must(finding->severity >= SEVERITY_NOTE && finding->severity <= SEVERITY_ERROR);
	must(finding->severity == SEVERITY_NOTE || !known_name(name, length));
	must(*message);
}

static void judge(struct report *report, const struct name_settings *settings,
		  struct name_scope *scope, const char *name, const struct name_evidence *evidence)
{
	static struct name_findings findings;
	static struct report_finding shown[FINDINGS_MOST];
	static char messages[FINDINGS_MOST][1024];
	struct name_words words;
	AUTO_FREE char *better = NULL;

	name_split(name, strlen(name), &words);
	name_scope_expect(scope, words.hash);
	if (!name_lint(settings, scope, &words, evidence, &findings))
		return;
	better = name_better(settings, &words, evidence, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const struct name_finding *finding = &findings.items[i];

		name_finding_message(finding, name, messages[i], sizeof(messages[i]));
		look_at(finding, name, messages[i]);
		shown[i] = (struct report_finding){
			.rule = (size_t)(finding->rule - name_rules),
			.level = (enum report_level)(finding->severity - SEVERITY_NOTE),
			.message = messages[i],
			.start = finding->start,
			.length = finding->length,
			.suggestion = better,
		};
	}
	report_subject(report, &(struct report_subject){.name = name,
							.source = evidence ? name : NULL,
							.findings = shown,
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

static void judge_all(const struct strings *names, enum convention convention,
		      const struct report_format *format, const struct name_evidence *evidence)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	struct report report = {.format = format,
				.out = xmemopen(&text, &size),
				.tool = "fuzz",
				.rules = rules(),
				.rule_count = name_rule_count,
				.threshold = REPORT_ERROR};
	struct name_scope *scope = name_scope_new(0);
	struct name_settings settings;

	name_settings_init(&settings);
	settings.convention = convention;
	report_begin(&report);
	array_for_each (names, name)
		judge(&report, &settings, scope, *name, evidence);
	report_end(&report);
	xmemclose(report.out);
	look_for_controls(text, size);
	name_scope_free(scope);
	name_settings_free(&settings);
}

/* What is good for name_quick() is good for the rules, and has the same hash. */
static void judge_quickly(const struct name_settings *settings, const struct name_quick *quick,
			  const uint8_t *data, size_t length)
{
	static struct name_findings findings;
	/* no longer than has to be, for the sanitizer to see */
	AUTO_FREE char *line = xcalloc(length + 1 + NAME_QUICK_BEHIND, 1);
	struct name_words words;
	enum name_verdict verdict;
	size_t seen;
	uint32_t hash;

	memcpy(line, data, length);
	line[length] = '\n';
	verdict = name_quick(quick, line, &seen, &hash);
	if (verdict == NAME_OPEN)
		return;
	name_split(line, length, &words);
	must(seen == length && hash == words.hash);
	name_lint(settings, NULL, &words, NULL, &findings);
	must(verdict == NAME_BAD || (!findings.count && !memchr(line, '\0', length)));
}

static void ignore(void *data, const char *name, const char *source, struct name_findings *findings)
{
	(void)data;
	(void)source;
	must(*name && findings->count == 1);
}

static void read_baseline(const uint8_t *data, size_t size)
{
	AUTO_FREE char *copy = xcalloc(size + 1, 1);
	struct name_settings settings;
	struct baseline *baseline;
	const char *reason;
	size_t line;

	memcpy(copy, data, size);
	baseline = baseline_parse(copy, size, &line, &reason);
	must(baseline || (reason && line));
	name_settings_init(&settings);
	if (baseline)
		baseline_missing(baseline, &settings, ignore, NULL);
	baseline_free(baseline);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_STRINGS struct strings names = {0};
	struct name_settings settings;
	struct name_quick *quick;
	uint8_t choice = size ? *data : 0;
	size_t formats = 1;
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
	name_settings_severity(&settings, &name_rules[data[1] % name_rule_count], SEVERITY_OFF);
	quick = name_quick_new(&settings);
	for (size_t start = 2; start < size;) {
		const uint8_t *end = memchr(data + start, '\n', size - start);
		size_t length = end ? (size_t)(end - data) - start : size - start;

		judge_quickly(&settings, quick, data + start, length);
		strings_take(&names, xstrndup((const char *)data + start, length));
		start += length + 1;
	}
	name_quick_free(quick);
	name_settings_free(&settings);
	while (report_formats[formats])
		formats++;
	judge_all(&names, choice % CONVENTION_COUNT, report_formats[data[1] % formats],
		  choice & 0x80 ? &evidence : NULL);
	read_baseline(data + 2, size - 2);
	return 0;
}
