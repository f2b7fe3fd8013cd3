// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Loses buffers of a heap, for tests of `dmaheap leak`:
 *
 *	losers HEAP run WAY TIMES COMMAND
 *	losers HEAP serve WAY SOCKET
 *	losers HEAP send SOCKET
 *
 * "run" loses one, TIMES times, and runs a command of the shell after each; "serve" does the same
 * with each buffer that it is sent, until it is killed; "send" sends it one, and ends once that has
 * been lost. The ways are in ways[].
 */
#include <err.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <linux/dma-heap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "live/live.h"

#define SIZE (1 << 16)

static void lose_descriptor(int fd)
{
	(void)fd;
}

static void lose_mapping(int fd)
{
	map(fd, SIZE);
	close(fd);
}

/* The device is never closed, and the handle forgotten. */
static void lose_in_device(int fd)
{
	static int card = -1;

	if (card < 0)
		card = open_card("vgem");
	import(card, fd);
	close(fd);
}

/* Loses nothing, and does all of the above. */
static void lose_nothing(int fd)
{
	char *memory = map(fd, SIZE);
	int copy = must("dup", dup(fd));

	memset(memory, 1, SIZE);
	must("munmap", munmap(memory, SIZE));
	close(copy);
	close(fd);
}

static const struct {
	const char *name;
	void (*lose)(int fd);
} ways[] = {
	{"descriptor", lose_descriptor},
	{"mapping", lose_mapping},
	{"device", lose_in_device},
	{"nothing", lose_nothing},
};

static void (*find_way(const char *name))(int fd)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		if (!strcmp(ways[i].name, name))
			return ways[i].lose;
	}
	errx(2, "no way to lose a buffer is called %s", name);
}

static int allocate_named(const char *heap, long number)
{
	char name[32];
	int fd = allocate(heap, SIZE);

	snprintf(name, sizeof(name), "lost-%ld", number);
	must("name", ioctl(fd, DMA_BUF_SET_NAME_B, name));
	return fd;
}

static void run(const char *heap, void (*lose)(int fd), long times, const char *command)
{
	for (long i = 0; i < times; i++) {
		lose(allocate_named(heap, i));
		must(command, system(command));
	}
}

static int open_socket(const char *path, struct sockaddr_un *address)
{
	*address = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(address->sun_path, sizeof(address->sun_path), "%s", path);
	return must("socket", socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
}

static void serve(void (*lose)(int fd), const char *path)
{
	struct sockaddr_un address;
	int server = open_socket(path, &address);

	must("bind", bind(server, (struct sockaddr *)&address, sizeof(address)));
	must("listen", listen(server, 8));
	for (;;) {
		int client = must("accept", accept(server, NULL, NULL));

		lose(receive_descriptor(client));
		must("write", write(client, "", 1));
		close(client);
	}
}

static void send_one(const char *heap, const char *path)
{
	struct sockaddr_un address;
	int client = open_socket(path, &address);
	char byte;

	must(path, connect(client, (struct sockaddr *)&address, sizeof(address)));
	send_descriptor(client, allocate_named(heap, getpid()));
	must("read", read(client, &byte, 1));
}

int main(int argc, char **argv)
{
	if (argc == 6 && !strcmp(argv[2], "run"))
		run(argv[1], find_way(argv[3]), strtol(argv[4], NULL, 10), argv[5]);
	else if (argc == 5 && !strcmp(argv[2], "serve"))
		serve(find_way(argv[3]), argv[4]);
	else if (argc == 4 && !strcmp(argv[2], "send"))
		send_one(argv[1], argv[3]);
	else
		errx(2,
		     "usage: losers HEAP run WAY TIMES COMMAND | serve WAY SOCKET | send SOCKET");
	return 0;
}
