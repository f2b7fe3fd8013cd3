// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name_lint.h"

#include <string.h>

#include "base/huge.h"
#include "base/xalloc.h"

void name_settings_init(struct name_settings *settings)
{
	*settings = (struct name_settings){.convention = CONVENTION_V2};
	_Static_assert(COUNT_OF(settings->severity) >= 16, "one for each rule");
	for (size_t i = 0; i < COUNT_OF(settings->severity); i++)
		settings->severity[i] = SEVERITY_DEFAULT;
	for (size_t i = 0; i < name_rule_count; i++)
		settings->looks_for |= name_rules[i].looks_for;
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
	const char **names;
	size_t count, most; /* for more the scope has to grow */
	/* in the same order; as long as the last name that has some */
	struct {
		ARRAY_OF(const struct name_evidence *);
	} evidence;
	struct scope_slot {
		uint32_t hash;
		uint32_t index : 31; /* of the name, plus one; 0: free */
		uint32_t twice : 1;  /* the very same name came again */
	} * slots;
	size_t size;
};

static void make_room(struct name_scope *scope, size_t size)
{
	scope->size = size;
	scope->most = size / 4 * 3; /* then the way to a free slot is short */
	scope->slots = huge_calloc(size, sizeof(*scope->slots));
	scope->names = huge_calloc(scope->most, sizeof(*scope->names));
}

struct name_scope *name_scope_new(size_t expected)
{
	struct name_scope *scope = xcalloc(1, sizeof(*scope));

	make_room(scope, 64 + expected + expected / 2);
	return scope;
}

static void free_room(struct name_scope *scope)
{
	huge_free(scope->names, scope->most, sizeof(*scope->names));
	huge_free(scope->slots, scope->size, sizeof(*scope->slots));
}

void name_scope_free(struct name_scope *scope)
{
	if (!scope)
		return;
	array_free(&scope->evidence);
	free_room(scope);
	free(scope);
}

static size_t place_of(const struct name_scope *scope, uint32_t hash)
{
	return (size_t)((uint64_t)hash * scope->size >> 32);
}

static size_t next_place(const struct name_scope *scope, size_t place)
{
	return place + 1 < scope->size ? place + 1 : 0;
}

void name_scope_expect(const struct name_scope *scope, uint32_t hash)
{
	__builtin_prefetch(&scope->slots[place_of(scope, hash)], 1);
}

static void put(struct name_scope *scope, struct scope_slot slot)
{
	size_t i = place_of(scope, slot.hash);

	while (scope->slots[i].index)
		i = next_place(scope, i);
	scope->slots[i] = slot;
}

static __attribute__((noinline)) void grow(struct name_scope *scope)
{
	struct name_scope old = *scope;

	make_room(scope, 2 * old.size);
	memcpy(scope->names, old.names, old.count * sizeof(*old.names));
	for (size_t i = 0; i < old.size; i++) {
		if (old.slots[i].index)
			put(scope, old.slots[i]);
	}
	free_room(&old);
}

/*
 * Finds an earlier name that is the same or can't be told from this one, the very same first; if
 * there is none, the place where it belongs. Hashes of other names seldom are the same, so that the
 * comparing costs little.
 */
static struct scope_slot *find(struct name_scope *scope, const struct name_words *words)
{
	struct scope_slot *similar = NULL, *slot;
	struct name_words other;
	size_t i = place_of(scope, words->hash);

	for (slot = &scope->slots[i]; slot->index; slot = &scope->slots[i]) {
		i = next_place(scope, i);
		if (slot->hash == words->hash) {
			const char *name = scope->names[slot->index - 1];

			if (!strcmp(name, words->name))
				return slot;
			name_split(name, strlen(name), &other);
			if (!similar && name_words_same(&other, words))
				similar = slot;
		}
	}
	return similar ? similar : slot;
}

static bool is_same_memory(const struct name_scope *scope, size_t index,
			   const struct name_evidence *evidence)
{
	const struct name_evidence *other =
		index < scope->evidence.count ? scope->evidence.items[index] : NULL;

	return evidence && other && evidence->region && other->region &&
	       !strcmp(evidence->region, other->region);
}

/* Adds a name; SLOT is the one that was found for it. */
static inline void add(struct name_scope *scope, struct scope_slot *slot, const char *name,
		       uint32_t hash)
{
	struct scope_slot added = {.hash = hash};

	scope->names[scope->count++] = name;
	added.index = (uint32_t)scope->count & 0x7fffffff;
	if (!slot->index)
		*slot = added;
	else
		put(scope, added);
	if (scope->count == scope->most)
		grow(scope);
}

/* Returns false where nothing new can be said of the name. */
static bool remember(struct name_scope *scope, struct name_check *check,
		     const struct name_evidence *evidence)
{
	const struct name_words *words = check->words;
	struct scope_slot *slot = find(scope, words);

	if (slot->index) {
		check->same = scope->names[slot->index - 1];
		check->same_memory = is_same_memory(scope, slot->index - 1, evidence);
		if (!strcmp(check->same, words->name)) {
			bool again = slot->twice;

			slot->twice = true;
			return !again;
		}
	}
	while (evidence && scope->evidence.count <= scope->count)
		*array_add(&scope->evidence) = NULL;
	if (evidence)
		scope->evidence.items[scope->count] = evidence;
	add(scope, slot, words->name, words->hash);
	return true;
}

bool name_scope_add(struct name_scope *scope, const char *name, uint32_t hash)
{
	size_t i = place_of(scope, hash);

	for (; scope->slots[i].index; i = next_place(scope, i)) {
		if (scope->slots[i].hash == hash)
			return false;
	}
	add(scope, &scope->slots[i], name, hash);
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

bool name_lint(const struct name_settings *settings, struct name_scope *scope,
	       const struct name_words *words, const struct name_evidence *evidence,
	       struct name_findings *findings)
{
	static const struct name_evidence nothing;
	struct name_check check = {.words = words,
				   .evidence = evidence ? evidence : &nothing,
				   .convention = settings->convention,
				   .findings = findings};

	uint32_t features = words->features;

	findings->count = 0;
	if (scope && !remember(scope, &check, evidence))
		return false;
	if (evidence)
		features |= FEATURE_EVIDENCE;
	if (check.same)
		features |= FEATURE_SAME;
	if (!(features & settings->looks_for))
		return true;
	check.fixed = name_fixed(words->name, words->length) != NULL;
	for (size_t i = 0; i < name_rule_count; i++) {
		check.rule = &name_rules[i];
		if (features & check.rule->looks_for && settings->severity[i] != SEVERITY_OFF &&
		    check.rule->conventions & 1u << settings->convention)
			check.rule->check(&check);
	}
	if (findings->count)
		judge(settings, words->name, findings);
	return true;
}
