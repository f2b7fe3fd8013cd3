// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/io/way.h"

#include <errno.h>
#include <linux/dma-buf.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/signals.h"
#include "model/io/way_functions.h"
#include "sys/io_uring.h"

/* Below this many bytes no way is worth its preparation. */
#define SMALL ((uint64_t)1 << 20)

static const struct way plain = {
	.name = "buffered",
	.what = "read(2) into the mapping, write(2) from it, through the page cache",
	.merit = "the kernel reads ahead, and one copy goes through the page cache",
	.in = true,
	.out = true,
	.streams = true,
	.move = way_plain_move,
};

static const struct way mapped = {
	.name = "mmap",
	.what = "map the file and copy",
	.merit = "one copy from the pages of the file that are in the page cache, without a call "
		 "for each piece",
	.in = true,
	.move = way_mmap_move,
};

static const struct way populated = {
	.name = "mmap-populate",
	.what = "map the file with all its pages (MAP_POPULATE) and copy",
	.merit = "one copy from the page cache, with all its pages mapped at once",
	.in = true,
	.move = way_populate_move,
};

static const struct way direct = {
	.name = "direct",
	.what = "O_DIRECT into the mapping and from it",
	.merit = "no page cache, and no copy where the device can reach the memory",
	.in = true,
	.out = true,
	.move = way_direct_move,
};

static const struct way bounce = {
	.name = "bounce",
	.what = "O_DIRECT through bounce buffers, four requests at a time with io_uring",
	.merit = "no page cache, several requests under way, a copy from memory that is still in "
		 "the processor's cache",
	.in = true,
	.out = true,
	.move = way_bounce_move,
};

static const struct way ring = {
	.name = "uring",
	.what = "io_uring through the page cache, four requests at a time",
	.merit = "several requests under way",
	.in = true,
	.out = true,
	.move = way_ring_move,
};

static const struct way ring_direct = {
	.name = "uring-direct",
	.what = "io_uring with O_DIRECT into the mapping and from it",
	.merit = "no page cache, no copy by the processor, several requests under way",
	.in = true,
	.out = true,
	.move = way_ring_direct_move,
};

static const struct way ring_fixed = {
	.name = "uring-fixed",
	.what = "io_uring with O_DIRECT and the mapping registered",
	.merit = "no page cache, no copy by the processor, and pages that are pinned once",
	.in = true,
	.out = true,
	.move = way_ring_fixed_move,
};

static const struct way ring_dmabuf = {
	.name = "uring-dmabuf",
	.what = "io_uring with O_DIRECT and the dma-buf registered",
	.merit = "the device moves the data: no page cache, no copy by the processor",
	.in = true,
	.out = true,
	.descriptor = true,
	.move = way_ring_dmabuf_move,
};

static const struct way udmabuf = {
	.name = "udmabuf",
	.what = "no heap: uring-fixed into the memfd behind a udmabuf, without a copy",
	.merit = "no page cache, no copy by the processor, and pages that are pinned once",
	.in = true,
	.out = true,
	.udmabuf = true,
	.move = way_ring_fixed_move,
};

static const struct way copy_range = {
	.name = "copy_file_range",
	.what = "copy_file_range(2) between the file and the dma-buf",
	.in = true,
	.out = true,
	.descriptor = true,
	.move = way_copy_range_move,
};

static const struct way send = {
	.name = "sendfile",
	.what = "sendfile(2) between the file and the dma-buf",
	.in = true,
	.out = true,
	.descriptor = true,
	.move = way_sendfile_move,
};

static const struct way splice = {
	.name = "splice",
	.what = "splice(2) from the file to a pipe and from that to the dma-buf, or back",
	.in = true,
	.out = true,
	.descriptor = true,
	.move = way_splice_move,
};

static const struct way vmsplice = {
	.name = "vmsplice",
	.what = "splice(2) from the file to a pipe and vmsplice(2) to the mapping, or back",
	.in = true,
	.out = true,
	.move = way_vmsplice_move,
};

const struct way *const ways[] = {
	&plain,      &mapped,      &populated, &direct,     &bounce, &ring,   &ring_direct,
	&ring_fixed, &ring_dmabuf, &udmabuf,   &copy_range, &send,   &splice, &vmsplice,
};
const size_t way_count = COUNT_OF(ways);

#define NO_PAGES \
	"the kernel pins no pages of this mapping, which a heap's driver makes of page frames " \
	"(VM_PFNMAP; check_vma_flags(), mm/gup.c)"
#define UNALIGNED "the file system or its device wants another alignment"
#define NO_FILE   "the file of a dma-buf has no such operation (drivers/dma-buf/dma-buf.c)"

#define NO_PLACE \
	"it needs a kernel with dma-buf registration, expected in Linux 7.4, and an NVMe block " \
	"device"

/* What is known of refusals: run on Linux 5.10, 6.1, 6.12 and 7.2, or read there. */
static const struct {
	const char *step;
	int error;
	const char *meaning;
} refusals[] = {
	{STEP_DIRECT, EINVAL, "this file has no direct I/O"},
	{STEP_DIRECT_READ, EFAULT, NO_PAGES},
	{STEP_DIRECT_WRITE, EFAULT, NO_PAGES},
	{STEP_DIRECT_READ, EINVAL, UNALIGNED},
	{STEP_DIRECT_WRITE, EINVAL, UNALIGNED},
	{STEP_DIRECT_READ, EOPNOTSUPP, "this file has no direct I/O"},
	{STEP_DIRECT_WRITE, EOPNOTSUPP, "this file has no direct I/O"},
	{STEP_RING, ENOSYS, "the kernel has no io_uring (CONFIG_IO_URING)"},
	{STEP_RING, EPERM, "kernel.io_uring_disabled or a seccomp filter forbids io_uring"},
	{STEP_REGISTER, EFAULT, NO_PAGES},
	{STEP_REGISTER, ENOMEM, "this user may not have so much memory pinned (ulimit -l)"},
	{STEP_PIN, EOPNOTSUPP,
	 "the mapping is of struct pages, and if these are of a CMA area, the kernel tries without "
	 "end to move them out of it (mm/gup.c)"},
	{STEP_REGISTER_DMABUF, EINVAL, NO_PLACE},
	{STEP_REGISTER_DMABUF, EFAULT, NO_PLACE}, /* before 5.13 and 5.10.162 */
	{STEP_REGISTER_DMABUF, EOPNOTSUPP, "this file is no NVMe block device"},
	{STEP_MAP, ENODEV, "this file cannot be mapped"},
	{STEP_COPY_RANGE, EINVAL, NO_FILE},
	{STEP_COPY_RANGE, EXDEV, "the two are on different file systems"},
	{STEP_SENDFILE, EINVAL, NO_FILE},
	{STEP_SENDFILE, ESPIPE, NO_FILE},
	{STEP_SPLICE_FILE, EINVAL, "this file has no splice operation"},
	{STEP_SPLICE_BUFFER, EINVAL, NO_FILE},
	{STEP_SPLICE_BUFFER, ESPIPE, NO_FILE},
	{STEP_VMSPLICE, EFAULT, NO_PAGES},
	{STEP_UDMABUF, ENOENT,
	 "CONFIG_UDMABUF is not built in, or this container was not given the device"},
	{STEP_UDMABUF, EACCES, "this user may not open the device"},
	{STEP_UDMABUF, EPERM, "a container's device rules or a security module forbid the device"},
	{STEP_UDMABUF, EINVAL,
	 "the parameter size_limit_mb of the module udmabuf limits the size of a buffer"},
	{STEP_MAP_BUFFER, EINVAL, "the heap's buffers cannot be mapped"},
	{STEP_MAP_BUFFER, ENODEV, "the heap's buffers cannot be mapped"},
};

const char *way_refusal(const char *step, int error)
{
	for (size_t i = 0; i < COUNT_OF(refusals); i++) {
		if (refusals[i].error == -error && !strcmp(refusals[i].step, step))
			return refusals[i].meaning;
	}
	return NULL;
}

const struct way *way_find(const char *name)
{
	for (size_t i = 0; i < way_count; i++) {
		if (!strcmp(ways[i]->name, name))
			return ways[i];
	}
	return NULL;
}

const struct way *way_plain(void)
{
	return &plain;
}

static bool ring_is_there(void)
{
	AUTO_RING struct io_ring *try = NULL;

	return !io_ring_open(1, &try);
}

const struct way *way_choose(const struct move *move)
{
	const struct file_facts *facts = move->facts;
	struct maybe cached;

	if (move->size < SMALL || (facts->kind != FILE_REGULAR && facts->kind != FILE_BLOCK))
		return &plain;
	if (!move->out) {
		cached = file_cached(move->file, facts->offset, move->size);
		if (cached.known && cached.value >= 50)
			return &mapped;
	}
	if (facts->direct == YES && !(facts->offset % facts->offset_align) && ring_is_there())
		return &bounce;
	return &plain;
}

/* Moves, between the calls that begin and end CPU access. */
static int move_bracketed(const struct way *way, struct move *move)
{
	uint64_t direction = move->out ? DMA_BUF_SYNC_READ : DMA_BUF_SYNC_WRITE;
	int error = 0, end_error = 0;

	move->step = "DMA_BUF_IOCTL_SYNC";
	if (move->buffer->fd >= 0)
		error = buffer_begin_access(move->buffer, direction, move->limit_ns);
	if (error)
		return error;
	error = way->move(move);
	if (move->buffer->fd >= 0)
		end_error = buffer_end_access(move->buffer, direction);
	if (!error && end_error)
		return move_failed(move, "DMA_BUF_IOCTL_SYNC", end_error);
	if (!error && move->out) {
		error = file_flush(move->file);
		move->step = STEP_FLUSH;
	}
	return error;
}

int way_move(const struct way *way, struct move *move)
{
	uint64_t processor = clock_processor_ns(), start = clock_ns();
	int error;

	move->done = 0;
	move->ended = false;
	error = move_bracketed(way, move);
	move->time_ns = clock_ns() - start;
	move->processor_ns = clock_processor_ns() - processor;
	if (!error && !file_is_stream(move->facts)) {
		error = file_seek(move->file, move->facts->offset + move->done);
		move->step = "lseek";
	}
	if (!error && move->done < move->size && !move->open_end)
		return move_failed(move, move->out ? STEP_WRITE : STEP_READ, -ENODATA);
	return error;
}
