/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a boot makes of the regions: which heaps under which names, or why none. The rules are those
 * of drivers/of/of_reserved_mem.c, kernel/dma/{contiguous,coherent,swiotlb}.c, mm/cma.c and
 * drivers/dma-buf/heaps/cma_heap.c.
 */
#ifndef MODEL_FATE_H
#define MODEL_FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "model/fact.h"
#include "model/kernel_version.h"
#include "model/region.h"

#define KERNEL_NEWEST KERNEL(7, 2, 0) /* whose rules are known */
#define KERNEL_OLDEST KERNEL(5, 6, 0) /* the first with dma-heaps */

/* CMA_MAX_NAME - 1, include/linux/cma.h: longer names of areas are cut. */
#define AREA_NAME_MAX 63

/*
 * The kernel that boots the tree. All zero is a start: nothing known but, by default, the newest
 * version; kernel_facts_release() when done.
 */
struct kernel_facts {
	uint32_t version;          /* KERNEL(); 0: KERNEL_NEWEST */
	uint64_t page_size;        /* bytes; 0: not known */
	uint64_t cma_alignment;    /* CMA_MIN_ALIGNMENT_BYTES; 0: derived from the page size */
	uint32_t cma_areas;        /* MAX_CMA_AREAS; 0: not known */
	enum tristate cmdline;     /* YES: known, and cma_given says; else what cma= says is open */
	bool cma_given;            /* cma= is on the command line */
	uint64_t cma_size;         /* its size: 0 with "cma=0" */
	enum tristate cma_config;  /* CONFIG_DMA_CMA */
	enum tristate cma_heap;    /* CONFIG_DMABUF_HEAPS_CMA */
	enum tristate system_heap; /* CONFIG_DMABUF_HEAPS_SYSTEM */
	enum tristate legacy_name; /* CONFIG_DMABUF_HEAPS_CMA_LEGACY, 6.17 and 6.18 */
	enum tristate restricted;  /* CONFIG_DMA_RESTRICTED_POOL */
	enum tristate
		default_area;  /* a default area by Kconfig: CONFIG_CMA_SIZE_MBYTES and the like */
	uint64_t default_size; /* of that area, bytes; 0: not known */
	enum tristate carve_out_driver; /* one that makes heaps of carve-outs is loaded */
	char *architecture;             /* "arm64", "arm", "riscv" …, or NULL: not known */
};

void kernel_facts_release(struct kernel_facts *facts) __attribute__((nonnull));

/* What uname -r says, as kernel_version_parse() reads it. Returns 0 or -EINVAL. */
int kernel_facts_set_release(struct kernel_facts *facts, const char *release)
	__attribute__((nonnull, warn_unused_result));
/* Takes cma= from a kernel command line. */
void kernel_facts_set_cmdline(struct kernel_facts *facts, const char *cmdline)
	__attribute__((nonnull));
/* Takes what a kernel's .config says, also the page size. */
void kernel_facts_set_config(struct kernel_facts *facts, const char *config)
	__attribute__((nonnull));
/*
 * Facts of the running or captured machine: /proc/sys/kernel/osrelease, /proc/cmdline,
 * /proc/config.gz, /boot/config-RELEASE, page size; what can't be read stays unknown.
 */
struct root;
void kernel_facts_read(struct kernel_facts *facts, const struct root *root)
	__attribute__((nonnull));

enum fate_kind {
	FATE_HEAP,    /* at least one heap */
	FATE_NO_HEAP, /* memory that is reserved or given to the kernel, but no heap */
	FATE_DROPPED, /* the kernel does not even reserve it */
	FATE_OPEN,    /* a fact is missing that decides */
};

struct fate {
	enum fate_kind kind;
	bool area;         /* becomes a CMA area: /sys/kernel/mm/cma/NAME */
	bool default_area; /* … the default one */
	/* causes, where they are one of these */
	bool too_many, too_many_dynamic, no_room, name_taken;
	bool no_ram;          /* no_room, and more RAM would help */
	struct strings heaps; /* with FATE_OPEN: those that may be there */
	/*
	 * The sentence: "heap video@42000000", "no heap: not reusable", "dropped: status is
	 * \"reserved\"", "open: …".
	 */
	char *text;
};

struct fates {
	ARRAY_OF(struct fate); /* one for each region, in the same order */
	/* the area and heaps of cma= or Kconfig, which no region is behind */
	struct fate other;
	bool other_area;     /* there is such an area, called "reserved" */
	uint64_t other_size; /* its size in bytes where cma= says it, else 0 */
};

/* Decides the fate of each region; release with fates_release(). */
void fates_decide(const struct regions *regions, const struct kernel_facts *facts,
		  struct fates *fates) __attribute__((nonnull));
void fates_release(struct fates *fates) __attribute__((nonnull));
#define AUTO_FATES __attribute__((cleanup(fates_release)))

/* "heap", "no-heap", "dropped", "open": constant. */
const char *fate_kind_words(enum fate_kind kind) __attribute__((returns_nonnull));

#endif
