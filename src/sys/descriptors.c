// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/fdinfo.h"
#include "sys/root.h"

#define BUFFER_PREFIX      "/dmabuf:"
/* DMA_BUF_MAGIC, include/uapi/linux/magic.h */
#define BUFFER_FILE_SYSTEM 0x444d4142

/* Says whether what a link in /proc/PID/fd points at is of a kind that is looked for. */
static bool kind_of(const char *target, size_t length, enum descriptor_kind *kind)
{
	static const struct {
		const char *prefix;
		enum descriptor_kind kind;
	} kinds[] = {
		{BUFFER_PREFIX, DESCRIPTOR_BUFFER},
		{"socket:[", DESCRIPTOR_SOCKET},
		{"anon_inode:[io_uring]", DESCRIPTOR_IO_URING},
		{"/dev/dri/", DESCRIPTOR_DRM},
		{SYNC_FILE_LINK, DESCRIPTOR_SYNC_FILE},
	};

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		size_t prefix = strlen(kinds[i].prefix);

		if (length >= prefix && !memcmp(target, kinds[i].prefix, prefix)) {
			*kind = kinds[i].kind;
			return true;
		}
	}
	return false;
}

int descriptors_read(const struct root *root, const char *process, struct descriptors *descriptors)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/fd", process);
	AUTO_CLOSEDIR DIR *directory = NULL;
	struct dirent *entry;
	int error = root_open_directory(root, path, &directory);

	if (!directory)
		return error;
	while (errno = 0, (entry = readdir(directory))) {
		/* longer than what is compared; the name of a buffer is not needed */
		char target[32];
		ssize_t length =
			readlinkat(dirfd(directory), entry->d_name, target, sizeof(target));
		struct descriptor found;

		if (length < 0 && errno == EACCES)
			return -EACCES; /* to list them is less than to see what they are */
		if (length <= 0 || !kind_of(target, (size_t)length, &found.kind) ||
		    parse_number(entry->d_name, &found.number))
			continue;
		*array_add(descriptors) = found;
	}
	return -errno;
}

int tasks_compare(uint64_t a, uint64_t b, enum task_part part, int *order)
{
	/* 0: equal, 1: less, 2: greater, 3: neither */
	static const int orders[] = {0, -1, 1, 1};
	long answer = syscall(SYS_kcmp, (pid_t)a, (pid_t)b,
			      part == TASK_MEMORY ? KCMP_VM : KCMP_FILES, 0, 0);

	if (answer < 0)
		return -errno;
	*order = orders[answer & 3];
	return 0;
}

/*
 * Live, what the link leads to is asked without opening it: a file may be called like a buffer.
 * Captured, only the text of fdinfo is there.
 */
static int identify(const struct root *root, const char *process, uint64_t descriptor,
		    struct buffer_file *file)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/fd/%" PRIu64, process, descriptor);
	struct statfs file_system;
	struct stat status;

	if (!root_is_live(root))
		return 0;
	if (statfs(path, &file_system) || stat(path, &status))
		return -errno;
	if (file_system.f_type != BUFFER_FILE_SYSTEM)
		return -ENOENT;
	file->device = status.st_dev;
	file->inode = status.st_ino;
	file->size = (struct maybe){true, (uint64_t)status.st_size};
	return 0;
}

bool descriptor_is_drm(const struct root *root, const char *process, uint64_t descriptor)
{
	enum {
		DRM_MAJOR_NUMBER = 226 /* DRM_MAJOR, drivers/gpu/drm/drm_internal.h */
	};
	AUTO_FREE char *path = xasprintf("/proc/%s/fd/%" PRIu64, process, descriptor);
	struct stat status;

	if (!root_is_live(root))
		return true;
	return !stat(path, &status) && S_ISCHR(status.st_mode) &&
	       major(status.st_rdev) == DRM_MAJOR_NUMBER;
}

static bool is_path_only(const char *text)
{
	AUTO_FREE char *flags = fdinfo_value(text, "flags");

	return flags && strtoull(flags, NULL, 8) & O_PATH;
}

int buffer_file_read(const struct root *root, const char *process, uint64_t descriptor,
		     struct buffer_file *file)
{
	AUTO_FREE char *number = xasprintf("%" PRIu64, descriptor);
	AUTO_FREE char *text = NULL;
	struct buffer_file found = {0};
	uint64_t value;
	int error = identify(root, process, descriptor, &found);

	if (!error)
		error = fdinfo_read(root, process, number, &text);
	if (error)
		return error;
	found.exporter = fdinfo_value(text, "exp_name");
	found.path_only = is_path_only(text);
	if ((!found.exporter && !found.path_only) ||
	    (!found.inode && fdinfo_number(text, "ino", &found.inode))) {
		buffer_file_free(&found);
		return -ENOENT;
	}
	if (!fdinfo_number(text, "size", &value))
		found.size = (struct maybe){true, value};
	if (!fdinfo_number(text, "count", &value))
		found.references = (struct maybe){true, value};
	found.name = fdinfo_value(text, "name");
	*file = found;
	return 0;
}

void buffer_file_free(struct buffer_file *file)
{
	free(file->exporter);
	free(file->name);
	*file = (struct buffer_file){0};
}

/* Reads a number in digits of BASE that ends at END, and moves *text after that. */
static bool take_number(const char **text, int base, char end, uint64_t *number)
{
	char *after;

	errno = 0;
	*number = strtoull(*text, &after, base);
	if (after == *text || *after != end || errno)
		return false;
	*text = after + 1;
	return true;
}

/* "7ff7b80000-7ff7c80000 rw-s 00000000 00:09 2    /dmabuf:NAME": fs/proc/task_mmu.c */
static bool parse_mapping(const char *line, struct mapping *mapping)
{
	uint64_t major_number, minor_number;

	if (!take_number(&line, 16, '-', &mapping->start) ||
	    !take_number(&line, 16, ' ', &mapping->end))
		return false;
	line = strchr(line, ' '); /* after what is allowed */
	if (!line)
		return false;
	line++;
	if (!take_number(&line, 16, ' ', &mapping->offset) ||
	    !take_number(&line, 16, ':', &major_number) ||
	    !take_number(&line, 16, ' ', &minor_number) ||
	    !take_number(&line, 10, ' ', &mapping->inode))
		return false;
	mapping->device = makedev((unsigned int)major_number, (unsigned int)minor_number);
	return text_starts_with(line + strspn(line, " "), BUFFER_PREFIX) &&
	       mapping->start < mapping->end;
}

int mappings_read(const struct root *root, const char *process, struct mappings *mappings)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/maps", process);
	AUTO_FREE char *line = NULL;
	AUTO_FCLOSE FILE *stream = NULL;
	size_t room = 0;
	int error = root_stream(root, path, &stream);

	if (error)
		return error;
	while (getline(&line, &room, stream) > 0) {
		struct mapping mapping;

		if (strstr(line, BUFFER_PREFIX) && parse_mapping(line, &mapping))
			*array_add(mappings) = mapping;
	}
	return ferror(stream) ? -EIO : 0;
}

static char *mapping_path(const char *process, uint64_t start, uint64_t end)
{
	return xasprintf("/proc/%s/map_files/%" PRIx64 "-%" PRIx64, process, start, end);
}

enum tristate mapping_is_buffer(const char *process, const struct mapping *mapping)
{
	AUTO_FREE char *path = mapping_path(process, mapping->start, mapping->end);
	struct statfs file_system;

	if (statfs(path, &file_system))
		return UNKNOWN;
	return file_system.f_type == BUFFER_FILE_SYSTEM ? YES : NO;
}

static bool is_same_time(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static struct maybe made_at(const char *path)
{
	struct stat status;

	if (stat(path, &status) || status.st_ctim.tv_sec < 0 ||
	    !is_same_time(&status.st_ctim, &status.st_mtim) ||
	    !is_same_time(&status.st_ctim, &status.st_atim))
		return (struct maybe){0};
	return (struct maybe){true, (uint64_t)status.st_ctim.tv_sec * 1000000000 +
					    (uint64_t)status.st_ctim.tv_nsec};
}

struct maybe descriptor_made_at(const char *process, uint64_t number)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/fd/%" PRIu64, process, number);

	return made_at(path);
}

struct maybe mapping_made_at(const char *process, uint64_t start, uint64_t end)
{
	AUTO_FREE char *path = mapping_path(process, start, end);

	return made_at(path);
}
