// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/boot_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/kernel_version.h"
#include "sys/file.h"
#include "sys/kmsg.h"

/* A line on its way. */
struct log_reader {
	char line[LOG_LINE_MAX + 1];
	size_t length;
	bool too_long;
	bool records; /* no tool has wrapped the lines */
	/* a message that was cut, which the next line may go on with, as mails are wrapped */
	char open[LOG_LINE_MAX + 1];
	uint64_t open_line;
	bool open_head; /* it is whole, and its second line follows, with a time stamp or without */
};

void boot_log_begin(struct boot_log *log)
{
	*log = (struct boot_log){0};
	log->reader = xcalloc(1, sizeof(*log->reader));
	array_add(&log->boots);
}

void boot_log_expect_records(struct boot_log *log)
{
	log->reader->records = true;
}

static struct log_boot *last_boot(struct boot_log *log)
{
	return &log->boots.items[log->boots.count - 1];
}

static char *name_copy(const struct log_match *match, size_t i)
{
	return xstrndup(match->names[i].text, match->names[i].length);
}

/* Whether the kernel says so only before it says "Memory:", where memory is still to be reserved.
 */
static bool is_early(enum log_kind kind)
{
	return kind == LOG_CMDLINE ||
	       (kind >= LOG_NO_NODE && kind <= LOG_SLOTS && kind != LOG_ASSIGNED &&
		kind != LOG_DMA_POOL_FAILED && kind != LOG_RESTRICTED_MAPPING &&
		kind != LOG_DEFAULT_SET && kind != LOG_BEYOND);
}

/*
 * A log may have several boots. Each begins with the kernel's version, of which people leave out
 * the line: then what is early again belongs to another one. NULL: that would be one too many.
 */
static struct log_boot *boot_of_line(struct boot_log *log, enum log_kind kind)
{
	struct log_boot *boot = last_boot(log);
	bool again = (boot->cma_bytes.known && is_early(kind)) ||
		     (boot->cmdline && kind == LOG_CMDLINE) ||
		     (kind == LOG_VERSION && (boot->line || log->entries.count));

	if (!again)
		return boot;
	log->full = log->boots.count == LOG_BOOTS_MAX;
	return log->full ? NULL : array_add(&log->boots);
}

static void set_version(struct log_boot *boot, const struct log_match *match, uint64_t line)
{
	boot->line = line;
	free(boot->release);
	boot->release = name_copy(match, 0);
	if (kernel_version_parse(boot->release, &boot->version))
		boot->version = 0;
}

static void add_zone(struct log_boot *boot, const struct log_match *match)
{
	if (boot->zones.count < LOG_ZONES_MAX)
		*array_add(&boot->zones) = (struct log_zone){name_copy(match, 0), match->numbers[0],
							     match->numbers[1]};
}

static void replace(char **text, char *with)
{
	free(*text);
	*text = with;
}

/* What is kept of the boot; says whether the line is one of those that are explained as well. */
static bool take_fact(struct log_boot *boot, const struct log_match *match, uint64_t line, bool cut)
{
	switch (match->kind) {
	case LOG_VERSION:
		set_version(boot, match, line);
		return false;
	case LOG_MACHINE:
		replace(&boot->machine, name_copy(match, 0));
		boot->machine_line = line;
		return false;
	case LOG_ZONE:
		add_zone(boot, match);
		return false;
	case LOG_CMDLINE:
		replace(&boot->cmdline, name_copy(match, 0));
		boot->cmdline_cut = cut;
		return true;
	case LOG_PARAMETERS: /* of interest only where they are about CMA */
		return match->name_count &&
		       memmem(match->names[0].text, match->names[0].length, "cma=", 4);
	case LOG_MEMORY:
		if (match->numbers[2] <= UINT64_MAX / 1024)
			boot->cma_bytes = (struct maybe){true, match->numbers[2] * 1024};
		return true;
	default:
		return true;
	}
}

static bool is_again(const struct log_entry *entry, const char *text, uint64_t line)
{
	return entry->line + entry->count == line && !strcmp(entry->text, text);
}

static void add_entry(struct boot_log *log, const struct log_match *match, const char *text,
		      uint64_t line, bool cut)
{
	struct log_entry *entry =
		log->entries.count ? &log->entries.items[log->entries.count - 1] : NULL;

	if (entry && is_again(entry, text, line)) {
		entry->count++;
		return;
	}
	if (log->entries.count == LOG_ENTRIES_MAX) {
		log->left_out++;
		return;
	}
	entry = array_add(&log->entries);
	entry->kind = match->kind;
	entry->line = line;
	entry->count = 1;
	entry->boot = log->boots.count - 1;
	entry->cut = cut;
	entry->text = xstrdup(text);
	entry->name_count = match->name_count;
	for (size_t i = 0; i < match->name_count; i++)
		entry->names[i] = name_copy(match, i);
	entry->number_count = match->number_count;
	for (size_t i = 0; i < match->number_count; i++)
		entry->numbers[i] = match->numbers[i];
}

static void take(struct boot_log *log, const struct log_match *match, const char *text,
		 uint64_t line, bool too_long)
{
	bool cut = match->cut || (too_long && match->kind == LOG_CMDLINE);
	struct log_boot *boot = log->full ? NULL : boot_of_line(log, match->kind);

	if (!boot)
		log->left_out++;
	else if (take_fact(boot, match, line, cut))
		add_entry(log, match, text, line, cut);
}

/* The message that was cut is all that there is of it. */
static void close_open(struct boot_log *log)
{
	struct log_reader *reader = log->reader;
	struct log_match match;

	if (reader->open_line && log_match(reader->open, &match))
		take(log, &match, reader->open, reader->open_line, false);
	reader->open_line = 0;
}

/* Whether MESSAGE goes on where the last one was cut; then it is taken with that. */
static bool joins(struct boot_log *log, const char *message)
{
	static const char *const between[] = {" ", ""};
	struct log_reader *reader = log->reader;

	for (size_t i = 0; i < COUNT_OF(between) && reader->open_line; i++) {
		AUTO_FREE char *whole = xasprintf("%s%s%s", reader->open, between[i], message);
		struct log_match match;

		if (!log_match(whole, &match))
			continue;
		if (match.cut && strlen(whole) <= LOG_LINE_MAX) {
			memcpy(reader->open, whole, strlen(whole) + 1);
		} else {
			take(log, &match, whole, reader->open_line, false);
			reader->open_line = 0;
		}
		reader->open_head = false;
		return true;
	}
	return false;
}

static void end_line(struct boot_log *log)
{
	struct log_reader *reader = log->reader;
	struct log_match match;
	const char *message;
	bool stamped;

	log->lines++;
	reader->line[reader->length] = '\0';
	message = log_clean(reader->line, &stamped);
	if (((stamped || reader->records) && !reader->open_head) || !joins(log, message)) {
		close_open(log);
		if (log_match(message, &match)) {
			reader->open_head = match.kind == LOG_OVERLAP_HEAD;
			if (match.cut || reader->open_head) {
				memcpy(reader->open, message, strlen(message) + 1);
				reader->open_line = log->lines;
			} else {
				take(log, &match, message, log->lines, reader->too_long);
			}
		}
	}
	reader->length = 0;
	reader->too_long = false;
}

void boot_log_feed(struct boot_log *log, const char *data, size_t size)
{
	struct log_reader *reader = log->reader;

	for (size_t i = 0; i < size; i++) {
		if (data[i] == '\n')
			end_line(log);
		else if (!data[i])
			continue; /* of a serial line, or of text in UTF-16 */
		else if (reader->length < LOG_LINE_MAX)
			reader->line[reader->length++] = data[i];
		else
			reader->too_long = true;
	}
}

void boot_log_end(struct boot_log *log)
{
	if (log->reader->length)
		end_line(log);
	close_open(log);
}

void boot_log_free(struct boot_log *log)
{
	array_for_each (&log->entries, entry) {
		free(entry->text);
		for (size_t i = 0; i < LOG_NAMES; i++)
			free(entry->names[i]);
	}
	array_free(&log->entries);
	array_for_each (&log->boots, boot) {
		free(boot->release);
		free(boot->machine);
		free(boot->cmdline);
		array_for_each (&boot->zones, zone)
			free(zone->name);
		array_free(&boot->zones);
	}
	array_free(&log->boots);
	free(log->reader);
	*log = (struct boot_log){0};
}

int boot_log_load(const char *path, struct boot_log *log)
{
	AUTO_CLOSE int fd = -1;
	AUTO_FREE char *data = xcalloc(1, 65536);
	ssize_t got;

	boot_log_begin(log);
	fd = strcmp(path, "-") != 0 ? file_open(path, O_RDONLY)
				    : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return strcmp(path, "-") != 0 ? fd : -errno;
	while ((got = file_get(fd, data, 65536)) > 0)
		boot_log_feed(log, data, (size_t)got);
	boot_log_end(log);
	return got < 0 ? (int)got : 0;
}

static void feed_record(void *log, const char *text, size_t size)
{
	boot_log_feed(log, text, size);
}

int boot_log_read(const struct root *root, struct boot_log *log)
{
	int error;

	boot_log_begin(log);
	boot_log_expect_records(log);
	error = kmsg_read(root, feed_record, log);
	boot_log_end(log);
	return error;
}
