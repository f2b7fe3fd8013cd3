// SPDX-License-Identifier: GPL-2.0-or-later
#include "scratch.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

static char directory[] = "/tmp/dmaheap-fuzz-XXXXXX";

void must(bool holds)
{
	if (!holds)
		abort();
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)status;
	(void)type;
	(void)place;
	remove(path);
	return 0;
}

static void tidy(void)
{
	nftw(directory, remove_one, 10, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_directory(void)
{
	static bool made;

	if (!made) {
		must(mkdtemp(directory) != NULL);
		atexit(tidy);
		made = true;
	}
	return directory;
}

char *scratch_path(const char *name)
{
	return xasprintf("%s/%s", scratch_directory(), name);
}

void scratch_make(const char *name, const char *target)
{
	AUTO_FREE char *path = scratch_path(name);

	must(!(target ? symlink(target, path) : mkdir(path, 0700)));
}

void scratch_put(const char *const *names, size_t count, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < count; i++) {
		AUTO_FREE char *path = scratch_path(names[i]);
		AUTO_FCLOSE FILE *file = fopen(path, "we");
		const uint8_t *end = size ? memchr(data, '\0', size) : NULL;
		size_t length = end ? (size_t)(end - data) : size;

		must(file && fwrite(data, 1, length, file) == length);
		/* after the last part there may be more, and no NUL */
		length += end != NULL;
		data += length;
		size -= length;
	}
}
