/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The device that imports buffers while they are measured: a DRM node, by PRIME. */
#ifndef MODEL_BENCH_BENCH_IMPORTER_H
#define MODEL_BENCH_BENCH_IMPORTER_H

/* Needs no device: drivers/gpu/drm/vgem. */
#define BENCH_IMPORTER_USUAL "vgem"

struct bench_importer {
	int drm;
	char *driver; /* its name */
};

/*
 * Opens the node of a driver. Returns 0, or -errno (ENODEV, EACCES, ENOSYS as drm_open_driver())
 * with what is missing in *missing; the caller frees both.
 */
int bench_importer_open(const char *driver, struct bench_importer **importer, char **missing)
	__attribute__((nonnull));
void bench_importer_free(struct bench_importer *importer); /* takes NULL */

#endif
