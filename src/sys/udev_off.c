// SPDX-License-Identifier: GPL-2.0-or-later
/* In the place of udev.c where the program is built without libudev. */
#include <errno.h>

#include "sys/udev.h"

int udev_read(dev_t number, struct strings *properties, struct strings *links)
{
	(void)number, (void)properties, (void)links;
	return -ENOSYS;
}
