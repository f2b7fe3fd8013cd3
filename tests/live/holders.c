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
#include <linux/dma-buf.h>
#include <linux/io_uring.h>
#include <linux/udmabuf.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "live/live.h"
#include "sys/uapi.h"
#include "sys/vgem.h"

#define SIZE (1 << 20)

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
	map(fd, SIZE);
	close(fd);
}

/* What is left of a mapping with a hole in it are two. */
static void keep_hole(int fd)
{
	char *memory = map(fd, SIZE);

	must("munmap", munmap(memory + SIZE / 4, SIZE / 4));
	close(fd);
}

static void keep_both(int fd)
{
	map(fd, SIZE);
}

static atomic_bool apart;

static void *hold_while_apart(void *data)
{
	(void)data;
	apart = true;
	pause();
	return NULL;
}

/* Only the table of this thread has it then. */
static void *hold_in_thread(void *data)
{
	must("unshare", unshare(CLONE_FILES));
	return hold_while_apart(data);
}

static void keep_apart(int fd, void *(*hold)(void *))
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, hold, NULL))
		errx(1, "pthread_create");
	while (!apart)
		usleep(1000);
	close(fd);
}

static void keep_in_thread(int fd)
{
	keep_apart(fd, hold_in_thread);
}

/* Two threads with one table, which is not that of the process. */
static void *hold_in_two_threads(void *data)
{
	pthread_t thread;

	must("unshare", unshare(CLONE_FILES));
	if (pthread_create(&thread, NULL, hold_while_apart, data))
		errx(1, "pthread_create");
	pause();
	return NULL;
}

static void keep_in_two_threads(int fd)
{
	keep_apart(fd, hold_in_two_threads);
}

/* Until this process ends. */
static int __attribute__((noreturn)) wait_in_child(void *data)
{
	(void)data;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

/* A process with the same table of descriptors. */
static void keep_in_shared_table(int fd)
{
	static _Alignas(16) char stack[65536];

	(void)fd;
	must("clone", clone(wait_in_child, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL));
}

/* A process with the same memory. */
static void keep_in_shared_memory(int fd)
{
	static _Alignas(16) char stack[65536];

	keep_mapping(fd);
	must("clone", clone(wait_in_child, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL));
}

enum {
	MANY = 10000
};

/* Ten thousand descriptors, with a name for those who read it. */
static void keep_many(int fd)
{
	const struct rlimit limit = {MANY + 100, MANY + 100};

	must("setrlimit", setrlimit(RLIMIT_NOFILE, &limit));
	must("name", ioctl(fd, DMA_BUF_SET_NAME_B, "many\ncount:\t1\nsize:\t1"));
	must("name", prctl(PR_SET_NAME, "ma\n\033[31m) R 1"));
	for (int i = 1; i < MANY; i++)
		must("dup", dup(fd));
}

static void keep_many_mappings(int fd)
{
	for (int i = 0; i < MANY; i++) {
		if (mmap(NULL, SIZE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
			err(1, "mmap");
	}
	close(fd);
}

/* A file that is called like a buffer, in a root directory that only this process sees. */
static void keep_liar(int fd)
{
	char *memory = map(fd, SIZE);
	int file;

	must("unshare", unshare(CLONE_NEWNS));
	must("mount", mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must("mount", mount("none", "/tmp", "tmpfs", 0, NULL));
	must("chroot", chroot("/tmp"));
	file = must("open", open("/dmabuf:liar", O_RDWR | O_CREAT | O_CLOEXEC, 0600));
	must("ftruncate", ftruncate(file, SIZE));
	map(file, SIZE);
	must("munmap", munmap(memory, SIZE));
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

	must("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	send_descriptor(pair[0], fd);
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

static int attach(int fd, unsigned int *handle)
{
	int card = open_card("vgem");

	*handle = import(card, fd);
	close(fd);
	return card;
}

/* Only a device has it. */
static void keep_in_device(int fd)
{
	unsigned int handle;

	attach(fd, &handle);
}

/* A device that has it, and says that it will write: the fence ends by itself after 10 s. */
static void keep_fence(int fd)
{
	unsigned int handle;
	int card = attach(fd, &handle);
	struct drm_vgem_fence_attach fence = {.handle = handle, .flags = VGEM_FENCE_WRITE};

	must("fence", ioctl(card, DRM_IOCTL_VGEM_FENCE_ATTACH, &fence));
}

/* Begins in a child what waits for the fence; it ends with its parent. */
static void sleep_in_child(int fd, void (*wait)(int fd))
{
	int copy = must("dup", dup(fd));

	keep_fence(fd);
	if (!must("fork", fork())) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		wait(copy);
		errx(1, "did not wait");
	}
	close(copy);
}

static void wait_sync(int fd)
{
	struct dma_buf_sync sync = {.flags = DMA_BUF_SYNC_READ | DMA_BUF_SYNC_START};

	ioctl(fd, DMA_BUF_IOCTL_SYNC, &sync);
}

static void wait_poll(int fd)
{
	struct pollfd wait[] = {{.fd = STDERR_FILENO, .events = 0},
				{.fd = -1, .events = POLLIN},
				{.fd = fd, .events = POLLIN}};

	poll(wait, 3, -1);
}

static void wait_select(int fd)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);
	select(fd + 1, &set, NULL, NULL, NULL);
}

static void wait_epoll(int fd)
{
	int epoll = must("epoll_create1", epoll_create1(0));
	struct epoll_event event = {.events = EPOLLIN};

	must("epoll_ctl", epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	epoll_wait(epoll, &event, 1, -1);
}

static int export_sync_file(int fd)
{
	struct dma_buf_export_sync_file sync = {.flags = DMA_BUF_SYNC_READ, .fd = -1};

	must("export", ioctl(fd, DMA_BUF_IOCTL_EXPORT_SYNC_FILE, &sync));
	return sync.fd;
}

/* A pending fence, and a sync file with it. */
static void keep_exported(int fd)
{
	int copy = must("dup", dup(fd));

	keep_fence(fd);
	export_sync_file(copy);
	close(copy);
}

static void wait_sync_file(int fd)
{
	struct pollfd wait = {.fd = export_sync_file(fd), .events = POLLIN};

	poll(&wait, 1, -1);
}

/* A wait in a driver: that of virtio-gpu for a sync object with the fence. */
static void wait_driver(int fd)
{
	struct drm_syncobj_create create = {0};
	struct drm_syncobj_handle object = {.flags =
						    DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE,
					    .fd = export_sync_file(fd)};
	struct drm_syncobj_wait wait = {.count_handles = 1, .timeout_nsec = INT64_MAX};
	int card = open_card("virtio_gpu");

	must("syncobj", ioctl(card, DRM_IOCTL_SYNCOBJ_CREATE, &create));
	object.handle = create.handle;
	must("import", ioctl(card, DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE, &object));
	wait.handles = (uintptr_t)&create.handle;
	ioctl(card, DRM_IOCTL_SYNCOBJ_WAIT, &wait);
}

static void keep_sync(int fd)
{
	sleep_in_child(fd, wait_sync);
}

static void keep_poll(int fd)
{
	sleep_in_child(fd, wait_poll);
}

static void keep_select(int fd)
{
	sleep_in_child(fd, wait_select);
}

static void keep_epoll(int fd)
{
	sleep_in_child(fd, wait_epoll);
}

static void keep_sync_file(int fd)
{
	sleep_in_child(fd, wait_sync_file);
}

static void keep_driver(int fd)
{
	sleep_in_child(fd, wait_driver);
}

static int make_of_heap(const char *name)
{
	return allocate(name, SIZE);
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
	int card = open_card("vgem");

	(void)name;
	must("dumb", ioctl(card, DRM_IOCTL_MODE_CREATE_DUMB, &create));
	export.handle = create.handle;
	must("export", ioctl(card, DRM_IOCTL_PRIME_HANDLE_TO_FD, &export));
	return export.fd;
}

/* Maps all of it and touches each page but the last. */
static void keep_touched(int fd)
{
	memset(map(fd, SIZE), 1, SIZE - (size_t)sysconf(_SC_PAGESIZE));
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
	{"threads", keep_in_two_threads, NULL},
	{"table", keep_in_shared_table, NULL},
	{"memory", keep_in_shared_memory, NULL},
	{"many", keep_many, NULL},
	{"mappings", keep_many_mappings, NULL},
	{"liar", keep_liar, NULL},
	{"path", keep_path, NULL},
	{"flight", keep_in_flight, NULL},
	{"ring", keep_in_ring, NULL},
	{"child", keep_in_child, NULL},
	{"device", keep_in_device, NULL},
	{"fence", keep_fence, NULL},
	{"exported", keep_exported, NULL},
	{"sync", keep_sync, NULL},
	{"poll", keep_poll, NULL},
	{"select", keep_select, NULL},
	{"epoll", keep_epoll, NULL},
	{"sync_file", keep_sync_file, NULL},
	{"driver", keep_driver, NULL},
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
