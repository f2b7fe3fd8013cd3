// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/log_explain.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/kernel_version.h"
#include "model/boot/known_names.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)

#define RULE(name, severity_, id_, sentence_, source_, instead_) \
	static const struct rule name = {.id = (id_), \
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

const struct rule *const log_rules[] = {
	&invalid,      &not_reserved, &no_place, &overlap,   &misaligned,  &refused, &bypassed,
	&too_many,     &first_entry,  &no_area,  &dead_area, &outside_ram, &no_heap, &same_name,
	&alloc_failed, &no_pool,      &beyond,   &no_cma,    &other_tree,
};
const size_t log_rule_count = COUNT_OF(log_rules);

/* Where the log says that a region or area is. */
struct place {
	size_t boot;
	const char *name; /* of an account */
	uint64_t base, size;
};

struct work {
	const struct boot_log *log;
	const char *file, *tree;
	const struct regions *regions;    /* or NULL */
	const struct region **by_name;    /* of them */
	const struct region *cma_default; /* the only one with linux,cma-default, or NULL */
	struct log_accounts *accounts;
	struct {
		ARRAY_OF(struct place);
	} places;      /* by boot and name */
	size_t warned; /* boot of the last LOG_AREA_WARNING, counted from 1 */
};

/* "96 MiB", "12 KiB", "100 bytes"; the caller frees it. */
static char *bytes_text(uint64_t bytes)
{
	if (bytes && !(bytes % MIB))
		return xasprintf("%llu MiB", (unsigned long long)(bytes / MIB));
	if (bytes && !(bytes % KIB))
		return xasprintf("%llu KiB", (unsigned long long)(bytes / KIB));
	return xasprintf("%llu bytes", (unsigned long long)bytes);
}

/* The entry after or before one of the same boot; NULL: none. */
static const struct log_entry *neighbour(const struct work *work, const struct log_entry *entry,
					 ptrdiff_t step)
{
	ptrdiff_t i = entry - work->log->entries.items + step;

	if (i < 0 || (size_t)i >= work->log->entries.count ||
	    work->log->entries.items[i].boot != entry->boot)
		return NULL;
	return &work->log->entries.items[i];
}

static bool is_kind(const struct log_entry *entry, enum log_kind kind)
{
	return entry && entry->kind == kind;
}

static const struct log_boot *boot_of(const struct work *work, const struct log_entry *entry)
{
	return &work->log->boots.items[entry->boot];
}

static void say(struct log_account *account, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void say(struct log_account *account, const char *format, ...)
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
	AUTO_FREE char *size = bytes_text(node->size), *text = NULL;
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
static bool has_beginning(const struct work *work, const char *name)
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
static char *tree_text(const struct work *work, const struct log_account *account)
{
	AUTO_FREE char *node = account->node ? node_text(account->node) : NULL;

	if (node)
		return xasprintf("; in %s: %s", work->tree, node);
	if (work->tree && account->region && is_of_node(account->entry->kind) &&
	    !has_beginning(work, account->region))
		return xasprintf("; %s has no such region: another tree booted", work->tree);
	return xstrdup("");
}

static unsigned int line_number(uint64_t line)
{
	return line > UINT32_MAX ? UINT32_MAX : (unsigned int)line;
}

static void find(struct work *work, struct log_account *account, const struct rule *rule,
		 const char *format, ...) __attribute__((format(printf, 4, 5)));
static void find(struct work *work, struct log_account *account, const struct rule *rule,
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
			  .line = line_number(account->entry->line)}};
}

/* Which fact a tree would add, where there is none. */
static const char *ask_tree(const struct work *work, const char *what)
{
	return work->regions ? "" : what;
}

static bool has(const struct log_entry *entry, size_t numbers)
{
	return entry->number_count >= numbers;
}

/* " (96 MiB)" where the line says so; the caller frees it. */
static char *in_mib(const struct log_entry *entry, size_t i)
{
	return has(entry, i + 1) ? xasprintf(" (%llu MiB)", (unsigned long long)entry->numbers[i])
				 : xstrdup("");
}

/* Lines of which all that can be said is the same each time. RULE: NULL for no trouble. */
struct fixed {
	enum log_kind kind;
	const struct rule *rule;
	const char *meaning;
	const char *why;
};

static const struct fixed fixed[] = {
	{LOG_NO_NODE, NULL, "the tree has no /reserved-memory, so no region of it", NULL},
	{LOG_FORMAT, &invalid, "the kernel ignores all of /reserved-memory",
	 "the kernel ignores every region: #address-cells and #size-cells of /reserved-memory have "
	 "to "
	 "be there and be the root's, and ranges has to be there"},
	{LOG_REG, &invalid, "not reserved: its reg has a wrong length",
	 "reg is no whole number of addresses and sizes: write it with the root's #address-cells "
	 "and "
	 "#size-cells"},
	{LOG_RESERVED, NULL, "reserved", NULL},
	{LOG_PLACED, NULL, "placed and reserved", NULL},
	{LOG_SIZE, &invalid, "not reserved: its size has a wrong length",
	 "size has to have as many cells as #size-cells of the root says"},
	{LOG_ALIGNMENT, &invalid, "not reserved: its alignment has a wrong length",
	 "alignment has to have as many cells as #address-cells of the root says"},
	{LOG_RANGES, &invalid, "not reserved: its alloc-ranges has a wrong length",
	 "alloc-ranges is no whole number of addresses and sizes: write it with the root's "
	 "#address-cells and #size-cells"},
	{LOG_TABLE_FULL, &too_many, "no pool: the kernel's table of regions is full",
	 "the kernel's table of regions is full: the memory stays reserved, but no driver gets it; "
	 "the table has 16, 32 or 64 places by version, and as many as there are regions in newer "
	 "ones: remove or disable regions"},
	{LOG_DYNAMIC_FULL, &too_many, "not reserved: too many regions without reg",
	 "the kernel places " TEXT_OF(
		 DYNAMIC_REGIONS_MAX) " regions without reg: remove some, or give them reg"},
	{LOG_NO_TABLE, &too_many, "no region has a pool: no memory for their table",
	 "the kernel had no memory for the table of regions: none of them becomes a pool or an "
	 "area"},
	{LOG_NEEDS_NO_MAP, &refused, "refused: no-map is missing",
	 "on 32-bit Arm a shared-dma-pool that is not reusable has to have no-map: add no-map, or "
	 "reusable to make it a CMA area"},
	{LOG_TWO_DEFAULTS, &refused, "a second linux,dma-default",
	 "more than one region has linux,dma-default: the last one wins"},
	{LOG_DEFAULT_SET, NULL,
	 "the region with linux,dma-default serves devices without their own", NULL},
	{LOG_NO_WORD, &no_area, "cma= has no value", "cma= needs a size: cma=64M"},
	{LOG_BAD_NODE, &no_area, "no area: there is no such NUMA node",
	 "numa_cma= names a node that this machine has not"},
	{LOG_NODE_FAILED, &no_area, "no area on this NUMA node",
	 "the area for this NUMA node could not be made: it has no free run of that size"},
	{LOG_NOT_QUEUED, &no_heap, "no heap of the default area",
	 "the default CMA area is there, but no heap is made of it"},
	{LOG_NOT_STORED, &no_heap, "no heap of this area",
	 "the CMA area is there, but no heap is made of it: the kernel's list of areas is full"},
	{LOG_AREA_RANGES, NULL, "an area that the kernel made itself, in several pieces", NULL},
	{LOG_HUGE, NULL, "an area for hugetlb_cma=", NULL},
	{LOG_SLOTS, &too_many, "no area: CONFIG_CMA_AREAS is reached",
	 "the kernel has no more places for CMA areas: raise CONFIG_CMA_AREAS, or remove a pool"},
	{LOG_TOO_EARLY, &no_area, "no area: the kernel made it too early",
	 "a driver asks for a CMA area before the kernel knows its alignment: an error of the "
	 "kernel"},
	{LOG_AVAILABLE_HEAD, NULL, "free pages of the area follow", NULL},
	{LOG_BUSY, NULL, "pages there could not be moved; the kernel tries the next place", NULL},
	{LOG_DEBUG, NULL, "a debug line of mm/cma.c", NULL},
	{LOG_HEAP_NAMELESS, &no_heap, "a heap is not made: it has no name",
	 "a driver adds a heap without a name: an error of the driver"},
	{LOG_HEAP_OPS, &no_heap, "a heap is not made: its driver is wrong",
	 "a driver adds a heap that cannot allocate: an error of the driver"},
	{LOG_HEAP_MINOR, &no_heap, "a heap is not made: no device number is free",
	 "the kernel has no device number for another heap"},
	{LOG_SAME_AREA, &same_name, "two CMA areas have this name",
	 "two CMA areas have this name, and only one can be in /sys/kernel/mm/cma or in debugfs: "
	 "rename "
	 "one of the nodes, within the first " TEXT_OF(AREA_NAME_MAX) " characters"},
	{LOG_SAME_HEAP, &no_heap, "a heap is not made: its name is taken",
	 "a heap of that name is there already, and the second one is not made: rename one of the "
	 "nodes, within the first " TEXT_OF(AREA_NAME_MAX) " characters"},
	{LOG_HEAP_UNKNOWN, NULL,
	 "a program opened a heap's device node that the kernel does not have", NULL},
};

/* Regions, from the early scan of the tree on. */

static void explain_not_reserved(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	bool below = has(entry, 2) && !entry->numbers[1]; /* 1 MiB */
	bool empty = below && account->node && !account->node->size;
	bool taken = has(entry, 2) && (!below || (account->node && account->node->size));

	say(account, "not reserved by this node%s",
	    empty   ? ": its size is 0"
	    : taken ? ": it has no-map and is reserved already"
		    : ": it is empty, or has no-map and is reserved already");
	if (empty)
		find(work, account, &not_reserved,
		     "its size is 0, which reserves nothing: give it one, or disable it");
	else if (taken)
		find(work, account, &not_reserved,
		     "the node has no-map, and part of its memory is reserved already, by "
		     "/memreserve/, another region, the kernel, its initrd or the tree itself: it "
		     "stays "
		     "mapped, and belongs to whoever reserved it; harmless where that is the boot "
		     "loader for the same purpose");
	else
		find(work, account, &not_reserved,
		     "either its size is 0, which reserves nothing, or it has no-map and part of "
		     "its "
		     "memory is reserved already: then it stays mapped, and belongs to whoever "
		     "reserved "
		     "it%s",
		     ask_tree(work, "; which of the two, its reg in the tree says (--dtb)"));
}

static void explain_no_place(struct work *work, struct log_account *account)
{
	AUTO_FREE char *size = in_mib(account->entry, 0);

	say(account, "not reserved: no place for it%s", size);
	find(work, account, &no_place,
	     "no free run of its size%s and alignment in its alloc-ranges, or in the RAM where it "
	     "has "
	     "none: make it smaller, widen alloc-ranges, or take away what lies there (kernel, "
	     "initrd, "
	     "other regions, mem=)%s",
	     size,
	     ask_tree(work, "; its size, alignment and alloc-ranges are in the tree (--dtb)"));
}

static void explain_overlap(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;

	if (entry->kind == LOG_OVERLAP_HEAD || entry->name_count < 2 || !has(entry, 4)) {
		say(account, "two regions share memory");
		find(work, account, &overlap,
		     "two regions share memory, and both keep it: the line that names them is "
		     "missing "
		     "or cut");
		return;
	}
	say(account, "shares memory with %s", entry->names[1]);
	find(work, account, &overlap,
	     "0x%llx to 0x%llx and %s, 0x%llx to 0x%llx, share memory, and both keep it: a CMA "
	     "area "
	     "would give away what the other one uses; move or shorten one",
	     (unsigned long long)entry->numbers[0], (unsigned long long)entry->numbers[1],
	     entry->names[1], (unsigned long long)entry->numbers[2],
	     (unsigned long long)entry->numbers[3]);
}

static void explain_misaligned(struct work *work, struct log_account *account)
{
	say(account, "no CMA area: base or size is not aligned");
	find(work, account, &misaligned,
	     "base or size is not a multiple of the CMA alignment, which is usually 4 MiB before "
	     "Linux 5.19 and 2 or 4 MiB since with pages of 4 KiB, 32 MiB with 16 KiB and 512 MiB "
	     "with 64 KiB%s%s",
	     account->region ? "" : "; the line that names the region is missing",
	     ask_tree(work, "; its base and size are in the tree (--dtb)"));
}

/* A line before that gives the reason, which has the finding. */
static const struct log_entry *cause_of(const struct work *work, const struct log_entry *entry)
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
	const struct log_entry *before = neighbour(work, entry, -1);

	for (size_t i = 0; before && i < COUNT_OF(failures); i++) {
		if (before->kind == kinds[i])
			return before;
	}
	return NULL;
}

static void explain_refused(struct work *work, struct log_account *account)
{
	const struct log_entry *cause = cause_of(work, account->entry);

	if (cause) {
		say(account, "given back to the page allocator, see line %llu",
		    (unsigned long long)cause->line);
		account->level = cause->kind == LOG_BYPASSED ? SEVERITY_NOTE : SEVERITY_ERROR;
		return;
	}
	say(account, "refused, and given back to the page allocator");
	find(work, account, &refused,
	     "the driver of its compatible refused it, and its memory is given back; for a "
	     "shared-dma-pool the line before says why, and without one it has both reusable and "
	     "no-map%s, or is reusable in a kernel without CONFIG_DMA_CMA",
	     ask_tree(work, ", which the tree shows (--dtb)"));
}

static void explain_no_pool(struct work *work, struct log_account *account)
{
	const struct log_entry *cause = cause_of(work, account->entry);

	say(account, "no CMA area of this region");
	if (cause) {
		say(account, "no CMA area of this region, see line %llu",
		    (unsigned long long)cause->line);
		account->level = SEVERITY_ERROR;
		return;
	}
	find(work, account, &refused,
	     "the kernel made no CMA area of it: its size is 0, or its memory was not reserved "
	     "before");
}

static void explain_bypassed(struct work *work, struct log_account *account)
{
	const struct log_boot *boot = boot_of(work, account->entry);

	say(account, "no CMA area: cma= is given");
	find(work, account, &bypassed,
	     "the region with linux,cma-default is not made, because the command line has cma=%s: "
	     "take "
	     "one of them away",
	     boot->cmdline || boot->cmdline_cut
		     ? ""
		     : " (the log lacks the line 'Kernel command line')");
}

static void explain_region(struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	bool no_map;

	if (entry->name_count < 3 || !has(entry, 3)) {
		say(account, "reserved");
		return;
	}
	if (entry->numbers[1] >= entry->numbers[0])
		account->size = (struct maybe){true, entry->numbers[1] - entry->numbers[0] + 1};
	account->base = (struct maybe){true, entry->numbers[0]};
	no_map = !strcmp(entry->names[0], "nomap");
	say(account, "reserved%s%s", no_map ? ", not mapped" : "",
	    strcmp(entry->names[1], "reusable") != 0 ? ""
	    : no_map ? "; reusable has no effect together with no-map"
		     : ", reusable");
}

/* Pools: kernel/dma. */

static void explain_pool(struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const char *what = entry->kind == LOG_CMA_POOL ? "CMA area"
			   : entry->kind == LOG_DMA_POOL
				   ? "coherent pool, of which no heap is made"
				   : "restricted pool, of which no heap is made";
	bool kib = entry->kind == LOG_DMA_POOL && strstr(entry->text, "KiB");
	uint64_t unit = kib ? KIB : MIB;

	say(account, "%s%s", what, entry->cut ? " (the line is cut)" : "");
	if (has(entry, 1))
		account->base = (struct maybe){true, entry->numbers[0]};
	/* whole MiB only: what is less is cut off */
	if (has(entry, 2) && entry->numbers[1] && entry->numbers[1] <= UINT64_MAX / unit)
		account->size = (struct maybe){true, entry->numbers[1] * unit};
}

static void explain_device(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const char *device = entry->name_count ? entry->names[0] : "a device";

	if (entry->kind == LOG_ASSIGNED) {
		say(account, "%s uses it", device);
	} else if (entry->kind == LOG_BEYOND) {
		say(account, "%s cannot reach its pool", device);
		find(work, account, &beyond,
		     "%s: its pool ends beyond its DMA mask or the limit of its bus: move the "
		     "region "
		     "(its memory-region) to lower addresses",
		     device);
	} else if (entry->kind == LOG_RESTRICTED_MAPPING) {
		say(account, "%s has no restricted pool", device);
		find(work, account, &no_pool,
		     "%s: its restricted-dma-pool lies in high memory, which the kernel does not "
		     "map: "
		     "move the region (its memory-region) to lower addresses",
		     device);
	} else {
		say(account, "%s has no heap %s", device,
		    entry->name_count > 1 ? entry->names[1] : "of protected memory");
		find(work, account, &no_heap,
		     "%s: the heap of protected memory is not made; a line before may say why",
		     device);
	}
}

static void explain_pool_failed(struct work *work, struct log_account *account)
{
	say(account, "no coherent pool: it cannot be mapped");
	find(work, account, &no_pool,
	     "the pool could not be mapped, or the kernel had no memory for its table: the device "
	     "that "
	     "uses the region has no pool");
}

/* Areas: mm/cma.c. */

/* The words of a command line about CMA and the RAM; the caller frees them. */
static char *memory_words(const char *cmdline)
{
	static const char *const wanted[] = {
		"cma=", "mem=", "hugetlb_cma=", "numa_cma=", "cma_pernuma=", "memmap="};
	AUTO_FREE char *text = NULL;
	size_t length;
	FILE *stream = xmemopen(&text, &length);
	bool any = false;

	while (*cmdline) {
		size_t word;

		cmdline += strspn(cmdline, " ");
		word = strcspn(cmdline, " ");
		for (size_t i = 0; i < COUNT_OF(wanted); i++) {
			if (strncmp(cmdline, wanted[i], strlen(wanted[i])) != 0)
				continue;
			fprintf(stream, "%s%.*s", any ? " " : "", (int)word, cmdline);
			any = true;
		}
		cmdline += word;
	}
	xmemclose(stream);
	return any ? TAKE_POINTER(text) : NULL;
}

/* Who asked for an area that has no node, as far as the log says; the caller frees it. */
static char *asked_by(const struct work *work, const struct log_entry *entry)
{
	const struct log_boot *boot = boot_of(work, entry);
	AUTO_FREE char *words = boot->cmdline ? memory_words(boot->cmdline) : NULL;

	if (words)
		return xasprintf("the command line has %s", words);
	if (boot->cmdline && !boot->cmdline_cut)
		return xstrdup(
			"the command line has no cma=, so the kernel's configuration asks for it "
			"(CONFIG_CMA_SIZE_MBYTES)");
	return xstrdup(
		"cma= or the kernel's configuration asks for it: the log lacks the whole line "
		"'Kernel command line'");
}

static void explain_area(const struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	AUTO_FREE char *who = asked_by(work, entry);

	if (has(entry, 2))
		account->base = (struct maybe){true, entry->numbers[1]};
	if (has(entry, 1) && entry->numbers[0] && entry->numbers[0] <= UINT64_MAX / MIB)
		account->size = (struct maybe){true, entry->numbers[0] * MIB};
	say(account, "CMA area without a node: %s%s", who,
	    has(entry, 1) && !entry->numbers[0]
		    ? "; less than 1 MiB was asked for, and is rounded up to the CMA alignment"
		    : "");
}

static void explain_area_failed(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry, *cause = cause_of(work, entry);
	AUTO_FREE char *size = in_mib(entry, 0);
	AUTO_FREE char *who = asked_by(work, entry);

	if (cause) {
		say(account, "no CMA area%s, see line %llu", size, (unsigned long long)cause->line);
		account->level = SEVERITY_ERROR;
		return;
	}
	say(account, "no CMA area%s: no place for it", size);
	find(work, account, &no_area,
	     "no free run of that size%s below the limit for DMA (of the zones, dma-ranges or, on "
	     "32 "
	     "bits, low memory), or at the base that is asked for; %s: ask for less, or for a "
	     "place "
	     "with cma=SIZE@BASE-LIMIT",
	     size, who);
}

static void explain_place(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const unsigned long long a = has(entry, 1) ? entry->numbers[0] : 0;
	const unsigned long long b = has(entry, 2) ? entry->numbers[1] : 0;
	AUTO_FREE char *who = asked_by(work, entry);
	AUTO_FREE char *size = bytes_text(a);

	say(account, "no CMA area: %s",
	    entry->kind == LOG_LIMIT  ? "it would end beyond the limit"
	    : entry->kind == LOG_BASE ? "its base is not aligned"
				      : "it would cross the border of low memory");
	if (!has(entry, entry->kind == LOG_LIMIT ? 3 : 2)) {
		find(work, account, &no_area, "the place that is asked for cannot be had; %s", who);
	} else if (entry->kind == LOG_LIMIT) {
		find(work, account, &no_area,
		     "%s at 0x%llx would end beyond 0x%llx, the end of the RAM or of what DMA "
		     "reaches; "
		     "%s: ask for less, or for a lower base",
		     size, b, (unsigned long long)entry->numbers[2], who);
	} else if (entry->kind == LOG_BASE) {
		find(work, account, &no_area,
		     "the base 0x%llx is not a multiple of 0x%llx, the CMA alignment; %s", a, b,
		     who);
	} else {
		find(work, account, &no_area,
		     "an area at 0x%llx would cross 0x%llx, where high memory begins; %s: ask for "
		     "a "
		     "place on one side",
		     a, b, who);
	}
}

static int compare_places(const void *a, const void *b)
{
	const struct place *left = a, *right = b;

	if (left->boot != right->boot)
		return left->boot < right->boot ? -1 : 1;
	return strcmp(left->name, right->name);
}

static const struct place *place_of(const struct work *work, size_t boot, const char *name)
{
	const struct place key = {.boot = boot, .name = name};

	return work->places.count ? bsearch(&key, work->places.items, work->places.count,
					    sizeof(key), compare_places)
				  : NULL;
}

/* "zones DMA and DMA32, with the border 0x50000000"; NULL: the log does not show that. */
static char *crossing(const struct log_boot *boot, const struct place *place)
{
	array_for_each (&boot->zones, zone) {
		if (!place || zone->last < place->base ||
		    zone->last >= last_address(place->base, place->size))
			continue;
		array_for_each (&boot->zones, next) {
			if (zone->last != UINT64_MAX && next->first == zone->last + 1)
				return xasprintf("zones %s and %s, whose border is 0x%llx",
						 zone->name, next->name,
						 (unsigned long long)next->first);
		}
	}
	return NULL;
}

static void explain_dead(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const struct log_boot *boot = boot_of(work, entry);
	const struct place *place =
		account->region ? place_of(work, entry->boot, account->region) : NULL;
	AUTO_FREE char *zones = crossing(boot, place);

	say(account, "made, but of no use: each allocation from it fails");
	if (place && zones)
		find(work, account, &dead_area,
		     "0x%llx to 0x%llx lies in %s, and a CMA area has to lie in one: each "
		     "allocation "
		     "from it fails, also of a heap made of it; move it to one side of the border",
		     (unsigned long long)place->base,
		     (unsigned long long)last_address(place->base, place->size), zones);
	else
		find(work, account, &dead_area,
		     "each allocation from it fails, also of a heap made of it: it lies in two "
		     "memory "
		     "zones, or the kernel had no memory for its table; which, %s",
		     !place ? "the log does not show, because it lacks the line with the area's "
			      "base"
		     : boot->zones.count
			     ? "the zones in this log do not show"
			     : "the log does not show, because it lacks 'Zone ranges:'");
}

/* Areas that end beyond the highest zone, at most three; the caller frees the text. */
static char *beyond_ram(const struct work *work, size_t boot)
{
	const struct log_boot *facts = &work->log->boots.items[boot];
	uint64_t end = 0;
	unsigned int found = 0;
	const char *last = NULL;
	AUTO_FREE char *text = NULL;
	size_t length;
	FILE *stream = xmemopen(&text, &length);

	array_for_each (&facts->zones, zone)
		end = zone->last > end ? zone->last : end;
	array_for_each (&work->places, place) {
		if (place->boot != boot || !end || last_address(place->base, place->size) <= end ||
		    (last && !strcmp(last, place->name)))
			continue;
		last = place->name;
		if (found++ < 3)
			fprintf(stream, "%s%s", found > 1 ? ", " : "", place->name);
	}
	xmemclose(stream);
	return found ? xasprintf("%s, which end%s beyond the RAM's end 0x%llx", text,
				 found > 1 ? "" : "s", (unsigned long long)end)
		     : NULL;
}

static void explain_warning(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	AUTO_FREE char *areas =
		work->warned == entry->boot + 1 ? NULL : beyond_ram(work, entry->boot);

	work->warned = entry->boot + 1;
	say(account, "an area has pages that are not RAM");
	find(work, account, &outside_ram,
	     "a CMA area has pages that are not RAM, because mem=, the boot loader or the tree "
	     "leave "
	     "less: kernels may panic there; move it into the RAM%s%s",
	     areas ? ": " : "", areas ? areas : "");
}

/* Free pages: "187@69+4@572". */
static uint64_t largest_run(const char *text)
{
	uint64_t largest = 0;

	while (*text) {
		uint64_t run = 0;

		for (; *text >= '0' && *text <= '9'; text++)
			run = run > UINT32_MAX ? run : run * 10 + (uint64_t)(*text - '0');
		largest = run > largest ? run : largest;
		text += strcspn(text, "+");
		text += *text == '+';
	}
	return largest;
}

/* What the lines after a failure say of the area. */
struct room {
	bool runs_known, pages_known;
	uint64_t largest, free, total; /* pages */
};

static struct room room_after(const struct work *work, const struct log_entry *entry)
{
	enum {
		LOOK_AHEAD = 20
	};
	struct room room = {0};

	for (ptrdiff_t step = 1; step < LOOK_AHEAD; step++) {
		const struct log_entry *next = neighbour(work, entry, step);
		bool end = is_kind(next, LOG_AVAILABLE) || is_kind(next, LOG_AVAILABLE_END);

		if (!end && !is_kind(next, LOG_AVAILABLE_HEAD) &&
		    !is_kind(next, LOG_AVAILABLE_RANGE))
			break;
		if (next->name_count && next->kind != LOG_AVAILABLE_END) {
			uint64_t run = largest_run(next->names[0]);

			room.runs_known = true;
			room.largest = run > room.largest ? run : room.largest;
		}
		if (end && has(next, 2)) {
			room.pages_known = true;
			room.free = next->numbers[0];
			room.total = next->numbers[1];
			break;
		}
	}
	return room;
}

#define NO_RUN "no free run of that many pages at their alignment"
#define BUSY   "pages in the way cannot be moved, because a device, a pipe or I/O uses them"

/* What the errno says, by version: mm/cma.c. The caller frees it. */
static char *why_failed(uint32_t version, int64_t error)
{
	if (error == -12 && version && version < KERNEL(6, 13, 0))
		return xstrdup("-12: " NO_RUN);
	if (error == -16 && version && version < KERNEL(6, 13, 0))
		return xstrdup("-16: " BUSY);
	if (error == -12 && version >= KERNEL(7, 2, 0))
		return xstrdup("-12: no memory to move other pages to");
	if (error == -16)
		return xstrdup("-16: " BUSY ", or, on newer kernels, " NO_RUN);
	if (error == -12)
		return xstrdup("-12: " NO_RUN ", or, on newer kernels, no memory to move pages to");
	if (error == -4)
		return xstrdup("-4: a signal came while pages were moved");
	return xasprintf("%lld: what that means here is not known", (long long)error);
}

static void explain_alloc_failed(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const struct room room = room_after(work, entry);
	AUTO_FREE char *why = NULL;
	unsigned long long pages = has(entry, 1) ? entry->numbers[0] : 0;

	if (!has(entry, 2)) {
		say(account, "an allocation failed");
		find(work, account, &alloc_failed, "an allocation from the area failed");
		return;
	}
	why = why_failed(boot_of(work, entry)->version, (int64_t)entry->numbers[1]);
	say(account, "an allocation of %llu pages failed%s", pages,
	    entry->count > 1 ? ", several times" : "");
	if (room.pages_known && pages > room.total)
		find(work, account, &alloc_failed,
		     "%llu pages are more than the whole area, %llu pages: make it larger", pages,
		     (unsigned long long)room.total);
	else if (room.pages_known && pages > room.free)
		find(work, account, &alloc_failed,
		     "%llu pages, but only %llu of %llu are free: free buffers, or make the area "
		     "larger",
		     pages, (unsigned long long)room.free, (unsigned long long)room.total);
	else if (room.pages_known && room.runs_known && pages > room.largest)
		find(work, account, &alloc_failed,
		     "%llu pages, %llu are free, but no more than %llu in one run: the area is "
		     "fragmented; allocate large buffers first, or give this device its own area",
		     pages, (unsigned long long)room.free, (unsigned long long)room.largest);
	else
		find(work, account, &alloc_failed,
		     "%llu pages, error %s; make the area larger, or allocate earlier%s", pages,
		     why,
		     room.pages_known
			     ? ""
			     : "; how much was free only CONFIG_CMA_DEBUG's line 'number of "
			       "available pages' says");
}

static void explain_available(struct log_account *account)
{
	const struct log_entry *entry = account->entry;

	if (entry->kind == LOG_AVAILABLE_RANGE) {
		say(account, "largest free run: %llu pages",
		    entry->name_count ? (unsigned long long)largest_run(entry->names[0]) : 0ULL);
	} else if (!has(entry, 2)) {
		say(account, "free pages of the area (the line is cut)");
	} else if (entry->kind == LOG_AVAILABLE && entry->name_count) {
		say(account, "%llu of %llu pages are free, the largest run has %llu",
		    (unsigned long long)entry->numbers[0], (unsigned long long)entry->numbers[1],
		    (unsigned long long)largest_run(entry->names[0]));
	} else {
		say(account, "%llu of %llu pages are free", (unsigned long long)entry->numbers[0],
		    (unsigned long long)entry->numbers[1]);
	}
}

/* The boot as a whole. */

static void explain_cmdline(struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	AUTO_FREE char *words = entry->name_count ? memory_words(entry->names[0]) : NULL;

	if (words)
		say(account, "the command line has %s", words);
	else
		say(account, "the command line has nothing about CMA or the RAM%s",
		    entry->cut ? ", as far as it is there" : "");
}

static void explain_parameters(struct work *work, struct log_account *account)
{
	AUTO_FREE char *words =
		account->entry->name_count ? memory_words(account->entry->names[0]) : NULL;

	const char *cma = words ? strstr(words, "cma=") : NULL;

	/* not the end of hugetlb_cma= or numa_cma= */
	while (cma && cma != words && cma[-1] != ' ')
		cma = strstr(cma + 1, "cma=");
	if (!cma) {
		say(account, "not about CMA");
		return;
	}
	say(account, "this kernel does not know cma=");
	find(work, account, &no_cma,
	     "the kernel does not know cma=: it was built without CONFIG_DMA_CMA, and has no "
	     "default "
	     "CMA area");
}

static void explain_memory(struct log_account *account)
{
	const struct log_entry *entry = account->entry;

	if (entry->kind == LOG_LIMITED)
		say(account, "mem= leaves %llu MB of the RAM",
		    has(entry, 1) ? (unsigned long long)entry->numbers[0] : 0ULL);
	else if (has(entry, 3))
		say(account, "all CMA areas together have %llu KiB",
		    (unsigned long long)entry->numbers[2]);
}

static void explain_no_heap(struct work *work, struct log_account *account)
{
	const struct log_entry *cause = cause_of(work, account->entry);

	say(account, "a heap is not made%s",
	    account->entry->kind == LOG_HEAP_FAILED ? ", though its CMA area is there"
						    : ": its device cannot be made");
	if (cause) {
		AUTO_FREE char *before = TAKE_POINTER(account->meaning);

		say(account, "%s, see line %llu", before, (unsigned long long)cause->line);
		account->level = SEVERITY_ERROR;
		return;
	}
	find(work, account, &no_heap,
	     "the heap's device cannot be made: the line before says why, and is missing here");
}

static void explain_rest(struct work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;

	switch (entry->kind) {
	case LOG_FIRST_ENTRY:
	case LOG_MORE_ENTRIES:
		say(account, "only the first entry of reg becomes a pool");
		find(work, account, &first_entry,
		     "only the first entry of reg becomes a pool; the others are %s: write a node "
		     "for "
		     "each piece of memory",
		     entry->kind == LOG_MORE_ENTRIES ? "reserved, but of no use"
						     : "not even reserved");
		break;
	case LOG_INITIALIZED:
		say(account, "its driver took it%s%s", entry->name_count > 1 ? ": " : "",
		    entry->name_count > 1 ? entry->names[1] : "");
		break;
	case LOG_HEAP_TWICE:
		say(account, "a heap is not made: its name is taken");
		find(work, account, &no_heap,
		     "a heap of that name is there already, and the second one is not made: rename "
		     "one "
		     "of the nodes");
		break;
	case LOG_HEAP_DEVICE:
	case LOG_HEAP_FAILED:
		explain_no_heap(work, account);
		break;
	case LOG_SKIPPED:
		say(account, "part of the area is of no use to this device");
		break;
	default:
		for (size_t i = 0; i < COUNT_OF(fixed); i++) {
			if (fixed[i].kind != entry->kind)
				continue;
			say(account, "%s", fixed[i].meaning);
			if (fixed[i].rule)
				find(work, account, fixed[i].rule, "%s", fixed[i].why);
		}
	}
}

static void explain_one(struct work *work, struct log_account *account)
{
	static void (*const of_work[])(struct work *, struct log_account *) = {
		[LOG_NOT_RESERVED] = explain_not_reserved,
		[LOG_NO_PLACE] = explain_no_place,
		[LOG_OVERLAP_HEAD] = explain_overlap,
		[LOG_OVERLAP] = explain_overlap,
		[LOG_MISALIGNED] = explain_misaligned,
		[LOG_REFUSED] = explain_refused,
		[LOG_NO_POOL] = explain_no_pool,
		[LOG_BYPASSED] = explain_bypassed,
		[LOG_ASSIGNED] = explain_device,
		[LOG_BEYOND] = explain_device,
		[LOG_RESTRICTED_MAPPING] = explain_device,
		[LOG_TEE_FAILED] = explain_device,
		[LOG_DMA_POOL_FAILED] = explain_pool_failed,
		[LOG_AREA_FAILED] = explain_area_failed,
		[LOG_LIMIT] = explain_place,
		[LOG_BASE] = explain_place,
		[LOG_BORDER] = explain_place,
		[LOG_DEAD] = explain_dead,
		[LOG_AREA_WARNING] = explain_warning,
		[LOG_ALLOC_FAILED] = explain_alloc_failed,
		[LOG_PARAMETERS] = explain_parameters,
	};
	static void (*const alone[])(struct log_account *) = {
		[LOG_REGION] = explain_region,           [LOG_CMA_POOL] = explain_pool,
		[LOG_DMA_POOL] = explain_pool,           [LOG_RESTRICTED] = explain_pool,
		[LOG_AVAILABLE] = explain_available,     [LOG_AVAILABLE_RANGE] = explain_available,
		[LOG_AVAILABLE_END] = explain_available, [LOG_CMDLINE] = explain_cmdline,
		[LOG_MEMORY] = explain_memory,           [LOG_LIMITED] = explain_memory,
	};
	enum log_kind kind = account->entry->kind;

	if (kind < COUNT_OF(of_work) && of_work[kind])
		of_work[kind](work, account);
	else if (kind < COUNT_OF(alone) && alone[kind])
		alone[kind](account);
	else if (kind == LOG_AREA)
		explain_area(work, account);
	else
		explain_rest(work, account);
}

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
static const char *next_name(const struct work *work, const struct log_entry *entry)
{
	const struct log_entry *next = neighbour(work, entry, 1);
	bool pool = entry->kind == LOG_CMA_POOL || entry->kind == LOG_DMA_POOL ||
		    entry->kind == LOG_RESTRICTED;
	bool refusal = entry->kind == LOG_MISALIGNED || entry->kind == LOG_NO_POOL ||
		       entry->kind == LOG_NEEDS_NO_MAP;

	if (entry->kind == LOG_SLOTS && is_kind(next, LOG_NO_POOL))
		return next_name(work, next);
	if (entry->kind == LOG_HEAP_DEVICE && is_kind(next, LOG_HEAP_FAILED))
		return own_name(next);
	if ((pool && is_kind(next, LOG_INITIALIZED)) || (refusal && is_kind(next, LOG_REFUSED)))
		return own_name(next);
	return NULL;
}

static int compare_names(const void *a, const void *b)
{
	const struct region *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

static const struct region *node_of(const struct work *work, const char *name)
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
static const struct region *node_at(const struct work *work, const struct log_entry *entry)
{
	size_t low = 0, high = work->regions ? work->regions->count : 0;

	if (entry->kind == LOG_BYPASSED)
		return work->cma_default;
	if ((entry->kind != LOG_CMA_POOL && entry->kind != LOG_DMA_POOL &&
	     entry->kind != LOG_RESTRICTED) ||
	    !has(entry, 1))
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

static void name_accounts(struct work *work)
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
	}
}

/* Where areas lie: of pools, and of the lines that newer kernels write for each region. */
static void collect_places(struct work *work)
{
	array_for_each (work->accounts, account) {
		enum log_kind kind = account->entry->kind;

		if (!account->region || (kind != LOG_CMA_POOL && kind != LOG_REGION))
			continue;
		explain_one(work, account);
		if (account->base.known && account->size.known)
			*array_add(&work->places) =
				(struct place){account->entry->boot, account->region,
					       account->base.value, account->size.value};
	}
	if (work->places.count)
		qsort(work->places.items, work->places.count, sizeof(struct place), compare_places);
}

/* Says that the tree is another one, where the log shows that. */
static void check_tree(struct work *work)
{
	array_for_each (&work->log->boots, boot) {
		if (!boot->machine || !work->regions || !work->regions->model ||
		    !strcmp(boot->machine, work->regions->model))
			continue;
		*array_add(&work->accounts->findings) = (struct finding){
			.rule = &other_tree,
			.severity = other_tree.severity,
			.subject = "log",
			.message = xasprintf("the machine of the log is '%s', that of %s is '%s'",
					     boot->machine, work->tree, work->regions->model),
			.where = {.file = work->file, .line = line_number(boot->machine_line)}};
	}
}

static void index_regions(struct work *work)
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

void log_explain(const struct boot_log *log, const char *file, const struct regions *regions,
		 const char *tree, struct log_accounts *accounts)
{
	struct work work = {
		.log = log, .file = file, .tree = tree, .regions = regions, .accounts = accounts};

	*accounts = (struct log_accounts){0};
	if (regions && regions->count)
		index_regions(&work);
	name_accounts(&work);
	collect_places(&work);
	check_tree(&work);
	array_for_each (accounts, account)
		explain_one(&work, account);
	array_free(&work.places);
	free(work.by_name);
}

void log_accounts_free(struct log_accounts *accounts)
{
	array_for_each (accounts, account) {
		free(account->region);
		free(account->meaning);
	}
	array_free(accounts);
	findings_free(&accounts->findings);
}

const char *log_trouble_of(const struct log_accounts *accounts, const char *region)
{
	array_for_each (accounts, account) {
		if (account->region && account->level >= SEVERITY_WARNING &&
		    !strcmp(account->region, region))
			return account->entry->text;
	}
	return NULL;
}
