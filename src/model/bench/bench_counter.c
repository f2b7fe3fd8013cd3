// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/bench_counter.h"

#include <errno.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/stats/stats.h"
#include "sys/perf_event.h"

/* Of this thread: to read the counter of another one would interrupt that. */
static __thread int perf = -1;
static __thread bool lost;
static uint64_t reading_cost;

const char *bench_count_name(enum bench_count count)
{
	static const char *const names[BENCH_COUNTS] = {"", "time", "instructions", "cache-misses",
							"clock-instructions"};

	return names[count];
}

uint64_t bench_counted(void)
{
	uint64_t value = 0;

	if (perf < 0)
		return clock_ns();
	if (perf_counter_read(perf, &value))
		lost = true;
	return value;
}

uint64_t bench_counted_since(uint64_t start)
{
	uint64_t counted = bench_counted() - start;

	return counted > reading_cost ? counted - reading_cost : 0;
}

bool bench_counter_is_lost(void)
{
	return lost;
}

void bench_counter_measure(struct bench_counter *counter)
{
	enum {
		READINGS = 1001
	};
	uint64_t differences[READINGS], last = bench_counted();

	for (size_t i = 0; i < READINGS; i++) {
		uint64_t now = bench_counted();

		differences[i] = now - last;
		last = now;
	}
	samples_sort(differences, READINGS);
	counter->cost = samples_percentile(differences, READINGS, 50);
	counter->step = perf < 0 ? clock_step(differences, READINGS) : 1;
	reading_cost = counter->cost;
}

/* Why the kernel does not count; the caller frees it. */
static char *missing_text(int error)
{
	AUTO_FREE char *paranoid = NULL;

	switch (-error) {
	case ENOSYS:
		return xstrdup("this kernel has no perf events (CONFIG_PERF_EVENTS)");
	case EACCES:
	case EPERM:
		if (!geteuid())
			return xasprintf("%s (a seccomp filter may forbid it, or CAP_PERFMON is "
					 "missing)",
					 error_words(error));
		if (!perf_paranoid(root_live(), &paranoid))
			return xasprintf("%s (/proc/sys/kernel/perf_event_paranoid is %s; what "
					 "would help: to be root)",
					 error_words(error), paranoid);
		break;
	case ENOENT:
	case EOPNOTSUPP:
	case ENODEV:
		return xstrdup("no such counter of the processor is there, or shown to this "
			       "machine");
	case EBUSY:
		return xstrdup("others use all counters of the processor");
	default:
		break;
	}
	return xstrdup(error_words(error));
}

int bench_counter_open(enum bench_count *count, char **missing)
{
	int error = 0;

	if (bench_count_is_perf(*count)) {
		perf = perf_counter_open(*count == BENCH_INSTRUCTIONS ? PERF_INSTRUCTIONS
								      : PERF_CACHE_MISSES);
		error = perf < 0 ? perf : 0;
	}
	if (error && *count == BENCH_INSTRUCTIONS && clock_counts_instructions()) {
		*count = BENCH_CLOCK_INSTRUCTIONS;
	} else if (error) {
		*missing = missing_text(error);
		return error;
	} else if (*count == BENCH_CLOCK_INSTRUCTIONS && !clock_counts_instructions()) {
		*missing = xstrdup("the clock of this machine does not count them");
		return -EOPNOTSUPP;
	}
	return 0;
}

void bench_counter_close(void)
{
	if (perf >= 0)
		close(perf);
	perf = -1;
	lost = false;
	reading_cost = 0;
}

/* Does TURNS turns of a loop, with instructions that processors execute at different rates. */
#if defined(__x86_64__)

static void loop(uint64_t turns)
{
	__asm__ volatile("1: dec %0\n\tjnz 1b" : "+r"(turns) : : "cc");
}

static void loop_divisions(uint64_t turns)
{
	uint64_t number = UINT64_MAX;

	/* each needs the one before it */
	__asm__ volatile("1: xor %%edx, %%edx\n\tdivq %2\n\tdec %0\n\tjnz 1b"
			 : "+r"(turns), "+a"(number)
			 : "r"(UINT64_C(7))
			 : "cc", "rdx");
}

#define LOOP           2 /* instructions of a turn */
#define LOOP_DIVISIONS 4

#elif defined(__aarch64__)

static void loop(uint64_t turns)
{
	__asm__ volatile("1: subs %0, %0, #1\n\tb.ne 1b" : "+r"(turns) : : "cc");
}

static void loop_divisions(uint64_t turns)
{
	uint64_t number = UINT64_MAX;

	__asm__ volatile("1: udiv %1, %1, %2\n\tudiv %1, %2, %1\n\tudiv %1, %2, %1\n\t"
			 "subs %0, %0, #1\n\tb.ne 1b"
			 : "+r"(turns), "+r"(number)
			 : "r"(UINT64_C(7))
			 : "cc");
}

#define LOOP           2
#define LOOP_DIVISIONS 5

#endif

#ifdef LOOP

/* Whether the shortest of some runs takes a nanosecond for each instruction. */
static bool takes(void (*run)(uint64_t turns), uint64_t instructions)
{
	enum {
		RUNS = 3,
		TURNS = 100000,
	};
	const uint64_t wanted = TURNS * instructions;
	uint64_t shortest = UINT64_MAX;

	for (int i = 0; i < RUNS; i++) {
		uint64_t start = clock_ns(), ns;

		run(TURNS);
		ns = clock_ns() - start;
		if (ns < shortest)
			shortest = ns;
	}
	/* the readings are in it; no clock is off by so little that a processor could be */
	return shortest >= wanted - wanted / 1000 && shortest <= wanted + wanted / 250;
}

bool clock_counts_instructions(void)
{
	return takes(loop, LOOP) && takes(loop_divisions, LOOP_DIVISIONS);
}

#else

bool clock_counts_instructions(void)
{
	return false;
}

#endif
