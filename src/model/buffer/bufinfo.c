// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/buffer/bufinfo.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/root.h"

#define LIMIT (64 << 20)

static const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

/* Reads a field of at least eight digits of BASE. Returns what is behind the tab after it; NULL: it
 * is not one. */
static const char *read_field(const char *text, int base, uint64_t *number)
{
	size_t length = 0;

	while (base == 16 ? ascii_is_hex(text[length]) : ascii_is_digit(text[length]))
		length++;
	if (length < 8 || text[length] != '\t')
		return NULL;
	errno = 0;
	*number = strtoull(text, NULL, base);
	return errno ? NULL : text + length + 1;
}

/* "size flags mode count exp_name ino name", with tabs. */
struct record {
	uint64_t size, references, inode;
	const char *exporter, *name; /* in the text */
};

static bool parse_record(const char *line, struct record *record)
{
	static const int bases[] = {10, 16, 16, 10};
	uint64_t numbers[COUNT_OF(bases)], inode;
	const char *exporter_end, *name;

	for (size_t i = 0; i < COUNT_OF(bases); i++) {
		line = read_field(line, bases[i], &numbers[i]);
		if (!line)
			return false;
	}
	exporter_end = line + strcspn(line, "\t\n");
	name = *exporter_end == '\t' ? read_field(exporter_end + 1, 10, &inode) : NULL;
	if (!name)
		return false;
	*record = (struct record){.size = numbers[0],
				  .references = numbers[3],
				  .inode = inode,
				  .exporter = line,
				  .name = name};
	return true;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), end_length = strlen(end);

	return length >= end_length && !strcmp(text + length - end_length, end);
}

static enum bufinfo_usage usage_of(const char *line)
{
	if (text_starts_with(line, "write ") || text_starts_with(line, "Exclusive "))
		return BUFINFO_WRITE;
	if (text_starts_with(line, "read ") || text_starts_with(line, "Shared "))
		return BUFINFO_READ;
	return BUFINFO_OTHER;
}

/*
 * dma_resv_describe() and dma_fence_describe(): 7.2 "\twrite fence:3:1 unbound vgem unsignalled";
 * 6.1 and 6.12 "\twrite fence:vgem unbound seq 1 unsignalled"; 5.10 "\tExclusive fence: vgem
 * unbound unsignalled", for a read "Shared"
 */
static void add_fence(struct bufinfo *info, const char *line, size_t length)
{
	AUTO_FREE char *text = xstrndup(line, length);
	struct bufinfo_fence *fence;

	if (!strstr(text, " fence:"))
		return;
	fence = array_add(&info->fences);
	fence->usage = usage_of(text);
	fence->signalled = ends_with(text, " signalled");
	fence->text = TAKE_POINTER(text);
}

/* Reads digits and END after them, and moves *text behind that. */
static struct maybe take_number(const char **text, char end)
{
	size_t length = strspn(*text, "0123456789");
	uint64_t number;

	errno = 0;
	number = strtoull(*text, NULL, 10);
	if (!length || (*text)[length] != end || errno)
		return (struct maybe){0};
	*text += length + 1;
	return (struct maybe){true, number};
}

/*
 * See add_fence(). Behind the context the timeline stands before the driver. Either may hold
 * blanks: then it is not clear which is which.
 */
void bufinfo_fence_split(const struct bufinfo_fence *fence, struct bufinfo_fence_words *words)
{
	const char *text = strstr(fence->text, " fence:") + strlen(" fence:"), *state;
	AUTO_FREE char *names = NULL;
	char *second, *seq;
	bool driver_first;

	*words = (struct bufinfo_fence_words){0};
	words->context = take_number(&text, ':');
	if (words->context.known)
		words->seqno = take_number(&text, ' ');
	driver_first = !words->context.known;
	text += driver_first && *text == ' ';
	state = strrchr(text, ' ');
	if (!state)
		return;
	names = xstrndup(text, (size_t)(state - text));
	seq = driver_first ? strstr(names, " seq ") : NULL;
	if (seq) {
		const char *number = seq + strlen(" seq ");

		*seq = '\0';
		words->seqno = take_number(&number, '\0');
	}
	second = strchr(names, ' ');
	if (!second || second == names || !second[1] || strchr(second + 1, ' '))
		return;
	*second++ = '\0';
	words->driver = xstrdup(driver_first ? names : second);
	words->timeline = xstrdup(driver_first ? second : names);
}

void bufinfo_fence_words_free(struct bufinfo_fence_words *words)
{
	free(words->driver);
	free(words->timeline);
}

const char *bufinfo_usage_name(enum bufinfo_usage usage)
{
	static const char *const names[] = {
		[BUFINFO_OTHER] = "other", [BUFINFO_WRITE] = "write", [BUFINFO_READ] = "read"};

	return names[usage];
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

static void make(const struct record *record, struct bufinfo *info)
{
	size_t length = strcspn(record->name, "\n");
	bool named = length && strncmp(record->name, "<none>\n", length + 1) != 0;

	*info = (struct bufinfo){
		.inode = record->inode,
		.size = record->size,
		.references = record->references,
		.exporter = xstrndup(record->exporter, strcspn(record->exporter, "\t")),
		.name = named ? xstrndup(record->name, length) : NULL,
	};
	read_record(record->name, info);
}

int bufinfo_parse(const char *text, uint64_t inode, struct bufinfo *info)
{
	struct record record = {0}, found;

	for (const char *line = text; *line; line = next_line(line)) {
		if (!parse_record(line, &found) || found.inode != inode)
			continue;
		if (record.name)
			return -EBADMSG;
		record = found;
	}
	if (!record.name)
		return -ENOENT;
	make(&record, info);
	return 0;
}

static int by_inode(const void *a, const void *b)
{
	const struct bufinfo *first = a, *second = b;

	return order_of(first->inode, second->inode);
}

void bufinfos_parse(const char *text, struct bufinfos *infos)
{
	struct record record;
	size_t kept = 0;

	*infos = (struct bufinfos){0};
	for (const char *line = text; *line; line = next_line(line)) {
		if (parse_record(line, &record))
			make(&record, array_add(infos));
	}
	if (infos->count)
		qsort(infos->items, infos->count, sizeof(*infos->items), by_inode);
	for (size_t i = 0, next; i < infos->count; i = next) {
		for (next = i + 1;
		     next < infos->count && infos->items[next].inode == infos->items[i].inode;)
			next++;
		if (next == i + 1)
			infos->items[kept++] = infos->items[i];
		for (size_t twice = i; next > i + 1 && twice < next; twice++)
			bufinfo_free(&infos->items[twice]);
	}
	infos->count = kept;
}

int bufinfos_read(const struct root *root, struct bufinfos *infos)
{
	AUTO_FREE char *text = NULL;
	int error = root_read(root, BUFINFO_PATH, LIMIT, &text, NULL);

	if (error)
		return error;
	bufinfos_parse(text, infos);
	return 0;
}

bool exporter_hides_heap(const char *exporter, const char *heap)
{
	static const char *const modules[] = {"heap_helpers", "system_heap", "cma_heap"};

	if (!exporter)
		return true;
	if (!strcmp(exporter, TEE_EXPORTER))
		return text_starts_with(heap, "protected,");
	for (size_t i = 0; i < COUNT_OF(modules); i++) {
		if (!strcmp(exporter, modules[i]))
			return true;
	}
	return false;
}

int bufinfos_sum(const struct bufinfos *infos, const char *exporter, struct bufinfo_sum *sum)
{
	struct bufinfo_sum found = {0};

	array_for_each (infos, info) {
		if (exporter_hides_heap(info->exporter, exporter))
			return -ENODATA;
		if (strcmp(info->exporter, exporter) != 0)
			continue;
		found.buffers++;
		found.size += info->size;
	}
	*sum = found;
	return 0;
}

void bufinfos_free(struct bufinfos *infos)
{
	array_for_each (infos, info)
		bufinfo_free(info);
	array_free(infos);
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
	free(info->name);
}
