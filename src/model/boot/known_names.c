// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/known_names.h"

#include <string.h>

#include "base/array.h"
#include "base/xalloc.h"

const struct known_name *known_name(const char *name, size_t length)
{
	static const struct known_name names[] = {
		{SYSTEM_HEAP, EXPORTER_SYSTEM, SYSTEM_HEAP_SOURCE},
		{"system_cc_shared", EXPORTER_SYSTEM, SYSTEM_HEAP_SOURCE},
		{DEFAULT_CMA_HEAP, EXPORTER_CMA, CMA_HEAP_SOURCE},
		{RESERVED_AREA, EXPORTER_CMA, "kernel, kernel/dma/contiguous.c"},
		/* heap_id_2_name[]: all that a driver of a TEE may choose from */
		{"protected,secure-video", EXPORTER_TEE, TEE_HEAP_SOURCE},
		{"protected,trusted-ui", EXPORTER_TEE, TEE_HEAP_SOURCE},
		{"protected,secure-video-record", EXPORTER_TEE, TEE_HEAP_SOURCE},
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strlen(names[i].name) == length && !memcmp(name, names[i].name, length))
			return &names[i];
	}
	return NULL;
}

#define ROCKCHIP_CMA    "Rockchip's kernel, drivers/dma-buf/heaps/rk_cma_heap.c"
#define ROCKCHIP_SYSTEM "Rockchip's kernel, drivers/dma-buf/heaps/rk_system_heap.c"
#define QUALCOMM        "Qualcomm's kernel, drivers/dma-buf/heaps/qcom_dma_heap.c"

/* As read in the drivers that are named, of kernels 5.10 and later. */
const struct vendor_name *vendor_name(const char *name)
{
	static const struct vendor_name names[] = {
		{"cma", VENDOR_DEFAULT_AREA, false, ROCKCHIP_CMA},
		{"cma-uncached", VENDOR_DEFAULT_AREA, true, ROCKCHIP_CMA},
		{"system-uncached", VENDOR_PAGES, true, ROCKCHIP_SYSTEM},
		{"system-dma32", VENDOR_PAGES, false, ROCKCHIP_SYSTEM},
		{"system-uncached-dma32", VENDOR_PAGES, true, ROCKCHIP_SYSTEM},
		{"qcom,system", VENDOR_PAGES, false, QUALCOMM},
		{"qcom,system-uncached", VENDOR_PAGES, true, QUALCOMM},
		{"qcom,secure-pixel", VENDOR_PROTECTED, false, QUALCOMM},
		{"qcom,secure-non-pixel", VENDOR_PROTECTED, false, QUALCOMM},
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!strcmp(name, names[i].name))
			return &names[i];
	}
	return NULL;
}

char *cma_area_name(const char *node)
{
	return xstrndup(node, AREA_NAME_MAX);
}
