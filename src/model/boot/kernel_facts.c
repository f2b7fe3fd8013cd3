// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/kernel_facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/kernel_config.h"
#include "model/boot/pageblock.h"
#include "model/boot/seen.h"
#include "sys/root.h"

void kernel_facts_free(struct kernel_facts *facts)
{
	free(facts->architecture);
	free(facts->built_in);
	seen_free(facts->seen);
	facts->architecture = facts->built_in = NULL;
	facts->seen = NULL;
}

bool has_small_pages_only(const char *architecture)
{
	static const char *const names[] = {"arm", "i386", "riscv", "x86", "x86_64"};

	for (size_t i = 0; architecture && i < COUNT_OF(names); i++) {
		if (!strcmp(architecture, names[i]))
			return true;
	}
	return false;
}

int kernel_facts_set_release(struct kernel_facts *facts, const char *release)
{
	return kernel_version_parse(release, &facts->version);
}

bool kernel_facts_is(const struct kernel_facts *facts, const char *architecture)
{
	return facts->architecture && !strcmp(facts->architecture, architecture);
}

void kernel_facts_set_cmdline(struct kernel_facts *facts, const char *cmdline)
{
	facts->cmdline = (struct command_line){.known = YES, .empty = !*cmdline};
	command_line_take(&facts->cmdline, cmdline);
	kernel_facts_add_built_in(facts);
}

void kernel_facts_add_built_in(struct kernel_facts *facts)
{
	struct command_line *line = &facts->cmdline;

	if (!facts->built_in)
		return;
	if (facts->built_in_extends) {
		command_line_take(line, facts->built_in);
	} else if (facts->built_in_forced || (line->known == YES && line->empty)) {
		*line = (struct command_line){.known = YES};
		command_line_take(line, facts->built_in);
	}
}

static enum tristate answer(bool yes)
{
	return yes ? YES : NO;
}

/* The page size; some architectures have one alone, and no symbol for it: arch/arm/Kconfig (7.2).
 */
static uint64_t config_page_size(const char *config, const char *architecture)
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
	return has_small_pages_only(architecture) ? 4096 : 0;
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
	/* --kernel and the running kernel come first; of a release that is none it stays unknown */
	(void)(title[length] == ' ' && !facts->version &&
	       kernel_facts_set_release(facts, title + length + 1));
}

/* A configuration without its title, as a defconfig: each architecture sets its own symbol. */
static void set_architecture(struct kernel_facts *facts, const char *config)
{
	static const struct {
		const char *symbol, *name;
	} known[] = {{"ARM64", "arm64"}, {"ARM", "arm"}, {"RISCV", "riscv"}, {"X86", "x86"}};

	for (size_t i = 0; i < COUNT_OF(known) && !facts->architecture; i++) {
		if (config_is(config, known[i].symbol))
			facts->architecture = xstrdup(known[i].name);
	}
}

static enum default_size config_size_rule(const char *config)
{
	static const struct {
		const char *symbol;
		enum default_size rule;
	} rules[] = {{"CMA_SIZE_SEL_MBYTES", DEFAULT_MBYTES},
		     {"CMA_SIZE_SEL_PERCENTAGE", DEFAULT_PERCENTAGE},
		     {"CMA_SIZE_SEL_MIN", DEFAULT_MIN},
		     {"CMA_SIZE_SEL_MAX", DEFAULT_MAX}};

	for (size_t i = 0; i < COUNT_OF(rules); i++) {
		if (config_is(config, rules[i].symbol))
			return rules[i].rule;
	}
	return DEFAULT_UNKNOWN;
}

/* MAX_CMA_AREAS, include/linux/cma.h: one more than configured in 5.10 and 6.1, not in 6.12. */
static uint32_t config_areas(const char *config, uint32_t version)
{
	uint64_t areas = config_number(config, "CMA_AREAS", 0);

	if (areas && version < KERNEL(6, 9, 0))
		areas++;
	return areas > UINT32_MAX ? UINT32_MAX : (uint32_t)areas;
}

void kernel_facts_set_config(struct kernel_facts *facts, const char *config)
{
	bool heaps = config_is(config, "DMABUF_HEAPS");
	uint64_t page_size;

	set_from_title(facts, config);
	set_architecture(facts, config);
	page_size = config_page_size(config, facts->architecture);
	if (page_size && !facts->page_size)
		facts->page_size = page_size;
	facts->cma_alignment = pageblock_of_config(
		&(struct pageblock_kernel){kernel_facts_version(facts), facts->page_size,
					   facts->architecture},
		config);
	facts->cma_areas = config_areas(config, kernel_facts_version(facts));
	facts->cma_config = answer(config_is(config, "DMA_CMA"));
	facts->cma_heap = answer(heaps && config_is(config, "DMABUF_HEAPS_CMA"));
	facts->system_heap = answer(heaps && config_is(config, "DMABUF_HEAPS_SYSTEM"));
	facts->legacy_name = answer(config_is(config, "DMABUF_HEAPS_CMA_LEGACY"));
	facts->restricted = answer(config_is(config, "DMA_RESTRICTED_POOL"));
	facts->config_mib = config_number(config, "CMA_SIZE_MBYTES", 0);
	facts->config_percentage = config_number(config, "CMA_SIZE_PERCENTAGE", 0);
	facts->size_rule = config_size_rule(config);
	facts->zone_dma = answer(config_is(config, "ZONE_DMA"));
	facts->zone_dma32 = answer(config_is(config, "ZONE_DMA32"));
	facts->highmem = answer(config_is(config, "HIGHMEM"));
	facts->sparsemem_extreme = answer(config_is(config, "SPARSEMEM_EXTREME"));
	facts->lpae = answer(config_is(config, "ARM_LPAE"));
	facts->page_offset = config_number(config, "PAGE_OFFSET", 0);
	free(facts->built_in);
	facts->built_in = config_string(config, "CMDLINE");
	facts->built_in_extends = config_is(config, "CMDLINE_EXTEND");
	facts->built_in_forced = config_is(config, "CMDLINE_FORCE");
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
	AUTO_FREE char *config = NULL;

	facts->page_size = root_page_size(root);
	if (!root_read_line(root, "/proc/sys/kernel/osrelease", &release) &&
	    !kernel_facts_set_release(facts, release) && !config_read(root, &config))
		kernel_facts_set_config(facts, config);
	/* /proc/cmdline has it already */
	free(facts->built_in);
	facts->built_in = NULL;
	if (!root_read_line(root, "/proc/cmdline", &cmdline))
		kernel_facts_set_cmdline(facts, cmdline);
	read_alignment(facts, root);
	facts->live = true;
	facts->seen = seen_read(root);
}
