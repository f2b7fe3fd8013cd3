// SPDX-License-Identifier: GPL-2.0-or-later
/* CPU access to a buffer that devices have mapped, and what the kernel does then, by its trace. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conformance/cases/import_helpers.h"
#include "conformance/engine/sandbox.h"
#include "sys/file.h"

TEST(sync_mapped, "import.sync-mapped",
     "CPU access begins and ends in each direction while a device has mapped the buffer, and the "
     "data stays.",
     HEAP("*_begin_cpu_access"), .needs = NEED_MMAP)
{
	struct video_device device = trial_camera(t, true);
	int buffer = trial_picture_buffer(t);
	unsigned char *memory = trial_map(t, buffer, PICTURE_ROOM);

	memset(memory, 0x5a, PICTURE_ROOM);
	trial_enqueue(t, &device, buffer);
	for (uint64_t direction = DMA_BUF_SYNC_READ; direction <= DMA_BUF_SYNC_RW; direction++) {
		trial_sync(t, buffer, DMA_BUF_SYNC_START | direction);
		EXPECT_BYTES(t, 0x5a, memory, PICTURE_ROOM);
		trial_sync(t, buffer, DMA_BUF_SYNC_END | direction);
		EXPECT_BYTES(t, 0x5a, memory, PICTURE_ROOM);
	}
}

/* Trace events, in an instance of their own. */

#define TRACING  "/sys/kernel/tracing/instances"
#define INSTANCE TRACING "/dmaheap-test"

static int enable(const char *path)
{
	int file = open(path, O_WRONLY | O_CLOEXEC), error = 0;

	if (file < 0 || write(file, "1", 1) != 1)
		error = -errno;
	if (file >= 0)
		close(file);
	return error;
}

/*
 * What the kernel traces of maintenance while ACT runs, in a process of its own: the instance is
 * gone at the end whatever that comes to.
 */
static char *traced(struct trial *t, void (*act)(struct trial *t, void *data), void *data)
{
	char *text = NULL;
	int status, error;
	size_t size;
	pid_t child;

	rmdir(INSTANCE); /* of a run that was killed */
	if (mkdir(INSTANCE, 0700))
		trial_unreadable(t, TRACING, -errno);
	error = enable(INSTANCE "/events/dma/dma_sync_sg_for_cpu/enable");
	if (!error)
		error = enable(INSTANCE "/events/dma/dma_sync_sg_for_device/enable");
	child = error ? -1 : sandbox_fork();
	if (!child) {
		act(t, data);
		trial_child_done();
	}
	if (child > 0) {
		waitpid(child, &status, 0);
		error = file_read(INSTANCE "/trace", (size_t)1 << 20, &text, &size);
	}
	rmdir(INSTANCE);
	if (error)
		trial_unreadable(t, INSTANCE, error);
	if (child < 0)
		trial_skip(t, SKIP_NO_PROCESS, "fork");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		_exit(EXIT_FAILURE); /* it has said why */
	return text;
}

/* How many lines of the trace are of this event of vivid in this direction. */
static int count_events(const char *trace, const char *event, const char *direction)
{
	int count = 0;

	for (const char *at = trace; (at = strstr(at, event)); at++) {
		const char *end = strchr(at, '\n'), *found = strstr(at, direction);

		count += found && end && found < end && !strncmp(at + strlen(event), VIVID, 5);
	}
	return count;
}

/* Begins and ends CPU access to a buffer once in each direction. */
static void access_each(struct trial *t, void *data)
{
	const int *buffer = data;

	for (uint64_t flags = DMA_BUF_SYNC_READ; flags <= DMA_BUF_SYNC_RW; flags++) {
		trial_sync(t, *buffer, DMA_BUF_SYNC_START | flags);
		trial_sync(t, *buffer, DMA_BUF_SYNC_END | flags);
	}
}

static void expect_maintenance(struct trial *t, int buffer, int importers)
{
	static const char *const names[] = {"", "dir=FROM_DEVICE", "dir=TO_DEVICE",
					    "dir=BIDIRECTIONAL"};
	char *trace = traced(t, access_each, &buffer);

	for (uint64_t flags = DMA_BUF_SYNC_READ; flags <= DMA_BUF_SYNC_RW; flags++) {
		trial_say(t, "%d importers, %s", importers, names[flags]);
		EXPECT_NUMBER(t, importers,
			      count_events(trace, "dma_sync_sg_for_cpu: ", names[flags]));
		EXPECT_NUMBER(t, importers,
			      count_events(trace, "dma_sync_sg_for_device: ", names[flags]));
	}
	free(trace);
}

/* To make an instance and to remove it takes seconds where the machine is busy. */
TEST(sync_maintains, "import.sync-maintains",
     "CPU access maintains the buffer once for each place in a device that is not coherent that "
     "has it mapped, in the direction that was asked for.",
     HEAP("*_begin_cpu_access, *_end_cpu_access"), .since = KERNEL(6, 12, 0), .needs = NEED_ROOT,
     .seconds = 300)
{
	struct video_device in = trial_camera(t, false), out = trial_camera(t, true);
	int buffer = trial_picture_buffer(t);

	if (!camera_attaches())
		trial_skip(t, SKIP_NO_DRIVER,
			   "vivid maps nothing: it was loaded without "
			   "allocators=1");
	if (access("/proc/device-tree/compatible", F_OK) || sizeof(void *) != 8)
		trial_skip(t, SKIP_NOT_KNOWN, "whether the device is coherent");
	expect_maintenance(t, buffer, 0);
	trial_enqueue(t, &in, buffer);
	expect_maintenance(t, buffer, 1);
	trial_enqueue(t, &out, buffer);
	expect_maintenance(t, buffer, 2);
}

SUITE(import_sync, "import", NEED_HEAP | NEED_IDLE, sync_mapped, sync_maintains);
