// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/device.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/xalloc.h"
#include "sys/root.h"

#define TREE "/sys/firmware/devicetree/base"

int device_number(const char *path, dev_t *number)
{
	struct stat status;

	if (stat(path, &status))
		return -errno;
	if (!S_ISCHR(status.st_mode))
		return -ENODEV;
	*number = status.st_rdev;
	return 0;
}

/* Where the link NAME in a directory leads to; NULL: there is none. */
static char *follow(const char *directory, const char *name)
{
	AUTO_FREE char *path = xasprintf("%s/%s", directory, name);
	AUTO_FREE char *target = NULL;

	return root_readlink(root_live(), path, &target) ? NULL : path_normal(directory, target);
}

int device_directory(dev_t number, char **directory)
{
	AUTO_FREE char *name = xasprintf("%u:%u", major(number), minor(number));
	AUTO_FREE char *node = follow("/sys/dev/char", name);
	char *device = node ? follow(node, "device") : NULL;

	if (!device)
		return -ENOENT;
	*directory = device;
	return 0;
}

char *device_of_node(const char *directory)
{
	AUTO_FREE char *node = follow(directory, "of_node");
	const char *below = node ? path_below(TREE, node) : NULL;

	if (!below)
		return NULL;
	return xasprintf("/%s", below);
}

char *device_driver(const char *directory)
{
	AUTO_FREE char *driver = follow(directory, "driver");

	return driver ? xstrdup(path_name(driver)) : NULL;
}
