// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/process/sharing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"

/* The task that has the table or the memory. */
static uint64_t task_of(const struct process_scan *scan, const struct hold *hold)
{
	return hold->thread ? hold->thread : scan->processes.items[hold->process].pid;
}

/* Pointers to holds that may be one: of the same buffer, at the same descriptor or address. */
struct like_holds {
	ARRAY_OF(struct hold *);
};

static int by_place(const void *a, const void *b)
{
	const struct hold *first = *(struct hold *const *)a, *second = *(struct hold *const *)b;
	int order = order_of(first->inode, second->inode);

	if (!order)
		order = order_of(first->kind == HOLD_MAPPING, second->kind == HOLD_MAPPING);
	if (!order)
		order = order_of(first->number, second->number);
	return order ? order : order_of((uintptr_t)first, (uintptr_t)second);
}

static bool is_same_place(const struct hold *a, const struct hold *b)
{
	return a->inode == b->inode && a->number == b->number &&
	       (a->kind == HOLD_MAPPING) == (b->kind == HOLD_MAPPING);
}

/*
 * Looks for the task of HOLD among those of KNOWN, which are in the kernel's order, and adds it if
 * it shares with none. What has ended shares with none. Not qsort(3): tasks end meanwhile, and then
 * the order is none.
 */
static void find_shared(struct process_scan *scan, struct like_holds *known, struct hold *hold)
{
	enum task_part part = hold->kind == HOLD_MAPPING ? TASK_MEMORY : TASK_DESCRIPTORS;
	size_t low = 0, high = known->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		uint64_t other = task_of(scan, known->items[middle]);
		int order, error = tasks_compare(task_of(scan, hold), other, part, &order);

		if (error) {
			hold->unasked = error != -ESRCH;
			if (hold->unasked)
				scan->unread.sharing_error = error;
			return;
		}
		if (!order) {
			hold->shared = other;
			return;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	array_add(known);
	memmove(known->items + low + 1, known->items + low,
		(known->count - 1 - low) * sizeof(*known->items));
	known->items[low] = hold;
}

void sharing_mark(struct process_scan *scan)
{
	struct like_holds holds = {0}, known = {0};

	array_for_each (&scan->holds, hold)
		*array_add(&holds) = hold;
	if (holds.count)
		qsort(holds.items, holds.count, sizeof(*holds.items), by_place);
	for (size_t i = 0, next; i < holds.count; i = next) {
		for (next = i + 1;
		     next < holds.count && is_same_place(holds.items[i], holds.items[next]);)
			next++;
		known.count = 0;
		for (size_t like = i; next > i + 1 && like < next; like++)
			find_shared(scan, &known, holds.items[like]);
	}
	array_free(&known);
	array_free(&holds);
}
