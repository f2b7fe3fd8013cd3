/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

/*
 * Reads a kernel's .config from a file that the user names ("-": standard input), which may be
 * gzipped, as a string that the caller frees. Returns 0, -errno, -EBADMSG (damaged gzip data) or
 * -EINVAL (no configuration).
 */
int config_load(const char *path, char **config) __attribute__((nonnull, warn_unused_result));

#endif
