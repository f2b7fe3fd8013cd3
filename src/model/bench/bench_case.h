/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can be measured of a heap. A case is an entry in a table, with a function that takes one
 * sample of it and leaves all as it was. Anonymous memory stands in for a heap, where it has
 * something like it, so that ratios mean the same on each machine.
 */
#ifndef MODEL_BENCH_BENCH_CASE_H
#define MODEL_BENCH_BENCH_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bench_importer;
struct fence_source;

enum bench_case {
	BENCH_ALLOC,
	BENCH_FREE,
	BENCH_MAP,
	BENCH_FAULT,
	BENCH_FILL,
	BENCH_READ,
	BENCH_COPY,
	BENCH_LOAD,
	BENCH_SYNC,
	BENCH_IMPORT,
	BENCH_SYNC_IMPORTED,
	BENCH_FENCE,
	BENCH_STAT,
	BENCH_CACHEABLE,
	BENCH_FLUSHED,
	BENCH_CASES,
};

/* Their names, in this order, as --case takes them. */
#define BENCH_CASE_WORDS \
	"alloc|free|map|fault|fill|read|copy|load|sync|import|sync-imported|fence|stat|" \
	"cacheable|flushed"

/* Those with an importer, as bits. */
#define BENCH_IMPORTS (1U << BENCH_IMPORT | 1U << BENCH_SYNC_IMPORTED)

/* What is there before a sample is taken. */
enum bench_need {
	BENCH_NOTHING,
	BENCH_BUFFER,
	BENCH_MAPPING,      /* of a buffer, every page of which has been touched */
	BENCH_TWO_MAPPINGS, /* of two buffers */
	BENCH_ANONYMOUS,    /* a mapping of a buffer, and as much of anonymous memory */
};

/* Where a case is measured, and what it has there. */
struct bench_place {
	int heap; /* an open heap; -1: anonymous memory */
	uint64_t size, page_size;
	struct fence_source *source;           /* for BENCH_FENCE, else NULL */
	const struct bench_importer *importer; /* for BENCH_IMPORTS, else NULL */
	/* made by bench_place_prepare() */
	struct bench_memory {
		int fd;       /* a buffer's; -1: none, or anonymous memory */
		void *memory; /* NULL: not mapped */
	} here, other;
};

struct bench_case_kind {
	const char *name;
	const char *meaning; /* one line: what the samples are of */
	enum bench_need need;
	bool of_size;   /* its cost depends on the size; else it is measured with one page */
	bool anonymous; /* anonymous memory has it as well */
	bool control;   /* heaps have not */
	/* Takes one sample of what is counted (bench_counter.h). Returns 0 or -errno. */
	int (*sample)(struct bench_place *place, uint64_t *amount);
};

extern const struct bench_case_kind bench_cases[BENCH_CASES];

/*
 * Makes what a case needs in a place that is zero but for its first fields. Returns 0 or -errno, as
 * the kernel does; either way bench_place_clear() releases what there is.
 */
int bench_place_prepare(struct bench_place *place, enum bench_need need) __attribute__((nonnull));
void bench_place_clear(struct bench_place *place) __attribute__((nonnull));

#endif
