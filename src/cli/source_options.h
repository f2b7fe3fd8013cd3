/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --source and --source-map: where findings about a tree are in its source. */
#ifndef CLI_SOURCE_OPTIONS_H
#define CLI_SOURCE_OPTIONS_H

#include "base/finding.h"
#include "cli/command.h"

struct source;
struct source_files;
struct tree;

/* All zero: nothing was said. */
struct source_options {
	struct strings directories, maps;
	const struct context *context; /* for messages, since source_options_read() */
	struct source_files *files;    /* NULL until source_options_read() */
	char *tree;                    /* the file whose source was read last */
	struct source *source;         /* … which may be NULL */
	struct {
		ARRAY_OF(struct source *);
	} overlays; /* their sources, where there are any */
};

/* Rows of a table, for a struct source_options. */
extern const struct option_row source_rows[];

/*
 * Looks what is in the directories, also for the source of OVERLAYS, the files that are applied to
 * each tree. Returns EXIT_DONE, else it has said what is wrong.
 */
enum exit_code source_options_read(const struct context *context, struct source_options *options,
				   const struct strings *overlays) __attribute__((nonnull));
/*
 * Sets the source and the line of the findings about nodes of the tree in the file PATH. Says it
 * where there is too much source to read.
 */
void source_options_place(struct source_options *options, const char *path, const struct tree *tree,
			  const struct findings *findings) __attribute__((nonnull));
void source_options_free(struct source_options *options) __attribute__((nonnull));

#endif
