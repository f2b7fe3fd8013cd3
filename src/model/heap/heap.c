// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/heap.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/boot/known_names.h"
#include "sys/dmabuf.h"
#include "sys/root.h"
#include "sys/udev.h"

char *heap_user_name(uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	return user ? xstrdup(user->pw_name) : xasprintf("%u", uid);
}

char *heap_group_name(gid_t gid)
{
	const struct group *group = getgrgid(gid);

	return group ? xstrdup(group->gr_name) : xasprintf("%u", gid);
}

/* Cuts a line into at most COUNT words, in place; returns how many there are in all. */
static size_t split(char *line, char **words, size_t count)
{
	size_t found = 0;
	char *rest = NULL;

	for (char *word = strtok_r(line, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest)) {
		if (found < count)
			words[found] = word;
		found++;
	}
	return found;
}

/* A 32-bit number, as device numbers and modes are. */
static int small_number(const char *text, int base, unsigned int *number)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, base);
	if (errno || end == text || *end || value > UINT32_MAX)
		return -EINVAL;
	*number = (unsigned int)value;
	return 0;
}

/* "char 660 root video 250:0", as a capture has it for a node, which no archive or git should hold
 */
static int read_captured(const struct root *root, struct heap *heap)
{
	AUTO_FREE char *line = NULL;
	unsigned int mode, major, minor;
	char *words[5], *colon;
	int error = root_read_line(root, heap->node, &line);

	if (error)
		return error;
	if (split(line, words, COUNT_OF(words)) != COUNT_OF(words) || strcmp(words[0], "char") != 0)
		return -ENODEV;
	colon = strchr(words[4], ':');
	if (!colon)
		return -ENODEV;
	*colon = '\0';
	if (small_number(words[1], 8, &mode) || small_number(words[4], 10, &major) ||
	    small_number(colon + 1, 10, &minor))
		return -ENODEV;
	heap->mode = mode & 07777;
	heap->owner = xstrdup(words[2]);
	heap->group = xstrdup(words[3]);
	heap->device = makedev(major, minor);
	return 0;
}

/* The major number of heaps, which is given out at boot: a device with another is not a heap. */
static void read_major(const struct root *root, struct maybe *major)
{
	AUTO_FREE char *text = NULL;
	char *rest = NULL;
	unsigned int number;

	if (root_read(root, "/proc/devices", 1 << 16, &text, NULL))
		return;
	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *words[2];

		if (split(line, words, COUNT_OF(words)) == 2 && !strcmp(words[1], "dma_heap") &&
		    !small_number(words[0], 10, &number))
			*major = (struct maybe){true, number};
	}
}

/* Opening a heap has no effect but to show whether it can be done: mode, capabilities, LSM, cgroup.
 */
static void try_access(struct heap *heap)
{
	int fd = heap_open(heap->node);

	if (fd >= 0)
		close(fd);
	else
		heap->access_error = fd;
	heap->access = fd >= 0 ? YES : NO;
}

static int read_node(const struct root *root, unsigned int wanted, struct heap *heap,
		     const struct stat *status)
{
	if (S_ISREG(status->st_mode) && !root_is_live(root))
		return read_captured(root, heap);
	if (!S_ISCHR(status->st_mode))
		return -ENODEV;
	heap->device = status->st_rdev;
	heap->mode = status->st_mode & 07777;
	if (wanted & WANT_OWNERS) {
		heap->owner = heap_user_name(status->st_uid);
		heap->group = heap_group_name(status->st_gid);
	}
	return 0;
}

static void free_heap(struct heap *heap)
{
	free(heap->name);
	free(heap->node);
	free(heap->owner);
	free(heap->group);
	strings_free(&heap->symlinks);
}

/* Adds the devices and what is strange; symbolic links go to LINKS. */
static void read_entry(const struct root *root, unsigned int wanted, const char *name,
		       struct heaps *heaps, struct strings *links)
{
	struct heap heap = {.name = xstrdup(name),
			    .node = xasprintf("%s/%s", HEAP_DIRECTORY, name)};
	struct stat status;
	int error = root_lstat(root, heap.node, &status);

	if (!error && S_ISLNK(status.st_mode)) {
		strings_take(links, TAKE_POINTER(heap.node));
	} else if (!error && !read_node(root, wanted, &heap, &status)) {
		heap.filesystem = status.st_dev;
		heap.inode = status.st_ino;
		*array_add(heaps) = heap;
		return;
	} else if (error != -ENOENT) { /* else it vanished meanwhile */
		strings_add(&heaps->strange, name);
	}
	free_heap(&heap);
}

/* Leaves those that have the major number of heaps. */
static void leave_heaps_only(const struct root *root, unsigned int wanted, struct heaps *heaps)
{
	struct maybe heaps_major = {0};
	bool several = false;
	size_t count = 0;

	array_for_each (heaps, heap)
		several |= major(heap->device) != major(heaps->items[0].device);
	if (!wanted && !several)
		return;
	read_major(root, &heaps_major);
	array_for_each (heaps, heap) {
		if (heaps_major.known && major(heap->device) != heaps_major.value) {
			strings_take(&heaps->strange, TAKE_POINTER(heap->name));
			free_heap(heap);
		} else {
			heaps->items[count++] = *heap;
		}
	}
	heaps->count = count;
}

static struct heap *find_device(const struct heaps *heaps, dev_t device)
{
	array_for_each (heaps, heap) {
		if (heap->device == device)
			return heap;
	}
	return NULL;
}

/* Where a link ends, as a heap; NULL: nowhere, or at something else. */
static struct heap *follow(const struct root *root, const char *link, const struct heaps *heaps)
{
	AUTO_CLOSE int fd = root_open_file(root, link, O_PATH);
	struct stat status;

	if (fd < 0 || fstat(fd, &status))
		return NULL;
	if (S_ISCHR(status.st_mode))
		return find_device(heaps, status.st_rdev);
	array_for_each (heaps, heap) {
		if (heap->inode == status.st_ino && heap->filesystem == status.st_dev)
			return heap;
	}
	return NULL;
}

/* Adds the links that udev made elsewhere in /dev. */
static void add_links(struct heap *heap)
{
	AUTO_STRINGS struct strings properties = {0};
	AUTO_STRINGS struct strings links = {0};

	if (udev_read(heap->device, &properties, &links))
		return;
	array_for_each (&links, link) {
		if (!strings_have(&heap->symlinks, *link))
			strings_add(&heap->symlinks, *link);
	}
}

int heaps_read(const struct root *root, unsigned int wanted, struct heaps *heaps)
{
	AUTO_STRINGS struct strings names = {0};
	AUTO_STRINGS struct strings links = {0};
	struct heaps found = {.root = root};
	int error = root_list(root, HEAP_DIRECTORY, &names);

	if (!error && names.count > HEAP_ENTRIES_MAX)
		error = -E2BIG;
	if (error)
		return error;
	array_for_each (&names, name)
		read_entry(root, wanted, *name, &found, &links);
	leave_heaps_only(root, wanted, &found);
	array_for_each (&links, link) {
		struct heap *heap = follow(root, *link, &found);

		if (heap)
			strings_add(&heap->symlinks, *link);
		else
			strings_add(&found.strange, *link + strlen(HEAP_DIRECTORY "/"));
	}
	array_for_each (&found, heap) {
		if (wanted & WANT_ACCESS && root_is_live(root))
			try_access(heap);
		if (wanted & WANT_LINKS && root_is_live(root))
			add_links(heap);
	}
	*heaps = found;
	return 0;
}

void heaps_free(struct heaps *heaps)
{
	array_for_each (heaps, heap)
		free_heap(heap);
	array_free(heaps);
	strings_free(&heaps->strange);
}

const struct heap *heaps_find(const struct heaps *heaps, const char *name)
{
	AUTO_FREE char *path =
		name[0] == '/' ? xstrdup(name) : xasprintf("%s/%s", HEAP_DIRECTORY, name);

	array_for_each (heaps, heap) {
		if (!strcmp(heap->node, path) || strings_have(&heap->symlinks, path))
			return heap;
	}
	return heaps->count ? follow(heaps->root, path, heaps) : NULL;
}

char *heaps_nearest(const struct heaps *heaps, const char *name)
{
	AUTO_FREE const char **names = xcalloc(heaps->count, sizeof(*names));
	const char *nearest[3];
	size_t left = heaps->count, found = 0;

	for (size_t i = 0; i < left; i++)
		names[i] = heaps->items[i].name;
	while (found < COUNT_OF(nearest) && (nearest[found] = text_nearest(name, names, left))) {
		/* each is taken out, so that the next one shows */
		for (size_t i = 0; i < left; i++)
			if (names[i] == nearest[found])
				names[i] = names[--left];
		found++;
	}
	switch (found) {
	case 0:
		return NULL;
	case 1:
		return xstrdup(nearest[0]);
	case 2:
		return xasprintf("%s or %s", nearest[0], nearest[1]);
	default:
		return xasprintf("%s, %s or %s", nearest[0], nearest[1], nearest[2]);
	}
}

int heap_properties(const struct root *root, const struct heap *heap, struct strings *properties,
		    char **source)
{
	AUTO_STRINGS struct strings links = {0};
	AUTO_FREE char *path = NULL;
	AUTO_FREE char *text = NULL;
	int error;

	if (root_is_live(root)) {
		error = udev_read(heap->device, properties, &links);
		if (!error)
			*source = xstrdup("udev");
		if (error != -ENOSYS)
			return error;
	}
	path = xasprintf("/sys/class/dma_heap/%s/uevent", heap->name);
	/* the kernel has 2048 bytes for it: UEVENT_BUFFER_SIZE, include/linux/kobject.h */
	error = root_read(root, path, 4096, &text, NULL);
	if (error)
		return error;
	for (char *line = text, *end; *line; line = end + 1) {
		end = line + strcspn(line, "\n");
		strings_take(properties, xstrndup(line, (size_t)(end - line)));
		if (!*end)
			break;
	}
	*source = TAKE_POINTER(path);
	return 0;
}

char *heap_mode_text(const struct heap *heap)
{
	char *text = xstrdup("c---------");

	for (unsigned int bit = 0; bit < 9; bit++) {
		if (heap->mode & 0400U >> bit)
			text[1 + bit] = "rwx"[bit % 3];
	}
	return text;
}
