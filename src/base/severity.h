/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How severe a finding is. */
#ifndef BASE_SEVERITY_H
#define BASE_SEVERITY_H

#include <stdbool.h>

enum severity {
	SEVERITY_OFF,     /* not wanted */
	SEVERITY_NOTE,    /* worth knowing */
	SEVERITY_WARNING, /* works, but not as written */
	SEVERITY_ERROR,   /* memory, a heap or its name is not what it is meant to be */
	SEVERITY_NEVER,   /* a threshold that nothing reaches */
};

/* "note", "warning", "error"; "off". */
const char *severity_name(enum severity severity) __attribute__((returns_nonnull));

/* Reads note, warning or error. Returns false where TEXT is none of them. */
bool severity_parse(const char *text, enum severity *severity) __attribute__((nonnull));

#endif
