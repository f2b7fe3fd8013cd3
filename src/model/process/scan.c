// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/process/scan.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/descriptors.h"
#include "sys/fdinfo.h"
#include "sys/file.h"
#include "sys/root.h"

/* A mapping that looks like one of a buffer, until it is known what the device is. */
struct doubtful {
	size_t hold; /* index */
	uint64_t device;
	char *process;
	struct mapping mapping;
};

struct walk {
	const struct root *root;
	struct process_scan *scan;
	uint64_t device; /* of dma-bufs, 0: not known yet */
	struct {
		ARRAY_OF(struct doubtful);
	} doubtful;
};

static struct hold *add_hold(struct walk *walk, enum hold_kind kind, uint64_t inode)
{
	struct hold *hold = array_add(&walk->scan->holds);

	hold->inode = inode;
	hold->kind = kind;
	hold->process = walk->scan->processes.count; /* the one that is added after its holds */
	return hold;
}

/* Says whether the last descriptor told as much about the same buffer. */
static bool is_seen(const struct process_scan *scan, uint64_t inode)
{
	size_t count = scan->buffers.count;
	const struct seen_buffer *last = count ? &scan->buffers.items[count - 1] : NULL;

	return last && last->inode == inode && last->exporter;
}

static void add_buffer_descriptor(struct walk *walk, const char *table, uint64_t thread,
				  uint64_t descriptor)
{
	struct buffer_file file;
	struct hold *hold;

	if (buffer_file_read(walk->root, table, descriptor, &file))
		return;
	hold = add_hold(walk, file.path_only ? HOLD_PATH : HOLD_DESCRIPTOR, file.inode);
	hold->thread = thread;
	hold->number = descriptor;
	walk->device = file.device ? file.device : walk->device;
	if (!is_seen(walk->scan, file.inode)) {
		struct seen_buffer *seen = array_add(&walk->scan->buffers);

		seen->inode = file.inode;
		seen->size = file.size;
		seen->references = file.references;
		seen->exporter = TAKE_POINTER(file.exporter);
		seen->name = TAKE_POINTER(file.name);
	}
	buffer_file_free(&file);
}

static int add_table(struct walk *walk, const char *table, uint64_t pid, uint64_t thread)
{
	struct descriptors descriptors = {0};
	int error = descriptors_read(walk->root, table, &descriptors);

	array_for_each (&descriptors, found) {
		if (found->kind == DESCRIPTOR_BUFFER)
			add_buffer_descriptor(walk, table, thread, found->number);
		else
			*array_add(&walk->scan->carriers) = (struct carrier){pid, thread, *found};
	}
	array_free(&descriptors);
	return error;
}

/* Says whether there are threads: each is a link of the directory (proc_task_getattr()). */
static bool has_threads(const struct root *root, const char *path)
{
	enum {
		LINKS = 3 /* of a process with one */
	};
	struct stat status;

	return !root_is_live(root) || (!root_lstat(root, path, &status) && status.st_nlink > LINKS);
}

/* Threads that have a table of their own: unshare(CLONE_FILES). Captured, no other has one. */
static void add_threads(struct walk *walk, const char *process, uint64_t pid)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/task", process);
	AUTO_STRINGS struct strings threads = {0};

	if (!has_threads(walk->root, path) || root_list(walk->root, path, &threads))
		return;
	array_for_each (&threads, thread) {
		AUTO_FREE char *table = xasprintf("%s/task/%s", process, *thread);
		uint64_t tid;
		int order = 0, error;

		if (parse_number(*thread, &tid) || tid == pid)
			continue;
		error = root_is_live(walk->root) ? tasks_compare(pid, tid, TASK_DESCRIPTORS, &order)
						 : 0;
		order |= !root_is_live(walk->root);
		if (error && error != -ESRCH)
			walk->scan->unread.sharing_error = error;
		else if (order)
			(void)add_table(walk, table, pid, tid);
	}
}

static int add_mappings(struct walk *walk, const char *process)
{
	struct mappings mappings = {0};
	int error = mappings_read(walk->root, process, &mappings);

	array_for_each (&mappings, mapping) {
		struct hold *hold = add_hold(walk, HOLD_MAPPING, mapping->inode);

		hold->number = mapping->start;
		hold->size = mapping->end - mapping->start;
		hold->offset = mapping->offset;
		if (root_is_live(walk->root))
			*array_add(&walk->doubtful) =
				(struct doubtful){.hold = walk->scan->holds.count - 1,
						  .device = mapping->device,
						  .process = xstrdup(process),
						  .mapping = *mapping};
	}
	array_free(&mappings);
	return error;
}

/* The last part of the path of the control group: a unit of systemd, or a container's number. */
static char *unit_of(const struct root *root, const char *process)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/cgroup", process);
	AUTO_FREE char *text = NULL;
	const char *group, *slash;

	if (root_read(root, path, 1 << 16, &text, NULL))
		return NULL;
	group = text_starts_with(text, "0::") ? text : strstr(text, "\n0::");
	if (!group)
		group = strstr(text, ":name=systemd:");
	if (!group)
		return NULL;
	group = strchr(group, '/');
	if (!group)
		return NULL;
	text[(size_t)(group - text) + strcspn(group, "\n")] = '\0';
	slash = strrchr(group, '/');
	return slash[1] ? xstrdup(slash + 1) : NULL;
}

/*
 * What follows KEY, which begins with a line end, in /proc/PID/status; NULL: nothing. In the name,
 * which comes first, the kernel escapes line ends: proc_task_name().
 */
static const char *status_value(const char *text, const char *key)
{
	const char *line = strstr(text, key);

	return line ? line + strlen(key) : NULL;
}

/* "NSpid:\t473\t3": in each namespace from the caller's to its own */
static uint64_t inner_pid(const char *text)
{
	const char *numbers = status_value(text, "\nNSpid:\t"), *last = numbers;

	for (; numbers && *numbers && *numbers != '\n'; numbers++)
		last = *numbers == '\t' ? numbers + 1 : last;
	return last ? strtoull(last, NULL, 10) : 0;
}

static void describe_ids(const struct root *root, const char *name, struct process *process)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/status", name);
	AUTO_FREE char *text = NULL;
	const char *user;

	if (root_read(root, path, 1 << 16, &text, NULL))
		return;
	user = status_value(text, "\nUid:\t");
	if (user)
		process->user = (struct maybe){true, strtoull(user, NULL, 10)};
	process->inner = inner_pid(text);
}

/* It may hold line ends; the last is the file's. */
static char *command_of(const struct root *root, const char *process)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/comm", process);
	char *text;
	size_t length;

	if (root_read(root, path, 1 << 16, &text, &length))
		return NULL;
	if (length && text[length - 1] == '\n')
		text[length - 1] = '\0';
	return text;
}

void process_describe(const struct root *root, uint64_t pid, struct process *process)
{
	AUTO_FREE char *name = xasprintf("%" PRIu64, pid);

	process->pid = pid;
	process->command = command_of(root, name);
	process->unit = unit_of(root, name);
	describe_ids(root, name, process);
}

static bool is_refused(int error)
{
	return error == -EACCES || error == -EPERM;
}

/*
 * Field NUMBER (from 3 on) of /proc/PID/stat, 0 where it cannot be read: proc(5). The name before
 * them may hold anything.
 */
static uint64_t stat_field(const struct root *root, const char *process, int number)
{
	AUTO_FREE char *path = xasprintf("/proc/%s/stat", process);
	AUTO_FREE char *text = NULL;
	const char *field;

	if (root_read(root, path, 1 << 16, &text, NULL))
		return 0;
	field = strrchr(text, ')');
	for (int i = 2; field && i < number; i++)
		field = strchr(field + 1, ' ');
	return field ? strtoull(field, NULL, 10) : 0;
}

static int by_id(const void *pid, const void *process)
{
	return order_of(*(const uint64_t *)pid, ((const struct process *)process)->pid);
}

const struct process *process_find(const struct process_scan *scan, uint64_t pid)
{
	if (!scan->processes.count)
		return NULL;
	return bsearch(&pid, scan->processes.items, scan->processes.count,
		       sizeof(*scan->processes.items), by_id);
}

/* Says whether it is a thread of the kernel, which has no descriptors. */
static bool is_kernel_thread(const struct root *root, const char *process)
{
	enum {
		FLAGS = 9,
		KERNEL_THREAD = 0x00200000, /* PF_KTHREAD, include/linux/sched.h */
	};

	return stat_field(root, process, FLAGS) & KERNEL_THREAD;
}

bool process_descends_from(const struct root *root, uint64_t pid, uint64_t ancestor)
{
	enum {
		PARENT = 4,
		MOST = 1000, /* processes change while they are read */
	};

	for (int i = 0; pid && i < MOST; i++) {
		AUTO_FREE char *name = xasprintf("%" PRIu64, pid);

		if (pid == ancestor)
			return true;
		pid = stat_field(root, name, PARENT);
	}
	return false;
}

static void add_process(struct walk *walk, uint64_t pid)
{
	AUTO_FREE char *process = xasprintf("%" PRIu64, pid);
	struct process_scan *scan = walk->scan;
	size_t holds = scan->holds.count;
	int descriptors = add_table(walk, process, pid, 0), mappings;

	if (!descriptors)
		add_threads(walk, process, pid);
	mappings = add_mappings(walk, process);
	scan->unread.processes += (is_refused(descriptors) || is_refused(mappings)) &&
				  !is_kernel_thread(walk->root, process);
	if (scan->holds.count != holds)
		process_describe(walk->root, pid, array_add(&scan->processes));
}

static enum tristate is_buffer(const struct walk *walk, const struct doubtful *doubtful)
{
	if (walk->device)
		return doubtful->device == walk->device ? YES : NO;
	return mapping_is_buffer(doubtful->process, &doubtful->mapping);
}

/* A mapped file may be called like a buffer; it is one only if its file system is that of dma-bufs.
 */
static void drop_false_mappings(struct walk *walk)
{
	array_for_each (&walk->doubtful, doubtful) {
		enum tristate answer = is_buffer(walk, doubtful);

		walk->scan->unread.mappings += answer == UNKNOWN;
		if (answer != YES)
			walk->scan->holds.items[doubtful->hold].inode = 0;
		free(doubtful->process);
	}
	array_free(&walk->doubtful);
}

static int by_buffer(const void *a, const void *b)
{
	const struct hold *first = a, *second = b;
	int order = order_of(first->inode, second->inode);

	if (!order)
		order = order_of(first->process, second->process);
	if (!order)
		order = order_of(first->kind, second->kind);
	if (!order)
		order = order_of(first->thread, second->thread);
	return order ? order : order_of(first->number, second->number);
}

static void sort_holds(struct process_scan *scan)
{
	size_t false_ones = 0;

	if (scan->holds.count)
		qsort(scan->holds.items, scan->holds.count, sizeof(*scan->holds.items), by_buffer);
	while (false_ones < scan->holds.count && !scan->holds.items[false_ones].inode)
		false_ones++;
	scan->holds.count -= false_ones;
	if (false_ones)
		memmove(scan->holds.items, scan->holds.items + false_ones,
			scan->holds.count * sizeof(*scan->holds.items));
}

static int by_inode(const void *a, const void *b)
{
	const struct seen_buffer *first = a, *second = b;
	int order = order_of(first->inode, second->inode);

	/* of several the one that says most: O_PATH shows no exporter */
	return order ? order : !first->exporter - !second->exporter;
}

static void free_seen(struct seen_buffer *seen)
{
	free(seen->exporter);
	free(seen->name);
}

/* Leaves one entry for each buffer. */
static void join_buffers(struct process_scan *scan)
{
	size_t kept = 0;

	array_for_each (&scan->holds, hold) {
		if (hold->kind == HOLD_MAPPING)
			array_add(&scan->buffers)->inode = hold->inode;
	}
	if (scan->buffers.count)
		qsort(scan->buffers.items, scan->buffers.count, sizeof(*scan->buffers.items),
		      by_inode);
	array_for_each (&scan->buffers, seen) {
		if (kept && scan->buffers.items[kept - 1].inode == seen->inode)
			free_seen(seen);
		else
			scan->buffers.items[kept++] = *seen;
	}
	scan->buffers.count = kept;
}

int processes_list(const struct root *root, struct process_ids *ids)
{
	AUTO_STRINGS struct strings names = {0};
	int error = root_list(root, "/proc", &names);

	if (error)
		return error;
	*ids = (struct process_ids){0};
	array_for_each (&names, name) {
		uint64_t pid;

		if (**name >= '1' && **name <= '9' && !parse_number(*name, &pid))
			*array_add(ids) = pid;
	}
	if (ids->count)
		qsort(ids->items, ids->count, sizeof(*ids->items), compare_numbers);
	return 0;
}

int process_scan(const struct root *root, struct process_scan *scan)
{
	struct walk walk = {.root = root, .scan = scan};
	struct process_ids ids;
	int error = processes_list(root, &ids);

	if (error)
		return error;
	if (root_is_live(root) && !file_is_mounted("/proc", PROC_SUPER_MAGIC))
		return -ENODEV; /* its directory is there, and empty */
	*scan = (struct process_scan){0};
	array_for_each (&ids, pid)
		add_process(&walk, *pid);
	array_free(&ids);
	drop_false_mappings(&walk);
	sort_holds(scan);
	join_buffers(scan);
	return 0;
}

void process_free(struct process *process)
{
	free(process->command);
	free(process->unit);
}

void process_scan_free(struct process_scan *scan)
{
	array_for_each (&scan->processes, process)
		process_free(process);
	array_for_each (&scan->buffers, seen)
		free_seen(seen);
	array_free(&scan->processes);
	array_free(&scan->holds);
	array_free(&scan->carriers);
	array_free(&scan->buffers);
}
