// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/severity.h"

#include <string.h>

static const char *const names[] = {
	[SEVERITY_OFF] = "off",
	[SEVERITY_NOTE] = "note",
	[SEVERITY_WARNING] = "warning",
	[SEVERITY_ERROR] = "error",
};

const char *severity_name(enum severity severity)
{
	return names[severity];
}

bool severity_parse(const char *text, enum severity *severity)
{
	for (enum severity i = SEVERITY_NOTE; i <= SEVERITY_ERROR; i++) {
		if (!strcmp(names[i], text)) {
			*severity = i;
			return true;
		}
	}
	return false;
}
