// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/scope.h"

#include <string.h>

#include "base/array.h"
#include "base/huge.h"
#include "base/xalloc.h"

enum {
	BUCKET = 8 /* places, which fill a line of most caches */
};

struct scope_bucket {
	uint32_t hashes[BUCKET];
	uint32_t indices[BUCKET]; /* of the names, plus one; 0: free */
};

/*
 * The names in the order of their coming, and a hash table of their indices. A name goes to the
 * first free place of its bucket, or of the next ones where that is full. To look at all of a
 * bucket takes no decision, and so less time than to find the first free one of single places.
 */
struct name_scope {
	const char **names;
	size_t count, most; /* for more the scope has to grow */
	/* in the same order; as long as the last name that has some */
	struct {
		ARRAY_OF(const struct name_evidence *);
	} evidence;
	struct scope_bucket *buckets;
	size_t bucket_count;
};

/* In an index: the very same name came again. */
static const uint32_t TWICE = UINT32_C(1) << 31;

static void make_room(struct name_scope *scope, size_t bucket_count)
{
	scope->bucket_count = bucket_count;
	scope->most = bucket_count * BUCKET / 4 * 3; /* then few buckets are full */
	scope->buckets = huge_calloc(bucket_count, sizeof(*scope->buckets));
	scope->names = huge_calloc(scope->most, sizeof(*scope->names));
}

static void free_room(struct name_scope *scope)
{
	huge_free(scope->names, scope->most, sizeof(*scope->names));
	huge_free(scope->buckets, scope->bucket_count, sizeof(*scope->buckets));
}

struct name_scope *name_scope_new(size_t expected)
{
	struct name_scope *scope = xcalloc(1, sizeof(*scope));

	make_room(scope, 8 + expected * 3 / 2 / BUCKET);
	return scope;
}

void name_scope_free(struct name_scope *scope)
{
	if (!scope)
		return;
	array_free(&scope->evidence);
	free_room(scope);
	free(scope);
}

static struct scope_bucket *bucket_of(const struct name_scope *scope, uint32_t hash)
{
	return &scope->buckets[(uint64_t)hash * scope->bucket_count >> 32];
}

static struct scope_bucket *next_bucket(const struct name_scope *scope, struct scope_bucket *bucket)
{
	return ++bucket < scope->buckets + scope->bucket_count ? bucket : scope->buckets;
}

static bool is_full(const struct scope_bucket *bucket)
{
	return bucket->indices[BUCKET - 1];
}

static unsigned int count_used(const struct scope_bucket *bucket)
{
	unsigned int used = 0;

	for (size_t i = 0; i < BUCKET; i++)
		used += bucket->indices[i] != 0;
	return used;
}

/* May be wrong for 0, which free places have, too. */
static bool has_hash(const struct scope_bucket *bucket, uint32_t hash)
{
	unsigned int same = 0;

	for (size_t i = 0; i < BUCKET; i++)
		same |= bucket->hashes[i] == hash;
	return same;
}

void name_scope_expect(const struct name_scope *scope, uint32_t hash)
{
	__builtin_prefetch(bucket_of(scope, hash), 1);
}

/* Puts an index into the first free place from BUCKET on. */
static void put(const struct name_scope *scope, struct scope_bucket *bucket, uint32_t hash,
		uint32_t index)
{
	unsigned int used;

	while (is_full(bucket))
		bucket = next_bucket(scope, bucket);
	used = count_used(bucket);
	bucket->hashes[used] = hash;
	bucket->indices[used] = index;
}

static __attribute__((noinline)) void grow(struct name_scope *scope)
{
	struct name_scope old = *scope;

	make_room(scope, 2 * old.bucket_count);
	memcpy(scope->names, old.names, old.count * sizeof(*old.names));
	for (size_t i = 0; i < old.bucket_count; i++) {
		const struct scope_bucket *bucket = &old.buckets[i];

		for (unsigned int j = 0; j < count_used(bucket); j++)
			put(scope, bucket_of(scope, bucket->hashes[j]), bucket->hashes[j],
			    bucket->indices[j]);
	}
	free_room(&old);
}

/* Adds a name, in BUCKET or behind it. */
static inline void add(struct name_scope *scope, struct scope_bucket *bucket, const char *name,
		       uint32_t hash)
{
	scope->names[scope->count++] = name;
	put(scope, bucket, hash, (uint32_t)scope->count & ~TWICE);
	if (scope->count == scope->most)
		grow(scope);
}

static size_t name_at(uint32_t index)
{
	return (index & ~TWICE) - 1;
}

/*
 * Finds the index of an earlier name that is the same or can't be told from this one, the very same
 * first; NULL: there is none. Hashes of other names seldom are the same, so that the comparing
 * costs little.
 */
static uint32_t *find(const struct name_scope *scope, const struct name_words *words)
{
	struct scope_bucket *bucket = bucket_of(scope, words->hash);
	uint32_t *similar = NULL;
	struct name_words other;
	unsigned int used;

	do {
		used = count_used(bucket);
		for (unsigned int i = 0; i < used; i++) {
			const char *name;

			if (bucket->hashes[i] != words->hash)
				continue;
			name = scope->names[name_at(bucket->indices[i])];
			if (!strcmp(name, words->name))
				return &bucket->indices[i];
			if (similar)
				continue;
			name_split(name, strlen(name), &other);
			if (name_words_same(&other, words))
				similar = &bucket->indices[i];
		}
		bucket = next_bucket(scope, bucket);
	} while (used == BUCKET);
	return similar;
}

static bool is_same_memory(const struct name_scope *scope, size_t index,
			   const struct name_evidence *evidence)
{
	const struct name_evidence *other =
		index < scope->evidence.count ? scope->evidence.items[index] : NULL;

	return evidence && other && evidence->region && other->region &&
	       !strcmp(evidence->region, other->region);
}

bool name_scope_remember(struct name_scope *scope, const struct name_words *words,
			 const struct name_evidence *evidence, const char **same, bool *same_memory)
{
	uint32_t *earlier = find(scope, words);

	if (earlier) {
		*same = scope->names[name_at(*earlier)];
		*same_memory = is_same_memory(scope, name_at(*earlier), evidence);
		if (!strcmp(*same, words->name)) {
			bool again = *earlier & TWICE;

			*earlier |= TWICE;
			return !again;
		}
	}
	while (evidence && scope->evidence.count <= scope->count)
		*array_add(&scope->evidence) = NULL;
	if (evidence)
		scope->evidence.items[scope->count] = evidence;
	add(scope, bucket_of(scope, words->hash), words->name, words->hash);
	return true;
}

bool name_scope_add(struct name_scope *scope, const char *name, uint32_t hash)
{
	struct scope_bucket *bucket = bucket_of(scope, hash);

	while (!has_hash(bucket, hash)) {
		if (!is_full(bucket)) {
			add(scope, bucket, name, hash);
			return true;
		}
		bucket = next_bucket(scope, bucket);
	}
	return false;
}
