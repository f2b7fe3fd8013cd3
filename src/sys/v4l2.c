// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/v4l2.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/clock.h"
#include "sys/file.h"

_Static_assert((int)VIDEO_CAPTURE == V4L2_BUF_TYPE_VIDEO_CAPTURE, "as in videodev2.h");
_Static_assert((int)VIDEO_OUTPUT == V4L2_BUF_TYPE_VIDEO_OUTPUT, "as in videodev2.h");
_Static_assert((int)VIDEO_CAPTURE_PLANES == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE,
	       "as in videodev2.h");
_Static_assert((int)VIDEO_OUTPUT_PLANES == V4L2_BUF_TYPE_VIDEO_OUTPUT_MPLANE, "as in videodev2.h");
_Static_assert(VIDEO_PLANES_MAX == VIDEO_MAX_PLANES, "as in videodev2.h");

static bool has_planes(enum video_queue queue)
{
	return queue == VIDEO_CAPTURE_PLANES || queue == VIDEO_OUTPUT_PLANES;
}

static bool is_output(enum video_queue queue)
{
	return queue == VIDEO_OUTPUT || queue == VIDEO_OUTPUT_PLANES;
}

/* No call here is to be started again after a signal: each has a caller with a limit. */
static int call(int fd, unsigned long request, void *argument)
{
	return ioctl(fd, request, argument) ? -errno : 0;
}

int video_open(const char *path)
{
	return file_open(path, O_RDWR | O_NONBLOCK);
}

/* The text of a fixed field, which a driver need not have ended. */
static void copy_text(char *to, const __u8 *from, size_t size)
{
	memcpy(to, from, size);
	to[size - 1] = '\0';
}

int video_query(int fd, struct video_node *node)
{
	struct v4l2_capability found = {0};
	int error = call(fd, VIDIOC_QUERYCAP, &found);
	uint32_t able;

	if (error)
		return error;
	able = found.capabilities & V4L2_CAP_DEVICE_CAPS ? found.device_caps : found.capabilities;
	*node = (struct video_node){.streaming = able & V4L2_CAP_STREAMING};
	copy_text(node->driver, found.driver, sizeof(node->driver));
	node->memory_to_memory = able & (V4L2_CAP_VIDEO_M2M | V4L2_CAP_VIDEO_M2M_MPLANE);
	if (able & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_M2M))
		node->capture = VIDEO_CAPTURE;
	else if (able & (V4L2_CAP_VIDEO_CAPTURE_MPLANE | V4L2_CAP_VIDEO_M2M_MPLANE))
		node->capture = VIDEO_CAPTURE_PLANES;
	if (able & (V4L2_CAP_VIDEO_OUTPUT | V4L2_CAP_VIDEO_M2M))
		node->output = VIDEO_OUTPUT;
	else if (able & (V4L2_CAP_VIDEO_OUTPUT_MPLANE | V4L2_CAP_VIDEO_M2M_MPLANE))
		node->output = VIDEO_OUTPUT_PLANES;
	return 0;
}

static int from_kernel(const struct v4l2_format *kernel, struct video_format *format)
{
	const struct v4l2_pix_format_mplane *planes = &kernel->fmt.pix_mp;
	const struct v4l2_pix_format *single = &kernel->fmt.pix;

	if (!has_planes(kernel->type)) {
		if (!single->sizeimage)
			return -EPROTO;
		*format = (struct video_format){.width = single->width,
						.height = single->height,
						.pixels = single->pixelformat,
						.field = single->field,
						.planes = 1,
						.sizes = {single->sizeimage}};
		return 0;
	}
	if (planes->num_planes < 1 || planes->num_planes > VIDEO_PLANES_MAX)
		return -EPROTO;
	for (unsigned int i = 0; i < planes->num_planes; i++) {
		if (!planes->plane_fmt[i].sizeimage)
			return -EPROTO;
	}
	*format = (struct video_format){.width = planes->width,
					.height = planes->height,
					.pixels = planes->pixelformat,
					.field = planes->field,
					.planes = planes->num_planes};
	for (unsigned int i = 0; i < planes->num_planes; i++)
		format->sizes[i] = planes->plane_fmt[i].sizeimage;
	return 0;
}

int video_format_get(int fd, enum video_queue queue, struct video_format *format)
{
	struct v4l2_format kernel = {.type = queue};
	int error = call(fd, VIDIOC_G_FMT, &kernel);

	return error ? error : from_kernel(&kernel, format);
}

int video_format_set(int fd, enum video_queue queue, struct video_format *format)
{
	struct v4l2_format kernel = {.type = queue};
	int error;

	if (has_planes(queue)) {
		kernel.fmt.pix_mp.width = format->width;
		kernel.fmt.pix_mp.height = format->height;
		kernel.fmt.pix_mp.pixelformat = format->pixels;
	} else {
		kernel.fmt.pix.width = format->width;
		kernel.fmt.pix.height = format->height;
		kernel.fmt.pix.pixelformat = format->pixels;
	}
	error = call(fd, VIDIOC_S_FMT, &kernel);
	return error ? error : from_kernel(&kernel, format);
}

int video_request(int fd, enum video_queue queue, unsigned int count, unsigned int *got)
{
	struct v4l2_requestbuffers request = {
		.count = count, .type = queue, .memory = V4L2_MEMORY_DMABUF};
	int error = call(fd, VIDIOC_REQBUFS, &request);

	if (!error && got)
		*got = request.count;
	return error;
}

/* A buffer for QBUF and DQBUF; PLANES has VIDEO_PLANES_MAX. */
static struct v4l2_buffer make_buffer(enum video_queue queue, struct v4l2_plane *planes)
{
	struct v4l2_buffer buffer = {.type = queue, .memory = V4L2_MEMORY_DMABUF};

	if (has_planes(queue)) {
		buffer.m.planes = planes;
		buffer.length = VIDEO_PLANES_MAX;
	}
	return buffer;
}

int video_enqueue(int fd, enum video_queue queue, unsigned int index,
		  const struct video_format *format, const int *dmabufs)
{
	struct v4l2_plane planes[VIDEO_PLANES_MAX] = {0};
	struct v4l2_buffer buffer = make_buffer(queue, planes);

	buffer.index = index;
	/* length 0: the whole dma-buf */
	if (has_planes(queue)) {
		buffer.length = format->planes;
		for (unsigned int i = 0; i < format->planes; i++) {
			planes[i].m.fd = dmabufs[i];
			planes[i].bytesused = is_output(queue) ? format->sizes[i] : 0;
		}
	} else {
		buffer.m.fd = dmabufs[0];
		buffer.bytesused = is_output(queue) ? format->sizes[0] : 0;
	}
	/* a picture that is put out is of one field or the other, not of "alternate" */
	if (is_output(queue))
		buffer.field =
			format->field == V4L2_FIELD_ALTERNATE ? V4L2_FIELD_TOP : format->field;
	return call(fd, VIDIOC_QBUF, &buffer);
}

int video_stream(int fd, enum video_queue queue, bool on)
{
	int type = (int)queue;

	return call(fd, on ? VIDIOC_STREAMON : VIDIOC_STREAMOFF, &type);
}

int video_dequeue(int fd, enum video_queue queue, const struct video_format *format,
		  uint64_t limit_ns, struct video_done *done)
{
	struct pollfd wait_for = {.fd = fd, .events = (short)(is_output(queue) ? POLLOUT : POLLIN)};
	uint64_t end = clock_deadline(limit_ns);

	for (;;) {
		struct v4l2_plane planes[VIDEO_PLANES_MAX] = {0};
		struct v4l2_buffer buffer = make_buffer(queue, planes);
		uint64_t now = clock_ns();
		int error, ready;

		if (has_planes(queue))
			buffer.length = format->planes;
		error = call(fd, VIDIOC_DQBUF, &buffer);
		if (!error) {
			*done = (struct video_done){.index = buffer.index,
						    .bytes = has_planes(queue) ? planes[0].bytesused
									       : buffer.bytesused,
						    .failed = buffer.flags & V4L2_BUF_FLAG_ERROR};
			return 0;
		}
		if (error != -EAGAIN)
			return error;
		if (now >= end)
			return -ETIMEDOUT;
		/* in ms and rounded up, so that the last one does not spin */
		ready = poll(&wait_for, 1,
			     end - now > UINT64_C(1000000000000)
				     ? 1000000
				     : (int)((end - now + 999999) / 1000000));
		if (ready < 0)
			return -errno;
		if (wait_for.revents & (POLLERR | POLLNVAL))
			return -EIO;
	}
}
