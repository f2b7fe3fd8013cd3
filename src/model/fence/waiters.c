// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/fence/waiters.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/fdinfo.h"
#include "sys/root.h"
#include "sys/task.h"
#include "sys/uapi.h"

/* More descriptors, of one call or of all tasks, are not looked at. */
#define DESCRIPTORS_MOST (1 << 16)

/* The work on one task. */
struct search {
	const struct root *root;
	const struct process_scan *scan;
	const struct hold **holds; /* descriptors, by process and number */
	size_t count;
	struct waiters *waiters;
	size_t looked_at; /* descriptors */
	uint64_t pid, tid;
	size_t process; /* its index in the scan; their count: it holds no buffer */
	struct task_sleep sleep;
};

static int by_descriptor(const void *a, const void *b)
{
	const struct hold *first = *(const struct hold *const *)a;
	const struct hold *second = *(const struct hold *const *)b;
	int order = order_of(first->process, second->process);

	if (!order)
		order = order_of(first->number, second->number);
	return order ? order : order_of(first->thread, second->thread);
}

/* The buffer behind a descriptor in the table of THREAD, 0: of the process; else 0. */
static uint64_t buffer_in(const struct search *search, uint64_t descriptor, uint64_t thread)
{
	const struct hold hold = {
		.process = search->process, .number = descriptor, .thread = thread};
	const struct hold *key = &hold;
	const struct hold *const *found =
		bsearch(&key, search->holds, search->count, sizeof(*search->holds), by_descriptor);

	return found ? (*found)->inode : 0;
}

/* The buffer behind a descriptor of the task, or 0: in its own table, else in the process'. */
static uint64_t buffer_of(const struct search *search, uint64_t descriptor)
{
	uint64_t inode = buffer_in(search, descriptor, search->tid);

	return inode ? inode : buffer_in(search, descriptor, 0);
}

static bool is_sync_file(const struct search *search, uint64_t descriptor)
{
	AUTO_FREE char *path = xasprintf("/proc/%" PRIu64 "/task/%" PRIu64 "/fd/%" PRIu64,
					 search->pid, search->tid, descriptor);
	AUTO_FREE char *target = NULL;

	return !root_readlink(search->root, path, &target) &&
	       text_starts_with(target, SYNC_FILE_LINK);
}

static void describe(const struct search *search, struct waiter *waiter)
{
	AUTO_FREE char *path =
		xasprintf("/proc/%" PRIu64 "/task/%" PRIu64 "/comm", search->pid, search->tid);

	if (root_read_line(search->root, path, &waiter->command))
		waiter->command = NULL;
}

static void add(struct search *search, enum wait_kind kind, struct maybe descriptor, uint64_t inode)
{
	struct waiter *waiter = array_add(search->waiters);

	waiter->pid = search->pid;
	waiter->tid = search->tid;
	waiter->kind = kind;
	waiter->descriptor = descriptor;
	waiter->inode = inode;
	waiter->function = xstrdup(search->sleep.frames.items[0]);
	describe(search, waiter);
}

/*
 * Adds the task for a descriptor that it waits with, where that is of a buffer or a sync file.
 * Returns 0 or -E2BIG: there are too many, and this one was not looked at.
 */
static int add_descriptor(struct search *search, enum wait_kind kind, uint64_t descriptor)
{
	uint64_t inode;

	if (search->looked_at == DESCRIPTORS_MOST)
		return -E2BIG;
	search->looked_at++;
	inode = buffer_of(search, descriptor);
	if (inode || is_sync_file(search, descriptor))
		add(search, kind, (struct maybe){true, descriptor}, inode);
	return 0;
}

/* poll(2) and ppoll(2): the array is the first argument, its length the second. */
static int find_poll(struct search *search)
{
	uint64_t count = search->sleep.call[1];
	AUTO_FREE struct pollfd *descriptors = NULL;
	int error;

	if (!count)
		return 0;
	if (count > DESCRIPTORS_MOST)
		return -E2BIG;
	descriptors = xcalloc((size_t)count, sizeof(*descriptors));
	error = task_memory_read(search->root, search->pid, search->sleep.call[0], descriptors,
				 (size_t)count * sizeof(*descriptors));
	for (size_t i = 0; !error && i < count; i++) {
		if (descriptors[i].fd >= 0 && descriptors[i].events & (POLLIN | POLLOUT))
			error = add_descriptor(search, WAIT_POLL, (uint64_t)descriptors[i].fd);
	}
	return error;
}

/* select(2): the highest descriptor and one, then sets of bits for reading and for writing. */
static int find_select(struct search *search)
{
	enum {
		BITS = 8 * sizeof(unsigned long)
	};
	uint64_t count = search->sleep.call[0];
	int error = 0;
	size_t words = (size_t)(count < DESCRIPTORS_MOST ? count + BITS - 1 : 0) / BITS;
	AUTO_FREE unsigned long *wanted = xcalloc(words + 1, sizeof(*wanted));
	AUTO_FREE unsigned long *set = xcalloc(words + 1, sizeof(*set));

	if (count >= DESCRIPTORS_MOST)
		return -E2BIG;
	for (size_t i = 1; i <= 2; i++) {
		if (search->sleep.call[i])
			error = task_memory_read(search->root, search->pid, search->sleep.call[i],
						 set, words * sizeof(*set));
		if (error)
			return error;
		for (size_t word = 0; search->sleep.call[i] && word < words; word++)
			wanted[word] |= set[word];
	}
	for (size_t i = 0; !error && i < count; i++) {
		if (wanted[i / BITS] >> (i % BITS) & 1)
			error = add_descriptor(search, WAIT_SELECT, i);
	}
	return error;
}

/* "tfd:        5 events:       19 data: …": ep_show_fdinfo(), fs/eventpoll.c */
static int find_epoll(struct search *search)
{
	AUTO_FREE char *process = xasprintf("%" PRIu64 "/task/%" PRIu64, search->pid, search->tid);
	AUTO_FREE char *number = xasprintf("%" PRIu64, search->sleep.call[0]);
	AUTO_FREE char *text = NULL;
	static const char key[] = "\ntfd:";
	int error = fdinfo_read(search->root, process, number, &text);

	for (const char *line = error ? NULL : strstr(text, key); !error && line;
	     line = strstr(line + 1, key))
		error = add_descriptor(search, WAIT_EPOLL, strtoull(line + strlen(key), NULL, 10));
	return error;
}

static bool waits_for_fence(const struct task_sleep *sleep)
{
	static const char *const functions[] = {"dma_fence_wait", "dma_fence_default_wait",
						"dma_resv_wait", "drm_syncobj_array_wait_timeout"};

	for (size_t i = 0; i < COUNT_OF(functions); i++) {
		if (task_sleeps_in(sleep, functions[i]))
			return true;
	}
	return false;
}

/* The ioctl SYNC has the descriptor and its number as arguments. */
static void find_fence(struct search *search)
{
	const struct task_sleep *sleep = &search->sleep;
	struct maybe descriptor = {sleep->has_call, sleep->call[0]};
	uint64_t inode = descriptor.known ? buffer_of(search, descriptor.value) : 0;

	if (inode && (uint32_t)sleep->call[1] == DMA_BUF_IOCTL_SYNC)
		add(search, WAIT_SYNC, descriptor, inode);
	else
		add(search, task_sleeps_in(sleep, "dma_buf_ioctl") ? WAIT_SYNC : WAIT_DRIVER,
		    descriptor, 0);
}

static void find(struct search *search)
{
	static const struct {
		const char *function;
		int (*find)(struct search *search);
	} calls[] = {
		{"do_select", find_select},           {"core_sys_select", find_select},
		{"do_sys_poll", find_poll},           {"do_poll", find_poll},
		{"poll_schedule_timeout", find_poll}, {"ep_poll", find_epoll},
		{"do_epoll_wait", find_epoll},
	};

	if (waits_for_fence(&search->sleep)) {
		find_fence(search);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(calls); i++) {
		int error;

		if (!task_sleeps_in(&search->sleep, calls[i].function))
			continue;
		error = search->sleep.has_call ? calls[i].find(search) : -EACCES;
		if (error && search->process < search->scan->processes.count)
			*(error == -E2BIG ? &search->waiters->too_many
					  : &search->waiters->unreadable) += 1;
		return;
	}
}

static void find_in_process(struct search *search)
{
	AUTO_FREE char *path = xasprintf("/proc/%" PRIu64 "/task", search->pid);
	AUTO_STRINGS struct strings tasks = {0};
	const struct process *holder = process_find(search->scan, search->pid);

	if (root_list(search->root, path, &tasks))
		return;
	search->process = holder ? (size_t)(holder - search->scan->processes.items)
				 : search->scan->processes.count;
	array_for_each (&tasks, task) {
		int error;

		if (parse_number(*task, &search->tid))
			continue;
		error = task_sleep_read(search->root, search->pid, search->tid, &search->sleep);
		search->waiters->unreadable += error == -EACCES || error == -EPERM;
		if (error)
			continue;
		find(search);
		task_sleep_free(&search->sleep);
	}
}

static int by_buffer(const void *a, const void *b)
{
	const struct waiter *first = a, *second = b;
	int order = order_of(first->inode, second->inode);

	if (!order)
		order = order_of(first->pid, second->pid);
	if (!order)
		order = order_of(first->tid, second->tid);
	return order ? order : order_of(first->descriptor.value, second->descriptor.value);
}

int waiters_read(const struct root *root, const struct usages *usages, struct waiters *waiters)
{
	struct process_ids processes;
	AUTO_FREE const struct hold **holds =
		xcalloc(usages->scan.holds.count + 1, sizeof(const struct hold *));
	struct search search = {
		.root = root, .scan = &usages->scan, .holds = holds, .waiters = waiters};
	int error = processes_list(root, &processes);

	if (error)
		return error;
	*waiters = (struct waiters){0};
	array_for_each (&usages->scan.holds, hold) {
		if (hold->kind == HOLD_DESCRIPTOR)
			holds[search.count++] = hold;
	}
	qsort(holds, search.count, sizeof(*holds), by_descriptor);
	array_for_each (&processes, pid) {
		search.pid = *pid;
		find_in_process(&search);
	}
	array_free(&processes);
	if (waiters->count)
		qsort(waiters->items, waiters->count, sizeof(*waiters->items), by_buffer);
	return 0;
}

void waiters_free(struct waiters *waiters)
{
	array_for_each (waiters, waiter) {
		free(waiter->command);
		free(waiter->function);
	}
	array_free(waiters);
}

const char *wait_kind_name(enum wait_kind kind)
{
	static const char *const names[] = {
		[WAIT_SYNC] = "SYNC",   [WAIT_POLL] = "poll",     [WAIT_SELECT] = "select",
		[WAIT_EPOLL] = "epoll", [WAIT_DRIVER] = "driver",
	};

	return names[kind];
}
