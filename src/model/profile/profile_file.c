// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/bench/saved_text.h"
#include "model/profile/profile_heaps.h"
#include "sys/file.h"

/* Writing. */

/* "16M": without losing a byte. */
static void write_size(FILE *stream, uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	int unit = -1;

	while (bytes && bytes % 1024 == 0 && units[unit + 1]) {
		bytes /= 1024;
		unit++;
	}
	fprintf(stream, "%" PRIu64, bytes);
	if (unit >= 0)
		fputc(units[unit], stream);
}

static void write_value(FILE *stream, const struct profile_key_row *row, const char *value)
{
	uint64_t number = 0;

	fprintf(stream, "%s = ", row->name);
	if (row->value == VALUE_SIZE && !parse_number(value, &number))
		write_size(stream, number);
	else if (row->value == VALUE_ADDRESS && !parse_number(value, &number))
		fprintf(stream, "0x%" PRIx64, number);
	else
		fputs(value, stream);
	fputc('\n', stream);
}

static void write_heap(FILE *stream, const struct profile_heap *heap)
{
	fprintf(stream, "\n[heap %s]\n", heap->name);
	for (enum profile_key key = 0; key < PROFILE_KEYS; key++) {
		const struct profile_fact *fact = &heap->facts[key];

		if (fact->known && !fact->values.count)
			fprintf(stream, "%s =\n", profile_keys[key].name);
		array_for_each (&fact->values, value)
			write_value(stream, &profile_keys[key], *value);
	}
}

char *profile_text(const struct profile *profile)
{
	char *text;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	fputs("# The heaps of a board: dmaheap profile verify compares with this.\n[board]\n",
	      stream);
	array_for_each (&profile->compatible, compatible)
		fprintf(stream, "compatible = %s\n", *compatible);
	if (profile->kernel)
		fprintf(stream, "kernel = %s\n", profile->kernel);
	array_for_each (&profile->heaps, heap)
		write_heap(stream, heap);
	xmemclose(stream);
	return text;
}

/* Reading. */

struct reading {
	struct profile *profile;
	bool board;                /* in the section [board] */
	struct profile_heap *heap; /* in one of a heap; NULL: in none */
	const char *reason;
};

static bool fail(struct reading *reading, const char *reason)
{
	reading->reason = reason;
	return false;
}

/* Without blanks at both ends. */
static char *trim(char *text)
{
	size_t length;

	text += strspn(text, " \t");
	length = strlen(text);
	while (length && strchr(" \t\r", text[length - 1]))
		text[--length] = '\0';
	return text;
}

static bool begin_section(struct reading *reading, char *line)
{
	static const char of_heap[] = "[heap ";
	size_t length = strlen(line);
	struct profile *profile = reading->profile;
	AUTO_FREE char *name = NULL;

	if (line[length - 1] != ']')
		return fail(reading, "a section ends with ]");
	reading->board = !strcmp(line, "[board]");
	reading->heap = NULL;
	if (reading->board)
		return true;
	if (!text_starts_with(line, of_heap))
		return fail(reading, "no such section: there are [board] and [heap NAME]");
	line[length - 1] = '\0';
	name = text_escape(trim(line + strlen(of_heap)));
	if (!*name)
		return fail(reading, "a heap has a name");
	if (profile_find(profile, name))
		return fail(reading, "this heap has been there before");
	if (profile->heaps.count == PROFILE_HEAPS_MAX)
		return fail(reading, "more than " TEXT_OF(PROFILE_HEAPS_MAX) " heaps");
	reading->heap = array_add(&profile->heaps);
	reading->heap->name = TAKE_POINTER(name);
	return true;
}

static bool is_word(const char *words, const char *value)
{
	size_t length = strlen(value);

	for (const char *at = words; at; at = strchr(at, ' ')) {
		at += *at == ' ';
		if (!strncmp(at, value, length) && (at[length] == ' ' || !at[length]))
			return length != 0;
	}
	return false;
}

/* The value as it is kept; NULL: it is none. */
static char *read_value(const struct profile_key_row *row, const char *value)
{
	uint64_t number;

	switch (row->value) {
	case VALUE_WORD:
		return is_word(row->words, value) ? xstrdup(value) : NULL;
	case VALUE_ADDRESS:
		return parse_number(value, &number) ? NULL : xasprintf("%" PRIu64, number);
	case VALUE_SIZE:
		return parse_size(value, &number) ? NULL : xasprintf("%" PRIu64, number);
	case VALUE_MODE:
		if (!*value || strlen(value) > 4 || strspn(value, "01234567") != strlen(value))
			return NULL;
		return xasprintf("%04lo", strtoul(value, NULL, 8));
	case VALUE_NAME:
	case VALUE_NAMES:
		return *value ? text_escape(value) : NULL;
	}
	return NULL;
}

static bool set_fact(struct reading *reading, enum profile_key key, const char *value)
{
	const struct profile_key_row *row = &profile_keys[key];
	struct profile_fact *fact = &reading->heap->facts[key];
	bool several = row->value == VALUE_NAMES;
	AUTO_FREE char *kept = NULL;

	if (fact->known && (!several || !*value || !fact->values.count))
		return fail(reading, "this key has been there before");
	fact->known = true;
	if (several && !*value)
		return true;
	kept = read_value(row, value);
	if (!kept)
		return fail(reading, "no value of this key");
	strings_take(&fact->values, TAKE_POINTER(kept));
	return true;
}

static bool set_board(struct reading *reading, const char *key, const char *value)
{
	struct profile *profile = reading->profile;

	if (!*value)
		return fail(reading, "no value of this key");
	if (!strcmp(key, "compatible"))
		strings_take(&profile->compatible, text_escape(value));
	else if (strcmp(key, "kernel") != 0)
		return fail(reading, "no such key: [board] has compatible and kernel");
	else if (profile->kernel)
		return fail(reading, "this key has been there before");
	else
		profile->kernel = text_escape(value);
	return true;
}

static bool read_line(struct reading *reading, char *line)
{
	char *value, *key;

	line = trim(line);
	if (!*line || *line == '#')
		return true;
	if (*line == '[')
		return begin_section(reading, line);
	value = strchr(line, '=');
	if (!value)
		return fail(reading, "neither a section, nor KEY = VALUE, nor a comment");
	*value++ = '\0';
	key = trim(line);
	value = trim(value);
	if (reading->board)
		return set_board(reading, key, value);
	if (!reading->heap)
		return fail(reading, "a section is to begin first: [board] or [heap NAME]");
	for (enum profile_key i = 0; i < PROFILE_KEYS; i++) {
		if (!strcmp(profile_keys[i].name, key))
			return set_fact(reading, i, value);
	}
	return fail(reading, "no such key of a heap");
}

static void sort(struct profile *profile)
{
	array_for_each (&profile->heaps, heap) {
		for (size_t i = 0; i < PROFILE_KEYS; i++)
			profile_sort(&heap->facts[i].values);
	}
}

int profile_parse(char *text, struct profile *profile, size_t *line, const char **reason)
{
	struct reading reading = {.profile = profile};
	char *next;

	*profile = (struct profile){0};
	for (*line = 1; (next = strsep(&text, "\n")); ++*line) {
		if (!read_line(&reading, next)) {
			*reason = reading.reason;
			return -EBADMSG;
		}
	}
	sort(profile);
	return 0;
}

int profile_load(const char *path, struct profile *profile, size_t *line, const char **reason)
{
	AUTO_FREE char *text = NULL;
	int error = saved_text_read(path, PROFILE_SIZE_MAX, &text, line, reason);

	*profile = (struct profile){0};
	return error ? error : profile_parse(text, profile, line, reason);
}

int profile_list(const char *directory, struct strings *paths)
{
	static const char *const endings[] = {".profile", NULL};
	int error = file_find(directory, endings, paths);

	strings_sort(paths);
	return error;
}
