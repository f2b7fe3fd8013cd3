// SPDX-License-Identifier: GPL-2.0-or-later
/* A heap's buffers in devices that attach, map, write and copy them. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/cases/fence_helpers.h"
#include "conformance/cases/import_helpers.h"
#include "model/buffer/bufinfo.h"

/* Of import.comes-back, at most. */
#define ROUNDS_MOST 64
#define DIRT        0xee

/* A picture of vivid has no page that is all of one byte. */
static void expect_picture(struct trial *t, const unsigned char *memory, size_t size)
{
	for (size_t at = 0; at + t->page <= size; at += t->page) {
		trial_say(t, "page %zu of the picture", at / t->page + 1);
		EXPECT_TRUE(t, memory[at] != DIRT ||
				       memcmp(memory + at, memory + at + 1, t->page - 1) != 0);
	}
}

TEST(captures, "import.captures",
     "A device writes a picture into the buffer, and nothing behind it.",
     VB2("__prepare_dmabuf") "; " HEAP("*_vmap"), .needs = NEED_MMAP)
{
	struct video_device device = trial_camera(t, false);
	size_t picture = device.format.sizes[0];
	int buffer = trial_picture_buffer(t);
	unsigned char *memory = trial_map(t, buffer, PICTURE_ROOM);

	trial_sync(t, buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE);
	memset(memory, DIRT, PICTURE_ROOM);
	trial_sync(t, buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE);
	trial_enqueue(t, &device, buffer);
	trial_stream(t, &device, true);
	trial_dequeue(t, &device);
	trial_sync(t, buffer, DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ);
	expect_picture(t, memory, picture);
	trial_say(t, "behind the picture");
	EXPECT_BYTES(t, DIRT, memory + picture, PICTURE_ROOM - picture);
	trial_sync(t, buffer, DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ);
}

TEST(holds, "import.holds",
     "A queued buffer has one user more, also when it came back and the device stopped, until the "
     "device lets go of its buffers (REQBUFS of 0).",
     VB2("__vb2_plane_dmabuf_put"))
{
	struct video_device device = trial_camera(t, false);
	int buffer = trial_picture_buffer(t);

	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
	trial_enqueue(t, &device, buffer);
	EXPECT_NUMBER(t, 2, fd_number(t, buffer, "count"));
	trial_stream(t, &device, true);
	trial_dequeue(t, &device);
	trial_stream(t, &device, false);
	EXPECT_NUMBER(t, 2, fd_number(t, buffer, "count"));
	EXPECT_OK(t, video_request(device.fd, device.queue, 0, NULL));
	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
}

TEST(closed, "import.closed", "A device lets go of the buffer when its node is closed.",
     VB2("__vb2_plane_dmabuf_put"))
{
	struct video_device device = trial_camera(t, false);
	int buffer = trial_picture_buffer(t);

	trial_enqueue(t, &device, buffer);
	EXPECT_NUMBER(t, 2, fd_number(t, buffer, "count"));
	EXPECT_DONE(t, close(device.fd));
	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
}

TEST(killed, "import.killed",
     "A device lets go of the buffer when the process that gave it to the device is killed.",
     VB2("__vb2_plane_dmabuf_put"))
{
	int buffer = trial_picture_buffer(t), ready[2], status;
	pid_t child;

	close(trial_camera(t, false).fd); /* skips where there is none */
	EXPECT_DONE(t, pipe2(ready, O_CLOEXEC));
	child = trial_fork(t);
	if (!child) {
		struct video_device device = trial_camera(t, false);

		trial_enqueue(t, &device, buffer);
		trial_stream(t, &device, true);
		trial_signal(t, ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	trial_await(t, ready[0]);
	EXPECT_TRUE(t, fd_number(t, buffer, "count") > 2);
	EXPECT_DONE(t, kill(child, SIGKILL));
	EXPECT_NUMBER(t, child, waitpid(child, &status, 0));
	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
}

TEST(replaced, "import.replaced",
     "A device lets go of a buffer when another one is queued in its place.",
     VB2("__prepare_dmabuf"))
{
	struct video_device device = trial_camera(t, false);
	int first = trial_picture_buffer(t), second = trial_picture_buffer(t);

	trial_enqueue(t, &device, first);
	trial_stream(t, &device, true);
	trial_dequeue(t, &device);
	EXPECT_NUMBER(t, 2, fd_number(t, first, "count"));
	trial_enqueue(t, &device, second);
	EXPECT_NUMBER(t, 1, fd_number(t, first, "count"));
	EXPECT_NUMBER(t, 2, fd_number(t, second, "count"));
}

/* How many devices the kernel's listing has for the buffer. */
static size_t listed_devices(struct trial *t, int buffer)
{
	struct bufinfo info;
	size_t count;

	trial_expect_done(t, NULL, plain_result(bufinfo_read(inode_of(t, buffer), &info)));
	count = info.devices.count;
	bufinfo_free(&info);
	return count;
}

TEST(several, "import.several",
     "Two queues of a device and another device have the buffer at once; each is listed until it "
     "lets go.",
     VB2("__prepare_dmabuf") "; drivers/dma-buf/dma-buf.c, dma_buf_debug_show",
     .needs = NEED_BUFINFO)
{
	struct video_device in = trial_camera(t, false), out = trial_camera(t, true);
	int vgem = trial_vgem(t), buffer = trial_picture_buffer(t);
	size_t each = camera_attaches();
	uint32_t handle;

	EXPECT_NUMBER(t, 0, listed_devices(t, buffer));
	trial_enqueue(t, &in, buffer);
	EXPECT_NUMBER(t, each, listed_devices(t, buffer));
	trial_enqueue(t, &out, buffer);
	EXPECT_NUMBER(t, 2 * each, listed_devices(t, buffer));
	handle = imported(t, vgem, buffer);
	EXPECT_NUMBER(t, 2 * each + 1, listed_devices(t, buffer));
	EXPECT_OK(t, video_request(in.fd, in.queue, 0, NULL));
	EXPECT_NUMBER(t, each + 1, listed_devices(t, buffer));
	EXPECT_OK(t, drm_gem_close(vgem, handle));
	EXPECT_NUMBER(t, each, listed_devices(t, buffer));
	EXPECT_DONE(t, close(out.fd));
	EXPECT_NUMBER(t, 0, listed_devices(t, buffer));
	EXPECT_NUMBER(t, 1, fd_number(t, buffer, "count"));
}

TEST(outlives_descriptor, "import.outlives-descriptor",
     "A device writes to a queued buffer whose descriptors are all closed, and a mapping shows it.",
     VB2("__prepare_dmabuf"), .needs = NEED_MMAP)
{
	struct video_device device = trial_camera(t, false);
	int buffer = trial_picture_buffer(t);
	unsigned char *memory = trial_map(t, buffer, PICTURE_ROOM);

	memset(memory, DIRT, PICTURE_ROOM);
	trial_enqueue(t, &device, buffer);
	EXPECT_DONE(t, close(buffer));
	trial_stream(t, &device, true);
	trial_dequeue(t, &device);
	expect_picture(t, memory, device.format.sizes[0]);
}

static unsigned char pattern(size_t at)
{
	return (unsigned char)(at * 31 + at / 256);
}

TEST(copies, "import.copies",
     "A device copies one buffer of the heap to another: each byte arrives, and the first stays.",
     VB2("__prepare_dmabuf") "; " HEAP("*_vmap"), .needs = NEED_MMAP)
{
	int fd = trial_video(t, VIM2M, true), source = trial_picture_buffer(t),
	    copy = trial_picture_buffer(t);
	struct video_device from = trial_copier(t, fd, true), to = trial_copier(t, fd, false);
	unsigned char *sent = trial_map(t, source, PICTURE_ROOM),
		      *got = trial_map(t, copy, PICTURE_ROOM);
	size_t picture = to.format.sizes[0], at;

	for (size_t i = 0; i < PICTURE_ROOM; i++)
		sent[i] = pattern(i);
	memset(got, DIRT, PICTURE_ROOM);
	trial_enqueue(t, &from, source);
	trial_enqueue(t, &to, copy);
	trial_stream(t, &from, true);
	trial_stream(t, &to, true);
	trial_dequeue(t, &to);
	at = 0;
	while (at < picture - 1 && got[at] == pattern(at) && sent[at] == pattern(at))
		at++;
	trial_say(t, "byte %zu of %zu", at, picture);
	EXPECT_NUMBER(t, pattern(at), sent[at]);
	EXPECT_NUMBER(t, pattern(at), got[at]);
	trial_say(t, "behind the picture");
	EXPECT_BYTES(t, DIRT, got + picture, PICTURE_ROOM - picture);
}

TEST(comes_back, "import.comes-back",
     "The memory of a buffer is freed when a device has let go of it, after its descriptor: more "
     "can be used, one after the other, than the heap holds.",
     HEAP("*_detach") "; " HEAP("*_release"), .seconds = 300)
{
	struct video_device device = trial_camera(t, false);
	uint64_t rounds = t->target->capacity / PICTURE_ROOM + 1;

	if (!t->target->capacity)
		trial_skip(t, SKIP_NOT_KNOWN, "how much the heap holds");
	if (rounds > ROUNDS_MOST)
		trial_skip(t, SKIP_NOT_KNOWN, "it holds more than %d buffers", ROUNDS_MOST);
	for (uint64_t round = 0; round < rounds; round++) {
		int buffer;

		trial_say(t, "buffer %" PRIu64 " of %zu bytes", round + 1, PICTURE_ROOM);
		buffer = round ? EXPECT_DONE(t, allocate(t->heap, PICTURE_ROOM, O_RDWR | O_CLOEXEC))
			       : trial_picture_buffer(t);
		trial_enqueue(t, &device, buffer);
		EXPECT_DONE(t, close(buffer));
		trial_stream(t, &device, true); /* then the driver maps it for itself as well */
		trial_dequeue(t, &device);
		trial_stream(t, &device, false);
		EXPECT_OK(t, video_request(device.fd, device.queue, 0, NULL));
		EXPECT_OK(t, video_request(device.fd, device.queue, 1, NULL));
	}
}

/* What keeps memory is found before it has kept all. */
SUITE(import, "import", NEED_HEAP | NEED_IDLE, captures, comes_back, holds, closed, killed,
      replaced, several, outlives_descriptor, copies);
