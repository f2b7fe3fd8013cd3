// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/capture/archive.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/xalloc.h"
#include "sys/tar.h"

char *archive_pack(const struct capture *capture, const char *manifest, uint64_t made_at, bool gzip,
		   size_t *size)
{
	struct tar_writer *writer = tar_begin(made_at);

	tar_add(writer, CAPTURE_MANIFEST, manifest, strlen(manifest), NULL);
	array_for_each (capture, captured)
		tar_add(writer, captured->path + 1, captured->data, captured->size,
			captured->target);
	return tar_end(writer, gzip, size);
}

static const char *type_name(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
		return "file";
	case S_IFDIR:
		return "directory";
	case S_IFLNK:
		return "link";
	default:
		return "other";
	}
}

int archive_list(const char *file, struct archive_members *members, const char **reason)
{
	struct archive_members found = {0};
	struct tar_reader *reader;
	struct tar_member member;
	int error = tar_open(file, &reader, reason);

	if (error)
		return error;
	while ((error = tar_next(reader, &member, reason)) == 1)
		*array_add(&found) = (struct archive_member){
			.path = xstrdup(member.name),
			.type = type_name(member.mode),
			.size = {S_ISREG(member.mode), member.size},
			.target = *member.target ? xstrdup(member.target) : NULL};
	tar_close(reader);
	if (error)
		archive_members_free(&found);
	else
		*members = found;
	return error;
}

void archive_members_free(struct archive_members *members)
{
	array_for_each (members, member) {
		free(member->path);
		free(member->target);
	}
	array_free(members);
}
