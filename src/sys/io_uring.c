// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/io_uring.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/signals.h"
#include "base/xalloc.h"
#include "sys/uapi.h"

struct io_ring {
	int fd;
	unsigned int queued; /* not yet passed to the kernel */
	char *rings;
	size_t rings_size, sqes_size;
	struct io_uring_sqe *sqes;
	struct io_uring_cqe *cqes;
	unsigned int *sq_tail, *sq_array, *cq_head, *cq_tail;
	unsigned int sq_mask, cq_mask;
};

static void *map(int fd, size_t size, off_t offset)
{
	void *place =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, offset);

	return place == MAP_FAILED ? NULL : place;
}

/* A field of the rings, at an offset that the kernel tells. */
static unsigned int *field(const struct io_ring *ring, unsigned int offset)
{
	return (unsigned int *)(void *)(ring->rings + offset);
}

static int map_rings(struct io_ring *ring, const struct io_uring_params *params)
{
	size_t requests = params->sq_off.array + params->sq_entries * sizeof(unsigned int);
	size_t results = params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe);

	if (!(params->features & IORING_FEAT_SINGLE_MMAP))
		return -ENOSYS;
	ring->rings_size = requests > results ? requests : results;
	ring->sqes_size = params->sq_entries * sizeof(struct io_uring_sqe);
	ring->rings = map(ring->fd, ring->rings_size, IORING_OFF_SQ_RING);
	if (!ring->rings)
		return -errno;
	ring->sqes = map(ring->fd, ring->sqes_size, IORING_OFF_SQES);
	if (!ring->sqes)
		return -errno;
	ring->sq_tail = field(ring, params->sq_off.tail);
	ring->sq_array = field(ring, params->sq_off.array);
	ring->sq_mask = *field(ring, params->sq_off.ring_mask);
	ring->cq_head = field(ring, params->cq_off.head);
	ring->cq_tail = field(ring, params->cq_off.tail);
	ring->cq_mask = *field(ring, params->cq_off.ring_mask);
	ring->cqes = (struct io_uring_cqe *)(void *)(ring->rings + params->cq_off.cqes);
	return 0;
}

int io_ring_open(unsigned int entries, struct io_ring **ring)
{
	struct io_uring_params params = {0};
	int fd = (int)syscall(SYS_io_uring_setup, entries, &params), error;
	struct io_ring *new;

	if (fd < 0)
		return -errno;
	new = xcalloc(1, sizeof(*new));
	new->fd = fd;
	error = map_rings(new, &params);
	if (error) {
		io_ring_free(new);
		return error;
	}
	*ring = new;
	return 0;
}

void io_ring_free(struct io_ring *ring)
{
	if (!ring)
		return;
	if (ring->sqes)
		munmap(ring->sqes, ring->sqes_size);
	if (ring->rings)
		munmap(ring->rings, ring->rings_size);
	close(ring->fd);
	free(ring);
}

static int call_register(const struct io_ring *ring, unsigned int operation, const void *argument,
			 unsigned int count)
{
	return syscall(SYS_io_uring_register, ring->fd, operation, argument, count) < 0 ? -errno
											: 0;
}

int io_ring_register(struct io_ring *ring, void *memory, size_t size)
{
	size_t count = (size + IO_RING_BUFFER_MAX - 1) / IO_RING_BUFFER_MAX;
	struct iovec *parts = xcalloc(count, sizeof(*parts));
	int error;

	for (size_t i = 0; i < count; i++) {
		size_t start = i * IO_RING_BUFFER_MAX, left = size - start;

		parts[i].iov_base = (char *)memory + start;
		parts[i].iov_len = left < IO_RING_BUFFER_MAX ? left : IO_RING_BUFFER_MAX;
	}
	error = call_register(ring, IORING_REGISTER_BUFFERS, parts, (unsigned int)count);
	free(parts);
	return error;
}

int io_ring_register_dmabuf(struct io_ring *ring, int dmabuf, int target)
{
	const struct iovec none = {0};
	struct io_regbuf_desc description = {
		.type = IO_REGBUF_DMABUF, .dmabuf_fd = dmabuf, .target_fd = target};
	struct io_rsrc_update update = {.flags = IO_RSRC_UPDATE_EXTENDED,
					.data = (uint64_t)(uintptr_t)&description,
					.nr = 1};
	/* an empty place for it; the update fills that */
	int error = call_register(ring, IORING_REGISTER_BUFFERS, &none, 1);

	return error ? error
		     : call_register(ring, IORING_REGISTER_BUFFERS_UPDATE_, &update,
				     sizeof(update));
}

void io_ring_queue(struct io_ring *ring, const struct io_request *request)
{
	unsigned int tail = *ring->sq_tail, index = tail & ring->sq_mask;
	uint8_t operation = request->write
				    ? (request->fixed ? IORING_OP_WRITE_FIXED : IORING_OP_WRITE)
				    : (request->fixed ? IORING_OP_READ_FIXED : IORING_OP_READ);

	ring->sqes[index] = (struct io_uring_sqe){
		.opcode = operation,
		.fd = request->fd,
		.off = request->offset,
		.addr = request->memory,
		.len = request->size,
		.user_data = request->tag,
		.buf_index = (uint16_t)request->buffer,
	};
	ring->sq_array[index] = index;
	__atomic_store_n(ring->sq_tail, tail + 1, __ATOMIC_RELEASE);
	ring->queued++;
}

int io_ring_drain(struct io_ring *ring, size_t count, uint64_t limit_ns)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	uint64_t end = limit_ns ? clock_deadline(limit_ns) : UINT64_MAX;

	while (__atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE) - *ring->cq_head <
	       count - ring->queued) {
		if (clock_ns() >= end)
			return -EINPROGRESS;
		/* a system call has what has ended reported */
		nanosleep(&pause, NULL);
	}
	return 0;
}

int io_ring_wait(struct io_ring *ring, uint64_t *tag, int *result)
{
	unsigned int head = *ring->cq_head;
	const struct io_uring_cqe *completion;

	while (ring->queued || head == __atomic_load_n(ring->cq_tail, __ATOMIC_ACQUIRE)) {
		long passed;

		if (stop_signal())
			return -EINTR;
		passed = syscall(SYS_io_uring_enter, ring->fd, ring->queued, 1,
				 IORING_ENTER_GETEVENTS, NULL, 0);
		if (passed < 0 && errno != EINTR && errno != EAGAIN && errno != EBUSY)
			return -errno;
		if (passed > 0)
			ring->queued -= (unsigned int)passed;
	}
	completion = &ring->cqes[head & ring->cq_mask];
	*tag = completion->user_data;
	*result = completion->res;
	__atomic_store_n(ring->cq_head, head + 1, __ATOMIC_RELEASE);
	return 0;
}
