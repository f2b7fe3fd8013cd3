// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The only process of a boot of `truth`: prints what the kernel made of the device tree, in parts
 * that begin with "== NAME", and switches the machine off.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-heap.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#define AREAS_MAX 64

static struct area {
	unsigned long long pages;
	char name[256];
	char counter[512]; /* the file that says how much of it is used, or free */
	char before[32];
} areas[AREAS_MAX];
static unsigned int area_count;

static void copy_file(const char *part, const char *path)
{
	char buffer[4096];
	size_t length;
	FILE *file = fopen(path, "re");

	if (!file)
		return; /* the part is missing, and not empty */
	printf("== %s\n", part);
	while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
		fwrite(buffer, 1, length, stdout);
	fclose(file);
}

static void read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");

	if (!file || !fgets(line, (int)size, file))
		strcpy(line, "-");
	line[strcspn(line, "\n")] = 0;
	if (file)
		fclose(file);
}

/* Entries of a directory but those that begin with a dot; false: no such directory. */
static bool list(const char *path, void (*each)(const char *path, const char *name))
{
	DIR *dir = opendir(path);
	struct dirent *entry;

	if (!dir)
		return false;
	while ((entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			each(path, entry->d_name);
	closedir(dir);
	return true;
}

static void print_name(const char *path, const char *name)
{
	(void)path;
	printf("%s\n", name);
}

/* NAME BASE_PFN PAGES */
static void print_debug_area(const char *path, const char *name)
{
	char file[512], base[32], count[32];

	snprintf(file, sizeof(file), "%s/%s/base_pfn", path, name);
	read_line(file, base, sizeof(base));
	snprintf(file, sizeof(file), "%s/%s/count", path, name);
	read_line(file, count, sizeof(count));
	printf("%s %s %s\n", name, base, count);
}

static void add_counter(const char *path, const char *name, const char *file, const char *pages)
{
	struct area *area = &areas[area_count];
	char line[32];

	if (area_count == AREAS_MAX)
		return;
	snprintf(area->counter, sizeof(area->counter), "%s/%s/%s", path, name, pages);
	read_line(area->counter, line, sizeof(line));
	area->pages = strtoull(line, NULL, 10);
	snprintf(area->name, sizeof(area->name), "%s", name);
	snprintf(area->counter, sizeof(area->counter), "%s/%s/%s", path, name, file);
	area_count++;
}

static void add_debug_counter(const char *path, const char *name)
{
	add_counter(path, name, "used", "count");
}

static void add_sysfs_counter(const char *path, const char *name)
{
	add_counter(path, name, "available_pages", "total_pages");
}

static int allocate(int heap, unsigned long long pages)
{
	struct dma_heap_allocation_data data = {.len = pages *
						       (unsigned long long)sysconf(_SC_PAGESIZE),
						.fd_flags = O_RDWR | O_CLOEXEC};

	return ioctl(heap, DMA_HEAP_IOCTL_ALLOC, &data) ? -1 : (int)data.fd;
}

/*
 * NAME ERRNO AREA…: allocates a page and says of which areas the counter moved; then all of the
 * area, for a page of it may be missing. That this fails is no fault, because some pages can be in
 * use.
 */
static void print_heap(const char *path, const char *name)
{
	unsigned long long pages = 0;
	char file[512], line[32];
	int heap, buffer, error = 0;

	for (unsigned int i = 0; i < area_count; i++)
		read_line(areas[i].counter, areas[i].before, sizeof(areas[i].before));
	snprintf(file, sizeof(file), "%s/%s", path, name);
	heap = open(file, O_RDWR | O_CLOEXEC);
	buffer = heap < 0 ? -1 : allocate(heap, 1);
	if (buffer < 0)
		error = errno;
	printf("%s %d", name, error);
	for (unsigned int i = 0; i < area_count; i++) {
		read_line(areas[i].counter, line, sizeof(line));
		if (!strcmp(line, areas[i].before))
			continue;
		printf(" %s", areas[i].name);
		pages = areas[i].pages;
	}
	printf("\n");
	fflush(stdout);
	if (buffer >= 0)
		close(buffer);
	buffer = pages ? allocate(heap, pages) : -1;
	if (buffer >= 0)
		close(buffer);
	if (heap >= 0)
		close(heap);
}

/* SIZE CRC-32 of the tree that the kernel was given. */
static void print_tree(void)
{
	FILE *file = fopen("/sys/firmware/fdt", "re");
	uint32_t crc = UINT32_MAX;
	size_t size = 0;
	int byte;

	if (!file)
		return;
	for (; (byte = getc(file)) != EOF; size++) {
		crc ^= (uint32_t)byte;
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	fclose(file);
	printf("== tree\n%zu %08x\n", size, ~crc);
}

static void mount_at(const char *type, const char *where)
{
	mkdir(where, 0755);
	mount(type, where, type, 0, NULL);
}

int main(void)
{
	struct utsname name;
	int console;

	mount_at("proc", "/proc");
	mount_at("sysfs", "/sys");
	mount_at("devtmpfs", "/dev");
	mount_at("debugfs", "/sys/kernel/debug");
	console = open("/dev/console", O_RDWR);
	dup2(console, 1);
	klogctl(6 /* CONSOLE_OFF */, NULL, 0); /* not between our lines */

	uname(&name);
	printf("\n== release\n%s\n", name.release);
	printf("== pages\n%ld\n", sysconf(_SC_PAGESIZE));
	print_tree();
	copy_file("iomem", "/proc/iomem");
	copy_file("memory", "/sys/kernel/debug/memblock/memory");
	copy_file("reserved", "/sys/kernel/debug/memblock/reserved");
	if (!access("/sys/kernel/mm/cma", F_OK)) {
		printf("== areas\n");
		list("/sys/kernel/mm/cma", print_name);
	}
	if (!access("/sys/kernel/debug/cma", F_OK)) {
		printf("== debug\n");
		list("/sys/kernel/debug/cma", print_debug_area);
		list("/sys/kernel/debug/cma", add_debug_counter);
	} else {
		list("/sys/kernel/mm/cma", add_sysfs_counter);
	}
	printf("== heaps\n");
	list("/dev/dma_heap", print_heap);
	printf("== end\n");
	fflush(stdout);
	tcdrain(STDOUT_FILENO); /* what a serial port has not sent yet is lost */
	reboot(RB_POWER_OFF);
	return 1;
}
