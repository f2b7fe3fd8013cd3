// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of drivers/of/of_reserved_mem.c and kernel/dma: regions, and the pools made of them. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/log_work.h"

void log_explain_not_reserved(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	bool below = log_has(entry, 2) && !entry->numbers[1]; /* 1 MiB */
	bool empty = below && account->node && !account->node->size;
	bool taken = log_has(entry, 2) && (!below || (account->node && account->node->size));

	log_say(account, "not reserved by this node%s",
		empty   ? ": its size is 0"
		: taken ? ": it has no-map and is reserved already"
			: ": it is empty, or has no-map and is reserved already");
	if (empty)
		log_find(work, account, &log_rule_not_reserved,
			 "its size is 0, which reserves nothing: give it one, or disable it");
	else if (taken)
		log_find(work, account, &log_rule_not_reserved,
			 "the node has no-map, and part of its memory is reserved already, by "
			 "/memreserve/, another region, the kernel, its initrd or the tree itself: "
			 "it stays mapped, and belongs to whoever reserved it; harmless where that "
			 "is the boot loader for the same purpose");
	else
		log_find(
			work, account, &log_rule_not_reserved,
			"either its size is 0, which reserves nothing, or it has no-map and part "
			"of its memory is reserved already: then it stays mapped, and belongs to "
			"whoever reserved it%s",
			log_ask_tree(work, "; which of the two, its reg in the tree says (--dtb)"));
}

void log_explain_no_place(struct log_work *work, struct log_account *account)
{
	AUTO_FREE char *size = log_in_mib(account->entry, 0);

	log_say(account, "not reserved: no place for it%s", size);
	log_find(work, account, &log_rule_no_place,
		 "no free run of its size%s and alignment in its alloc-ranges, or in the RAM where "
		 "it has none: make it smaller, widen alloc-ranges, or take away what lies there "
		 "(kernel, initrd, other regions, mem=)%s",
		 size,
		 log_ask_tree(work,
			      "; its size, alignment and alloc-ranges are in the tree (--dtb)"));
}

void log_explain_overlap(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;

	if (entry->kind == LOG_OVERLAP_HEAD || entry->name_count < 2 || !log_has(entry, 4)) {
		log_say(account, "two regions share memory");
		log_find(work, account, &log_rule_overlap,
			 "two regions share memory, and both keep it: the line that names them is "
			 "missing or cut");
		return;
	}
	log_say(account, "shares memory with %s", entry->names[1]);
	log_find(work, account, &log_rule_overlap,
		 "0x%llx to 0x%llx and %s, 0x%llx to 0x%llx, share memory, and both keep it: a CMA "
		 "area would give away what the other one uses; move or shorten one",
		 (unsigned long long)entry->numbers[0], (unsigned long long)entry->numbers[1],
		 entry->names[1], (unsigned long long)entry->numbers[2],
		 (unsigned long long)entry->numbers[3]);
}

void log_explain_misaligned(struct log_work *work, struct log_account *account)
{
	log_say(account, "no CMA area: base or size is not aligned");
	log_find(work, account, &log_rule_misaligned,
		 "base or size is not a multiple of the CMA alignment, which is usually 4 MiB "
		 "before Linux 5.19 and 2 or 4 MiB since with pages of 4 KiB, 32 MiB with 16 KiB "
		 "and 512 MiB with 64 KiB%s%s",
		 account->region ? "" : "; the line that names the region is missing",
		 log_ask_tree(work, "; its base and size are in the tree (--dtb)"));
}

void log_explain_refused(struct log_work *work, struct log_account *account)
{
	const struct log_entry *cause = log_cause_of(work, account->entry);

	if (cause) {
		log_say(account, "given back to the page allocator, see line %llu",
			(unsigned long long)cause->line);
		account->level = cause->kind == LOG_BYPASSED ? SEVERITY_NOTE : SEVERITY_ERROR;
		return;
	}
	log_say(account, "refused, and given back to the page allocator");
	log_find(work, account, &log_rule_refused,
		 "the driver of its compatible refused it, and its memory is given back; for a "
		 "shared-dma-pool the line before says why, and without one it has both reusable "
		 "and no-map%s, or is reusable in a kernel without CONFIG_DMA_CMA",
		 log_ask_tree(work, ", which the tree shows (--dtb)"));
}

void log_explain_no_pool(struct log_work *work, struct log_account *account)
{
	const struct log_entry *cause = log_cause_of(work, account->entry);

	log_say(account, "no CMA area of this region");
	if (cause) {
		log_say(account, "no CMA area of this region, see line %llu",
			(unsigned long long)cause->line);
		account->level = SEVERITY_ERROR;
		return;
	}
	log_find(work, account, &log_rule_refused,
		 "the kernel made no CMA area of it: its size is 0, or its memory was not reserved "
		 "before");
}

void log_explain_bypassed(struct log_work *work, struct log_account *account)
{
	const struct log_boot *boot = log_boot_of(work, account->entry);

	log_say(account, "no CMA area: cma= is given");
	log_find(work, account, &log_rule_bypassed,
		 "the region with linux,cma-default is not made, because the command line has "
		 "cma=%s: take one of them away",
		 boot->cmdline || boot->cmdline_cut
			 ? ""
			 : " (the log lacks the line 'Kernel command line')");
}

void log_explain_region(struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	bool no_map;

	if (entry->name_count < 3 || !log_has(entry, 3)) {
		log_say(account, "reserved");
		return;
	}
	no_map = !strcmp(entry->names[0], "nomap");
	log_say(account, "reserved%s%s", no_map ? ", not mapped" : "",
		strcmp(entry->names[1], "reusable") != 0 ? ""
		: no_map ? "; reusable has no effect together with no-map"
			 : ", reusable");
}

void log_explain_pool(struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const char *what = entry->kind == LOG_CMA_POOL ? "CMA area"
			   : entry->kind == LOG_DMA_POOL
				   ? "coherent pool, of which no heap is made"
				   : "restricted pool, of which no heap is made";

	log_say(account, "%s%s", what, entry->cut ? " (the line is cut)" : "");
}

void log_explain_device(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;
	const char *device = entry->name_count ? entry->names[0] : "a device";

	if (entry->kind == LOG_ASSIGNED) {
		log_say(account, "%s uses it", device);
	} else if (entry->kind == LOG_BEYOND) {
		log_say(account, "%s cannot reach its pool", device);
		log_find(work, account, &log_rule_beyond,
			 "%s: its pool ends beyond its DMA mask or the limit of its bus: move the "
			 "region (its memory-region) to lower addresses",
			 device);
	} else if (entry->kind == LOG_RESTRICTED_MAPPING) {
		log_say(account, "%s has no restricted pool", device);
		log_find(work, account, &log_rule_no_pool,
			 "%s: its restricted-dma-pool lies in high memory, which the kernel does "
			 "not map: move the region (its memory-region) to lower addresses",
			 device);
	} else {
		log_say(account, "%s has no heap %s", device,
			entry->name_count > 1 ? entry->names[1] : "of protected memory");
		log_find(work, account, &log_rule_no_heap,
			 "%s: the heap of protected memory is not made; a line before may say why",
			 device);
	}
}

void log_explain_pool_failed(struct log_work *work, struct log_account *account)
{
	log_say(account, "no coherent pool: it cannot be mapped");
	log_find(work, account, &log_rule_no_pool,
		 "the pool could not be mapped, or the kernel had no memory for its table: the "
		 "device that uses the region has no pool");
}
