/* SPDX-License-Identifier: GPL-2.0-or-later */
/* alloc --until-full. */
#ifndef COMMANDS_ALLOC_CAPACITY_H
#define COMMANDS_ALLOC_CAPACITY_H

#include "cli/command.h"
#include "commands/alloc/alloc_options.h"
#include "model/buffer/buffer.h"
#include "model/heap/inventory.h"

/* What fitted, in buffers of one size. */
struct pieces {
	uint64_t size, count;
};
struct pieces_list {
	ARRAY_OF(struct pieces);
};

/*
 * Fills the heap: buffers of --size until one is refused, then of half of it, down to a page, and
 * releases them. Free the list with array_free().
 */
enum exit_code fill_heap(const struct context *context, const struct alloc_options *options,
			 const struct memory *memory, int heap, uint64_t page_size,
			 struct pieces_list *list);

#endif
