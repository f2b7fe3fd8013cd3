/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which processes hold which dma-bufs, as far as /proc may be read: descriptors, also of threads
 * with a table of their own, and mappings. Nothing is opened that could keep a buffer alive.
 */
#ifndef MODEL_PROCESS_SCAN_H
#define MODEL_PROCESS_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "base/known.h"
#include "sys/descriptors.h"

struct root;

/* A process that holds something, or may. */
struct process {
	uint64_t pid;      /* as the caller sees it */
	uint64_t inner;    /* as it sees itself, in its namespace; 0: unknown */
	struct maybe user; /* its user's number */
	char *command;     /* its name, from /proc/PID/comm, as it is; or NULL */
	char *unit;        /* the last part of its control group, or NULL */
};

enum hold_kind {
	HOLD_DESCRIPTOR, /* counts one reference */
	HOLD_MAPPING,    /* one for each mapped range */
	HOLD_PATH,       /* O_PATH: keeps the memory, and counts none */
};

struct hold {
	uint64_t inode; /* of the buffer: a number that the kernel does not use again */
	size_t process; /* index */
	enum hold_kind kind;
	uint64_t thread; /* whose table has the descriptor, or 0: the process' */
	uint64_t number; /* the descriptor, or the first address of the mapping */
	uint64_t size;   /* of the mapping, in bytes */
	uint64_t offset; /* of its first byte, in the buffer */
	/*
	 * The task that the table or the memory is shared with (CLONE_FILES, CLONE_VM), whose hold
	 * is the same reference: sharing_mark(); 0: none, or unknown.
	 */
	uint64_t shared;
	bool unasked; /* it may be shared: see sharing_error */
};

/* A buffer as its holders show it. */
struct seen_buffer {
	uint64_t inode;
	struct maybe size, references;
	char *exporter, *name; /* or NULL */
};

/* A descriptor that may have to do with buffers: see candidates.h. */
struct carrier {
	uint64_t pid, thread; /* as struct hold's */
	struct descriptor descriptor;
};

/* What could not be read, so that nothing is missing in silence. */
struct unread {
	size_t processes; /* of which descriptors or mappings may not be read */
	/*
	 * Mappings of which only root could say whether they are of buffers, or of files that are
	 * called so. They are left out.
	 */
	size_t mappings;
	/*
	 * -errno of tasks_compare(): which tasks share descriptors or memory could not be asked.
	 * Threads with a table of their own are left out.
	 */
	int sharing_error;
};

struct process_scan {
	struct {
		ARRAY_OF(struct process);
	} processes; /* by id */
	struct {
		ARRAY_OF(struct hold);
	} holds; /* by buffer, then by process */
	struct {
		ARRAY_OF(struct seen_buffer);
	} buffers; /* by inode; those that are only mapped have nothing but the number */
	struct {
		ARRAY_OF(struct carrier);
	} carriers;
	struct unread unread;
};

/* The ids of all processes. */
struct process_ids {
	ARRAY_OF(uint64_t); /* in order */
};

/* Lists them. Returns 0 or -errno. Free with array_free(). */
int processes_list(const struct root *root, struct process_ids *ids) __attribute__((nonnull));

/*
 * Reads it, in time in proportion to the descriptors and the mappings there are. Processes that end
 * meanwhile are left out. Returns 0 or -errno (/proc cannot be listed; ENODEV: it is not mounted).
 * Free with process_scan_free().
 */
int process_scan(const struct root *root, struct process_scan *scan) __attribute__((nonnull));
void process_scan_free(struct process_scan *scan);

/* The process among those that hold something, or NULL. */
const struct process *process_find(const struct process_scan *scan, uint64_t pid)
	__attribute__((nonnull));

/* Says whether PID is ANCESTOR or a descendant of it. */
bool process_descends_from(const struct root *root, uint64_t pid, uint64_t ancestor)
	__attribute__((nonnull));

/* Fills in who a process is, as far as that can be read. Free with process_free(). */
void process_describe(const struct root *root, uint64_t pid, struct process *process)
	__attribute__((nonnull));
void process_free(struct process *process) __attribute__((nonnull));

#endif
