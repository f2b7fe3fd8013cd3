// SPDX-License-Identifier: GPL-2.0-or-later
/* Names that nobody who writes a device tree can change: judged once, as what they are. */
#include <string.h>

#include "base/array.h"
#include "model/boot/known_names.h"
#include "model/devicetree/vendor_bindings.h"
#include "model/name/rule.h"

#define OLD_NAME \
	"programs that follow the kernel's document (5.6 to 6.16) open it, and would find no " \
	"contiguous memory under another name"
#define OF_THE_TEE \
	"'{}' is fixed by the kernel (drivers/tee/tee_heap.c): programs have no other name for " \
	"this memory of the TEE, and would not find it"

/* Who opens them, and what would break. The names are those of mainline, and its old ones. */
static const struct {
	const char *name, *text; /* text NULL: a good name as well */
	bool area;               /* of the default CMA area */
} fixed[] = {
	{SYSTEM_HEAP, NULL, false},
	{"system_cc_shared",
	 "'{}' is fixed by the kernel (drivers/dma-buf/heaps/system_heap.c): rdma-core opens it in "
	 "confidential guests, and would find no memory that is shared with the host",
	 false},
	{DEFAULT_CMA_HEAP,
	 "'{}' is fixed by the kernel (since 6.17, drivers/dma-buf/heaps/cma_heap.c): programs "
	 "that "
	 "look for the default CMA area open it, and would find none under another name",
	 true},
	{RESERVED_AREA,
	 "'{}' is fixed by the kernel for the area of cma= or its configuration: libcamera opens "
	 "it "
	 "where there is no linux,cma, and would find no contiguous memory under another name",
	 true},
	{"linux,cma",
	 "'{}' is an old name of the default CMA area: libcamera and programs for Raspberry Pi, "
	 "NXP "
	 "and Qualcomm open it, and would find no contiguous memory under another name",
	 true},
	{"default-pool", "'{}' is an old name of the default CMA area: " OLD_NAME, true},
	{"protected,secure-video", OF_THE_TEE, false},
	{"protected,trusted-ui", OF_THE_TEE, false},
	{"protected,secure-video-record", OF_THE_TEE, false},
};

/* The place of LENGTH bytes of NAME in the table, or -1. */
static int find_fixed(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT_OF(fixed); i++) {
		if (strlen(fixed[i].name) == length && !memcmp(fixed[i].name, name, length))
			return (int)i;
	}
	return -1;
}

/* NXP's driver makes NAME-uncached of the default area called NAME. */
static bool is_uncached_default(const struct name_words *words)
{
	size_t suffix = strlen(UNCACHED_SUFFIX), stem = words->length - suffix;
	int i = -1;

	if (words->length > suffix && !strcmp(words->name + stem, UNCACHED_SUFFIX))
		i = find_fixed(words->name, stem);
	return i >= 0 && fixed[i].area;
}

bool name_is_fixed(const struct name_words *words, const struct name_evidence *evidence)
{
	if (find_fixed(words->name, words->length) >= 0)
		return true;
	/* of a node, it is the author's own */
	return !name_is_of_node(evidence, words->name) &&
	       (vendor_name(words->name) || is_uncached_default(words));
}

static void check_fixed_name(struct name_check *check)
{
	int i = find_fixed(check->words->name, check->words->length);

	if (!check->strict && i >= 0 && fixed[i].text)
		check_add(check, SEVERITY_NOTE, 0, check->words->length, fixed[i].text, NULL);
}

const struct name_rule rule_fixed_name = {
	{
		.id = "fixed-name",
		.severity = SEVERITY_NOTE,
		.sentence = "A name that programs open, and that no device tree can change, is "
			    "left as it is; with --strict it is judged as any other.",
		.source = PRACTICE,
		.looks_at = "names that the kernel fixes, and the old names of the default CMA "
			    "area: linux,cma, reserved, default-pool",
		.good = "video@42000000",
		.bad = "linux,cma",
	},
	ALL_CONVENTIONS,
	check_fixed_name,
};

static void check_vendor_name(struct name_check *check)
{
	static const char *const texts[] = {
		[VENDOR_PAGES] = "'{}' is fixed by drivers of vendors ({1}), whose programs open "
				 "it; mainline's heap of such pages is system",
		[VENDOR_DEFAULT_AREA] = "'{}' is fixed by drivers of vendors ({1}), whose programs "
					"open it; mainline's heap of the default CMA area is "
					"default_cma_region",
		[VENDOR_CONTIGUOUS] =
			"'{}' is fixed by drivers of vendors ({1}), whose programs "
			"open it; mainline names heaps of contiguous memory by region",
		[VENDOR_PROTECTED] = "'{}' is fixed by drivers of vendors ({1}), whose programs "
				     "open it; mainline has no such heap",
	};
	const struct name_words *words = check->words;
	const struct vendor_name *vendor = vendor_name(words->name);

	if (check->strict || !name_is_fixed(words, check->evidence))
		return;
	if (vendor)
		check_add(check, SEVERITY_WARNING, 0, words->length, texts[vendor->memory],
			  vendor->source);
	else if (is_uncached_default(words))
		check_add(check, SEVERITY_WARNING, 0, words->length, texts[VENDOR_DEFAULT_AREA],
			  UNCACHED_SOURCE);
}

const struct name_rule rule_vendor_name = {
	{
		.id = "vendor-name",
		.severity = SEVERITY_WARNING,
		.sentence = "A name that a vendor's driver fixes is outside the convention, and "
			    "programs for that kernel open it; with --strict it is judged as any "
			    "other.",
		.source = PRACTICE,
		.looks_at = "names of the heaps of Amlogic's, MediaTek's, NXP's, Qualcomm's and "
			    "Rockchip's drivers; not names of nodes of a device tree",
		.good = "system",
		.bad = "system-uncached",
	},
	ALL_CONVENTIONS,
	check_vendor_name,
};
