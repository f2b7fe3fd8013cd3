/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIEW_FINDING_TEXT_H
#define VIEW_FINDING_TEXT_H

#include <stdio.h>

#include "base/finding.h"

/*
 * Writes COUNT findings, each as a line "SUBJECT: SEVERITY: MESSAGE [ID]", escaped, with "line N: "
 * before the message where they have one; where a part of
 * the subject is at fault two more that mark it. VERBOSITY: below 0 without notes, above 0 also the
 * rules, and what to write instead.
 */
void findings_write(FILE *out, const struct finding *findings, size_t count, bool color,
		    int verbosity) __attribute__((nonnull(1)));

/* Ends a text report: what to do NEXT (NULL: nothing), and how many notes are not shown. */
void findings_write_end(FILE *out, const char *next, size_t hidden) __attribute__((nonnull(1)));

#endif
