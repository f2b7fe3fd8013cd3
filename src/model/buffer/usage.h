/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The buffers of a machine, with who holds each, what is attached to it, and its fences. */
#ifndef MODEL_BUFFER_USAGE_H
#define MODEL_BUFFER_USAGE_H

#include "model/buffer/bufinfo.h"
#include "model/process/candidates.h"
#include "model/process/scan.h"

/* What holds a buffer, summed up. */
struct usage {
	uint64_t inode;
	struct maybe size;                     /* bytes */
	struct maybe references;               /* of all holders: struct file's count */
	char *exporter, *name;                 /* or NULL */
	size_t first_hold, holds;              /* in the holds of the scan */
	uint64_t processes;                    /* that hold it */
	uint64_t descriptors, mappings, paths; /* see enum hold_kind */
	uint64_t mapped;                       /* bytes of the mapped ranges */
	/*
	 * References that no process which may be read explains: of devices, of descriptors in
	 * flight, of polls that wait, of processes that may not be read. Unknown where one of the
	 * holds may be that of another one (unasked).
	 */
	struct maybe unexplained;
	bool listed;            /* in the kernel's listing, which the fields below come from */
	struct strings devices; /* attached */
	struct {
		ARRAY_OF(struct bufinfo_fence);
	} fences;
};

struct usages {
	ARRAY_OF(struct usage); /* by inode */
	struct process_scan scan;
	struct candidates candidates; /* see usages_find_candidates() */
	int listing_error;            /* -errno: the kernel's listing could not be read */
	bool moving; /* buffers came and went while this was read, in each attempt */
};

/*
 * Reads /proc and, where it may be read, the kernel's listing, once more where the two do not fit
 * because buffers came and went. Returns 0 or -errno (/proc cannot be listed). Free with
 * usages_free().
 */
int usages_read(const struct root *root, struct usages *usages) __attribute__((nonnull));
void usages_free(struct usages *usages);

/*
 * Adds the candidates for the buffers that have a flag in SHOWN: for their unexplained references
 * sockets, rings and DRM files of the devices that are attached, for their pending fences sync
 * files.
 */
void usages_find_candidates(const struct root *root, struct usages *usages, const bool *shown)
	__attribute__((nonnull));

/* Says whether one of the fences of a buffer is pending. */
bool usage_is_pending(const struct usage *usage) __attribute__((nonnull));

/* The bytes of a buffer divided by the processes that hold it; unknown where either is. */
struct maybe usage_share(const struct usage *usage) __attribute__((nonnull));

/* A process with what it holds of some exporters. */
struct holder {
	const struct process *process; /* in the scan */
	uint64_t bytes, buffers;       /* each buffer counted once */
};

struct holders {
	ARRAY_OF(struct holder);             /* the largest first */
	uint64_t other_bytes, other_buffers; /* held by no process that may be read */
	/* of which it is not known whether they are the exporters': exporter_hides_heap() */
	uint64_t unknown_bytes, unknown_buffers;
};

/*
 * Finds who holds buffers that one of EXPORTERS made (exp_name: for the kernel's heaps the name of
 * the heap). Free with holders_free(), before the usages.
 */
void holders_of(const struct usages *usages, const struct strings *exporters,
		struct holders *holders) __attribute__((nonnull));
void holders_free(struct holders *holders);

#endif
