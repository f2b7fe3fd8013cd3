/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that works on buffers of this process. */
#ifndef MODEL_SPAWN_H
#define MODEL_SPAWN_H

#include "model/buffer.h"
#include "sys/clock.h"

/*
 * Runs a command (looked up in PATH) that inherits the buffers: DMAHEAP_FDS in its environment
 * holds their descriptors, separated by blanks, DMAHEAP_SIZES their sizes in bytes. Waits for it
 * and passes SIGINT and SIGTERM on. Returns its exit status (128 and the signal's number where one
 * ended it; 127: not found, 126: can't be run) or -errno where no process could be made.
 */
int buffers_run(const struct buffers *buffers, char *const command[]) __attribute__((nonnull));

#endif
