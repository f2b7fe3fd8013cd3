// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/source_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/xalloc.h"
#include "sys/file.h"

struct source_files *source_files_new(void)
{
	return xcalloc(1, sizeof(struct source_files));
}

void source_files_free(struct source_files *files)
{
	if (!files)
		return;
	set_free(&files->known);
	strings_free(&files->paths);
	strings_free(&files->maps);
	strings_free(&files->named);
	free(files);
}

/* What is before AT in a path, from the end: its beginning, then a slash, then any other sign. */
static int rank(const char *path, size_t at)
{
	if (!at)
		return 0;
	return path[at - 1] == '/' ? 1 : 2 + (unsigned char)path[at - 1];
}

/* Sorts paths by their parts, the last one first: those that end alike are beside each other. */
static int by_end(const void *a, const void *b)
{
	const char *one = *(char *const *)a, *other = *(char *const *)b;
	size_t i = strlen(one), j = strlen(other);

	while (i && j && one[i - 1] == other[j - 1])
		i--, j--;
	return rank(one, i) - rank(other, j);
}

/* Sorts the paths, and keeps one of those that are the same. */
static void sort_paths(struct strings *paths)
{
	size_t kept = 0;

	if (paths->count)
		qsort(paths->items, paths->count, sizeof(*paths->items), by_end);
	array_for_each (paths, path) {
		if (kept && !strcmp(paths->items[kept - 1], *path))
			free(*path);
		else
			paths->items[kept++] = *path;
	}
	paths->count = kept;
}

int source_files_add(struct source_files *files, const char *directory)
{
	static const char *const endings[] = {".dts", ".dtsi", ".dtso", NULL};
	int error = file_find(directory, endings, &files->paths);

	sort_paths(&files->paths);
	return error;
}

void source_files_add_map(struct source_files *files, const char *path)
{
	strings_add(&files->maps, path);
}

/* How many of the last parts of two paths are the same. */
static unsigned int same_parts(const char *one, const char *other)
{
	size_t a = strlen(one), b = strlen(other);
	unsigned int same = 0;

	while (a && b && one[a - 1] == other[b - 1]) {
		a--, b--;
		same += one[a] == '/';
	}
	return same + ((!a || one[a - 1] == '/') && (!b || other[b - 1] == '/') && one[a] != '/');
}

const char *source_files_nearest(const struct source_files *files, const char *wanted)
{
	const struct strings *paths = &files->paths;
	size_t low = 0, high = paths->count;
	const char *best = NULL;
	unsigned int most = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_end(&paths->items[middle], &wanted) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	/* those with most in common are on both sides of the place that it would have */
	for (size_t i = low < 2 ? 0 : low - 2; i < low + 2 && i < paths->count; i++) {
		unsigned int same = same_parts(paths->items[i], wanted);

		if (same > most)
			best = paths->items[i];
		else if (same == most)
			best = NULL;
		if (same > most)
			most = same;
	}
	return best;
}

const char *source_files_keep(struct source_files *files, const char *name, size_t length)
{
	AUTO_FREE char *copy = xstrndup(name, length);
	const char *known = set_add(&files->known, copy);

	if (!known) {
		known = copy;
		strings_take(&files->named, TAKE_POINTER(copy));
	}
	return known;
}

const char *source_files_map(const struct source_files *files, const char *tree)
{
	const char *name = path_name(tree);
	size_t length = strcspn(name, ".");

	array_for_each (&files->maps, map) {
		const char *other = path_name(*map);

		if (!strncmp(name, other, length) && strchr(".", other[length]))
			return *map;
	}
	return NULL;
}
