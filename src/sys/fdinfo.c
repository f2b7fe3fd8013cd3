// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/fdinfo.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

#define FDINFO_MOST 65536

int fdinfo_read(const struct root *root, const char *process, const char *fd, char **text)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/fdinfo/%s", process, fd);

	return root_read(root, path, FDINFO_MOST, text, NULL);
}

int fdinfo_read_own(int fd, char **text)
{
	AUTO_FREE char *number = xasprintf("%d", fd);

	return fdinfo_read(root_live(), "self", number, text);
}

char *fdinfo_value(const char *text, const char *key)
{
	static const char separator[] = ":\t", last[] = "name:\t";
	const char *line = text;

	while (*line) {
		size_t length = strcspn(line, "\n");

		if (text_starts_with(line, last)) {
			length = strlen(line);
			length -= line[length - 1] == '\n';
		}
		if (text_starts_with(line, key) &&
		    text_starts_with(line + strlen(key), separator)) {
			size_t start = strlen(key) + strlen(separator);

			return xstrndup(line + start, length - start);
		}
		line += length;
		line += *line == '\n';
	}
	return NULL;
}

int fdinfo_number(const char *text, const char *key, uint64_t *number)
{
	AUTO_FREE char *value = fdinfo_value(text, key);

	return value ? parse_number(value, number) : -ENOENT;
}
