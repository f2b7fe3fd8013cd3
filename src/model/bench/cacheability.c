// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/cacheability.h"

#include <fcntl.h>
#include <linux/dma-buf.h>
#include <sys/mman.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "model/bench/bench_counter.h"
#include "model/bench/chase.h"
#include "sys/dmabuf.h"

const char *cacheability_name(enum cacheability cacheability)
{
	switch (cacheability) {
	case CACHEABILITY_CACHED:
		return "cached";
	case CACHEABILITY_WRITE_COMBINED:
		return "write-combined";
	case CACHEABILITY_UNCACHED:
		return "uncached";
	case CACHEABILITY_NOT_CACHED:
		return "not cached";
	case CACHEABILITY_NO_CACHES:
		return "cannot be told here";
	case CACHEABILITY_UNCLEAR:
		break;
	}
	return "not clear";
}

uint64_t cacheability_loads(const void *memory, size_t size, bool flush)
{
	uint64_t start;

	chase(memory, size / CHASE_STRIDE, false);
	start = bench_counted();
	chase(memory, CACHEABILITY_LOADS, flush);
	return bench_counted_since(start);
}

static uint64_t time_fills(void *memory)
{
	volatile uint64_t *words = memory;
	uint64_t start = clock_ns();

	for (uint64_t fill = 0; fill < CACHEABILITY_FILLS; fill++) {
		for (size_t i = 0; i < CACHEABILITY_SIZE / sizeof(*words); i++)
			words[i] = fill;
	}
	return clock_ns() - start;
}

enum {
	ROUNDS = 25,
};

static struct interval interval_of(const uint64_t *samples)
{
	struct summary summary;

	samples_summarize(samples, ROUNDS, 0.95, 1, &summary);
	/* neighbours too much alike for an interval: it could be anywhere among them */
	return summary.interval_known ? summary.interval
				      : (struct interval){summary.min, summary.p99};
}

void cacheability_measure(void *buffer, bool flush, struct cacheability_figures *figures)
{
	uint64_t anonymous[ROUNDS], flushed[ROUNDS], loads[ROUNDS], fills[ROUNDS],
		own_fills[ROUNDS];
	AUTO_FREE void *memory = MUST_HAVE(aligned_alloc(CHASE_STRIDE, CACHEABILITY_SIZE));

	time_fills(memory);
	time_fills(buffer);
	for (size_t i = 0; i < ROUNDS; i++) {
		fills[i] = time_fills(memory);
		own_fills[i] = time_fills(buffer);
	}
	chase_prepare(memory, CACHEABILITY_SIZE);
	chase_prepare(buffer, CACHEABILITY_SIZE);
	for (size_t i = 0; i < ROUNDS; i++) {
		anonymous[i] = cacheability_loads(memory, CACHEABILITY_SIZE, false);
		flushed[i] = cacheability_loads(memory, CACHEABILITY_SIZE, true);
		loads[i] = cacheability_loads(buffer, CACHEABILITY_SIZE, flush);
	}
	figures->anonymous = interval_of(anonymous);
	figures->flushed = interval_of(flushed);
	figures->buffer = interval_of(loads);
	figures->anonymous_fill = interval_of(fills);
	figures->buffer_fill = interval_of(own_fills);
}

int cacheability_measure_heap(int heap, struct cacheability_figures *figures, const char **doing)
{
	AUTO_CLOSE int fd = heap_allocate(heap, CACHEABILITY_SIZE, O_RDWR | O_CLOEXEC);
	void *memory = NULL;
	int error = fd < 0 ? fd : 0;

	*doing = "allocating a buffer";
	if (!error) {
		*doing = "mapping a buffer";
		error = dmabuf_map(fd, CACHEABILITY_SIZE, PROT_READ | PROT_WRITE, &memory);
	}
	if (!error) {
		*doing = "DMA_BUF_IOCTL_SYNC";
		error = dmabuf_sync(fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
	}
	if (!error) {
		cacheability_measure(memory, false, figures);
		error = dmabuf_sync(fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
	}
	dmabuf_unmap(memory, CACHEABILITY_SIZE);
	return error;
}

/* Whether A takes less, or more, than TIMES of what B takes, whatever of both intervals is true. */
static bool is_below(const struct interval *a, uint64_t times, const struct interval *b)
{
	return a->high < times * b->low;
}

static bool is_above(const struct interval *a, uint64_t times, const struct interval *b)
{
	return a->low > times * b->high;
}

enum cacheability cacheability_judge_loads(const struct interval *anonymous,
					   const struct interval *flushed,
					   const struct interval *buffer)
{
	if (!is_above(flushed, 10, anonymous))
		return CACHEABILITY_NO_CACHES;
	if (is_below(buffer, 2, anonymous))
		return CACHEABILITY_CACHED;
	return is_above(buffer, 10, anonymous) ? CACHEABILITY_NOT_CACHED : CACHEABILITY_UNCLEAR;
}

enum cacheability cacheability_judge(const struct cacheability_figures *figures)
{
	enum cacheability by_loads =
		chase_can_flush() ? cacheability_judge_loads(&figures->anonymous, &figures->flushed,
							     &figures->buffer)
				  : CACHEABILITY_NO_CACHES;

	if (by_loads != CACHEABILITY_NOT_CACHED)
		return by_loads;
	if (is_below(&figures->buffer_fill, 4, &figures->anonymous_fill))
		return CACHEABILITY_WRITE_COMBINED;
	return is_above(&figures->buffer_fill, 4, &figures->anonymous_fill)
		       ? CACHEABILITY_UNCACHED
		       : CACHEABILITY_NOT_CACHED;
}
