// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holds a buffer of a heap in one way, for tests of `dmaheap buffers`:
 *
 *	holders HEAP KIND
 *
 * allocates 1 MiB, of the heap or of what the kind names, prints "INODE PID", and holds it until
 * standard input ends. The ways are in kinds[].
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libdrm/drm.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <linux/io_uring.h>
#include <linux/udmabuf.h>
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

static int make_of_heap(const char *name)
{
	struct dma_heap_allocation_data data = {.len = SIZE, .fd_flags = O_RDWR | O_CLOEXEC};
	char path[256];
	int heap;

	snprintf(path, sizeof(path), "/dev/dma_heap/%s", name);
	heap = must(path, open(path, O_RDWR | O_CLOEXEC));
	must("allocation", ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data));
	close(heap);
	return (int)data.fd;
}

static int make_of_udmabuf(const char *name)
{
	struct udmabuf_create create = {.flags = UDMABUF_FLAGS_CLOEXEC, .size = SIZE};
	int device = must("/dev/udmabuf", open("/dev/udmabuf", O_RDWR | O_CLOEXEC)), fd;
	int memory = must("memfd_create", memfd_create("udmabuf", MFD_ALLOW_SEALING | MFD_CLOEXEC));

	(void)name;
	must("ftruncate", ftruncate(memory, SIZE));
	must("seal", fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK));
	create.memfd = (unsigned int)memory;
	fd = must("udmabuf", ioctl(device, UDMABUF_CREATE, &create));
	close(memory);
	close(device);
	return fd;
}

/* A dumb buffer of vgem, for the device as well. */
static int make_of_vgem(const char *name)
{
	struct drm_mode_create_dumb create = {.width = 512, .height = SIZE / 512 / 4, .bpp = 32};
	struct drm_prime_handle export = {.flags = DRM_CLOEXEC | DRM_RDWR};
	int card = open_vgem();

	(void)name;
	must("dumb", ioctl(card, DRM_IOCTL_MODE_CREATE_DUMB, &create));
	export.handle = create.handle;
	must("export", ioctl(card, DRM_IOCTL_PRIME_HANDLE_TO_FD, &export));
	return export.fd;
}

/* Maps all of it and touches each page but the last. */
static void keep_touched(int fd)
{
	memset(map(fd), 1, SIZE - (size_t)sysconf(_SC_PAGESIZE));
	close(fd);
}

static const struct {
	const char *name;
	void (*keep)(int fd);
	int (*make)(const char *heap); /* NULL: of the heap */
} kinds[] = {
	{"descriptor", keep_descriptor, NULL},
	{"copies", keep_copies, NULL},
	{"mapping", keep_mapping, NULL},
	{"hole", keep_hole, NULL},
	{"both", keep_both, NULL},
	{"thread", keep_in_thread, NULL},
	{"path", keep_path, NULL},
	{"flight", keep_in_flight, NULL},
	{"ring", keep_in_ring, NULL},
	{"child", keep_in_child, NULL},
	{"device", keep_in_device, NULL},
	{"fence", keep_fence, NULL},
	{"touched", keep_touched, NULL},
	{"udmabuf", keep_touched, make_of_udmabuf},
	{"vgem", keep_touched, make_of_vgem},
};

int main(int argc, char **argv)
{
	struct stat status;
	char byte;

	if (argc != 3)
		errx(2, "usage: holders HEAP KIND");
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		int fd;

		if (strcmp(kinds[i].name, argv[2]) != 0)
			continue;
		fd = (kinds[i].make ? kinds[i].make : make_of_heap)(argv[1]);
		must("name", ioctl(fd, DMA_BUF_SET_NAME_B, argv[2]));
		must("fstat", fstat(fd, &status));
		kinds[i].keep(fd);
		printf("%llu %d\n", (unsigned long long)status.st_ino, getpid());
		fflush(stdout);
		while (read(STDIN_FILENO, &byte, 1) > 0)
			;
		return 0;
	}
	errx(2, "no way to hold is called %s", argv[2]);
}
