// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/clock.h"
#include "base/signals.h"
#include "model/buffer/transfer.h"
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
		{9, 0, -EPROTO, -EPROTO},
		{9, 1, -EPROTO, -EPROTO},
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

static void a_receiver_that_does_not_read_is_not_waited_for(void **state)
{
	static const char data[256];
	int error = 0;

	(void)state;
	/* until the socket is full; then nothing is taken any more */
	while (!error)
		error = passing_send(sockets[0], data, sizeof(data), -1, clock_deadline(50000000));
	assert_int_equal(error, -ETIMEDOUT);
}

static void a_sender_that_sends_nothing_is_not_waited_for(void **state)
{
	char data[16];

	(void)state;
	alarm(30); /* else a failure would wait for ever */
	assert_int_equal(
		passing_receive(sockets[0], data, sizeof(data), NULL, clock_deadline(50000000)),
		-ETIMEDOUT);
	alarm(0);
}

static char directory[] = "/tmp/dmaheap-passing-XXXXXX", path[64];

static int make_directory(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/socket", directory);
	return 0;
}

static int remove_directory(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

/* Says whether somebody listens at the path: by then the receiver knows the file for its own. */
static bool is_listened_at(void)
{
	FILE *file = fopen("/proc/net/unix", "r");
	char line[256];
	bool found = false;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file))
		found |= strstr(line, " 00010000 ") && strstr(line, path); /* SO_ACCEPTCON */
	fclose(file);
	return found;
}

/* Waits until there is a socket; false: CHILD, which should make it, has ended with *STATUS. */
static bool wait_for_socket(pid_t child, int *status)
{
	while (!is_listened_at()) {
		if (waitpid(child, status, WNOHANG) == child)
			return false;
		usleep(1000);
	}
	return true;
}

static const int signals[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGTERM,   SIGUSR1, SIGALRM,
			      SIGPIPE, SIGXCPU, SIGPROF, SIGVTALRM, SIGIO,   SIGPWR};

/*
 * A child that waits at PATH, with SIGUSR2 ignored, and nothing else: a shell ignores SIGINT and
 * SIGQUIT in what it starts in the background, and nohup SIGHUP.
 */
static pid_t start_receiver(bool any_user)
{
	pid_t child = fork();
	int status;

	assert_true(child >= 0);
	if (!child) {
		for (size_t i = 0; i < COUNT_OF(signals); i++)
			signal(signals[i], SIG_DFL);
		signal(SIGUSR2, SIG_IGN);
		catch_stop_signals();
		_exit(-passing_accept(path, any_user, UINT64_MAX) & 0x7f);
	}
	assert_true(wait_for_socket(child, &status));
	return child;
}

static void no_signal_leaves_a_socket(void **state)
{
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(signals); i++) {
		pid_t child = start_receiver(false);

		print_message("signal %d\n", signals[i]);
		/* what is ignored changes nothing */
		kill(child, SIGUSR2);
		usleep(20000);
		assert_int_equal(waitpid(child, &status, WNOHANG), 0);
		assert_int_equal(access(path, F_OK), 0);
		kill(child, signals[i]);
		assert_int_equal(waitpid(child, &status, 0), child);
		/* the first four are caught, the others still end the process */
		if (i < 4)
			assert_int_equal(WEXITSTATUS(status), EINTR);
		else
			assert_int_equal(WTERMSIG(status), signals[i]);
		assert_int_equal(access(path, F_OK), -1);
	}
}

static void a_socket_of_another_stays(void **state)
{
	pid_t child = start_receiver(false);
	int fd, status;

	(void)state;
	assert_int_equal(unlink(path), 0);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	close(fd);
	kill(child, SIGTERM);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

static void only_this_user_may_be_at_the_other_end(void **state)
{
	struct stat socket_status;
	pid_t child;
	int status, fd;

	(void)state;
	assert_int_equal(passing_connect("", false, UINT64_MAX), -EINVAL);
	assert_int_equal(passing_accept("", false, UINT64_MAX), -EINVAL);
	if (geteuid())
		skip(); /* another user is needed */
	/* one that accepts anybody, at one end or at both */
	for (int accepts = 0; accepts < 3; accepts++) {
		bool here = accepts != 1, there = accepts != 0;

		child = fork();
		assert_true(child >= 0);
		if (!child) {
			/* the credentials are those of the time of listen() */
			if (chmod(directory, 0777) || setresuid(65534, 65534, 65534))
				_exit(errno == EINVAL ? 77 : 100);
			fd = passing_accept(path, there, UINT64_MAX);
			_exit(fd < 0 ? -fd : 0);
		}
		if (!wait_for_socket(child, &status)) {
			assert_int_equal(WEXITSTATUS(status), 77);
			skip(); /* there is no other user in this namespace */
		}
		assert_int_equal(stat(path, &socket_status), 0);
		assert_int_equal(socket_status.st_mode & 0777, there ? 0666 : 0600);
		fd = passing_connect(path, here, clock_deadline(UINT64_C(60000000000)));
		if (here)
			assert_true(fd >= 0);
		else
			assert_int_equal(fd, -EPERM);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(WEXITSTATUS(status), there ? 0 : EPERM);
	}
}

/* How many packets with a descriptor a socket takes before one has to be received. */
static size_t count_that_fit(int null)
{
	static const char packet[16];
	int pair[2];
	size_t count = 0;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair), 0);
	while (!passing_send(pair[0], packet, sizeof(packet), null, clock_ns()))
		count++;
	close(pair[0]);
	close(pair[1]);
	return count;
}

/* Takes packets of a sender, one each PAUSE, and notes when. */
static void take_slowly(uint64_t *times, size_t count, uint64_t pause)
{
	static const char ready[16] = "dmaheap"; /* and 0, which is PACKET_READY */
	int fd = passing_accept(path, false, UINT64_MAX);
	char packet[16];

	if (fd < 0 || passing_send(fd, ready, sizeof(ready), -1, UINT64_MAX))
		_exit(1);
	for (size_t i = 0; i < count; i++) {
		int got = -1;

		usleep((useconds_t)(pause / 1000));
		if (passing_receive(fd, packet, sizeof(packet), &got, UINT64_MAX))
			_exit(2);
		close(got);
		times[i] = clock_ns();
	}
	_exit(0);
}

/*
 * Sends eight times the buffers that FIT, of which the receiver takes half within LIMIT. Says
 * whether it has taken so many that some were sent within LIMIT before the end, which was then not
 * that of the time of one of them. It has not where the machine had no time for it.
 */
static bool is_time_of_all(int null, size_t fit, uint64_t limit)
{
	size_t count = fit * 8, taken = 0;
	uint64_t *times = mmap(NULL, count * sizeof(*times), PROT_READ | PROT_WRITE,
			       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct buffers buffers = {0};
	uint64_t end;
	pid_t child;

	assert_ptr_not_equal(times, MAP_FAILED);
	child = fork();
	assert_true(child >= 0);
	if (!child)
		take_slowly(times, count, limit / fit / 4);
	for (size_t i = 0; i < count; i++)
		*array_add(&buffers) = (struct buffer){.fd = null};
	/* were it the time of each of them, -EPIPE */
	assert_int_equal(transfer_send(path, false, &buffers, limit), -ETIMEDOUT);
	end = clock_ns();
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	unlink(path); /* of a child that nobody has reached */
	for (size_t i = 0; i < count; i++)
		taken += times[i] > end - limit;
	array_free(&buffers);
	munmap(times, count * sizeof(*times));
	return taken > fit;
}

static void all_buffers_are_passed_within_the_time(void **state)
{
	int null = open("/dev/null", O_RDONLY);
	size_t fit;

	(void)state;
	assert_true(null >= 0);
	fit = count_that_fit(null);
	for (uint64_t limit = 500000000; !is_time_of_all(null, fit, limit); limit *= 2)
		assert_true(limit < UINT64_C(60000000000));
	close(null);
}

struct packet {
	char magic[8];
	uint32_t kind, count;
};

static const struct {
	struct packet first, second; /* what is sent; second: where it has a magic */
	bool descriptor;             /* with the second, and of no buffer */
	int error;
} wrong_senders[] = {
	{{"nothing", 1, 1}, {"", 0, 0}, false, -EPROTO},
	{{"dmaheap", 2, 0}, {"", 0, 0}, false, -EPROTO},
	{{"dmaheap", 1, 65537}, {"", 0, 0}, false, -EPROTO},
	{{"dmaheap", 1, 1}, {"dmaheap", 1, 1}, false, -EPROTO},
	{{"dmaheap", 1, 1}, {"dmaheap", 2, 0}, false, -EBADMSG},
	{{"dmaheap", 1, 1}, {"dmaheap", 2, 0}, true, -EBADMSG},
};

static void send_wrongly(size_t i)
{
	int fd = passing_connect(path, false, clock_deadline(UINT64_C(60000000000)));
	struct packet packet;

	if (fd < 0 || passing_receive(fd, &packet, sizeof(packet), NULL, UINT64_MAX) ||
	    passing_send(fd, &wrong_senders[i].first, sizeof(packet), -1, UINT64_MAX))
		_exit(1);
	if (*wrong_senders[i].second.magic)
		passing_send(fd, &wrong_senders[i].second, sizeof(packet),
			     wrong_senders[i].descriptor ? open("/dev/null", O_RDONLY) : -1,
			     UINT64_MAX);
	/* until it is closed */
	passing_receive(fd, &packet, sizeof(packet), NULL, clock_deadline(UINT64_C(60000000000)));
	_exit(0);
}

static void nothing_but_buffers_is_received(void **state)
{
	size_t before = count_open();
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(wrong_senders); i++) {
		struct buffers buffers = {0};
		pid_t child = fork();

		print_message("%zu\n", i);
		assert_true(child >= 0);
		if (!child)
			send_wrongly(i);
		/* sooner than the sender gives up */
		assert_int_equal(transfer_receive(path, false, &buffers, UINT64_C(20000000000)),
				 wrong_senders[i].error);
		assert_int_equal(buffers.count, 0);
		assert_int_equal(count_open(), before);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_what_is_expected_is_received, make_sockets,
						close_sockets),
		cmocka_unit_test_setup_teardown(a_receiver_that_does_not_read_is_not_waited_for,
						make_sockets, close_sockets),
		cmocka_unit_test_setup_teardown(a_sender_that_sends_nothing_is_not_waited_for,
						make_sockets, close_sockets),
		cmocka_unit_test(no_signal_leaves_a_socket),
		cmocka_unit_test(a_socket_of_another_stays),
		cmocka_unit_test(only_this_user_may_be_at_the_other_end),
		cmocka_unit_test(all_buffers_are_passed_within_the_time),
		cmocka_unit_test(nothing_but_buffers_is_received),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
