/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that works on buffers of this process. */
#ifndef MODEL_BUFFER_RUN_WITH_BUFFERS_H
#define MODEL_BUFFER_RUN_WITH_BUFFERS_H

#include <sys/types.h>

#include "model/buffer/buffer.h"

/* A command that runs. */
struct running {
	pid_t pid;
	int process;    /* a descriptor of it (pidfd_open(2)), or -errno */
	bool passed_on; /* the signal that stops this program */
};

/*
 * Starts a command (looked up in PATH) that inherits the buffers: DMAHEAP_FDS in its environment
 * holds their descriptors, separated by blanks, DMAHEAP_SIZES their sizes in bytes. Returns 0 or
 * -errno where no process could be made. *EXEC_ERROR is 0, or the -errno of a command that was not
 * found (its status is 127) or can't be run (126). What was started is waited for.
 */
int buffers_start(const struct buffers *buffers, char *const command[], struct running *running,
		  int *exec_error) __attribute__((nonnull));

/*
 * Waits for its end until DEADLINE (of clock_ns(); UINT64_MAX: without a limit), and passes SIGINT
 * and SIGTERM on. Returns its exit status (128 and the signal's number where one ended it), or
 * -errno: ETIMEDOUT where it still runs.
 */
int buffers_wait(struct running *running, uint64_t deadline) __attribute__((nonnull));

/* Both, without a limit. */
int buffers_run(const struct buffers *buffers, char *const command[], int *exec_error)
	__attribute__((nonnull));

#endif
