/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Video4Linux nodes that take dma-bufs, one function a call: include/uapi/linux/videodev2.h,
 * drivers/media/common/videobuf2/. Every function returns -errno where the kernel refuses, and
 * leaves its results untouched then. A node's queue is of one open file as soon as buffers have
 * been requested: -EBUSY says that another file has it.
 */
#ifndef SYS_V4L2_H
#define SYS_V4L2_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VIDEO_PLANES_MAX 8 /* VIDEO_MAX_PLANES */

/* The types of queue whose buffers hold pictures: the values of enum v4l2_buf_type. */
enum video_queue {
	VIDEO_CAPTURE = 1, /* the device writes the buffers */
	VIDEO_OUTPUT = 2,  /* the device reads them */
	VIDEO_CAPTURE_PLANES = 9,
	VIDEO_OUTPUT_PLANES = 10,
};

/* What a node is. */
struct video_node {
	char driver[16];       /* with a NUL; of a driver's choice */
	bool streaming;        /* has queues at all (V4L2_CAP_STREAMING) */
	bool memory_to_memory; /* the queues and formats are of each open file */
	/* those that it has, 0: none; a memory-to-memory node has both */
	enum video_queue capture, output;
};

/* Of a queue. Each plane is a buffer of its own. */
struct video_format {
	uint32_t width, height, pixels;   /* pixels: a fourcc, V4L2_PIX_FMT_* */
	uint32_t field;                   /* enum v4l2_field */
	unsigned int planes;              /* 1 to VIDEO_PLANES_MAX */
	uint32_t sizes[VIDEO_PLANES_MAX]; /* bytes that a buffer of each plane must have */
};

/* A buffer that came back. */
struct video_done {
	unsigned int index;
	uint32_t bytes; /* used, of the first plane */
	bool failed;    /* V4L2_BUF_FLAG_ERROR: the data is no good */
};

/* Opens a node to read and write, without waiting. Returns a descriptor that the caller closes, or
 * -errno. */
int video_open(const char *path) __attribute__((nonnull));

/* VIDIOC_QUERYCAP. -ENOTTY: no video node. */
int video_query(int fd, struct video_node *node) __attribute__((nonnull));

/* VIDIOC_G_FMT. -EINVAL: the node has no such queue; -EPROTO: a format that makes no sense. */
int video_format_get(int fd, enum video_queue queue, struct video_format *format)
	__attribute__((nonnull));
/*
 * VIDIOC_S_FMT with the pixels and the size of *format, into which goes what the driver made of
 * it. -EBUSY: buffers have been requested. Of a memory-to-memory node only this file's is set, of
 * others the device's, for all.
 */
int video_format_set(int fd, enum video_queue queue, struct video_format *format)
	__attribute__((nonnull));

/*
 * VIDIOC_REQBUFS of V4L2_MEMORY_DMABUF for COUNT buffers; *got, which may be NULL, is how many
 * there are. 0 releases all: the device lets go of what was queued, mapped and attached. -EINVAL:
 * the queue takes no dma-bufs; -EBUSY: another file has the queue.
 */
int video_request(int fd, enum video_queue queue, unsigned int count, unsigned int *got);

/*
 * VIDIOC_QBUF: queues a dma-buf for each plane of FORMAT, of at least its size. The first time at
 * an INDEX, and where another buffer was there, the device attaches it and maps it, also before
 * video_stream(); it keeps both until video_request(…, 0) or close(2) (videobuf2-core.c,
 * __prepare_dmabuf()). -EFAULT: where videobuf2-dma-contig is used, the buffer is not contiguous
 * for the device, or too small (videobuf2-dma-contig.c, vb2_dc_map_dmabuf(),
 * vb2_dc_attach_dmabuf()); -EINVAL: too small, or no dma-buf.
 */
int video_enqueue(int fd, enum video_queue queue, unsigned int index,
		  const struct video_format *format, const int *dmabufs) __attribute__((nonnull));

/* VIDIOC_STREAMON, VIDIOC_STREAMOFF: starts and stops the device. */
int video_stream(int fd, enum video_queue queue, bool on);

/*
 * Waits LIMIT_NS nanoseconds at most until the device has done with a buffer (poll(2)), and takes
 * it (VIDIOC_DQBUF). -ETIMEDOUT; -EINTR after a signal; -EIO: the device failed, or nothing is
 * queued. Of a memory-to-memory node the queues become ready at different times: it asks again.
 */
int video_dequeue(int fd, enum video_queue queue, const struct video_format *format,
		  uint64_t limit_ns, struct video_done *done) __attribute__((nonnull));

#endif
