// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ask MODULE.ko ASKS: asks for sync files of bare-fence again and again, in two threads, while a
 * third signals the fences, and unloads the module under them; until there were ASKS of them.
 * Prints what was odd: an answer that is neither that of the driver nor that of a fence which is
 * free of it, or a fence that is pending again.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef DMA_BUF_IOCTL_IMPORT_SYNC_FILE
#include <linux/types.h>
struct dma_buf_import_sync_file {
	__u32 flags;
	__s32 fd;
};
#define DMA_BUF_IOCTL_IMPORT_SYNC_FILE _IOW(DMA_BUF_BASE, 3, struct dma_buf_import_sync_file)
#endif

#define BARE_MAKE   _IO('B', 0)
#define BARE_SIGNAL _IO('B', 1)
#define FENCES      16
#define ASKERS      2

static int files[FENCES], device, buffer;
static atomic_long asks, odd;
static atomic_bool stop;

static void fail(const char *what)
{
	fprintf(stderr, "ask: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* One look at a sync file; *status is what it was the last time. */
static void ask(int file, int *status)
{
	struct sync_fence_info fence = {0};
	struct sync_file_info info = {.num_fences = 1, .sync_fence_info = (uintptr_t)&fence};

	if (ioctl(file, SYNC_IOC_FILE_INFO, &info))
		fail("SYNC_IOC_FILE_INFO");
	atomic_fetch_add(&asks, 1);
	/* the kernel asks for one after the other, and a signal may come between */
	if ((strcmp(fence.driver_name, "bare") && strcmp(fence.driver_name, "detached-driver")) ||
	    (strcmp(fence.obj_name, "bare-line") && strcmp(fence.obj_name, "signaled-timeline")) ||
	    fence.status < *status || fence.status > 1) {
		atomic_fetch_add(&odd, 1);
		printf("odd: driver %.32s, timeline %.32s, status %d after %d\n", fence.driver_name,
		       fence.obj_name, fence.status, *status);
	}
	*status = fence.status;
}

static void merge_and_poll(int first, int second)
{
	struct sync_merge_data merge = {.name = "merged", .fd2 = second};
	struct pollfd wait = {.fd = first, .events = POLLIN};

	if (ioctl(first, SYNC_IOC_MERGE, &merge))
		fail("SYNC_IOC_MERGE");
	poll(&wait, 1, 0);
	wait.fd = merge.fence;
	poll(&wait, 1, 0);
	close(merge.fence);
}

static void *asker(void *argument)
{
	unsigned int turn = (unsigned int)(uintptr_t)argument;
	int status[FENCES] = {0};

	while (!atomic_load(&stop)) {
		for (int i = 0; i < FENCES; i++)
			ask(files[i], &status[i]);
		merge_and_poll(files[turn % FENCES], files[(turn + 1) % FENCES]);
		turn++;
	}
	return NULL;
}

static void *signaller(void *argument)
{
	(void)argument;
	for (int i = 0; i < FENCES / 2; i++) {
		if (ioctl(device, BARE_SIGNAL))
			fail("BARE_SIGNAL");
		usleep(1000);
	}
	return NULL;
}

/* The kernel's listing of all buffers, with the names of their fences. */
static void read_listing(void)
{
	char text[4096];
	int listing = open("/sys/kernel/debug/dma_buf/bufinfo", O_RDONLY);

	while (listing >= 0 && read(listing, text, sizeof(text)) > 0)
		;
	close(listing);
}

static void unload_under_askers(const char *module)
{
	pthread_t askers[ASKERS], signals;
	int code = open(module, O_RDONLY | O_CLOEXEC);
	long before;

	if (code < 0 || syscall(SYS_finit_module, code, "", 0))
		fail(module);
	close(code);
	device = open("/dev/bare-fence", O_RDWR | O_CLOEXEC);
	if (device < 0)
		fail("/dev/bare-fence");
	for (int i = 0; i < FENCES; i++) {
		struct dma_buf_import_sync_file import = {.flags = DMA_BUF_SYNC_READ};

		files[i] = ioctl(device, BARE_MAKE);
		if (files[i] < 0)
			fail("BARE_MAKE");
		import.fd = files[i];
		if (ioctl(buffer, DMA_BUF_IOCTL_IMPORT_SYNC_FILE, &import))
			fail("DMA_BUF_IOCTL_IMPORT_SYNC_FILE");
	}
	atomic_store(&stop, 0);
	for (uintptr_t i = 0; i < ASKERS; i++)
		pthread_create(&askers[i], NULL, asker, (void *)i);
	pthread_create(&signals, NULL, signaller, NULL);
	pthread_join(signals, NULL);
	read_listing();
	close(device);
	if (syscall(SYS_delete_module, "bare_fence", 0))
		fail("delete_module");
	before = atomic_load(&asks);
	while (atomic_load(&asks) < before + 5000)
		usleep(1000);
	read_listing();
	atomic_store(&stop, 1);
	for (int i = 0; i < ASKERS; i++)
		pthread_join(askers[i], NULL);
	for (int i = 0; i < FENCES; i++)
		close(files[i]);
}

int main(int argc, char **argv)
{
	struct dma_heap_allocation_data request = {.len = 4096, .fd_flags = O_RDWR | O_CLOEXEC};
	int heap = open("/dev/dma_heap/system", O_RDWR | O_CLOEXEC), unloads = 0;

	if (argc != 3)
		return 2;
	if (heap < 0 || ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request))
		fail("system");
	buffer = (int)request.fd;
	for (; atomic_load(&asks) < atol(argv[2]); unloads++)
		unload_under_askers(argv[1]);
	printf("%ld asks, %d unloads, %ld odd\n", atomic_load(&asks), unloads, atomic_load(&odd));
	return atomic_load(&odd) != 0;
}
