// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/source_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/xalloc.h"
#include "model/devicetree/source.h"
#include "model/devicetree/tree.h"
#include "sys/file.h"

const struct option_row source_rows[] = {
	{"source", 0, LIST_TO(struct source_options, directories), "DIR",
	 "Show findings in the .dts and .dtsi files below DIR", "Source", .offer = "directory"},
	{"source-map", 0, LIST_TO(struct source_options, maps), "FILE",
	 "Show them where this output of dtc -T says", .offer = "file"},
	{0},
};

/* The source of the tree in the file PATH, or NULL. */
static struct source *open_source(const struct source_options *options, const char *path)
{
	const char *excess;
	struct source *source = source_open(options->files, path, &excess);

	if (excess)
		cmd_note(options->context, "%s: its source is not read: %s", path, excess);
	return source;
}

enum exit_code source_options_read(const struct context *context, struct source_options *options,
				   const struct strings *overlays)
{
	if (!options->directories.count && !options->maps.count)
		return EXIT_DONE;
	options->context = context;
	options->files = source_files_new();
	array_for_each (&options->directories, directory) {
		int error = source_files_add(options->files, *directory);

		if (error) {
			cmd_error(context, "%s: %s", *directory, error_words(error));
			return EXIT_OPERATION;
		}
	}
	array_for_each (&options->maps, map) {
		int error = file_access(*map, 4);

		if (error) {
			cmd_error(context, "%s: %s", *map, error_words(error));
			return EXIT_OPERATION;
		}
		source_files_add_map(options->files, *map);
	}
	array_for_each (overlays, overlay) {
		struct source *source = open_source(options, *overlay);

		if (source)
			*array_add(&options->overlays) = source;
	}
	return EXIT_DONE;
}

/* The label of a child of /reserved-memory, where the tree has labels. */
static const char *label_of(const struct tree *tree, const char *path)
{
	const char *last = strrchr(path, '/');

	return last ? tree_index_label(tree_index(tree), last + 1) : NULL;
}

/* Reads the source of the tree in the file PATH, again only where it is another tree. */
static void read_source(struct source_options *options, const char *path)
{
	if (options->tree && !strcmp(options->tree, path))
		return;
	source_free(options->source);
	free(options->tree);
	options->tree = xstrdup(path);
	options->source = open_source(options, path);
}

void source_options_place(struct source_options *options, const char *path, const struct tree *tree,
			  const struct findings *findings)
{
	if (!options->files)
		return;
	array_for_each (findings, finding) {
		struct location *where = &finding->where;
		const char *label;

		if (!where->node)
			continue;
		label = label_of(tree, where->node);
		read_source(options, path);
		if (options->source)
			where->source = source_find(options->source, where->node, label,
						    where->property, &where->line);
		for (size_t i = options->overlays.count; i && !where->line; i--) {
			const char *file = source_find(options->overlays.items[i - 1], where->node,
						       label, where->property, &where->line);

			if (where->line)
				where->source = file;
		}
	}
}

void source_options_free(struct source_options *options)
{
	strings_free(&options->directories);
	strings_free(&options->maps);
	array_for_each (&options->overlays, overlay)
		source_free(*overlay);
	array_free(&options->overlays);
	source_free(options->source);
	free(options->tree);
	source_files_free(options->files);
	options->files = NULL;
}
