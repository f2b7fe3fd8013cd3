// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

static void set_environment(const struct buffers *buffers)
{
	AUTO_FREE char *fds = NULL;
	AUTO_FREE char *sizes = NULL;
	size_t length;
	FILE *fd_list = xmemopen(&fds, &length), *size_list = xmemopen(&sizes, &length);

	array_for_each (buffers, buffer) {
		const char *blank = buffer == buffers->items ? "" : " ";

		fprintf(fd_list, "%s%d", blank, buffer->fd);
		fprintf(size_list, "%s%" PRIu64, blank, buffer->info.size);
	}
	xmemclose(fd_list);
	xmemclose(size_list);
	if (setenv("DMAHEAP_FDS", fds, 1) || setenv("DMAHEAP_SIZES", sizes, 1))
		out_of_memory();
}

static void __attribute__((noreturn)) become(const struct buffers *buffers, char *const command[])
{
	array_for_each (buffers, buffer)
		fcntl(buffer->fd, F_SETFD, 0);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	execvp(command[0], command);
	_exit(errno == ENOENT ? 127 : 126);
}

int buffers_run(const struct buffers *buffers, char *const command[])
{
	bool passed_on = false;
	pid_t child, ended;
	int status;

	set_environment(buffers);
	child = fork();
	if (child < 0)
		return -errno;
	if (!child)
		become(buffers, command);
	do {
		/* what the terminal sends has reached the command as well */
		if (stop_signal() && !stop_came_from_terminal() && !passed_on) {
			kill(child, stop_signal());
			passed_on = true;
		}
		ended = waitpid(child, &status, 0);
	} while (ended < 0 && errno == EINTR);
	if (ended < 0)
		return -errno;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
