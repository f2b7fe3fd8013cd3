// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/udev.h"

#include <errno.h>
#include <libudev.h>
#include <stdlib.h>

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

struct udev_watch {
	struct udev *udev;
	struct udev_monitor *monitor;
};

int udev_watch_begin(const char *subsystem, struct udev_watch **watch)
{
	struct udev_watch *made = xcalloc(1, sizeof(*made));
	int error = 0;

	made->udev = MUST_HAVE(udev_new());
	/* not "udev": that is silent without the daemon */
	made->monitor = udev_monitor_new_from_netlink(made->udev, "kernel");
	if (!made->monitor)
		error = errno ? -errno : -ENOMEM;
	if (!error)
		error = udev_monitor_filter_add_match_subsystem_devtype(made->monitor, subsystem,
									NULL);
	if (!error)
		error = udev_monitor_enable_receiving(made->monitor);
	if (error < 0) {
		udev_watch_end(made);
		return error;
	}
	*watch = made;
	return 0;
}

int udev_watch_descriptor(const struct udev_watch *watch)
{
	return udev_monitor_get_fd(watch->monitor);
}

bool udev_watch_next(struct udev_watch *watch, char **action, char **name)
{
	struct udev_device *device = udev_monitor_receive_device(watch->monitor);
	const char *what, *which;

	if (!device)
		return false;
	what = udev_device_get_action(device);
	which = udev_device_get_sysname(device);
	*action = xstrdup(what ? what : "");
	*name = xstrdup(which ? which : "");
	udev_device_unref(device);
	return true;
}

void udev_watch_end(struct udev_watch *watch)
{
	if (!watch)
		return;
	udev_monitor_unref(watch->monitor);
	udev_unref(watch->udev);
	free(watch);
}
