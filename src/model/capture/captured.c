// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/capture/captured.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/buffer/bufinfo.h"
#include "model/heap/cma_area.h"
#include "model/heap/heap.h"
#include "model/heap/inventory.h"
#include "sys/acl.h"
#include "sys/kmsg.h"
#include "sys/root.h"
#include "sys/udev.h"

/* No file that is captured is longer. */
#define FILE_MAX ((size_t)16 << 20)

static const char *const files[] = {
	"/proc/buddyinfo",
	"/proc/cmdline",
	"/proc/devices",
	"/proc/iomem",
	"/proc/meminfo",
	"/proc/pagetypeinfo",
	"/proc/sys/kernel/osrelease",
	"/proc/version",
	"/sys/firmware/fdt",
	"/sys/kernel/debug/memblock/memory",
	"/sys/kernel/debug/memblock/reserved",
	BUFINFO_PATH,
};

void capture_add(struct capture *capture, const char *path, char *data, size_t size, char *target)
{
	*array_add(capture) = (struct captured){xstrdup(path), data, size, target};
}

void capture_miss(struct capture *capture, const char *path, int error)
{
	*array_add(&capture->missing) = (struct uncaptured){xstrdup(path), error};
}

void capture_file(struct capture *capture, const struct root *root, const char *path)
{
	char *data;
	size_t size;
	int error = root_read(root, path, FILE_MAX, &data, &size);

	if (error)
		capture_miss(capture, path, error);
	else
		capture_add(capture, path, data, size, NULL);
}

void capture_link(struct capture *capture, const struct root *root, const char *path)
{
	char *target;
	int error = root_readlink(root, path, &target);

	if (error)
		capture_miss(capture, path, error);
	else
		capture_add(capture, path, NULL, 0, target);
}

/* Lists a directory; one that is empty, or cannot be read, is noted. */
static void list(struct capture *capture, const struct root *root, const char *path,
		 struct strings *names)
{
	int error = root_list(root, path, names);

	if (error)
		capture_miss(capture, path, error);
	else if (!names->count)
		capture_add(capture, path, NULL, 0, NULL);
}

/* The files of all directories in DIRECTORY, of these names; NULL: all. */
static void add_directories(struct capture *capture, const struct root *root, const char *directory,
			    const char *const *wanted)
{
	AUTO_STRINGS struct strings names = {0};

	list(capture, root, directory, &names);
	array_for_each (&names, name) {
		AUTO_FREE char *path = xasprintf("%s/%s", directory, *name);
		AUTO_STRINGS struct strings found = {0};

		if (!wanted)
			list(capture, root, path, &found);
		for (const char *const *next = wanted; next && *next; next++)
			strings_add(&found, *next);
		array_for_each (&found, file) {
			AUTO_FREE char *whole = xasprintf("%s/%s", path, *file);

			capture_file(capture, root, whole);
		}
	}
}

/* An area has several, and files of each, from Linux 6.15 on. */
static void add_ranges(struct capture *capture, const struct root *root)
{
	static const char *const range_files[] = {"base_pfn", "bitmap", NULL};
	AUTO_STRINGS struct strings areas = {0};

	if (root_list(root, CMA_DEBUG_DIRECTORY, &areas))
		return; /* that is noted already */
	array_for_each (&areas, area) {
		AUTO_FREE char *ranges = xasprintf(CMA_DEBUG_DIRECTORY "/%s/ranges", *area);
		struct stat status;

		if (!root_lstat(root, ranges, &status))
			add_directories(capture, root, ranges, range_files);
	}
}

/* All below a directory of the device tree. */
static void add_tree(struct capture *capture, const struct root *root, const char *directory)
{
	AUTO_STRINGS struct strings names = {0};

	list(capture, root, directory, &names);
	array_for_each (&names, name) {
		AUTO_FREE char *path = xasprintf("%s/%s", directory, *name);
		struct stat status;
		int error = root_lstat(root, path, &status);

		if (error)
			capture_miss(capture, path, error);
		else if (S_ISDIR(status.st_mode))
			add_tree(capture, root, path);
		else if (S_ISREG(status.st_mode))
			capture_file(capture, root, path);
		else if (S_ISLNK(status.st_mode))
			capture_link(capture, root, path);
	}
}

/* The links that udev made to a node outside of its directory, and what it has noted of it. */
static void add_udev(struct capture *capture, const struct root *root, const struct heap *heap)
{
	AUTO_STRINGS struct strings properties = {0};
	AUTO_STRINGS struct strings links = {0};
	AUTO_FREE char *database =
		xasprintf("/run/udev/data/c%u:%u", major(heap->device), minor(heap->device));
	struct stat status;

	if (!root_lstat(root, database, &status)) /* else udev has noted nothing */
		capture_file(capture, root, database);
	if (!root_is_live(root) || udev_read(heap->device, &properties, &links))
		return;
	array_for_each (&links, link) {
		if (!path_below(HEAP_DIRECTORY, *link))
			capture_link(capture, root, *link);
	}
}

/* "user:1000:rw-": an entry without a number is of the owner, the group, the mask or others. */
static char *entry_text(const struct acl_entry *entry)
{
	const char *kind = entry->tag == ACL_USER || entry->tag == ACL_OWNER           ? "user"
			   : entry->tag == ACL_GROUP || entry->tag == ACL_OWNING_GROUP ? "group"
			   : entry->tag == ACL_MASK                                    ? "mask"
										       : "other";
	AUTO_FREE char *number = entry->tag == ACL_USER || entry->tag == ACL_GROUP
					 ? xasprintf("%" PRIu32, entry->id)
					 : xstrdup("");

	return xasprintf("%s:%s:%c%c%c", kind, number, entry->permissions & R_OK ? 'r' : '-',
			 entry->permissions & W_OK ? 'w' : '-',
			 entry->permissions & X_OK ? 'x' : '-');
}

static void add_acl(struct capture *capture, const char *path)
{
	struct acl acl = {0};
	struct captured_acl *captured;

	if (!acl_read(path, &acl) && acl.count) {
		captured = array_add(&capture->acls);
		captured->path = xstrdup(path);
		array_for_each (&acl, entry)
			strings_take(&captured->entries, entry_text(entry));
	}
	array_free(&acl);
}

static void add_heap(struct capture *capture, const struct root *root, const struct heap *heap)
{
	static const char *const attributes[] = {"dev", "uevent"};
	char *line = xasprintf("char %o %s %s %u:%u\n", heap->mode, heap->owner, heap->group,
			       major(heap->device), minor(heap->device));

	capture_add(capture, heap->node, line, strlen(line), NULL);
	if (root_is_live(root))
		add_acl(capture, heap->node);
	for (size_t i = 0; i < COUNT_OF(attributes); i++) {
		AUTO_FREE char *path = xasprintf("%s/%s/%s", HEAP_CLASS, heap->name, attributes[i]);

		capture_file(capture, root, path);
	}
	add_udev(capture, root, heap);
}

/* Heaps that have no node are in their class alone. */
static void add_registered(struct capture *capture, const struct root *root,
			   const struct heaps *heaps)
{
	AUTO_STRINGS struct strings names = {0};

	list(capture, root, HEAP_CLASS, &names);
	array_for_each (&names, name) {
		AUTO_FREE char *path = xasprintf("%s/%s/uevent", HEAP_CLASS, *name);
		bool known = false;

		array_for_each (heaps, heap)
			known |= !strcmp(heap->name, *name);
		if (!known)
			capture_file(capture, root, path);
	}
}

static void add_heaps(struct capture *capture, const struct root *root)
{
	AUTO_STRINGS struct strings names = {0};
	struct heaps heaps = {0};
	int error = heaps_read(root, WANT_OWNERS, &heaps);

	if (error)
		capture_miss(capture, HEAP_DIRECTORY, error);
	else
		list(capture, root, HEAP_DIRECTORY, &names);
	array_for_each (&heaps, heap)
		add_heap(capture, root, heap);
	array_for_each (&names, name) {
		AUTO_FREE char *path = xasprintf("%s/%s", HEAP_DIRECTORY, *name);
		struct stat status;

		if (!root_lstat(root, path, &status) && S_ISLNK(status.st_mode))
			capture_link(capture, root, path);
	}
	add_registered(capture, root, &heaps);
	heaps_free(&heaps);
}

/* The kernel's configuration, where config_read() looks for it. */
static void add_config(struct capture *capture, const struct root *root)
{
	static const char given[] = "/proc/config.gz";
	AUTO_FREE char *release = NULL;
	AUTO_FREE char *boot = NULL;
	struct stat status;

	if (!root_lstat(root, given, &status) ||
	    root_read_line(root, "/proc/sys/kernel/osrelease", &release)) {
		capture_file(capture, root, given);
		return;
	}
	boot = xasprintf("/boot/config-%s", release);
	if (root_lstat(root, boot, &status)) {
		free(boot);
		boot = xasprintf("/lib/modules/%s/config", release);
	}
	capture_file(capture, root, boot);
}

static void add_record(void *stream, const char *record, size_t size)
{
	fwrite(record, 1, size, stream);
}

/* Only what the kernel itself says: programs write there as well. */
static void add_log(struct capture *capture, const struct root *root)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);
	int error = kmsg_records(root, add_record, stream);

	xmemclose(stream);
	if (!error) {
		capture_add(capture, KMSG_PATH, text, size, NULL);
		return;
	}
	free(text);
	capture_miss(capture, KMSG_PATH, error);
}

/* The size of pages is in the part about any mapping: no more of it is needed. */
static void add_page_size(struct capture *capture, const struct root *root)
{
	uint64_t bytes = root_page_size(root);
	char *text = bytes ? xasprintf("Size: %16" PRIu64 " kB\nKernelPageSize: %6" PRIu64 " kB\n",
				       bytes / 1024, bytes / 1024)
			   : NULL;

	if (text)
		capture_add(capture, "/proc/self/smaps", text, strlen(text), NULL);
	else
		capture_miss(capture, "/proc/self/smaps", -ENOENT);
}

/* Which device is behind a node of DRM: what a file of a process may have given buffers to. */
static void add_cards(struct capture *capture, const struct root *root)
{
	AUTO_STRINGS struct strings names = {0};

	if (root_list(root, "/sys/class/drm", &names))
		return;
	array_for_each (&names, name) {
		AUTO_FREE char *path = xasprintf("/sys/class/drm/%s/device", *name);
		struct stat status;

		/* a connector, "card0-Virtual-1", has one as well, and is no node */
		if (!strchr(*name, '-') && !root_lstat(root, path, &status))
			capture_link(capture, root, path);
	}
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct captured *)a)->path, ((const struct captured *)b)->path);
}

static void free_captured(struct captured *captured)
{
	free(captured->path);
	free(captured->data);
	free(captured->target);
}

static void sort(struct capture *capture)
{
	size_t kept = 0;

	qsort(capture->items, capture->count, sizeof(*capture->items), by_path);
	array_for_each (capture, captured) {
		if (kept && !strcmp(capture->items[kept - 1].path, captured->path))
			free_captured(captured);
		else
			capture->items[kept++] = *captured;
	}
	capture->count = kept;
}

void capture_read(const struct root *root, struct capture *capture)
{
	static const char tree[] = "/sys/firmware/devicetree/base";
	static const char *const area_files[] = {
		"base_pfn", "bitmap", "count", "maxchunk", "order_per_bit", "used", NULL,
	};
	struct stat status;

	*capture = (struct capture){0};
	for (size_t i = 0; i < COUNT_OF(files); i++)
		capture_file(capture, root, files[i]);
	add_heaps(capture, root);
	add_config(capture, root);
	add_log(capture, root);
	add_page_size(capture, root);
	add_directories(capture, root, CMA_DIRECTORY, NULL);
	add_directories(capture, root, CMA_DEBUG_DIRECTORY, area_files);
	add_ranges(capture, root);
	if (root_lstat(root, "/proc/device-tree", &status)) {
		capture_miss(capture, "/proc/device-tree", -ENOENT);
	} else {
		add_tree(capture, root, tree);
		capture_add(capture, "/proc/device-tree", NULL, 0, xstrdup(tree));
	}
	add_cards(capture, root);
	capture_processes(capture, root);
	sort(capture);
}

void capture_free(struct capture *capture)
{
	array_for_each (capture, captured)
		free_captured(captured);
	array_for_each (&capture->missing, missing)
		free(missing->path);
	array_for_each (&capture->acls, acl) {
		free(acl->path);
		strings_free(&acl->entries);
	}
	array_free(capture);
	array_free(&capture->missing);
	array_free(&capture->acls);
}
