// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/fence.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/kernel_version.h"
#include "model/fence/syncobj_chain.h"
#include "model/fence/unavailable.h"
#include "sys/dmabuf.h"
#include "sys/drm.h"
#include "sys/sw_sync.h"
#include "sys/sync_file.h"
#include "sys/vgem.h"

struct fence_source {
	enum fence_kind kind, origin;
	int vgem;     /* origin FENCE_VGEM: the node */
	int timeline; /* origin FENCE_SW_SYNC */
	uint32_t made, reached;
	int page; /* FENCE_SYNCOBJ with vgem: a buffer that vgem fences in the place of the one
		     tested */
	struct carrier_node *carrier; /* FENCE_SYNCOBJ */
};

struct fence {
	struct fence_source *source;
	uint32_t number; /* vgem's, or the value of the timeline */
	bool signalled;
	struct carrier *carrier; /* FENCE_SYNCOBJ */
};

const char *fence_kind_name(enum fence_kind kind)
{
	static const char *const names[FENCE_KINDS] = {"vgem", "sw_sync", "syncobj"};

	return names[kind];
}

bool fence_kind_taints(enum fence_kind kind)
{
	uint32_t kernel = kernel_version_running();

	return kind == FENCE_SW_SYNC && (!kernel || kernel >= KERNEL(6, 19, 0));
}

enum fence_kind fence_source_kind(const struct fence_source *source)
{
	return source->kind;
}

enum fence_kind fence_source_origin(const struct fence_source *source)
{
	return source->origin;
}

const char *fence_source_carrier(const struct fence_source *source)
{
	return source->carrier ? carrier_node_driver(source->carrier) : NULL;
}

static struct fence_source *new_source(enum fence_kind kind)
{
	struct fence_source *source = xcalloc(1, sizeof(*source));

	source->kind = source->origin = kind;
	source->vgem = source->timeline = source->page = -1;
	return source;
}

static int open_syncobj(int heap, bool may_taint, struct fence_source **source,
			struct fence_obstacle *obstacle)
{
	AUTO_FENCE_SOURCE struct fence_source *new_one = NULL;
	struct fence_obstacle origins[FENCE_KINDS];
	struct carrier_node *carrier;
	int error = carrier_node_open(&carrier);

	if (error) {
		fence_obstacle_set(obstacle, FENCE_SYNCOBJ, error);
		return error;
	}
	error = fence_source_choose(heap, may_taint, &new_one, origins);
	if (error) {
		carrier_node_close(carrier);
		*obstacle = origins[FENCE_VGEM]; /* a sync object carries fences, it makes none */
		return error;
	}
	new_one->kind = FENCE_SYNCOBJ;
	new_one->carrier = carrier;
	if (new_one->origin == FENCE_VGEM) {
		new_one->page = heap_allocate(heap, 1, O_RDWR | O_CLOEXEC);
		if (new_one->page < 0) {
			fence_obstacle_set(obstacle, FENCE_KINDS, new_one->page);
			return new_one->page;
		}
	}
	*source = TAKE_POINTER(new_one);
	return 0;
}

int fence_source_open(enum fence_kind kind, int heap, bool may_taint, struct fence_source **source,
		      struct fence_obstacle *obstacle)
{
	AUTO_FENCE_SOURCE struct fence_source *new_one = NULL;
	int fd;

	if (kind == FENCE_SYNCOBJ)
		return open_syncobj(heap, may_taint, source, obstacle);
	if (fence_kind_taints(kind) && !may_taint)
		fd = -ECANCELED;
	else
		fd = kind == FENCE_VGEM ? drm_open_driver(VGEM_DRIVER) : sw_sync_open();
	if (fd < 0) {
		fence_obstacle_set(obstacle, kind, fd);
		return fd;
	}
	new_one = new_source(kind);
	*(kind == FENCE_VGEM ? &new_one->vgem : &new_one->timeline) = fd;
	*source = TAKE_POINTER(new_one);
	return 0;
}

int fence_source_choose(int heap, bool may_taint, struct fence_source **source,
			struct fence_obstacle *obstacles)
{
	int error = -ENODEV;

	for (enum fence_kind kind = FENCE_VGEM; kind <= FENCE_SW_SYNC; kind++) {
		error = fence_source_open(kind, heap, may_taint, source, &obstacles[kind]);
		if (!error)
			return 0;
	}
	return error;
}

void fence_source_close(struct fence_source *source)
{
	if (!source)
		return;
	cleanup_close(&source->vgem); /* signals its fences */
	cleanup_close(&source->timeline);
	if (source->page >= 0)
		close(source->page);
	carrier_node_close(source->carrier);
	free(source);
}

static int attach_vgem(struct fence *fence, int dmabuf, bool write)
{
	int node = fence->source->vgem;
	uint32_t handle;
	int error = drm_import(node, dmabuf, &handle);

	if (error)
		return error;
	error = vgem_fence_attach(node, handle, write ? VGEM_FENCE_WRITE : 0, &fence->number);
	/* the fence stays on the buffer, of which the handle would be a reference */
	drm_release(node, handle);
	return error;
}

/* A sync file with a new fence of the source. */
static int make_sync_file(struct fence *fence)
{
	struct fence_source *source = fence->source;
	int error;

	if (source->origin == FENCE_SW_SYNC) {
		fence->number = ++source->made;
		return sw_sync_fence(source->timeline, fence->number);
	}
	error = attach_vgem(fence, source->page, true);
	return error ? error : dmabuf_export_sync_file(source->page, DMA_BUF_SYNC_READ);
}

static int attach_sync_file(struct fence *fence, int dmabuf, bool write)
{
	AUTO_CLOSE int made = -1;
	AUTO_CLOSE int carried = -1;
	int error;

	made = make_sync_file(fence);
	if (made < 0)
		return TAKE_FD(made);
	if (fence->source->carrier) {
		error = carrier_load(fence->source->carrier, made, &fence->carrier);
		if (error)
			return error;
		carried = carrier_export(fence->carrier);
		if (carried < 0)
			return TAKE_FD(carried);
	}
	return dmabuf_import_sync_file(dmabuf, write ? DMA_BUF_SYNC_WRITE : DMA_BUF_SYNC_READ,
				       carried >= 0 ? carried : made);
}

int fence_attach(struct fence_source *source, int dmabuf, bool write, struct fence **fence)
{
	AUTO_FENCE struct fence *new_fence = xcalloc(1, sizeof(*new_fence));
	int error;

	new_fence->source = source;
	new_fence->signalled = true; /* nothing to signal yet */
	if (source->kind == FENCE_VGEM)
		error = attach_vgem(new_fence, dmabuf, write);
	else
		error = attach_sync_file(new_fence, dmabuf, write);
	new_fence->signalled = !new_fence->number;
	if (error)
		return error;
	*fence = TAKE_POINTER(new_fence);
	return 0;
}

int fence_signal(struct fence *fence)
{
	struct fence_source *source = fence->source;
	uint32_t step = fence->number - source->reached;

	fence->signalled = true;
	if (fence->carrier) {
		int error = carrier_submit(fence->carrier);

		if (error)
			return error;
	}
	if (source->origin == FENCE_VGEM)
		return vgem_fence_signal(source->vgem, fence->number);
	if ((int32_t)step <= 0)
		return 0; /* a later fence of the timeline took this one along */
	source->reached = fence->number;
	return sw_sync_advance(source->timeline, step);
}

void fence_free(struct fence *fence)
{
	if (!fence)
		return;
	if (!fence->signalled)
		fence_signal(fence);
	carrier_free(fence->carrier);
	free(fence);
}

int fence_carrier_wait(struct fence *fence, enum fence_carrier carrier, int64_t until_ns)
{
	return fence->carrier ? carrier_wait(fence->carrier, carrier, until_ns) : -EOPNOTSUPP;
}
