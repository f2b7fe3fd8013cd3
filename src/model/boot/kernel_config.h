/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel's .config, as a file or as /proc/config.gz. */
#ifndef MODEL_BOOT_KERNEL_CONFIG_H
#define MODEL_BOOT_KERNEL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct root;

/* Larger configurations are not read. */
#define CONFIG_SIZE_MAX (4u << 20)

/*
 * Reads one from a file that the user names ("-": standard input), which may be gzipped, as a
 * string that the caller frees. Returns 0, -errno, -EBADMSG (damaged gzip data) or -EINVAL (not a
 * configuration: no CONFIG_ is in it, or a NUL).
 */
int config_load(const char *path, char **config) __attribute__((nonnull, warn_unused_result));

/*
 * The text of SIZE bytes of DATA, which may be gzipped, as a string that the caller frees. Returns
 * 0, -EBADMSG (damaged), -EINVAL (it has a NUL) or -EFBIG (more than CONFIG_SIZE_MAX bytes).
 */
int config_unzip(const char *data, size_t size, char **text)
	__attribute__((nonnull, warn_unused_result));

/*
 * That of a machine's running kernel, as config_unzip() gives it: /proc/config.gz, else
 * /boot/config-RELEASE or /lib/modules/RELEASE/config. -ENOENT: none of them can be read.
 */
int config_read(const struct root *root, char **config)
	__attribute__((nonnull, warn_unused_result));

/* Whether CONFIG_NAME is y or m. */
bool config_is(const char *config, const char *name) __attribute__((nonnull));

/* The number that CONFIG_NAME is; false, with *number untouched, where it is none or not set. */
bool config_has_number(const char *config, const char *name, uint64_t *number)
	__attribute__((nonnull));
/* The same, or OTHERWISE. */
uint64_t config_number(const char *config, const char *name, uint64_t otherwise)
	__attribute__((nonnull));

/* A string without its quotes and backslashes, which the caller frees; NULL: not set, or empty. */
char *config_string(const char *config, const char *name) __attribute__((nonnull));

#endif
