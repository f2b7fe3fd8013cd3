// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary bytes as the configuration of a kernel, gzipped or not, which then boots a small tree,
 * with the command line that CONFIG_CMDLINE has.
 */
#include <errno.h>
#include <libfdt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/decide.h"
#include "model/boot/kernel_config.h"
#include "model/devicetree/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void add_cells(void *blob, const char *name, const uint32_t *cells, int count)
{
	fdt32_t value[4];

	for (int i = 0; i < count; i++)
		value[i] = cpu_to_fdt32(cells[i]);
	must(!fdt_property(blob, name, value, count * (int)sizeof(*value)));
}

/* RAM, and two pools for CMA: one at a fixed place, one that is the default wherever it is put. */
static struct tree *make_tree(void)
{
	static const uint32_t one = 1, ram[] = {0x40000000, 0x20000000},
			      place[] = {0x42000000, 0x1000000}, size = 0x2000000;
	const int room = 1024;
	char *blob = xcalloc((size_t)room, 1);
	struct tree *tree = NULL;
	const char *reason;

	must(!fdt_create(blob, room) && !fdt_finish_reservemap(blob));
	must(!fdt_begin_node(blob, ""));
	add_cells(blob, "#address-cells", &one, 1);
	add_cells(blob, "#size-cells", &one, 1);
	must(!fdt_begin_node(blob, "memory@40000000"));
	must(!fdt_property_string(blob, "device_type", "memory"));
	add_cells(blob, "reg", ram, 2);
	must(!fdt_end_node(blob) && !fdt_begin_node(blob, "reserved-memory"));
	add_cells(blob, "#address-cells", &one, 1);
	add_cells(blob, "#size-cells", &one, 1);
	must(!fdt_property(blob, "ranges", "", 0));
	for (int i = 0; i < 2; i++) {
		must(!fdt_begin_node(blob, i ? "video@42000000" : "any"));
		must(!fdt_property_string(blob, "compatible", "shared-dma-pool"));
		must(!fdt_property(blob, i ? "reusable" : "linux,cma-default", "", 0));
		must(!fdt_property(blob, i ? "export" : "reusable", "", 0));
		add_cells(blob, i ? "reg" : "size", i ? place : &size, i ? 2 : 1);
		must(!fdt_end_node(blob));
	}
	must(!fdt_end_node(blob) && !fdt_end_node(blob) && !fdt_finish(blob));
	must(!tree_from_blob(blob, fdt_totalsize(blob), NULL, &tree, &reason));
	return tree;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_TREE struct tree *tree = NULL;
	struct kernel_facts facts = {0};
	struct regions regions;
	struct fates fates;
	AUTO_FREE char *text = NULL;
	int error = config_unzip((const char *)data, size, &text);

	must(!error || error == -EBADMSG || error == -EFBIG || error == -EINVAL);
	if (error)
		return 0;
	must(strlen(text) <= CONFIG_SIZE_MAX);
	tree = make_tree();
	regions_read(tree, &regions);
	kernel_facts_set_config(&facts, text);
	kernel_facts_add_built_in(&facts);
	must(!(facts.page_size & (facts.page_size - 1)));
	ram_settle(&regions, &facts);
	fates_decide(&regions, &facts, &fates);
	must(fates.count == 2);
	array_for_each (&fates, fate)
		must(fate->text);
	fates_free(&fates);
	regions_free(&regions);
	kernel_facts_free(&facts);
	return 0;
}
