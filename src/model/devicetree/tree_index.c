// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/tree.h"

#include <errno.h>
#include <libfdt.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/devicetree/dma_ranges.h"
#include "model/devicetree/property.h"

#ifndef FDT_ERR_ALIGNMENT /* libfdt 1.6.1 */
#define FDT_ERR_ALIGNMENT 19
#endif

/* What a property's name means to the walk; 0 in walk.meanings is "not looked at yet". */
enum meaning {
	MEANS_UNSEEN,
	MEANS_OTHER,
	MEANS_PHANDLE,
	MEANS_STATUS,
	MEANS_ADDRESS_CELLS,
	MEANS_SIZE_CELLS,
	MEANS_DMA_RANGES,
	MEANS_RANGES,
	MEANS_ALLOC_RANGES,
	MEANS_NOTED, /* and more: enum tree_property */
};

/*
 * The walk checks what fdt_check_full() does, and more (depth, one root). With that and a loop of
 * fdt_next_tag() in its place, regions takes twice as long for the same answer: of 1649 trees of
 * Debian's arm64 kernel 0.42 s, not 0.20 s.
 */
struct walk {
	const char *blob;
	const char *structure, *strings; /* the two blocks */
	uint32_t structure_size, strings_size;
	uint32_t name_limit; /* a name that starts below has its NUL inside the block */
	uint8_t *meanings;   /* enum meaning by offset in strings */
	const char *path[TREE_DEPTH_MAX + 1];
	int offset[TREE_DEPTH_MAX + 1];
	unsigned int depth; /* of the node the walk is in; the root's is 1 */
	uint16_t path_length[TREE_DEPTH_MAX + 1];
	int noted[TREE_DEPTH_MAX + 1][TREE_PROPERTIES];
	bool disabled[TREE_DEPTH_MAX + 1]; /* by its own status or one above */
	struct dma_bus buses[TREE_DEPTH_MAX + 1];
	bool in_symbols, in_fixups, in_local_fixups;      /* below this child of the root */
	uint32_t links, ranges, alloc_ranges, dma_ranges; /* entries; bytes */
	const char *excess;                               /* what there is too much of */
	struct tree_index *index;
};

static uint32_t read_cell(const void *at)
{
	fdt32_t cell;

	memcpy(&cell, at, sizeof(cell));
	return fdt32_to_cpu(cell);
}

/* Property data and names of nodes are padded to whole cells. */
static uint32_t align_cell(uint32_t length)
{
	return (length + FDT_TAGSIZE - 1) & ~(uint32_t)(FDT_TAGSIZE - 1);
}

const char *tree_error_name(int fdt_error)
{
	static const char *const words[] = {
		[FDT_ERR_NOTFOUND] = "a node or property it needs is missing (FDT_ERR_NOTFOUND)",
		[FDT_ERR_EXISTS] = "something is there twice (FDT_ERR_EXISTS)",
		[FDT_ERR_NOSPACE] = "too large (FDT_ERR_NOSPACE)",
		[FDT_ERR_BADOFFSET] = "an offset points outside (FDT_ERR_BADOFFSET)",
		[FDT_ERR_BADPATH] = "badly formed path (FDT_ERR_BADPATH)",
		[FDT_ERR_BADPHANDLE] = "bad phandle (FDT_ERR_BADPHANDLE)",
		[FDT_ERR_BADSTATE] = "unfinished tree (FDT_ERR_BADSTATE)",
		[FDT_ERR_TRUNCATED] = "truncated (FDT_ERR_TRUNCATED)",
		[FDT_ERR_BADMAGIC] = "not a flattened device tree (FDT_ERR_BADMAGIC)",
		[FDT_ERR_BADVERSION] = "version that is not supported (FDT_ERR_BADVERSION)",
		[FDT_ERR_BADSTRUCTURE] = "corrupt structure (FDT_ERR_BADSTRUCTURE)",
		[FDT_ERR_BADLAYOUT] = "blocks in an unusual order (FDT_ERR_BADLAYOUT)",
		[FDT_ERR_INTERNAL] = "libfdt failed (FDT_ERR_INTERNAL)",
		[FDT_ERR_BADNCELLS] = "bad #address-cells or #size-cells (FDT_ERR_BADNCELLS)",
		[FDT_ERR_BADVALUE] = "a property has an unexpected value (FDT_ERR_BADVALUE)",
		[FDT_ERR_BADOVERLAY] = "not a proper overlay (FDT_ERR_BADOVERLAY)",
		[FDT_ERR_NOPHANDLES] = "no phandles left (FDT_ERR_NOPHANDLES)",
		[FDT_ERR_BADFLAGS] = "bad flags (FDT_ERR_BADFLAGS)",
		[FDT_ERR_ALIGNMENT] = "a block is not aligned (FDT_ERR_ALIGNMENT)",
	};
	int code = -fdt_error;

	if (code > 0 && (size_t)code < COUNT_OF(words) && words[code])
		return words[code];
	return "libfdt failed";
}

static unsigned int meaning_of(const char *name)
{
	static const struct {
		const char *name;
		unsigned int meaning;
	} known[] = {
		{"phandle", MEANS_PHANDLE},
		{"linux,phandle", MEANS_PHANDLE},
		{"status", MEANS_STATUS},
		{"#address-cells", MEANS_ADDRESS_CELLS},
		{"#size-cells", MEANS_SIZE_CELLS},
		{"dma-ranges", MEANS_DMA_RANGES},
		{"reg", MEANS_RANGES},
		{"alloc-ranges", MEANS_ALLOC_RANGES},
		{"linux,usable-memory", MEANS_RANGES},
		{"memory-region", MEANS_NOTED + TREE_MEMORY_REGION},
		{"memory-region-names", MEANS_NOTED + TREE_MEMORY_REGION_NAMES},
		{"qcom,dma-heap-name", MEANS_NOTED + TREE_QCOM_HEAP_NAME},
		{"dma_heap,name", MEANS_NOTED + TREE_SAMSUNG_HEAP_NAME},
		{"dma_heap,secure", MEANS_NOTED + TREE_SAMSUNG_HEAP_SECURE},
		{"dma-heap,name", MEANS_NOTED + TREE_SAMSUNG_HEAP_NAME_2},
		{"dma-heap,secure", MEANS_NOTED + TREE_SAMSUNG_HEAP_SECURE_2},
		{"dma-heap,uncached", MEANS_NOTED + TREE_SAMSUNG_HEAP_UNCACHED_2},
	};

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (!strcmp(name, known[i].name))
			return known[i].meaning;
	}
	return MEANS_OTHER;
}

static char *node_path(const struct walk *walk)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	for (unsigned int i = 2; i <= walk->depth; i++)
		fprintf(stream, "/%s", walk->path[i]);
	if (walk->depth < 2)
		fputc('/', stream);
	xmemclose(stream);
	return text;
}

/* Whether NAME, up to its unit address, is reserved-memory or a way to misspell it. */
static bool is_like_reserved_memory(const char *name)
{
	static const char *const ways[] = {"reservedmemory", "reservedmem", "reservememory",
					   "reservedmemories", "reservedmemorys"};
	char letters[20];
	size_t count = 0;

	if ((*name | 0x20) != 'r')
		return false;
	for (; *name && *name != '@'; name++) {
		if (strchr("-_,.+", *name))
			continue;
		if (count == sizeof(letters) - 1)
			return false;
		letters[count++] = (char)(*name | 0x20);
	}
	letters[count] = '\0';
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		if (!strcmp(letters, ways[i]))
			return true;
	}
	return false;
}

/* Where the node is not the tree's own: __overlay__, __local_fixups__ … */
static bool is_of_dtc(const struct walk *walk)
{
	for (unsigned int i = 2; i < walk->depth; i++) {
		if (!strncmp(walk->path[i], "__", 2))
			return true;
	}
	return false;
}

static void note_stray(struct walk *walk)
{
	unsigned int depth = walk->depth;
	struct tree_stray *stray;

	if (!is_like_reserved_memory(walk->path[depth]) || is_of_dtc(walk))
		return;
	if (walk->index->strays.count == TREE_STRAYS_MAX) {
		walk->excess =
			"more than " TEXT_OF(TREE_STRAYS_MAX) " nodes called reserved-memory";
		return;
	}
	stray = array_add(&walk->index->strays);
	stray->offset = walk->offset[depth];
	stray->path = node_path(walk);
}

static void enter_node(struct walk *walk, const char *name, int offset)
{
	struct tree_index *index = walk->index;
	unsigned int depth = ++walk->depth;

	index->nodes++;
	walk->path[depth] = name;
	walk->offset[depth] = offset;
	memset(walk->noted[depth], 0xff, sizeof(walk->noted[depth])); /* -1 */
	walk->disabled[depth] = walk->disabled[depth - 1];
	walk->buses[depth] = walk->buses[depth - 1];
	walk->buses[depth].ranges = NULL;
	if (depth == 3 && !strcmp(name, "__overlay__"))
		index->is_overlay = true;
	if (depth == 2 && index->reserved_memory < 0 && node_name_is(name, "reserved-memory")) {
		index->reserved_memory = offset;
		return;
	}
	note_stray(walk);
	if (depth != 2)
		return;
	if (index->chosen < 0 && node_name_is(name, "chosen"))
		index->chosen = offset;
	else if (index->cpus < 0 && node_name_is(name, "cpus"))
		index->cpus = offset;
	else if (node_name_is(name, "memory"))
		*array_add(&index->memory) = offset;
	walk->in_symbols = !strcmp(name, "__symbols__");
	walk->in_fixups = !strcmp(name, "__fixups__");
	walk->in_local_fixups = !strcmp(name, "__local_fixups__");
}

static void leave_node(struct walk *walk)
{
	unsigned int depth = walk->depth;

	if (walk->noted[depth][TREE_MEMORY_REGION] >= 0) {
		struct tree_consumer *consumer = array_add(&walk->index->consumers);

		consumer->path = node_path(walk);
		memcpy(consumer->properties, walk->noted[depth], sizeof(consumer->properties));
		consumer->enabled = !walk->disabled[depth];
	}
	if (walk->buses[depth].ranges && !walk->disabled[depth]) {
		uint64_t last = dma_ranges_last(walk->buses + 1, depth);

		if (last < walk->index->dma_last)
			walk->index->dma_last = last;
	}
	if (depth == 2)
		walk->in_symbols = walk->in_fixups = walk->in_local_fixups = false;
	walk->depth--;
}

static void note_label(struct walk *walk, const char *label, const char *data, uint32_t length)
{
	static const char parent[] = "/reserved-memory/";
	size_t skip = sizeof(parent) - 1;
	struct tree_label *new;

	if (length <= skip || memcmp(data, parent, skip) != 0)
		return;
	if (strnlen(data, length) != length - 1 || strchr(data + skip, '/'))
		return;
	if (walk->index->labels.count == TREE_LABELS_MAX) {
		walk->excess = "more than " TEXT_OF(TREE_LABELS_MAX) " labels of reserved memory";
		return;
	}
	new = array_add(&walk->index->labels);
	new->label = label;
	new->node = data + skip;
}

/* More cells than an address can have make the entries unreadable. */
static uint32_t read_cells(const char *data, uint32_t length, uint32_t otherwise)
{
	uint32_t cells = length >= sizeof(fdt32_t) ? read_cell(data) : otherwise;

	return cells <= FDT_MAX_NCELLS ? cells : otherwise;
}

/* Strings of __fixups__, cells of __local_fixups__. */
static void count_references(struct walk *walk, const char *data, uint32_t length)
{
	if (walk->in_local_fixups)
		walk->index->references += length / sizeof(fdt32_t);
	for (uint32_t i = 0; walk->in_fixups && i < length; i++)
		walk->index->references += !data[i];
}

/* Of nodes that are memory or reserve some. */
static void note_ranges(struct walk *walk, uint32_t length)
{
	bool region = walk->depth == 3 && walk->offset[2] == walk->index->reserved_memory;

	if (!region && (walk->depth != 2 || !node_name_is(walk->path[2], "memory")))
		return;
	walk->ranges += length;
	if (walk->ranges > TREE_RANGES_MAX)
		walk->excess = "more than " TEXT_OF(TREE_RANGES_MAX) " bytes of memory ranges";
}

static void note_alloc_ranges(struct walk *walk, uint32_t length)
{
	walk->alloc_ranges += length;
	if (walk->alloc_ranges > TREE_ALLOC_MAX)
		walk->excess = "more than " TEXT_OF(TREE_ALLOC_MAX) " bytes of alloc-ranges";
}

static void note_links(struct walk *walk, uint32_t length)
{
	walk->links += length / (uint32_t)sizeof(fdt32_t);
	if (walk->links > TREE_LINKS_MAX)
		walk->excess = "more than " TEXT_OF(TREE_LINKS_MAX) " entries of memory-region";
}

static void note_property(struct walk *walk, uint32_t name, const char *data, uint32_t length,
			  int offset)
{
	struct dma_bus *bus = &walk->buses[walk->depth];
	unsigned int meaning = walk->meanings[name];

	walk->index->properties++;
	if (walk->in_fixups || walk->in_local_fixups)
		count_references(walk, data, length);
	if (walk->in_symbols && walk->depth == 2) {
		walk->index->symbols++;
		note_label(walk, walk->strings + name, data, length);
	}
	if (meaning == MEANS_OTHER)
		return;
	if (meaning == MEANS_UNSEEN) {
		if (strnlen(walk->strings + name, TREE_NAME_MAX + 1) > TREE_NAME_MAX) {
			walk->excess =
				"a property's name is longer than " TEXT_OF(TREE_NAME_MAX) " bytes";
			return;
		}
		meaning = meaning_of(walk->strings + name);
		walk->meanings[name] = (uint8_t)meaning;
	}
	if (meaning == MEANS_PHANDLE && length == sizeof(fdt32_t))
		*array_add(&walk->index->phandles) = read_cell(data);
	else if (meaning == MEANS_STATUS)
		walk->disabled[walk->depth] |=
			!status_is_okay(&(struct property){"status", data, length});
	else if (meaning == MEANS_ADDRESS_CELLS)
		bus->address_cells = read_cells(data, length, bus->address_cells);
	else if (meaning == MEANS_SIZE_CELLS)
		bus->size_cells = read_cells(data, length, bus->size_cells);
	else if (meaning == MEANS_DMA_RANGES && length) {
		bus->ranges = data;
		bus->length = length;
		walk->dma_ranges += length;
		if (walk->dma_ranges > TREE_DMA_RANGES_MAX)
			walk->excess =
				"more than " TEXT_OF(TREE_DMA_RANGES_MAX) " bytes of dma-ranges";
	} else if (meaning == MEANS_RANGES)
		note_ranges(walk, length);
	else if (meaning == MEANS_ALLOC_RANGES)
		note_alloc_ranges(walk, length);
	else if (meaning >= MEANS_NOTED)
		walk->noted[walk->depth][meaning - MEANS_NOTED] = offset;
	if (meaning == MEANS_NOTED + TREE_MEMORY_REGION)
		note_links(walk, length);
}

/* The blocks of the blob; returns 0 or a libfdt error. */
static int open_blocks(struct walk *walk, size_t size)
{
	const char *blob = walk->blob;
	int error;

	/* the smallest header that has all the fields which fdt_check_header() reads */
	if (size < sizeof(struct fdt_header))
		return size >= sizeof(fdt32_t) && fdt_magic(blob) != FDT_MAGIC ? -FDT_ERR_BADMAGIC
									       : -FDT_ERR_TRUNCATED;
	error = fdt_check_header(blob);
	if (error)
		return error;
	if (fdt_totalsize(blob) > size)
		return -FDT_ERR_TRUNCATED;
	if (size > TREE_SIZE_MAX) /* keeps all sums below inside 32 bits */
		return -FDT_ERR_NOSPACE;
	if (fdt_version(blob) < 17) /* size_dt_struct is new in 17; dtc writes 17 since 2005 */
		return -FDT_ERR_BADVERSION;
	/* as the format asks; libfdt reads both through pointers to their words */
	if (fdt_off_mem_rsvmap(blob) % sizeof(uint64_t) || fdt_off_dt_struct(blob) % FDT_TAGSIZE)
		return -FDT_ERR_ALIGNMENT;
	error = fdt_num_mem_rsv(blob);
	if (error < 0)
		return error;
	if (error > TREE_RESERVES_MAX)
		walk->excess = "more than " TEXT_OF(TREE_RESERVES_MAX) " entries of /memreserve/";
	walk->structure = blob + fdt_off_dt_struct(blob);
	walk->structure_size = fdt_size_dt_struct(blob);
	walk->strings = blob + fdt_off_dt_strings(blob);
	walk->strings_size = fdt_size_dt_strings(blob);
	walk->name_limit = walk->strings_size;
	while (walk->name_limit && walk->strings[walk->name_limit - 1])
		walk->name_limit--;
	return 0;
}

/* Whether the node that comes, below the one that the walk is in, may be entered. */
static bool may_enter(struct walk *walk, uint32_t name_length)
{
	uint32_t path = walk->path_length[walk->depth] + 1 + name_length;

	if (walk->depth == TREE_DEPTH_MAX)
		walk->excess = "nodes nested deeper than " TEXT_OF(TREE_DEPTH_MAX);
	else if (name_length > TREE_NAME_MAX)
		walk->excess = "a node's name is longer than " TEXT_OF(TREE_NAME_MAX) " bytes";
	else if (path > TREE_PATH_MAX)
		walk->excess = "a node's path is longer than " TEXT_OF(TREE_PATH_MAX) " bytes";
	else
		walk->path_length[walk->depth + 1] = walk->depth ? (uint16_t)path : 0;
	return !walk->excess;
}

/* One token at *OFFSET, which moves on; returns 1, 0 at the end, or a libfdt error. */
static int step(struct walk *walk, uint32_t *offset)
{
	uint32_t at = *offset, left = walk->structure_size - at, tag, length, name;
	const char *data, *end;

	if (left < FDT_TAGSIZE)
		return -FDT_ERR_TRUNCATED;
	tag = read_cell(walk->structure + at);
	data = walk->structure + at + FDT_TAGSIZE;
	left -= FDT_TAGSIZE;
	switch (tag) {
	case FDT_PROP:
		if (left < 2 * FDT_TAGSIZE)
			return -FDT_ERR_TRUNCATED;
		length = read_cell(data);
		name = read_cell(data + FDT_TAGSIZE);
		left -= 2 * FDT_TAGSIZE;
		if (length > left || left < align_cell(length))
			return -FDT_ERR_TRUNCATED;
		if (name >= walk->name_limit)
			return -FDT_ERR_BADOFFSET;
		if (!walk->depth)
			return -FDT_ERR_BADSTRUCTURE;
		note_property(walk, name, data + 2 * FDT_TAGSIZE, length, (int)at);
		*offset = at + 3 * FDT_TAGSIZE + align_cell(length);
		return 1;
	case FDT_BEGIN_NODE:
		end = memchr(data, '\0', left);
		if (!end)
			return -FDT_ERR_TRUNCATED;
		length = (uint32_t)(end - data) + 1;
		if (left < align_cell(length))
			return -FDT_ERR_TRUNCATED;
		if (!walk->depth && (at || length > 1))
			return -FDT_ERR_BADSTRUCTURE; /* one root, without a name, at the front */
		if (may_enter(walk, length - 1))
			enter_node(walk, data, (int)at);
		*offset = at + FDT_TAGSIZE + align_cell(length);
		return 1;
	case FDT_END_NODE:
		if (!walk->depth)
			return -FDT_ERR_BADSTRUCTURE;
		leave_node(walk);
		*offset = at + FDT_TAGSIZE;
		return 1;
	case FDT_NOP:
		*offset = at + FDT_TAGSIZE;
		return 1;
	case FDT_END:
		return walk->depth || !at ? -FDT_ERR_BADSTRUCTURE : 0;
	default:
		return -FDT_ERR_BADSTRUCTURE;
	}
}

/* Those of one node stay in the order of the tree: their values are in its structure. */
static int compare_labels(const void *a, const void *b)
{
	const struct tree_label *one = a, *other = b;
	int order = strcmp(one->node, other->node);

	return order ? order : (one->node > other->node) - (one->node < other->node);
}

/* Beside all errors of libfdt, of which later releases have more. */
#define EXCESS INT_MIN

int tree_make_index(const void *blob, size_t size, struct tree_index *index, const char **reason)
{
	struct tree_index found = {
		.reserved_memory = -1, .chosen = -1, .cpus = -1, .dma_last = UINT64_MAX};
	struct walk walk = {.blob = blob, .index = &found, .buses = {{1, 1, NULL, 0}}};
	uint32_t offset = 0;
	int status = open_blocks(&walk, size);

	if (!status) {
		walk.meanings = xcalloc(walk.strings_size + 1, 1);
		do {
			status = walk.excess ? EXCESS : step(&walk, &offset);
		} while (status > 0);
		free(walk.meanings);
	}
	if (status) {
		tree_index_free(&found);
		*reason = status == EXCESS ? walk.excess : tree_error_name(status);
		return -EBADMSG;
	}
	if (found.labels.count)
		qsort(found.labels.items, found.labels.count, sizeof(*found.labels.items),
		      compare_labels);
	*index = found;
	return 0;
}

const char *tree_index_label(const struct tree_index *index, const char *node)
{
	size_t low = 0, high = index->labels.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(index->labels.items[middle].node, node) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < index->labels.count && !strcmp(index->labels.items[low].node, node)
		       ? index->labels.items[low].label
		       : NULL;
}

void tree_index_free(struct tree_index *index)
{
	array_for_each (&index->consumers, consumer)
		free(consumer->path);
	array_free(&index->consumers);
	array_for_each (&index->strays, stray)
		free(stray->path);
	array_free(&index->strays);
	array_free(&index->memory);
	array_free(&index->labels);
	array_free(&index->phandles);
}
