// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/convention.h"

static const char *const convention_names[CONVENTION_COUNT] = {"v1", "v2", "linux"};

const char *convention_name(enum convention convention)
{
	return convention_names[convention];
}

bool convention_has(enum convention convention, enum word_property property)
{
	switch (convention) {
	case CONVENTION_V2:
		return property_word(property);
	case CONVENTION_LINUX:
		return property == PROPERTY_CONTIGUOUS || property == PROPERTY_PROTECTED;
	default:
		return false;
	}
}
