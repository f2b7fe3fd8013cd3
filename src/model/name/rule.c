// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/rule.h"

#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"

/* baseline.c compares lists: it looks at no single name. */
const struct name_rule rule_baseline = {
	{
		.id = "baseline",
		.severity = SEVERITY_ERROR,
		.sentence = "The name stays the same from one version to the next.",
		.source = NAMING_CONVENTION,
		.looks_at = "with --baseline: heaps that disappeared, were renamed or moved since "
			    "the file was saved; a note: new ones",
		.good = "the names of the last release",
		.bad = "a name of the last release that is gone",
	},
	ALL_CONVENTIONS,
	NULL,
};

#define ADDRESS(symbol) &rule_##symbol,
const struct name_rule *const name_rules[NAME_RULE_COUNT] = {NAME_RULES(ADDRESS)};

const struct rule *name_rule_find(const char *id)
{
	for (size_t i = 0; i < NAME_RULE_COUNT; i++) {
		if (!strcmp(name_rules[i]->rule.id, id))
			return &name_rules[i]->rule;
	}
	return NULL;
}

enum {
	FINDINGS_MOST = 64 /* for one name; more say nothing new */
};

/* A note is of no use where something more severe marks the same part. */
static bool is_marked(const struct findings *findings, size_t start, size_t length)
{
	array_for_each (findings, other) {
		if (!other->detail && start < other->start + other->length &&
		    other->start < start + length)
			return true;
	}
	return false;
}

static char *make_message(const struct name_check *check, size_t start, size_t length,
			  const char *text, const char *argument)
{
	char *message;
	size_t size;
	FILE *stream = xmemopen(&message, &size);

	while (*text) {
		if (text_starts_with(text, "{}")) {
			fwrite(check->words->name + start, 1, length, stream);
			text += 2;
		} else if (text_starts_with(text, "{1}")) {
			fputs(argument, stream);
			text += 3;
		} else {
			fputc(*text++, stream);
		}
	}
	xmemclose(stream);
	return message;
}

static void add(struct name_check *check, enum severity severity, bool detail, size_t start,
		size_t length, const char *text, const char *argument)
{
	struct findings *findings = check->findings;

	if (findings->count == FINDINGS_MOST ||
	    (severity == SEVERITY_NOTE && is_marked(findings, start, length)))
		return;
	*array_add(findings) = (struct finding){
		.rule = check->rule,
		.severity = severity,
		.detail = detail,
		.subject = check->words->name,
		.message = make_message(check, start, length, text, argument),
		.marked = true,
		.start = start,
		.length = length,
	};
}

void check_add(struct name_check *check, enum severity severity, size_t start, size_t length,
	       const char *text, const char *argument)
{
	add(check, severity, false, start, length, text, argument);
}

void check_add_detail(struct name_check *check, size_t start, size_t length, const char *text,
		      const char *argument)
{
	add(check, SEVERITY_NOTE, true, start, length, text, argument);
}
