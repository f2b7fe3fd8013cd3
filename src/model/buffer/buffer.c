// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/xalloc.h"
#include "sys/dmabuf.h"
#include "sys/fdinfo.h"

static struct maybe since(uint64_t start)
{
	return (struct maybe){true, clock_ns() - start};
}

int buffer_allocate(struct buffers *buffers, int heap_fd, uint64_t size, int access)
{
	uint64_t start = clock_ns();
	int fd = heap_allocate(heap_fd, size, access | O_CLOEXEC);
	struct maybe time = since(start);
	struct buffer *buffer;

	if (fd < 0)
		return fd;
	buffer = array_add(buffers);
	buffer->fd = fd;
	buffer->access = access;
	buffer->allocation_time = time;
	return 0;
}

int buffer_describe(struct buffer *buffer)
{
	AUTO_FREE char *text = NULL;
	struct stat status;
	int error;

	if (fstat(buffer->fd, &status))
		return -errno;
	error = fdinfo_read_own(buffer->fd, &text);
	if (error && error != -ENOENT && error != -EACCES)
		return error;
	buffer->inode = status.st_ino;
	buffer->size = (uint64_t)status.st_size;
	if (error)
		return 0; /* no /proc: what fstat says is there */
	buffer->exporter = fdinfo_value(text, "exp_name");
	buffer->name = fdinfo_value(text, "name");
	return 0;
}

int buffer_set_name(struct buffer *buffer, const char *name)
{
	int error = dmabuf_set_name(buffer->fd, name);

	if (error)
		return error;
	free(buffer->name);
	buffer->name = xstrdup(name);
	return 0;
}

void buffers_allow_many(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int buffer_adopt(struct buffers *buffers, int fd)
{
	struct buffer *buffer = array_add(buffers);

	buffer->fd = fd;
	buffer->access = dmabuf_access(fd);
	return buffer_describe(buffer);
}

void buffers_keep(struct buffers *buffers, size_t count)
{
	while (buffers->count > count) {
		struct buffer *buffer = &buffers->items[--buffers->count];

		dmabuf_unmap(buffer->memory, buffer->size);
		close(buffer->fd);
		free(buffer->exporter);
		free(buffer->name);
	}
}

void buffers_free(struct buffers *buffers)
{
	buffers_keep(buffers, 0);
	array_free(buffers);
}

int buffer_map(struct buffer *buffer)
{
	uint64_t start = clock_ns();
	int protection = buffer->access == O_RDONLY ? PROT_READ : PROT_READ | PROT_WRITE;
	int error = dmabuf_map(buffer->fd, buffer->size, protection, &buffer->memory);

	if (!error)
		buffer->mapping_time = since(start);
	return error;
}

int buffer_begin_access(const struct buffer *buffer, uint64_t direction, uint64_t limit_ns)
{
	int error, late;

	time_limit_begin(limit_ns);
	do
		error = dmabuf_sync(buffer->fd, DMA_BUF_SYNC_START | direction);
	while (error == -EAGAIN);
	late = time_limit_end();
	return error == -EINTR && late && !stop_signal() ? -ETIMEDOUT : error;
}

int buffer_end_access(const struct buffer *buffer, uint64_t direction)
{
	return dmabuf_sync(buffer->fd, DMA_BUF_SYNC_END | direction);
}

int buffer_fill(struct buffer *buffer, const struct pattern *pattern, uint64_t limit_ns)
{
	uint64_t start = clock_ns();
	int error = buffer_begin_access(buffer, DMA_BUF_SYNC_WRITE, limit_ns);

	if (error)
		return error;
	pattern_write(pattern, buffer->memory, buffer->size);
	error = buffer_end_access(buffer, DMA_BUF_SYNC_WRITE);
	if (!error)
		buffer->fill_time = since(start);
	return error;
}

static int compare(struct buffer *buffer, const struct pattern *pattern, uint64_t limit_ns,
		   struct mismatch *mismatch, struct maybe *time)
{
	uint64_t start = clock_ns();
	int error = buffer_begin_access(buffer, DMA_BUF_SYNC_READ, limit_ns);
	bool equal;

	if (error)
		return error;
	equal = pattern_equals(pattern, buffer->memory, buffer->size, mismatch);
	error = buffer_end_access(buffer, DMA_BUF_SYNC_READ);
	if (error)
		return error;
	*time = since(start);
	return equal ? 0 : -EILSEQ;
}

int buffer_verify(struct buffer *buffer, const struct pattern *pattern, uint64_t limit_ns,
		  struct mismatch *mismatch)
{
	return compare(buffer, pattern, limit_ns, mismatch, &buffer->verify_time);
}

int buffer_check_zero(struct buffer *buffer, uint64_t limit_ns, struct mismatch *mismatch)
{
	const struct pattern zero = {.length = 1};

	return compare(buffer, &zero, limit_ns, mismatch, &buffer->zero_time);
}
