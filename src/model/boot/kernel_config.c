// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/kernel_config.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/boot/unzip.h"
#include "sys/file.h"

int config_load(const char *path, char **config)
{
	AUTO_FREE char *data = NULL;
	AUTO_FREE char *text = NULL;
	size_t size;
	int error = file_read(path, CONFIG_SIZE_MAX, &data, &size);

	if (!error)
		error = unzip(data, size, CONFIG_SIZE_MAX, &text);
	if (!error && !strstr(text, "CONFIG_"))
		error = -EINVAL;
	if (!error)
		*config = TAKE_POINTER(text);
	return error;
}
