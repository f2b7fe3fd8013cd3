// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/profile/profile_heaps.h"

#include <stdlib.h>
#include <string.h>

static void free_heap(struct profile_heap *heap)
{
	free(heap->name);
	for (size_t i = 0; i < PROFILE_KEYS; i++)
		strings_free(&heap->facts[i].values);
}

void profile_free(struct profile *profile)
{
	array_for_each (&profile->heaps, heap)
		free_heap(heap);
	array_free(&profile->heaps);
	strings_free(&profile->compatible);
	free(profile->kernel);
	*profile = (struct profile){0};
}

const struct profile_heap *profile_find(const struct profile *profile, const char *name)
{
	array_for_each (&profile->heaps, heap) {
		if (!strcmp(heap->name, name))
			return heap;
	}
	return NULL;
}

void profile_keep_tree(struct profile *profile)
{
	static const enum profile_key of_node[] = {PROFILE_OWNER, PROFILE_GROUP, PROFILE_MODE};
	size_t kept = 0;

	array_for_each (&profile->heaps, heap) {
		const struct profile_fact *kind = &heap->facts[PROFILE_KIND];

		if (kind->values.count && strcmp(kind->values.items[0], "cma") != 0) {
			free_heap(heap);
			continue;
		}
		for (size_t i = 0; i < COUNT_OF(of_node); i++)
			heap->facts[of_node[i]].known = false;
		profile->heaps.items[kept++] = *heap;
	}
	profile->heaps.count = kept;
}

static bool is_equal(const struct profile_fact *a, const struct profile_fact *b)
{
	if (a->values.count != b->values.count)
		return false;
	for (size_t i = 0; i < a->values.count; i++) {
		if (strcmp(a->values.items[i], b->values.items[i]) != 0)
			return false;
	}
	return true;
}

static void compare_heap(const struct profile_heap *expected, const struct profile_heap *found,
			 struct differences *differences)
{
	for (enum profile_key key = 0; key < PROFILE_KEYS; key++) {
		const struct profile_fact *wanted = &expected->facts[key];
		const struct profile_fact *is = &found->facts[key];

		if (!wanted->known || (is->known && is_equal(wanted, is)))
			continue;
		*array_add(differences) = (struct difference){
			.kind = is->known ? DIFFERENCE_CHANGED : DIFFERENCE_UNKNOWN,
			.heap = expected->name,
			.key = key,
			.expected = wanted,
			.found = is,
		};
	}
}

void profile_compare(const struct profile *expected, const struct profile *found,
		     struct differences *differences)
{
	array_for_each (&expected->heaps, heap) {
		const struct profile_heap *other = profile_find(found, heap->name);

		if (other)
			compare_heap(heap, other, differences);
		else
			*array_add(differences) =
				(struct difference){.kind = DIFFERENCE_LOST, .heap = heap->name};
	}
	array_for_each (&found->heaps, heap) {
		if (!heap->open && !profile_find(expected, heap->name))
			*array_add(differences) =
				(struct difference){.kind = DIFFERENCE_NEW, .heap = heap->name};
	}
}

bool profile_is_of(const struct profile *profile, const struct profile *machine)
{
	return profile->compatible.count && machine->compatible.count &&
	       strings_have(&machine->compatible, profile->compatible.items[0]);
}
