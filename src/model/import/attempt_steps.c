// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import/attempt_steps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/number.h"
#include "model/buffer/bufinfo.h"
#include "sys/dmabuf.h"
#include "sys/drm.h"
#include "sys/root.h"
#include "sys/udmabuf.h"

enum {
	SYNC_PAIRS = 21,
	FILLED = 0x5a, /* what a buffer has before a picture comes */
};
#define PICTURE_LIMIT UINT64_C(2000000000) /* ns */

static int allocate_udmabuf(uint64_t size, struct buffers *buffers)
{
	struct udmabuf made;
	int error = udmabuf_make(size, &made), fd;

	if (error)
		return error;
	/* the buffer keeps the pages of the memfd */
	fd = fcntl(made.fd, F_DUPFD_CLOEXEC, 0);
	error = fd < 0 ? -errno : buffer_adopt(buffers, fd);
	udmabuf_free(&made);
	return error;
}

/* Adds a buffer, or on an error none. */
static int allocate(const struct import_source *source, uint64_t bytes, struct buffers *buffers)
{
	uint64_t page = root_page_size(root_live()), size = round_up(bytes, page);
	size_t before = buffers->count;
	AUTO_CLOSE int heap = -1;
	int error;

	if (!(size & (size - 1)))
		size += page;
	if (source->node) {
		heap = heap_open(source->node);
		if (heap < 0)
			return TAKE_FD(heap);
		error = buffer_allocate(buffers, heap, size, O_RDWR);
		if (!error)
			error = buffer_describe(&buffers->items[buffers->count - 1]);
	} else {
		error = allocate_udmabuf(size, buffers);
	}
	if (error)
		buffers_keep(buffers, before);
	return error;
}

static void fail(struct attempt_report *report, enum import_stage stage, int error)
{
	report->stage = stage;
	report->error = error;
}

bool attempt_allocate(const struct import_source *source, const struct importer *importer,
		      struct attempt_hold *hold, struct attempt_report *report)
{
	static const struct video_format of_drm = {.planes = 1, .sizes = {ATTEMPT_SIZE}};
	const struct video_format *format =
		importer->kind == IMPORTER_DRM ? &of_drm : &importer->format;
	int error = 0;

	hold->planes = format->planes;
	for (unsigned int i = 0; i < ATTEMPT_BUFFERS && !error; i++) {
		size_t before = hold->buffers.count;

		for (unsigned int plane = 0; plane < format->planes && !error; plane++)
			error = allocate(source, format->sizes[plane], &hold->buffers);
		/* fewer are tried where the heap has no room for more */
		if (error && before)
			buffers_keep(&hold->buffers, before);
		else if (error)
			fail(report, STAGE_ALLOCATE, error);
	}
	if (error && report->stage == STAGE_ALLOCATE)
		return false;
	array_for_each (&hold->buffers, buffer)
		report->size = buffer->size > report->size ? buffer->size : report->size;
	return true;
}

/* Counts what became of a buffer; the first refusal is told. */
static void count(struct attempt_hold *hold, struct attempt_report *report, int error)
{
	if (error && !report->error)
		fail(report, STAGE_IMPORT, error);
	if (!error && hold->taken < 0)
		hold->taken = (int)(report->tried * hold->planes);
	report->tried++;
	report->taken += !error;
}

static void import_drm(const struct importer *importer, struct attempt_hold *hold,
		       struct attempt_report *report)
{
	hold->device = drm_open_node(importer->path, NULL);
	if (hold->device < 0) {
		fail(report, STAGE_OPEN, hold->device);
		return;
	}
	array_for_each (&hold->buffers, buffer) {
		uint32_t handle;

		count(hold, report, drm_import(hold->device, buffer->fd, &handle));
	}
}

static void import_video(const struct importer *importer, struct attempt_hold *hold,
			 struct attempt_report *report)
{
	unsigned int wanted = (unsigned int)(hold->buffers.count / hold->planes), got = 0;
	int error;

	hold->device = video_open(importer->path);
	if (hold->device < 0) {
		fail(report, STAGE_OPEN, hold->device);
		return;
	}
	error = video_request(hold->device, importer->queue, wanted, &got);
	if (!error && !got)
		error = -ENOBUFS;
	if (error) {
		fail(report, STAGE_REQUEST, error);
		return;
	}
	for (unsigned int i = 0; i < wanted && i < got; i++) {
		int fds[VIDEO_PLANES_MAX];

		for (unsigned int plane = 0; plane < hold->planes; plane++)
			fds[plane] = hold->buffers.items[i * hold->planes + plane].fd;
		count(hold, report,
		      video_enqueue(hold->device, importer->queue, i, &importer->format, fds));
	}
}

static void find_attached(const struct attempt_hold *hold, struct attempt_report *report)
{
	AUTO_BUFINFO struct bufinfo info = {0};

	if (hold->taken < 0 || bufinfo_read(hold->buffers.items[hold->taken].inode, &info))
		return;
	report->attached = info.devices.count ? YES : NO;
	if (info.devices.count)
		snprintf(report->device, sizeof(report->device), "%s", info.devices.items[0]);
}

void attempt_import(const struct importer *importer, struct attempt_hold *hold,
		    struct attempt_report *report)
{
	if (importer->kind == IMPORTER_DRM)
		import_drm(importer, hold, report);
	else
		import_video(importer, hold, report);
	find_attached(hold, report);
}

/* A DRM node lets go of its handles when it is closed. */
void attempt_release(const struct importer *importer, struct attempt_hold *hold)
{
	if (hold->device >= 0 && importer->kind == IMPORTER_VIDEO)
		video_request(hold->device, importer->queue, 0, NULL);
	if (hold->device >= 0)
		close(hold->device);
	buffers_free(&hold->buffers);
	*hold = (struct attempt_hold){.device = -1, .taken = -1};
}

struct maybe attempt_sync_time(const struct attempt_hold *hold)
{
	const struct buffer *buffer = &hold->buffers.items[hold->taken < 0 ? 0 : hold->taken];
	uint64_t times[SYNC_PAIRS];

	for (size_t i = 0; i < SYNC_PAIRS; i++) {
		uint64_t start = clock_ns();

		if (dmabuf_sync(buffer->fd, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW) ||
		    dmabuf_sync(buffer->fd, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW))
			return (struct maybe){0};
		times[i] = clock_ns() - start;
	}
	qsort(times, SYNC_PAIRS, sizeof(*times), compare_numbers);
	return (struct maybe){true, times[SYNC_PAIRS / 2]};
}

/* A queue with buffers of its own, filled. */
struct filled {
	enum video_queue queue;
	struct video_format format;
	struct buffers buffers;
};

static void filled_free(struct filled *filled)
{
	buffers_free(&filled->buffers);
}
#define AUTO_FILLED __attribute__((cleanup(filled_free)))

/* Queues COUNT buffers, or fewer; no more, as there may be no memory for what a driver adds. */
static int fill(const struct import_source *source, int fd, const struct pattern *pattern,
		unsigned int count, struct filled *filled)
{
	unsigned int got = 0, index = 0;
	int error = video_request(fd, filled->queue, count, &got);

	if (!error && !got)
		error = -ENOBUFS;
	for (unsigned int i = 0; i < count && i < got && !error; i++)
		error = allocate(source, filled->format.sizes[0], &filled->buffers);
	array_for_each (&filled->buffers, buffer) {
		if (!error)
			error = buffer_map(buffer);
		if (!error)
			error = buffer_fill(buffer, pattern, PICTURE_LIMIT);
		if (!error)
			error = video_enqueue(fd, filled->queue, index++, &filled->format,
					      &buffer->fd);
	}
	return error;
}

/* How many of the first SIZE bytes of a buffer are what EXPECTED has, or, NULL, are not FILLED. */
static int compare(const struct buffer *buffer, const uint8_t *expected, uint64_t size,
		   uint64_t *right)
{
	const uint8_t *found = buffer->memory;
	int error = buffer_begin_access(buffer, DMA_BUF_SYNC_READ, PICTURE_LIMIT);

	for (uint64_t i = 0; i < size && !error; i++)
		*right += expected ? found[i] == expected[i] : found[i] != FILLED;
	return error ? error : buffer_end_access(buffer, DMA_BUF_SYNC_READ);
}

/* A picture of a camera. */
static int capture(const struct import_source *source, const struct importer *importer, int fd,
		   struct attempt_data *data)
{
	static const struct pattern pattern = {.length = 1, .bytes = {FILLED}};
	AUTO_FILLED struct filled filled = {.queue = importer->queue, .format = importer->format};
	struct video_done done = {0};
	int error = fill(source, fd, &pattern, ATTEMPT_BUFFERS, &filled);

	if (!error)
		error = video_stream(fd, filled.queue, true);
	if (!error)
		error = video_dequeue(fd, filled.queue, &filled.format, PICTURE_LIMIT, &done);
	if (!error && (done.failed || done.index >= filled.buffers.count))
		error = -EIO;
	video_stream(fd, filled.queue, false);
	data->all = filled.format.sizes[0];
	return error ? error
		     : compare(&filled.buffers.items[done.index], NULL, data->all, &data->right);
}

/* The capture queue is given the format of the other one. */
static int copy(const struct import_source *source, const struct importer *importer, int fd,
		struct attempt_data *data)
{
	static const struct pattern random = {.random = true, .seed = 19},
				    pattern = {.length = 1, .bytes = {FILLED}};
	AUTO_FILLED struct filled from = {.queue = importer->queue, .format = importer->format};
	AUTO_FILLED struct filled to = {
		.queue = importer->queue == VIDEO_OUTPUT ? VIDEO_CAPTURE : VIDEO_CAPTURE_PLANES,
		.format = importer->format};
	struct video_done done = {0};
	int error = video_format_set(fd, from.queue, &from.format);

	if (!error)
		error = video_format_set(fd, to.queue, &to.format);
	/* a codec or scaler makes something else of it, which is not compared */
	if (!error &&
	    (from.format.pixels != to.format.pixels || from.format.width != to.format.width ||
	     from.format.height != to.format.height || from.format.sizes[0] != to.format.sizes[0] ||
	     from.format.planes != 1 || to.format.planes != 1))
		error = -EOPNOTSUPP;
	if (!error)
		error = fill(source, fd, &random, 1, &from);
	if (!error)
		error = fill(source, fd, &pattern, 1, &to);
	if (!error)
		error = video_stream(fd, from.queue, true);
	if (!error)
		error = video_stream(fd, to.queue, true);
	if (!error)
		error = video_dequeue(fd, to.queue, &to.format, PICTURE_LIMIT, &done);
	if (!error && (done.failed || done.index >= to.buffers.count))
		error = -EIO;
	video_stream(fd, to.queue, false);
	video_stream(fd, from.queue, false);
	data->all = from.format.sizes[0];
	return error ? error
		     : compare(&to.buffers.items[done.index], from.buffers.items[0].memory,
			       data->all, &data->right);
}

void attempt_data(const struct import_source *source, const struct importer *importer,
		  struct attempt_data *data)
{
	AUTO_CLOSE int fd = -1;
	bool output = importer_is_output(importer);

	/* a copy is tried once: with the queue that is read */
	if (importer->kind != IMPORTER_VIDEO || importer->format.planes != 1 ||
	    output != importer->memory_to_memory)
		return;
	fd = video_open(importer->path);
	data->tried = true;
	if (fd < 0)
		data->error = TAKE_FD(fd);
	else if (output)
		data->error = copy(source, importer, fd, data);
	else
		data->error = capture(source, importer, fd, data);
}
