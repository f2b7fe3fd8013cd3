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
	const char *source;     /* the driver, where the names were read */
	const char *compatible; /* of the region; with NAMED_BY_PROPERTY of the consumer; or NULL */
	const char *node;       /* name of the region's node without the unit address, or NULL */
	enum naming naming;
	const char *prefix;
	enum tree_property property; /* NAMED_BY_PROPERTY */
	/* of the consumer, 0: none. What they make of the heap, and, with SUFFIXED, of its name */
	enum tree_property secure, uncached;
	enum {
		NO_SUFFIX,
		SUFFIXED,         /* two heaps, the second one without a cache, or a secure one */
		PERHAPS_SUFFIXED, /* in one version of the driver */
	} suffix;
};

#define SECURE_SUFFIX "-secure"

#define HEAPS           "drivers/dma-buf/heaps/"
#define QUALCOMM_SOURCE "Qualcomm's kernel, " HEAPS "qcom_dt_parser.c"
/* kernels 5.10 and 5.15 of Exynos; those of Google's Tensor have it with other properties */
#define SAMSUNG_SOURCE  "Samsung's kernel, " HEAPS "samsung/samsung_heap.c"
#define AMLOGIC_SOURCE  "Amlogic's kernel, drivers/media/common/dma-buf-heaps/amlogic_heap_cma.c"

static const struct binding bindings[] = {
	{.label = "dma-heap-carveout (TI)",
	 .source = "TI's kernel, " HEAPS "carveout-heap.c",
	 .compatible = "dma-heap-carveout",
	 .naming = NAMED_AS_NODE,
	 .prefix = "carveout_"},
	{.label = "eswin-reserve-memory (ESWIN)",
	 .source = "ESWIN's kernel, eswin_rsvmem_heap.c",
	 .compatible = "eswin-reserve-memory",
	 .naming = NAMED_AS_NODE},
	{.label = "nvidia,tegra-video-protection-region (NVIDIA)",
	 .source = "patches that are not merged, " HEAPS "tegra-vpr.c",
	 .compatible = "nvidia,tegra-video-protection-region",
	 .naming = NAMED_WITHOUT_ADDRESS},
	{.label = "dsp_reserved_heap (NXP)",
	 .source = "NXP's kernel, " HEAPS "dsp_heap.c",
	 .node = "dsp_reserved_heap",
	 .naming = NAMED_FIXED,
	 .prefix = "dsp"},
	/* rmem_secure_heap_setup() */
	{.label = "linaro,secure-heap (Linaro, NXP)",
	 .source = "NXP's kernel, " HEAPS "secure_heap.c",
	 .compatible = "linaro,secure-heap",
	 .naming = NAMED_WITHOUT_ADDRESS},
	/* meson_cma_scan(): of all areas those whose names have one of these words */
	{.label = "heap-gfx (Amlogic)",
	 .source = AMLOGIC_SOURCE,
	 .compatible = "shared-dma-pool",
	 .node = "heap-gfx",
	 .naming = NAMED_AS_NODE},
	{.label = "heap-fb (Amlogic)",
	 .source = AMLOGIC_SOURCE,
	 .compatible = "shared-dma-pool",
	 .node = "heap-fb",
	 .naming = NAMED_AS_NODE},
	{.label = "heap-secure (Amlogic)",
	 .source = AMLOGIC_SOURCE,
	 .compatible = "shared-dma-pool",
	 .node = "heap-secure",
	 .naming = NAMED_AS_NODE},
	{.label = "qcom,dma-heap-name (Qualcomm)",
	 .source = QUALCOMM_SOURCE,
	 .naming = NAMED_BY_PROPERTY,
	 .property = TREE_QCOM_HEAP_NAME},
	{.label = "dma_heap,name (Samsung)",
	 .source = SAMSUNG_SOURCE,
	 .naming = NAMED_BY_PROPERTY,
	 .property = TREE_SAMSUNG_HEAP_NAME,
	 .secure = TREE_SAMSUNG_HEAP_SECURE,
	 .suffix = SUFFIXED},
	{.label = "dma-heap,name (Samsung)",
	 .source = SAMSUNG_SOURCE,
	 .naming = NAMED_BY_PROPERTY,
	 .property = TREE_SAMSUNG_HEAP_NAME_2,
	 .secure = TREE_SAMSUNG_HEAP_SECURE_2,
	 .uncached = TREE_SAMSUNG_HEAP_UNCACHED_2,
	 .suffix = PERHAPS_SUFFIXED},
};

/* Takes NAME, one of *NAMES. */
static void add_name(struct vendor_heaps *heaps, struct set *seen, const struct binding *binding,
		     struct strings *names, char *name)
{
	heaps->binding = binding->label;
	heaps->source = binding->source;
	if (set_add(seen, name))
		free(name);
	else
		strings_take(names, name);
}

static bool has_property(const struct tree_consumer *node, enum tree_property property)
{
	return property && node->properties[property] >= 0;
}

/* The heaps of a node that points at the region. */
static void add_consumer(const void *blob, const struct tree_consumer *node,
			 const struct binding *binding, struct vendor_heaps *heaps,
			 struct set *seen)
{
	bool secure = has_property(node, binding->secure);
	bool uncached = has_property(node, binding->uncached);
	bool suffixed = binding->suffix == SUFFIXED;
	int offset = node->properties[binding->property];
	struct property property;
	const char *name;

	if (offset < 0 || !property_at(blob, offset, &property))
		return;
	name = property_string(&property);
	if (!name || !*name)
		return;
	heaps->by_property = true;
	if (!secure || !suffixed) {
		add_name(heaps, seen, binding, &heaps->names, xstrdup(name));
		if (secure)
			strings_add(&heaps->secure, name);
		else if (uncached)
			strings_add(&heaps->uncached, name);
	}
	if (!binding->suffix)
		return;
	add_name(heaps, seen, binding, suffixed ? &heaps->names : &heaps->perhaps,
		 xasprintf("%s%s", name, secure ? SECURE_SUFFIX : UNCACHED_SUFFIX));
	strings_take(secure ? &heaps->secure : &heaps->uncached,
		     xasprintf("%s%s", name, secure ? SECURE_SUFFIX : UNCACHED_SUFFIX));
}

static bool is_bound(const struct binding *binding, const char *node,
		     const struct property *compatible)
{
	return (!binding->compatible || property_has_string(compatible, binding->compatible)) &&
	       (!binding->node || node_name_is(node, binding->node));
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
			add_name(heaps, &seen, binding, &heaps->names,
				 xasprintf("%s%.*s", binding->prefix ? binding->prefix : "", length,
					   node));
		}
	}
}

void vendor_heaps_free(struct vendor_heaps *heaps)
{
	strings_free(&heaps->names);
	strings_free(&heaps->perhaps);
	strings_free(&heaps->secure);
	strings_free(&heaps->uncached);
}
