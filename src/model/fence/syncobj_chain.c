// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/syncobj_chain.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/clock.h"
#include "sys/drm.h"

/* The point of the timeline that gets the fence. */
#define POINT 1

struct carrier_node {
	int fd;
	char *driver;
	bool has_points;
};

struct carrier {
	struct carrier_node *node;
	uint32_t in, timeline, out, late; /* 0: none */
	int eventfd;                      /* -1: none */
};

int carrier_node_open(struct carrier_node **node)
{
	char *driver;
	int fd = drm_open_able(DRM_HAS_SYNCOBJ_TIMELINE, &driver);

	/* timelines can more: a node that has them is the better one */
	if (fd < 0)
		fd = drm_open_able(DRM_HAS_SYNCOBJ, &driver);
	if (fd < 0)
		return fd;
	*node = xcalloc(1, sizeof(**node));
	(*node)->fd = fd;
	(*node)->driver = driver;
	(*node)->has_points = drm_is_able(fd, DRM_HAS_SYNCOBJ_TIMELINE);
	return 0;
}

void carrier_node_close(struct carrier_node *node)
{
	if (!node)
		return;
	close(node->fd);
	free(node->driver);
	free(node);
}

const char *carrier_node_driver(const struct carrier_node *node)
{
	return node->driver;
}

static void carrier_cleanup(struct carrier **carrier)
{
	carrier_free(*carrier);
}

/* The eventfd is armed first, for a point that has no fence yet: the wait begins when it gets one.
 */
static int load_timeline(struct carrier *carrier)
{
	int drm = carrier->node->fd;
	int error = syncobj_create(drm, 0, &carrier->timeline);

	if (!error)
		error = syncobj_create(drm, 0, &carrier->out);
	if (error)
		return error;
	carrier->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (carrier->eventfd < 0)
		return -errno;
	if (syncobj_eventfd(drm, carrier->timeline, POINT, carrier->eventfd, 0)) {
		close(carrier->eventfd); /* before Linux 6.6 */
		carrier->eventfd = -1;
	}
	error = syncobj_transfer(drm, carrier->timeline, POINT, carrier->in, 0);
	return error ? error : syncobj_transfer(drm, carrier->out, 0, carrier->timeline, POINT);
}

int carrier_load(struct carrier_node *node, int sync_file, struct carrier **carrier)
{
	CLEANUP(carrier_cleanup) struct carrier *new_one = xcalloc(1, sizeof(*new_one));
	int error;

	new_one->node = node;
	new_one->eventfd = -1;
	error = syncobj_create(node->fd, 0, &new_one->in);
	if (!error)
		error = syncobj_import(node->fd, new_one->in, sync_file);
	if (!error)
		error = syncobj_create(node->fd, 0, &new_one->late);
	if (!error && node->has_points)
		error = load_timeline(new_one);
	if (error)
		return error;
	*carrier = TAKE_POINTER(new_one);
	return 0;
}

static void destroy_all(const struct carrier *carrier)
{
	const uint32_t syncobjs[] = {carrier->in, carrier->timeline, carrier->out, carrier->late};

	for (size_t i = 0; i < COUNT_OF(syncobjs); i++) {
		if (syncobjs[i])
			syncobj_destroy(carrier->node->fd, syncobjs[i]);
	}
}

void carrier_free(struct carrier *carrier)
{
	if (!carrier)
		return;
	destroy_all(carrier);
	cleanup_close(&carrier->eventfd);
	free(carrier);
}

int carrier_export(struct carrier *carrier)
{
	return syncobj_export(carrier->node->fd, carrier->out ? carrier->out : carrier->in);
}

int carrier_submit(struct carrier *carrier)
{
	AUTO_CLOSE int file = carrier_export(carrier);

	return file < 0 ? TAKE_FD(file) : syncobj_import(carrier->node->fd, carrier->late, file);
}

static int wait_eventfd(int eventfd, int64_t until_ns)
{
	struct pollfd poll_fd = {.fd = eventfd, .events = POLLIN};
	int64_t left = until_ns - (int64_t)clock_ns();
	int ready = poll(&poll_fd, 1, left > 0 ? (int)(left / 1000000 + 1) : 0);

	return ready < 0 ? -errno : ready ? 0 : -ETIME;
}

int carrier_wait(struct carrier *carrier, enum fence_carrier which, int64_t until_ns)
{
	int drm = carrier->node->fd;

	switch (which) {
	case CARRIER_SYNCOBJ:
		return syncobj_wait(drm, carrier->in, until_ns, 0);
	case CARRIER_POINT:
		if (!carrier->timeline)
			return -EOPNOTSUPP;
		return syncobj_wait_point(drm, carrier->timeline, POINT, until_ns, 0);
	case CARRIER_EVENTFD:
		if (carrier->eventfd < 0)
			return -EOPNOTSUPP;
		return wait_eventfd(carrier->eventfd, until_ns);
	case CARRIER_SUBMIT:
		return syncobj_wait(drm, carrier->late, until_ns, SYNCOBJ_WAIT_FOR_SUBMIT);
	case CARRIERS:
		break;
	}
	return -EINVAL;
}
