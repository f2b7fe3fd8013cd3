// SPDX-License-Identifier: GPL-2.0-or-later
/* CPU access to a buffer that devices have mapped, and what the kernel does then, by its trace. */
#include <errno.h>
#include <inttypes.h>
#include <linux/dma-buf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "conformance/cases/import_helpers.h"
#include "conformance/engine/sandbox.h"
#include "sys/tracing.h"

static void must_attach(struct trial *t, const struct video_device *device)
{
	if (!device->maps)
		trial_skip(t, SKIP_NO_DRIVER,
			   "vivid maps nothing: it was loaded without allocators=1");
}

TEST(sync_mapped, "import.sync-mapped",
     "CPU access begins and ends in each direction while a device has mapped the buffer, and the "
     "data stays.",
     HEAP("*_begin_cpu_access"), .needs = NEED_MMAP)
{
	struct video_device device = trial_camera(t, true);
	int buffer = trial_picture_buffer(t);
	unsigned char *memory = trial_map(t, buffer, PICTURE_ROOM);

	must_attach(t, &device);
	memset(memory, 0x5a, PICTURE_ROOM);
	trial_enqueue(t, &device, buffer);
	for (uint64_t direction = DMA_BUF_SYNC_READ; direction <= DMA_BUF_SYNC_RW; direction++) {
		trial_sync(t, buffer, DMA_BUF_SYNC_START | direction);
		EXPECT_BYTES(t, 0x5a, memory, PICTURE_ROOM);
		trial_sync(t, buffer, DMA_BUF_SYNC_END | direction);
		EXPECT_BYTES(t, 0x5a, memory, PICTURE_ROOM);
	}
}

/*
 * The lines that the kernel traces of maintenance while ACT runs in a process of its own: however
 * that ends, tracing ends here.
 */
static struct strings traced(struct trial *t, void (*act)(struct trial *t, void *data), void *data)
{
	static const char *const events[] = {"dma/dma_sync_sg_for_cpu",
					     "dma/dma_sync_sg_for_device", NULL};
	const struct tracing_wanted wanted = {.events = events, .own = true, .bare = true};
	struct strings lines = {0};
	struct tracing *tracing;
	int status = 0, error;
	uint64_t lost = 0;
	bool ended;
	pid_t child;

	error = tracing_begin(&wanted, &tracing);
	if (error == -EOPNOTSUPP)
		trial_skip(t, SKIP_NOT_KNOWN, "which events are those of this process");
	if (error)
		trial_unreadable(t, "/sys/kernel/tracing", error);
	child = sandbox_fork();
	if (!child) {
		tracing_leave(tracing);
		act(t, data);
		trial_child_done();
	}
	ended = child > 0 && waitpid(child, &status, 0) == child;
	if (ended)
		error = tracing_read(tracing, &lines, &lost);
	tracing_end(tracing);
	if (!ended)
		trial_skip(t, SKIP_NO_PROCESS, "fork");
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		_exit(EXIT_FAILURE); /* it has said why */
	if (error)
		trial_unreadable(t, "/sys/kernel/tracing", error);
	if (lost)
		trial_skip(t, SKIP_NOT_KNOWN, "the kernel had no room for %" PRIu64 " events",
			   lost);
	return lines;
}

/* How many lines are of this event of vivid in this direction. */
static int count_events(const struct strings *lines, const char *event, const char *direction)
{
	int count = 0;

	array_for_each (lines, line)
		count += text_starts_with(*line, event) && strstr(*line, direction);
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
	struct strings lines = traced(t, access_each, &buffer);

	for (uint64_t flags = DMA_BUF_SYNC_READ; flags <= DMA_BUF_SYNC_RW; flags++) {
		trial_say(t, "%d importers, %s", importers, names[flags]);
		EXPECT_NUMBER(t, importers,
			      count_events(&lines, "dma_sync_sg_for_cpu: " VIVID, names[flags]));
		EXPECT_NUMBER(t, importers,
			      count_events(&lines, "dma_sync_sg_for_device: " VIVID, names[flags]));
	}
	strings_free(&lines);
}

/* Whether a device of which nothing is said is not coherent: dma_default_coherent is not set. */
static bool is_incoherent(void)
{
#ifdef __aarch64__
	return true;
#else
	return false;
#endif
}

/* To make an instance and to remove it takes seconds where the machine is busy. */
TEST(sync_maintains, "import.sync-maintains",
     "CPU access maintains the buffer once for each place in a device that is not coherent that "
     "has it mapped, in the direction that was asked for.",
     HEAP("*_begin_cpu_access, *_end_cpu_access"), .since = KERNEL(6, 12, 0), .needs = NEED_ROOT,
     .dangers = DANGER_NOISE, .seconds = 300)
{
	struct video_device in = trial_camera(t, false), out = trial_camera(t, true);
	int buffer = trial_picture_buffer(t);

	must_attach(t, &in);
	if (!is_incoherent())
		trial_skip(t, SKIP_NOT_KNOWN, "whether the device is coherent");
	expect_maintenance(t, buffer, 0);
	trial_enqueue(t, &in, buffer);
	expect_maintenance(t, buffer, 1);
	trial_enqueue(t, &out, buffer);
	expect_maintenance(t, buffer, 2);
}

SUITE(import_sync, "import", NEED_HEAP | NEED_IDLE, sync_mapped, sync_maintains);
