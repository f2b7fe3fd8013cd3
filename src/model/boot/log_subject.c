// SPDX-License-Identifier: GPL-2.0-or-later
/* Which region or area a line is about, and where the line says that it lies. */
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/boot/log_work.h"

/* The name of a line's region; NULL: it has none, or the line beside it has it. */
static const char *own_name(const struct log_entry *entry)
{
	size_t i;

	switch (entry->kind) {
	case LOG_REG:
	case LOG_NOT_RESERVED:
	case LOG_RESERVED:
	case LOG_FIRST_ENTRY:
	case LOG_NO_PLACE:
	case LOG_PLACED:
	case LOG_SIZE:
	case LOG_ALIGNMENT:
	case LOG_RANGES:
	case LOG_TABLE_FULL:
	case LOG_DYNAMIC_FULL:
	case LOG_INITIALIZED:
	case LOG_OVERLAP:
	case LOG_REFUSED:
	case LOG_BYPASSED:
	case LOG_DEAD:
	case LOG_SAME_AREA:
	case LOG_SAME_HEAP:
	case LOG_HEAP_TWICE:
	case LOG_HEAP_FAILED:
		i = 0;
		break;
	case LOG_ALLOC_FAILED: /* "cma_alloc" alone in older kernels */
	case LOG_SKIPPED:
	case LOG_MORE_ENTRIES:
	case LOG_ASSIGNED:
		i = 1;
		break;
	case LOG_REGION:
		i = 2;
		break;
	default:
		return NULL;
	}
	return i < entry->name_count ? entry->names[i] : NULL;
}

/* The name of its region where only the line after it has it. */
static const char *next_name(const struct log_work *work, const struct log_entry *entry)
{
	const struct log_entry *next = log_neighbour(work, entry, 1);
	bool pool = entry->kind == LOG_CMA_POOL || entry->kind == LOG_DMA_POOL ||
		    entry->kind == LOG_RESTRICTED;
	bool refusal = entry->kind == LOG_MISALIGNED || entry->kind == LOG_NO_POOL ||
		       entry->kind == LOG_NEEDS_NO_MAP;

	if (entry->kind == LOG_SLOTS && log_is_kind(next, LOG_NO_POOL))
		return next_name(work, next);
	if (entry->kind == LOG_HEAP_DEVICE && log_is_kind(next, LOG_HEAP_FAILED))
		return own_name(next);
	if ((pool && log_is_kind(next, LOG_INITIALIZED)) ||
	    (refusal && log_is_kind(next, LOG_REFUSED)))
		return own_name(next);
	return NULL;
}

static int compare_names(const void *a, const void *b)
{
	const struct region *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static const struct region *node_of(const struct log_work *work, const char *name)
{
	const struct region key = {.name = name}, *wanted = &key;
	const struct region **found;

	if (!name || !work->regions || !work->regions->count)
		return NULL;
	found = bsearch(&wanted, work->by_name, work->regions->count, sizeof(const struct region *),
			compare_names);
	return found ? *found : NULL;
}

/* The region that a line means by its address or property, not by a name; NULL: none. */
static const struct region *node_at(const struct log_work *work, const struct log_entry *entry)
{
	size_t low = 0, high = work->regions ? work->regions->count : 0;

	if (entry->kind == LOG_BYPASSED)
		return work->cma_default;
	if ((entry->kind != LOG_CMA_POOL && entry->kind != LOG_DMA_POOL &&
	     entry->kind != LOG_RESTRICTED) ||
	    !log_has(entry, 1))
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct region *region = &work->regions->items[middle];

		if (region->placement == REGION_STATIC && region->base == entry->numbers[0])
			return region;
		if (region->placement == REGION_STATIC && region->base < entry->numbers[0])
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Where the line says that its region or area lies. Of whole MiB what is less is cut off. */
static void set_extent(struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	uint64_t unit = MIB, size = 0;

	switch (entry->kind) {
	case LOG_REGION:
		if (entry->name_count < 3 || !log_has(entry, 3))
			return;
		if (entry->numbers[1] >= entry->numbers[0])
			account->size =
				(struct maybe){true, entry->numbers[1] - entry->numbers[0] + 1};
		account->base = (struct maybe){true, entry->numbers[0]};
		return;
	case LOG_DMA_POOL:
		unit = strstr(entry->text, "KiB") ? KIB : MIB;
		/* fall through */
	case LOG_CMA_POOL:
	case LOG_RESTRICTED:
		if (log_has(entry, 1))
			account->base = (struct maybe){true, entry->numbers[0]};
		size = log_has(entry, 2) ? entry->numbers[1] : 0;
		break;
	case LOG_AREA:
		if (log_has(entry, 2))
			account->base = (struct maybe){true, entry->numbers[1]};
		size = log_has(entry, 1) ? entry->numbers[0] : 0;
		break;
	default:
		return;
	}
	if (size && size <= UINT64_MAX / unit)
		account->size = (struct maybe){true, size * unit};
}

static int compare_places(const void *a, const void *b)
{
	const struct place *left = a, *right = b;

	if (left->boot != right->boot)
		return left->boot < right->boot ? -1 : 1;
	return strcmp(left->name, right->name);
}

const struct place *log_place_of(const struct log_work *work, size_t boot, const char *name)
{
	const struct place key = {.boot = boot, .name = name};

	return work->places.count ? bsearch(&key, work->places.items, work->places.count,
					    sizeof(key), compare_places)
				  : NULL;
}

static void index_regions(struct log_work *work)
{
	const struct regions *regions = work->regions;
	size_t defaults = 0;

	work->by_name = xcalloc(regions->count, sizeof(*work->by_name));
	for (size_t i = 0; i < regions->count; i++) {
		work->by_name[i] = &regions->items[i];
		if (regions->items[i].cma_default && !defaults++)
			work->cma_default = &regions->items[i];
	}
	if (defaults > 1)
		work->cma_default = NULL;
	qsort(work->by_name, regions->count, sizeof(*work->by_name), compare_names);
}

static void name_accounts(struct log_work *work)
{
	array_for_each (&work->log->entries, entry) {
		struct log_account *account = array_add(work->accounts);
		const char *name = own_name(entry);

		if (!name)
			name = next_name(work, entry);
		account->entry = entry;
		account->node = name ? node_of(work, name) : node_at(work, entry);
		if (!name && account->node)
			name = account->node->name;
		account->region = xstrdup_maybe(name);
		set_extent(account);
	}
}

/* Where areas lie: of pools, and of the lines that newer kernels write for each region. */
static void collect_places(struct log_work *work)
{
	array_for_each (work->accounts, account) {
		enum log_kind kind = account->entry->kind;

		if (!account->region || (kind != LOG_CMA_POOL && kind != LOG_REGION))
			continue;
		if (account->base.known && account->size.known)
			*array_add(&work->places) =
				(struct place){account->entry->boot, account->region,
					       account->base.value, account->size.value};
	}
	if (work->places.count)
		qsort(work->places.items, work->places.count, sizeof(struct place), compare_places);
}

void log_find_subjects(struct log_work *work)
{
	if (work->regions && work->regions->count)
		index_regions(work);
	name_accounts(work);
	collect_places(work);
}
