/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JUnit's XML, as GitLab, Jenkins and GitHub's actions read it: one suite of test cases. */
#ifndef VIEW_JUNIT_H
#define VIEW_JUNIT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum junit_outcome {
	JUNIT_PASSED,
	JUNIT_FAILED,
	JUNIT_ERROR, /* could not be carried out */
	JUNIT_SKIPPED,
};

struct junit_case {
	const char *group; /* classname */
	const char *name;
	enum junit_outcome outcome;
	const char *type;    /* of the failure, error: a rule, a reason; or NULL */
	const char *message; /* one line: the failure, error, or why it was skipped; or NULL */
	const char *details; /* more lines, also of a case that passed; or NULL */
	uint64_t ns;         /* that it took; 0: not measured */
};

struct junit;

/* Begins a suite. No text is escaped by the caller, here and below. */
struct junit *junit_begin(const char *suite) __attribute__((returns_nonnull, nonnull));
void junit_case(struct junit *junit, const struct junit_case *test) __attribute__((nonnull));
/* Writes the suite, with its counts, and releases it. */
void junit_end(struct junit *junit, FILE *out) __attribute__((nonnull));

#endif
