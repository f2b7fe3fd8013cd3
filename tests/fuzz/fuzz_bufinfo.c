// SPDX-License-Identifier: GPL-2.0-or-later
/* Arbitrary text as the kernel's listing of buffers; their names, which anybody gives, are in it.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/buffer/bufinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* Whatever is found was in the text, line by line. */
static void look_at(const struct bufinfo *info, const char *text)
{
	array_for_each (&info->fences, fence) {
		must(strstr(text, fence->text) && strstr(fence->text, " fence:"));
		must(!strchr(fence->text, '\n'));
	}
	array_for_each (&info->devices, name)
		must(strstr(text, *name) && !strchr(*name, '\n'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xstrndup((const char *)data, size);

	for (uint64_t inode = 0; inode < 20; inode++) {
		struct bufinfo info;
		int error = bufinfo_parse(text, inode, &info);

		must(!error || error == -ENOENT || error == -EBADMSG);
		if (!error) {
			look_at(&info, text);
			bufinfo_free(&info);
		}
	}
	return 0;
}
