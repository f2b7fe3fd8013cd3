// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/transfer.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "sys/dmabuf.h"
#include "sys/fd_passing.h"

/* The packets, in this order; all on one machine, so in its byte order. */
enum packet_kind {
	PACKET_READY,  /* receiver: here I am */
	PACKET_COUNT,  /* sender: so many buffers */
	PACKET_BUFFER, /* sender: one of them, with its descriptor */
	PACKET_DONE,   /* receiver: I have finished */
};

struct packet {
	char magic[8];
	uint32_t kind;
	uint32_t count; /* of PACKET_COUNT: buffers to come */
};

static const char magic[8] = "dmaheap";

static int send_packet(int connection, enum packet_kind kind, uint32_t count, int fd,
		       uint64_t deadline_ns)
{
	struct packet packet = {.kind = kind, .count = count};

	memcpy(packet.magic, magic, sizeof(magic));
	return passing_send(connection, &packet, sizeof(packet), fd, deadline_ns);
}

static int receive_packet(int connection, enum packet_kind kind, uint32_t *count, int *fd,
			  uint64_t deadline_ns)
{
	struct packet packet;
	int error = passing_receive(connection, &packet, sizeof(packet), fd, deadline_ns);

	if (error)
		return error;
	if (memcmp(packet.magic, magic, sizeof(magic)) != 0 || packet.kind != kind)
		return -EPROTO;
	if (count)
		*count = packet.count;
	return 0;
}

int transfer_send(const char *socket, bool any_user, const struct buffers *buffers,
		  uint64_t limit_ns)
{
	AUTO_CLOSE int connection = passing_connect(socket, any_user, clock_deadline(limit_ns));
	uint64_t deadline = clock_deadline(limit_ns);
	int error;

	if (connection < 0)
		return connection;
	error = receive_packet(connection, PACKET_READY, NULL, NULL, deadline);
	if (!error)
		error = send_packet(connection, PACKET_COUNT, (uint32_t)buffers->count, -1,
				    deadline);
	array_for_each (buffers, buffer) {
		if (!error)
			error = send_packet(connection, PACKET_BUFFER, 0, buffer->fd, deadline);
	}
	return error ? error
		     : receive_packet(connection, PACKET_DONE, NULL, NULL,
				      clock_deadline(limit_ns));
}

static int receive_one(int connection, struct buffers *buffers, uint64_t deadline)
{
	AUTO_CLOSE int fd = -1;
	int error = receive_packet(connection, PACKET_BUFFER, NULL, &fd, deadline);

	if (error)
		return error;
	if (fd < 0 || !dmabuf_is(fd))
		return -EBADMSG;
	return buffer_adopt(buffers, TAKE_FD(fd));
}

int transfer_receive(const char *socket, bool any_user, struct buffers *buffers, uint64_t limit_ns)
{
	AUTO_CLOSE int connection = passing_accept(socket, any_user, clock_deadline(limit_ns));
	uint64_t deadline = clock_deadline(limit_ns);
	uint32_t count = 0;
	int error;

	if (connection < 0)
		return connection;
	error = send_packet(connection, PACKET_READY, 0, -1, deadline);
	if (!error)
		error = receive_packet(connection, PACKET_COUNT, &count, NULL, deadline);
	if (!error && count > TRANSFER_BUFFERS_MAX)
		error = -EPROTO;
	while (!error && count--)
		error = receive_one(connection, buffers, deadline);
	return error ? error : TAKE_FD(connection);
}

void transfer_done(int connection, uint64_t limit_ns)
{
	send_packet(connection, PACKET_DONE, 0, -1, clock_deadline(limit_ns));
	close(connection);
}
