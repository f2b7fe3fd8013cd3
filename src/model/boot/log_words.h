/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What kernels write in their log about reserved memory and CMA, and how a line of it is told from
 * what people's tools have put around it. The wording was read in 5.4, 5.10, 6.0, 6.12 and 7.2,
 * in boots of 5.10, 6.1, 6.12 and 7.2, and in logs of 3.x and 4.x.
 */
#ifndef MODEL_BOOT_LOG_WORDS_H
#define MODEL_BOOT_LOG_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_kind {
	/* facts about the boot */
	LOG_VERSION,    /* name: the release */
	LOG_MACHINE,    /* name: the model */
	LOG_CMDLINE,    /* name: the words */
	LOG_PARAMETERS, /* name: words that the kernel does not know */
	LOG_ZONE,       /* name, first, last address */
	LOG_MEMORY,     /* KiB available, of, in CMA areas */
	LOG_LIMITED,    /* MB that mem= leaves */
	/* drivers/of/of_reserved_mem.c, drivers/of/fdt.c */
	LOG_NO_NODE,
	LOG_FORMAT,
	LOG_REG,          /* region */
	LOG_NOT_RESERVED, /* region, base, MiB */
	LOG_RESERVED,     /* region, base, MiB */
	LOG_FIRST_ENTRY,  /* region, entries */
	LOG_MORE_ENTRIES, /* region, entries after the first */
	LOG_NO_PLACE,     /* region, MiB (not in older kernels) */
	LOG_PLACED,       /* region, base, MiB */
	LOG_SIZE,         /* region */
	LOG_ALIGNMENT,    /* region */
	LOG_RANGES,       /* region */
	LOG_TABLE_FULL,   /* region, or none */
	LOG_DYNAMIC_FULL, /* region */
	LOG_NO_TABLE,     /* errno */
	LOG_INITIALIZED,  /* region, compatible */
	LOG_OVERLAP_HEAD,
	LOG_OVERLAP,  /* two regions, base and end of each */
	LOG_REFUSED,  /* region */
	LOG_REGION,   /* base, last, KiB; mapped, reusable, region */
	LOG_ASSIGNED, /* device, region */
	/* kernel/dma/{contiguous,coherent,swiotlb}.c */
	LOG_CMA_POOL, /* base, MiB */
	LOG_MISALIGNED,
	LOG_NO_POOL,
	LOG_BYPASSED, /* region, or none */
	LOG_DMA_POOL, /* base, MiB or KiB */
	LOG_DMA_POOL_FAILED,
	LOG_RESTRICTED,         /* base, MiB */
	LOG_RESTRICTED_MAPPING, /* device */
	LOG_NEEDS_NO_MAP,
	LOG_TWO_DEFAULTS,
	LOG_DEFAULT_SET,
	LOG_BEYOND, /* device */
	LOG_NO_WORD,
	LOG_BAD_NODE,    /* node */
	LOG_NODE_FAILED, /* errno, node */
	LOG_NOT_QUEUED,
	LOG_NOT_STORED,
	/* mm/cma.c, mm/hugetlb_cma.c */
	LOG_AREA,        /* MiB, base */
	LOG_AREA_RANGES, /* MiB, ranges */
	LOG_HUGE,        /* MiB, node */
	LOG_AREA_FAILED, /* MiB */
	LOG_LIMIT,       /* size, base, limit */
	LOG_BASE,        /* base, alignment */
	LOG_BORDER,      /* base, border */
	LOG_SLOTS,
	LOG_TOO_EARLY,
	LOG_DEAD,         /* area */
	LOG_AREA_WARNING, /* line */
	LOG_ALLOC_FAILED, /* function, area (not in older kernels); pages, errno */
	LOG_AVAILABLE,    /* runs; pages free, of */
	LOG_AVAILABLE_HEAD,
	LOG_AVAILABLE_RANGE, /* range, runs */
	LOG_AVAILABLE_END,   /* pages free, of */
	LOG_SKIPPED,         /* function, area */
	LOG_BUSY,            /* function */
	LOG_DEBUG,
	LOG_SAME_AREA, /* area: fs/sysfs/dir.c, fs/debugfs/inode.c */
	LOG_SAME_HEAP, /* heap */
	/* drivers/dma-buf/dma-heap.c and heaps */
	LOG_HEAP_NAMELESS,
	LOG_HEAP_OPS,
	LOG_HEAP_MINOR,
	LOG_HEAP_DEVICE,
	LOG_HEAP_TWICE,   /* heap */
	LOG_HEAP_UNKNOWN, /* minor */
	LOG_HEAP_FAILED,  /* area */
	LOG_TEE_FAILED,   /* device; heap */
};

#define LOG_NAMES   3
#define LOG_NUMBERS 4

/* A line that is known. Names point into the line. */
struct log_match {
	enum log_kind kind;
	bool cut; /* the line ends too early: what would follow is not there */
	size_t name_count, number_count;
	struct {
		const char *text;
		size_t length;
	} names[LOG_NAMES];
	uint64_t numbers[LOG_NUMBERS]; /* those below 0 as two's complement */
};

/*
 * Takes off a line what is not the kernel's: what a mail, a page or a terminal has put around it,
 * printk's level and time stamp, and the prefix of syslog, journalctl or a logger. Changes LINE and
 * returns where the message begins in it. *STAMPED: there was a time stamp.
 */
char *log_clean(char *line, bool *stamped) __attribute__((nonnull, returns_nonnull));

/* Says whether a message is known, and what it says. */
bool log_match(const char *message, struct log_match *match) __attribute__((nonnull));

#endif
