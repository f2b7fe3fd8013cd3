/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What udev knows of a device of the running machine, through libudev. */
#ifndef SYS_UDEV_H
#define SYS_UDEV_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/array.h"

/*
 * Adds the properties ("KEY=VALUE") and the symbolic links that udev made (whole paths) of a
 * character device. Returns 0 or -errno; -ENODEV where neither sysfs nor udev know it, -ENOSYS in a
 * build without libudev (-DDMAHEAP_UDEV=OFF).
 */
int udev_read(dev_t device, struct strings *properties, struct strings *links)
	__attribute__((nonnull));

/* What the kernel says of the devices of a subsystem, as it happens: uevents. */
struct udev_watch;

/* Begins. Returns 0 or -errno (-ENOSYS as above); the caller ends it with udev_watch_end(). */
int udev_watch_begin(const char *subsystem, struct udev_watch **watch) __attribute__((nonnull));
/* The descriptor that is readable (poll(2)) once something has happened; it is the watch's. */
int udev_watch_descriptor(const struct udev_watch *watch) __attribute__((nonnull));
/*
 * Takes the next one: "add", "remove", "change" …, and the name of the device, which the caller
 * frees. Returns false where there is none.
 */
bool udev_watch_next(struct udev_watch *watch, char **action, char **name) __attribute__((nonnull));
/* Takes NULL. */
void udev_watch_end(struct udev_watch *watch);

#endif
