// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/root.h"

/* A record is never longer: PRINTK_MESSAGE_MAX, kernel/printk/internal.h (7.2); 8192 before 6.4. */
#define RECORD_SIZE 8192
/* More than a buffer of CONFIG_LOG_BUF_SHIFT=25 holds: a log that grows as fast as it is read ends
 */
#define RECORDS_MAX 1000000

/* Facility 0: the kernel itself, not what programs write there. */
static bool is_kernels(const char *record)
{
	char *end;
	unsigned long priority = strtoul(record, &end, 10);

	return end != record && *end == ',' && !(priority >> 3) && strchr(record, ';');
}

static int read_live(const struct root *root,
		     void (*take)(void *context, const char *record, size_t size), void *context)
{
	AUTO_CLOSE int fd = root_open_file(root, KMSG_PATH, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	AUTO_FREE char *record = xcalloc(RECORD_SIZE + 2, 1);

	if (fd < 0)
		return fd;
	for (unsigned int count = 0; count < RECORDS_MAX; count++) {
		ssize_t length = read(fd, record, RECORD_SIZE);

		if (length < 0 && (errno == EPIPE || errno == EINTR || errno == EINVAL))
			continue; /* EPIPE: records were overwritten, the next read goes on */
		if (length < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (!length)
			break;
		record[length] = '\0';
		if (is_kernels(record))
			take(context, record, (size_t)length);
	}
	return 0;
}

/* Each line is handed on as a record: those about the device have no text. */
static int read_captured(const struct root *root,
			 void (*take)(void *context, const char *record, size_t size),
			 void *context)
{
	AUTO_FREE char *line = NULL;
	AUTO_FCLOSE FILE *stream = NULL;
	size_t room = 0;
	ssize_t length;
	int error = root_stream(root, KMSG_PATH, &stream);

	if (error)
		return error == -ENODEV ? -ENOENT : error; /* a device: no log was captured */
	for (unsigned int count = 0; count < RECORDS_MAX; count++) {
		length = getline(&line, &room, stream);
		if (length <= 0)
			break;
		if (is_kernels(line))
			take(context, line, (size_t)length);
	}
	return ferror(stream) ? -EIO : 0;
}

int kmsg_records(const struct root *root,
		 void (*take)(void *context, const char *record, size_t size), void *context)
{
	return root_is_live(root) ? read_live(root, take, context)
				  : read_captured(root, take, context);
}

struct taker {
	void (*take)(void *context, const char *text, size_t size);
	void *context;
};

static void take_text(void *context, const char *record, size_t size)
{
	const struct taker *taker = context;
	const char *text = strchr(record, ';') + 1;
	size_t length = strcspn(text, "\n");
	AUTO_FREE char *line = xasprintf("%.*s\n", (int)length, text);

	(void)size;
	taker->take(taker->context, line, length + 1);
}

int kmsg_read(const struct root *root, void (*take)(void *context, const char *text, size_t size),
	      void *context)
{
	struct taker taker = {take, context};

	return kmsg_records(root, take_text, &taker);
}
