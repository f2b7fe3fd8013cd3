// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/vendor_bindings.h"

#include <stdlib.h>
#include <string.h>

#include "base/set.h"
#include "base/xalloc.h"
#include "model/devicetree/tree.h"

/* How a heap gets its name. */
enum naming {
	NAMED_AS_NODE,         /* prefix + name of the region's node */
	NAMED_WITHOUT_ADDRESS, /* the same, up to the @ */
	NAMED_FIXED,           /* prefix is all */
	NAMED_BY_PROPERTY,     /* of the node whose memory-region points at the region */
};

/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order of the rows below */
struct binding {
	const char *label;      /* as shown */
	const char *compatible; /* of the region; with NAMED_BY_PROPERTY of the consumer; or NULL */
	const char *node;       /* name of the region's node without the unit address, or NULL */
	enum naming naming;
	const char *prefix;
	enum tree_property property; /* NAMED_BY_PROPERTY */
	const char *suffix;          /* of a second heap for the same memory, or NULL */
	enum tree_property secure;   /* of the consumer, with which SECURE_SUFFIX replaces both */
};

#define SECURE_SUFFIX "-secure"

static const struct binding bindings[] = {
	{"dma-heap-carveout (TI)", "dma-heap-carveout", NULL, NAMED_AS_NODE, "carveout_", 0, NULL,
	 0},
	{"eswin-reserve-memory (ESWIN)", "eswin-reserve-memory", NULL, NAMED_AS_NODE, "", 0, NULL,
	 0},
	{"nvidia,tegra-video-protection-region (NVIDIA)", "nvidia,tegra-video-protection-region",
	 NULL, NAMED_WITHOUT_ADDRESS, "", 0, NULL, 0},
	{"dsp_reserved_heap (NXP)", NULL, "dsp_reserved_heap", NAMED_FIXED, "dsp", 0, NULL, 0},
	/* rmem_secure_heap_setup(), drivers/dma-buf/heaps/secure_heap.c of i.MX kernels */
	{"linaro,secure-heap (Linaro, NXP)", "linaro,secure-heap", NULL, NAMED_WITHOUT_ADDRESS, "",
	 0, NULL, 0},
	{"qcom,dma-heap-name (Qualcomm)", NULL, NULL, NAMED_BY_PROPERTY, "", TREE_QCOM_HEAP_NAME,
	 NULL, 0},
	{"dma_heap,name (Samsung)", NULL, NULL, NAMED_BY_PROPERTY, "", TREE_SAMSUNG_HEAP_NAME,
	 "-uncached", TREE_SAMSUNG_HEAP_SECURE},
	{"dma-heap,name (Samsung)", NULL, NULL, NAMED_BY_PROPERTY, "", TREE_SAMSUNG_HEAP_NAME_2,
	 NULL, 0},
};

static void add_name(struct vendor_heaps *heaps, struct set *seen, const struct binding *binding,
		     char *name)
{
	heaps->binding = binding->label;
	if (set_add(seen, name))
		free(name);
	else
		strings_take(&heaps->names, name);
}

/* The heaps of a node that points at the region. */
static void add_consumer(const void *blob, const struct tree_consumer *node,
			 const struct binding *binding, struct vendor_heaps *heaps,
			 struct set *seen)
{
	int offset = node->properties[binding->property];
	struct property property;
	const char *name;

	if (offset < 0 || !property_at(blob, offset, &property))
		return;
	name = property_string(&property);
	if (!name || !*name)
		return;
	heaps->by_property = true;
	if (binding->secure && node->properties[binding->secure] >= 0) {
		add_name(heaps, seen, binding, xasprintf("%s" SECURE_SUFFIX, name));
		return;
	}
	add_name(heaps, seen, binding, xstrdup(name));
	if (binding->suffix)
		add_name(heaps, seen, binding, xasprintf("%s%s", name, binding->suffix));
}

static bool is_bound(const struct binding *binding, const char *node,
		     const struct property *compatible)
{
	return binding->compatible ? property_has_string(compatible, binding->compatible)
				   : node_name_is(node, binding->node);
}

void vendor_heaps_read(const void *blob, const char *node, const struct property *compatible,
		       const struct consumers *consumers, struct vendor_heaps *heaps)
{
	for (size_t i = 0; i < COUNT_OF(bindings) && !heaps->binding; i++) {
		const struct binding *binding = &bindings[i];
		AUTO_SET struct set seen = {0};
		int length;

		if (binding->naming == NAMED_BY_PROPERTY) {
			array_for_each (consumers, consumer)
				add_consumer(blob, consumer->node, binding, heaps, &seen);
		} else if (is_bound(binding, node, compatible)) {
			length = binding->naming == NAMED_FIXED ? 0
				 : binding->naming == NAMED_WITHOUT_ADDRESS
					 ? (int)strcspn(node, "@")
					 : (int)strlen(node);
			add_name(heaps, &seen, binding,
				 xasprintf("%s%.*s", binding->prefix, length, node));
		}
	}
}
