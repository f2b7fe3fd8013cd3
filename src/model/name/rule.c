// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/rule.h"

#include <string.h>

#include "base/array.h"
#include "model/name/check.h"

#define DOCUMENT "Linux 7.2, Documentation/userspace-api/dma-buf-heaps.rst, Naming Convention"
#define DRAFT_2 \
	"linux-media, second draft of the naming document, June 2025; the merged text keeps " \
	"contiguous and protected (" DOCUMENT ")"
#define PRACTICE "practice: names of heaps in shipped kernels"

enum {
	ANY = 1 << CONVENTION_V1 | 1 << CONVENTION_V2 | 1 << CONVENTION_LINUX,
	WITH_ATTRIBUTES = 1 << CONVENTION_V2 | 1 << CONVENTION_LINUX,
};

const struct name_rule name_rules[] = {
	{"characters", SEVERITY_ERROR, ANY,
	 "A name consists of the signs that a devicetree node may have, and the kernel keeps all "
	 "of "
	 "it.",
	 "Devicetree Specification 0.4, 2.2.1; Linux 7.2: CMA_MAX_NAME (64 with the NUL), "
	 "device_create() in drivers/dma-buf/dma-heap.c takes the name as a format",
	 "any sign but letters, digits and , . _ + - @; an empty name, . and ..; over 63 bytes (a "
	 "note: over 31 before the @)",
	 "video@42000000", "vid%seo@42000000", FEATURE_STRANGE | FEATURE_LENGTH, check_characters},
	{"allocator-name", SEVERITY_ERROR, ANY,
	 "The name does not tell the allocator: another may serve the same memory tomorrow.",
	 DOCUMENT,
	 "whole words: cma, gcma, ion, carveout, coherent, buddy, slab, genpool, mmz, codec_mm …",
	 "video@42000000", "cma-video@42000000", 1 << WORD_ALLOCATOR, check_allocator_name},
	{"implementation-detail", SEVERITY_ERROR, ANY,
	 "The name does not tell how the driver works, which may change while the name must not.",
	 DOCUMENT,
	 "whole words: dma32, direct, page, aligned, iommu …, and sizes of memory (64k, 16mb)",
	 "video@42000000", "video@42000000-dma32", 1 << WORD_DETAIL | 1 << WORD_NUMBER,
	 check_implementation_detail},
	{"not-unique", SEVERITY_ERROR, ANY,
	 "The name picks one region of the platform out of all others.", DOCUMENT,
	 "names that are the same, or differ only in case, separators and redundant words; aliases "
	 "of one region are none",
	 "video@42000000 and video@52000000", "camera_left@42000000 and camera-left@42000000",
	 FEATURE_SAME, check_not_unique},
	{"unit-address", SEVERITY_ERROR, ANY,
	 "What stands behind the @ is the address of the region, as the devicetree writes it.",
	 "Devicetree Specification 0.4, 2.2.1.1; " DOCUMENT,
	 "addresses with 0x, leading zeros or capitals, or that are none; not the region's base; a "
	 "warning: on a region that the kernel places anew at each boot, and the placeholder 0",
	 "video@42000000", "video@0x42000000", FEATURE_ODD_UNIT | FEATURE_EVIDENCE,
	 check_unit_address},
	{"attribute-conflict", SEVERITY_ERROR, ANY, "The attributes of a name can all be true.",
	 DRAFT_2, "cacheable with uncacheable, protected with its opposite, and so on",
	 "video@42000000-cacheable", "video@42000000-cacheable-uncacheable", 1 << WORD_ATTRIBUTE,
	 check_attribute_conflict},
	{"attribute-repeated", SEVERITY_WARNING, ANY, "An attribute is said once.", DRAFT_2,
	 "the same property twice, also in different words (protected and secure)",
	 "video@42000000-protected", "video@42000000-protected-protected", 1 << WORD_ATTRIBUTE,
	 check_attribute_repeated},
	{"attribute-false", SEVERITY_ERROR, ANY,
	 "The attributes are those of the buffers that the heap gives.", DRAFT_2,
	 "evidence: contiguous from the page allocator, protected but mappable, and so on",
	 "video@42000000-contiguous (memory of a reserved region)",
	 "system-contiguous (memory of the page allocator)", FEATURE_EVIDENCE,
	 check_attribute_false},
	{"unknown-attribute", SEVERITY_WARNING, ANY,
	 "What the buffers are is said with the convention's own words, so that programs can look "
	 "for them.",
	 DRAFT_2,
	 "words like uncached, cached, secure, restricted, contig; a note: words of another draft",
	 "video@42000000-contiguous", "video@42000000-contig", 1 << WORD_ATTRIBUTE,
	 check_unknown_attribute},
	{"unstable-name", SEVERITY_ERROR, ANY,
	 "The name stays the same from one version to the next.", DOCUMENT,
	 "names known to change with the kernel or its command line; counting (heap0, cma_1); "
	 "suffixes with a version or a date",
	 "video@42000000", "video@42000000-v2",
	 FEATURE_NO_ADDRESS | 1 << WORD_NUMBER | 1 << WORD_VERSION, check_unstable_name},
	{"vendor-prefix", SEVERITY_NOTE, ANY,
	 "A vendor's name says nothing of the memory; the convention does not forbid it.", PRACTICE,
	 "a first word with a comma behind it; names of vendors anywhere", "display@42000000",
	 "qcom,display@42000000", 1 << WORD_VENDOR | FEATURE_COMMA, check_vendor_prefix},
	{"redundant-word", SEVERITY_NOTE, ANY,
	 "A word that fits every heap helps nobody to find this one.", PRACTICE,
	 "heap, region, pool, mem, dma; memory is the convention's own word", "video@42000000",
	 "video-region@42000000", 1 << WORD_REDUNDANT, check_redundant_word},
	{"no-region", SEVERITY_WARNING, ANY,
	 "The name describes the memory region that the heap allocates from.", DOCUMENT,
	 "names without a unit address that no region or use can be read from; a use alone is a "
	 "note",
	 "video@42000000", "frob", FEATURE_NO_ADDRESS, check_no_region},
	{"attribute-missing", SEVERITY_NOTE, WITH_ATTRIBUTES,
	 "The name should say what the buffers are.", DRAFT_2,
	 "evidence: attributes that are true of the buffers and not in the name",
	 "video@42000000-contiguous", "video@42000000 (memory of a reserved region)",
	 FEATURE_EVIDENCE, check_attribute_missing},
	{"baseline", SEVERITY_ERROR, ANY, "The name stays the same from one version to the next.",
	 DOCUMENT,
	 "with --baseline: heaps that disappeared, were renamed or moved since the file was saved; "
	 "a "
	 "note: new ones",
	 "the names of the last release", "a name of the last release that is gone", 0, NULL},
};

const size_t name_rule_count = COUNT_OF(name_rules);
_Static_assert(COUNT_OF(name_rules) <= NAME_RULES_MOST, "each rule has its place in arrays");

const struct name_rule *name_rule_find(const char *id)
{
	for (size_t i = 0; i < name_rule_count; i++) {
		if (!strcmp(name_rules[i].id, id))
			return &name_rules[i];
	}
	return NULL;
}

static const char *const convention_names[CONVENTION_COUNT] = {"v1", "v2", "linux"};

const char *convention_name(enum convention convention)
{
	return convention_names[convention];
}

bool convention_parse(const char *text, enum convention *convention)
{
	for (enum convention i = 0; i < CONVENTION_COUNT; i++) {
		if (!strcmp(convention_names[i], text)) {
			*convention = i;
			return true;
		}
	}
	return false;
}

bool convention_has(enum convention convention, enum word_property property)
{
	switch (convention) {
	case CONVENTION_V2:
		return property_word(property);
	case CONVENTION_LINUX:
		return property == PROPERTY_CONTIGUOUS || property == PROPERTY_PROTECTED;
	default:
		return false;
	}
}

/* Appends LENGTH bytes as far as there is room for them and a NUL. */
static size_t append(char *message, size_t size, size_t at, const char *text, size_t length)
{
	if (length > size - 1 - at)
		length = size - 1 - at;
	memcpy(message + at, text, length);
	return at + length;
}

void name_finding_message(const struct name_finding *finding, const char *name, char *message,
			  size_t size)
{
	const char *argument = finding->argument ? finding->argument : finding->number;
	size_t at = 0;

	for (const char *text = finding->text; *text;) {
		size_t plain = (size_t)(strchrnul(text, '{') - text);

		at = append(message, size, at, text, plain);
		text += plain;
		if (!*text)
			break;
		if (text[1] == '}') {
			at = append(message, size, at, name + finding->start, finding->length);
			text += 2;
		} else {
			at = append(message, size, at, argument, strlen(argument));
			text += 3;
		}
	}
	if (finding->fixed) {
		static const char fixed[] = " (tolerated: the kernel itself fixes this name)";

		at = append(message, size, at, fixed, sizeof(fixed) - 1);
	}
	message[at] = '\0';
}
