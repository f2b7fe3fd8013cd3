/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules for names of heaps, as data: what the convention says, where it says so, and the
 * function that looks. Documentation/userspace-api/dma-buf-heaps.rst, "Naming Convention", Linux
 * 7.2, and its two drafts on linux-media.
 */
#ifndef MODEL_NAME_RULE_H
#define MODEL_NAME_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/known.h"
#include "base/severity.h"
#include "model/name/words.h"

enum convention {
	CONVENTION_V1,    /* first draft, May 2025: no attributes */
	CONVENTION_V2,    /* second draft, June 2025: four attributes */
	CONVENTION_LINUX, /* as merged: contiguous, protected */
	CONVENTION_COUNT,
};

/* What is known of the heap beside its name; all zero where nothing is. */
struct name_evidence {
	const char *region;  /* identifies the memory: its node's path or the like; NULL: unknown */
	bool dynamic;        /* the kernel chooses the place at each boot */
	bool placed;         /* base and size are known */
	uint64_t base, size; /* bytes */
	enum tristate contiguous, cacheable, protected, mappable; /* of the heap's buffers */
};

struct name_rule;

enum {
	FINDING_NUMBER = 24 /* "0x" and 16 digits, and to spare */
};

/* One finding. The text belongs to the rule: it is static. */
struct name_finding {
	const struct name_rule *rule;
	enum severity severity;
	size_t start, length; /* the part at fault, in bytes; length 0: what is missing there */
	const char *text;     /* {} is the part, {1} the argument */
	const char *argument; /* NULL: number */
	char number[FINDING_NUMBER];
	bool fixed; /* the kernel fixes the name, so it is a note only */
};

enum {
	FINDINGS_MOST = 64 /* for one name; more say nothing new */
};

struct name_findings {
	size_t count;
	struct name_finding items[FINDINGS_MOST];
	char missing[64]; /* argument of attribute-missing */
};

/* What a check gets. */
struct name_check {
	const struct name_rule *rule;
	const struct name_words *words;
	const struct name_evidence *evidence; /* never NULL */
	enum convention convention;
	bool fixed;
	const char *same; /* an earlier name of the list that can't be told from this, or NULL */
	bool same_memory; /* both are known to name the same memory */
	struct name_findings *findings;
};

enum {
	NAME_RULES_MOST = 16 /* room for one of each */
};

struct name_rule {
	const char *id;
	enum severity severity;   /* of its gravest finding, unless the user changes it */
	unsigned int conventions; /* 1 << enum convention */
	const char *sentence;     /* of the convention, in our words */
	const char *source;
	const char *looks_at;
	const char *good, *bad; /* examples under the default convention */
	/* 1 << enum word_class and enum name_feature: a name with none of them is no finding */
	uint32_t looks_for;
	void (*check)(struct name_check *check);
};

/* The rules, in the order in which they report. */
extern const struct name_rule name_rules[];
extern const size_t name_rule_count;

/* NULL: there is none. */
const struct name_rule *name_rule_find(const char *id) __attribute__((nonnull));

const char *convention_name(enum convention convention);
/* Returns false where TEXT is none. */
bool convention_parse(const char *text, enum convention *convention) __attribute__((nonnull));

/* Says whether the convention lists the attribute. */
bool convention_has(enum convention convention, enum word_property property);

/*
 * Writes the message of a finding in NAME, with a NUL, cut at SIZE bytes. What of it came from
 * outside is not escaped.
 */
void name_finding_message(const struct name_finding *finding, const char *name, char *message,
			  size_t size) __attribute__((nonnull));

#endif
