// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/pageblock.h"

#include <string.h>

#include "base/array.h"
#include "model/boot/kernel_config.h"
#include "model/boot/kernel_version.h"

/*
 * From here on the alignment is a pageblock; before, it was the larger one of a pageblock and the
 * largest block of the buddy allocator (PAGE_SIZE << max(MAX_ORDER - 1, pageblock_order), 5.10).
 */
#define PAGEBLOCK_ALONE KERNEL(5, 19, 0)
/* CONFIG_ARCH_FORCE_MAX_ORDER (up to 6.0: FORCE_MAX_ZONEORDER) is the largest order, not a number
 * of orders: include/linux/mmzone.h of 6.1 and of 6.12. */
#define ORDER_INCLUDED  KERNEL(6, 4, 0)

static bool is_architecture(const struct pageblock_kernel *kernel, const char *name)
{
	return kernel->architecture && !strcmp(kernel->architecture, name);
}

static unsigned int log2_of(uint64_t power)
{
	return (unsigned int)__builtin_ctzll(power);
}

/* The order of what a page table of 8-byte entries maps, as HPAGE_PMD_ORDER of 64 bits and LPAE. */
static unsigned int huge_order(uint64_t page_size)
{
	return log2_of(page_size / 8);
}

/* The order of the largest block of the buddy allocator where nothing forces it: the Kconfig of
 * arm64 and include/linux/mmzone.h (7.2). */
static unsigned int usual_order(uint64_t page_size)
{
	return page_size == 65536 ? 13 : page_size == 16384 ? 11 : 10;
}

uint64_t pageblock_range(uint32_t version, uint64_t page_size, uint64_t *largest)
{
	uint64_t huge = page_size << huge_order(page_size);
	uint64_t buddy = page_size << usual_order(page_size);

	if (buddy < huge)
		buddy = huge;
	*largest = buddy;
	return version < PAGEBLOCK_ALONE ? buddy : huge;
}

/* The order of a huge page, 0: there are none; false: not known for the architecture or version. */
static bool config_huge_order(const struct pageblock_kernel *kernel, const char *config,
			      uint64_t *order)
{
	bool huge = config_is(config, "HUGETLB_PAGE");

	if (config_is(config, "HUGETLB_PAGE_SIZE_VARIABLE"))
		return false; /* decided at boot: ia64, powerpc */
	if (!huge && config_is(config, "TRANSPARENT_HUGEPAGE")) {
		/* counts in 6.12, include/linux/pageblock-flags.h, and not in 6.1 */
		if (kernel->version >= KERNEL(6, 2, 0) && kernel->version < KERNEL(6, 12, 0))
			return false;
		huge = kernel->version >= KERNEL(6, 12, 0);
	}
	if (huge && !config_is(config, "64BIT") && !config_is(config, "ARM64") &&
	    !is_architecture(kernel, "arm"))
		return false;
	*order = huge ? huge_order(kernel->page_size) : 0;
	return true;
}

uint64_t pageblock_of_config(const struct pageblock_kernel *kernel, const char *config)
{
	static const char *const forced[] = {"ARCH_FORCE_MAX_ORDER", "FORCE_MAX_ZONEORDER"};
	static const char *const blocks[] = {"PAGE_BLOCK_MAX_ORDER", "PAGE_BLOCK_ORDER"};
	const bool is_count = kernel->version < ORDER_INCLUDED;
	uint64_t buddy, huge, order;

	if (!kernel->page_size || !config_huge_order(kernel, config, &huge))
		return 0;
	buddy = is_architecture(kernel, "arm64") ? usual_order(kernel->page_size) : 10;
	for (size_t i = 0; i < COUNT_OF(forced); i++) {
		if (config_has_number(config, forced[i], &order) && order)
			buddy = is_count ? order - 1 : order;
	}
	if (kernel->version < PAGEBLOCK_ALONE) {
		order = huge > buddy ? huge : buddy;
	} else {
		for (size_t i = 0; i < COUNT_OF(blocks); i++)
			buddy = config_number(config, blocks[i], buddy);
		order = huge && huge < buddy ? huge : buddy;
	}
	return order < 32 ? kernel->page_size << order : 0;
}
