/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known about a kernel that decides what becomes of the regions of a device tree. */
#ifndef MODEL_BOOT_KERNEL_FACTS_H
#define MODEL_BOOT_KERNEL_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/known.h"
#include "model/boot/command_line.h"
#include "model/boot/kernel_version.h"
#include "model/devicetree/property.h"

#define KERNEL_NEWEST KERNEL(7, 2, 0) /* whose rules are known */
#define KERNEL_OLDEST KERNEL(5, 6, 0) /* the first with dma-heaps */

struct root;
struct seen;

/* CONFIG_CMA_SIZE_SEL_*: dma_contiguous_reserve(), kernel/dma/contiguous.c (7.2) */
enum default_size {
	DEFAULT_UNKNOWN,
	DEFAULT_MBYTES,
	DEFAULT_PERCENTAGE,
	DEFAULT_MIN,
	DEFAULT_MAX,
};

/*
 * The kernel that boots the tree. All zero is a start: nothing known but, by default, the newest
 * version; kernel_facts_free() when done.
 */
struct kernel_facts {
	uint32_t version;            /* KERNEL(); 0: KERNEL_NEWEST */
	uint64_t page_size;          /* bytes; 0: unknown */
	uint64_t cma_alignment;      /* CMA_MIN_ALIGNMENT_BYTES; 0: derived from the page size */
	uint32_t cma_areas;          /* MAX_CMA_AREAS; 0: unknown */
	struct command_line cmdline; /* with the built-in one, once that is known */
	enum tristate cma_config;    /* CONFIG_DMA_CMA */
	enum tristate cma_heap;      /* CONFIG_DMABUF_HEAPS_CMA */
	enum tristate system_heap;   /* CONFIG_DMABUF_HEAPS_SYSTEM */
	enum tristate legacy_name;   /* CONFIG_DMABUF_HEAPS_CMA_LEGACY, 6.17 and 6.18 */
	enum tristate restricted;    /* CONFIG_DMA_RESTRICTED_POOL */
	enum tristate zone_dma, zone_dma32, highmem; /* CONFIG_ZONE_DMA, _ZONE_DMA32, _HIGHMEM */
	enum tristate sparsemem_extreme;             /* CONFIG_SPARSEMEM_EXTREME */
	enum tristate lpae;                          /* CONFIG_ARM_LPAE */
	uint64_t page_offset;        /* CONFIG_PAGE_OFFSET of 32-bit Arm; 0: unknown */
	enum default_size size_rule; /* which of both sizes is the default area's */
	uint64_t config_mib;         /* CONFIG_CMA_SIZE_MBYTES, also where it has no effect */
	uint64_t config_percentage;  /* CONFIG_CMA_SIZE_PERCENTAGE */
	char *built_in;              /* CONFIG_CMDLINE, or NULL */
	bool built_in_extends, built_in_forced; /* CONFIG_CMDLINE_EXTEND, _FORCE */
	enum tristate carve_out_driver;         /* one that makes heaps of carve-outs is loaded */
	bool per_region; /* a heap per region, as in 6.19, whatever the version */
	bool live;       /* the tree is that of the machine SEEN */
	const struct ranges *banks, *taken; /* what a user states; NULL: nothing */
	struct seen *seen;                  /* NULL: another machine's kernel */
	char *architecture;                 /* "arm64", "arm", "riscv" …, or NULL: unknown */
};

void kernel_facts_free(struct kernel_facts *facts) __attribute__((nonnull));

/* Whether the architecture of this name (NULL: unknown) has pages of 4 KiB only: its Kconfig (7.2).
 */
bool has_small_pages_only(const char *architecture);

/* What uname -r says, as kernel_version_parse() reads it. Returns 0 or -EINVAL. */
int kernel_facts_set_release(struct kernel_facts *facts, const char *release)
	__attribute__((nonnull, warn_unused_result));
/* Takes the words of a kernel command line, to which the built-in one is added. */
void kernel_facts_set_cmdline(struct kernel_facts *facts, const char *cmdline)
	__attribute__((nonnull));
/*
 * Adds the built-in command line to that of the boot loader, which may be unknown:
 * early_init_dt_scan_chosen(), drivers/of/fdt.c (7.2). To be called once for a command line that
 * was taken from elsewhere.
 */
void kernel_facts_add_built_in(struct kernel_facts *facts) __attribute__((nonnull));
/* Takes what a kernel's .config says, also the page size. */
void kernel_facts_set_config(struct kernel_facts *facts, const char *config)
	__attribute__((nonnull));
/*
 * Facts of the running or captured machine: /proc/sys/kernel/osrelease, /proc/cmdline,
 * /proc/config.gz, /boot/config-RELEASE, page size; what can't be read stays unknown.
 */
void kernel_facts_read(struct kernel_facts *facts, const struct root *root)
	__attribute__((nonnull));

/* The version, or KERNEL_NEWEST. */
static inline uint32_t kernel_facts_version(const struct kernel_facts *facts)
{
	return facts->version ? facts->version : KERNEL_NEWEST;
}

/* Whether the architecture is known to be this one ("arm64", "arm", "riscv"). */
bool kernel_facts_is(const struct kernel_facts *facts, const char *architecture)
	__attribute__((nonnull));

/* The page size in bytes, or the smallest where it is unknown. */
static inline uint64_t kernel_facts_page_size(const struct kernel_facts *facts)
{
	return facts->page_size ? facts->page_size : 4096;
}

#endif
