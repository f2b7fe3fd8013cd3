// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/kernel_config.h"

#include <errno.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/file.h"

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
