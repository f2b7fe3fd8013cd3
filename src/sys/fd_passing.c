// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/fd_passing.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/signals.h"

/* How often a socket that is not there yet is tried again. */
#define RETRY_NS 20000000

static int fill_address(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (!*path)
		return -EINVAL; /* it would be an abstract name, which has no owner */
	if (strlen(path) >= sizeof(address->sun_path))
		return -ENAMETOOLONG;
	memcpy(address->sun_path, path, strlen(path) + 1);
	return 0;
}

/*
 * Waits until FD is ready for EVENTS; a stop signal that came before poll() is seen within a
 * second. SIGNALS: of signals_hold(), or -1.
 */
static int wait_for(int fd, short events, int signals, uint64_t deadline_ns)
{
	struct pollfd poll_for[] = {{.fd = fd, .events = events},
				    {.fd = signals, .events = POLLIN}};

	for (;;) {
		uint64_t now = clock_ns();
		uint64_t left = now < deadline_ns ? (deadline_ns - now) / 1000000 + 1 : 0;

		if (stop_signal() || poll_for[1].revents)
			return -EINTR;
		if (now >= deadline_ns)
			return -ETIMEDOUT;
		if (poll(poll_for, COUNT_OF(poll_for), left > 1000 ? 1000 : (int)left) > 0 &&
		    poll_for[0].revents)
			return 0;
	}
}

/* Whether the process at the other end is this user's. */
static int check_user(int socket, bool any_user)
{
	struct ucred other;
	socklen_t size = sizeof(other);

	if (any_user)
		return 0;
	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &other, &size))
		return -errno;
	return other.uid == geteuid() ? 0 : -EPERM;
}

/* Removes PATH if it still is the file MADE. */
static void remove_made(const char *path, const struct stat *made)
{
	struct stat now;

	if (!lstat(path, &now) && now.st_ino == made->st_ino && now.st_dev == made->st_dev)
		unlink(path);
}

/* Binds and waits for one who connects, with signals held. Returns a descriptor or -errno. */
static int accept_one(int listener, const char *path, const struct sockaddr_un *address,
		      bool any_user, int signals, uint64_t deadline_ns)
{
	mode_t mask = umask(any_user ? 0111 : 0177);
	int error = bind(listener, (const struct sockaddr *)address, sizeof(*address)) ? -errno : 0;
	struct stat made;
	int fd;

	umask(mask);
	if (error == -EPERM)
		return -EOPNOTSUPP; /* vfat, sysfs: no sockets there */
	if (error)
		return error;
	if (lstat(path, &made))
		return -errno;
	error = listen(listener, 1) ? -errno : wait_for(listener, POLLIN, signals, deadline_ns);
	fd = error ? error : accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (!error && fd < 0)
		fd = -errno;
	remove_made(path, &made);
	return fd;
}

int passing_accept(const char *path, bool any_user, uint64_t deadline_ns)
{
	AUTO_CLOSE int listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address;
	struct signals_held held;
	int error, fd;

	if (listener < 0)
		return -errno;
	error = fill_address(path, &address);
	if (error)
		return error;
	error = signals_hold(&held);
	if (error < 0)
		return error;
	fd = accept_one(listener, path, &address, any_user, held.fd, deadline_ns);
	signals_let(&held);
	if (fd < 0)
		return fd;
	error = check_user(fd, any_user);
	if (error)
		close(fd);
	return error ? error : fd;
}

int passing_connect(const char *path, bool any_user, uint64_t deadline_ns)
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
	error = check_user(fd, any_user);
	return error ? error : TAKE_FD(fd);
}

int passing_send(int socket, const void *data, size_t size, int fd, uint64_t deadline_ns)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	char copy[256];
	struct iovec piece = {copy, size};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
	struct cmsghdr *header;
	int error;

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
	while (sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		error = wait_for(socket, POLLOUT, -1, deadline_ns);
		if (error)
			return error;
	}
	return 0;
}

/*
 * Takes the descriptors out of MESSAGE: returns the first, or -1, and closes the others, which are
 * counted in *surplus. There may be one more than was made room for, by alignment.
 */
static int take_descriptors(struct msghdr *message, size_t *surplus)
{
	int first = -1;

	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header)) {
		const unsigned char *end = (const unsigned char *)header + header->cmsg_len;
		int fd;

		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		for (const unsigned char *at = CMSG_DATA(header); at + sizeof(fd) <= end;
		     at += sizeof(fd)) {
			memcpy(&fd, at, sizeof(fd));
			if (first < 0) {
				first = fd;
			} else {
				close(fd);
				(*surplus)++;
			}
		}
	}
	return first;
}

int passing_receive(int socket, void *data, size_t size, int *fd, uint64_t deadline_ns)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {0};
	struct iovec piece = {data, size};
	struct msghdr message = {.msg_iov = &piece,
				 .msg_iovlen = 1,
				 .msg_control = control,
				 .msg_controllen = sizeof(control)};
	AUTO_CLOSE int got = -1;
	size_t surplus = 0;
	ssize_t length;
	int error = wait_for(socket, POLLIN, -1, deadline_ns);

	if (error)
		return error;
	length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	if (length < 0)
		return -errno;
	got = take_descriptors(&message, &surplus);
	if (!length)
		return -ECONNRESET;
	if ((size_t)length != size || message.msg_flags & (MSG_TRUNC | MSG_CTRUNC) || surplus ||
	    (got >= 0 && !fd))
		return -EPROTO;
	if (fd)
		*fd = TAKE_FD(got);
	return 0;
}
