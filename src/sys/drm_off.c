// SPDX-License-Identifier: GPL-2.0-or-later
/* In the place of drm.c where the program is built without libdrm. */
#include <errno.h>

#include "sys/drm.h"

bool drm_is_able(int drm, enum drm_ability ability)
{
	(void)drm, (void)ability;
	return false;
}

#pragma GCC diagnostic ignored "-Wunused-parameter"
#define NOT_BUILT(declaration) \
	int declaration \
	{ \
		return -ENOSYS; \
	}

NOT_BUILT(drm_open_driver(const char *driver))
NOT_BUILT(drm_open_node(const char *path, char **driver))
NOT_BUILT(drm_open_card(const char *driver))
NOT_BUILT(drm_dumb(int drm, uint32_t size, uint32_t *handle))
NOT_BUILT(drm_open_able(enum drm_ability ability, char **driver))
NOT_BUILT(drm_import(int drm, int dmabuf, uint32_t *handle))
NOT_BUILT(drm_export(int drm, uint32_t handle))
NOT_BUILT(drm_gem_close(int drm, uint32_t handle))
NOT_BUILT(syncobj_create(int drm, uint32_t flags, uint32_t *syncobj))
NOT_BUILT(syncobj_destroy(int drm, uint32_t syncobj))
NOT_BUILT(syncobj_reset(int drm, uint32_t syncobj))
NOT_BUILT(syncobj_signal(int drm, uint32_t syncobj))
NOT_BUILT(syncobj_signal_point(int drm, uint32_t syncobj, uint64_t point))
NOT_BUILT(syncobj_query(int drm, uint32_t syncobj, uint64_t *point))
NOT_BUILT(syncobj_wait(int drm, uint32_t syncobj, int64_t until_ns, uint32_t flags))
NOT_BUILT(syncobj_wait_several(int drm, uint32_t *syncobjs, unsigned int count, int64_t until_ns,
			       uint32_t flags, uint32_t *first))
NOT_BUILT(syncobj_wait_point(int drm, uint32_t syncobj, uint64_t point, int64_t until_ns,
			     uint32_t flags))
NOT_BUILT(syncobj_transfer(int drm, uint32_t to, uint64_t to_point, uint32_t from,
			   uint64_t from_point))
NOT_BUILT(syncobj_import(int drm, uint32_t syncobj, int sync_file))
NOT_BUILT(syncobj_export(int drm, uint32_t syncobj))
NOT_BUILT(syncobj_to_fd(int drm, uint32_t syncobj))
NOT_BUILT(syncobj_from_fd(int drm, int fd, uint32_t *syncobj))
NOT_BUILT(syncobj_eventfd(int drm, uint32_t syncobj, uint64_t point, int eventfd, uint32_t flags))
