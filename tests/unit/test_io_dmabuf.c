// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way uring-dmabuf on a stand-in for the kernel that it needs, which is expected as Linux 7.4:
 * syscall(2) is wrapped. The stand-in takes the registration of a "dma-buf", here a memfd, checks
 * what it is told, registers the memory with the kernel instead, and adds its address to the
 * requests, which have offsets. That the real kernel takes the same is not shown by this.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/io/way.h"
#include "sys/uapi.h"

#define SIZE   (((size_t)1 << 20) + 12345)
#define PAGES  (((size_t)1 << 20) + 16384)
#define REPEAT 3 /* the completion that says EAGAIN, which that kernel gives for no reason */

static struct {
	bool answers; /* false: the kernel answers by itself */
	int ring, dmabuf, target;
	struct io_uring_params params;
	char *rings;
	struct io_uring_sqe *requests;
	char *memory; /* of the "dma-buf" */
	size_t places, registered, passed, repeated;
	unsigned int looked; /* completions that were looked at */
} kernel;

long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);

static unsigned int *field(unsigned int offset)
{
	return (unsigned int *)(void *)(kernel.rings + offset);
}

static long set_up(long entries, struct io_uring_params *params)
{
	long fd = __real_syscall(SYS_io_uring_setup, entries, params);

	if (fd < 0)
		return fd;
	kernel.ring = (int)fd;
	kernel.params = *params;
	kernel.looked = 0;
	kernel.rings = mmap(NULL, params->cq_off.cqes + params->cq_entries * 16,
			    PROT_READ | PROT_WRITE, MAP_SHARED, kernel.ring, IORING_OFF_SQ_RING);
	kernel.requests = mmap(NULL, params->sq_entries * sizeof(struct io_uring_sqe),
			       PROT_READ | PROT_WRITE, MAP_SHARED, kernel.ring, IORING_OFF_SQES);
	assert_true(kernel.rings != MAP_FAILED && (void *)kernel.requests != MAP_FAILED);
	return fd;
}

static long register_places(const struct iovec *places, unsigned int count)
{
	assert_int_equal(count, 1);
	assert_null(places->iov_base);
	assert_int_equal(places->iov_len, 0);
	kernel.places++;
	return 0;
}

/* IORING_REGISTER_BUFFERS_UPDATE with IO_RSRC_UPDATE_EXTENDED. */
static long register_dmabuf(const struct io_rsrc_update *update, unsigned int size)
{
	const struct io_regbuf_desc *wanted = (const void *)(uintptr_t)update->data;
	struct iovec part = {kernel.memory, PAGES};

	assert_int_equal(size, sizeof(*update));
	assert_int_equal(kernel.places, 1);
	assert_int_equal(update->flags, 1U << 1);
	assert_int_equal(update->offset, 0);
	assert_int_equal(update->nr, 1);
	assert_int_equal(wanted->type, 2);
	/* the whole of it */
	assert_int_equal(wanted->size, 0);
	assert_int_equal(wanted->uaddr, 0);
	assert_int_equal(wanted->flags, 0);
	assert_int_equal(wanted->dmabuf_fd, kernel.dmabuf);
	assert_int_equal(wanted->target_fd, kernel.target);
	kernel.registered++;
	return __real_syscall(SYS_io_uring_register, kernel.ring, IORING_REGISTER_BUFFERS, &part,
			      1);
}

/* Requests have offsets into the dma-buf, and are for the file that was named with it. */
static void translate(void)
{
	const struct io_sqring_offsets *at = &kernel.params.sq_off;
	unsigned int mask = *field(at->ring_mask);

	for (unsigned int i = *field(at->head); i != *field(at->tail); i++) {
		struct io_uring_sqe *request = &kernel.requests[field(at->array)[i & mask]];

		if (request->addr >= PAGES)
			continue; /* it is one that was not passed before */
		assert_true(request->opcode == IORING_OP_READ_FIXED ||
			    request->opcode == IORING_OP_WRITE_FIXED);
		assert_int_equal(request->fd, kernel.target);
		assert_int_equal(request->buf_index, 0);
		assert_true(request->addr + request->len <= PAGES);
		request->addr += (uintptr_t)kernel.memory;
		kernel.passed++;
	}
}

static void repeat_one(void)
{
	const struct io_cqring_offsets *at = &kernel.params.cq_off;
	struct io_uring_cqe *results = (struct io_uring_cqe *)(void *)(kernel.rings + at->cqes);

	for (; kernel.looked != __atomic_load_n(field(at->tail), __ATOMIC_ACQUIRE);
	     kernel.looked++) {
		if (kernel.looked + 1 != REPEAT)
			continue;
		results[kernel.looked & *field(at->ring_mask)].res = -EAGAIN;
		kernel.repeated++;
	}
}

long __wrap_syscall(long number, ...)
{
	long argument[6], result;
	va_list list;

	va_start(list, number);
	for (size_t i = 0; i < 6; i++)
		argument[i] = va_arg(list, long);
	va_end(list);
	if (kernel.answers && number == SYS_io_uring_setup)
		return set_up(argument[0], (struct io_uring_params *)argument[1]);
	if (kernel.answers && number == SYS_io_uring_register &&
	    (unsigned int)argument[1] == IORING_REGISTER_BUFFERS)
		return register_places((const struct iovec *)argument[2],
				       (unsigned int)argument[3]);
	if (kernel.answers && number == SYS_io_uring_register &&
	    (unsigned int)argument[1] == IORING_REGISTER_BUFFERS_UPDATE_)
		return register_dmabuf((const struct io_rsrc_update *)argument[2],
				       (unsigned int)argument[3]);
	if (kernel.answers && number == SYS_io_uring_enter)
		translate();
	result = __real_syscall(number, argument[0], argument[1], argument[2], argument[3],
				argument[4], argument[5]);
	if (kernel.answers && number == SYS_io_uring_enter)
		repeat_one();
	return result;
}

static void no_progress(void *data, uint64_t done)
{
	(void)data;
	(void)done;
}

/* A file without a name, of SIZE bytes from BYTES. */
static int make_file(const char *bytes, size_t size)
{
	char name[] = "test-io-dmabuf-XXXXXX";
	int fd = mkostemp(name, O_CLOEXEC);

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* One move; the file is read to, or written from, the memory of kernel.dmabuf. */
static int move(int file, bool out)
{
	const struct buffer buffer = {.fd = kernel.dmabuf, .memory = kernel.memory, .size = PAGES};
	struct file_facts facts;
	struct move move = {.file = file,
			    .facts = &facts,
			    .out = out,
			    .size = SIZE,
			    .buffer = &buffer,
			    .memory_fd = kernel.dmabuf,
			    .progress = no_progress};
	int error;

	assert_int_equal(file_facts(file, &facts), 0);
	kernel.target = file;
	kernel.places = kernel.registered = kernel.passed = kernel.repeated = 0;
	/* not way_move(), which would ask the "dma-buf" for access */
	error = way_find("uring-dmabuf")->move(&move);
	if (error && way_refusal(move.step, error))
		return error;
	assert_int_equal(error, 0);
	assert_int_equal(move.done, SIZE);
	return 0;
}

static void test_moves(void **state)
{
	AUTO_FREE char *bytes = xcalloc(SIZE, 1), *back = xcalloc(SIZE, 1);
	AUTO_CLOSE int from = -1, to = -1;

	(void)state;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (char)(i % 251 + i / 65536);
	from = make_file(bytes, SIZE);
	to = make_file("", 0);
	assert_int_equal(fsync(from), 0);
	kernel.dmabuf = memfd_create("stand-in", MFD_CLOEXEC);
	assert_int_equal(ftruncate(kernel.dmabuf, PAGES), 0);
	kernel.memory = mmap(NULL, PAGES, PROT_READ | PROT_WRITE, MAP_SHARED, kernel.dmabuf, 0);
	kernel.answers = true;
	if (move(from, false))
		skip(); /* neither io_uring nor direct I/O here */
	assert_int_equal(kernel.registered, 1);
	assert_int_equal(kernel.repeated, 1);
	/* pieces of 256 KiB, and the one that was repeated */
	assert_int_equal(kernel.passed, 5 + 1);
	assert_memory_equal(kernel.memory, bytes, SIZE);
	assert_int_equal(move(to, true), 0);
	assert_int_equal(kernel.registered, 1);
	assert_int_equal(pread(to, back, SIZE, 0), SIZE);
	assert_memory_equal(back, bytes, SIZE);
	munmap(kernel.memory, PAGES);
	close(kernel.dmabuf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_moves),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
