/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What samples are of: time, or what the processor has done meanwhile. */
#ifndef MODEL_BENCH_BENCH_COUNTER_H
#define MODEL_BENCH_BENCH_COUNTER_H

#include <stdbool.h>
#include <stdint.h>

enum bench_count {
	BENCH_COUNT_UNSET,
	BENCH_TIME,
	BENCH_INSTRUCTIONS, /* of this thread, in the program and in the kernel (perf events) */
	BENCH_CACHE_MISSES, /* the same */
	/*
	 * Instructions of the whole machine, because its clock counts them, one a nanosecond: QEMU
	 * with -icount shift=0.
	 */
	BENCH_CLOCK_INSTRUCTIONS,
	BENCH_COUNTS,
};

/* Those that can be asked for, in this order, as --count takes them. */
#define BENCH_COUNT_WORDS "time|instructions|cache-misses"

/* These words, and "clock-instructions". */
const char *bench_count_name(enum bench_count count) __attribute__((returns_nonnull));

/* Whether it is asked for by a call that counts for this thread only. */
static inline bool bench_count_is_perf(enum bench_count count)
{
	return count == BENCH_INSTRUCTIONS || count == BENCH_CACHE_MISSES;
}

/*
 * Has the samples of this thread count from then on what *count says; in the place of instructions
 * BENCH_CLOCK_INSTRUCTIONS, which then goes to *count, where there are no perf events and the clock
 * counts them. Returns 0, or -errno with what is missing in *missing, which the caller frees. End
 * with bench_counter_close(), in the same thread.
 */
int bench_counter_open(enum bench_count *count, char **missing) __attribute__((nonnull));
void bench_counter_close(void);

/* What the counter is like, in what it counts. */
struct bench_counter {
	uint64_t cost; /* of a reading, which each sample is less by */
	uint64_t step; /* in which it counts: clock_step() */
};

/* Measures it; all samples from then on are less by the cost of a reading. */
void bench_counter_measure(struct bench_counter *counter) __attribute__((nonnull));

/* What has been counted so far: of a thread that has opened no counter, nanoseconds. */
uint64_t bench_counted(void);

/* What has been counted since it was START, without what a reading costs. */
uint64_t bench_counted_since(uint64_t start);

/* Whether the counter has stopped since it was opened; then the samples mean nothing. */
bool bench_counter_is_lost(void);

/*
 * Whether the clock counts instructions, one a nanosecond: loops of ordinary instructions and of
 * divisions both take what their numbers of instructions say, which they do on no processor. Some
 * ms. False where the instructions of this architecture are not known.
 */
bool clock_counts_instructions(void);

#endif
