// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import/import_saved.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/bench/saved_text.h"
#include "model/import/matrix.h"

#define HEADINGS "heap\tcontiguous\tbuffers\tin_one_piece"

enum {
	FIELDS = 4,
};

static const char *const answers[] = {[NO] = "no", [YES] = "yes"};

char *import_saved_text(const struct matrix *matrix)
{
	struct utsname system;
	AUTO_FREE char *kernel = NULL;
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	uname(&system);
	kernel = text_escape(system.release);
	fprintf(stream, IMPORT_SAVED_FORMAT "\nkernel\t%s\n" HEADINGS "\n", kernel);
	for (size_t i = 0; i < matrix->sources.count; i++) {
		AUTO_FREE char *heap = text_escape(matrix->sources.items[i].name);
		struct matrix_shape shape;

		matrix_shape(matrix, i, &shape);
		if (shape.answer != UNKNOWN)
			fprintf(stream, "%s\t%s\t%u\t%u\n", heap, answers[shape.answer],
				shape.buffers, shape.contiguous);
	}
	xmemclose(stream);
	return text;
}

static bool read_answer(const char *field, enum tristate *answer)
{
	*answer = !strcmp(field, answers[YES]) ? YES : NO;
	return !strcmp(field, answers[*answer]);
}

static bool read_row(char *line, struct import_saved_row *row)
{
	char *fields[FIELDS + 1];
	size_t count = 0;

	while (line && count <= FIELDS)
		fields[count++] = strsep(&line, "\t");
	return count == FIELDS && *fields[0] && strlen(fields[0]) <= SAVED_NAME_MAX &&
	       read_answer(fields[1], &row->contiguous) &&
	       !parse_number(fields[2], &row->buffers) && row->buffers &&
	       !parse_number(fields[3], &row->in_one_piece) && row->in_one_piece <= row->buffers &&
	       (row->contiguous == YES) == (row->in_one_piece == row->buffers) &&
	       (row->heap = text_escape(fields[0]));
}

/* The row of a heap whose name is escaped. */
static const struct import_saved_row *find(const struct import_saved *saved, const char *heap)
{
	array_for_each (saved, row) {
		if (!strcmp(row->heap, heap))
			return row;
	}
	return NULL;
}

int import_saved_parse(char *text, struct import_saved *saved, size_t *line, const char **reason)
{
	const char *kernel, *next;

	*line = 0;
	*reason = "this is no file that dmaheap import has saved";
	next = saved_text_line(&text, line);
	if (!next || strcmp(next, IMPORT_SAVED_FORMAT) != 0)
		return -EBADMSG;
	*reason = "the kernel is missing or wrong";
	kernel = saved_text_value(saved_text_line(&text, line), "kernel");
	if (!kernel || strlen(kernel) > SAVED_NAME_MAX)
		return -EBADMSG;
	saved->kernel = text_escape(kernel);
	*reason = "the headings are missing or wrong";
	next = saved_text_line(&text, line);
	if (!next || strcmp(next, HEADINGS) != 0)
		return -EBADMSG;
	while (*text) {
		struct import_saved_row row = {0};
		bool is_ended = strchr(text, '\n');
		char *fields = saved_text_line(&text, line);

		*reason = "the line has no end: the file was cut off";
		if (!is_ended)
			return -EBADMSG;
		*reason = "more than " TEXT_OF(IMPORT_SAVED_ROWS_MAX) " heaps";
		if (saved->count == IMPORT_SAVED_ROWS_MAX)
			return -EBADMSG;
		*reason = "a heap with its figures was expected";
		if (!read_row(fields, &row))
			return -EBADMSG;
		*reason = "this heap has been there before";
		if (find(saved, row.heap)) {
			free(row.heap);
			return -EBADMSG;
		}
		*array_add(saved) = row;
	}
	return 0;
}

void import_saved_free(struct import_saved *saved)
{
	array_for_each (saved, row)
		free(row->heap);
	array_free(saved);
	free(saved->kernel);
}

const struct import_saved_row *import_saved_find(const struct import_saved *saved, const char *heap)
{
	AUTO_FREE char *name = text_escape(heap);

	return find(saved, name);
}
