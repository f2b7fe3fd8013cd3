// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/spans.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"

size_t spans_find(const struct spans *spans, uint64_t address)
{
	size_t low = 0, high = spans->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (spans->items[middle].last < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Puts ITEMS, of which there are COUNT, in the place of those from FROM up to END. */
static void replace(struct spans *spans, size_t from, size_t end, const struct span *items,
		    size_t count)
{
	size_t rest = spans->count - end;

	for (size_t i = end - from; i < count; i++)
		array_add(spans);
	if (rest)
		memmove(spans->items + from + count, spans->items + end,
			rest * sizeof(*spans->items));
	for (size_t i = 0; i < count; i++)
		spans->items[from + i] = items[i];
	spans->count = from + count + rest;
}

void spans_add(struct spans *spans, uint64_t base, uint64_t size)
{
	struct span new = {base, last_address(base, size)};
	size_t from, end;

	if (!size)
		return;
	from = end = spans_find(spans, base ? base - 1 : 0);
	for (; end < spans->count; end++) {
		const struct span *span = &spans->items[end];

		if (new.last != UINT64_MAX && span->first > new.last + 1)
			break;
		if (span->first < new.first)
			new.first = span->first;
		if (span->last > new.last)
			new.last = span->last;
	}
	replace(spans, from, end, &new, 1);
}

static int by_base(const void *a, const void *b)
{
	const struct range *one = a, *other = b;

	return order_of(one->base, other->base);
}

void spans_copy(const struct spans *spans, struct spans *copy)
{
	array_for_each (spans, span)
		*array_add(copy) = *span;
}

void spans_add_all(struct spans *spans, const struct ranges *ranges)
{
	AUTO_FREE struct range *sorted = xmemdup(ranges->items, ranges->count * sizeof(*sorted));

	qsort(sorted, ranges->count, sizeof(*sorted), by_base);
	for (size_t i = 0; i < ranges->count; i++)
		spans_add(spans, sorted[i].base, sorted[i].size);
}

void spans_remove(struct spans *spans, uint64_t base, uint64_t size)
{
	uint64_t last = last_address(base, size);
	struct span rest[2];
	size_t from, end, count = 0;

	if (!size)
		return;
	from = end = spans_find(spans, base);
	for (; end < spans->count && spans->items[end].first <= last; end++) {
		const struct span span = spans->items[end];

		if (span.first < base)
			rest[count++] = (struct span){span.first, base - 1};
		if (span.last > last)
			rest[count++] = (struct span){last + 1, span.last};
	}
	replace(spans, from, end, rest, count);
}

uint64_t spans_bytes(const struct spans *spans, uint64_t base, uint64_t size)
{
	uint64_t last = last_address(base, size), bytes = 0;

	if (!size)
		return 0;
	for (size_t i = spans_find(spans, base); i < spans->count && spans->items[i].first <= last;
	     i++) {
		const struct span *span = &spans->items[i];
		uint64_t first = span->first > base ? span->first : base;

		bytes += (span->last < last ? span->last : last) - first + 1;
	}
	return bytes;
}

bool spans_meet(const struct spans *spans, uint64_t base, uint64_t size)
{
	size_t i = spans_find(spans, base);

	return size && i < spans->count && spans->items[i].first <= last_address(base, size);
}
