// SPDX-License-Identifier: GPL-2.0-or-later
/* Threads and processes that use a heap at the same time; bounded in count, memory and time. */
#include <linux/dma-buf.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conformance/engine/trial.h"
#include "sys/dmabuf.h"

#define SOURCE(function) "drivers/dma-buf/" function

#define WORKERS 4
#define TURNS   25
#define BUFFERS 10  /* of each: each allocation waits for the other processors */
#define LIMIT   300 /* seconds: the work takes some, and longer where the machine is busy */
#define PAGES   16 /* of a buffer at most: what counts is that they meet, not how much they write */

struct worker {
	struct trial *trial;
	size_t size;
	unsigned char mark;
	int fd; /* a common buffer */
};

/* A size that is different in each turn and for each worker, the same in each run. */
static size_t size_for(const struct worker *worker, int turn)
{
	size_t pages = worker->size / worker->trial->page;

	pages = pages < PAGES ? pages : PAGES;
	return (1 + (size_t)(turn * 7 + worker->mark * 3) % pages) * worker->trial->page;
}

static void *allocate_and_check(void *data)
{
	struct worker *worker = data;
	struct trial *t = worker->trial;

	for (int turn = 0; turn < BUFFERS; turn++) {
		size_t size = size_for(worker, turn);
		int fd = trial_buffer(t, size);
		unsigned char *memory = trial_map(t, fd, size);

		EXPECT_BYTES(t, 0, memory, size);
		memset(memory, worker->mark, size);
		EXPECT_BYTES(t, worker->mark, memory, size);
		EXPECT_DONE(t, munmap(memory, size));
		EXPECT_DONE(t, close(fd));
	}
	return NULL;
}

static void *map_and_sync(void *data)
{
	struct worker *worker = data;
	struct trial *t = worker->trial;

	for (int turn = 0; turn < TURNS; turn++) {
		unsigned char *memory = trial_map(t, worker->fd, worker->size);
		unsigned char *own = memory + worker->mark * (worker->size / WORKERS);

		trial_sync(t, worker->fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
		memset(own, turn, worker->size / WORKERS);
		EXPECT_BYTES(t, turn, own, worker->size / WORKERS);
		trial_sync(t, worker->fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
		EXPECT_DONE(t, munmap(memory, worker->size));
	}
	return NULL;
}

static void *rename_buffer(void *data)
{
	static const char *const names[] = {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "b", ""};
	struct worker *worker = data;
	struct trial *t = worker->trial;

	for (int turn = 0; turn < 4 * TURNS; turn++) {
		const char *name;

		EXPECT_OK(t, dmabuf_set_name(worker->fd, names[turn % 3]));
		name = fd_value(t, worker->fd, "name");
		if (!name)
			trial_fail(t, "a name", "none");
		EXPECT_TRUE(t, !strcmp(name, names[0]) || !strcmp(name, names[1]) || !*name);
	}
	return NULL;
}

/* Runs four threads with one of these functions; FD may be a buffer common to them. */
static void run_threads(struct trial *t, void *(*function)(void *), size_t size, int fd)
{
	struct worker workers[WORKERS];
	pthread_t threads[WORKERS];

	for (int i = 0; i < WORKERS; i++) {
		workers[i] = (struct worker){t, size, (unsigned char)i, fd};
		EXPECT_NUMBER(t, 0, pthread_create(&threads[i], NULL, function, &workers[i]));
	}
	for (int i = 0; i < WORKERS; i++)
		EXPECT_NUMBER(t, 0, pthread_join(threads[i], NULL));
}

TEST(threads_allocate, "stress.threads-allocate",
     "Four threads allocate, map, write, check and release 10 buffers each.", SOURCE("heaps"),
     .needs = NEED_MMAP | NEED_TWO_PAGES, .seconds = LIMIT)
{
	run_threads(t, allocate_and_check, t->large / WORKERS, -1);
}

TEST(threads_map, "stress.threads-map",
     "Four threads map one buffer and write to their quarter of it, 25 times.", SOURCE("dma-buf.c"),
     .needs = NEED_MMAP | NEED_TWO_PAGES | NEED_IDLE, .seconds = LIMIT)
{
	run_threads(t, map_and_sync, t->small, trial_buffer(t, t->small));
}

TEST(threads_rename, "stress.threads-rename",
     "A name that four threads change is always one of those they set.",
     SOURCE("dma-buf.c, dma_buf_set_name"), .seconds = LIMIT)
{
	run_threads(t, rename_buffer, t->page, trial_buffer(t, t->page));
}

TEST(processes_allocate, "stress.processes-allocate",
     "Four processes allocate, map, write, check and release 10 buffers each.", SOURCE("heaps"),
     .needs = NEED_MMAP | NEED_TWO_PAGES, .seconds = LIMIT)
{
	pid_t children[WORKERS];

	for (int i = 0; i < WORKERS; i++) {
		struct worker worker = {t, t->large / WORKERS, (unsigned char)(i + 1), -1};

		children[i] = trial_fork(t);
		if (!children[i]) {
			allocate_and_check(&worker);
			trial_child_done();
		}
	}
	for (int i = 0; i < WORKERS; i++)
		trial_join(t, children[i]);
}

TEST(close_while_mapping, "stress.close-while-mapping",
     "100 buffers are closed by two processes while both have them mapped.", SOURCE("dma-buf.c"),
     .needs = NEED_MMAP, .seconds = LIMIT)
{
	for (int turn = 0; turn < 4 * TURNS; turn++) {
		int fd = trial_buffer(t, t->page);
		unsigned char *first = trial_map(t, fd, t->page);
		pid_t child = trial_fork(t);

		if (!child) {
			close(fd);
			memset(first, turn, t->page);
			trial_child_done();
		}
		EXPECT_DONE(t, close(fd));
		trial_join(t, child);
		EXPECT_BYTES(t, turn, first, t->page);
		EXPECT_DONE(t, munmap(first, t->page));
	}
}

SUITE(stress, "stress", NEED_HEAP, threads_allocate, processes_allocate, threads_map,
      threads_rename, close_while_mapping);
