// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary text as what /proc says of a process: its parts, separated by NUL, are the fdinfo of a
 * buffer, a socket and a ring, then maps, status, cgroup and comm. They go into files of a captured
 * root.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/process/scan.h"
#include "sys/root.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const files[] = {"fdinfo/3", "fdinfo/4", "fdinfo/5", "maps",
				    "status",   "cgroup",   "comm"};
static char directory[] = "/tmp/dmaheap-fuzz-XXXXXX";

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void tidy(void)
{
	static const char *const others[] = {"fd/3", "fd/4", "fd/5", "fd", "fdinfo"};

	for (size_t i = 0; i < COUNT_OF(files) + COUNT_OF(others); i++) {
		AUTO_FREE char *path =
			xasprintf("%s/proc/7/%s", directory,
				  i < COUNT_OF(files) ? files[i] : others[i - COUNT_OF(files)]);

		remove(path);
	}
	for (const char *const *name = (const char *const[]){"/proc/7", "/proc", "", NULL}; *name;
	     name++) {
		AUTO_FREE char *path = xasprintf("%s%s", directory, *name);

		rmdir(path);
	}
}

static void make(const char *name, const char *target)
{
	AUTO_FREE char *path = xasprintf("%s%s", directory, name);

	must(!(target ? symlink(target, path) : mkdir(path, 0700)));
}

/* NULL: openat2(2) is missing, as below qemu-user and valgrind of Debian 12. */
static const struct root *open_root(void)
{
	static struct root *root;
	static bool tried;
	int error;

	if (tried)
		return root;
	tried = true;
	must(mkdtemp(directory) != NULL);
	make("/proc", NULL);
	make("/proc/7", NULL);
	make("/proc/7/fd", NULL);
	make("/proc/7/fdinfo", NULL);
	make("/proc/7/fd/3", "/dmabuf:");
	make("/proc/7/fd/4", "socket:[1]");
	make("/proc/7/fd/5", "anon_inode:[io_uring]");
	atexit(tidy);
	error = root_open(directory, &root);
	must(!error || error == -ENOSYS);
	return root;
}

static void put(const char *name, const uint8_t *data, size_t size)
{
	AUTO_FREE char *path = xasprintf("%s/proc/7/%s", directory, name);
	AUTO_FCLOSE FILE *file = fopen(path, "we");

	must(file && fwrite(data, 1, size, file) == size);
}

static void look_at(const struct process_scan *scan)
{
	const struct hold *before = NULL;
	const struct seen_buffer *last = NULL;

	must(scan->processes.count <= 1);
	array_for_each (&scan->holds, hold) {
		must(hold->inode && hold->process < scan->processes.count);
		must(!before || before->inode <= hold->inode);
		before = hold;
	}
	array_for_each (&scan->buffers, buffer) {
		must(!last || last->inode < buffer->inode);
		last = buffer;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct root *root = open_root();
	struct candidates candidates;
	struct process_scan scan;

	if (!root)
		return 0;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		const uint8_t *end = size ? memchr(data, '\0', size) : NULL;
		size_t length = end ? (size_t)(end - data) : size;

		put(files[i], data, length);
		data += length;
		size -= length;
		data += size != 0;
		size -= size != 0;
	}
	must(!process_scan(root, &scan));
	look_at(&scan);
	candidates_read(root, &scan, &candidates);
	array_for_each (&candidates, candidate)
		must(candidate->count && candidate->process.pid == 7);
	candidates_free(&candidates);
	process_scan_free(&scan);
	return 0;
}
