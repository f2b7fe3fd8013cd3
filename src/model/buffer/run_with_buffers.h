/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that works on buffers of this process. */
#ifndef MODEL_BUFFER_RUN_WITH_BUFFERS_H
#define MODEL_BUFFER_RUN_WITH_BUFFERS_H

#include "model/buffer/buffer.h"

/*
 * Runs a command (looked up in PATH) that inherits the buffers: DMAHEAP_FDS in its environment
 * holds their descriptors, separated by blanks, DMAHEAP_SIZES their sizes in bytes. Waits for it
 * and passes SIGINT and SIGTERM on. Returns its exit status (128 and the signal's number where one
 * ended it) or -errno where no process could be made. *EXEC_ERROR is 0, or the -errno of a command
 * that was not found (the status is 127) or can't be run (126).
 */
int buffers_run(const struct buffers *buffers, char *const command[], int *exec_error)
	__attribute__((nonnull));

#endif
