// SPDX-License-Identifier: GPL-2.0-or-later
/* main() of a fuzz target without a fuzzer: runs it on every file of the directories given. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path)
{
	AUTO_FCLOSE FILE *file = fopen(path, "re");
	static uint8_t data[1 << 20];
	AUTO_FREE uint8_t *copy = NULL;
	size_t size;

	if (!file) {
		perror(path);
		return 1;
	}
	size = fread(data, 1, sizeof(data), file);
	copy = xmemdup(data, size); /* of its own length, so that AddressSanitizer sees its end */
	LLVMFuzzerTestOneInput(copy, size);
	return 0;
}

int main(int argc, char **argv)
{
	int failed = 0, count = 0;

	for (int i = 1; i < argc; i++) {
		AUTO_CLOSEDIR DIR *directory = opendir(argv[i]);
		const struct dirent *entry;

		while (directory && (entry = readdir(directory))) {
			AUTO_FREE char *path = xasprintf("%s/%s", argv[i], entry->d_name);

			if (entry->d_name[0] == '.')
				continue;
			failed |= replay(path);
			count++;
		}
	}
	printf("%d inputs\n", count);
	return failed || !count;
}
