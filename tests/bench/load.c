// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The least that a program does to get a file into a heap's buffer: read(2) into the mapping,
 * between the calls of DMA_BUF_IOCTL_SYNC. And the processor time of a command, in nanoseconds.
 * Usage: load NODE FILE
 *        load time COMMAND...
 */
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int load(const char *node, const char *path)
{
	struct dma_heap_allocation_data request = {.fd_flags = O_RDWR | O_CLOEXEC};
	struct dma_buf_sync begin = {DMA_BUF_SYNC_START | DMA_BUF_SYNC_WRITE},
			    end = {DMA_BUF_SYNC_END | DMA_BUF_SYNC_WRITE};
	int heap = open(node, O_RDONLY), file = open(path, O_RDONLY);
	struct stat status;
	size_t done = 0;
	ssize_t got = 1;
	char *memory;

	if (fstat(file, &status))
		return 1;
	request.len = (size_t)status.st_size;
	if (ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &request))
		return 1;
	memory = mmap(NULL, request.len, PROT_READ | PROT_WRITE, MAP_SHARED, (int)request.fd, 0);
	if (memory == MAP_FAILED || ioctl((int)request.fd, DMA_BUF_IOCTL_SYNC, &begin))
		return 1;
	while (done < request.len && got > 0) {
		size_t left = request.len - done;

		got = read(file, memory + done, left < 1 << 20 ? left : 1 << 20);
		done += got > 0 ? (size_t)got : 0;
	}
	return ioctl((int)request.fd, DMA_BUF_IOCTL_SYNC, &end) || done < request.len;
}

static int processor_time(char **command)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	pid_t child;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, *command, &actions, NULL, command, environ) ||
	    wait4(child, &status, 0, &usage) < 0 || status)
		return 1;
	printf("%lld\n", 1000LL * (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec +
				   1000000LL * (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)));
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && !strcmp(argv[1], "time"))
		return processor_time(argv + 2);
	return argc != 3 || load(argv[1], argv[2]);
}
