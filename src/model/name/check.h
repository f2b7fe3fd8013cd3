/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions behind the rules. Each adds findings for its own rule and nothing else. */
#ifndef MODEL_NAME_CHECK_H
#define MODEL_NAME_CHECK_H

#include "model/name/rule.h"

/* Adds a finding of LENGTH bytes at START; NULL where there are too many. */
struct name_finding *check_add(struct name_check *check, enum severity severity, size_t start,
			       size_t length, const char *text, const char *argument)
	__attribute__((nonnull(1, 5)));

/* name_check_words.c */
void check_allocator_name(struct name_check *check);
void check_implementation_detail(struct name_check *check);
void check_vendor_prefix(struct name_check *check);
void check_redundant_word(struct name_check *check);
void check_characters(struct name_check *check);

/* name_check_region.c */
void check_not_unique(struct name_check *check);
void check_no_region(struct name_check *check);
void check_unit_address(struct name_check *check);
void check_unstable_name(struct name_check *check);

/* name_check_attribute.c */
void check_unknown_attribute(struct name_check *check);
void check_attribute_conflict(struct name_check *check);
void check_attribute_repeated(struct name_check *check);
void check_attribute_false(struct name_check *check);
void check_attribute_missing(struct name_check *check);

#endif
