// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An overlay is applied to a tree, both from one input: three bytes of length, the tree, the
 * overlay. Whatever they hold: no report of a sanitizer; the overlay stays as it is, and what comes
 * out is a whole tree, or a sentence says why nothing did.
 */
#include <libfdt.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/devicetree/tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct tree *load(const uint8_t *data, size_t size)
{
	const char *reason;
	struct tree *tree;

	return tree_from_blob(xmemdup(data, size), size, NULL, &tree, &reason) ? NULL : tree;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_TREE struct tree *tree = NULL;
	AUTO_TREE struct tree *overlay = NULL;
	AUTO_FREE char *problem = NULL;
	const uint8_t *second;
	size_t length;
	int error;

	if (size < 3)
		return 0;
	length = data[0] | (size_t)data[1] << 8 | (size_t)data[2] << 16;
	data += 3;
	size -= 3;
	if (length > size)
		return 0;
	second = data + length;
	tree = load(data, length);
	overlay = tree ? load(second, size - length) : NULL;
	if (!overlay)
		return 0;
	error = tree_apply_overlay(tree, overlay, &problem);
	if (!error != !problem || (problem && strlen(problem) > 1024))
		abort();
	if (memcmp(tree_blob(overlay), second, size - length) != 0)
		abort();
	if (fdt_check_full(tree_blob(tree), fdt_totalsize(tree_blob(tree))))
		abort();
	return 0;
}
