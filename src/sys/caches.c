// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/caches.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"

uint64_t cache_size(const struct root *root)
{
	uint64_t largest = 0;

	for (unsigned int i = 0;; i++) {
		AUTO_FREE char *path =
			xasprintf("/sys/devices/system/cpu/cpu0/cache/index%u/size", i);
		AUTO_FREE char *text = NULL;
		uint64_t size;

		if (root_read_line(root, path, &text))
			return largest;
		if (!parse_size(text, &size) && size > largest)
			largest = size;
	}
}

int kernel_caches_drop(const struct root *root)
{
	AUTO_CLOSE int fd = root_open_file(root, "/proc/sys/vm/drop_caches", O_WRONLY);

	if (fd < 0)
		return fd;
	return write(fd, "2", 1) == 1 ? 0 : -errno;
}
