// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/vendor_bindings.h"

#include <libfdt.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "model/devicetree/region.h"

/* How a heap gets its name. */
enum naming {
	NAMED_AS_NODE,         /* prefix + name of the region's node */
	NAMED_WITHOUT_ADDRESS, /* the same, up to the @ */
	NAMED_FIXED,           /* prefix is all */
	NAMED_BY_PROPERTY,     /* of the node whose memory-region points at the region */
};

struct binding {
	const char *words;      /* what a reader is told */
	const char *compatible; /* of the region; with NAMED_BY_PROPERTY of the consumer; or NULL */
	const char *node;       /* name of the region's node without the unit address, or NULL */
	enum naming naming;
	const char *prefix;
	const char *property; /* NAMED_BY_PROPERTY */
	const char *suffix;   /* of a second heap for the same memory, or NULL */
};

static const struct binding bindings[] = {
	{"dma-heap-carveout (TI)", "dma-heap-carveout", NULL, NAMED_AS_NODE, "carveout_", NULL,
	 NULL},
	{"eswin-reserve-memory (ESWIN)", "eswin-reserve-memory", NULL, NAMED_AS_NODE, "", NULL,
	 NULL},
	{"nvidia,tegra-video-protection-region (NVIDIA)", "nvidia,tegra-video-protection-region",
	 NULL, NAMED_WITHOUT_ADDRESS, "", NULL, NULL},
	{"dsp_reserved_heap (NXP)", NULL, "dsp_reserved_heap", NAMED_FIXED, "dsp", NULL, NULL},
	{"qcom,dma-heap-name (Qualcomm)", NULL, NULL, NAMED_BY_PROPERTY, "", "qcom,dma-heap-name",
	 NULL},
	{"dma_heap,name (Samsung)", NULL, NULL, NAMED_BY_PROPERTY, "", "dma_heap,name",
	 "-uncached"},
	{"dma-heap,name (Samsung)", NULL, NULL, NAMED_BY_PROPERTY, "", "dma-heap,name", NULL},
};

static bool is_node(const struct region *region, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(region->name, name, length) &&
	       (!region->name[length] || region->name[length] == '@');
}

/* A string property of a node that points at the region, or NULL. */
static const char *consumer_property(const void *blob, const struct region *region,
				     const char *property)
{
	array_for_each (&region->consumers, consumer) {
		int length;
		const char *name = fdt_getprop(blob, consumer->offset, property, &length);

		if (name && length > 1 && !name[length - 1])
			return name;
	}
	return NULL;
}

static bool applies(const struct binding *binding, const void *blob, const struct region *region)
{
	if (binding->naming == NAMED_BY_PROPERTY)
		return consumer_property(blob, region, binding->property) != NULL;
	if (binding->compatible)
		return region_is_compatible(region, binding->compatible);
	return is_node(region, binding->node);
}

static const struct binding *find(const void *blob, const struct region *region)
{
	for (size_t i = 0; i < COUNT_OF(bindings); i++) {
		if (applies(&bindings[i], blob, region))
			return &bindings[i];
	}
	return NULL;
}

void vendor_read(const void *blob, struct region *region)
{
	const struct binding *binding = find(blob, region);
	const char *name = region->name;
	int length = (int)strlen(name);

	if (!binding)
		return;
	region->vendor = binding->words;
	region->vendor_by_property = binding->naming == NAMED_BY_PROPERTY;
	if (binding->naming == NAMED_WITHOUT_ADDRESS)
		length = (int)strcspn(name, "@");
	else if (binding->naming == NAMED_FIXED)
		length = 0;
	else if (binding->naming == NAMED_BY_PROPERTY) {
		name = consumer_property(blob, region, binding->property);
		length = (int)strlen(name);
	}
	strings_take(&region->vendor_heaps, xasprintf("%s%.*s", binding->prefix, length, name));
	if (binding->suffix)
		strings_take(&region->vendor_heaps,
			     xasprintf("%s%.*s%s", binding->prefix, length, name, binding->suffix));
}
