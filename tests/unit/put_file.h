/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a made-up machine; to be included after cmocka.h. */
#ifndef TESTS_UNIT_PUT_FILE_H
#define TESTS_UNIT_PUT_FILE_H

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

/* Below DIRECTORY: makes the directories of PATH, and of its last part a file with TEXT. */
static inline void put_file(const char *directory, const char *path, const char *text)
{
	AUTO_FREE char *full = xasprintf("%s%s", directory, path);
	FILE *file;

	for (char *slash = full + strlen(directory) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		mkdir(full, 0755);
		*slash = '/';
	}
	file = fopen(full, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	assert_int_equal(fclose(file), 0);
}

#endif
