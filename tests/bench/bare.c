// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Allocates COUNT buffers of SIZE bytes from HEAP by the bare ioctl, holds them all or frees each
 * before the next, and prints the nanoseconds that each call took, one a line.
 * Usage: bare HEAP SIZE COUNT hold|free
 */
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static long now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return 1000000000L * time.tv_sec + time.tv_nsec;
}

int main(int argc, char **argv)
{
	int heap = argc == 5 ? open(argv[1], O_RDWR | O_CLOEXEC) : -1;
	int count = argc == 5 ? atoi(argv[3]) : 0;

	if (heap < 0) {
		perror("bare");
		return 1;
	}
	for (int i = 0; i < count; i++) {
		struct dma_heap_allocation_data data = {.len = strtoull(argv[2], NULL, 10),
							.fd_flags = O_RDWR | O_CLOEXEC};
		long start = now(), took;

		if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) < 0) {
			perror("DMA_HEAP_IOCTL_ALLOC");
			return 1;
		}
		took = now() - start;
		printf("%ld\n", took);
		if (*argv[4] == 'f')
			close((int)data.fd);
	}
	return 0;
}
