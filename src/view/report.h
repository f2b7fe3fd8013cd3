/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings about named subjects, written as they come in one of several formats; nothing is kept
 * but what a format demands at its end.
 */
#ifndef VIEW_REPORT_H
#define VIEW_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/finding.h"

struct value;

struct report_subject {
	const char *name;   /* not escaped */
	const char *source; /* the file that it comes from, or NULL */
	/* what stays of the source's path in another checkout; NULL: the path */
	const char *key;
	bool uncounted; /* not one of what the command looks at, but of what it compares with */
	const struct finding *findings;
	size_t count;
	/* what is known of it, for JSON; the report takes it. NULL: the name alone */
	struct value *facts;
};

struct report_format;

struct report {
	const struct report_format *format;
	FILE *out;
	const char *tool;      /* the command */
	const char *subjects;  /* what it looks at: "names", "regions" … */
	const char *next;      /* what to do about findings above a note, or NULL */
	const char *document;  /* address of what the rules are about */
	const char *directory; /* the working directory, which paths are relative to */
	const struct rule *const *rules;
	size_t rule_count;
	enum severity threshold; /* findings at or above it fail */
	bool color;
	int verbosity;   /* -1: quiet, 1: verbose */
	bool incomplete; /* not all could be read: may be set until report_end() */
	/* of the report itself */
	size_t count, counts[SEVERITY_ERROR + 1]; /* subjects; findings by severity */
	size_t hidden;                            /* notes that are left out */
	bool failed;                              /* a finding reached the threshold */
	void *seen;                               /* fingerprints */
	void *state;
};

struct report_format {
	const char *name;
	void (*begin)(struct report *report); /* NULL: nothing to do */
	void (*subject)(struct report *report, const struct report_subject *subject);
	void (*end)(struct report *report);
	bool clean; /* wants subjects without findings, too */
	bool once;  /* wants no finding whose fingerprint it has had */
};

extern const struct report_format report_text, report_json, report_sarif, report_github,
	report_gitlab, report_junit, report_tap;

void report_begin(struct report *report) __attribute__((nonnull));
/*
 * Counts and writes one subject; each once. Findings that are a detail are left out unless the
 * report is verbose.
 */
void report_subject(struct report *report, const struct report_subject *subject)
	__attribute__((nonnull));
void report_end(struct report *report) __attribute__((nonnull));

/*
 * What an incomplete report says where its format has a place for it; the caller frees it.
 */
char *report_incomplete(const struct report *report) __attribute__((nonnull, returns_nonnull));

/*
 * The same for the same finding in another checkout, build directory or run, as long as its place
 * (source file, else key) and text stay; a line number has no part in it.
 */
uint64_t report_fingerprint(const struct report *report, const struct report_subject *subject,
			    const struct finding *finding) __attribute__((nonnull));
/* The fingerprint as text; the caller frees it. */
char *report_fingerprint_text(const struct report *report, const struct report_subject *subject,
			      const struct finding *finding)
	__attribute__((nonnull, returns_nonnull));

/*
 * The file of a finding, relative to the working directory where it lies below that, else absolute.
 * Without a file it is the heap's own, in /dev/dma_heap. The caller frees it.
 */
char *report_path(const struct report *report, const struct report_subject *subject,
		  const struct finding *finding) __attribute__((nonnull, returns_nonnull));

/* "NAME: MESSAGE (NODE)", with the node's path where no line is known. The caller frees it. */
char *report_message(const struct report_subject *subject, const struct finding *finding)
	__attribute__((nonnull, returns_nonnull));

#endif
