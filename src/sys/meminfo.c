// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/meminfo.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

struct maybe memory_available(const struct root *root)
{
	static const char key[] = "\nMemAvailable:";
	AUTO_FREE char *text = NULL;
	const char *line;
	char *end;
	uint64_t kilobytes;

	if (root_read(root, "/proc/meminfo", 1 << 16, &text, NULL) || !text)
		return (struct maybe){0};
	line = strstr(text, key);
	if (!line)
		return (struct maybe){0};
	kilobytes = strtoull(line + strlen(key), &end, 10);
	if (strncmp(end, " kB", 3) != 0 || kilobytes > UINT64_MAX / 1024)
		return (struct maybe){0};
	return (struct maybe){true, kilobytes * 1024};
}
