// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output_file.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sys/file.h"

int cmd_write_file(const struct context *context, const char *path, const char *text, size_t size)
{
	int error = 0;

	if (!strcmp(path, "-"))
		fwrite(text, 1, size, stdout);
	else
		error = file_write(path, text, size);
	if (error)
		cmd_error(context, "%s: %s", path, error_words(error));
	return error;
}
