/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The devices of this machine that take dma-bufs of others: DRM nodes, by PRIME, and video nodes,
 * by V4L2_MEMORY_DMABUF; with what sysfs and the device tree say of the device that reads and
 * writes the memory.
 */
#ifndef MODEL_IMPORT_IMPORTER_H
#define MODEL_IMPORT_IMPORTER_H

#include "base/array.h"
#include "base/known.h"
#include "model/heap/inventory.h"
#include "sys/v4l2.h"

enum importer_kind {
	IMPORTER_DRM,
	IMPORTER_VIDEO,
};

/* Which call failed. */
enum import_stage {
	STAGE_NONE,
	STAGE_OPEN,     /* the device */
	STAGE_QUERY,    /* VIDIOC_QUERYCAP */
	STAGE_FORMAT,   /* VIDIOC_G_FMT */
	STAGE_ALLOCATE, /* the buffers */
	STAGE_REQUEST,  /* VIDIOC_REQBUFS */
	STAGE_IMPORT,   /* VIDIOC_QBUF, DRM_IOCTL_PRIME_FD_TO_HANDLE */
	STAGE_PROCESS,  /* the child that tries it */
};

struct importer {
	enum importer_kind kind;
	char *path; /* the node that is tried: of DRM the render node where there is one */
	struct strings nodes; /* all nodes of the device */
	char *driver;         /* by its own word; NULL: it could not be asked */
	char *device;         /* its name below /sys/bus/.../devices, NULL: unknown */
	struct strings above; /* names of the devices above it, the nearest first */
	char *of_node;        /* path in the device tree, of it or the nearest one above; or NULL */
	enum tristate coherent;
	char *coherent_why;     /* or NULL */
	struct maybe mask;      /* bits of an address that it can reach: of PCI devices */
	struct strings regions; /* names of the nodes that its memory-region points to */
	/* of IMPORTER_VIDEO: one of the node's queues, a memory-to-memory node is there twice */
	enum video_queue queue;
	bool memory_to_memory;
	struct video_format format;
	int error; /* 0, or -errno: why it can't be tried; -EBUSY: another has its buffers */
	enum import_stage stage; /* of the error */
};

struct importers {
	ARRAY_OF(struct importer);
	struct strings without; /* video nodes that have no queue of pictures for dma-bufs */
};

/* For the opening of a node, and the first question; in ns. */
#define IMPORTER_LIMIT UINT64_C(5000000000)

/*
 * Finds those of this machine, or, where there are some, those that PATHS lead to: nodes or links
 * to them. A path that leads to none goes to *strange. Nodes are opened and asked by this process,
 * at most for IMPORTER_LIMIT each (then .error is -ETIMEDOUT), unless a driver lets no signal
 * interrupt it; nothing is changed on them. The tree and its regions are those of
 * INVENTORY. Returns 0 or -errno: of /dev, of /dev/dri unless PATHS lead elsewhere, or -EINTR (a
 * stop signal). Free with importers_free().
 */
int importers_find(const struct inventory *inventory, const struct strings *paths,
		   struct importers *importers, struct strings *strange)
	__attribute__((nonnull, warn_unused_result));
void importers_free(struct importers *importers) __attribute__((nonnull));

/* Whether the device reads the buffers of this queue; those of DRM may be read and written. */
bool importer_is_output(const struct importer *importer) __attribute__((nonnull));

/* "/dev/video2 output": the node, and where it is there twice, which queue. The caller frees it. */
char *importer_label(const struct importer *importer)
	__attribute__((nonnull, returns_nonnull, malloc));

#endif
