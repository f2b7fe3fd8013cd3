/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Versions of the kernel, so that they compare. */
#ifndef MODEL_BOOT_KERNEL_VERSION_H
#define MODEL_BOOT_KERNEL_VERSION_H

#include <stdint.h>

/* A release as a number that grows: KERNEL(6, 17, 8). Stable releases go beyond 255. */
#define KERNEL(major, minor, patch) (1000000u * (major) + 1000u * (minor) + (patch))

/*
 * Reads what uname -r says: "7.2.13", "6.12.117-arm64", "6.19-rc1", "6.1+"; words may follow. A
 * part that is missing is 0; a release candidate counts as the release. Returns 0 or -EINVAL (also
 * for numbers above 999); *version is untouched on failure.
 */
int kernel_version_parse(const char *text, uint32_t *version)
	__attribute__((nonnull, warn_unused_result));

/* The running kernel's, uname(2); 0 where its release can't be read as a version. */
uint32_t kernel_version_running(void);

/* "6.17", "6.17.8": the version as people write it; the caller frees it. */
char *kernel_version_text(uint32_t version) __attribute__((returns_nonnull, malloc));

#endif
