/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a heap has room for a buffer, in words: for who asks, and for who was refused. */
#ifndef CLI_HEAP_ROOM_H
#define CLI_HEAP_ROOM_H

#include "cli/message.h"
#include "model/heap/room.h"

struct heap_room {
	struct room room;
	struct placement placement; /* all zero where it could not be read */
};

/* Finds it for a buffer of SIZE bytes from a heap's memory. Free with cmd_room_free(). */
void cmd_room_find(const struct context *context, const struct inventory *inventory,
		   const struct memory *memory, const struct usages *usages, uint64_t size,
		   struct heap_room *found) __attribute__((nonnull));
void cmd_room_free(struct heap_room *found) __attribute__((nonnull));

/*
 * What stands in the way, such as "not enough is free: 4M"; NULL: nothing, or
 * that is unknown. The caller frees it.
 */
char *cmd_room_words(const struct room *room) __attribute__((nonnull));

/*
 * The buffer that fills a stretch of placement.used, and who holds it: "buffer 17 (1M at
 * 0x42800000, held by 43 (camera))", or "the one at 0x42800000 of 3 buffers of 1M each" where it is
 * unknown which one that is. The caller frees it.
 */
char *cmd_room_buffer(const struct heap_room *found, const struct usages *usages, size_t stretch)
	__attribute__((nonnull, returns_nonnull));

#endif
