// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/buffer/usage.h"
#include "model/capture/captured.h"
#include "sys/fdinfo.h"
#include "sys/root.h"

/* A process ends while it is read: then it holds nothing, and nothing is missing. */
static void add_if_there(struct capture *capture, const struct root *root, const char *path)
{
	char *data;
	size_t size;

	if (!root_read(root, path, 1 << 20, &data, &size))
		capture_add(capture, path, data, size, NULL);
}

/* A descriptor: what its link says, and what the kernel says of the file. */
static void add_descriptor(struct capture *capture, const struct root *root, uint64_t pid,
			   uint64_t thread, uint64_t number)
{
	AUTO_FREE char *table = thread ? xasprintf("/proc/%" PRIu64 "/task/%" PRIu64, pid, thread)
				       : xasprintf("/proc/%" PRIu64, pid);
	AUTO_FREE char *link = xasprintf("%s/fd/%" PRIu64, table, number);
	AUTO_FREE char *info = xasprintf("%s/fdinfo/%" PRIu64, table, number);
	char *target;

	if (root_readlink(root, link, &target))
		return;
	capture_add(capture, link, NULL, 0, target);
	add_if_there(capture, root, info);
}

/* Adds the lines of a file that begin with one of the KEYS. */
static void add_lines(struct capture *capture, const struct root *root, const char *path,
		      const char *const *keys)
{
	AUTO_FREE char *text = NULL;
	char *kept, *rest = NULL;
	size_t size;
	FILE *stream;

	if (root_read(root, path, 1 << 20, &text, NULL))
		return;
	stream = xmemopen(&kept, &size);
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		for (const char *const *key = keys; *key; key++) {
			if (text_starts_with(line, *key))
				fprintf(stream, "%s\n", line);
		}
	}
	xmemclose(stream);
	capture_add(capture, path, kept, size, NULL);
}

/* Who it is. */
static void add_process(struct capture *capture, const struct root *root, uint64_t pid)
{
	static const char *const keys[] = {"Name:", "Uid:", "NSpid:", NULL};
	AUTO_FREE char *command = xasprintf("/proc/%" PRIu64 "/comm", pid);
	AUTO_FREE char *status = xasprintf("/proc/%" PRIu64 "/status", pid);
	AUTO_FREE char *group = xasprintf("/proc/%" PRIu64 "/cgroup", pid);

	add_if_there(capture, root, command);
	add_lines(capture, root, status, keys);
	add_if_there(capture, root, group);
}

/* The lines of its mappings that are of buffers, as the scan has found them. */
static void add_mappings(struct capture *capture, const struct root *root,
			 const struct process_scan *scan, size_t process)
{
	AUTO_FREE char *path =
		xasprintf("/proc/%" PRIu64 "/maps", scan->processes.items[process].pid);
	AUTO_STRINGS struct strings starts = {0};

	array_for_each (&scan->holds, hold) {
		if (hold->kind == HOLD_MAPPING && hold->process == process)
			strings_take(&starts, xasprintf("%08" PRIx64 "-", hold->number));
	}
	if (!starts.count)
		return;
	strings_add(&starts, ""); /* room for the end */
	free(starts.items[starts.count - 1]);
	starts.items[starts.count - 1] = NULL;
	starts.count--;
	add_lines(capture, root, path, (const char *const *)starts.items);
}

/* Where the tasks of a process sleep that may wait for a buffer: only root may read all of it. */
static void add_sleep(struct capture *capture, const struct root *root, uint64_t pid)
{
	static const char *const names[] = {"comm", "stat", "stack", "wchan", "syscall"};
	AUTO_FREE char *directory = xasprintf("/proc/%" PRIu64 "/task", pid);
	AUTO_STRINGS struct strings tasks = {0};

	if (root_list(root, directory, &tasks))
		return;
	array_for_each (&tasks, task) {
		for (size_t i = 0; i < COUNT_OF(names); i++) {
			AUTO_FREE char *path = xasprintf("%s/%s/%s", directory, *task, names[i]);

			add_if_there(capture, root, path);
		}
	}
}

void capture_processes(struct capture *capture, const struct root *root)
{
	struct usages usages = {0};
	AUTO_FREE bool *all = NULL;
	int error = usages_read(root, &usages);

	if (error) {
		capture_miss(capture, "/proc", error);
		return;
	}
	all = xcalloc(usages.count + 1, sizeof(*all));
	memset(all, true, usages.count);
	usages_find_candidates(root, &usages, all);
	array_for_each (&usages.scan.holds, hold) {
		if (hold->kind != HOLD_MAPPING)
			add_descriptor(capture, root,
				       usages.scan.processes.items[hold->process].pid, hold->thread,
				       hold->number);
	}
	for (size_t i = 0; i < usages.scan.processes.count; i++) {
		add_process(capture, root, usages.scan.processes.items[i].pid);
		add_sleep(capture, root, usages.scan.processes.items[i].pid);
		add_mappings(capture, root, &usages.scan, i);
	}
	array_for_each (&usages.candidates, candidate) {
		add_descriptor(capture, root, candidate->process.pid, candidate->thread,
			       candidate->descriptor.number);
		add_process(capture, root, candidate->process.pid);
	}
	capture->unread_processes = usages.scan.unread.processes;
	usages_free(&usages);
}
