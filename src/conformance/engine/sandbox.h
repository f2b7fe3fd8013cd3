/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A process of its own for what may crash, hang or leave something behind. */
#ifndef CONFORMANCE_ENGINE_SANDBOX_H
#define CONFORMANCE_ENGINE_SANDBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sandbox_end {
	bool late;   /* it was killed at its time limit */
	bool stuck;  /* … and did not even die: it sits in the kernel */
	int status;  /* as waitpid(2) gives it; not with stuck */
	uint64_t ns; /* from start to end */
	int error;   /* -errno where no process could be made; then nothing was run */
};

/*
 * Makes this process the reaper of what sandboxes leave (PR_SET_CHILD_SUBREAPER): to be called once
 * before the first.
 */
void sandbox_prepare(void);

/*
 * Runs FUNCTION(DATA) in a child, leader of a process group of its own, which gets SIGKILL when
 * this process dies and writes no core file. At the end, or after SECONDS, the whole group is
 * killed and collected. A function that returns ends with status 0; its output goes nowhere.
 */
void sandbox_run(void (*function)(void *), void *data, unsigned int seconds,
		 struct sandbox_end *end) __attribute__((nonnull(1, 4)));

/* Zeroed memory shared with the children; unmapped by sandbox_unshare(). */
void *sandbox_share(size_t size) __attribute__((returns_nonnull));
void sandbox_unshare(void *memory, size_t size);

/* In a child of a sandbox: fork(2) with the same ties to the parent. */
int sandbox_fork(void);

#endif
