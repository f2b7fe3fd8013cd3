// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/log_explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "model/boot/log_work.h"

const struct rule *const log_rules[] = {
#define EACH(name) &log_rule_##name,
	LOG_RULES(EACH)
#undef EACH
};
const size_t log_rule_count = COUNT_OF(log_rules);

/* Lines of which all that can be said is the same each time. RULE: NULL for no trouble. */
struct fixed {
	enum log_kind kind;
	const struct rule *rule;
	const char *meaning;
	const char *why;
};

static const struct fixed fixed[] = {
	{LOG_NO_NODE, NULL, "the tree has no /reserved-memory, so no region of it", NULL},
	{LOG_FORMAT, &log_rule_invalid, "the kernel ignores all of /reserved-memory",
	 "the kernel ignores every region: #address-cells and #size-cells of /reserved-memory have "
	 "to be there and be the root's, and ranges has to be there"},
	{LOG_REG, &log_rule_invalid, "not reserved: its reg has a wrong length",
	 "reg is no whole number of addresses and sizes: write it with the root's #address-cells "
	 "and #size-cells"},
	{LOG_RESERVED, NULL, "reserved", NULL},
	{LOG_PLACED, NULL, "placed and reserved", NULL},
	{LOG_SIZE, &log_rule_invalid, "not reserved: its size has a wrong length",
	 "size has to have as many cells as #size-cells of the root says"},
	{LOG_ALIGNMENT, &log_rule_invalid, "not reserved: its alignment has a wrong length",
	 "alignment has to have as many cells as #address-cells of the root says"},
	{LOG_RANGES, &log_rule_invalid, "not reserved: its alloc-ranges has a wrong length",
	 "alloc-ranges is no whole number of addresses and sizes: write it with the root's "
	 "#address-cells and #size-cells"},
	{LOG_TABLE_FULL, &log_rule_too_many, "no pool: the kernel's table of regions is full",
	 "the kernel's table of regions is full: the memory stays reserved, but no driver gets it; "
	 "the table has 16, 32 or 64 places by version, and as many as there are regions in newer "
	 "ones: remove or disable regions"},
	{LOG_DYNAMIC_FULL, &log_rule_too_many, "not reserved: too many regions without reg",
	 "the kernel places " TEXT_OF(
		 DYNAMIC_REGIONS_MAX) " regions without reg: remove some, or give them reg"},
	{LOG_NO_TABLE, &log_rule_too_many, "no region has a pool: no memory for their table",
	 "the kernel had no memory for the table of regions: none of them becomes a pool or an "
	 "area"},
	{LOG_NEEDS_NO_MAP, &log_rule_refused, "refused: no-map is missing",
	 "on 32-bit Arm a shared-dma-pool that is not reusable has to have no-map: add no-map, or "
	 "reusable to make it a CMA area"},
	{LOG_TWO_DEFAULTS, &log_rule_refused, "a second linux,dma-default",
	 "more than one region has linux,dma-default: the last one wins"},
	{LOG_DEFAULT_SET, NULL,
	 "the region with linux,dma-default serves devices without their own", NULL},
	{LOG_NO_WORD, &log_rule_no_area, "cma= has no value", "cma= needs a size: cma=64M"},
	{LOG_BAD_NODE, &log_rule_no_area, "no area: there is no such NUMA node",
	 "numa_cma= names a node that this machine has not"},
	{LOG_NODE_FAILED, &log_rule_no_area, "no area on this NUMA node",
	 "the area for this NUMA node could not be made: it has no free run of that size"},
	{LOG_NOT_QUEUED, &log_rule_no_heap, "no heap of the default area",
	 "the default CMA area is there, but no heap is made of it"},
	{LOG_NOT_STORED, &log_rule_no_heap, "no heap of this area",
	 "the CMA area is there, but no heap is made of it: the kernel's list of areas is full"},
	{LOG_AREA_RANGES, NULL, "an area that the kernel made itself, in several pieces", NULL},
	{LOG_HUGE, NULL, "an area for hugetlb_cma=", NULL},
	{LOG_SLOTS, &log_rule_too_many, "no area: CONFIG_CMA_AREAS is reached",
	 "the kernel has no more places for CMA areas: raise CONFIG_CMA_AREAS, or remove a pool"},
	{LOG_TOO_EARLY, &log_rule_no_area, "no area: the kernel made it too early",
	 "a driver asks for a CMA area before the kernel knows its alignment: an error of the "
	 "kernel"},
	{LOG_AVAILABLE_HEAD, NULL, "free pages of the area follow", NULL},
	{LOG_BUSY, NULL, "pages there could not be moved; the kernel tries the next place", NULL},
	{LOG_DEBUG, NULL, "a debug line of mm/cma.c", NULL},
	{LOG_HEAP_NAMELESS, &log_rule_no_heap, "a heap is not made: it has no name",
	 "a driver adds a heap without a name: an error of the driver"},
	{LOG_HEAP_OPS, &log_rule_no_heap, "a heap is not made: its driver is wrong",
	 "a driver adds a heap that cannot allocate: an error of the driver"},
	{LOG_HEAP_MINOR, &log_rule_no_heap, "a heap is not made: no device number is free",
	 "the kernel has no device number for another heap"},
	{LOG_SAME_AREA, &log_rule_same_name, "two CMA areas have this name",
	 "two CMA areas have this name, and only one can be in /sys/kernel/mm/cma or in debugfs: "
	 "rename one of the nodes, within the first " TEXT_OF(AREA_NAME_MAX) " characters"},
	{LOG_SAME_HEAP, &log_rule_no_heap, "a heap is not made: its name is taken",
	 "a heap of that name is there already, and the second one is not made: rename one of the "
	 "nodes, within the first " TEXT_OF(AREA_NAME_MAX) " characters"},
	{LOG_HEAP_UNKNOWN, NULL,
	 "a program opened a heap's device node that the kernel does not have", NULL},
};

static void explain_rest(struct log_work *work, struct log_account *account)
{
	const struct log_entry *entry = account->entry;

	switch (entry->kind) {
	case LOG_FIRST_ENTRY:
	case LOG_MORE_ENTRIES:
		log_say(account, "only the first entry of reg becomes a pool");
		log_find(work, account, &log_rule_first_entry,
			 "only the first entry of reg becomes a pool; the others are %s: write a "
			 "node for each piece of memory",
			 entry->kind == LOG_MORE_ENTRIES ? "reserved, but of no use"
							 : "not even reserved");
		break;
	case LOG_INITIALIZED:
		log_say(account, "its driver took it%s%s", entry->name_count > 1 ? ": " : "",
			entry->name_count > 1 ? entry->names[1] : "");
		break;
	case LOG_HEAP_TWICE:
		log_say(account, "a heap is not made: its name is taken");
		log_find(work, account, &log_rule_no_heap,
			 "a heap of that name is there already, and the second one is not made: "
			 "rename one of the nodes");
		break;
	case LOG_HEAP_DEVICE:
	case LOG_HEAP_FAILED:
		log_explain_no_heap(work, account);
		break;
	case LOG_SKIPPED:
		log_say(account, "part of the area is of no use to this device");
		break;
	default:
		for (size_t i = 0; i < COUNT_OF(fixed); i++) {
			if (fixed[i].kind != entry->kind)
				continue;
			log_say(account, "%s", fixed[i].meaning);
			if (fixed[i].rule)
				log_find(work, account, fixed[i].rule, "%s", fixed[i].why);
		}
	}
}

static void explain_one(struct log_work *work, struct log_account *account)
{
	static void (*const of_work[])(struct log_work *, struct log_account *) = {
		[LOG_NOT_RESERVED] = log_explain_not_reserved,
		[LOG_NO_PLACE] = log_explain_no_place,
		[LOG_OVERLAP_HEAD] = log_explain_overlap,
		[LOG_OVERLAP] = log_explain_overlap,
		[LOG_MISALIGNED] = log_explain_misaligned,
		[LOG_REFUSED] = log_explain_refused,
		[LOG_NO_POOL] = log_explain_no_pool,
		[LOG_BYPASSED] = log_explain_bypassed,
		[LOG_ASSIGNED] = log_explain_device,
		[LOG_BEYOND] = log_explain_device,
		[LOG_RESTRICTED_MAPPING] = log_explain_device,
		[LOG_TEE_FAILED] = log_explain_device,
		[LOG_DMA_POOL_FAILED] = log_explain_pool_failed,
		[LOG_AREA_FAILED] = log_explain_area_failed,
		[LOG_LIMIT] = log_explain_place,
		[LOG_BASE] = log_explain_place,
		[LOG_BORDER] = log_explain_place,
		[LOG_DEAD] = log_explain_dead,
		[LOG_AREA_WARNING] = log_explain_warning,
		[LOG_ALLOC_FAILED] = log_explain_alloc_failed,
		[LOG_PARAMETERS] = log_explain_parameters,
	};
	static void (*const alone[])(struct log_account *) = {
		[LOG_REGION] = log_explain_region,
		[LOG_CMA_POOL] = log_explain_pool,
		[LOG_DMA_POOL] = log_explain_pool,
		[LOG_RESTRICTED] = log_explain_pool,
		[LOG_AVAILABLE] = log_explain_available,
		[LOG_AVAILABLE_RANGE] = log_explain_available,
		[LOG_AVAILABLE_END] = log_explain_available,
		[LOG_CMDLINE] = log_explain_cmdline,
		[LOG_MEMORY] = log_explain_memory,
		[LOG_LIMITED] = log_explain_memory,
	};
	enum log_kind kind = account->entry->kind;

	if (kind < COUNT_OF(of_work) && of_work[kind])
		of_work[kind](work, account);
	else if (kind < COUNT_OF(alone) && alone[kind])
		alone[kind](account);
	else if (kind == LOG_AREA)
		log_explain_area(work, account);
	else
		explain_rest(work, account);
}

/* Says that the tree is another one, where the log shows that. */
static void check_tree(struct log_work *work)
{
	array_for_each (&work->log->boots, boot) {
		if (!boot->machine || !work->regions || !work->regions->model ||
		    !strcmp(boot->machine, work->regions->model))
			continue;
		*array_add(&work->accounts->findings) = (struct finding){
			.rule = &log_rule_other_tree,
			.severity = log_rule_other_tree.severity,
			.subject = "log",
			.message = xasprintf("the machine of the log is '%s', that of %s is '%s'",
					     boot->machine, work->tree, work->regions->model),
			.where = {.file = work->file, .line = log_line_number(boot->machine_line)}};
	}
}

void log_explain(const struct boot_log *log, const char *file, const struct regions *regions,
		 const char *tree, struct log_accounts *accounts)
{
	struct log_work work = {
		.log = log, .file = file, .tree = tree, .regions = regions, .accounts = accounts};

	*accounts = (struct log_accounts){0};
	log_find_subjects(&work);
	check_tree(&work);
	array_for_each (accounts, account)
		explain_one(&work, account);
	array_free(&work.places);
	free(work.by_name);
}

void log_accounts_free(struct log_accounts *accounts)
{
	array_for_each (accounts, account) {
		free(account->region);
		free(account->meaning);
	}
	array_free(accounts);
	findings_free(&accounts->findings);
}
