/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules for names of heaps: what the convention says, where it says so, and the function that
 * looks. Documentation/userspace-api/dma-buf-heaps.rst, "Naming Convention", Linux 7.2, and its two
 * drafts on linux-media.
 */
#ifndef MODEL_NAME_RULE_H
#define MODEL_NAME_RULE_H

#include "base/finding.h"
#include "model/name/convention.h"
#include "model/name/evidence.h"
#include "model/name/words.h"

/* Sources. */
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

/* What the function of a rule gets. */
struct name_check {
	const struct rule *rule;
	const struct name_words *words;
	const struct name_evidence *evidence; /* never NULL */
	enum convention convention;
	bool strict;      /* also names that nobody can change are judged as others */
	const char *same; /* an earlier name of the list that can't be told from this, or NULL */
	bool same_memory; /* both are known to name the same memory */
	struct findings *findings;
};

/*
 * Adds a finding of LENGTH bytes at START, unless there are very many. In TEXT, {} is that part and
 * {1} the ARGUMENT.
 */
void check_add(struct name_check *check, enum severity severity, size_t start, size_t length,
	       const char *text, const char *argument) __attribute__((nonnull(1, 5)));

/* The same of a note that only whoever asks for more wants to read: finding.detail. */
void check_add_detail(struct name_check *check, size_t start, size_t length, const char *text,
		      const char *argument) __attribute__((nonnull(1, 4)));

struct name_rule {
	struct rule rule;
	unsigned int conventions;                /* 1 << enum convention */
	void (*check)(struct name_check *check); /* adds findings; NULL: the baseline's */
};

/*
 * The rules, one a line, in the order in which they report: EACH(symbol) for rule_<symbol>, which
 * is beside its function in check_fixed.c, check_words.c, check_region.c or check_attribute.c (the
 * baseline's, of baseline.c, in rule.c).
 */
#define NAME_RULES(EACH) \
	EACH(fixed_name) \
	EACH(vendor_name) \
	EACH(characters) \
	EACH(allocator_name) \
	EACH(implementation_detail) \
	EACH(not_unique) \
	EACH(unit_address) \
	EACH(attribute_conflict) \
	EACH(attribute_repeated) \
	EACH(attribute_false) \
	EACH(unknown_attribute) \
	EACH(unstable_name) \
	EACH(vendor_prefix) \
	EACH(redundant_word) \
	EACH(no_region) \
	EACH(attribute_missing) \
	EACH(baseline)

#define NAME_RULE_DECLARATION(symbol) extern const struct name_rule rule_##symbol;
NAME_RULES(NAME_RULE_DECLARATION)
#undef NAME_RULE_DECLARATION

#define NAME_RULE_ONE(symbol) +1
enum {
	NAME_RULE_COUNT = NAME_RULES(NAME_RULE_ONE)
};
#undef NAME_RULE_ONE

extern const struct name_rule *const name_rules[NAME_RULE_COUNT];

/*
 * Says whether the kernel, a vendor's driver or the programs that open it fix the name: only
 * fixed-name, vendor-name and not-unique look at it, unless strictly.
 */
bool name_is_fixed(const struct name_words *words, const struct name_evidence *evidence)
	__attribute__((nonnull));

/* The rule with this id, or NULL. */
const struct rule *name_rule_find(const char *id) __attribute__((nonnull));

#endif
