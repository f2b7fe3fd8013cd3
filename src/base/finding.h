/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with something, and the rule that it breaks: the findings of all commands. */
#ifndef BASE_FINDING_H
#define BASE_FINDING_H

#include "base/array.h"
#include "base/severity.h"

/* All of it is constant text; what is NULL is unknown or not needed. */
struct rule {
	const char *id;         /* stable */
	enum severity severity; /* of its most severe finding */
	const char *sentence;   /* what the kernel does, or what its convention says */
	const char *source;     /* where that is written; NULL: the sentence says so */
	const char *instead;    /* what to write instead; NULL: the finding says so */
	const char *property;   /* of a node of the tree, that it is about */
	const char *looks_at, *good, *bad;
};

/* Where a finding is, as far as that is known; the rest is NULL or 0. */
struct location {
	const char *file;
	char *node; /* its path in the tree; belongs to the finding */
	const char *property;
	const char *source; /* the file that it was made from … */
	unsigned int line;  /* … and the line; 0: not known */
};

struct finding {
	const struct rule *rule;
	enum severity severity;
	bool detail;         /* a note for whoever asks for more: reports have it with -v only */
	const char *subject; /* the name of the heap, region or node; not escaped */
	char *message;       /* not escaped; belongs to the finding */
	char *instead;       /* a better name; NULL: what the rule says. Belongs to the finding */
	struct location where;
	/* the part of the subject at fault, in bytes; length 0: what is missing there */
	bool marked;
	size_t start, length;
};

struct findings {
	ARRAY_OF(struct finding);
};

/* Frees what the findings own and leaves none. */
void findings_free(struct findings *findings) __attribute__((nonnull));
#define AUTO_FINDINGS __attribute__((cleanup(findings_free)))

/* The place of a rule among COUNT; COUNT: it is not there. */
size_t rule_index(const struct rule *const *rules, size_t count, const struct rule *rule)
	__attribute__((nonnull));

#endif
