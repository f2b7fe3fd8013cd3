/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings about named subjects, written as they come in one of several formats; nothing is kept
 * but what a format demands at its end.
 */
#ifndef VIEW_REPORT_H
#define VIEW_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct json_object;

enum report_level {
	REPORT_NOTE,
	REPORT_WARNING,
	REPORT_ERROR,
	REPORT_NEVER, /* a threshold that nothing reaches */
};

struct report_rule {
	const char *id;
	enum report_level level;
	const char *sentence, *source, *looks_at, *good, *bad;
};

struct report_finding {
	size_t rule; /* index in the report's rules */
	enum report_level level;
	const char *message;    /* not escaped */
	size_t start, length;   /* of the part of the subject's name, in bytes */
	const char *suggestion; /* a better name, or NULL */
};

struct report_subject {
	const char *name;   /* not escaped */
	const char *source; /* the file that it comes from, or NULL */
	const struct report_finding *findings;
	size_t count;
	/* what is known of it, for JSON; the report takes it. NULL: the name alone */
	struct json_object *facts;
};

struct report_format;

struct report {
	const struct report_format *format;
	FILE *out;
	const char *tool; /* the command */
	const struct report_rule *rules;
	size_t rule_count;
	enum report_level threshold; /* findings at or above it fail */
	bool color, quiet;
	bool incomplete; /* not all could be read: may be set until report_end() */
	/* of the report itself */
	size_t subjects, counts[REPORT_NEVER]; /* findings by level */
	bool failed;                           /* a finding reached the threshold */
	void *state;
};

struct report_format {
	const char *name;
	void (*begin)(struct report *report); /* NULL: nothing to do */
	void (*subject)(struct report *report, const struct report_subject *subject);
	void (*end)(struct report *report);
	bool clean; /* wants subjects without findings, too */
};

/* What an incomplete report says where its format has a place for it. */
#define REPORT_INCOMPLETE "not all names could be read: standard error says why"

extern const struct report_format report_text, report_json, report_sarif, report_github,
	report_junit, report_tap;

/* All formats, the default first; NULL ends. */
extern const struct report_format *const report_formats[];
const struct report_format *report_format_find(const char *name) __attribute__((nonnull));

const char *report_level_name(enum report_level level);

void report_begin(struct report *report) __attribute__((nonnull));
/* Counts and writes one subject; each once. */
void report_subject(struct report *report, const struct report_subject *subject)
	__attribute__((nonnull));
void report_end(struct report *report) __attribute__((nonnull));

#endif
