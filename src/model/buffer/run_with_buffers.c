// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/run_with_buffers.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/xalloc.h"
#include "sys/file.h"

static void set_environment(const struct buffers *buffers)
{
	AUTO_FREE char *fds = NULL;
	AUTO_FREE char *sizes = NULL;
	size_t length;
	FILE *fd_list = xmemopen(&fds, &length), *size_list = xmemopen(&sizes, &length);

	array_for_each (buffers, buffer) {
		const char *blank = buffer == buffers->items ? "" : " ";

		fprintf(fd_list, "%s%d", blank, buffer->fd);
		fprintf(size_list, "%s%" PRIu64, blank, buffer->size);
	}
	xmemclose(fd_list);
	xmemclose(size_list);
	if (setenv("DMAHEAP_FDS", fds, 1) || setenv("DMAHEAP_SIZES", sizes, 1))
		out_of_memory();
}

/* In the child; ERRORS is closed where the command runs, and gets the errno where it can't be. */
static void __attribute__((noreturn))
become(const struct buffers *buffers, char *const command[], int errors, pid_t parent)
{
	int error;

	die_with_parent(parent);
	forget_stop_signals();
	array_for_each (buffers, buffer)
		fcntl(buffer->fd, F_SETFD, 0);
	execvp(command[0], command);
	error = errno;
	file_put(errors, &error, sizeof(error));
	_exit(error == ENOENT ? 127 : 126);
}

int buffers_start(const struct buffers *buffers, char *const command[], struct running *running,
		  int *exec_error)
{
	AUTO_CLOSE int from_child = -1;
	AUTO_CLOSE int to_parent = -1;
	pid_t parent = getpid(), child;
	int error = 0, ends[2];

	set_environment(buffers);
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	from_child = ends[0];
	to_parent = ends[1];
	child = fork();
	if (child < 0)
		return -errno;
	if (!child)
		become(buffers, command, to_parent, parent);
	close(TAKE_FD(to_parent));
	file_get(from_child, &error, sizeof(error)); /* at its end the command runs */
	*exec_error = -error;
	*running =
		(struct running){.pid = child, .process = (int)syscall(SYS_pidfd_open, child, 0)};
	if (running->process < 0)
		running->process = -errno;
	return 0;
}

/* Waits until the process has ended or the time is over. Returns 0 or -errno. */
static int wait_until(int process, uint64_t deadline)
{
	enum {
		NS_PER_MS = 1000000,
		MOST = 1000000, /* ms */
	};
	struct pollfd end = {.fd = process, .events = POLLIN};
	uint64_t now = clock_ns(), left = now < deadline ? (deadline - now) / NS_PER_MS + 1 : 0;
	int ready;

	if (process < 0)
		return process;
	ready = poll(&end, 1, left < MOST ? (int)left : MOST);
	if (ready < 0)
		return -errno;
	if (ready)
		return 0;
	return clock_ns() < deadline ? -EINTR : -ETIMEDOUT;
}

int buffers_wait(struct running *running, uint64_t deadline)
{
	int status, error;

	do {
		/* what the terminal sends has reached the command as well */
		if (stop_signal() && !stop_came_from_terminal() && !running->passed_on) {
			kill(running->pid, stop_signal());
			running->passed_on = true;
		}
		error = deadline == UINT64_MAX ? 0 : wait_until(running->process, deadline);
		if (!error && waitpid(running->pid, &status, 0) < 0)
			error = -errno;
	} while (error == -EINTR);
	if (error)
		return error;
	if (running->process >= 0)
		close(TAKE_FD(running->process));
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int buffers_run(const struct buffers *buffers, char *const command[], int *exec_error)
{
	struct running running = {0};
	int error = buffers_start(buffers, command, &running, exec_error);

	return error ? error : buffers_wait(&running, UINT64_MAX);
}
