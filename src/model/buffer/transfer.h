/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Buffers that are passed to another process. The receiver makes the socket and says when it is
 * ready; the sender passes the number of buffers and then each of them; the receiver says when it
 * is done with them, so that both know that nothing was lost on the way.
 */
#ifndef MODEL_BUFFER_TRANSFER_H
#define MODEL_BUFFER_TRANSFER_H

#include <stdint.h>

#include "model/buffer/buffer.h"

#define TRANSFER_BUFFERS_MAX 65536

/*
 * Waits for a receiver at SOCKET (a path), passes it the buffers and waits until it is done.
 * LIMIT_NS bounds each of these three. Returns 0 or -errno: ETIMEDOUT, EINTR, EPROTO (not one of
 * ours at the other end), EPERM (it is another user's, and ANY_USER is not set), ECONNRESET (it
 * ended before it was done).
 */
int transfer_send(const char *socket, bool any_user, const struct buffers *buffers,
		  uint64_t limit_ns) __attribute__((nonnull));

/*
 * Waits for a sender at SOCKET and adds its buffers to the list. Returns the connection, a
 * descriptor for transfer_done(), or -errno: as above, and EADDRINUSE (SOCKET exists), EBADMSG
 * (a descriptor that is not a dma-buf).
 */
int transfer_receive(const char *socket, bool any_user, struct buffers *buffers, uint64_t limit_ns)
	__attribute__((nonnull));

/* Tells the sender that its buffers may go, within LIMIT_NS, and closes the connection. */
void transfer_done(int connection, uint64_t limit_ns);

#endif
