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
	struct syncobj_node *node; /* FENCE_SYNCOBJ */
};

struct fence {
	struct fence_source *source;
	uint32_t number; /* vgem's, or the value of the timeline */
	bool signalled;
	struct syncobj_chain *chain; /* FENCE_SYNCOBJ */
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

const char *fence_source_syncobj_driver(const struct fence_source *source)
{
	return source->node ? syncobj_node_driver(source->node) : NULL;
}

#define NO_SYNC_FILES "the kernel puts no sync files on buffers"
#define LINUX_6_0     "Linux 6.0 or later, with CONFIG_SYNC_FILE"

static const struct {
	enum fence_kind kind;
	int error; /* 0: any other */
	const char *what, *help;
} reasons[] = {
	{FENCE_VGEM, ENODEV, "no DRM node of the driver vgem",
	 "load it: modprobe vgem (CONFIG_DRM_VGEM)"},
	{FENCE_VGEM, EACCES, "no DRM node of the driver vgem among those that may be opened",
	 "be in the group of /dev/dri/renderD* (often render), or load it: modprobe vgem"},
	{FENCE_VGEM, ENOSYS, "this dmaheap was built without libdrm (-DDMAHEAP_DRM=OFF)",
	 "use a build with libdrm, or another source"},
	{FENCE_VGEM, 0, "the DRM nodes cannot be opened", "see /dev/dri"},
	{FENCE_SW_SYNC, ECANCELED, "a fence of sw_sync taints this kernel until the next boot",
	 "--allow taint, where that does no harm"},
	{FENCE_SW_SYNC, ENOENT, "no /sys/kernel/debug/sync/sw_sync",
	 "a kernel with CONFIG_SW_SYNC, and debugfs mounted: mount -t debugfs none "
	 "/sys/kernel/debug"},
	{FENCE_SW_SYNC, EACCES, "/sys/kernel/debug is for root", "run as root"},
	{FENCE_SW_SYNC, EPERM, "the kernel is locked down: debugfs cannot be used",
	 "boot without lockdown"},
	{FENCE_SW_SYNC, ENOTTY, NO_SYNC_FILES, LINUX_6_0},
	{FENCE_SW_SYNC, 0, "/sys/kernel/debug/sync/sw_sync cannot be opened",
	 "see the kernel's log"},
	{FENCE_SYNCOBJ, ENODEV, "no DRM node has sync objects (DRM_CAP_SYNCOBJ)",
	 "load the GPU's driver; in a virtual machine: virtio-gpu"},
	{FENCE_SYNCOBJ, EACCES, "no DRM node with sync objects among those that may be opened",
	 "be in the group of /dev/dri/renderD* (often render)"},
	{FENCE_SYNCOBJ, ENOSYS, "this dmaheap was built without libdrm (-DDMAHEAP_DRM=OFF)",
	 "use a build with libdrm, or another source"},
	{FENCE_SYNCOBJ, ENOTTY, NO_SYNC_FILES, LINUX_6_0},
	{FENCE_SYNCOBJ, 0, "the DRM nodes cannot be opened", "see /dev/dri"},
	{FENCE_KINDS, 0, "the heap has no page for the fence to come from", "free some memory"},
};

/* The reason for the -errno of an attempt to open a source of KIND (FENCE_KINDS: its page). */
static void set_obstacle(struct fence_obstacle *obstacle, enum fence_kind kind, int error)
{
	size_t i = 0;

	if (error == -EPERM && kind != FENCE_SW_SYNC)
		error = -EACCES;
	while (reasons[i].kind != kind || (reasons[i].error && reasons[i].error != -error))
		i++; /* the last of each kind fits any error */
	*obstacle = (struct fence_obstacle){error, reasons[i].what, reasons[i].help};
}

static struct fence_source *new_source(enum fence_kind kind)
{
	struct fence_source *source = xcalloc(1, sizeof(*source));

	source->kind = source->origin = kind;
	source->vgem = source->timeline = source->page = -1;
	return source;
}

/* Opens *page of the heap, and looks whether the kernel knows sync files of buffers. */
static int open_page(enum fence_kind kind, int heap, int *page, struct fence_obstacle *obstacle)
{
	AUTO_CLOSE int new_one = heap_allocate(heap, 1, O_RDWR | O_CLOEXEC);
	AUTO_CLOSE int file = -1;

	if (new_one < 0) {
		set_obstacle(obstacle, FENCE_KINDS, new_one);
		return TAKE_FD(new_one);
	}
	file = dmabuf_export_sync_file(new_one, DMA_BUF_SYNC_READ);
	if (file < 0) {
		set_obstacle(obstacle, kind, file);
		return TAKE_FD(file);
	}
	*page = TAKE_FD(new_one);
	return 0;
}

static int open_syncobj(int heap, bool may_taint, struct fence_source **source,
			struct fence_obstacle *obstacle)
{
	AUTO_FENCE_SOURCE struct fence_source *new_one = NULL;
	struct fence_obstacle origins[FENCE_KINDS];
	struct syncobj_node *node;
	int error = syncobj_node_open(&node);

	if (error) {
		set_obstacle(obstacle, FENCE_SYNCOBJ, error);
		return error;
	}
	error = fence_source_choose(heap, may_taint, &new_one, origins);
	if (error) {
		syncobj_node_free(node);
		*obstacle = origins[FENCE_VGEM]; /* a sync object passes fences on, it makes none */
		return error;
	}
	new_one->kind = FENCE_SYNCOBJ;
	new_one->node = node;
	if (new_one->origin == FENCE_VGEM) {
		error = open_page(FENCE_SYNCOBJ, heap, &new_one->page, obstacle);
		if (error)
			return error;
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
		set_obstacle(obstacle, kind, fd);
		return fd;
	}
	new_one = new_source(kind);
	*(kind == FENCE_VGEM ? &new_one->vgem : &new_one->timeline) = fd;
	if (kind == FENCE_SW_SYNC) {
		AUTO_CLOSE int page = -1;
		int error = open_page(kind, heap, &page, obstacle);

		if (error)
			return error;
	}
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

void fence_source_free(struct fence_source *source)
{
	if (!source)
		return;
	cleanup_close(&source->vgem); /* signals its fences */
	cleanup_close(&source->timeline);
	cleanup_close(&source->page);
	syncobj_node_free(source->node);
	free(source);
}

/*
 * Gives the node a higher descriptor than the buffer has. A process that is killed closes its files
 * from the lowest descriptor on and releases them in the reverse order (kernel/task_work.c), so
 * that the node is first and signals its fences. Before Linux 5.16 a buffer must not be released
 * while somebody polled it for one that is pending: BUG in dma_buf_release() (commit ff2d23843f7f).
 */
static int raise_node(struct fence_source *source, int dmabuf)
{
	int fd;

	if (source->vgem > dmabuf)
		return 0;
	fd = fcntl(source->vgem, F_DUPFD_CLOEXEC, dmabuf + 1);
	if (fd < 0)
		return -errno;
	close(source->vgem);
	source->vgem = fd;
	return 0;
}

static int attach_vgem(struct fence *fence, int dmabuf, bool write)
{
	int error = raise_node(fence->source, dmabuf);
	int node = fence->source->vgem;
	uint32_t handle;

	if (!error)
		error = drm_import(node, dmabuf, &handle);
	if (error)
		return error;
	error = vgem_fence_attach(node, handle, write ? VGEM_FENCE_WRITE : 0, &fence->number);
	/* the fence stays on the buffer, of which the handle would be a reference */
	drm_gem_close(node, handle);
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
	AUTO_CLOSE int passed_on = -1;
	int error;

	made = make_sync_file(fence);
	if (made < 0)
		return TAKE_FD(made);
	if (fence->source->node) {
		error = syncobj_chain_new(fence->source->node, made, &fence->chain);
		if (error)
			return error;
		passed_on = syncobj_chain_export(fence->chain);
		if (passed_on < 0)
			return TAKE_FD(passed_on);
	}
	return dmabuf_import_sync_file(dmabuf, write ? DMA_BUF_SYNC_WRITE : DMA_BUF_SYNC_READ,
				       passed_on >= 0 ? passed_on : made);
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
	if (fence->chain) {
		int error = syncobj_chain_submit(fence->chain);

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
	syncobj_chain_free(fence->chain);
	free(fence);
}

int fence_wait_link(struct fence *fence, enum chain_link link, int64_t until_ns)
{
	return fence->chain ? syncobj_chain_wait(fence->chain, link, until_ns) : -EOPNOTSUPP;
}
