/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a task sleeps in the kernel: /proc/PID/task/TID, files stat, wchan, stack and syscall
 * (fs/proc/base.c). Reading them stops no task.
 */
#ifndef SYS_TASK_H
#define SYS_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"

struct root;

struct task_sleep {
	/*
	 * Functions of the kernel, the innermost first, without what follows the name
	 * ("+0x58/0xb0", ".constprop.0"): the stack, which only root may read, else the one of
	 * wchan.
	 */
	struct strings frames;
	bool has_call;
	uint64_t call[6]; /* arguments of the system call, where has_call */
};

/*
 * Reads where the thread TID of the process PID sleeps. Returns 0 or -errno: EAGAIN where it does
 * not sleep, EACCES where none of it may be read, ENOENT or ESRCH where it has ended. Free with
 * task_sleep_free().
 */
int task_sleep_read(const struct root *root, uint64_t pid, uint64_t tid, struct task_sleep *sleep)
	__attribute__((nonnull));
void task_sleep_free(struct task_sleep *sleep);

/* Says whether this process has CAP_SYS_PTRACE, without which root may not read all others. */
bool task_may_trace(void);

/* Says whether one of the functions begins with NAME. */
bool task_sleeps_in(const struct task_sleep *sleep, const char *name) __attribute__((nonnull));

/*
 * Copies SIZE bytes at ADDRESS of the memory of the process PID (/proc/PID/mem). Returns 0 or
 * -errno: EACCES, EIO where there are fewer.
 */
int task_memory_read(const struct root *root, uint64_t pid, uint64_t address, void *data,
		     size_t size) __attribute__((nonnull));

#endif
