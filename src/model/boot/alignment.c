// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/alignment.h"

#include "base/xalloc.h"
#include "model/boot/pageblock.h"

uint64_t alignment_range(const struct kernel_facts *facts, uint64_t *largest)
{
	if (facts->cma_alignment)
		return *largest = facts->cma_alignment;
	return pageblock_range(kernel_facts_version(facts), kernel_facts_page_size(facts), largest);
}

char *alignment_text(uint64_t bytes)
{
	bool whole = !(bytes % (UINT64_C(1) << 20));

	return xasprintf("%llu %s", (unsigned long long)(bytes >> (whole ? 20 : 10)),
			 whole ? "MiB" : "KiB");
}
