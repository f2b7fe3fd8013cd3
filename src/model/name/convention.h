/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The naming convention and its drafts. */
#ifndef MODEL_NAME_CONVENTION_H
#define MODEL_NAME_CONVENTION_H

#include "model/name/vocabulary.h"

enum convention {
	CONVENTION_V1,    /* first draft, May 2025: no attributes */
	CONVENTION_V2,    /* second draft, June 2025: four attributes */
	CONVENTION_LINUX, /* as merged: contiguous, protected */
	CONVENTION_COUNT,
};

/* "v1", "v2", "linux": constant. */
const char *convention_name(enum convention convention);

/* Says whether the convention lists the attribute. */
bool convention_has(enum convention convention, enum word_property property);

#endif
