/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all commands that work on heaps do first, with the messages for what stands in the way. */
#ifndef CLI_HEAPS_H
#define CLI_HEAPS_H

#include "cli/command.h"
#include "model/heap/inventory.h"

/*
 * Reads the inventory; on failure says why and what would help. Returns EXIT_DONE, or the exit
 * status of the command.
 */
enum exit_code cmd_read_inventory(const struct context *context, struct inventory *inventory);
/* The same, but reads only what is wanted: of enum wanted. */
enum exit_code cmd_read_wanted(const struct context *context, unsigned int wanted,
			       struct inventory *inventory);

/* Names what lies in /dev/dma_heap and is not a heap, and heaps that have no device node there. */
void cmd_note_strange(const struct context *context, const struct inventory *inventory);

/* Notes that there are no heaps in /dev/dma_heap, where that is so. */
void cmd_note_empty(const struct context *context, const struct inventory *inventory);

/* Notes the heaps from which nothing can be allocated, whose CMA area is not activated. */
void cmd_note_dead(const struct context *context, const struct inventory *inventory)
	__attribute__((nonnull));

/* Notes that there are heaps of another interface, which only a vendor's kernel has. */
void cmd_note_other_interface(const struct context *context);

/* Says why /dev/dma_heap can't be read (-errno). Returns the exit status. */
enum exit_code cmd_heaps_error(const struct context *context, int error);

/* The heap that the user means, or NULL after a message with the nearest names (EXIT_NOT_POSSIBLE).
 */
const struct memory *cmd_find_heap(const struct context *context, const struct inventory *inventory,
				   const char *name);

/* Memory that is of no heap, as the tables call it. */
#define CMD_ANONYMOUS "anonymous"
#define CMD_UDMABUF   "udmabuf"

/* A heap's name beside those: its node where it is called like one of them. HEAP owns it. */
const char *cmd_heap_name(const struct heap *heap) __attribute__((nonnull, returns_nonnull));

/*
 * Opens a heap. Returns a descriptor that the caller closes, or -errno after a message that says
 * who may and how that is changed.
 */
int cmd_open_heap(const struct context *context, const struct heap *heap);

#endif
