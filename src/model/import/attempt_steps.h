/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the child of an attempt does, a step a function. It ends with exit(2), which lets go of all.
 */
#ifndef MODEL_IMPORT_ATTEMPT_STEPS_H
#define MODEL_IMPORT_ATTEMPT_STEPS_H

#include "model/buffer/buffer.h"
#include "model/import/importer.h"

/*
 * Whether one buffer is contiguous can be luck: so many are tried, of a size that is no power of
 * two, which an allocator of such blocks would have in one piece.
 */
#define ATTEMPT_BUFFERS 3
/* Bytes of a buffer for DRM, which asks for none: a picture of 640x480 with 16 bits each. */
#define ATTEMPT_SIZE    614400

/* Where buffers come from. */
struct import_source {
	const char *name;
	const char *node; /* of a heap; NULL: /dev/udmabuf */
};

/* What the device did. */
struct attempt_data {
	bool tried;
	int error; /* 0 or -errno; -ETIMEDOUT: no picture came; -EOWNERDEAD: the child died */
	uint64_t right, all; /* bytes that the device wrote, or copied as they were */
};

/* What the child reports, through a pipe. */
struct attempt_report {
	enum import_stage stage;
	int error;
	unsigned int tried, taken;
	uint64_t size;
	enum tristate attached;
	char device[64]; /* by bufinfo, "": unknown */
	struct maybe absent_ns, held_ns;
	struct attempt_data data;
};

struct attempt_hold {
	int device;
	struct buffers buffers; /* of several planes one after the other */
	unsigned int planes;
	int taken; /* place of the first buffer that the device has, or -1 */
};

/* Allocates the buffers. Returns whether there is one at least; else the report has the error. */
bool attempt_allocate(const struct import_source *source, const struct importer *importer,
		      struct attempt_hold *hold, struct attempt_report *report)
	__attribute__((nonnull));
/* Gives them to the device, and looks who is attached. */
void attempt_import(const struct importer *importer, struct attempt_hold *hold,
		    struct attempt_report *report) __attribute__((nonnull));
/* Takes them back. */
void attempt_release(const struct importer *importer, struct attempt_hold *hold)
	__attribute__((nonnull));
/* The median time of a pair of SYNC calls on the first buffer that the device has, else the first.
 */
struct maybe attempt_sync_time(const struct attempt_hold *hold) __attribute__((nonnull));
/*
 * Starts the device with buffers of its own: a capture node writes pictures, a memory-to-memory
 * node copies one. Of others nothing is tried.
 */
void attempt_data(const struct import_source *source, const struct importer *importer,
		  struct attempt_data *data) __attribute__((nonnull));

#endif
