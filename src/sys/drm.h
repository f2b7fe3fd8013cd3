/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * DRM nodes, PRIME and sync objects, through libdrm. Every function returns -errno where the kernel
 * refuses; in a build without libdrm (-DDMAHEAP_DRM=OFF) all return -ENOSYS.
 * include/uapi/drm/drm.h, drivers/gpu/drm/{drm_prime,drm_syncobj}.c
 */
#ifndef SYS_DRM_H
#define SYS_DRM_H

#include <stdbool.h>
#include <stdint.h>

/* Capabilities of a node that are asked for here: DRM_CAP_* of include/uapi/drm/drm.h. */
enum drm_ability {
	DRM_HAS_SYNCOBJ = 0x13,
	DRM_HAS_SYNCOBJ_TIMELINE = 0x14,
};

/*
 * Opens a node in /dev/dri whose driver is called DRIVER, render nodes first. Returns a descriptor
 * that the caller closes, -ENODEV where there is none, -EACCES where one may be among those that
 * may not be opened.
 */
int drm_open_driver(const char *driver) __attribute__((nonnull));

/* The same with the other kind of node, /dev/dri/card*, which alone makes buffers (drm_dumb()). */
int drm_open_card(const char *driver) __attribute__((nonnull));

/* The same for a node that has an ability. Which driver it is goes to *driver, which the caller
 * frees. */
int drm_open_able(enum drm_ability ability, char **driver) __attribute__((nonnull));

/*
 * Opens a node by its path, and gives up what opening one of the other kind may have made of this
 * process: the master, who sets modes. The name of its driver goes to *driver, which the caller
 * frees; NULL: not wanted. Returns a descriptor that the caller closes, or -errno (-ENOTTY: no DRM
 * node).
 */
int drm_open_node(const char *path, char **driver) __attribute__((nonnull(1)));

/* Says whether the node has it. */
bool drm_is_able(int drm, enum drm_ability ability);

/* A buffer of the driver itself, of at least SIZE bytes. */
int drm_dumb(int drm, uint32_t size, uint32_t *handle) __attribute__((nonnull));

/* PRIME import: the handle of a buffer on this node, the same for each import of the buffer. */
int drm_import(int drm, int dmabuf, uint32_t *handle) __attribute__((nonnull));
/* PRIME export: a descriptor, which the caller closes. */
int drm_export(int drm, uint32_t handle);
/* Gives up a handle (GEM_CLOSE). */
int drm_gem_close(int drm, uint32_t handle);

/* Flags of syncobj_create() and of the waits, as in include/uapi/drm/drm.h. */
#define SYNCOBJ_CREATE_SIGNALED 1
#define SYNCOBJ_WAIT_ALL        1
#define SYNCOBJ_WAIT_FOR_SUBMIT 2
#define SYNCOBJ_WAIT_AVAILABLE  4

int syncobj_create(int drm, uint32_t flags, uint32_t *syncobj) __attribute__((nonnull));
int syncobj_destroy(int drm, uint32_t syncobj);
int syncobj_reset(int drm, uint32_t syncobj);
int syncobj_signal(int drm, uint32_t syncobj);
int syncobj_signal_point(int drm, uint32_t syncobj, uint64_t point);
/* The last point that has signalled. */
int syncobj_query(int drm, uint32_t syncobj, uint64_t *point) __attribute__((nonnull));
/*
 * Waits until UNTIL_NS (CLOCK_MONOTONIC, absolute; 0: asks only), -ETIME where that comes first.
 * Point 0 is the binary one. -EINVAL: nothing to wait for, without SYNCOBJ_WAIT_FOR_SUBMIT. Goes on
 * after a signal (drmIoctl).
 */
int syncobj_wait(int drm, uint32_t syncobj, int64_t until_ns, uint32_t flags);
int syncobj_wait_point(int drm, uint32_t syncobj, uint64_t point, int64_t until_ns, uint32_t flags);
/*
 * As syncobj_wait(), for COUNT of them: until one has signalled, whose place is then in *first, or
 * with SYNCOBJ_WAIT_ALL until all have, which leaves *first.
 */
int syncobj_wait_several(int drm, uint32_t *syncobjs, unsigned int count, int64_t until_ns,
			 uint32_t flags, uint32_t *first) __attribute__((nonnull));
/* Copies the fence of a point to another syncobj's point; 0 is the binary one. */
int syncobj_transfer(int drm, uint32_t to, uint64_t to_point, uint32_t from, uint64_t from_point);
/* The fence of a sync file becomes the syncobj's. */
int syncobj_import(int drm, uint32_t syncobj, int sync_file);
/* A sync file with the syncobj's fence, which the caller closes; -EINVAL: it has none. */
int syncobj_export(int drm, uint32_t syncobj);
/* A descriptor for another process, which the caller closes. */
int syncobj_to_fd(int drm, uint32_t syncobj);
int syncobj_from_fd(int drm, int fd, uint32_t *syncobj) __attribute__((nonnull));
/* Makes the eventfd readable when the point signals (with SYNCOBJ_WAIT_AVAILABLE: has a fence).
 * Linux 6.6. */
int syncobj_eventfd(int drm, uint32_t syncobj, uint64_t point, int eventfd, uint32_t flags);

#endif
