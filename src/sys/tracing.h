/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events of the kernel by tracefs, in an instance of our own: what others trace is not touched, nor
 * do they see ours. Documentation/trace/ftrace.rst, "Instances"; kernel/trace/trace.c. Needs root.
 */
#ifndef SYS_TRACING_H
#define SYS_TRACING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"

struct tracing;

/* What is traced, and how a line is written. */
struct tracing_wanted {
	const char *const *events; /* "dma/dma_map_sg"; NULL ends them */
	bool own;                  /* only of this process and of children that it starts later */
	bool bare;                 /* lines without task, processor and time: "EVENT: TEXT" */
	bool followed;             /* tracing_descriptor() tells of each event; CLOCK_MONOTONIC */
};

/*
 * Makes an instance, removes those that dead processes left, and begins. An event that this kernel
 * does not have is left out. Returns 0 or -errno: -ENOENT (no tracefs, or none of the events),
 * -EACCES, -EPERM, -EBUSY or -EEXIST (another process keeps an instance with our number). Where
 * this process is killed, the next one removes the instance; it goes on counting until then, but
 * wakes nobody.
 *
 * -EOPNOTSUPP: OWN in a PID namespace other than the first, whose numbers tracefs does not know.
 */
int tracing_begin(const struct tracing_wanted *wanted, struct tracing **tracing)
	__attribute__((nonnull));

/*
 * Adds the lines of events since the last call, oldest first, without waiting and without the end
 * of line. *lost, which may be NULL, grows by the number of events that the kernel had no room for.
 * Returns 0 or -errno: -EAGAIN where there are more than are read in one second, or than 16 MiB;
 * what has been read of them and is not in *lines is lost.
 */
int tracing_read(struct tracing *tracing, struct strings *lines, uint64_t *lost)
	__attribute__((nonnull(1, 2)));

/*
 * Begins with one more event, of which only those that FILTER lets through (NULL: all) are told:
 * Documentation/trace/events.rst, "Event filtering". Returns 0 or -errno: -ENOENT (this kernel does
 * not have it), -EINVAL (it has no field that FILTER names).
 */
int tracing_add(const struct tracing *tracing, const char *event, const char *filter)
	__attribute__((nonnull(1, 2)));

/* The descriptor that is readable (poll(2)) once there is something to read; it is tracing's. */
int tracing_descriptor(const struct tracing *tracing) __attribute__((nonnull));

/* In a child: closes what keeps the instance, which is its parent's to remove. */
void tracing_leave(struct tracing *tracing) __attribute__((nonnull));
/* Stops the events and removes the instance. Takes NULL. */
void tracing_end(struct tracing *tracing);

#endif
