/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel's .config. */
#ifndef MODEL_BOOT_KERNEL_CONFIG_H
#define MODEL_BOOT_KERNEL_CONFIG_H

/* Larger configurations are not read. */
#define CONFIG_SIZE_MAX (4u << 20)

/*
 * Reads a kernel's .config from a file that the user names ("-": standard input), which may be
 * gzipped, as a string that the caller frees. Returns 0, -errno, -EBADMSG (damaged gzip data) or
 * -EINVAL (not a configuration).
 */
int config_load(const char *path, char **config) __attribute__((nonnull, warn_unused_result));

#endif
