// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import/choice.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

/* What is known of a source for one importer. */
struct candidate {
	const struct import_source *source;
	const struct memory *memory; /* NULL: udmabuf */
	const struct attempt *attempt;
	bool named;   /* by the device's memory-region */
	bool reached; /* not known to lie beyond the DMA mask */
};

static bool took_all(const struct attempt *attempt)
{
	return attempt->taken && attempt->taken == attempt->tried;
}

/* The region behind a heap is one of those that the device names. */
static bool is_named(const struct importer *importer, const struct memory *memory)
{
	return memory && memory->region && strings_have(&importer->regions, memory->region->name);
}

static bool is_reached(const struct importer *importer, const struct memory *memory)
{
	uint64_t last;

	if (!importer->mask.known || importer->mask.value >= 64 || !memory ||
	    !memory->base.number.known || !memory->size.number.value)
		return true;
	last = last_address(memory->base.number.value, memory->size.number.value);
	return last >> importer->mask.value == 0;
}

/* Greater is better; 0: not to be used. */
static int rank(const struct importer *importer, const struct candidate *candidate)
{
	bool pages = candidate->memory && candidate->memory->kind == MEMORY_PAGES;
	bool narrow = importer->mask.known && importer->mask.value <= 32;

	if (!took_all(candidate->attempt))
		return 0;
	/* pages may lie anywhere; memory of its own is scarce, a memfd is anybody's */
	return 1 + 16 * candidate->named + 8 * candidate->reached +
	       4 * (candidate->memory != NULL) + 2 * (pages && !narrow);
}

static void say_tree(const struct importer *importer, const struct candidate *best,
		     struct strings *why)
{
	array_for_each (&importer->regions, region) {
		if (best && best->named && !strcmp(best->memory->region->name, *region))
			strings_take(why, xasprintf("memory-region is %s", *region));
		else if (!best || !best->named)
			strings_take(why, xasprintf("memory-region is %s, of which no heap that it "
						    "took is made",
						    *region));
	}
}

static void say_device(const struct importer *importer, const struct candidate *best,
		       struct strings *why)
{
	if (importer->mask.known && importer->mask.value < 64)
		strings_take(why,
			     xasprintf("DMA mask of %" PRIu64 " bits%s", importer->mask.value,
				       best && !best->reached ? ", beyond which it lies" : ""));
	/* one that does not map has nothing to be kept coherent */
	if (importer->coherent == NO && best && best->attempt->mapped == YES)
		strings_add(why, "not cache-coherent: SYNC around CPU access is needed");
}

/* What the device took, and which it did not. */
static void say_result(const struct matrix *matrix, size_t importer, const struct candidate *best,
		       struct strings *why)
{
	AUTO_STRINGS struct strings refused = {0};
	AUTO_STRINGS struct strings some = {0};
	AUTO_FREE char *names = NULL;
	AUTO_FREE char *lucky = NULL;

	if (best)
		strings_take(why, xasprintf("took %u of %u buffers (%s)", best->attempt->taken,
					    best->attempt->tried,
					    attempt_result_name(best->attempt->result)));
	for (size_t i = 0; i < matrix->sources.count; i++) {
		const struct attempt *attempt = matrix_cell(matrix, importer, i);

		if (attempt->result == ATTEMPT_REFUSED)
			strings_add(&refused, matrix->sources.items[i].name);
		else if (attempt->taken && attempt->taken < attempt->tried)
			strings_add(&some, matrix->sources.items[i].name);
	}
	names = strings_join(&refused, ", ");
	lucky = strings_join(&some, ", ");
	if (names)
		strings_take(why, xasprintf("refused %s", names));
	if (lucky)
		strings_take(why, xasprintf("took only some of %s", lucky));
}

void choice_make(const struct matrix *matrix, const struct inventory *inventory, size_t importer,
		 struct choice *choice)
{
	const struct importer *device = &matrix->importers.items[importer];
	struct candidate best = {0};
	AUTO_STRINGS struct strings why = {0};
	int best_rank = 0;

	for (size_t i = 0; i < matrix->sources.count; i++) {
		struct candidate one = {.source = &matrix->sources.items[i],
					.attempt = matrix_cell(matrix, importer, i)};
		int ranked;

		one.memory = one.source->node ? inventory_find(inventory, one.source->name) : NULL;
		one.named = is_named(device, one.memory);
		one.reached = is_reached(device, one.memory);
		ranked = rank(device, &one);
		if (ranked > best_rank) {
			best = one;
			best_rank = ranked;
		}
	}
	say_tree(device, best_rank ? &best : NULL, &why);
	say_result(matrix, importer, best_rank ? &best : NULL, &why);
	say_device(device, best_rank ? &best : NULL, &why);
	choice->source = best.source;
	choice->why = strings_join(&why, "; ");
}

void choice_free(struct choice *choice)
{
	free(choice->why);
	*choice = (struct choice){0};
}
