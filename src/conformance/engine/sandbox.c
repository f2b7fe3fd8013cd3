// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/xalloc.h"
#include "sys/file.h"

/* How long a killed process may take to die before it counts as stuck in the kernel. */
#define GRACE_MS 5000

void sandbox_prepare(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
}

void *sandbox_share(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		out_of_memory();
	return memory;
}

void sandbox_unshare(void *memory, size_t size)
{
	munmap(memory, size);
}

int sandbox_fork(void)
{
	pid_t parent = getpid();
	pid_t child = fork();

	if (!child)
		die_with_parent(parent);
	return child;
}

static void contain(pid_t parent)
{
	static const struct rlimit none = {0};
	int null = file_open("/dev/null", O_RDWR);

	die_with_parent(parent);
	setpgid(0, 0);
	setrlimit(RLIMIT_CORE, &none);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		close(null);
	}
}

/* Waits until the process ends; returns whether it did. */
static bool ended(int pidfd, int timeout_ms)
{
	struct pollfd poll_for = {.fd = pidfd, .events = POLLIN};
	uint64_t until = clock_ns() + (uint64_t)timeout_ms * 1000000u;

	for (;;) {
		uint64_t time = clock_ns();
		int left = time < until ? (int)((until - time + 999999) / 1000000) : 0;
		int ready = poll(&poll_for, 1, left);

		if (ready > 0 || !left)
			return ready > 0;
	}
}

/* Kills and collects what is left of the group; what does not die in time stays to init. */
static void sweep(pid_t group)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	for (int tries = 0; tries < GRACE_MS; tries++) {
		pid_t gone;

		kill(-group, SIGKILL);
		do
			gone = waitpid(-group, NULL, WNOHANG);
		while (gone > 0);
		if (gone < 0)
			return;
		nanosleep(&pause, NULL);
	}
}

void sandbox_run(void (*function)(void *), void *data, unsigned int seconds,
		 struct sandbox_end *end)
{
	AUTO_CLOSE int pidfd = -1;
	pid_t parent = getpid(), child;
	uint64_t start = clock_ns();

	*end = (struct sandbox_end){0};
	fflush(NULL);
	child = fork();
	if (!child) {
		contain(parent);
		function(data);
		_exit(EXIT_SUCCESS);
	}
	if (child < 0) {
		end->error = -errno;
		return;
	}
	setpgid(child, child); /* both do it: neither has to wait for the other */
	pidfd = (int)syscall(SYS_pidfd_open, child, 0);
	if (pidfd >= 0 && !ended(pidfd, (int)seconds * 1000)) {
		end->late = true;
		kill(-child, SIGKILL);
		end->stuck = !ended(pidfd, GRACE_MS);
	}
	end->ns = clock_ns() - start;
	if (!end->stuck)
		waitpid(child, &end->status, 0);
	sweep(child);
}
