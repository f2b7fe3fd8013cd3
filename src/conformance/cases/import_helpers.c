// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/cases/import_helpers.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/device.h"
#include "sys/file.h"

#define NODES  64
#define SECOND UINT64_C(1000000000)

/* By sysfs: a node that is opened may wake its device. */
static bool is_node_of(const char *path, const char *driver)
{
	AUTO_FREE char *directory = NULL, *found = NULL;
	dev_t number;

	if (device_number(path, &number) || device_directory(number, &directory))
		return false;
	found = device_driver(directory);
	return found && !strcmp(found, driver);
}

int trial_video(struct trial *t, const char *driver, bool output)
{
	bool closed = false;

	for (int i = 0; i < NODES; i++) {
		struct video_node node;
		char path[32];
		int fd;

		snprintf(path, sizeof(path), "/dev/video%d", i);
		if (!is_node_of(path, driver))
			continue;
		fd = video_open(path);
		if (fd == -EACCES || fd == -EPERM)
			closed = true;
		if (fd < 0)
			continue;
		if (!video_query(fd, &node) && node.streaming &&
		    (output ? node.output == VIDEO_OUTPUT : node.capture == VIDEO_CAPTURE))
			return fd;
		close(fd);
	}
	if (closed)
		trial_skip(t, SKIP_NO_ACCESS, "%s: may not be opened", driver);
	trial_skip(t, SKIP_NO_DRIVER, "%s: not here", driver);
}

/* Ends the statement where the call has failed for -errno. */
static void must(struct trial *t, int error)
{
	if (error == -EBUSY)
		trial_skip(t, SKIP_NO_DRIVER, "the device is in use by others");
	trial_expect_done(t, NULL, plain_result(error));
}

/* One place for a buffer of the format that the queue has. */
static void request_one(struct trial *t, const struct video_device *device)
{
	if (device->format.sizes[0] > PICTURE_ROOM)
		trial_skip(t, SKIP_TOO_SMALL, "the picture has %u bytes", device->format.sizes[0]);
	trial_call(t, "VIDIOC_REQBUFS");
	must(t, video_request(device->fd, device->queue, 1, NULL));
	trial_prepare(false);
}

struct video_device trial_camera(struct trial *t, bool output)
{
	struct video_device device = {.fd = trial_video(t, VIVID, output),
				      .queue = output ? VIDEO_OUTPUT : VIDEO_CAPTURE,
				      .maps = camera_attaches()};

	trial_prepare(true);
	trial_call(t, "VIDIOC_G_FMT");
	must(t, video_format_get(device.fd, device.queue, &device.format));
	request_one(t, &device);
	return device;
}

struct video_device trial_copier(struct trial *t, int fd, bool output)
{
	struct video_device device = {
		.fd = fd,
		.queue = output ? VIDEO_OUTPUT : VIDEO_CAPTURE,
		.format = {.width = 128, .height = 128, .pixels = V4L2_PIX_FMT_RGB565X}};

	trial_prepare(true);
	trial_call(t, "VIDIOC_S_FMT");
	must(t, video_format_set(fd, device.queue, &device.format));
	request_one(t, &device);
	return device;
}

int trial_picture_buffer(struct trial *t)
{
	if (t->large < PICTURE_ROOM)
		trial_skip(t, SKIP_TOO_SMALL, "1 MiB is needed, and %zu KiB are what a test takes",
			   t->large / 1024);
	return trial_buffer(t, PICTURE_ROOM);
}

/* Says whether all buffers of the trial's heap are known to be in one piece. */
static bool is_in_one_piece(const struct trial *t)
{
	enum memory_kind kind = t->target->kind;

	return kind == MEMORY_CMA || kind == MEMORY_COHERENT || kind == MEMORY_CARVE_OUT;
}

/*
 * Whether a driver must take a buffer of the trial's heap: who else has memory of its own may
 * refuse. A carve-out is whole, and -EINVAL says that its driver can't map it
 * (vb2_dc_map_dmabuf()).
 */
static bool must_take(const struct trial *t, int error)
{
	return t->target->kind == MEMORY_CMA ||
	       (t->target->kind == MEMORY_CARVE_OUT && error == -EINVAL) ||
	       (error != -EFAULT && error != -EINVAL);
}

void trial_enqueue(struct trial *t, const struct video_device *device, int buffer)
{
	int error;

	/* the kernel logs the refusal of one in several pieces */
	if (device->maps && !is_in_one_piece(t) && !(t->statement->dangers & DANGER_NOISE))
		trial_skip(t, SKIP_NOT_KNOWN,
			   "the device wants one piece, and 1 MiB may be in several");
	trial_prepare(true);
	trial_call(t, "VIDIOC_QBUF");
	error = video_enqueue(device->fd, device->queue, 0, &device->format, &buffer);
	if (!must_take(t, error))
		trial_skip(t, SKIP_NOT_KNOWN, "whether this device can use the heap's memory");
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
