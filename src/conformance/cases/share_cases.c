// SPDX-License-Identifier: GPL-2.0-or-later
/* Descriptors on their way between processes, and what is left when those die. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "conformance/engine/trial.h"
#include "sys/fd_passing.h"
#include "sys/uapi.h"

#define SOURCE(function) "drivers/dma-buf/" function

/* As in the suite limits: more than the heap holds. */
#define ROUNDS     48
#define TIMEOUT_NS UINT64_C(10000000000) /* of what was sent already */

static void send_descriptor(struct trial *t, int socket, int fd)
{
	EXPECT_OK(t, passing_send(socket, "", 1, fd, UINT64_MAX));
}

static int receive_descriptor(struct trial *t, int socket)
{
	char byte;
	int fd;

	EXPECT_OK(t, passing_receive(socket, &byte, 1, &fd, clock_deadline(TIMEOUT_NS)));
	EXPECT_TRUE(t, fd >= 0);
	return fd;
}

static void make_sockets(struct trial *t, int sockets[2])
{
	EXPECT_DONE(t, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets));
}

static void same_buffer(struct trial *t, int a, int b)
{
	struct stat first, second;

	EXPECT_DONE(t, fstat(a, &first));
	EXPECT_DONE(t, fstat(b, &second));
	EXPECT_NUMBER(t, first.st_ino, second.st_ino);
	EXPECT_NUMBER(t, first.st_size, second.st_size);
}

TEST(passed, "share.passed",
     "A buffer passed through a socket is the same buffer: inode, size and data, in both "
     "directions.",
     "net/core/scm.c", .needs = NEED_MMAP)
{
	int sockets[2], fd = trial_buffer(t, t->small), received;
	unsigned char *memory = trial_map(t, fd, t->small);
	pid_t child;

	make_sockets(t, sockets);
	memset(memory, 1, t->small);
	child = trial_fork(t);
	if (!child) {
		/* what fork gave is closed, so that only the passed descriptor counts */
		munmap(memory, t->small);
		close(fd);
		received = receive_descriptor(t, sockets[1]);
		memory = trial_map(t, received, t->small);
		EXPECT_BYTES(t, 1, memory, t->small);
		memset(memory, 2, t->small);
		send_descriptor(t, sockets[1], received);
		trial_child_done();
	}
	send_descriptor(t, sockets[0], fd);
	received = receive_descriptor(t, sockets[0]);
	trial_join(t, child);
	same_buffer(t, fd, received);
	EXPECT_BYTES(t, 2, memory, t->small);
}

TEST(passed_rights, "share.passed-rights",
     "A descriptor for reading only stays read-only when it is passed.", "net/core/scm.c",
     .needs = NEED_MMAP)
{
	int sockets[2], received;

	make_sockets(t, sockets);
	send_descriptor(t, sockets[0], trial_allocate(t, t->page, O_RDONLY | O_CLOEXEC));
	received = receive_descriptor(t, sockets[1]);
	EXPECT_ACCESS(t, O_RDONLY, received);
	EXPECT_ERRNO(t, EACCES, (long)mmap(NULL, t->page, PROT_WRITE, MAP_SHARED, received, 0));
}

TEST(passed_counts, "share.passed-counts",
     "A descriptor in transit is counted as a user in fdinfo.",
     SOURCE("dma-buf.c, dma_buf_show_fdinfo"))
{
	int sockets[2], fd = trial_buffer(t, t->page);

	make_sockets(t, sockets);
	send_descriptor(t, sockets[0], fd);
	trial_say(t, "on its way");
	EXPECT_NUMBER(t, 2, fd_number(t, fd, "count"));
	EXPECT_DONE(t, close(receive_descriptor(t, sockets[1])));
	trial_say(t, "received and closed");
	EXPECT_NUMBER(t, 1, fd_number(t, fd, "count"));
}

TEST(never_received, "share.never-received",
     "A buffer whose descriptor is never received is released with the socket.",
     "net/unix/garbage.c", .seconds = 60)
{
	for (int i = 0; i < ROUNDS; i++) {
		int sockets[2], fd;

		trial_say(t, "buffer %d of %zu bytes", i + 1, t->large);
		make_sockets(t, sockets);
		fd = i ? EXPECT_DONE(t, allocate(t->heap, t->large, O_RDWR | O_CLOEXEC))
		       : trial_buffer(t, t->large);
		send_descriptor(t, sockets[0], fd);
		EXPECT_DONE(t, close(fd));
		EXPECT_DONE(t, close(sockets[0]));
		EXPECT_DONE(t, close(sockets[1]));
	}
}

TEST(sender_gone, "share.sender-gone", "A buffer stays for the receiver when its sender has ended.",
     SOURCE("dma-buf.c, dma_buf_release"), .needs = NEED_MMAP)
{
	int sockets[2], received;
	pid_t child;

	make_sockets(t, sockets);
	child = trial_fork(t);
	if (!child) {
		int fd = trial_buffer(t, t->small);

		memset(trial_map(t, fd, t->small), 3, t->small);
		send_descriptor(t, sockets[1], fd);
		trial_child_done();
	}
	trial_join(t, child);
	received = receive_descriptor(t, sockets[0]);
	EXPECT_BYTES(t, 3, trial_map(t, received, t->small), t->small);
	EXPECT_DONE(t, close(sockets[0]));
	EXPECT_DONE(t, close(sockets[1]));
}

TEST(duplicated, "share.duplicated",
     "A second descriptor keeps the buffer when the first is closed.",
     SOURCE("dma-buf.c, dma_buf_release"), .needs = NEED_MMAP)
{
	int fd = trial_buffer(t, t->small), second;

	memset(trial_map(t, fd, t->small), 4, t->small);
	second = EXPECT_DONE(t, fcntl(fd, F_DUPFD_CLOEXEC, 0));
	same_buffer(t, fd, second);
	EXPECT_DONE(t, close(fd));
	EXPECT_BYTES(t, 4, trial_map(t, second, t->small), t->small);
}

TEST(inherited, "share.inherited", "A child has the descriptor and writes to the same memory.",
     "kernel/fork.c", .needs = NEED_MMAP)
{
	int fd = trial_buffer(t, t->small);
	pid_t child = trial_fork(t);

	if (!child) {
		memset(trial_map(t, fd, t->small), 5, t->small);
		trial_child_done();
	}
	trial_join(t, child);
	EXPECT_BYTES(t, 5, trial_map(t, fd, t->small), t->small);
	EXPECT_NUMBER(t, 2, fd_number(t, fd, "count"));
}

TEST(fetched, "share.fetched", "pidfd_getfd gives a descriptor of the same buffer, closed on exec.",
     "kernel/pid.c, pidfd_getfd")
{
	int fd = trial_buffer(t, t->page), self, second;

	self = EXPECT_DONE(t, (int)syscall(SYS_pidfd_open, getpid(), 0));
	second = EXPECT_DONE(t, (int)syscall(SYS_pidfd_getfd, self, fd, 0));
	same_buffer(t, fd, second);
	EXPECT_NUMBER(t, FD_CLOEXEC, fcntl(second, F_GETFD));
}

/* Kills a process that holds a buffer, mapped where the heap can. */
static void kill_holder(struct trial *t)
{
	int sockets[2], status;
	pid_t child;

	make_sockets(t, sockets);
	child = trial_fork(t);
	if (!child) {
		int fd = EXPECT_DONE(t, allocate(t->heap, t->large, O_RDWR | O_CLOEXEC));

		if (!t->target->map_error)
			memset(trial_map(t, fd, t->large), 6, t->large);
		trial_signal(t, sockets[1]);
		pause();
	}
	EXPECT_DONE(t, close(sockets[1]));
	trial_await(t, sockets[0]);
	EXPECT_DONE(t, kill(child, SIGKILL));
	EXPECT_NUMBER(t, child, waitpid(child, &status, 0));
	EXPECT_DONE(t, close(sockets[0]));
}

TEST(killed_holder, "share.killed-holder",
     "A buffer is released when the process that holds it is killed.", SOURCE("heaps, *_release"),
     .seconds = 60)
{
	EXPECT_DONE(t, close(trial_buffer(t, t->large)));
	for (int i = 0; i < ROUNDS; i++) {
		trial_say(t, "holder %d of %zu bytes", i + 1, t->large);
		kill_holder(t);
	}
}

TEST(killed_counted, "share.killed-counted",
     "The pages go back to the CMA area when the process that held them is killed.",
     SOURCE("heaps/cma_heap.c, cma_heap_dma_buf_release"), .needs = NEED_CMA | NEED_CMA_COUNTERS,
     .seconds = 60)
{
	long long before = cma_in_use(t, trial_area(t));

	/* without memory it is skipped, not failed */
	EXPECT_DONE(t, close(trial_buffer(t, t->large)));
	for (int i = 0; i < 8; i++)
		kill_holder(t);
	EXPECT_NUMBER(t, before, cma_in_use(t, t->target->area));
}

TEST(last_user, "share.last-user",
     "The pages are freed when the descriptor and the last mapping are gone, not before, and not "
     "in parts.",
     SOURCE("heaps/cma_heap.c, cma_heap_dma_buf_release"),
     .needs = NEED_MMAP | NEED_TWO_PAGES | NEED_CMA | NEED_CMA_COUNTERS)
{
	int fd = trial_buffer(t, t->small);
	void *memory = trial_map(t, fd, t->small);
	long long before = cma_in_use(t, trial_area(t));

	EXPECT_DONE(t, close(fd));
	EXPECT_NUMBER(t, before, cma_in_use(t, t->target->area));
	EXPECT_DONE(t, munmap(memory, t->page));
	EXPECT_NUMBER(t, before, cma_in_use(t, t->target->area));
	EXPECT_DONE(t, munmap((char *)memory + t->page, t->small - t->page));
	EXPECT_NUMBER(t, before - (long long)(t->small / t->page), cma_in_use(t, t->target->area));
}

SUITE(share, "share", NEED_HEAP, passed, passed_rights, passed_counts, never_received, sender_gone,
      duplicated, inherited, fetched, killed_holder, killed_counted, last_user);
