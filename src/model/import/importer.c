// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import/importer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/device.h"
#include "sys/drm.h"
#include "sys/root.h"

/* drivers/gpu/drm/drm_internal.h */
#define DRM_MAJOR 226

/* The devices that a user asks for. */
struct numbers {
	ARRAY_OF(dev_t);
};

static void free_one(struct importer *importer)
{
	free(importer->path);
	strings_free(&importer->nodes);
	free(importer->driver);
	free(importer->device);
	strings_free(&importer->above);
	free(importer->of_node);
	free(importer->coherent_why);
	strings_free(&importer->regions);
}

bool importer_is_output(const struct importer *importer)
{
	return importer->kind == IMPORTER_VIDEO &&
	       (importer->queue == VIDEO_OUTPUT || importer->queue == VIDEO_OUTPUT_PLANES);
}

char *importer_label(const struct importer *importer)
{
	if (!importer->memory_to_memory)
		return xstrdup(importer->path);
	return xasprintf("%s %s", importer->path,
			 importer_is_output(importer) ? "output" : "capture");
}

/* What no node of a tree says: dma_default_coherent of the architecture (kernel/dma/mapping.c). */
static void coherent_by_default(struct importer *importer)
{
#if defined(__aarch64__) || defined(__arm__)
	importer->coherent = NO;
	importer->coherent_why = xstrdup("not said of it, and not so by default");
#elif defined(__x86_64__) || defined(__i386__) || defined(__s390__) || defined(__riscv)
	importer->coherent = YES;
	importer->coherent_why = xstrdup("so by default on this architecture");
#endif
}

/*
 * As of_dma_is_coherent() of drivers/of/address.c, which looks at the nodes above as well, but that
 * it goes from a node by "interconnects" where these lead to the memory.
 */
static void find_coherent(struct importer *importer)
{
	static const char *const words[] = {"dma-coherent", "dma-noncoherent"};
	AUTO_FREE char *node = importer->of_node ? xstrdup(importer->of_node) : NULL;

	while (node) {
		char *slash;

		for (size_t i = 0; i < COUNT_OF(words); i++) {
			AUTO_FREE char *path = xasprintf("/proc/device-tree%s/%s", node, words[i]);
			struct stat status;

			if (root_lstat(root_live(), path, &status))
				continue;
			importer->coherent = i ? NO : YES;
			importer->coherent_why =
				xasprintf("%s in %s", words[i], *node ? node : "/");
			return;
		}
		slash = strrchr(node, '/');
		if (!slash)
			break;
		*slash = '\0';
	}
	coherent_by_default(importer);
}

static void find_regions(const struct inventory *inventory, struct importer *importer)
{
	array_for_each (&inventory->regions, region) {
		array_for_each (&region->consumers, consumer) {
			if (importer->of_node && !strcmp(consumer->path, importer->of_node) &&
			    !strings_have(&importer->regions, region->name))
				strings_add(&importer->regions, region->name);
		}
	}
}

/* Looks at the device and those above it: the one that reads the memory may be its bus. */
static void describe(const struct inventory *inventory, const char *directory,
		     struct importer *importer)
{
	AUTO_FREE char *at = xstrdup(directory);
	bool acpi = false;

	importer->device = xstrdup(path_name(directory));
	if (!importer->driver)
		importer->driver = device_driver(directory);
	while (path_below("/sys/devices", at) && *path_below("/sys/devices", at)) {
		AUTO_FREE char *mask = xasprintf("%s/dma_mask_bits", at);
		AUTO_FREE char *firmware = xasprintf("%s/firmware_node", at);
		struct stat status;

		if (!importer->of_node)
			importer->of_node = device_of_node(at);
		if (!importer->mask.known)
			importer->mask.known =
				!root_read_number(root_live(), mask, &importer->mask.value);
		acpi |= !root_lstat(root_live(), firmware, &status);
		*strrchr(at, '/') = '\0';
		strings_add(&importer->above, path_name(at));
	}
	find_regions(inventory, importer);
	/* what ACPI says of it (_CCA) is not shown */
	if (importer->of_node || !acpi)
		find_coherent(importer);
}

/* What a call returned that the limit may have interrupted. */
static int ended(int error)
{
	return time_limit_end() && error == -EINTR ? -ETIMEDOUT : error;
}

/* Asks a node of DRM for its driver. */
static void ask_drm(struct importer *importer)
{
	int fd;

	time_limit_begin(IMPORTER_LIMIT);
	fd = ended(drm_open_node(importer->path, &importer->driver));
	if (fd < 0) {
		importer->error = fd;
		importer->stage = STAGE_OPEN;
	} else {
		close(fd);
	}
}

/* Whether what the user asks for may be a node of DRM. */
static bool may_be_drm(const struct numbers *wanted)
{
	array_for_each (wanted, number) {
		if (major(*number) == DRM_MAJOR)
			return true;
	}
	return !wanted->count;
}

static bool is_wanted(const struct numbers *wanted, bool *seen, const char *path)
{
	dev_t number;
	bool found = false;

	if (device_number(path, &number))
		return false;
	for (size_t i = 0; i < wanted->count; i++) {
		if (wanted->items[i] == number)
			seen[i] = found = true;
	}
	return found || !wanted->count;
}

/* The importer with a node of the same device. */
static struct importer *same_device(struct importers *importers, const char *path)
{
	AUTO_FREE char *own = NULL;
	dev_t number;

	if (device_number(path, &number) || device_directory(number, &own))
		return NULL;
	array_for_each (importers, importer) {
		AUTO_FREE char *directory = NULL;

		if (!device_number(importer->path, &number) &&
		    !device_directory(number, &directory) && !strcmp(directory, own))
			return importer;
	}
	return NULL;
}

static int find_drm(struct importers *importers, const struct numbers *wanted, bool *seen)
{
	static const char *const prefixes[] = {"renderD", "card"};
	AUTO_STRINGS struct strings names = {0};
	AUTO_FREE bool *asked = NULL;
	int error = root_list(root_live(), "/dev/dri", &names);

	if (error)
		return error == -ENOENT || !may_be_drm(wanted) ? 0 : error;
	for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
		array_for_each (&names, name) {
			AUTO_FREE char *path = xasprintf("/dev/dri/%s", *name);
			struct importer *importer;
			dev_t number;

			if (!text_starts_with(*name, prefixes[i]) || device_number(path, &number))
				continue;
			importer = same_device(importers, path);
			if (!importer) {
				importer = array_add(importers);
				importer->kind = IMPORTER_DRM;
				importer->path = xstrdup(path);
			}
			strings_add(&importer->nodes, path);
		}
	}
	/* what was not asked for goes again: either of a device's nodes stands for it */
	asked = xcalloc(importers->count + 1, sizeof(*asked));
	for (size_t i = 0; i < importers->count; i++) {
		array_for_each (&importers->items[i].nodes, node)
			asked[i] |= is_wanted(wanted, seen, *node);
	}
	for (size_t i = importers->count; i-- > 0;) {
		if (asked[i])
			continue;
		free_one(&importers->items[i]);
		memmove(&importers->items[i], &importers->items[i + 1],
			(--importers->count - i) * sizeof(*importers->items));
	}
	return 0;
}

/* One queue of a video node, which is open as FD. Returns whether it takes dma-bufs, or may. */
static bool add_queue(struct importers *importers, const char *path, int fd,
		      const struct video_node *node, enum video_queue queue)
{
	int error = video_request(fd, queue, 0, NULL);
	enum import_stage stage = error ? STAGE_REQUEST : STAGE_NONE;
	struct video_format format = {0};
	struct importer *importer;

	if (error == -EINVAL || error == -ENOTTY)
		return false;
	if (!error) {
		error = video_format_get(fd, queue, &format);
		stage = error ? STAGE_FORMAT : STAGE_NONE;
	}
	importer = array_add(importers);
	*importer = (struct importer){.kind = IMPORTER_VIDEO,
				      .path = xstrdup(path),
				      .driver = xstrdup(node->driver),
				      .queue = queue,
				      .memory_to_memory = node->memory_to_memory,
				      .format = format,
				      .error = error,
				      .stage = stage};
	strings_add(&importer->nodes, path);
	return true;
}

static void add_video(struct importers *importers, const char *path)
{
	AUTO_CLOSE int fd = -1;
	struct video_node node = {0};
	struct importer *importer;
	enum import_stage stage;
	bool takes = false;
	int error;

	time_limit_begin(IMPORTER_LIMIT);
	fd = video_open(path);
	stage = fd < 0 ? STAGE_OPEN : STAGE_QUERY;
	error = ended(fd < 0 ? fd : video_query(fd, &node));
	if (fd < 0)
		fd = -1;
	if (error == -ENOTTY || (!error && (!node.streaming || (!node.capture && !node.output)))) {
		strings_add(&importers->without, path);
		return;
	}
	if (error) {
		importer = array_add(importers);
		*importer = (struct importer){.kind = IMPORTER_VIDEO,
					      .path = xstrdup(path),
					      .error = error,
					      .stage = stage};
		strings_add(&importer->nodes, path);
		return;
	}
	if (node.capture)
		takes |= add_queue(importers, path, fd, &node, node.capture);
	if (node.output)
		takes |= add_queue(importers, path, fd, &node, node.output);
	if (!takes)
		strings_add(&importers->without, path);
}

static int find_video(struct importers *importers, const struct numbers *wanted, bool *seen)
{
	AUTO_STRINGS struct strings names = {0};
	int error = root_list(root_live(), "/dev", &names);

	if (error)
		return error;
	array_for_each (&names, name) {
		AUTO_FREE char *path = xasprintf("/dev/%s", *name);
		const char *digits = *name + strlen("video");

		if (stop_signal())
			return -EINTR;
		if (text_starts_with(*name, "video") && *digits &&
		    !digits[strspn(digits, "0123456789")] && is_wanted(wanted, seen, path))
			add_video(importers, path);
	}
	return 0;
}

int importers_find(const struct inventory *inventory, const struct strings *paths,
		   struct importers *importers, struct strings *strange)
{
	AUTO_FREE bool *seen = xcalloc(paths->count + 1, sizeof(*seen));
	struct importers found = {0};
	struct numbers wanted = {0};
	int error = 0;

	array_for_each (paths, path) {
		dev_t number = 0;

		/* 0:0 is no device */
		if (device_number(*path, &number))
			number = 0;
		*array_add(&wanted) = number;
	}
	error = find_drm(&found, &wanted, seen);
	array_for_each (&found, importer) {
		if (!stop_signal())
			ask_drm(importer);
	}
	if (!error)
		error = find_video(&found, &wanted, seen);
	for (size_t i = 0; i < paths->count && !error; i++) {
		if (!seen[i])
			strings_add(strange, paths->items[i]);
	}
	array_free(&wanted);
	if (error) {
		importers_free(&found);
		return error;
	}
	array_for_each (&found, importer) {
		AUTO_FREE char *directory = NULL;
		dev_t number;

		if (!device_number(importer->path, &number) &&
		    !device_directory(number, &directory))
			describe(inventory, directory, importer);
	}
	*importers = found;
	return 0;
}

void importers_free(struct importers *importers)
{
	array_for_each (importers, importer)
		free_one(importer);
	array_free(importers);
	strings_free(&importers->without);
}
