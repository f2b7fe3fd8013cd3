/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel's .config, as a file or as /proc/config.gz. */
#ifndef MODEL_BOOT_KERNEL_CONFIG_H
#define MODEL_BOOT_KERNEL_CONFIG_H

#include <stddef.h>

/* Larger configurations are not read. */
#define CONFIG_SIZE_MAX (4u << 20)

/*
 * Reads one from a file that the user names ("-": standard input), which may be gzipped, as a
 * string that the caller frees. Returns 0, -errno, -EBADMSG (damaged gzip data) or -EINVAL (not a
 * configuration).
 */
int config_load(const char *path, char **config) __attribute__((nonnull, warn_unused_result));

/*
 * The text of SIZE bytes of DATA, which may be gzipped, as a string that the caller frees. Returns
 * 0, -EBADMSG (damaged) or -EFBIG (more than CONFIG_SIZE_MAX bytes).
 */
int config_unzip(const char *data, size_t size, char **text)
	__attribute__((nonnull, warn_unused_result));

#endif
