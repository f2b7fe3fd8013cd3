// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/bench_case.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "model/bench/bench_counter.h"
#include "model/bench/bench_importer.h"
#include "model/bench/cacheability.h"
#include "model/bench/chase.h"
#include "model/buffer/usage.h"
#include "model/fence/wake_latency.h"
#include "sys/dmabuf.h"
#include "sys/drm.h"
#include "sys/root.h"

/* Reserves room in the address space; MAP_POPULATE in FLAGS gets its pages as well. */
static int anonymous_map(uint64_t size, int flags, void **memory)
{
	void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags,
			   -1, 0);

	if (place == MAP_FAILED)
		return -errno;
	*memory = place;
	return 0;
}

/* Memory of the place that is there, but mapped only where it is anonymous. */
static int get(const struct bench_place *place, struct bench_memory *memory)
{
	int fd;

	if (place->heap < 0)
		return anonymous_map(place->size, MAP_POPULATE, &memory->memory);
	fd = heap_allocate(place->heap, place->size, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return fd;
	memory->fd = fd;
	return 0;
}

static int map(const struct bench_place *place, struct bench_memory *memory)
{
	if (place->heap < 0)
		return anonymous_map(place->size, 0, &memory->memory);
	return dmabuf_map(memory->fd, place->size, PROT_READ | PROT_WRITE, &memory->memory);
}

static void unmap(const struct bench_place *place, struct bench_memory *memory)
{
	dmabuf_unmap(memory->memory, place->size);
	memory->memory = NULL;
}

static void let_go(const struct bench_place *place, struct bench_memory *memory)
{
	unmap(place, memory);
	if (memory->fd >= 0)
		close(memory->fd);
	memory->fd = -1;
}

/* Writes a byte of each page: the first to do so gets the pages mapped. */
static void touch(const struct bench_place *place, void *memory)
{
	volatile char *bytes = memory;

	for (uint64_t offset = 0; offset < place->size; offset += place->page_size)
		bytes[offset] = 1;
}

static int get_mapped(const struct bench_place *place, struct bench_memory *memory)
{
	int error = get(place, memory);

	if (!error && !memory->memory)
		error = map(place, memory);
	if (!error)
		touch(place, memory->memory);
	return error;
}

int bench_place_prepare(struct bench_place *place, enum bench_need need)
{
	const struct bench_place anonymous = {
		.heap = -1, .size = place->size, .page_size = place->page_size};
	int error = 0;

	place->here.fd = place->other.fd = -1;
	if (need == BENCH_BUFFER && place->heap >= 0)
		error = get(place, &place->here);
	if (need >= BENCH_MAPPING)
		error = get_mapped(place, &place->here);
	if (!error && need >= BENCH_TWO_MAPPINGS)
		error = get_mapped(need == BENCH_ANONYMOUS ? &anonymous : place, &place->other);
	return error;
}

void bench_place_clear(struct bench_place *place)
{
	let_go(place, &place->here);
	let_go(place, &place->other);
}

/* Beginning and end of CPU access, which is not timed with what happens between them. */
static int access_buffer(const struct bench_memory *memory, uint64_t flags)
{
	return memory->fd < 0 ? 0 : dmabuf_sync(memory->fd, flags);
}

static int sample_alloc(struct bench_place *place, uint64_t *amount)
{
	struct bench_memory memory = {.fd = -1};
	uint64_t start = bench_counted();
	int error = get(place, &memory);

	*amount = bench_counted_since(start);
	let_go(place, &memory);
	return error;
}

static int sample_free(struct bench_place *place, uint64_t *amount)
{
	struct bench_memory memory = {.fd = -1};
	int error = get(place, &memory);
	uint64_t start = bench_counted();

	let_go(place, &memory);
	*amount = bench_counted_since(start);
	return error;
}

static int sample_map(struct bench_place *place, uint64_t *amount)
{
	uint64_t start = bench_counted();
	int error = map(place, &place->here);

	*amount = bench_counted_since(start);
	unmap(place, &place->here);
	return error;
}

static int sample_fault(struct bench_place *place, uint64_t *amount)
{
	int error = map(place, &place->here);
	uint64_t start;

	if (error)
		return error;
	start = bench_counted();
	touch(place, place->here.memory);
	*amount = bench_counted_since(start);
	unmap(place, &place->here);
	return 0;
}

static int sample_fill(struct bench_place *place, uint64_t *amount)
{
	int error = access_buffer(&place->here, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE);
	uint64_t start;

	if (error)
		return error;
	start = bench_counted();
	memset(place->here.memory, 0xa5, place->size);
	__asm__ volatile("" : : "r"(place->here.memory) : "memory");
	*amount = bench_counted_since(start);
	return access_buffer(&place->here, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
}

/* As memory is read by who looks at all of it, 64 bits at a time. */
static uint64_t sum(const void *memory, uint64_t size)
{
	const uint64_t *words = memory;
	uint64_t total = 0;

	for (uint64_t i = 0; i < size / sizeof(*words); i++)
		total += words[i];
	return total;
}

static int sample_read(struct bench_place *place, uint64_t *amount)
{
	int error = access_buffer(&place->here, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	uint64_t start, total;

	if (error)
		return error;
	start = bench_counted();
	total = sum(place->here.memory, place->size);
	__asm__ volatile("" : : "r"(total));
	*amount = bench_counted_since(start);
	return access_buffer(&place->here, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
}

static int sample_copy(struct bench_place *place, uint64_t *amount)
{
	int error = access_buffer(&place->here, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE), late;
	uint64_t start;

	if (!error)
		error = access_buffer(&place->other, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	if (error)
		return error;
	start = bench_counted();
	memcpy(place->here.memory, place->other.memory, place->size);
	__asm__ volatile("" : : "r"(place->here.memory) : "memory");
	*amount = bench_counted_since(start);
	error = access_buffer(&place->other, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
	late = access_buffer(&place->here, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
	return error ? error : late;
}

/* Several in one sample: one may take less than the clock can tell. */
static int sample_sync(struct bench_place *place, uint64_t *amount)
{
	enum {
		PAIRS = 16
	};
	uint64_t start = bench_counted();
	int error = 0;

	for (int i = 0; i < PAIRS && !error; i++) {
		error = dmabuf_sync(place->here.fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
		if (!error)
			error = dmabuf_sync(place->here.fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
	}
	*amount = bench_counted_since(start) / PAIRS;
	return error;
}

/* What the driver attaches and maps it does in the call, or later where nobody can see it. */
static int sample_import(struct bench_place *place, uint64_t *amount)
{
	int drm = place->importer ? place->importer->drm : -1;
	uint32_t handle;
	uint64_t start = bench_counted();
	int error = drm_import(drm, place->here.fd, &handle);

	*amount = bench_counted_since(start);
	return error ? error : drm_gem_close(drm, handle);
}

static int sample_sync_imported(struct bench_place *place, uint64_t *amount)
{
	int drm = place->importer ? place->importer->drm : -1, late;
	uint32_t handle;
	int error = drm_import(drm, place->here.fd, &handle);

	if (error)
		return error;
	error = sample_sync(place, amount);
	late = drm_gem_close(drm, handle);
	return error ? error : late;
}

static int sample_stat(struct bench_place *place, uint64_t *amount)
{
	struct usages usages = {0};
	uint64_t start = bench_counted();
	int error = usages_read(root_live(), &usages);

	(void)place;
	*amount = bench_counted_since(start);
	usages_free(&usages);
	return error;
}

static int sample_fence(struct bench_place *place, uint64_t *amount)
{
	return place->source ? wake_time_measure(place->source, place->here.fd, FENCE_WAITER_POLL,
						 UINT64_C(5000000000), amount)
			     : -EOPNOTSUPP;
}

/* Of one page: what the processor's caches hold if anything is cached. */
static int sample_cacheable(struct bench_place *place, uint64_t *amount)
{
	int error = access_buffer(&place->here, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);

	if (error)
		return error;
	chase_prepare(place->here.memory, place->size);
	*amount = cacheability_loads(place->here.memory, place->size, false);
	return access_buffer(&place->here, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
}

/* The control of it: what memory takes that is not cached, and the flush. */
static int sample_flushed(struct bench_place *place, uint64_t *amount)
{
	if (!chase_can_flush())
		return -EOPNOTSUPP;
	chase_prepare(place->here.memory, place->size);
	*amount = cacheability_loads(place->here.memory, place->size, true);
	return 0;
}

const struct bench_case_kind bench_cases[BENCH_CASES] = {
	[BENCH_ALLOC] = {"alloc", "the allocation: DMA_HEAP_IOCTL_ALLOC, or mmap with MAP_POPULATE",
			 BENCH_NOTHING, true, true, false, sample_alloc},
	[BENCH_FREE] = {"free", "the last close of a buffer, or munmap", BENCH_NOTHING, true, true,
			false, sample_free},
	[BENCH_MAP] = {"map", "mmap of a buffer, or of anonymous memory without pages",
		       BENCH_BUFFER, true, true, false, sample_map},
	[BENCH_FAULT] = {"fault", "the first write to each page of a new mapping", BENCH_BUFFER,
			 true, true, false, sample_fault},
	[BENCH_FILL] = {"fill", "memset", BENCH_MAPPING, true, true, false, sample_fill},
	[BENCH_READ] = {"read", "a look at each 64 bits", BENCH_MAPPING, true, true, false,
			sample_read},
	[BENCH_COPY] = {"copy", "memcpy from another buffer of the heap", BENCH_TWO_MAPPINGS, true,
			true, false, sample_copy},
	[BENCH_LOAD] = {"load", "memcpy from anonymous memory", BENCH_ANONYMOUS, true, true, false,
			sample_copy},
	[BENCH_SYNC] = {"sync", "DMA_BUF_IOCTL_SYNC, start and end", BENCH_MAPPING, true, false,
			false, sample_sync},
	[BENCH_IMPORT] = {"import", "PRIME import: a driver attaches to the buffer", BENCH_BUFFER,
			  true, false, false, sample_import},
	[BENCH_SYNC_IMPORTED] = {"sync-imported", "the same as sync, with the buffer imported",
				 BENCH_MAPPING, true, false, false, sample_sync_imported},
	[BENCH_FENCE] = {"fence", "from a fence's signal to the return of poll", BENCH_BUFFER,
			 false, false, false, sample_fence},
	[BENCH_STAT] = {"stat", "to read who holds which buffer, of all processes", BENCH_BUFFER,
			false, false, false, sample_stat},
	[BENCH_CACHEABLE] =
		{"cacheable",
		 TEXT_OF(CACHEABILITY_LOADS) " loads of one page that wait for each other",
		 BENCH_MAPPING, false, true, false, sample_cacheable},
	[BENCH_FLUSHED] = {"flushed",
			   "the same with the line of each flushed: the control of cacheable",
			   BENCH_MAPPING, false, true, true, sample_flushed},
};
