// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/perf_event.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

int perf_counter_open(enum perf_counter counter)
{
	/* pinned: it counts always or says so, and is no estimate from a part of the time */
	struct perf_event_attr attributes = {
		.type = PERF_TYPE_HARDWARE,
		.size = PERF_ATTR_SIZE_VER0,
		.config = counter == PERF_INSTRUCTIONS ? PERF_COUNT_HW_INSTRUCTIONS
						       : PERF_COUNT_HW_CACHE_MISSES,
		.pinned = 1,
	};
	AUTO_CLOSE int fd = (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1,
					 (unsigned long)PERF_FLAG_FD_CLOEXEC);
	uint64_t value;
	int error = fd < 0 ? -errno : perf_counter_read(fd, &value);

	return error ? error : TAKE_FD(fd);
}

int perf_counter_read(int fd, uint64_t *value)
{
	uint64_t now;
	ssize_t size = read(fd, &now, sizeof(now));

	if (size != sizeof(now))
		return size < 0 ? -errno : -EBUSY;
	*value = now;
	return 0;
}

int perf_paranoid(const struct root *root, char **text)
{
	return root_read_line(root, "/proc/sys/kernel/perf_event_paranoid", text);
}
