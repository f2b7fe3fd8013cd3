// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/vendor_bindings.h"

#include <string.h>

#include "base/xalloc.h"

/* How a heap gets its name. */
enum naming {
	NAMED_AS_NODE,         /* prefix + name of the region's node */
	NAMED_WITHOUT_ADDRESS, /* the same, up to the @ */
	NAMED_FIXED,           /* prefix is all */
	NAMED_BY_PROPERTY,     /* of the node whose memory-region points at the region */
};

struct binding {
	const char *label;      /* as shown */
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

/* A string property of a node that points at the region, or NULL. */
static const char *consumer_property(const void *blob, const struct consumers *consumers,
				     const char *name)
{
	array_for_each (consumers, consumer) {
		const char *value = property_get_string(blob, consumer->offset, name);

		if (value && *value)
			return value;
	}
	return NULL;
}

void vendor_heaps_read(const void *blob, const char *node, const struct property *compatible,
		       const struct consumers *consumers, struct vendor_heaps *heaps)
{
	const char *name = node, *property;

	for (size_t i = 0; i < COUNT_OF(bindings); i++) {
		const struct binding *binding = &bindings[i];
		int length;

		if (binding->naming == NAMED_BY_PROPERTY) {
			property = consumer_property(blob, consumers, binding->property);
			if (!property)
				continue;
			name = property;
		} else if (binding->compatible
				   ? !property_has_string(compatible, binding->compatible)
				   : !node_name_is(node, binding->node)) {
			continue;
		}
		length = binding->naming == NAMED_FIXED             ? 0
			 : binding->naming == NAMED_WITHOUT_ADDRESS ? (int)strcspn(name, "@")
								    : (int)strlen(name);
		heaps->binding = binding->label;
		heaps->by_property = binding->naming == NAMED_BY_PROPERTY;
		strings_take(&heaps->names, xasprintf("%s%.*s", binding->prefix, length, name));
		if (binding->suffix)
			strings_take(&heaps->names, xasprintf("%s%.*s%s", binding->prefix, length,
							      name, binding->suffix));
		return;
	}
}
