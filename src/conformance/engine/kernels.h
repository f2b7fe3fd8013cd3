/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernels on which the tests were run, and the faults of kernels that some of them meet. What
 * was not run is not known: there a difference is no failure.
 */
#ifndef CONFORMANCE_ENGINE_KERNELS_H
#define CONFORMANCE_ENGINE_KERNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

enum kernel_place {
	KERNEL_AMONG,   /* not older and not newer than those that were run */
	KERNEL_OLDER,   /* than the oldest */
	KERNEL_NEWER,   /* than the newest */
	KERNEL_UNKNOWN, /* its release is no version */
};

/* Where a kernel is (KERNEL(); 0: unknown) among the series that were run, whatever the patch. */
enum kernel_place kernel_place(uint32_t kernel);

/* The series that were run, oldest first: "5.10". */
void kernels_run(struct strings *series) __attribute__((nonnull));

/* What is to be said before the results of such a kernel; the caller frees it. NULL: nothing. */
char *kernel_note(uint32_t kernel);

/* Faults that stop a kernel, or make it use memory that is gone. */
enum hazard {
	HAZARD_NONE,
	HAZARD_POLL,     /* a buffer that is closed while poll() waits for a fence of it */
	HAZARD_PAST_END, /* a mapping longer than its buffer */
	HAZARD_MODULE,   /* a fence whose driver's module is gone */
	HAZARD_COUNT
};

/* What happens, on which kernels, and which commit mends it; NULL for HAZARD_NONE. */
const char *hazard_text(enum hazard hazard);

/*
 * Says whether a test that meets the fault has to be left out: the kernel has it, or is one of
 * which nothing is known, older than those that were run or without a version.
 */
bool hazard_is_here(enum hazard hazard, uint32_t kernel);

#endif
