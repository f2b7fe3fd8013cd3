// SPDX-License-Identifier: GPL-2.0-or-later
/* Names from standard input: there may be millions. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/huge.h"
#include "base/text.h"
#include "cmd_lint.h"
#include "model/name_quick.h"

enum {
	FIRST_READ = 4 << 20, /* bytes; of a file as many as it has */
	AHEAD = 16            /* names that wait until the scope has their places at hand */
};

static size_t first_size(void)
{
	struct stat status;

	if (!fstat(STDIN_FILENO, &status) && S_ISREG(status.st_mode) && status.st_size > FIRST_READ)
		return (size_t)status.st_size;
	return FIRST_READ;
}

enum exit_code lint_lines_read(struct lint_lines *lines, const struct context *context)
{
	size_t got;

	lines->allocated = first_size() + 2; /* to see the end, and for a NUL behind it */
	lines->data = huge_calloc(lines->allocated, 1);
	while ((got = fread(lines->data + lines->size, 1, lines->allocated - 1 - lines->size,
			    stdin)) > 0) {
		lines->size += got;
		if (lines->size == lines->allocated - 1) {
			lines->data =
				huge_resize(lines->data, lines->allocated, 2 * lines->allocated, 1);
			lines->allocated *= 2;
		}
	}
	if (!ferror(stdin))
		return EXIT_DONE;
	cmd_error(context, "standard input: %s", error_words(errno));
	return EXIT_OPERATION;
}

void lint_lines_free(struct lint_lines *lines)
{
	huge_free(lines->data, lines->allocated, 1);
	strings_free(&lines->escaped);
}

size_t lint_lines_count(const struct lint_lines *lines)
{
	size_t seen = lines->size < 1 << 16 ? lines->size : 1 << 16, count = 0;

	for (size_t i = 0; i < seen; i++)
		count += lines->data[i] == '\n';
	return seen ? lines->size / seen * count : 0;
}

struct line {
	const char *name;
	size_t length;
	uint32_t hash;
	bool good;
};

/* Lines in the order of their coming, the last of which wait. */
struct queue {
	struct line lines[AHEAD];
	size_t added, judged;
};

/* Judges a line in full. */
static void judge_line(struct lint_lines *lines, struct lint_run *run, const struct line *line)
{
	const char *name = line->name;
	struct name_words words;

	if (memchr(name, '\0', line->length)) {
		/* no string of C: show what was there instead of the half of it */
		strings_take(&lines->escaped, text_escape_bytes(name, line->length));
		name = lines->escaped.items[lines->escaped.count - 1];
	}
	name_split(name, strlen(name), &words);
	lint_judge(run, &words, NULL, NULL);
}

static void judge_next(struct lint_lines *lines, struct lint_run *run, struct queue *queue)
{
	const struct line *line = &queue->lines[queue->judged++ % AHEAD];

	if (line->good && name_scope_add(run->scope, line->name, line->hash))
		lint_good(run, line->name);
	else
		judge_line(lines, run, line);
}

static void enqueue(struct lint_run *run, struct queue *queue, struct name_quick *quick,
		    const char *name, size_t length)
{
	struct line *line = &queue->lines[queue->added++ % AHEAD];
	enum name_verdict verdict;

	line->name = name;
	line->length = length;
	verdict = name_quick(quick, name, length, &line->hash);
	line->good = verdict == NAME_GOOD;
	if (verdict != NAME_OPEN)
		name_scope_expect(run->scope, line->hash);
}

void lint_lines_judge(struct lint_lines *lines, struct lint_run *run)
{
	struct name_quick *quick = name_quick_new(&run->options.settings);
	char *end = lines->data + lines->size, *line_end;
	struct queue queue = {.added = 0};

	for (char *name = lines->data; name < end; name = line_end + 1) {
		line_end = memchr(name, '\n', (size_t)(end - name));
		if (!line_end)
			line_end = end;
		*line_end = '\0';
		if (queue.added - queue.judged == AHEAD)
			judge_next(lines, run, &queue);
		if (line_end > name)
			enqueue(run, &queue, quick, name, (size_t)(line_end - name));
	}
	while (queue.judged < queue.added)
		judge_next(lines, run, &queue);
	name_quick_free(quick);
	lines->size = 0; /* a second - has nothing more to read */
}
