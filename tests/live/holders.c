// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holds a buffer of a heap in one way, for tests of `dmaheap buffers`:
 *
 *	holders HEAP KIND
 *
 * allocates 1 MiB, prints "INODE PID", and holds it until standard input ends. The ways are in
 * kinds[].
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libdrm/drm.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/vgem.h"

#define SIZE (1 << 20)

static int must(const char *what, long result)
{
	if (result < 0)
		err(1, "%s", what);
	return (int)result;
}

static char *map(int fd)
{
	char *memory = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED)
		err(1, "mmap");
	return memory;
}

static void keep_descriptor(int fd)
{
	(void)fd;
}

static void keep_copies(int fd)
{
	must("dup", dup(fd));
	must("dup", dup(fd));
}

static void keep_mapping(int fd)
{
	map(fd);
	close(fd);
}

/* What is left of a mapping with a hole in it are two. */
static void keep_hole(int fd)
{
	char *memory = map(fd);

	must("munmap", munmap(memory + SIZE / 4, SIZE / 4));
	close(fd);
}

static void keep_both(int fd)
{
	map(fd);
}

static atomic_bool apart;

/* Only the table of this thread has it then. */
static void *hold_in_thread(void *data)
{
	(void)data;
	must("unshare", unshare(CLONE_FILES));
	apart = true;
	pause();
	return NULL;
}

static void keep_in_thread(int fd)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, hold_in_thread, NULL))
		errx(1, "pthread_create");
	while (!apart)
		usleep(1000);
	close(fd);
}

static void keep_path(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	must("open", open(path, O_PATH | O_CLOEXEC));
	close(fd);
}

/* A descriptor that was sent and not received. */
static void keep_in_flight(int fd)
{
	int pair[2];
	char byte = 0;
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec part = {.iov_base = &byte, .iov_len = 1};
	struct msghdr message = {.msg_iov = &part,
				 .msg_iovlen = 1,
				 .msg_control = &control,
				 .msg_controllen = sizeof(control)};

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	must("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	must("sendmsg", sendmsg(pair[0], &message, 0));
	close(fd);
}

static void keep_in_ring(int fd)
{
	struct io_uring_params parameters = {0};
	int ring = must("io_uring_setup", syscall(SYS_io_uring_setup, 1, &parameters));

	must("io_uring_register",
	     syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, &fd, 1));
	close(fd);
}

/* A child with a copy; it ends with its parent. */
static void keep_in_child(int fd)
{
	(void)fd;
	if (!must("fork", fork())) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
	}
}

static int open_vgem(void)
{
	for (int number = 0; number < 16; number++) {
		char path[64], name[16] = "";
		struct drm_version version = {.name = name, .name_len = sizeof(name) - 1};
		int card;

		snprintf(path, sizeof(path), "/dev/dri/card%d", number);
		card = open(path, O_RDWR | O_CLOEXEC);
		if (card >= 0 && !ioctl(card, DRM_IOCTL_VERSION, &version) && !strcmp(name, "vgem"))
			return card;
		if (card >= 0)
			close(card);
	}
	errx(1, "no vgem");
}

static int attach(int fd, struct drm_prime_handle *import)
{
	int card = open_vgem();

	import->fd = fd;
	must("import", ioctl(card, DRM_IOCTL_PRIME_FD_TO_HANDLE, import));
	close(fd);
	return card;
}

/* Only a device has it. */
static void keep_in_device(int fd)
{
	struct drm_prime_handle import = {0};

	attach(fd, &import);
}

/* A device that has it, and says that it will write: the fence ends by itself after 10 s. */
static void keep_fence(int fd)
{
	struct drm_prime_handle import = {0};
	int card = attach(fd, &import);
	struct drm_vgem_fence_attach fence = {.handle = import.handle, .flags = VGEM_FENCE_WRITE};

	must("fence", ioctl(card, DRM_IOCTL_VGEM_FENCE_ATTACH, &fence));
}

static const struct {
	const char *name;
	void (*keep)(int fd);
} kinds[] = {
	{"descriptor", keep_descriptor},
	{"copies", keep_copies},
	{"mapping", keep_mapping},
	{"hole", keep_hole},
	{"both", keep_both},
	{"thread", keep_in_thread},
	{"path", keep_path},
	{"flight", keep_in_flight},
	{"ring", keep_in_ring},
	{"child", keep_in_child},
	{"device", keep_in_device},
	{"fence", keep_fence},
};

int main(int argc, char **argv)
{
	struct dma_heap_allocation_data data = {.len = SIZE, .fd_flags = O_RDWR | O_CLOEXEC};
	struct stat status;
	char path[256], byte;
	int heap, fd;

	if (argc != 3)
		errx(2, "usage: holders HEAP KIND");
	snprintf(path, sizeof(path), "/dev/dma_heap/%s", argv[1]);
	heap = must(path, open(path, O_RDWR | O_CLOEXEC));
	must("allocation", ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data));
	close(heap);
	fd = (int)data.fd;
	must("name", ioctl(fd, DMA_BUF_SET_NAME_B, argv[2]));
	must("fstat", fstat(fd, &status));
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].name, argv[2]) != 0)
			continue;
		kinds[i].keep(fd);
		printf("%llu %d\n", (unsigned long long)status.st_ino, getpid());
		fflush(stdout);
		while (read(STDIN_FILENO, &byte, 1) > 0)
			;
		return 0;
	}
	errx(2, "no way to hold is called %s", argv[2]);
}
