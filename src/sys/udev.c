// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/udev.h"

#include <errno.h>
#include <libudev.h>

#include "base/xalloc.h"

int udev_read(dev_t number, struct strings *properties, struct strings *links)
{
	struct udev *udev = MUST_HAVE(udev_new());
	struct udev_device *device = udev_device_new_from_devnum(udev, 'c', number);
	struct udev_list_entry *entry;

	if (device) {
		udev_list_entry_foreach(entry, udev_device_get_properties_list_entry(device))
		{
			const char *value = udev_list_entry_get_value(entry);

			strings_take(properties, xasprintf("%s=%s", udev_list_entry_get_name(entry),
							   value ? value : ""));
		}
		udev_list_entry_foreach(entry, udev_device_get_devlinks_list_entry(device))
			strings_add(links, udev_list_entry_get_name(entry));
		udev_device_unref(device);
	}
	udev_unref(udev);
	return device ? 0 : -ENODEV;
}
