/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's configuration as /proc/config.gz has it. */
#ifndef MODEL_BOOT_UNZIP_H
#define MODEL_BOOT_UNZIP_H

#include <stddef.h>

/*
 * Text of SIZE bytes of DATA, which may be gzipped, as a string that the caller frees. Returns 0,
 * -EBADMSG (damaged) or -EFBIG (more than LIMIT bytes).
 */
int unzip(const char *data, size_t size, size_t limit, char **text)
	__attribute__((nonnull, warn_unused_result));

#endif
