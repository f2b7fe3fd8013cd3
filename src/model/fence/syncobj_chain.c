// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/syncobj_chain.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/xalloc.h"
#include "sys/drm.h"

/* The point of the timeline that gets the fence. */
#define POINT 1

struct syncobj_node {
	int fd;
	char *driver;
	bool has_points;
};

struct syncobj_chain {
	struct syncobj_node *node;
	uint32_t in, timeline, out, late; /* 0: none */
	int eventfd;                      /* -1: none */
};

int syncobj_node_open(struct syncobj_node **node)
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

void syncobj_node_free(struct syncobj_node *node)
{
	if (!node)
		return;
	close(node->fd);
	free(node->driver);
	free(node);
}

const char *syncobj_node_driver(const struct syncobj_node *node)
{
	return node->driver;
}

static void syncobj_chain_cleanup(struct syncobj_chain **chain)
{
	syncobj_chain_free(*chain);
}

/* The eventfd is armed first, for a point that has no fence yet: the wait begins when it gets one.
 */
static int load_timeline(struct syncobj_chain *chain)
{
	int drm = chain->node->fd;
	int error = syncobj_create(drm, 0, &chain->timeline);

	if (!error)
		error = syncobj_create(drm, 0, &chain->out);
	if (error)
		return error;
	chain->eventfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (chain->eventfd < 0)
		return -errno;
	if (syncobj_eventfd(drm, chain->timeline, POINT, chain->eventfd, 0)) {
		close(chain->eventfd); /* before Linux 6.6 */
		chain->eventfd = -1;
	}
	error = syncobj_transfer(drm, chain->timeline, POINT, chain->in, 0);
	return error ? error : syncobj_transfer(drm, chain->out, 0, chain->timeline, POINT);
}

int syncobj_chain_new(struct syncobj_node *node, int sync_file, struct syncobj_chain **chain)
{
	CLEANUP(syncobj_chain_cleanup) struct syncobj_chain *new_one = xcalloc(1, sizeof(*new_one));
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
	*chain = TAKE_POINTER(new_one);
	return 0;
}

static void destroy_all(const struct syncobj_chain *chain)
{
	const uint32_t syncobjs[] = {chain->in, chain->timeline, chain->out, chain->late};

	for (size_t i = 0; i < COUNT_OF(syncobjs); i++) {
		if (syncobjs[i])
			syncobj_destroy(chain->node->fd, syncobjs[i]);
	}
}

void syncobj_chain_free(struct syncobj_chain *chain)
{
	if (!chain)
		return;
	destroy_all(chain);
	cleanup_close(&chain->eventfd);
	free(chain);
}

int syncobj_chain_export(struct syncobj_chain *chain)
{
	return syncobj_export(chain->node->fd, chain->out ? chain->out : chain->in);
}

int syncobj_chain_submit(struct syncobj_chain *chain)
{
	AUTO_CLOSE int file = syncobj_chain_export(chain);

	return file < 0 ? TAKE_FD(file) : syncobj_import(chain->node->fd, chain->late, file);
}

static int wait_eventfd(int eventfd, int64_t until_ns)
{
	struct pollfd poll_fd = {.fd = eventfd, .events = POLLIN};
	int64_t left = until_ns - (int64_t)clock_ns();
	int ready = poll(&poll_fd, 1, left > 0 ? (int)(left / 1000000 + 1) : 0);

	return ready < 0 ? -errno : ready ? 0 : -ETIME;
}

int syncobj_chain_wait(struct syncobj_chain *chain, enum chain_link link, int64_t until_ns)
{
	int drm = chain->node->fd;

	switch (link) {
	case CHAIN_SYNCOBJ:
		return syncobj_wait(drm, chain->in, until_ns, 0);
	case CHAIN_POINT:
		if (!chain->timeline)
			return -EOPNOTSUPP;
		return syncobj_wait_point(drm, chain->timeline, POINT, until_ns, 0);
	case CHAIN_EVENTFD:
		if (chain->eventfd < 0)
			return -EOPNOTSUPP;
		return wait_eventfd(chain->eventfd, until_ns);
	case CHAIN_SUBMIT:
		return syncobj_wait(drm, chain->late, until_ns, SYNCOBJ_WAIT_FOR_SUBMIT);
	case CHAIN_LINKS:
		break;
	}
	return -EINVAL;
}
