// SPDX-License-Identifier: GPL-2.0-or-later
/* Ways of io between a file and memory that is no dma-buf. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/io/compare.h"
#include "sys/dmabuf.h"

#define MIB ((size_t)1 << 20)

static void no_progress(void *data, uint64_t done)
{
	(void)data;
	(void)done;
}

/* Bytes of which no two pieces of a power of two are alike. */
static unsigned char byte_at(size_t index)
{
	return (unsigned char)(index % 251 + index / 65536);
}

/* A file without a name, of SIZE bytes. */
static int make_file(size_t size)
{
	char name[] = "test-io-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);
	AUTO_FREE unsigned char *bytes = xcalloc(size + 1, 1);

	assert_true(fd >= 0);
	unlink(name);
	for (size_t i = 0; i < size; i++)
		bytes[i] = byte_at(i);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* Moves SIZE bytes; what else is wanted stands in *MOVE. */
static int run(const char *way, int file, const struct file_facts *facts, void *memory, size_t size,
	       struct move *move)
{
	const struct buffer buffer = {.fd = -1, .memory = memory, .size = size};

	move->file = file;
	move->facts = facts;
	move->size = size;
	move->buffer = &buffer;
	move->memory_fd = -1;
	move->progress = no_progress;
	return way_move(way_find(way), move);
}

/* A file system may want larger blocks than a bounce buffer has: they are not written past its end.
 */
static void test_large_blocks(void **state)
{
	const size_t size = MIB + MIB / 2;
	AUTO_CLOSE int file = make_file(size);
	AUTO_FREE unsigned char *memory = aligned_alloc(65536, size);
	struct file_facts facts;
	struct move move = {0};

	(void)state;
	assert_int_equal(fsync(file), 0);
	assert_int_equal(file_facts(file, &facts), 0);
	if (run("bounce", file, &facts, memory, size, &move))
		return; /* no direct I/O here */
	memset(memory, 0, size);
	facts.offset_align = MIB;
	assert_int_equal(run("bounce", file, &facts, memory, size, &move), 0);
	for (size_t i = 0; i < size; i++)
		assert_int_equal(memory[i], byte_at(i));
}

/* What is open to append has no offsets: requests beside each other would change their order. */
static void test_append(void **state)
{
	AUTO_CLOSE int file = make_file(5);
	AUTO_FREE char *memory = xcalloc(2 * MIB, 1);
	struct file_facts facts;
	struct move move = {.out = true};
	char back[8];

	(void)state;
	assert_int_equal(fcntl(file, F_SETFL, O_APPEND), 0);
	assert_int_equal(file_facts(file, &facts), 0);
	assert_int_equal(facts.kind, FILE_STREAM);
	memset(memory, 'x', 2 * MIB);
	assert_int_equal(run("buffered", file, &facts, memory, 2 * MIB, &move), 0);
	assert_ptr_equal(way_choose(&move), way_plain());
	assert_int_equal(lseek(file, 0, SEEK_END), 5 + 2 * MIB);
	assert_int_equal(pread(file, back, 6, 0), 6);
	assert_int_equal(back[4], byte_at(4));
	assert_int_equal(back[5], 'x');
}

/* The kernel says 0 of some files, and they may have more: that is no file that became shorter. */
static void test_mapped_open_end(void **state)
{
	static const char *const names[] = {"mmap", "mmap-populate"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		AUTO_CLOSE int file = make_file(0);
		char memory[4096];
		struct file_facts facts;
		struct move open_end = {.open_end = true}, known = {0};

		assert_int_equal(file_facts(file, &facts), 0);
		assert_int_equal(run(names[i], file, &facts, memory, 4096, &open_end), 0);
		assert_int_equal(open_end.done, 0);
		assert_true(open_end.ended);
		assert_int_equal(run(names[i], file, &facts, memory, 4096, &known), -ENODATA);
	}
}

/* Only the part that is asked about counts. */
static void test_cached(void **state)
{
	AUTO_CLOSE int file = make_file(0);
	struct maybe cached;

	(void)state;
	assert_int_equal(ftruncate(file, (off_t)(200 * MIB)), 0);
	assert_int_equal(pwrite(file, "x", 1, (off_t)(150 * MIB)), 1);
	cached = file_cached(file, 150 * MIB + 7, 9);
	assert_true(cached.known);
	assert_int_equal(cached.value, 100);
	cached = file_cached(file, 0, 150 * MIB);
	assert_true(cached.known);
	assert_int_equal(cached.value, 0);
	assert_false(file_cached(file, 0, 0).known);
}

/* A cell with COUNT samples of its time, from LOW on, each one more than the one before. */
static void add_cell(struct io_comparison *comparison, const char *way, enum io_state state,
		     uint64_t low, size_t count)
{
	struct io_cell *cell = array_add(comparison);
	struct io_samples *samples = &cell->measured[IO_TIME_TAKEN];

	cell->way = way_find(way);
	cell->state = state;
	for (size_t i = 0; i < count; i++)
		*array_add(samples) = low + i;
	if (count)
		samples_summarize(samples->items, count, 0.95, 0, &samples->summary);
}

/* A way is the best only if its whole interval is below all others. */
static void test_best(void **state)
{
	struct io_comparison comparison = {0};
	const struct io_cell *cells, *least;

	(void)state;
	add_cell(&comparison, "buffered", IO_COLD, 1000, 8);
	add_cell(&comparison, "bounce", IO_COLD, 500, 8);
	add_cell(&comparison, "uring", IO_COLD, 505, 8);   /* overlaps */
	add_cell(&comparison, "mmap", IO_COLD, 509, 8);    /* above, by less than 2 percent */
	add_cell(&comparison, "direct", IO_COLD, 2000, 5); /* too few for an interval */
	add_cell(&comparison, "uring-direct", IO_COLD, 0, 0);
	add_cell(&comparison, "mmap", IO_WARM, 100, 8);
	cells = comparison.items;
	least = io_least(&comparison, 0, IO_COLD, IO_TIME_TAKEN);
	assert_ptr_equal(least, &cells[1]);
	assert_false(io_may_be_best(&cells[0], least, IO_TIME_TAKEN));
	assert_true(io_may_be_best(&cells[1], least, IO_TIME_TAKEN));
	assert_true(io_may_be_best(&cells[2], least, IO_TIME_TAKEN));
	assert_true(io_may_be_best(&cells[3], least, IO_TIME_TAKEN));
	assert_true(io_may_be_best(&cells[4], least, IO_TIME_TAKEN));
	assert_ptr_equal(io_plain_cell(&comparison, 0, IO_COLD), &cells[0]);
	assert_null(io_plain_cell(&comparison, 0, IO_WARM));
	assert_null(io_least(&comparison, 1, IO_COLD, IO_TIME_TAKEN));
	assert_null(io_least(&comparison, 0, IO_NEW, IO_TIME_TAKEN));
	assert_int_equal(io_unmeasured(&comparison), 1);
	/* what was right before other bytes arrived counts no more */
	comparison.items[1].error = -EILSEQ;
	assert_ptr_equal(io_least(&comparison, 0, IO_COLD, IO_TIME_TAKEN), &cells[2]);
	comparison.items[0].error = -EILSEQ;
	assert_null(io_plain_cell(&comparison, 0, IO_COLD));
	io_comparison_free(&comparison);
}

int __real_poll(struct pollfd *fds, nfds_t count, int timeout);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout);

/* The end of a pipe to which something is written once that is waited for; -1: none. */
static int awaited = -1;

int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout)
{
	if (awaited >= 0) {
		assert_int_equal(write(awaited, "there", 5), 5);
		close(awaited);
		awaited = -1;
	}
	return __real_poll(fds, count, timeout);
}

/* Another process may have made a pipe return at once: what is not there yet is waited for. */
static void test_nonblocking_pipe(void **state)
{
	const struct file_facts facts = {.kind = FILE_STREAM};
	struct move move = {.open_end = true};
	char memory[16] = "";
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	awaited = ends[1];
	assert_int_equal(run("buffered", ends[0], &facts, memory, sizeof(memory), &move), 0);
	assert_int_equal(move.done, 5);
	assert_string_equal(memory, "there");
	assert_int_equal(awaited, -1);
	close(ends[0]);
}

/* A mapping of 4 GiB and a page is no mapping of a page. */
static void test_mapping_of_64_bits(void **state)
{
	AUTO_CLOSE int file = make_file(4096);
	void *memory;

	(void)state;
	if (sizeof(size_t) > 4)
		skip();
	assert_int_equal(dmabuf_map(file, (UINT64_C(1) << 32) + 4096, PROT_READ, &memory), -ENOMEM);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_large_blocks),
		cmocka_unit_test(test_append),
		cmocka_unit_test(test_mapped_open_end),
		cmocka_unit_test(test_cached),
		cmocka_unit_test(test_best),
		cmocka_unit_test(test_nonblocking_pipe),
		cmocka_unit_test(test_mapping_of_64_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
