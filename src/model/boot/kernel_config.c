// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/kernel_config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/file.h"
#include "sys/root.h"

int config_unzip(const char *data, size_t size, char **text)
{
	enum {
		GZIP = 16 /* inflateInit2(): a gzip header, no other */
	};
	AUTO_FREE char *out = NULL;
	z_stream stream = {.avail_in = (uInt)size};
	int status;

	if (size > CONFIG_SIZE_MAX)
		return -EFBIG;
	if (size < 2 || data[0] != '\x1f' || data[1] != '\x8b') {
		if (memchr(data, '\0', size))
			return -EINVAL;
		*text = xstrndup(data, size);
		return 0;
	}
	stream.next_in = (const Bytef *)data;
	if (inflateInit2(&stream, MAX_WBITS + GZIP) != Z_OK)
		return -EBADMSG;
	out = xcalloc(CONFIG_SIZE_MAX + 1, 1);
	stream.next_out = (Bytef *)out;
	stream.avail_out = CONFIG_SIZE_MAX;
	status = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	if (status != Z_STREAM_END)
		return status == Z_BUF_ERROR && !stream.avail_out ? -EFBIG : -EBADMSG;
	if (strlen(out) != stream.total_out)
		return -EINVAL;
	*text = TAKE_POINTER(out);
	return 0;
}

int config_load(const char *path, char **config)
{
	AUTO_FREE char *data = NULL;
	AUTO_FREE char *text = NULL;
	size_t size;
	int error = file_read(path, CONFIG_SIZE_MAX, &data, &size);

	if (!error)
		error = config_unzip(data, size, &text);
	if (!error && !strstr(text, "CONFIG_"))
		error = -EINVAL;
	if (!error)
		*config = TAKE_POINTER(text);
	return error;
}

int config_read(const struct root *root, char **config)
{
	AUTO_FREE char *release = NULL;
	AUTO_FREE char *boot = NULL;
	AUTO_FREE char *modules = NULL;

	if (root_read_line(root, "/proc/sys/kernel/osrelease", &release))
		return -ENOENT;
	boot = xasprintf("/boot/config-%s", release);
	modules = xasprintf("/lib/modules/%s/config", release);
	for (const char *const *path =
		     (const char *const[]){"/proc/config.gz", boot, modules, NULL};
	     *path; path++) {
		AUTO_FREE char *data = NULL;
		size_t size;

		if (!root_read(root, *path, CONFIG_SIZE_MAX, &data, &size) &&
		    !config_unzip(data, size, config))
			return 0;
	}
	return -ENOENT;
}

/* The value of CONFIG_NAME: "y", "m", a number …; NULL: not set. */
static const char *config_value(const char *config, const char *name, size_t *length)
{
	AUTO_FREE char *key = xasprintf("\nCONFIG_%s=", name);
	const char *found = config;

	if (!text_starts_with(config, key + 1)) {
		found = strstr(config, key);
		if (!found)
			return NULL;
		found++;
	}
	found += strlen(key) - 1;
	*length = strcspn(found, "\n");
	return found;
}

bool config_is(const char *config, const char *name)
{
	size_t length;
	const char *value = config_value(config, name, &length);

	return value && length == 1 && (*value == 'y' || *value == 'm');
}

bool config_has_number(const char *config, const char *name, uint64_t *number)
{
	size_t length;
	const char *value = config_value(config, name, &length);
	char *end;
	uint64_t read;

	if (!value)
		return false;
	read = strtoull(value, &end, 0);
	if (!length || end != value + length)
		return false;
	*number = read;
	return true;
}

uint64_t config_number(const char *config, const char *name, uint64_t otherwise)
{
	uint64_t number;

	return config_has_number(config, name, &number) ? number : otherwise;
}

char *config_string(const char *config, const char *name)
{
	size_t length, used = 0;
	const char *value = config_value(config, name, &length);
	char *text;

	if (!value || length < 3 || value[0] != '"' || value[length - 1] != '"')
		return NULL;
	text = xstrndup(value + 1, length - 2);
	for (const char *at = text; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		text[used++] = *at;
	}
	text[used] = '\0';
	return text;
}
