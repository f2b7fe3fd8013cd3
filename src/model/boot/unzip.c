// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/unzip.h"

#include <errno.h>
#define ZLIB_CONST
#include <zlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

int unzip(const char *data, size_t size, size_t limit, char **text)
{
	enum {
		GZIP = 16 /* inflateInit2(): a gzip header, no other */
	};
	AUTO_FREE char *out = NULL;
	z_stream stream = {.avail_in = (uInt)size};
	int status;

	if (size > limit)
		return -EFBIG;
	if (size < 2 || data[0] != '\x1f' || data[1] != '\x8b') {
		*text = xstrndup(data, size);
		return 0;
	}
	stream.next_in = (const Bytef *)data;
	if (inflateInit2(&stream, MAX_WBITS + GZIP) != Z_OK)
		return -EBADMSG;
	out = xcalloc(limit + 1, 1);
	stream.next_out = (Bytef *)out;
	stream.avail_out = (uInt)limit;
	status = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	if (status != Z_STREAM_END)
		return status == Z_BUF_ERROR && !stream.avail_out ? -EFBIG : -EBADMSG;
	*text = TAKE_POINTER(out);
	return 0;
}
