// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/passing.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "sys/clock.h"

/* How often a socket that is not there yet is tried again. */
#define RETRY_NS 20000000

static int fill_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	memcpy(address->sun_path, path, strlen(path) + 1);
	return 0;
}

/* Waits until FD is readable; a stop signal that came before poll() is seen within a second. */
static int wait_for(int fd, uint64_t deadline_ns)
{
	struct pollfd poll_for = {.fd = fd, .events = POLLIN};

	for (;;) {
		uint64_t now = clock_ns();
		uint64_t left = now < deadline_ns ? (deadline_ns - now) / 1000000 + 1 : 0;

		if (stop_signal())
			return -EINTR;
		if (now >= deadline_ns)
			return -ETIMEDOUT;
		if (poll(&poll_for, 1, left > 1000 ? 1000 : (int)left) > 0)
			return 0;
	}
}

int passing_accept(const char *path, uint64_t deadline_ns)
{
	AUTO_CLOSE int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	mode_t mask;
	int error, fd;

	if (listener < 0)
		return -errno;
	error = fill_address(path, &address);
	if (error)
		return error;
	mask = umask(0177); /* whoever may connect may hand over buffers: the user alone */
	error = bind(listener, (struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
	umask(mask);
	if (error)
		return error;
	error = listen(listener, 1) ? -errno : wait_for(listener, deadline_ns);
	fd = error ? error : accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (!error && fd < 0)
		fd = -errno;
	unlink(path);
	return fd;
}

int passing_connect(const char *path, uint64_t deadline_ns)
{
	const struct timespec pause = {.tv_nsec = RETRY_NS};
	AUTO_CLOSE int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	int error;

	if (fd < 0)
		return -errno;
	error = fill_address(path, &address);
	if (error)
		return error;
	while (connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		if (errno != ENOENT && errno != ECONNREFUSED && errno != EINTR)
			return -errno;
		if (stop_signal())
			return -EINTR;
		if (clock_ns() >= deadline_ns)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
	}
	return TAKE_FD(fd);
}

int passing_send(int socket, const void *data, size_t size, int fd)
{
	char control[CMSG_SPACE(sizeof(int))] = {0}, copy[256];
	struct iovec piece = {copy, size};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
	struct cmsghdr *header;

	if (size > sizeof(copy))
		return -EMSGSIZE;
	memcpy(copy, data, size);
	if (fd >= 0) {
		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(header), &fd, sizeof(fd));
	}
	return sendmsg(socket, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int passing_receive(int socket, void *data, size_t size, int *fd, uint64_t deadline_ns)
{
	char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec piece = {data, size};
	struct msghdr message = {.msg_iov = &piece,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	AUTO_CLOSE int got = -1;
	const struct cmsghdr *header;
	ssize_t length;
	int error = wait_for(socket, deadline_ns);

	if (error)
		return error;
	length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	if (length < 0)
		return -errno;
	header = CMSG_FIRSTHDR(&message);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&got, CMSG_DATA(header), sizeof(got));
	if (!length)
		return -ECONNRESET;
	if ((size_t)length != size || message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ||
	    (got >= 0 && !fd))
		return -EPROTO;
	if (fd)
		*fd = TAKE_FD(got);
	return 0;
}
