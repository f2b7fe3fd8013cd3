// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/room.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"
#include "sys/kmsg.h"

/* Bytes of a hole from its first multiple of ALIGNMENT on. */
static uint64_t aligned_size(uint64_t base, uint64_t size, uint64_t alignment)
{
	uint64_t lost = round_up(base, alignment) - base;

	return lost < size ? size - lost : 0;
}

static uint64_t largest_in(const struct placed *hole, uint64_t page_size, unsigned int order)
{
	uint64_t largest = 0;

	for (unsigned int i = 0; i <= order; i++) {
		uint64_t alignment = page_size << i;
		uint64_t size = aligned_size(hole->base, hole->size, alignment);

		/* a larger one has a larger alignment */
		if (i < order && size > alignment)
			size = alignment;
		largest = size > largest ? size : largest;
	}
	return largest;
}

/*
 * Adds the stretches that, with the free pages on both sides, have a place. Both lists are in the
 * order of addresses.
 */
static void find_releases(const struct placement *placement, struct room *room)
{
	size_t next = 0;

	for (size_t i = 0; i < placement->used.count; i++) {
		const struct placed *used = &placement->used.items[i];
		const struct placed *holes = placement->holes.items;
		uint64_t base = used->base, end = used->base + used->size;

		if (!used->count || used->mixed)
			continue;
		while (next < placement->holes.count && holes[next].base < end)
			next++;
		if (next && holes[next - 1].base + holes[next - 1].size == base)
			base = holes[next - 1].base;
		if (next < placement->holes.count && holes[next].base == end)
			end += holes[next].size;
		if (aligned_size(base, end - base, room->alignment) < room->size)
			continue;
		if (room->releases.count == ROOM_RELEASES_MOST)
			return;
		*array_add(&room->releases) = i;
	}
}

static bool has_place(const struct placement *placement, uint64_t size, uint64_t alignment)
{
	array_for_each (&placement->holes, hole) {
		if (aligned_size(hole->base, hole->size, alignment) >= size)
			return true;
	}
	return false;
}

static void look_at_holes(const struct placement *placement, uint64_t page_size, struct room *room)
{
	uint64_t largest = 0;
	unsigned int order = (unsigned int)placement->alignment.value;

	room->alignment = placement_alignment(room->size, page_size, order);
	array_for_each (&placement->holes, hole) {
		uint64_t size = largest_in(hole, page_size, order);

		largest = size > largest ? size : largest;
	}
	room->largest_buffer = (struct maybe){true, largest};
	if (has_place(placement, room->size, room->alignment)) {
		room->verdict = ROOM_FITS;
		return;
	}
	room->verdict = placement->largest < room->size ? ROOM_NO_RUN : ROOM_NO_PLACE;
	find_releases(placement, room);
}

/* Without CONFIG_CMA_ALIGNMENT: what is so for all that it may be. */
static void guess_at_holes(const struct placement *placement, uint64_t page_size, struct room *room)
{
	uint64_t least = placement_alignment(room->size, page_size, CMA_ALIGNMENT_LEAST);
	uint64_t most = placement_alignment(room->size, page_size, CMA_ALIGNMENT_MOST);

	if (has_place(placement, room->size, most))
		room->verdict = ROOM_FITS;
	else if (placement->largest < room->size)
		room->verdict = ROOM_NO_RUN;
	else if (!has_place(placement, room->size, least))
		room->verdict = ROOM_NO_PLACE;
	else
		room->error = -ENODATA;
}

void room_find(uint64_t size, uint64_t page_size, struct maybe total, struct maybe free,
	       const struct placement *placement, struct room *room)
{
	*room = (struct room){.size = page_size ? round_up(size, page_size) : size,
			      .total = total,
			      .free = free,
			      .error = -ENODATA};
	if (!placement->error && page_size) {
		uint64_t holes = 0;

		array_for_each (&placement->holes, hole)
			holes += hole->size;
		room->free = (struct maybe){true, holes};
		room->error = 0;
		room->largest_run = (struct maybe){true, placement->largest};
		if (placement->alignment.known)
			look_at_holes(placement, page_size, room);
		else
			guess_at_holes(placement, page_size, room);
	} else if (placement->error) {
		room->error = placement->error;
	}
	/* what stands in the way first */
	if (total.known && room->size > total.value)
		room->verdict = ROOM_TOO_LARGE;
	else if (room->free.known && room->size > room->free.value)
		room->verdict = ROOM_TOO_LITTLE;
	if (room->verdict != ROOM_UNKNOWN)
		room->error = 0;
}

void room_free(struct room *room)
{
	array_free(&room->releases);
}

struct log_search {
	char *words; /* before the error */
	int error;
};

/* "cma: cma_alloc: AREA: alloc failed, req-size: 2048 pages, ret: -16" */
static void look_at_record(void *context, const char *text, size_t size)
{
	struct log_search *search = context;
	const char *found = memmem(text, size, search->words, strlen(search->words));
	long error = found ? strtol(found + strlen(search->words), NULL, 10) : 0;

	if (found)
		search->error = error == -EBUSY || error == -ENOMEM ? (int)error : 0;
}

int room_error_in_log(const struct root *root, const char *area, uint64_t pages)
{
	AUTO_FREE char *words =
		xasprintf(": %s: alloc failed, req-size: %" PRIu64 " pages, ret: ", area, pages);
	struct log_search search = {.words = words};

	return kmsg_read(root, look_at_record, &search) ? 0 : search.error;
}

const char *room_verdict_name(enum room_verdict verdict)
{
	static const char *const names[] = {
		[ROOM_FITS] = "fits",
		[ROOM_TOO_LARGE] = "too-large",
		[ROOM_TOO_LITTLE] = "too-little",
		[ROOM_NO_RUN] = "no-run",
		[ROOM_NO_PLACE] = "no-place",
	};

	return verdict < COUNT_OF(names) ? names[verdict] : NULL;
}
