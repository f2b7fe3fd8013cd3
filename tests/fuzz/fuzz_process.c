// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary text as what /proc says of a process: its parts, separated by NUL, are the fdinfo of a
 * buffer, a socket and a ring, then maps, status, cgroup and comm. They go into files of a captured
 * root.
 */
#include <errno.h>
#include <stdint.h>

#include "base/array.h"
#include "model/process/candidates.h"
#include "model/process/scan.h"
#include "scratch.h"
#include "sys/root.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const files[] = {"proc/7/fdinfo/3", "proc/7/fdinfo/4", "proc/7/fdinfo/5",
				    "proc/7/maps",     "proc/7/status",   "proc/7/cgroup",
				    "proc/7/comm"};

/* NULL: openat2(2) is missing, as below qemu-user and valgrind of Debian 12. */
static const struct root *open_root(void)
{
	static struct root *root;
	static bool tried;
	int error;

	if (tried)
		return root;
	tried = true;
	scratch_make("proc", NULL);
	scratch_make("proc/7", NULL);
	scratch_make("proc/7/fd", NULL);
	scratch_make("proc/7/fdinfo", NULL);
	scratch_make("proc/7/fd/3", "/dmabuf:");
	scratch_make("proc/7/fd/4", "socket:[1]");
	scratch_make("proc/7/fd/5", "anon_inode:[io_uring]");
	error = root_open(scratch_directory(), &root);
	must(!error || error == -ENOSYS);
	return root;
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
	const struct candidates_wanted wanted = {.inside = true, .fences = true};
	struct candidates candidates;
	struct process_scan scan;

	if (!root)
		return 0;
	scratch_put(files, COUNT_OF(files), data, size);
	must(!process_scan(root, &scan));
	look_at(&scan);
	candidates_read(root, &scan, &wanted, &candidates);
	array_for_each (&candidates, candidate)
		must((candidate->count || candidate->descriptor.kind == DESCRIPTOR_SYNC_FILE) &&
		     candidate->process.pid == 7);
	candidates_free(&candidates);
	process_scan_free(&scan);
	return 0;
}
