/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices without hardware that take a heap's buffers: vivid, a camera, and vim2m, which copies
 * from memory to memory. A real device is never opened, and no module is loaded: where these are
 * not here a statement is skipped. drivers/media/test-drivers, drivers/media/common/videobuf2
 */
#ifndef CONFORMANCE_CASES_IMPORT_HELPERS_H
#define CONFORMANCE_CASES_IMPORT_HELPERS_H

#include "conformance/engine/trial.h"
#include "sys/v4l2.h"

#define VIVID "vivid"
#define VIM2M "vim2m"

#define VB2(function)  "drivers/media/common/videobuf2/videobuf2-core.c, " function
#define HEAP(function) "drivers/dma-buf/heaps, " function

/*
 * A piece that the page allocator gives whole, if it can: what is behind vb2's dma-contig must be
 * in one piece. Larger than a picture.
 */
#define PICTURE_ROOM ((size_t)1 << 20)

/* A queue of a node, with the format of its pictures. */
struct video_device {
	int fd;
	enum video_queue queue;
	struct video_format format;
	bool maps; /* it attaches buffers, and they have to be in one piece */
};

/*
 * Opens a node whose driver sysfs says to be DRIVER and that has an OUTPUT queue of one plane, or
 * one for capture; skips where there is none.
 */
int trial_video(struct trial *trial, const char *driver, bool output);
/*
 * vivid, with one place for a buffer: it writes buffers or, with OUTPUT, reads them. Its format is
 * the device's, for all who use it, and stays as it is: skips where a picture is larger than
 * PICTURE_ROOM, or where another file has the queue.
 */
struct video_device trial_camera(struct trial *trial, bool output);
/* A queue of vim2m, FD, with small pictures, a format of this open file only; and one place. */
struct video_device trial_copier(struct trial *trial, int fd, bool output);
/*
 * Says whether vivid attaches its buffers and maps them: vb2's dma-contig does (allocators=1),
 * vb2's vmalloc does not.
 */
bool camera_attaches(void);

/* A buffer with room for a picture, PICTURE_ROOM; skips where a test may not take so much. */
int trial_picture_buffer(struct trial *trial);

/*
 * Queues a buffer, where that is not what is tested: the device attaches and maps it. Skips where
 * the heap's buffers may be in several pieces and the device wants one, which the kernel logs: only
 * a statement with DANGER_NOISE tries; and where another memory than CMA is refused.
 */
void trial_enqueue(struct trial *trial, const struct video_device *device, int buffer);
/* Waits for it to come back, with a whole picture. */
void trial_dequeue(struct trial *trial, const struct video_device *device);
void trial_stream(struct trial *trial, const struct video_device *device, bool on);

#endif
