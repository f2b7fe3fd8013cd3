// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/inventory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/set.h"
#include "base/xalloc.h"
#include "model/boot/kernel_facts.h"
#include "model/boot/known_names.h"
#include "model/boot/region_order.h"
#include "sys/meminfo.h"
#include "sys/root.h"

/*
 * The default area, and its region where it has one: the last enabled pool with linux,cma-default
 * that has become an area (rmem_cma_setup(), kernel/dma/contiguous.c, refuses it where cma= is
 * given), else RESERVED_AREA, which arm and riscv may have made before. A kernel that does not show
 * its areas leaves the region alone.
 */
static void link_default_area(const struct inventory *inventory, struct memory *memory)
{
	AUTO_FREE const struct region **ordered =
		regions_in_boot_order(&inventory->regions, inventory->by_address);

	for (size_t i = inventory->regions.count; !memory->area && !memory->region && i--;) {
		if (!ordered[i]->cma_default || !ordered[i]->enabled ||
		    ordered[i]->kind != REGION_CMA_POOL)
			continue;
		memory->area = cma_area_of_node(&inventory->areas, ordered[i]->name);
		if (!inventory->areas_known && !inventory->cma_given)
			memory->region = ordered[i];
	}
	if (!memory->area && !memory->region)
		memory->area = cma_find(&inventory->areas, RESERVED_AREA);
	memory->link = memory->area || memory->region ? LINK_ALIAS : LINK_NONE;
}

static enum memory_kind kind_of_exporter(enum known_exporter exporter)
{
	switch (exporter) {
	case EXPORTER_SYSTEM:
		return MEMORY_PAGES;
	case EXPORTER_CMA:
		return MEMORY_CMA;
	default:
		return MEMORY_PROTECTED;
	}
}

static enum memory_kind kind_of_region(const struct region *region)
{
	switch (region->kind) {
	case REGION_CMA_POOL:
		return MEMORY_CMA;
	case REGION_COHERENT_POOL:
		return MEMORY_COHERENT;
	case REGION_CARVE_OUT:
	case REGION_VENDOR_HEAP:
		return MEMORY_CARVE_OUT;
	default:
		return MEMORY_UNKNOWN;
	}
}

/* The region that gives a heap its name, of which an area has what the kernel keeps. */
static const struct region *region_of_heap(const struct regions *regions, const char *name)
{
	array_for_each (regions, region) {
		size_t kept = region->kind == REGION_CMA_POOL ? AREA_NAME_MAX : SIZE_MAX;
		size_t length = strnlen(region->name, kept);

		if (!strncmp(region->name, name, length) && !name[length])
			return region;
	}
	return NULL;
}

/* The region whose base is the unit address of the name, where it is one alone. */
static const struct region *find_by_address(const struct regions *regions, const char *name)
{
	const struct region *found = NULL;
	const char *rest;
	uint64_t address;

	if (!unit_address(name, &address))
		return NULL;
	rest = strchr(name, '@') + 1 + unit_address_length(name);
	if (*rest && ((rest[1] | 0x20) < 'a' || (rest[1] | 0x20) > 'z'))
		return NULL; /* camera@0-1 is no attribute behind an address */
	array_for_each (regions, region) {
		if (region->placement != REGION_STATIC || region->base != address ||
		    !region->enabled)
			continue;
		if (found)
			return NULL;
		found = region;
	}
	return found;
}

/* What is known of a heap that mainline does not make. */
struct foreign {
	const char *driver; /* which driver makes it; NULL: one of mainline */
	bool uncached, secure, contiguous;
};

/* A heap with a name that mainline fixes, or the name of an area or a region. */
static bool link_by_name(const struct inventory *inventory, struct memory *memory, const char *name)
{
	const struct known_name *known = known_name(name, strlen(name));

	if (known) {
		memory->provenance = PROVENANCE_KERNEL;
		memory->kind = kind_of_exporter(known->exporter);
		memory->how = known->source;
		if (known->exporter != EXPORTER_CMA)
			return true; /* a region of that name has lost its heap to this one */
	}
	if (!strcmp(name, DEFAULT_CMA_HEAP)) {
		link_default_area(inventory, memory);
	} else {
		memory->area = cma_find(&inventory->areas, name);
		memory->region = region_of_heap(&inventory->regions, name);
		memory->link = memory->area || memory->region ? LINK_NAME : LINK_NONE;
	}
	return known || memory->link;
}

/* A heap whose name a vendor's driver fixes. */
static bool link_fixed(const struct inventory *inventory, struct memory *memory,
		       struct foreign *foreign)
{
	static const enum memory_kind kinds[] = {
		[VENDOR_PAGES] = MEMORY_PAGES,
		[VENDOR_DEFAULT_AREA] = MEMORY_CMA,
		[VENDOR_CONTIGUOUS] = MEMORY_UNKNOWN,
		[VENDOR_PROTECTED] = MEMORY_PROTECTED,
	};
	const struct vendor_name *known = vendor_name(memory->heap->name);

	if (!known)
		return false;
	memory->provenance = PROVENANCE_KERNEL;
	memory->kind = kinds[known->memory];
	memory->how = foreign->driver = known->source;
	foreign->uncached = known->uncached;
	foreign->contiguous = known->memory == VENDOR_CONTIGUOUS;
	memory->replaces = known->memory == VENDOR_DEFAULT_AREA;
	if (memory->replaces)
		link_default_area(inventory, memory);
	return true;
}

/* A heap that a vendor's driver makes of a region of the tree. */
static bool link_binding(const struct inventory *inventory, struct memory *memory,
			 struct foreign *foreign)
{
	const char *name = memory->heap->name;

	array_for_each (&inventory->regions, region) {
		const struct vendor_heaps *vendor = &region->vendor;

		if (!strings_have(&vendor->names, name) && !strings_have(&vendor->perhaps, name))
			continue;
		memory->region = region;
		memory->link = vendor->by_property ? LINK_PROPERTY : LINK_NAME;
		if (region->kind == REGION_CMA_POOL)
			memory->area = cma_area_of_node(&inventory->areas, region->name);
		foreign->driver = vendor->source;
		foreign->uncached = strings_have(&vendor->uncached, name);
		foreign->secure = strings_have(&vendor->secure, name);
		return true;
	}
	return false;
}

bool inventory_has_heap(const struct inventory *inventory, const char *name)
{
	array_for_each (&inventory->heaps, heap) {
		if (!strcmp(heap->name, name))
			return true;
	}
	return false;
}

/* The second heap, without a cache, of an area whose first heap is there. */
static bool link_uncached(const struct inventory *inventory, struct memory *memory,
			  struct foreign *foreign)
{
	const char *name = memory->heap->name;
	const size_t length = strlen(name), suffix = strlen(UNCACHED_SUFFIX);
	AUTO_FREE char *first = NULL;

	if (length <= suffix || strcmp(name + length - suffix, UNCACHED_SUFFIX) != 0)
		return false;
	first = xstrndup(name, length - suffix);
	if (!inventory_has_heap(inventory, first))
		return false;
	link_by_name(inventory, memory, first);
	if (!memory->area && !(memory->region && memory->region->kind == REGION_CMA_POOL)) {
		*memory = (struct memory){.heap = memory->heap};
		return false;
	}
	if (memory->provenance)
		memory->how = UNCACHED_SOURCE;
	foreign->driver = UNCACHED_SOURCE;
	foreign->uncached = true;
	return true;
}

/* What area and region say of the heap's name and memory. */
static void describe(struct memory *memory)
{
	if (memory->provenance)
		return;
	if (memory->region) {
		memory->provenance = PROVENANCE_DEVICE_TREE;
		memory->kind = kind_of_region(memory->region);
		memory->how = memory->link == LINK_NAME ? "a node of /reserved-memory has this name"
			      : memory->link == LINK_PROPERTY
				      ? "a property of the device tree gives the name"
				      : "a node of /reserved-memory has this unit address";
	}
	if (memory->area) {
		memory->kind = MEMORY_CMA;
		if (!memory->region)
			memory->how = "a CMA area has this name";
	}
}

/* What its buffers are: of a vendor's driver only what is known of that driver. */
static void set_buffers(struct memory *memory, const struct foreign *foreign)
{
	struct buffer_properties *buffers = &memory->buffers;

	*buffers = *memory_kind_buffers(memory->kind);
	if (!foreign->driver)
		return;
	buffers->source = foreign->driver;
	if (memory->provenance != PROVENANCE_KERNEL && !foreign->uncached)
		buffers->cacheable = buffers->protected = buffers->mappable = UNKNOWN;
	if (foreign->uncached)
		buffers->cacheable = NO;
	if (foreign->contiguous) {
		buffers->contiguous = YES;
		buffers->protected = NO;
		buffers->cacheable = foreign->uncached ? NO : YES;
	}
	if (foreign->secure)
		buffers->protected = YES;
	if (foreign->secure || memory->kind == MEMORY_PROTECTED)
		buffers->mappable = UNKNOWN;
}

/* Finds the area and the region of a heap, and what that says of it. */
static void link_memory(const struct inventory *inventory, struct memory *memory)
{
	const char *name = memory->heap->name;
	struct foreign foreign = {0};

	if (!link_by_name(inventory, memory, name) && !link_fixed(inventory, memory, &foreign) &&
	    !link_binding(inventory, memory, &foreign) &&
	    !link_uncached(inventory, memory, &foreign)) {
		memory->region = find_by_address(&inventory->regions, name);
		memory->link = memory->region ? LINK_UNIT_ADDRESS : LINK_NONE;
	}
	if (memory->area)
		memory->region = region_of_heap(&inventory->regions, memory->area->name);
	/* a vendor's driver and mainline's would give this heap the same name */
	if (!foreign.driver && memory->region && strings_have(&memory->region->vendor.names, name))
		foreign.driver = memory->region->vendor.source;
	describe(memory);
	set_buffers(memory, &foreign);
}

static void set_pages(struct fact *fact, const struct fact *pages, uint64_t page_size)
{
	struct maybe bytes = pages_in_bytes(pages->number, page_size);

	if (bytes.known)
		fact_set(fact, bytes.value, "%s", pages->source);
}

/*
 * Whether the area of a heap lies in two zones, so that the kernel has not activated it: up to 6.12
 * such an area is left with 0 pages, 7.2 does not list it. Other than mainline's driver may make a
 * heap of that name without an area.
 */
static bool is_dead(const struct inventory *inventory, const struct memory *memory)
{
	const struct cma_area *area = memory->area;
	const struct region *region = memory->region;

	if (area)
		return area->total.number.known && !area->total.number.value;
	return memory->link == LINK_NAME && region && region->kind == REGION_CMA_POOL &&
	       !region->vendor.binding && inventory->areas.counted;
}

static void measure(const struct inventory *inventory, struct memory *memory)
{
	const struct region *region = memory->region;
	const struct cma_area *area = memory->area;

	memory->dead = is_dead(inventory, memory);
	if (region && region->placement != REGION_NOWHERE) {
		const char *origin = tree_origin(inventory->tree);

		if (region->placement == REGION_STATIC)
			fact_set(&memory->base, region->base, "%s: /reserved-memory/%s reg", origin,
				 region->name);
		fact_set(&memory->size, region->size, "%s: /reserved-memory/%s %s", origin,
			 region->name, region->placement == REGION_STATIC ? "reg" : "size");
	}
	if (!area)
		return;
	if (area->base.number.known)
		fact_set(&memory->base, area->base.number.value, "%s", area->base.source);
	if (!memory->dead)
		set_pages(&memory->size, &area->total, inventory->page_size);
	set_pages(&memory->free, &area->available, inventory->page_size);
	set_pages(&memory->largest, &area->largest, inventory->page_size);
}

bool memory_is_same(const struct memory *a, const struct memory *b)
{
	return (a->area && a->area == b->area) || (a->region && a->region == b->region);
}

static void find_aliases(struct inventory *inventory)
{
	array_for_each (&inventory->memories, memory) {
		array_for_each (&inventory->memories, other) {
			if (other != memory && memory_is_same(memory, other))
				*array_add(&memory->same_region) = other->heap->name;
		}
	}
}

static bool cma_is_given(const struct root *root)
{
	AUTO_FREE char *cmdline = NULL;
	struct kernel_facts facts = {0};

	if (root_read_line(root, "/proc/cmdline", &cmdline))
		return true; /* perhaps */
	kernel_facts_set_cmdline(&facts, cmdline);
	kernel_facts_free(&facts);
	return facts.cmdline.cma_given;
}

/* Up to 6.11 the kernel sets regions up by address: model/devicetree/region.h. */
static bool is_set_up_by_address(const struct root *root)
{
	AUTO_FREE char *release = NULL;
	uint32_t version;

	return !root_read_line(root, "/proc/sys/kernel/osrelease", &release) &&
	       !kernel_version_parse(release, &version) && version < KERNEL(6, 12, 0);
}

/* Returns what reading the heaps does; the rest is read in any case. */
static int read_all(const struct root *root, unsigned int wanted, struct inventory *inventory)
{
	struct inventory new = {0};
	const char *reason;
	int error = heaps_read(root, wanted, &new.heaps), error_of_areas;

	if (error)
		new.heaps = (struct heaps){0};
	if (wanted & WANT_MEMORY) {
		new.page_size = root_page_size(root);
		new.available = memory_available(root);
		/* what can't be read is unknown: nothing is found in it */
		error_of_areas = cma_areas_read(root, &new.areas);
		new.areas_known = !error_of_areas;
		if (error_of_areas == -E2BIG)
			new.excess = CMA_DIRECTORY;
		if (!new.areas_known)
			new.areas = (struct cma_areas){0};
		new.by_address = is_set_up_by_address(root);
		if (!new.areas_known)
			new.cma_given = cma_is_given(root);
		if (root_list(root, HEAP_CLASS, &new.registered))
			new.registered = (struct strings){0};
		if (new.registered.count > HEAP_ENTRIES_MAX) {
			strings_free(&new.registered);
			new.excess = HEAP_CLASS;
		}
		if (!tree_load_live(root, &new.tree, &reason))
			regions_read(new.tree, &new.regions);
		cma_areas_complete(&new.areas, &new.regions);
	}
	array_for_each (&new.heaps, heap) {
		struct memory *memory = array_add(&new.memories);

		memory->heap = heap;
		link_memory(&new, memory);
		measure(&new, memory);
	}
	find_aliases(&new);
	*inventory = new;
	return error;
}

/*
 * Whether an overlay has added regions since the boot. A whole tree is some thousand files in
 * /proc, of which only this needs any.
 */
static bool has_later_regions(const struct root *root, const struct regions *booted)
{
	AUTO_STRINGS struct strings names = {0};
	AUTO_SET struct set known = {0};

	if (tree_list_current(root, "reserved-memory", &names))
		return false;
	array_for_each (booted, region)
		set_add(&known, region->name);
	array_for_each (&names, name) {
		if (!set_find(&known, *name))
			return true;
	}
	return false;
}

void inventory_read_all(const struct root *root, struct inventory *inventory, int *heaps_error)
{
	const char *reason;

	*heaps_error = read_all(root, WANT_USUAL, inventory);
	if (inventory_has_boot_tree(inventory) && has_later_regions(root, &inventory->regions) &&
	    !tree_load_current(root, &inventory->current, &reason))
		regions_read(inventory->current, &inventory->current_regions);
}

int inventory_read(const struct root *root, unsigned int wanted, struct inventory *inventory)
{
	struct inventory new;
	int error = read_all(root, wanted, &new);

	if (error)
		inventory_free(&new);
	else
		*inventory = new;
	return error;
}

void inventory_free(struct inventory *inventory)
{
	array_for_each (&inventory->memories, memory) {
		fact_free(&memory->base);
		fact_free(&memory->size);
		fact_free(&memory->free);
		fact_free(&memory->largest);
		array_free(&memory->same_region);
	}
	array_free(&inventory->memories);
	regions_free(&inventory->current_regions);
	tree_free(inventory->current);
	regions_free(&inventory->regions);
	tree_free(inventory->tree);
	strings_free(&inventory->registered);
	cma_areas_free(&inventory->areas);
	heaps_free(&inventory->heaps);
	*inventory = (struct inventory){0};
}

bool inventory_has_boot_tree(const struct inventory *inventory)
{
	return inventory->tree && !strcmp(tree_origin(inventory->tree), "/sys/firmware/fdt");
}

bool inventory_lacks_node(const struct inventory *inventory, const char *name)
{
	return !inventory_has_heap(inventory, name) && strings_have(&inventory->registered, name);
}

const struct memory *inventory_find(const struct inventory *inventory, const char *name)
{
	const struct heap *heap = heaps_find(&inventory->heaps, name);

	return heap ? &inventory->memories.items[heap - inventory->heaps.items] : NULL;
}

const struct buffer_properties *memory_kind_buffers(enum memory_kind kind)
{
	static const struct buffer_properties properties[] = {
		[MEMORY_PAGES] = {NO, YES, NO, YES, SYSTEM_HEAP_SOURCE},
		[MEMORY_CMA] = {YES, YES, NO, YES, CMA_HEAP_SOURCE},
		[MEMORY_PROTECTED] = {UNKNOWN, UNKNOWN, YES, NO, TEE_HEAP_SOURCE},
		[MEMORY_CARVE_OUT] = {UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, NULL},
	};

	return &properties[kind];
}

const char *provenance_name(enum provenance provenance)
{
	static const char *const names[] = {[PROVENANCE_UNKNOWN] = NULL,
					    [PROVENANCE_KERNEL] = "kernel",
					    [PROVENANCE_DEVICE_TREE] = "device-tree"};

	return names[provenance];
}

const char *memory_kind_name(enum memory_kind kind)
{
	static const char *const names[] = {
		[MEMORY_UNKNOWN] = NULL,
		[MEMORY_PAGES] = "pages",
		[MEMORY_CMA] = "cma",
		[MEMORY_COHERENT] = "coherent",
		[MEMORY_PROTECTED] = "protected",
		[MEMORY_CARVE_OUT] = "carve-out",
	};

	return names[kind];
}

const char *link_name(enum link link)
{
	static const char *const names[] = {
		[LINK_NONE] = NULL,
		[LINK_NAME] = "name",
		[LINK_UNIT_ADDRESS] = "unit-address",
		[LINK_ALIAS] = "alias",
		[LINK_PROPERTY] = "property",
		[LINK_MEASURED] = "measured",
	};

	return names[link];
}
