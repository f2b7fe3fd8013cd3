/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Descriptors that may have to do with a buffer where the kernel does not say with which: those
 * that may hold references to one, and sync files.
 */
#ifndef MODEL_PROCESS_CANDIDATES_H
#define MODEL_PROCESS_CANDIDATES_H

#include "base/set.h"
#include "model/process/scan.h"

struct candidate {
	struct process process;
	uint64_t thread;              /* as struct hold's */
	struct descriptor descriptor; /* a socket, ring, DRM file or sync file */
	uint64_t count;               /* of the files inside a socket or ring */
	char *device;                 /* of a DRM file, as its attachments call it; else NULL */
};

struct candidates {
	ARRAY_OF(struct candidate); /* by process and descriptor */
};

/* What to look for. */
struct candidates_wanted {
	bool inside;        /* sockets with descriptors in flight, rings with registered files */
	bool fences;        /* sync files */
	struct set devices; /* DRM files of these: names of struct device */
};

/* Finds them among the carriers of SCAN, each of which costs a file. Free with candidates_free().
 */
void candidates_read(const struct root *root, const struct process_scan *scan,
		     const struct candidates_wanted *wanted, struct candidates *candidates)
	__attribute__((nonnull));
void candidates_free(struct candidates *candidates);

#endif
