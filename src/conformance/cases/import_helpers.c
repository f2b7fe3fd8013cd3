// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/cases/import_helpers.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/file.h"

#define NODES  64
#define SECOND UINT64_C(1000000000)

int trial_video(struct trial *t, const char *driver, bool output)
{
	bool busy = false;

	for (int i = 0; i < NODES; i++) {
		struct video_node node;
		char path[32];
		int fd;

		snprintf(path, sizeof(path), "/dev/video%d", i);
		fd = video_open(path);
		if (fd == -EACCES)
			busy = true;
		if (fd < 0)
			continue;
		if (!video_query(fd, &node) && !strcmp(node.driver, driver) && node.streaming &&
		    (output ? node.output : node.capture))
			return fd;
		close(fd);
	}
	if (busy)
		trial_skip(t, SKIP_NO_ACCESS, "/dev/video*: may not be opened");
	trial_skip(t, SKIP_NO_DRIVER, "%s: not here", driver);
}

void video_prepare(struct trial *t, struct video_device *device, uint32_t width, uint32_t height,
		   uint32_t pixels)
{
	int error;

	device->format = (struct video_format){.width = width, .height = height, .pixels = pixels};
	error = video_format_set(device->fd, device->queue, &device->format);
	if (!error)
		error = video_request(device->fd, device->queue, 1, NULL);
	if (error == -EBUSY)
		trial_skip(t, SKIP_NO_DRIVER, "the device is in use by others");
	trial_call(t, "VIDIOC_REQBUFS");
	trial_expect_done(t, NULL, plain_result(error));
	if (device->format.sizes[0] > PICTURE_ROOM)
		trial_skip(t, SKIP_TOO_SMALL, "the picture has %u bytes", device->format.sizes[0]);
}

struct video_device trial_camera(struct trial *t, bool output)
{
	struct video_device device = {.fd = trial_video(t, VIVID, output),
				      .queue = output ? VIDEO_OUTPUT : VIDEO_CAPTURE};

	video_prepare(t, &device, 320, 180, V4L2_PIX_FMT_YUYV);
	return device;
}

int trial_picture_buffer(struct trial *t)
{
	if (t->large < PICTURE_ROOM)
		trial_skip(t, SKIP_TOO_SMALL, "1 MiB is needed, and %zu KiB are what a test takes",
			   t->large / 1024);
	return trial_buffer(t, PICTURE_ROOM);
}

void trial_enqueue(struct trial *t, const struct video_device *device, int buffer)
{
	int error;

	trial_prepare(true);
	trial_call(t, "VIDIOC_QBUF");
	error = video_enqueue(device->fd, device->queue, 0, &device->format, &buffer);
	if (error == -EFAULT && t->target->kind == MEMORY_PAGES)
		trial_skip(t, SKIP_NOT_KNOWN,
			   "the device wants one piece, and 1 MiB is in several");
	trial_expect_done(t, NULL, plain_result(error));
	trial_prepare(false);
}

void trial_dequeue(struct trial *t, const struct video_device *device)
{
	struct video_done done = {0};

	EXPECT_OK(t, video_dequeue(device->fd, device->queue, &device->format, 10 * SECOND, &done));
	EXPECT_TRUE(t, !done.failed);
	EXPECT_NUMBER(t, device->format.sizes[0], done.bytes);
}

void trial_stream(struct trial *t, const struct video_device *device, bool on)
{
	EXPECT_OK(t, video_stream(device->fd, device->queue, on));
}

bool camera_attaches(void)
{
	char *text = NULL;
	size_t size;

	return !file_read("/sys/module/vivid/parameters/allocators", 4096, &text, &size) && size &&
	       *text == '1';
}
