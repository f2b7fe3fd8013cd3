/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture as an archive of tar: how it is packed, and what is in one. */
#ifndef MODEL_CAPTURE_ARCHIVE_H
#define MODEL_CAPTURE_ARCHIVE_H

#include <stdbool.h>

#include "base/known.h"
#include "model/capture/captured.h"

/*
 * Packs MANIFEST, as CAPTURE_MANIFEST and first, and all that is captured; MADE_AT, in seconds
 * since 1970, is the time of all. Returns the archive, which the caller frees.
 */
char *archive_pack(const struct capture *capture, const char *manifest, uint64_t made_at, bool gzip,
		   size_t *size) __attribute__((nonnull, returns_nonnull));

struct archive_member {
	char *path;        /* as it is in the archive */
	const char *type;  /* "file", "directory", "link", or "other": no capture has that */
	struct maybe size; /* of a file: bytes */
	char *target;      /* of a link, else NULL */
};
struct archive_members {
	ARRAY_OF(struct archive_member); /* in the order of the archive */
};

/*
 * Reads what is in the archive FILE ("-": standard input), of any origin, and unpacks nothing.
 * Returns 0 or -errno, where *reason, a constant, is NULL or says what is wrong with it. Free with
 * archive_members_free().
 */
int archive_list(const char *file, struct archive_members *members, const char **reason)
	__attribute__((nonnull, warn_unused_result));
void archive_members_free(struct archive_members *members) __attribute__((nonnull));

#endif
