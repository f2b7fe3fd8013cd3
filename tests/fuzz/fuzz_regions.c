// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A device tree with an overlay under some kernel, all from one input: a byte of options, three
 * bytes of length, the tree, the overlay. Whatever they hold: no report of a sanitizer, no endless
 * loop; and what the walk accepts libfdt accepts as well.
 */
#include <libfdt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "commands/regions/picture.h"
#include "commands/regions/regions_columns.h"
#include "model/boot/decide.h"
#include "model/devicetree/tree.h"
#include "view/memory_map_draw.h"
#include "view/memory_map_svg.h"
#include "view/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void set_kernel(uint8_t options, struct kernel_facts *facts)
{
	static const uint32_t versions[] = {0, KERNEL(6, 18, 0), KERNEL(6, 12, 0),
					    KERNEL(5, 10, 0)};
	static const uint64_t pages[] = {0, 4096, 16384, 65536};

	facts->version = versions[options & 3];
	facts->page_size = pages[options >> 2 & 3];
	if (options & 16)
		kernel_facts_set_config(facts, "# Linux/arm 6.19.1 Kernel Configuration\n"
					       "CONFIG_DMA_CMA=y\nCONFIG_CMA_AREAS=3\n"
					       "CONFIG_CMA_SIZE_MBYTES=16\n");
	if (options & 32)
		kernel_facts_set_cmdline(facts, "quiet cma=64M");
}

static void draw(const struct tree_report *report)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	struct memory_map map = {0};

	regions_make_map(report, &map);
	memory_map_draw(&map, stream, 80, true, true);
	memory_map_svg(&map, stream);
	memory_map_free(&map);
	xmemclose(stream);
}

/* What the command does with a tree, all of its output thrown away. */
static void show(const struct tree_report *report)
{
	const struct table_style style = {.json = true};
	const char *wrong;
	int length;
	AUTO_TABLE struct table *table =
		table_new(regions_columns, REGIONS_COLUMN_COUNT, &style, &wrong, &length);

	regions_rows(table, report, true);
	value_free(table_value(table));
	draw(report);
}

static void analyse(struct tree *tree, uint8_t options)
{
	struct tree_report report = {.tree = tree};

	regions_read(tree, &report.regions);
	if (report.regions.bootargs && options & 64)
		kernel_facts_set_cmdline(&report.facts, report.regions.bootargs);
	set_kernel(options, &report.facts);
	ram_settle(&report.regions, &report.facts);
	fates_decide(&report.regions, &report.facts, &report.fates);
	if (report.fates.count != report.regions.count)
		abort();
	array_for_each (&report.fates, fate) {
		if (!fate->text)
			abort(); /* every region has its sentence */
	}
	tree_findings_collect("tree", &report.regions, &report.fates, &report.facts, true,
			      &report.findings);
	show(&report);
	tree_findings_free(&report.findings);
	fates_free(&report.fates);
	kernel_facts_free(&report.facts);
	regions_free(&report.regions);
}

static struct tree *load(const uint8_t *data, size_t size)
{
	const char *reason = NULL;
	struct tree *tree;

	if (tree_from_blob(xmemdup(data, size), size, NULL, &tree, &reason)) {
		if (!reason)
			abort(); /* every failure has its reason */
		return NULL;
	}
	if (fdt_check_full(tree_blob(tree), size))
		abort();
	return tree;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_TREE struct tree *tree = NULL;
	AUTO_TREE struct tree *overlay = NULL;
	AUTO_FREE char *reason = NULL;
	size_t length;

	if (size < 4)
		return 0;
	length = data[1] | (size_t)data[2] << 8 | (size_t)data[3] << 16;
	if (length > size - 4)
		length = size - 4;
	tree = load(data + 4, length);
	if (!tree)
		return 0;
	analyse(tree, data[0]);
	overlay = load(data + 4 + length, size - 4 - length);
	if (overlay && !tree_apply_overlay(tree, overlay, &reason))
		analyse(tree, data[0]);
	return 0;
}
