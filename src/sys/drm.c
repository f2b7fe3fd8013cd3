// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/drm.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <xf86drm.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/root.h"
#include "sys/uapi.h"

#define DIRECTORY "/dev/dri"

_Static_assert((int)DRM_HAS_SYNCOBJ == DRM_CAP_SYNCOBJ, "as in drm.h");
_Static_assert((int)DRM_HAS_SYNCOBJ_TIMELINE == DRM_CAP_SYNCOBJ_TIMELINE, "as in drm.h");
_Static_assert(SYNCOBJ_CREATE_SIGNALED == DRM_SYNCOBJ_CREATE_SIGNALED, "as in drm.h");
_Static_assert(SYNCOBJ_WAIT_ALL == DRM_SYNCOBJ_WAIT_FLAGS_WAIT_ALL, "as in drm.h");
_Static_assert(SYNCOBJ_WAIT_FOR_SUBMIT == DRM_SYNCOBJ_WAIT_FLAGS_WAIT_FOR_SUBMIT, "as in drm.h");
_Static_assert(SYNCOBJ_WAIT_AVAILABLE == DRM_SYNCOBJ_WAIT_FLAGS_WAIT_AVAILABLE, "as in drm.h");

/* What a node must be or have. */
struct wanted {
	const char *driver;       /* or NULL: any */
	enum drm_ability ability; /* or 0: any */
	bool card;                /* no render node */
};

/* libdrm returns -1 with errno from some calls, -errno (with errno as well) from others. */
static int outcome(int result)
{
	return result ? -errno : 0;
}

bool drm_is_able(int drm, enum drm_ability ability)
{
	uint64_t value = 0;

	return !drmGetCap(drm, ability, &value) && value;
}

static bool node_fits(int fd, const struct wanted *wanted, char **driver)
{
	drmVersion *version = drmGetVersion(fd);
	bool fits;

	if (!version)
		return false;
	fits = (!wanted->driver || !strcmp(version->name, wanted->driver)) &&
	       (!wanted->ability || drm_is_able(fd, wanted->ability));
	if (fits && driver)
		*driver = xstrdup(version->name);
	drmFreeVersion(version);
	return fits;
}

/* The nodes whose name begins with PREFIX. */
static int open_among(const struct strings *names, const char *prefix, const struct wanted *wanted,
		      char **driver)
{
	int error = -ENODEV;

	array_for_each (names, name) {
		AUTO_FREE char *path = xasprintf(DIRECTORY "/%s", *name);
		AUTO_CLOSE int fd = -1;

		if (!text_starts_with(*name, prefix))
			continue;
		fd = root_open_file(root_live(), path, O_RDWR);
		if (fd == -EACCES || fd == -EPERM)
			error = fd;
		if (fd >= 0 && node_fits(fd, wanted, driver))
			return TAKE_FD(fd);
	}
	return error;
}

/*
 * drmGetDevices2() would not find vgem: libdrm before 2.4.125 does not know the bus "faux", where
 * it is since Linux 6.14; drmOpen() may make nodes.
 */
static int open_node(const struct wanted *wanted, char **driver)
{
	static const char *const prefixes[] = {"renderD", "card"};
	AUTO_STRINGS struct strings names = {0};
	int fd = root_list(root_live(), DIRECTORY, &names), denied = 0;

	fd = !fd || fd == -ENOENT ? -ENODEV : fd;
	for (size_t i = wanted->card; i < COUNT_OF(prefixes) && fd < 0 && names.count; i++) {
		fd = open_among(&names, prefixes[i], wanted, driver);
		if (fd == -EACCES || fd == -EPERM)
			denied = fd;
	}
	return fd == -ENODEV && denied ? denied : fd;
}

int drm_open_driver(const char *driver)
{
	return open_node(&(struct wanted){.driver = driver}, NULL);
}

int drm_open_card(const char *driver)
{
	return open_node(&(struct wanted){.driver = driver, .card = true}, NULL);
}

int drm_open_able(enum drm_ability ability, char **driver)
{
	return open_node(&(struct wanted){.ability = ability}, driver);
}

int drm_open_node(const char *path, char **driver)
{
	AUTO_CLOSE int fd = root_open_file(root_live(), path, O_RDWR);
	drmVersion *version;

	if (fd < 0)
		return TAKE_FD(fd);
	/* fails where it is none, as on all render nodes */
	drmDropMaster(fd);
	version = drmGetVersion(fd);
	if (!version)
		return -ENOTTY;
	if (driver)
		*driver = xstrdup(version->name);
	drmFreeVersion(version);
	return TAKE_FD(fd);
}

int drm_dumb(int drm, uint32_t size, uint32_t *handle)
{
	/* an image of one line, a byte a pixel */
	struct drm_mode_create_dumb request = {.width = size, .height = 1, .bpp = 8};

	if (drmIoctl(drm, DRM_IOCTL_MODE_CREATE_DUMB, &request))
		return -errno;
	*handle = request.handle;
	return 0;
}

int drm_import(int drm, int dmabuf, uint32_t *handle)
{
	return outcome(drmPrimeFDToHandle(drm, dmabuf, handle));
}

int drm_export(int drm, uint32_t handle)
{
	int fd;

	return drmPrimeHandleToFD(drm, handle, DRM_CLOEXEC | DRM_RDWR, &fd) ? -errno : fd;
}

int drm_gem_close(int drm, uint32_t handle)
{
	struct drm_gem_close request = {.handle = handle};

	return outcome(drmIoctl(drm, DRM_IOCTL_GEM_CLOSE, &request));
}

int syncobj_create(int drm, uint32_t flags, uint32_t *syncobj)
{
	return outcome(drmSyncobjCreate(drm, flags, syncobj));
}

int syncobj_destroy(int drm, uint32_t syncobj)
{
	return outcome(drmSyncobjDestroy(drm, syncobj));
}

int syncobj_reset(int drm, uint32_t syncobj)
{
	return outcome(drmSyncobjReset(drm, &syncobj, 1));
}

int syncobj_signal(int drm, uint32_t syncobj)
{
	return outcome(drmSyncobjSignal(drm, &syncobj, 1));
}

int syncobj_signal_point(int drm, uint32_t syncobj, uint64_t point)
{
	return outcome(drmSyncobjTimelineSignal(drm, &syncobj, &point, 1));
}

int syncobj_query(int drm, uint32_t syncobj, uint64_t *point)
{
	return outcome(drmSyncobjQuery(drm, &syncobj, point, 1));
}

int syncobj_wait(int drm, uint32_t syncobj, int64_t until_ns, uint32_t flags)
{
	return outcome(drmSyncobjWait(drm, &syncobj, 1, until_ns, flags, NULL));
}

int syncobj_wait_point(int drm, uint32_t syncobj, uint64_t point, int64_t until_ns, uint32_t flags)
{
	return outcome(drmSyncobjTimelineWait(drm, &syncobj, &point, 1, until_ns, flags, NULL));
}

int syncobj_wait_several(int drm, uint32_t *syncobjs, unsigned int count, int64_t until_ns,
			 uint32_t flags, uint32_t *first)
{
	uint32_t signalled = *first;
	int error = outcome(drmSyncobjWait(drm, syncobjs, count, until_ns, flags, &signalled));

	if (!error && !(flags & SYNCOBJ_WAIT_ALL))
		*first = signalled;
	return error;
}

int syncobj_transfer(int drm, uint32_t to, uint64_t to_point, uint32_t from, uint64_t from_point)
{
	return outcome(drmSyncobjTransfer(drm, to, to_point, from, from_point, 0));
}

int syncobj_import(int drm, uint32_t syncobj, int sync_file)
{
	return outcome(drmSyncobjImportSyncFile(drm, syncobj, sync_file));
}

int syncobj_export(int drm, uint32_t syncobj)
{
	int fd = -1;

	return drmSyncobjExportSyncFile(drm, syncobj, &fd) ? -errno : fd;
}

int syncobj_to_fd(int drm, uint32_t syncobj)
{
	int fd = -1;

	return drmSyncobjHandleToFD(drm, syncobj, &fd) ? -errno : fd;
}

int syncobj_from_fd(int drm, int fd, uint32_t *syncobj)
{
	return outcome(drmSyncobjFDToHandle(drm, fd, syncobj));
}

int syncobj_eventfd(int drm, uint32_t syncobj, uint64_t point, int eventfd, uint32_t flags)
{
	struct drm_syncobj_eventfd request = {
		.handle = syncobj, .flags = flags, .point = point, .fd = eventfd};

	return outcome(drmIoctl(drm, DRM_IOCTL_SYNCOBJ_EVENTFD, &request));
}
