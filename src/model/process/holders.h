/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Processes that hold buffers, as far as /proc may be read: their descriptors and mappings. */
#ifndef MODEL_PROCESS_HOLDERS_H
#define MODEL_PROCESS_HOLDERS_H

#include <stdint.h>

#include "base/array.h"

struct root;

struct holder {
	uint64_t pid;
	char *command;  /* its name, from /proc/PID/comm, as it is; or NULL */
	uint64_t bytes; /* of the buffers, each counted once */
	size_t buffers;
};

struct holders {
	ARRAY_OF(struct holder);
	size_t unreadable; /* processes whose descriptors may not be read */
};

/*
 * Finds the processes with a descriptor of a buffer that one of EXPORTERS made (exp_name in fdinfo:
 * for the kernel's heaps the name of the heap), the largest first. A buffer that is only mapped
 * shows no exporter and is not found. Returns 0 or -errno. Free with holders_free().
 */
int holders_read(const struct root *root, const struct strings *exporters, struct holders *holders)
	__attribute__((nonnull));
void holders_free(struct holders *holders);

#endif
