// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/clock.h"
#include "sys/fd_passing.h"

#define FDS_MAX 4

static int sockets[2];

static int make_sockets(void **state)
{
	(void)state;
	return socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets);
}

static int close_sockets(void **state)
{
	(void)state;
	return close(sockets[0]) || close(sockets[1]);
}

static size_t count_open(void)
{
	DIR *directory = opendir("/proc/self/fd");
	size_t count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* A packet of SIZE bytes with COUNT descriptors, as any peer may send it. */
static void send_packet(size_t size, size_t count)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(FDS_MAX * sizeof(int))] = {0};
	char data[16] = "";
	struct iovec piece = {data, size};
	struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1};
	int fds[FDS_MAX] = {0};

	if (count) {
		struct cmsghdr *header = (struct cmsghdr *)(void *)control;

		message.msg_control = control;
		message.msg_controllen = CMSG_SPACE(count * sizeof(int));
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(count * sizeof(int));
		memcpy(CMSG_DATA(header), fds, count * sizeof(int));
	}
	assert_int_equal(sendmsg(sockets[1], &message, 0), size);
}

static void only_what_is_expected_is_received(void **state)
{
	static const struct {
		size_t size, descriptors;
		int with, without; /* the result where one may come, and where none may */
	} cases[] = {
		{8, 0, 0, 0},
		{8, 1, 0, -EPROTO},
		{8, 2, -EPROTO, -EPROTO},
		{8, 3, -EPROTO, -EPROTO},
		{8, 4, -EPROTO, -EPROTO},
		{4, 1, -EPROTO, -EPROTO},
		{9, 2, -EPROTO, -EPROTO},
	};
	size_t before = count_open();
	char data[8];

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		uint64_t deadline = clock_deadline(1000000000);
		int fd = -1;

		print_message("%zu bytes, %zu descriptors\n", cases[i].size, cases[i].descriptors);
		send_packet(cases[i].size, cases[i].descriptors);
		assert_int_equal(passing_receive(sockets[0], data, sizeof(data), &fd, deadline),
				 cases[i].with);
		assert_int_equal(fd >= 0, !cases[i].with && cases[i].descriptors);
		if (fd >= 0)
			close(fd);
		assert_int_equal(count_open(), before);
		send_packet(cases[i].size, cases[i].descriptors);
		assert_int_equal(passing_receive(sockets[0], data, sizeof(data), NULL, deadline),
				 cases[i].without);
		assert_int_equal(count_open(), before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_what_is_expected_is_received, make_sockets,
						close_sockets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
