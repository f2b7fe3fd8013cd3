// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import/dma_event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

const char *const dma_events[] = {"dma/dma_map_sg", "dma/dma_unmap_sg", "dma/dma_sync_sg_for_cpu",
				  "dma/dma_sync_sg_for_device", NULL};

/* In the order of enum dma_event_kind. */
static const char *const heads[] = {
	"dma_map_sg: ", "dma_unmap_sg: ", "dma_sync_sg_for_cpu: ", "dma_sync_sg_for_device: "};

struct numbers {
	ARRAY_OF(uint64_t);
};

/* "{0x42000000,0x43000000}" at TEXT. Returns 0 or -EBADMSG. */
static int read_numbers(const char *text, struct numbers *numbers)
{
	if (*text++ != '{')
		return -EBADMSG;
	if (*text == '}')
		return 0;
	for (;;) {
		size_t length = strcspn(text, ",}");
		AUTO_FREE char *word = xstrndup(text, length);

		if (!text[length] || parse_number(word, array_add(numbers)))
			return -EBADMSG;
		if (text[length] == '}')
			return 0;
		text += length + 1;
	}
}

/* The array of KEY, such as " sizes=". */
static int find_numbers(const char *line, const char *key, struct numbers *numbers)
{
	const char *found = strstr(line, key);

	return found ? read_numbers(found + strlen(key), numbers) : -EBADMSG;
}

/* The number of all segments: " nents=128/2048", else those that are written. */
static uint64_t all_segments(const char *line, uint64_t written)
{
	const char *found = strstr(line, " nents="), *slash = found ? strchr(found, '/') : NULL;
	AUTO_FREE char *digits = NULL;
	uint64_t count;

	if (!slash)
		return written;
	digits = xstrndup(slash + 1, strspn(slash + 1, "0123456789"));
	return !parse_number(digits, &count) && count >= written ? count : written;
}

/* Of segments whose lengths are known, the first ones of ALL. */
static void join_segments(const struct numbers *from, const struct numbers *sizes, uint64_t all,
			  struct dma_shape *shape)
{
	uint64_t pieces = 1, first = 0;

	for (size_t i = 0; i < from->count; i++) {
		if (i && from->items[i - 1] + sizes->items[i - 1] != from->items[i])
			pieces++;
		if (pieces == 1)
			first += sizes->items[i];
	}
	if (all == from->count)
		shape->pieces = (struct maybe){true, pieces};
	if (pieces > 1 || all == from->count) {
		shape->contiguous = pieces == 1 ? YES : NO;
		shape->size = (struct maybe){true, first};
	}
}

static int read_shape(const char *line, struct dma_shape *shape)
{
	struct numbers from = {0}, sizes = {0};
	int error = find_numbers(line, " phys_addrs=", &from);
	uint64_t all;

	if (!error)
		error = find_numbers(line, " sizes=", &sizes);
	if (!error && !from.count)
		error = -EBADMSG;
	if (!error) {
		all = all_segments(line, from.count);
		*shape = (struct dma_shape){.base = {true, from.items[0]}};
		if (sizes.count == from.count)
			join_segments(&from, &sizes, all, shape);
		else if (all == 1)
			shape->contiguous = YES;
		for (size_t i = 1; i < from.count; i++) {
			/* memory that goes down again has a gap, whatever the lengths are */
			if (from.items[i] < from.items[i - 1])
				shape->contiguous = NO;
		}
	}
	array_free(&from);
	array_free(&sizes);
	return error;
}

int dma_event_parse(const char *line, struct dma_event *event)
{
	for (size_t i = 0; i < COUNT_OF(heads); i++) {
		const char *device, *end;
		struct dma_event found = {.kind = (enum dma_event_kind)i};
		int error = 0;

		if (!text_starts_with(line, heads[i]))
			continue;
		device = line + strlen(heads[i]);
		end = strstr(device, " dir=");
		if (!end || end == device)
			return -EBADMSG;
		if (found.kind == DMA_MAP)
			error = read_shape(end, &found.shape);
		if (error)
			return error;
		found.device = xstrndup(device, (size_t)(end - device));
		*event = found;
		return 0;
	}
	return -ENOMSG;
}

void dma_event_free(struct dma_event *event)
{
	free(event->device);
	*event = (struct dma_event){0};
}
