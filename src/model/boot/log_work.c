// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/log_work.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

#define RULE(name, severity_, id_, sentence_, source_, instead_) \
	const struct rule log_rule_##name = {.id = (id_), \
					     .severity = SEVERITY_##severity_, \
					     .sentence = (sentence_), \
					     .source = (source_), \
					     .instead = (instead_)}

RULE(invalid, ERROR, "log-invalid",
     "the kernel takes a region only if its properties have the form that the root's cells demand",
     "drivers/of/of_reserved_mem.c", "properties of whole cells, as in the root");
RULE(not_reserved, WARNING, "log-not-reserved",
     "a region that is reserved already cannot be marked no-map, and an empty one reserves nothing",
     "drivers/of/of_reserved_mem.c, early_init_dt_reserve_memory()",
     "one owner for each piece of memory");
RULE(no_place, ERROR, "log-no-place",
     "the kernel places a region without reg where a free run of memory is large enough",
     "drivers/of/of_reserved_mem.c, __reserved_mem_alloc_size()",
     "a smaller size, or alloc-ranges with room");
RULE(overlap, ERROR, "log-overlap", "the kernel lets both regions have the memory that they share",
     "drivers/of/of_reserved_mem.c, __rmem_check_for_overlap()", "ranges that do not touch");
RULE(misaligned, ERROR, "log-misaligned",
     "base and size of a CMA area are multiples of the CMA alignment",
     "kernel/dma/contiguous.c, rmem_cma_setup()", "multiples of the CMA alignment");
RULE(refused, ERROR, "log-refused",
     "a region whose driver refuses it is given back to the page allocator",
     "drivers/of/of_reserved_mem.c, fdt_init_reserved_mem_node()",
     "what the driver of its compatible demands");
RULE(bypassed, NOTE, "log-bypassed", "cma= on the command line wins over linux,cma-default",
     "kernel/dma/contiguous.c, rmem_cma_setup()", "one of the two");
RULE(too_many, ERROR, "log-too-many", "the kernel's tables of regions and areas have an end",
     "drivers/of/of_reserved_mem.c, mm/cma.c", "fewer regions, or a larger CONFIG_CMA_AREAS");
RULE(first_entry, WARNING, "log-first-entry",
     "only the first entry of a region's reg becomes a pool", "drivers/of/of_reserved_mem.c",
     "a node for each piece of memory");
RULE(no_area, ERROR, "log-no-area",
     "the area of cma= or of the configuration needs a free run of memory below its limit",
     "mm/cma.c, cma_declare_contiguous_nid()", "a smaller size, or a base and limit with room");
RULE(dead_area, ERROR, "log-dead-area", "the pages of a CMA area all lie in one memory zone",
     "mm/cma.c, cma_activate_area()", "a place on one side of the zone's border");
RULE(outside_ram, ERROR, "log-outside-ram", "the pages of a CMA area are all RAM",
     "mm/cma.c, cma_activate_area()", "an area inside the RAM that mem= and the boot loader leave");
RULE(alloc_failed, WARNING, "log-alloc-failed",
     "an allocation needs a free and movable run of pages in its area", "mm/cma.c, cma_alloc()",
     "a larger area, or fewer and earlier allocations");
RULE(no_heap, ERROR, "log-no-heap", "a heap is made if its name and its device are free",
     "drivers/dma-buf/dma-heap.c, dma_heap_add()", "names that differ");
RULE(same_name, WARNING, "log-same-name", "the names of CMA areas differ",
     "mm/cma_sysfs.c, mm/cma_debug.c", "names that differ");
RULE(no_pool, ERROR, "log-no-pool", "a pool of DMA memory has to be mapped as its driver wants",
     "kernel/dma/coherent.c, kernel/dma/swiotlb.c", "what the message says");
RULE(beyond, WARNING, "log-beyond", "a device cannot use a pool beyond its DMA mask",
     "kernel/dma/coherent.c, rmem_dma_device_init()", "a region at lower addresses");
RULE(no_cma, ERROR, "log-no-cma", "without CONFIG_DMA_CMA cma= has no effect", "kernel/dma/Kconfig",
     "CONFIG_DMA_CMA=y");
RULE(other_tree, WARNING, "log-other-tree", "a log is explained by the tree that booted", NULL,
     "/sys/firmware/fdt of that boot");

char *log_bytes(uint64_t bytes)
{
	if (bytes && !(bytes % MIB))
		return xasprintf("%llu MiB", (unsigned long long)(bytes / MIB));
	if (bytes && !(bytes % KIB))
		return xasprintf("%llu KiB", (unsigned long long)(bytes / KIB));
	return xasprintf("%llu bytes", (unsigned long long)bytes);
}

const struct log_entry *log_neighbour(const struct log_work *work, const struct log_entry *entry,
				      ptrdiff_t step)
{
	ptrdiff_t i = entry - work->log->entries.items + step;

	if (i < 0 || (size_t)i >= work->log->entries.count ||
	    work->log->entries.items[i].boot != entry->boot)
		return NULL;
	return &work->log->entries.items[i];
}

bool log_is_kind(const struct log_entry *entry, enum log_kind kind)
{
	return entry && entry->kind == kind;
}

const struct log_boot *log_boot_of(const struct log_work *work, const struct log_entry *entry)
{
	return &work->log->boots.items[entry->boot];
}

void log_say(struct log_account *account, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	free(account->meaning);
	account->meaning = xvasprintf(format, arguments);
	va_end(arguments);
}

/* The node of the tree, as a person would describe it; the caller frees it. */
static char *node_text(const struct region *node)
{
	const char *placement = region_placement_name(node->placement);
	AUTO_FREE char *size = log_bytes(node->size), *text = NULL;
	size_t length;
	FILE *stream = xmemopen(&text, &length);

	fprintf(stream, "%s%s%s", placement ? placement : "", placement ? " " : "",
		region_kind_name(node->kind));
	if (node->placement != REGION_NOWHERE)
		fprintf(stream, " of %s", size);
	if (node->placement == REGION_STATIC)
		fprintf(stream, " at 0x%llx", (unsigned long long)node->base);
	if (node->alignment)
		fprintf(stream, ", alignment 0x%llx", (unsigned long long)node->alignment);
	for (size_t i = 0; i < node->alloc_ranges.count && i < 4; i++)
		fprintf(stream, "%s0x%llx+0x%llx", i ? " " : ", alloc-ranges ",
			(unsigned long long)node->alloc_ranges.items[i].base,
			(unsigned long long)node->alloc_ranges.items[i].size);
	fprintf(stream, "%s%s%s%s", node->no_map ? ", no-map" : "",
		node->reusable ? ", reusable" : "", node->cma_default ? ", linux,cma-default" : "",
		node->enabled ? "" : ", disabled");
	xmemclose(stream);
	return TAKE_POINTER(text);
}

/* Whether a name of the line is a node's, not that of an area or heap, which is cut. */
static bool is_of_node(enum log_kind kind)
{
	return kind >= LOG_NO_NODE && kind <= LOG_BYPASSED;
}

/* Says whether a node's name begins so: some kernels of vendors cut it. */
static bool has_beginning(const struct log_work *work, const char *name)
{
	size_t low = 0, high = work->regions->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(work->by_name[middle]->name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < work->regions->count && text_starts_with(work->by_name[low]->name, name);
}

/* What the tree adds to a finding, or which fact it would give; the caller frees it. */
static char *tree_text(const struct log_work *work, const struct log_account *account)
{
	AUTO_FREE char *node = account->node ? node_text(account->node) : NULL;

	if (node)
		return xasprintf("; in %s: %s", work->tree, node);
	if (work->tree && account->region && is_of_node(account->entry->kind) &&
	    !has_beginning(work, account->region))
		return xasprintf("; %s has no such region: another tree booted", work->tree);
	return xstrdup("");
}

unsigned int log_line_number(uint64_t line)
{
	return line > UINT32_MAX ? UINT32_MAX : (unsigned int)line;
}

void log_find(struct log_work *work, struct log_account *account, const struct rule *rule,
	      const char *format, ...)
{
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *tree = tree_text(work, account);
	va_list arguments;

	va_start(arguments, format);
	text = xvasprintf(format, arguments);
	va_end(arguments);
	account->level = rule->severity;
	*array_add(&work->accounts->findings) = (struct finding){
		.rule = rule,
		.severity = rule->severity,
		.subject = account->region ? account->region : "log",
		.message = xasprintf("%s%s%s", text, tree,
				     account->entry->cut ? " (the line is cut)" : ""),
		.where = {.file = work->file,
			  .node = account->node ? region_path(account->node) : NULL,
			  .line = log_line_number(account->entry->line)}};
}

const char *log_ask_tree(const struct log_work *work, const char *what)
{
	return work->regions ? "" : what;
}

bool log_has(const struct log_entry *entry, size_t numbers)
{
	return entry->number_count >= numbers;
}

char *log_in_mib(const struct log_entry *entry, size_t i)
{
	return log_has(entry, i + 1)
		       ? xasprintf(" (%llu MiB)", (unsigned long long)entry->numbers[i])
		       : xstrdup("");
}

const struct log_entry *log_cause_of(const struct log_work *work, const struct log_entry *entry)
{
	static const enum log_kind refusals[] = {LOG_MISALIGNED, LOG_NO_POOL, LOG_BYPASSED,
						 LOG_NEEDS_NO_MAP};
	static const enum log_kind failures[] = {LOG_LIMIT, LOG_BASE, LOG_BORDER, LOG_SLOTS};
	static const enum log_kind names[] = {LOG_SAME_HEAP, LOG_HEAP_DEVICE, LOG_HEAP_TWICE,
					      LOG_HEAP_MINOR};
	const enum log_kind *kinds = entry->kind == LOG_REFUSED       ? refusals
				     : entry->kind == LOG_HEAP_DEVICE ? names
				     : entry->kind == LOG_HEAP_FAILED ? names
								      : failures;
	const struct log_entry *before = log_neighbour(work, entry, -1);

	for (size_t i = 0; before && i < COUNT_OF(failures); i++) {
		if (before->kind == kinds[i])
			return before;
	}
	return NULL;
}
