// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/bufinfo.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/root.h"

#define LIMIT (64 << 20)

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

/* Skips a field of at least eight digits and the tab after it; NULL: it is not one. */
static const char *skip_digits(const char *text, int (*is_digit)(int))
{
	size_t length = 0;

	while (is_digit((unsigned char)text[length]))
		length++;
	return length >= 8 && text[length] == '\t' ? text + length + 1 : NULL;
}

/*
 * "size flags mode count exp_name ino name", with tabs: the exporter and what follows, NULL where
 * it is not this buffer's record.
 */
static const char *record_exporter(const char *line, uint64_t inode)
{
	static int (*const kinds[])(int) = {isdigit, isxdigit, isxdigit, isdigit};
	const char *exporter_end;

	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		line = skip_digits(line, kinds[i]);
		if (!line)
			return NULL;
	}
	exporter_end = line + strcspn(line, "\t\n");
	return *exporter_end == '\t' && skip_digits(exporter_end + 1, isdigit) &&
			       strtoull(exporter_end + 1, NULL, 10) == inode
		       ? line
		       : NULL;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && !strcmp(text + length - end_length, end);
}

/* "\twrite fence:3:1 unbound vgem unsignalled"; before 6.19 "\twrite fence:vgem unbound seq 1 …" */
static void add_fence(struct bufinfo *info, const char *line, size_t length)
{
	AUTO_FREE char *text = xstrndup(line, length);
	struct bufinfo_fence *fence;

	if (!strstr(text, " fence:"))
		return;
	fence = array_add(&info->fences);
	fence->usage = text_starts_with(text, "write ")  ? BUFINFO_WRITE
		       : text_starts_with(text, "read ") ? BUFINFO_READ
							 : BUFINFO_OTHER;
	fence->signalled = ends_with(text, " signalled");
	fence->text = TAKE_POINTER(text);
}

/* The lines with tabs after the record's: fences, "Attached Devices:", devices. */
static void read_record(const char *line, struct bufinfo *info)
{
	bool in_devices = false;

	for (line = next_line(line); *line == '\t'; line = next_line(line)) {
		const char *text = line + 1;
		size_t length = strcspn(text, "\n");

		if (!strncmp(text, "Attached Devices:", length))
			in_devices = true;
		else if (in_devices)
			strings_take(&info->devices, xstrndup(text, length));
		else
			add_fence(info, text, length);
	}
}

int bufinfo_parse(const char *text, uint64_t inode, struct bufinfo *info)
{
	const char *record = NULL, *exporter = NULL;

	for (const char *line = text; *line; line = next_line(line)) {
		const char *found = record_exporter(line, inode);

		if (!found)
			continue;
		if (record)
			return -EBADMSG;
		record = line;
		exporter = found;
	}
	if (!record)
		return -ENOENT;
	*info = (struct bufinfo){
		.size = strtoull(record, NULL, 10),
		.exporter = xstrndup(exporter, strcspn(exporter, "\t")),
	};
	read_record(record, info);
	return 0;
}

int bufinfo_read(uint64_t inode, struct bufinfo *info)
{
	AUTO_FREE char *text = NULL;
	int error = root_read(root_live(), BUFINFO_PATH, LIMIT, &text, NULL);

	return error ? error : bufinfo_parse(text, inode, info);
}

void bufinfo_free(struct bufinfo *info)
{
	array_for_each (&info->fences, fence)
		free(fence->text);
	array_free(&info->fences);
	strings_free(&info->devices);
	free(info->exporter);
}
