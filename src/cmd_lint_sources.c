// SPDX-License-Identifier: GPL-2.0-or-later
/* Where the names come from: arguments, standard input, this machine, device trees. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cmd_heap.h"
#include "cmd_lint.h"
#include "model/fate.h"
#include "model/name_source.h"
#include "model/tree.h"

/* Reads a stream to its end; the caller frees the result, which has a NUL behind it. */
static char *read_all(FILE *stream, size_t *size)
{
	size_t allocated = 1 << 16, length = 0, got;
	char *data = xcalloc(allocated, 1);

	while ((got = fread(data + length, 1, allocated - length - 1, stream)) > 0) {
		length += got;
		if (length == allocated - 1) {
			allocated *= 2;
			data = xreallocarray(data, allocated, 1);
		}
	}
	data[length] = '\0';
	*size = length;
	return data;
}

static void judge(struct lint_run *run, const char *name, const char *source,
		  const struct name_evidence *evidence)
{
	struct name_words words;

	name_split(name, strlen(name), &words);
	lint_judge(run, &words, source, evidence);
}

/* Names that were split and wait until the scope has their places at hand. */
struct queue {
	struct name_words names[16];
	size_t added, judged;
};

static void judge_next(struct lint_run *run, struct queue *queue)
{
	lint_judge(run, &queue->names[queue->judged++ % COUNT_OF(queue->names)], NULL, NULL);
}

static void enqueue(struct lint_run *run, struct queue *queue, const char *name, size_t length)
{
	struct name_words *words;

	if (queue->added - queue->judged == COUNT_OF(queue->names))
		judge_next(run, queue);
	words = &queue->names[queue->added++ % COUNT_OF(queue->names)];
	name_split(name, length, words);
	name_scope_expect(run->scope, words);
}

/* Judges the lines of DATA, which ends at END; ESCAPED owns names that had to be written anew. */
static void judge_lines(struct lint_run *run, char *data, char *end, struct strings *escaped)
{
	AUTO_FREE struct queue *queue = xcalloc(1, sizeof(*queue));
	const char *nul = memchr(data, '\0', (size_t)(end - data));

	for (char *line = data; line < end;) {
		char *line_end = memchr(line, '\n', (size_t)(end - line)), *name = line;
		size_t length;

		if (!line_end)
			line_end = end;
		*line_end = '\0';
		length = (size_t)(line_end - line);
		if (nul && strlen(line) != length) {
			/* no string of C: show what was there instead of the half of it */
			name = text_escape_bytes(line, length);
			strings_take(escaped, name);
			length = strlen(name);
		}
		if (length)
			enqueue(run, queue, name, length);
		line = line_end + 1;
	}
	while (queue->judged < queue->added)
		judge_next(run, queue);
}

/* About how many lines there are: as in the beginning, so on. */
static size_t count_lines(const char *data, size_t size)
{
	size_t seen = size < 1 << 16 ? size : 1 << 16, lines = 0;

	for (size_t i = 0; i < seen; i++)
		lines += data[i] == '\n';
	return seen ? size / seen * lines : 0;
}

/* Reads standard input; the caller frees *data. */
static enum exit_code read_stdin(struct lint_run *run, char **data, size_t *size)
{
	*data = read_all(stdin, size);
	if (!ferror(stdin))
		return EXIT_DONE;
	cmd_error(run->context, "standard input: %s", error_words(errno));
	return EXIT_OPERATION;
}

enum exit_code lint_arguments(struct lint_run *run)
{
	const struct strings *arguments = &run->options.arguments;
	AUTO_STRINGS struct strings escaped = {0};
	AUTO_FREE char *data = NULL;
	size_t size = 0;
	enum exit_code status = EXIT_DONE;

	if (strings_have(arguments, "-"))
		status = read_stdin(run, &data, &size);
	run->scope = name_scope_new(count_lines(data, size) + arguments->count);
	array_for_each (arguments, argument) {
		if (strcmp(*argument, "-") != 0) {
			judge(run, *argument, NULL, NULL);
		} else if (data) {
			judge_lines(run, data, data + size, &escaped);
			size = 0; /* a second - has nothing more to read */
		}
	}
	name_scope_free(TAKE_POINTER(run->scope));
	return status;
}

static void judge_heaps(struct lint_run *run, const char *source, const struct named_heaps *heaps)
{
	run->scope = name_scope_new(heaps->count);
	array_for_each (heaps, heap)
		judge(run, heap->name, source, &heap->evidence);
	name_scope_free(TAKE_POINTER(run->scope));
}

enum exit_code lint_machine(struct lint_run *run)
{
	AUTO_NAMED_HEAPS struct named_heaps heaps = {0};
	struct inventory inventory = {0};
	enum exit_code status = cmd_read_inventory(run->context, &inventory);

	if (status != EXIT_DONE)
		return status;
	if (!inventory.heaps.count)
		cmd_note(run->context, "%s is empty: no driver has registered a heap", HEAP_FOLDER);
	named_heaps_of_machine(&heaps, &inventory);
	judge_heaps(run, NULL, &heaps);
	inventory_free(&inventory);
	return EXIT_DONE;
}

static bool load(const struct lint_run *run, const char *path, struct tree **tree)
{
	const char *reason = NULL;
	int error = tree_load_file(path, tree, &reason);

	if (error)
		cmd_error(run->context, "%s: %s", path, reason ? reason : error_words(error));
	return !error;
}

/* The tree of PATH with the overlays; NULL after a message. The caller frees it. */
static struct tree *load_with_overlays(const struct lint_run *run, const char *path)
{
	AUTO_TREE struct tree *tree = NULL;

	if (!load(run, path, &tree))
		return NULL;
	array_for_each (&run->options.overlays, overlay_path) {
		AUTO_TREE struct tree *overlay = NULL;
		const char *reason;

		if (!load(run, *overlay_path, &overlay))
			return NULL;
		if (tree_apply_overlay(tree, overlay, &reason)) {
			cmd_error(run->context, "%s: %s does not apply: %s", path, *overlay_path,
				  reason);
			return NULL;
		}
	}
	return TAKE_POINTER(tree);
}

enum exit_code lint_trees(struct lint_run *run)
{
	enum exit_code status = EXIT_DONE;

	array_for_each (&run->options.arguments, path) {
		AUTO_TREE struct tree *tree = load_with_overlays(run, *path);
		AUTO_NAMED_HEAPS struct named_heaps heaps = {0};

		if (!tree) {
			status = EXIT_OPERATION;
			continue;
		}
		named_heaps_of_tree(&heaps, tree, &run->options.kernel);
		judge_heaps(run, *path, &heaps);
	}
	return status;
}
