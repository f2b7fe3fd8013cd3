/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the functions of the rules share, and the rules by name, for their list. */
#ifndef MODEL_NAME_CHECK_H
#define MODEL_NAME_CHECK_H

#include "model/name/rule.h"

#define NAMING_CONVENTION \
	"Linux 7.2, Documentation/userspace-api/dma-buf-heaps.rst, Naming Convention"
#define SECOND_DRAFT \
	"linux-media, second draft of the naming document, June 2025; the merged text keeps " \
	"contiguous and protected (" NAMING_CONVENTION ")"
#define PRACTICE "practice: names of heaps in shipped kernels"

enum {
	ALL_CONVENTIONS = 1 << CONVENTION_V1 | 1 << CONVENTION_V2 | 1 << CONVENTION_LINUX,
	WITH_ATTRIBUTES = 1 << CONVENTION_V2 | 1 << CONVENTION_LINUX,
};

/*
 * Adds a finding of LENGTH bytes at START, unless there are very many. In TEXT, {} is that part and
 * {1} the ARGUMENT.
 */
void check_add(struct name_check *check, enum severity severity, size_t start, size_t length,
	       const char *text, const char *argument) __attribute__((nonnull(1, 5)));

/* check_words.c */
extern const struct name_rule rule_characters, rule_allocator_name, rule_implementation_detail,
	rule_vendor_prefix, rule_redundant_word;
/* check_region.c */
extern const struct name_rule rule_not_unique, rule_unit_address, rule_unstable_name,
	rule_no_region;
/* check_attribute.c */
extern const struct name_rule rule_attribute_conflict, rule_attribute_repeated,
	rule_attribute_false, rule_unknown_attribute, rule_attribute_missing;

#endif
