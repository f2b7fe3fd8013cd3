/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors that are passed to another process: packets of a Unix socket with SCM_RIGHTS. Waiting
 * ends at DEADLINE_NS (CLOCK_MONOTONIC) with -ETIMEDOUT, or with -EINTR at a stop signal.
 */
#ifndef SYS_FD_PASSING_H
#define SYS_FD_PASSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Listens at PATH, a file that is made by it and must not be there, until one other has connected;
 * the file is removed again, also where a signal ends the process. Unless ANY_USER is set only this
 * user may connect. Returns a descriptor that the caller closes, or -errno (EADDRINUSE: PATH is
 * there; EOPNOTSUPP: its file system has no sockets; EPERM: another user).
 */
int passing_accept(const char *path, bool any_user, uint64_t deadline_ns) __attribute__((nonnull));

/*
 * Connects to PATH as soon as somebody listens there, who has to be this user unless ANY_USER is
 * set. Returns a descriptor or -errno (EPERM: another user).
 */
int passing_connect(const char *path, bool any_user, uint64_t deadline_ns) __attribute__((nonnull));

/*
 * Sends SIZE bytes, 256 at most, in one packet, with a descriptor unless FD is -1. Returns 0 or
 * -errno.
 */
int passing_send(int socket, const void *data, size_t size, int fd, uint64_t deadline_ns)
	__attribute__((nonnull));

/*
 * Receives a packet of exactly SIZE bytes. A descriptor that came along is in *fd (-1: none) and
 * belongs to the caller; where FD is NULL none may come. Returns 0 or -errno: ECONNRESET (the other
 * has ended), EPROTO (another packet).
 */
int passing_receive(int socket, void *data, size_t size, int *fd, uint64_t deadline_ns)
	__attribute__((nonnull(2)));

#endif
