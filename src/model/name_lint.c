// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name_lint.h"

#include <string.h>

#include "base/xalloc.h"

void name_settings_init(struct name_settings *settings)
{
	*settings = (struct name_settings){.convention = CONVENTION_V2};
	_Static_assert(COUNT_OF(settings->severity) >= 16, "one for each rule");
	for (size_t i = 0; i < COUNT_OF(settings->severity); i++)
		settings->severity[i] = SEVERITY_DEFAULT;
}

void name_settings_free(struct name_settings *settings)
{
	array_for_each (&settings->allowances, allowance)
		free(allowance->name);
	array_free(&settings->allowances);
}

void name_settings_severity(struct name_settings *settings, const struct name_rule *rule,
			    enum severity severity)
{
	settings->severity[rule - name_rules] = (int)severity;
}

void name_settings_allow(struct name_settings *settings, const char *name,
			 const struct name_rule *rule)
{
	struct name_allowance *allowance = array_add(&settings->allowances);

	allowance->name = xstrdup(name);
	allowance->rule = rule;
}

enum severity name_settings_judge(const struct name_settings *settings, const char *name,
				  const struct name_rule *rule, enum severity severity)
{
	int wanted = settings->severity[rule - name_rules];

	array_for_each (&settings->allowances, allowance) {
		if ((!allowance->rule || allowance->rule == rule) && !strcmp(allowance->name, name))
			return SEVERITY_OFF;
	}
	return wanted == SEVERITY_DEFAULT ? severity : (enum severity)wanted;
}

/* The names in the order of their coming, and a hash table of their indices. */
struct name_scope {
	struct {
		ARRAY_OF(struct seen_name {
			const char *name;
			const struct name_evidence *evidence;
		});
	} names;
	struct scope_slot {
		uint32_t hash;
		uint32_t index : 31; /* of the name, plus one; 0: free */
		uint32_t twice : 1;  /* the very same name came again */
	} * slots;
	size_t size; /* a power of two */
};

struct name_scope *name_scope_new(void)
{
	struct name_scope *scope = xcalloc(1, sizeof(*scope));

	scope->size = 64;
	scope->slots = xcalloc(scope->size, sizeof(*scope->slots));
	return scope;
}

void name_scope_free(struct name_scope *scope)
{
	if (!scope)
		return;
	array_free(&scope->names);
	free(scope->slots);
	free(scope);
}

/* The high bits choose the place: the product in the hash has mixed them best. */
static size_t place_of(const struct name_scope *scope, uint32_t hash)
{
	return (size_t)((uint64_t)hash * scope->size >> 32);
}

static void put(struct name_scope *scope, struct scope_slot slot)
{
	size_t i = place_of(scope, slot.hash);

	while (scope->slots[i].index)
		i = (i + 1) & (scope->size - 1);
	scope->slots[i] = slot;
}

static void grow(struct name_scope *scope)
{
	struct scope_slot *old = scope->slots;
	size_t old_size = scope->size;

	scope->size *= 2;
	scope->slots = xcalloc(scope->size, sizeof(*scope->slots));
	for (size_t i = 0; i < old_size; i++) {
		if (old[i].index)
			put(scope, old[i]);
	}
	free(old);
}

/*
 * Finds an earlier name that is the same or can't be told from this one, the very same first.
 * Hashes of other names seldom are the same, so that the comparing costs little.
 */
static struct scope_slot *find(struct name_scope *scope, const struct name_words *words)
{
	struct scope_slot *similar = NULL;
	struct name_words other;

	for (size_t i = place_of(scope, words->hash); scope->slots[i].index;
	     i = (i + 1) & (scope->size - 1)) {
		struct scope_slot *slot = &scope->slots[i];
		const char *name;

		if (slot->hash != words->hash)
			continue;
		name = scope->names.items[slot->index - 1].name;
		if (!strcmp(name, words->name))
			return slot;
		if (similar)
			continue;
		name_split(name, strlen(name), &other);
		if (name_words_same(&other, words))
			similar = slot;
	}
	return similar;
}

static bool is_same_memory(const struct name_evidence *a, const struct name_evidence *b)
{
	return a && b && a->region && b->region && !strcmp(a->region, b->region);
}

/* Returns false where nothing new can be said of the name. */
static bool remember(struct name_scope *scope, struct name_check *check,
		     const struct name_evidence *evidence)
{
	const char *name = check->words->name;
	struct scope_slot *earlier = find(scope, check->words);
	struct seen_name *seen;

	if (earlier) {
		const struct seen_name *same = &scope->names.items[earlier->index - 1];

		check->same = same->name;
		check->same_memory = is_same_memory(same->evidence, evidence);
		if (!strcmp(same->name, name)) {
			bool again = earlier->twice;

			earlier->twice = true;
			return !again;
		}
	}
	seen = array_add(&scope->names);
	seen->name = name;
	seen->evidence = evidence;
	if (scope->names.count > scope->size / 2)
		grow(scope);
	put(scope,
	    (struct scope_slot){check->words->hash, (uint32_t)scope->names.count & 0x7fffffff, 0});
	return true;
}

/* Drops what the user does not want to know and sets the severities. */
static void judge(const struct name_settings *settings, const char *name,
		  struct name_findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++) {
		struct name_finding *finding = &findings->items[i];

		finding->severity =
			name_settings_judge(settings, name, finding->rule, finding->severity);
		if (finding->severity != SEVERITY_OFF) {
			if (kept != i)
				findings->items[kept] = *finding;
			kept++;
		}
	}
	findings->count = kept;
}

bool name_lint(const struct name_settings *settings, struct name_scope *scope, const char *name,
	       const struct name_evidence *evidence, struct name_findings *findings)
{
	static const struct name_evidence nothing;
	struct name_words words;
	struct name_check check = {.words = &words,
				   .evidence = evidence ? evidence : &nothing,
				   .convention = settings->convention,
				   .findings = findings};

	findings->count = 0;
	name_split(name, strlen(name), &words);
	check.fixed = name_fixed(name, words.length) != NULL;
	if (scope && !remember(scope, &check, evidence))
		return false;
	for (size_t i = 0; i < name_rule_count; i++) {
		check.rule = &name_rules[i];
		if (check.rule->check && settings->severity[i] != SEVERITY_OFF &&
		    check.rule->conventions & 1u << settings->convention)
			check.rule->check(&check);
	}
	if (findings->count)
		judge(settings, name, findings);
	return true;
}
