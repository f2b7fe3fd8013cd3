// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/process/candidates.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/path.h"
#include "base/xalloc.h"
#include "sys/fdinfo.h"
#include "sys/root.h"

/* Where the files of a process are, or of a thread with a table of its own; the caller frees it. */
static char *table_of(const struct carrier *carrier)
{
	return carrier->thread
		       ? xasprintf("%" PRIu64 "/task/%" PRIu64, carrier->pid, carrier->thread)
		       : xasprintf("%" PRIu64, carrier->pid);
}

/*
 * The files inside a socket's queues ("scm_fds: 2": sock_show_fdinfo(), net/unix/af_unix.c) or
 * registered with a ring ("UserFiles:\t2": io_uring/fdinfo.c).
 */
static uint64_t files_inside(const struct root *root, const struct carrier *carrier)
{
	static const char socket_key[] = "\nscm_fds: ";
	AUTO_FREE char *table = table_of(carrier);
	AUTO_FREE char *number = xasprintf("%" PRIu64, carrier->descriptor.number);
	AUTO_FREE char *text = NULL;
	const char *line;
	uint64_t count;

	if (fdinfo_read(root, table, number, &text))
		return 0;
	if (carrier->descriptor.kind == DESCRIPTOR_IO_URING)
		return fdinfo_number(text, "UserFiles", &count) ? 0 : count;
	line = strstr(text, socket_key);
	return line ? strtoull(line + strlen(socket_key), NULL, 10) : 0;
}

/*
 * The device behind a DRM file, whose driver it may have given buffers to; NULL: unknown. The
 * caller frees it. "/dev/dri/card0" -> /sys/class/drm/card0/device -> "../../../vgem"
 */
static char *device_of(const struct root *root, const struct carrier *carrier)
{
	AUTO_FREE char *table = table_of(carrier);
	AUTO_FREE char *file = xasprintf("/proc/%s/fd/%" PRIu64, table, carrier->descriptor.number);
	AUTO_FREE char *node = NULL;
	AUTO_FREE char *link = NULL;
	AUTO_FREE char *device = NULL;

	if (!descriptor_is_drm(root, table, carrier->descriptor.number) ||
	    root_readlink(root, file, &node))
		return NULL;
	link = xasprintf("/sys/class/drm/%s/device", path_name(node));
	return root_readlink(root, link, &device) ? NULL : xstrdup(path_name(device));
}

/* Says whether it is one, and adds it. */
static void add(const struct root *root, const struct carrier *carrier,
		const struct candidates_wanted *wanted, struct candidates *candidates)
{
	AUTO_FREE char *device = NULL;
	struct candidate *candidate;
	uint64_t count = 0;

	switch (carrier->descriptor.kind) {
	case DESCRIPTOR_BUFFER:
		return;
	case DESCRIPTOR_SOCKET:
	case DESCRIPTOR_IO_URING:
		count = wanted->inside ? files_inside(root, carrier) : 0;
		if (!count)
			return;
		break;
	case DESCRIPTOR_DRM:
		device = wanted->devices.tree ? device_of(root, carrier) : NULL;
		if (!device || !set_find(&wanted->devices, device))
			return;
		break;
	case DESCRIPTOR_SYNC_FILE:
		if (!wanted->fences)
			return;
		break;
	}
	candidate = array_add(candidates);
	process_describe(root, carrier->pid, &candidate->process);
	candidate->thread = carrier->thread;
	candidate->descriptor = carrier->descriptor;
	candidate->count = count;
	candidate->device = TAKE_POINTER(device);
}

static int by_descriptor(const void *a, const void *b)
{
	const struct candidate *first = a, *second = b;
	int order = order_of(first->process.pid, second->process.pid);

	if (!order)
		order = order_of(first->thread, second->thread);
	return order ? order : order_of(first->descriptor.number, second->descriptor.number);
}

void candidates_read(const struct root *root, const struct process_scan *scan,
		     const struct candidates_wanted *wanted, struct candidates *candidates)
{
	*candidates = (struct candidates){0};
	array_for_each (&scan->carriers, carrier)
		add(root, carrier, wanted, candidates);
	if (candidates->count)
		qsort(candidates->items, candidates->count, sizeof(*candidates->items),
		      by_descriptor);
}

void candidates_free(struct candidates *candidates)
{
	array_for_each (candidates, candidate) {
		process_free(&candidate->process);
		free(candidate->device);
	}
	array_free(candidates);
}
