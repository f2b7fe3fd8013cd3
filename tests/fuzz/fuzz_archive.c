// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary bytes as an archive for --sysroot: what is unpacked lies inside the directory, has no
 * rights but its owner's, and is directories, files and links.
 */
#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/capture/archive.h"
#include "scratch.h"
#include "sys/tar.h"
#include "sys/unpack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t found;

static int check(const char *path, const struct stat *status, int type, struct FTW *place)
{
	(void)type;
	(void)place;
	found++;
	must(S_ISDIR(status->st_mode) || S_ISREG(status->st_mode) || S_ISLNK(status->st_mode));
	must(S_ISLNK(status->st_mode) || !(status->st_mode & 0077));
	must(!remove(path));
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *inside = scratch_path("inside");
	AUTO_FREE char *reason = NULL;
	struct archive_members members = {0};
	const char *words;
	char file[sizeof("/proc/self/fd/") + 12];
	AUTO_CLOSE int fd = memfd_create("archive", MFD_CLOEXEC);
	int error, listed;

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(file, sizeof(file), "/proc/self/fd/%d", fd);
	must(!mkdir(inside, 0700));
	error = unpack_into(file, inside, &reason);
	must(error || !reason);
	listed = archive_list(file, &members, &words);
	/* what can be unpacked can be listed */
	must(error || !listed);
	found = 0;
	must(!nftw(inside, check, 16, FTW_DEPTH | FTW_PHYS));
	must(error || found >= 1);
	/* nothing beside it */
	must(!rmdir(scratch_directory()) || errno != ENOTEMPTY);
	must(!mkdir(scratch_directory(), 0700) || errno == EEXIST);
	archive_members_free(&members);
	return 0;
}
