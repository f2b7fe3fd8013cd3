// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/kmsg.h"

#include <errno.h>
#include <fcntl.h>
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

/* "PRIORITY,SEQUENCE,TIME,FLAGS[,…];TEXT\n" and lines that begin with a blank, about the device. */
static void take_record(char *record, void (*take)(void *context, const char *text, size_t size),
			void *context)
{
	char *end;
	unsigned long priority = strtoul(record, &end, 10);
	char *text = strchr(record, ';');

	/* facility 0: the kernel itself, not what programs write there */
	if (*end != ',' || !text || priority >> 3)
		return;
	text++;
	end = text + strcspn(text, "\n");
	*end = '\n';
	take(context, text, (size_t)(end - text) + 1);
}

int kmsg_read(const struct root *root, void (*take)(void *context, const char *text, size_t size),
	      void *context)
{
	AUTO_CLOSE int fd = -1;
	AUTO_FREE char *record = xcalloc(RECORD_SIZE + 2, 1);

	if (!root_is_live(root))
		return -ENOENT;
	fd = root_open_file(root, "/dev/kmsg", O_RDONLY | O_NONBLOCK | O_NOCTTY);
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
		take_record(record, take, context);
	}
	return 0;
}
