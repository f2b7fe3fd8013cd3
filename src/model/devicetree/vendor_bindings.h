/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bindings of vendors' kernels that make heaps of regions: a table, because each of them derives
 * the name its own way.
 */
#ifndef MODEL_DEVICETREE_VENDOR_BINDINGS_H
#define MODEL_DEVICETREE_VENDOR_BINDINGS_H

#include "base/array.h"
#include "model/devicetree/property.h"

/* Ends the name of the second heap that drivers of vendors make of the memory of another one. */
#define UNCACHED_SUFFIX "-uncached"

struct vendor_heaps {
	const char *binding;  /* its name, constant; NULL: no vendor makes a heap of the region */
	const char *source;   /* the driver, "Samsung's kernel, FILE", constant */
	struct strings names; /* of the heaps */
	/* other names that one version of the driver makes, beside or instead of those */
	struct strings perhaps;
	/* of both, those whose buffers are protected, and those that are mapped without a cache */
	struct strings secure, uncached;
	bool by_property; /* a property of a consumer gives the names */
};

/*
 * Finds the binding that makes heaps of the region whose node is called NODE; *heaps stays as it is
 * where there is none. The caller frees it with vendor_heaps_free().
 */
void vendor_heaps_read(const void *blob, const char *node, const struct property *compatible,
		       const struct consumers *consumers, struct vendor_heaps *heaps)
	__attribute__((nonnull));
void vendor_heaps_free(struct vendor_heaps *heaps) __attribute__((nonnull));

#endif
