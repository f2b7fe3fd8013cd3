/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_BOOT_KERNEL_CONFIG_H
#define MODEL_BOOT_KERNEL_CONFIG_H

#include <stddef.h>

/* Larger configurations are not read. */
#define CONFIG_SIZE_MAX (4u << 20)

/*
 * Reads a kernel's .config from a file that the user names ("-": standard input), which may be
 * gzipped, as a string that the caller frees. Returns 0, -errno, -EBADMSG (damaged gzip data) or
 * -EINVAL (no configuration).
 */
int config_load(const char *path, char **config) __attribute__((nonnull, warn_unused_result));

/*
 * Reads a file of options, one a line, of at most 1 MiB (else -EFBIG) as config_load() does, with a
 * NUL after its SIZE bytes. Returns 0 or -errno.
 */
int config_load_options(const char *path, char **text, size_t *size)
	__attribute__((nonnull, warn_unused_result));

#endif
