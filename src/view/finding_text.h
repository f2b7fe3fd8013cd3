/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIEW_FINDING_TEXT_H
#define VIEW_FINDING_TEXT_H

#include <stdio.h>

#include "base/finding.h"

/*
 * Writes a finding as a line "SUBJECT: SEVERITY: MESSAGE [ID]", escaped; where a part of the
 * subject is at fault two more that mark it. VERBOSE: also the rule, and what to write instead.
 */
void finding_write(FILE *out, const struct finding *finding, bool color, bool verbose)
	__attribute__((nonnull));

#endif
