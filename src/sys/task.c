// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/task.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/root.h"

#define LIMIT 65536

static int read_file(const struct root *root, uint64_t pid, uint64_t tid, const char *name,
		     char **text)
{
	AUTO_FREE char *path = xasprintf("/proc/%" PRIu64 "/task/%" PRIu64 "/%s", pid, tid, name);

	return root_read(root, path, LIMIT, text, NULL);
}

/* "12 (name) S …": the name may hold anything */
static int check_state(const struct root *root, uint64_t pid, uint64_t tid)
{
	AUTO_FREE char *text = NULL;
	const char *state;
	int error = read_file(root, pid, tid, "stat", &text);

	if (error)
		return error;
	state = strrchr(text, ')');
	return state && (text_starts_with(state, ") S") || text_starts_with(state, ") D"))
		       ? 0
		       : -EAGAIN;
}

static void add_frame(struct task_sleep *sleep, const char *name)
{
	strings_take(&sleep->frames, xstrndup(name, strcspn(name, "+. \n")));
}

/* "[<0>] dma_fence_default_wait+0x1b0/0x260" */
static int read_stack(const struct root *root, uint64_t pid, uint64_t tid, struct task_sleep *sleep)
{
	AUTO_FREE char *text = NULL;
	int error = read_file(root, pid, tid, "stack", &text);

	for (const char *line = text; !error && *line;) {
		const char *name = strstr(line, "] ");
		size_t length = strcspn(line, "\n");

		if (name && name < line + length)
			add_frame(sleep, name + 2);
		line += length;
		line += *line == '\n';
	}
	return error;
}

/* A name without a line end; "0": may not be read, or does not sleep */
static int read_wchan(const struct root *root, uint64_t pid, uint64_t tid, struct task_sleep *sleep)
{
	AUTO_FREE char *text = NULL;
	int error = read_file(root, pid, tid, "wchan", &text);

	if (error)
		return error;
	if (!*text || !strcmp(text, "0"))
		return -EACCES;
	add_frame(sleep, text);
	return 0;
}

/* "73 0x7fdb0 0x2 0x0 0x0 0x0 0x0 SP PC"; "-1 SP PC" or "running": in none */
static void read_call(const struct root *root, uint64_t pid, uint64_t tid, struct task_sleep *sleep)
{
	AUTO_FREE char *text = NULL;
	char *next;
	size_t count = 0;

	if (read_file(root, pid, tid, "syscall", &text))
		return;
	next = text + strspn(text, "0123456789");
	while (count < COUNT_OF(sleep->call) && text_starts_with(next, " 0x"))
		sleep->call[count++] = strtoull(next, &next, 16);
	sleep->has_call = count == COUNT_OF(sleep->call);
}

int task_sleep_read(const struct root *root, uint64_t pid, uint64_t tid, struct task_sleep *sleep)
{
	struct task_sleep found = {0};
	int error = check_state(root, pid, tid);

	if (error)
		return error;
	error = read_stack(root, pid, tid, &found);
	if (error || !found.frames.count)
		error = read_wchan(root, pid, tid, &found);
	if (error)
		return error;
	read_call(root, pid, tid, &found);
	*sleep = found;
	return 0;
}

void task_sleep_free(struct task_sleep *sleep)
{
	strings_free(&sleep->frames);
}

bool task_may_trace(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {0};

	return !syscall(SYS_capget, &header, sets) &&
	       sets[0].effective & CAP_TO_MASK(CAP_SYS_PTRACE);
}

bool task_sleeps_in(const struct task_sleep *sleep, const char *name)
{
	array_for_each (&sleep->frames, frame) {
		if (text_starts_with(*frame, name))
			return true;
	}
	return false;
}

int task_memory_read(const struct root *root, uint64_t pid, uint64_t address, void *data,
		     size_t size)
{
	AUTO_FREE char *path = xasprintf("/proc/%" PRIu64 "/mem", pid);
	AUTO_CLOSE int fd = root_open_file(root, path, O_RDONLY);
	ssize_t got;

	if (fd < 0)
		return fd;
	got = pread(fd, data, size, (off_t)address);
	return got < 0 ? -errno : (size_t)got < size ? -EIO : 0;
}
