// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/scope.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

struct member {
	const char *name;
	char *key; /* of name_key() */
	const struct name_evidence *evidence;
	bool twice; /* the very same name came again */
};

/* Two trees of tsearch(3): all names, and the first one of each key. */
struct name_scope {
	void *names, *keys;
};

struct name_scope *name_scope_new(void)
{
	return xcalloc(1, sizeof(struct name_scope));
}

static void member_free(void *node)
{
	struct member *member = node;

	free(member->key);
	free(member);
}

static void keep(void *node)
{
	(void)node; /* belongs to the tree of names */
}

void name_scope_free(struct name_scope *scope)
{
	if (!scope)
		return;
	tdestroy(scope->keys, keep);
	tdestroy(scope->names, member_free);
	free(scope);
}

static int by_name(const void *a, const void *b)
{
	const struct member *one = a, *other = b;

	return strcmp(one->name, other->name);
}

static int by_key(const void *a, const void *b)
{
	const struct member *one = a, *other = b;

	return strcmp(one->key, other->key);
}

/* Returns the member that is equal to MEMBER, which is MEMBER itself where it is new. */
static struct member *find_or_add(void **tree, struct member *member,
				  int (*compare)(const void *, const void *))
{
	return *MUST_HAVE((struct member **)tsearch(member, tree, compare));
}

static bool is_same_memory(const struct name_evidence *one, const struct name_evidence *other)
{
	return one && other && one->region && other->region && !strcmp(one->region, other->region);
}

bool name_scope_add(struct name_scope *scope, const struct name_words *words,
		    const struct name_evidence *evidence, const char **same, bool *same_memory)
{
	struct member *member = xcalloc(1, sizeof(*member)), *earlier;

	member->name = words->name;
	member->evidence = evidence;
	earlier = find_or_add(&scope->names, member, by_name);
	if (earlier == member) {
		member->key = name_key(words);
		if (member->key)
			earlier = find_or_add(&scope->keys, member, by_key);
	} else {
		member_free(member);
		if (earlier->twice)
			return false;
		earlier->twice = true;
	}
	if (earlier != member) {
		*same = earlier->name;
		*same_memory = is_same_memory(earlier->evidence, evidence);
	}
	return true;
}

bool name_scope_has(const struct name_scope *scope, const char *name)
{
	struct name_words words;
	AUTO_FREE char *key = NULL;
	struct member member = {.name = name};

	if (tfind(&member, &scope->names, by_name))
		return true;
	name_split(name, strlen(name), &words);
	key = member.key = name_key(&words);
	return key && tfind(&member, &scope->keys, by_key);
}
