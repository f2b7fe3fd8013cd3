/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A statement: one sentence about what a kernel promises, and the function that finds out whether
 * it holds. To add one, write it with TEST() in its suite's file, conformance/cases/<suite>_cases.c
 * (trial.h has what the function uses), and name it in SUITE() at the end of the file; a new suite
 * goes into suites.c. --list, the manual, the plan and the results all come from these.
 */
#ifndef CONFORMANCE_ENGINE_STATEMENT_H
#define CONFORMANCE_ENGINE_STATEMENT_H

#include <stddef.h>
#include <stdint.h>

#include "conformance/engine/kernels.h"
#include "model/boot/kernel_version.h"

struct trial;

/* What has to be there; what is missing skips the statement with a reason (needs.c). */
enum need {
	NEED_HEAP = 1 << 0,         /* run once on every heap; the others run once a machine */
	NEED_MMAP = 1 << 1,         /* the heap's buffers can be mapped */
	NEED_PAGES = 1 << 2,        /* a heap of the page allocator: "system" */
	NEED_CMA = 1 << 3,          /* a heap of a CMA area */
	NEED_TWO_PAGES = 1 << 4,    /* room for buffers of a few pages */
	NEED_CMA_COUNTERS = 1 << 5, /* /sys/kernel/mm/cma */
	NEED_ROOT = 1 << 6,
	NEED_UDMABUF = 1 << 7,
	NEED_BUFINFO = 1 << 8, /* /sys/kernel/debug/dma_buf/bufinfo */
	NEED_PROC = 1 << 9,
	NEED_SYS = 1 << 10,
	NEED_IDLE = 1 << 11, /* no fence is pending on a new buffer of the heap */
};

/* What a statement may do to a machine that is in use; only run when allowed. */
enum danger {
	DANGER_OOM = 1 << 0,   /* can wake the OOM killer */
	DANGER_TAINT = 1 << 1, /* taints the kernel */
	DANGER_NOISE = 1 << 2, /* writes to the kernel log */
	DANGER_CRASH = 1 << 3, /* can stop the kernel; of statements with a hazard */
};

/* Why a statement was not tried. The words are stable: labs keep lists of them. */
#define SKIP_REASONS(REASON) \
	REASON(KERNEL_VERSION, "kernel-version", "the test is about other kernels") \
	REASON(NOT_ALLOWED, "not-allowed", "its danger is not allowed (--allow)") \
	REASON(HEAP_KIND, "heap-kind", "the test is about heaps of another kind") \
	REASON(NO_MMAP, "no-mmap", "the heap's buffers cannot be mapped") \
	REASON(NO_ACCESS, "no-access", "a file may not be opened") \
	REASON(NOT_ROOT, "not-root", "only root can see it") \
	REASON(NO_MEMORY, "no-memory", "the heap has no memory left") \
	REASON(TOO_SMALL, "too-small", "the heap or its limit is too small") \
	REASON(NO_COUNTERS, "no-counters", "the kernel does not count it") \
	REASON(NO_DRIVER, "no-driver", "a driver or device is missing") \
	REASON(NO_FEATURE, "no-feature", "the kernel was built without it, or is too old for it") \
	REASON(NOT_MOUNTED, "not-mounted", "/proc, /sys or debugfs is not mounted") \
	REASON(AFTER_FAILURE, "after-failure", "a test before has failed for the same cause") \
	REASON(NO_PROCESS, "no-process", "no more processes can be made (RLIMIT_NPROC, pids.max)") \
	REASON(NOT_KNOWN, "not-known", "what to expect is unknown")

#define SKIP_ENUM(name, word, meaning) SKIP_##name,
enum skip {
	SKIP_NONE,
	SKIP_REASONS(SKIP_ENUM) SKIP_COUNT
};
#undef SKIP_ENUM

struct statement {
	const char *id;       /* "map.offset-past-end": suite, dot, words; never changes */
	const char *sentence; /* what holds, with full stop */
	const char *differs;  /* how other kernels differ, or NULL */
	const char *source;   /* where the kernel decides it: "mm/mlock.c, mlock_fixup" */
	uint32_t since;       /* KERNEL(): the first that it holds for; 0: all */
	uint32_t until;       /* the first that it no longer holds for; 0: none */
	unsigned int needs;   /* enum need, besides those of its suite */
	unsigned int dangers; /* enum danger */
	enum hazard hazard;   /* kernels that have it can stop: DANGER_CRASH there */
	unsigned int seconds; /* time limit; 0: TRIAL_SECONDS */
	void (*run)(struct trial *trial);
};

/*
 * Defines a test and opens its function, which gets `struct trial *t`:
 *
 *	TEST(reads_share, "vgem.reads-share", "While a read is pending, more reads are accepted.",
 *	     "drivers/gpu/drm/vgem/vgem_fence.c, vgem_fence_attach_ioctl", .needs = NEED_ROOT)
 *	{
 *		...
 *	}
 *
 * After the sentence comes the source, then the other fields of struct statement by name. The test
 * is an array of one, so that SUITE() takes it by its name.
 */
#define TEST(name, its_id, its_sentence, ...) \
	static void run_##name(struct trial *t); \
	static const struct statement name[] = {{.id = its_id, \
						 .sentence = its_sentence, \
						 .run = run_##name, \
						 .source = __VA_ARGS__}}; \
	static void run_##name(struct trial *t)

struct suite {
	const char *name;
	const struct statement *const *statements; /* in the order of running; the last is NULL */
	unsigned int needs;                        /* of each of them, besides its own */
};

/* Defines suite_<symbol>: its name, its needs as in struct suite, and its tests. */
#define SUITE(symbol, its_name, its_needs, ...) \
	extern const struct suite suite_##symbol; \
	const struct suite suite_##symbol = { \
		.name = its_name, \
		.statements = (const struct statement *const[]){__VA_ARGS__, NULL}, \
		.needs = its_needs}

/*
 * All suites in the order in which they are run; the last is NULL. A suite in several files is
 * there in several parts of the same name, one after the other.
 */
extern const struct suite *const suites[];

/* The word of a reason ("no-mmap") and what it means; of the dangers ("oom"). */
const char *skip_name(enum skip reason);
const char *skip_meaning(enum skip reason);
const char *danger_name(enum danger danger);

/* The dangers of a statement on any kernel, and on this one (KERNEL(); 0: unknown). */
unsigned int statement_dangers(const struct statement *statement) __attribute__((nonnull));
unsigned int statement_dangers_on(const struct statement *statement, uint32_t kernel)
	__attribute__((nonnull));

/* Adds the series of kernels on which the statement has passed: "5.10". */
void statement_seen(const struct statement *statement, struct strings *series)
	__attribute__((nonnull));

#endif
