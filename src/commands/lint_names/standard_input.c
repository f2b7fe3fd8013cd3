// SPDX-License-Identifier: GPL-2.0-or-later
/* Names from standard input: there may be millions. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "base/huge.h"
#include "base/text.h"
#include "commands/lint_names/judge.h"
#include "model/name/quick.h"

enum {
	FIRST_READ = 4 << 20, /* bytes; of a file as many as it has */
	MOST_READ = 1 << 30,
	LINES_BEHIND = NAME_QUICK_BEHIND + 1, /* and the last newline, where it is missing */
	AHEAD = 16, /* lines that wait until the scope has their places at hand */
};

static size_t first_size(void)
{
	struct stat status;

	if (!fstat(STDIN_FILENO, &status) && S_ISREG(status.st_mode) && status.st_size > FIRST_READ)
		return status.st_size < MOST_READ ? (size_t)status.st_size : MOST_READ;
	return FIRST_READ;
}

enum exit_code lint_lines_read(struct lint_lines *lines, const struct context *context)
{
	size_t got, more;

	lines->allocated = first_size() + 1 + LINES_BEHIND; /* one to see the end */
	lines->data = huge_calloc(lines->allocated, 1);
	while ((got = fread(lines->data + lines->size, 1,
			    lines->allocated - LINES_BEHIND - lines->size, stdin)) > 0) {
		lines->size += got;
		if (lines->size > MOST_READ) {
			cmd_error(context, "standard input: more than 1 GiB");
			return EXIT_OPERATION;
		}
		if (lines->size == lines->allocated - LINES_BEHIND) {
			more = lines->allocated < MOST_READ / 2 ? 2 * lines->allocated
								: MOST_READ + 1 + LINES_BEHIND;
			lines->data = huge_resize(lines->data, lines->allocated, more, 1);
			lines->allocated = more;
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

/* Judges a line in full. */
static void judge_fully(struct lint_lines *lines, struct lint_run *run, const struct line *line)
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

static void judge(struct lint_lines *lines, struct lint_run *run, const struct line *line)
{
	if (line->good && name_scope_add(run->scope, line->name, line->hash))
		lint_good(run, line->name);
	else
		judge_fully(lines, run, line);
}

/* Finds the name that begins at AT and what can be said of it at once. END: of all lines. */
static void read_line(struct line *line, const char *at, const char *end,
		      const struct name_quick *quick, struct name_scope *scope)
{
	enum name_verdict verdict = name_quick(quick, at, &line->length, &line->hash);

	if (verdict == NAME_OPEN)
		line->length = (size_t)((char *)memchr(at, '\n', (size_t)(end - at)) - at);
	else
		name_scope_expect(scope, line->hash);
	line->name = at;
	line->good = verdict == NAME_GOOD;
}

void lint_lines_judge(struct lint_lines *lines, struct lint_run *run)
{
	struct name_quick *quick = name_quick_new(&run->options.settings);
	char *at = lines->data, *end = at + lines->size;
	struct line waiting[AHEAD];
	size_t read = 0;

	if (lines->size && end[-1] != '\n')
		*end++ = '\n';
	while (at < end) {
		struct line *line = &waiting[read % AHEAD];

		if (*at == '\n') {
			at++;
			continue;
		}
		if (read++ >= AHEAD)
			judge(lines, run, line);
		read_line(line, at, end, quick, run->scope);
		at += line->length;
		*at++ = '\0';
	}
	for (size_t i = read > AHEAD ? read - AHEAD : 0; i < read; i++)
		judge(lines, run, &waiting[i % AHEAD]);
	name_quick_free(quick);
	lines->size = 0; /* a second - has nothing more to read */
}
