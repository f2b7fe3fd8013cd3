// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/known_names.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
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

#define HEAPS           "drivers/dma-buf/heaps/"
#define ROCKCHIP_CMA    "Rockchip's kernel, " HEAPS "rk_cma_heap.c"
#define ROCKCHIP_SYSTEM "Rockchip's kernel, " HEAPS "rk_system_heap.c"
#define MEDIATEK_SYSTEM "MediaTek's kernel, " HEAPS "mtk_system_heap.c"
#define MEDIATEK_SECURE "MediaTek's kernel, " HEAPS "mtk_sec_heap.c"
#define SEVERAL         "kernels of vendors, " HEAPS "{mtk_,rk_,}system_heap.c"
#define QUALCOMM        "Qualcomm's kernel, " HEAPS "qcom_dma_heap.c"
#define CODEC_MM        "Amlogic's kernel, drivers/media/common/dma-buf-heaps/amlogic_heap_codec_mm.c"

/* As read in the drivers that are named, of kernels 5.10 and later. */
const struct vendor_name *vendor_name(const char *name)
{
	static const struct vendor_name names[] = {
		{"cma", ROCKCHIP_CMA, VENDOR_DEFAULT_AREA, false, false},
		{"cma-uncached", ROCKCHIP_CMA, VENDOR_DEFAULT_AREA, true, false},
		/* of several vendors */
		{"system-uncached", SEVERAL, VENDOR_PAGES, true, false},
		{"system-dma32", ROCKCHIP_SYSTEM, VENDOR_PAGES, false, false},
		{"system-uncached-dma32", ROCKCHIP_SYSTEM, VENDOR_PAGES, true, false},
		{"qcom,system", QUALCOMM, VENDOR_PAGES, false, false},
		{"qcom,system-uncached", QUALCOMM, VENDOR_PAGES, true, false},
		{"qcom,secure-pixel", QUALCOMM, VENDOR_PROTECTED, false, false},
		{"qcom,secure-non-pixel", QUALCOMM, VENDOR_PROTECTED, false, false},
		{"mtk_mm", MEDIATEK_SYSTEM, VENDOR_PAGES, false, false},
		{"mtk_mm-uncached", MEDIATEK_SYSTEM, VENDOR_PAGES, true, false},
		/* mtk_svp_region, mtk_svp_region-aligned, mtk_svp_page-uncached, … */
		{"mtk_svp_", MEDIATEK_SECURE, VENDOR_PROTECTED, false, true},
		{"mtk_prot_", MEDIATEK_SECURE, VENDOR_PROTECTED, false, true},
		{"mtk_2d_fr", MEDIATEK_SECURE, VENDOR_PROTECTED, false, true},
		{"mtk_wfd", MEDIATEK_SECURE, VENDOR_PROTECTED, false, true},
		{"mtk_sapu_", MEDIATEK_SECURE, VENDOR_PROTECTED, false, true},
		{"heap-codecmm", CODEC_MM, VENDOR_CONTIGUOUS, true, false},
		{"heap-cached-codecmm", CODEC_MM, VENDOR_CONTIGUOUS, false, false},
		{"heap-secure-codecmm", CODEC_MM, VENDOR_PROTECTED, false, false},
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (names[i].prefix ? text_starts_with(name, names[i].name)
				    : !strcmp(name, names[i].name))
			return &names[i];
	}
	return NULL;
}

char *cma_area_name(const char *node)
{
	return xstrndup(node, AREA_NAME_MAX);
}
