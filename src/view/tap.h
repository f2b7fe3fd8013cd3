/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Test Anything Protocol (testanything.org, version 14) and the kernel's dialect of it, KTAP.
 */
#ifndef VIEW_TAP_H
#define VIEW_TAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct tap {
	FILE *out;
	bool kernel;         /* KTAP: Documentation/dev-tools/ktap.rst */
	const char *subtest; /* KTAP: the name of a document inside another, or NULL */
	size_t plan; /* results to come, where that is known; 0: written at the end (not for KTAP)
		      */
	size_t done;
};

/* Writes the version and, where it is known, the plan. Each line of KTAP is flushed, so that what
 * came before a crash of the machine is there to read. */
void tap_begin(struct tap *tap) __attribute__((nonnull));
/*
 * Writes one result, whose number follows from those before. SKIP is the reason why it was not
 * carried out, or NULL. Texts are escaped here.
 */
void tap_result(struct tap *tap, bool ok, const char *description, const char *skip)
	__attribute__((nonnull(1, 3)));
/* Writes a line of diagnostics. KTAP wants it before its result, TAP after. */
void tap_diagnostic(struct tap *tap, const char *text) __attribute__((nonnull));
/* Writes the plan where it was unknown. */
void tap_end(struct tap *tap) __attribute__((nonnull));
/* Instead of the plan: ends a document whose remaining results will not come. */
void tap_bail_out(struct tap *tap, const char *reason) __attribute__((nonnull));

#endif
