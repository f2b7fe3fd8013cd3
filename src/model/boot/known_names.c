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

char *cma_area_name(const char *node)
{
	return xstrndup(node, AREA_NAME_MAX);
}
