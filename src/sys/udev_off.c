// SPDX-License-Identifier: GPL-2.0-or-later
/* In the place of udev.c where the program is built without libudev. */
#include <errno.h>

#include "sys/udev.h"

int udev_read(dev_t number, struct strings *properties, struct strings *links)
{
	(void)number, (void)properties, (void)links;
	return -ENOSYS;
}

int udev_watch_begin(const char *subsystem, struct udev_watch **watch)
{
	(void)subsystem, (void)watch;
	return -ENOSYS;
}

int udev_watch_descriptor(const struct udev_watch *watch)
{
	(void)watch;
	return -1;
}

bool udev_watch_next(struct udev_watch *watch, char **action, char **name)
{
	(void)watch, (void)action, (void)name;
	return false;
}

void udev_watch_end(struct udev_watch *watch)
{
	(void)watch;
}
