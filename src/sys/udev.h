/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What udev knows of a device of the running machine, through libudev. */
#ifndef SYS_UDEV_H
#define SYS_UDEV_H

#include <sys/types.h>

#include "base/array.h"

/*
 * Adds the properties ("KEY=VALUE") and the symbolic links that udev made (whole paths) of a
 * character device. Returns 0 or -errno; -ENODEV where neither sysfs nor udev know it, -ENOSYS in a
 * build without libudev (-DDMAHEAP_UDEV=OFF).
 */
int udev_read(dev_t device, struct strings *properties, struct strings *links)
	__attribute__((nonnull));

#endif
