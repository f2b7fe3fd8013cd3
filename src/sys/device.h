/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices of this machine by their nodes: /dev, /sys/dev/char
 * (Documentation/ABI/testing/sysfs-dev). */
#ifndef SYS_DEVICE_H
#define SYS_DEVICE_H

#include <sys/types.h>

/* The number of the character device that PATH, or what it links to, is a node of. Returns 0 or
 * -errno (-ENODEV: it is something else). */
int device_number(const char *path, dev_t *number) __attribute__((nonnull));

/*
 * The directory in sysfs of the device behind a node: "/sys/devices/platform/vivid.0". Returns 0 or
 * -errno (-ENOENT: the node stands for nothing). The caller frees *directory.
 */
int device_directory(dev_t number, char **directory) __attribute__((nonnull));

/*
 * The node of the device tree that a directory in sysfs has: "/soc/isp@1000". NULL: none, or no
 * such directory. The caller frees it.
 */
char *device_of_node(const char *directory) __attribute__((nonnull));

/* The name of the driver that is bound there, or NULL. The caller frees it. */
char *device_driver(const char *directory) __attribute__((nonnull));

#endif
