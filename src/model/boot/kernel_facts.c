// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/kernel_facts.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/kernel_config.h"
#include "sys/root.h"

void kernel_facts_free(struct kernel_facts *facts)
{
	free(facts->architecture);
	free(facts->built_in);
	facts->architecture = facts->built_in = NULL;
}

int kernel_facts_set_release(struct kernel_facts *facts, const char *release)
{
	return kernel_version_parse(release, &facts->version);
}

/* memparse(), lib/cmdline.c: a number in C's notation and one of KMGTPE. */
static uint64_t parse_memory(const char *text, const char **rest)
{
	static const char units[] = "kmgtpe";
	uint64_t number = 0;
	const char *unit;
	char *end;

	*rest = text;
	if (isdigit((unsigned char)*text)) {
		number = strtoull(text, &end, 0);
		*rest = end;
	}
	unit = **rest ? strchr(units, **rest | 0x20) : NULL;
	*rest += unit ? 1 : 0;
	return unit ? number << 10 * (unit - units + 1) : number;
}

/* early_cma(), kernel/dma/contiguous.c: of several words each sets what it has */
static void set_cma(struct kernel_facts *facts, const char *value)
{
	facts->cma_given = true;
	facts->cma_size = parse_memory(value, &value);
	if (*value != '@')
		return;
	facts->cma_base = parse_memory(value + 1, &value);
	facts->cma_limit =
		*value == '-' ? parse_memory(value + 1, &value) : facts->cma_base + facts->cma_size;
}

/* early_mem() of arm64, arm and riscv */
static void set_mem(struct kernel_facts *facts, const char *value)
{
	facts->mem_count++;
	facts->mem_size = parse_memory(value, &value);
	if (*value == '@') {
		facts->mem_at = true;
		facts->mem_base = parse_memory(value + 1, &value);
	}
}

static void forget_words(struct kernel_facts *facts)
{
	facts->cma_given = facts->mem_at = false;
	facts->cma_base = facts->cma_limit = 0;
	facts->mem_count = 0;
}

static void take_words(struct kernel_facts *facts, const char *cmdline)
{
	for (const char *at = cmdline; *at;) {
		/* quotes keep blanks inside a word; what follows -- is for init */
		size_t length = 0;
		bool quoted = false;

		at += strspn(at, " \t\n");
		while (at[length] && (quoted || !strchr(" \t\n", at[length])))
			quoted ^= at[length++] == '"';
		if (length == 2 && !strncmp(at, "--", 2))
			return;
		if (length >= 4 && !strncmp(at, "cma=", 4))
			set_cma(facts, at + 4);
		else if (length > 4 && !strncmp(at, "mem=", 4))
			set_mem(facts, at + 4);
		at += length;
	}
}

void kernel_facts_set_cmdline(struct kernel_facts *facts, const char *cmdline)
{
	facts->cmdline = YES;
	facts->cmdline_empty = !*cmdline;
	forget_words(facts);
	take_words(facts, cmdline);
	kernel_facts_add_built_in(facts);
}

void kernel_facts_add_built_in(struct kernel_facts *facts)
{
	if (!facts->built_in)
		return;
	if (facts->built_in_extends) {
		take_words(facts, facts->built_in);
	} else if (facts->built_in_forced || (facts->cmdline == YES && facts->cmdline_empty)) {
		facts->cmdline = YES;
		facts->cmdline_empty = false;
		forget_words(facts);
		take_words(facts, facts->built_in);
	}
}

/* The value of CONFIG_NAME: "y", "m", a number …; NULL: not set. */
static const char *config_value(const char *config, const char *name, size_t *length)
{
	AUTO_FREE char *key = xasprintf("\nCONFIG_%s=", name);
	const char *found = strstr(config, key);

	if (!found)
		return NULL;
	found += strlen(key);
	*length = strcspn(found, "\n");
	return found;
}

static bool config_is(const char *config, const char *name)
{
	size_t length;
	const char *value = config_value(config, name, &length);

	return value && length == 1 && (*value == 'y' || *value == 'm');
}

static uint64_t config_number(const char *config, const char *name, uint64_t otherwise)
{
	size_t length;
	const char *value = config_value(config, name, &length);

	return value ? strtoull(value, NULL, 0) : otherwise;
}

/* A string without its quotes and backslashes, which the caller frees; NULL: not set, or empty. */
static char *config_string(const char *config, const char *name)
{
	size_t length, used = 0;
	const char *value = config_value(config, name, &length);
	char *text;

	if (!value || length < 3 || value[0] != '"' || value[length - 1] != '"')
		return NULL;
	text = xstrndup(value + 1, length - 2);
	for (const char *at = text; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		text[used++] = *at;
	}
	text[used] = '\0';
	return text;
}

static enum tristate answer(bool yes)
{
	return yes ? YES : NO;
}

static uint64_t config_page_size(const char *config)
{
	static const struct {
		const char *name;
		uint64_t bytes;
	} sizes[] = {
		{"PAGE_SIZE_4KB", 4096},   {"ARM64_4K_PAGES", 4096},   {"PAGE_SIZE_8KB", 8192},
		{"PAGE_SIZE_16KB", 16384}, {"ARM64_16K_PAGES", 16384}, {"PAGE_SIZE_32KB", 32768},
		{"PAGE_SIZE_64KB", 65536}, {"ARM64_64K_PAGES", 65536}, {"PAGE_SIZE_256KB", 262144},
	};

	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		if (config_is(config, sizes[i].name))
			return sizes[i].bytes;
	}
	return 0;
}

/*
 * CMA_MIN_ALIGNMENT_BYTES (include/linux/cma.h): pages of one pageblock, whose order
 * include/linux/pageblock-flags.h takes from huge pages or from the largest order of the buddy
 * allocator. 0 where that is unknown for the architecture.
 */
static uint64_t config_alignment(const char *config, uint64_t page_size)
{
	uint64_t largest = config_number(config, "ARCH_FORCE_MAX_ORDER", 10), order;
	bool huge = config_is(config, "HUGETLB_PAGE") || config_is(config, "TRANSPARENT_HUGEPAGE");

	if (!page_size)
		return 0;
	if (config_is(config, "HUGETLB_PAGE_SIZE_VARIABLE"))
		return 0; /* decided at boot: ia64, powerpc */
	largest = config_number(config, "PAGE_BLOCK_MAX_ORDER", largest);
	order = largest;
	if (huge && config_is(config, "64BIT")) {
		/* a page table of 8-byte entries fills a page: HPAGE_PMD_ORDER */
		order = (uint64_t)__builtin_ctzll(page_size / 8);
	} else if (huge) {
		return 0;
	}
	if (order > largest)
		order = largest;
	return order < 32 ? page_size << order : 0;
}

/* "# Linux/arm64 7.2.13 Kernel Configuration" */
static void set_from_title(struct kernel_facts *facts, const char *config)
{
	static const char start[] = "# Linux/";
	const char *title = strstr(config, start);
	size_t length;

	if (!title)
		return;
	title += sizeof(start) - 1;
	length = strcspn(title, " \n");
	free(facts->architecture);
	facts->architecture = xstrndup(title, length);
	/* --kernel and the running kernel come first */
	if (title[length] == ' ' && !facts->version &&
	    kernel_facts_set_release(facts, title + length + 1))
		return;
}

void kernel_facts_set_config(struct kernel_facts *facts, const char *config)
{
	AUTO_FREE char *text = xasprintf("\n%s", config); /* each line has its \n in front */
	bool heaps = config_is(text, "DMABUF_HEAPS");
	uint64_t page_size = config_page_size(text);

	set_from_title(facts, text);
	if (page_size && !facts->page_size)
		facts->page_size = page_size;
	facts->cma_alignment = config_alignment(text, facts->page_size);
	facts->cma_areas = (uint32_t)config_number(text, "CMA_AREAS", 0);
	facts->cma_config = answer(config_is(text, "DMA_CMA"));
	facts->cma_heap = answer(heaps && config_is(text, "DMABUF_HEAPS_CMA"));
	facts->system_heap = answer(heaps && config_is(text, "DMABUF_HEAPS_SYSTEM"));
	facts->legacy_name = answer(config_is(text, "DMABUF_HEAPS_CMA_LEGACY"));
	facts->restricted = answer(config_is(text, "DMA_RESTRICTED_POOL"));
	if (config_is(text, "CMA_SIZE_SEL_MBYTES"))
		facts->default_size = config_number(text, "CMA_SIZE_MBYTES", 0) << 20;
	facts->config_mib = config_number(text, "CMA_SIZE_MBYTES", 0);
	free(facts->built_in);
	facts->built_in = config_string(text, "CMDLINE");
	facts->built_in_extends = config_is(text, "CMDLINE_EXTEND");
	facts->built_in_forced = config_is(text, "CMDLINE_FORCE");
	facts->default_area = answer(config_is(text, "DMA_CMA") &&
				     (config_number(text, "CMA_SIZE_MBYTES", 0) ||
				      config_number(text, "CMA_SIZE_PERCENTAGE", 0)));
}

static void read_config(struct kernel_facts *facts, const struct root *root, const char *release)
{
	AUTO_FREE char *boot = xasprintf("/boot/config-%s", release);
	AUTO_FREE char *modules = xasprintf("/lib/modules/%s/config", release);
	const char *const paths[] = {"/proc/config.gz", boot, modules};

	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		AUTO_FREE char *data = NULL;
		AUTO_FREE char *config = NULL;
		size_t size;

		if (root_read(root, paths[i], CONFIG_SIZE_MAX, &data, &size) ||
		    config_unzip(data, size, &config))
			continue;
		kernel_facts_set_config(facts, config);
		return;
	}
}

/* "Pages per block:  512" of /proc/pagetypeinfo, for root only: the alignment without guessing. */
static void read_alignment(struct kernel_facts *facts, const struct root *root)
{
	static const char key[] = "Pages per block:";
	AUTO_FREE char *text = NULL;
	const char *line;
	uint64_t pages;

	if (!facts->page_size ||
	    root_read(root, "/proc/pagetypeinfo", CONFIG_SIZE_MAX, &text, NULL))
		return;
	line = strstr(text, key);
	pages = line ? strtoull(line + strlen(key), NULL, 10) : 0;
	if (pages && pages <= UINT32_MAX && !(pages & (pages - 1)))
		facts->cma_alignment = pages * facts->page_size;
}

void kernel_facts_read(struct kernel_facts *facts, const struct root *root)
{
	AUTO_FREE char *release = NULL;
	AUTO_FREE char *cmdline = NULL;

	facts->page_size = root_page_size(root);
	if (!root_read_line(root, "/proc/sys/kernel/osrelease", &release)) {
		if (!kernel_facts_set_release(facts, release))
			read_config(facts, root, release);
	}
	/* /proc/cmdline has it already */
	free(facts->built_in);
	facts->built_in = NULL;
	if (!root_read_line(root, "/proc/cmdline", &cmdline))
		kernel_facts_set_cmdline(facts, cmdline);
	read_alignment(facts, root);
}

uint64_t kernel_facts_alignment(const struct kernel_facts *facts, uint64_t *largest)
{
	uint64_t page = kernel_facts_page_size(facts), smallest;

	if (facts->cma_alignment)
		return *largest = facts->cma_alignment;
	/* a pageblock is what one page table of 8-byte entries maps (huge pages), or 2^10 pages */
	smallest = page * (page / 8);
	*largest = page == 4096 ? UINT64_C(4) << 20 : smallest;
	return smallest;
}
