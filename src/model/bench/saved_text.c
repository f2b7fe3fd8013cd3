// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/bench/saved_text.h"

#include <errno.h>
#include <string.h>

#include "sys/file.h"

int saved_text_read(const char *path, size_t limit, char **text, size_t *line, const char **reason)
{
	size_t size;
	int error = file_read(path, limit, text, &size);

	*reason = NULL;
	if (error || strlen(*text) == size)
		return error;
	*line = 1;
	*reason = "this is no text: it has a NUL";
	return -EBADMSG;
}

char *saved_text_line(char **text, size_t *number)
{
	char *line = **text ? *text : NULL;
	size_t length = strcspn(*text, "\n");

	*text += length + ((*text)[length] == '\n');
	if (line)
		line[length] = '\0';
	*number += 1;
	return line;
}

const char *saved_text_value(const char *line, const char *name)
{
	size_t length = strlen(name);

	return line && !strncmp(line, name, length) && line[length] == '\t' && line[length + 1] &&
			       !strchr(line + length + 1, '\t')
		       ? line + length + 1
		       : NULL;
}
