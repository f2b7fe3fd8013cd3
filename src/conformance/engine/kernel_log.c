// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/kernel_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/root.h"

/* A record of /dev/kmsg is never longer: PRINTK_MESSAGE_MAX, kernel/printk/internal.h. */
#define RECORD_SIZE   8192
#define LEVEL_WARNING 4

struct kernel_log {
	const struct root *root;
	int fd; /* -1: may not be read */
	uint64_t taint;
};

struct kernel_log *kernel_log_new(const struct root *root)
{
	struct kernel_log *log = xcalloc(1, sizeof(*log));
	char record[1];

	log->root = root;
	log->fd = root_open_file(root, "/dev/kmsg", O_RDONLY | O_NONBLOCK);
	/* some kernels let it be opened and refuse the reading; EINVAL: the record is longer, fine
	 */
	if (log->fd >= 0 && read(log->fd, record, sizeof(record)) < 0 && errno == EPERM) {
		close(log->fd);
		log->fd = -1;
	}
	kernel_log_reset(log);
	return log;
}

void kernel_log_free(struct kernel_log *log)
{
	if (!log)
		return;
	if (log->fd >= 0)
		close(log->fd);
	free(log);
}

bool kernel_log_is_readable(const struct kernel_log *log)
{
	return log->fd >= 0;
}

static uint64_t read_taint(const struct kernel_log *log)
{
	uint64_t taint = 0;

	if (root_read_number(log->root, "/proc/sys/kernel/tainted", &taint))
		return 0;
	return taint;
}

void kernel_log_reset(struct kernel_log *log)
{
	if (log->fd >= 0)
		lseek(log->fd, 0, SEEK_END);
	log->taint = read_taint(log);
}

uint64_t kernel_log_new_taint(struct kernel_log *log)
{
	return read_taint(log) & ~log->taint;
}

static bool is_splat(const char *text)
{
	static const char *const beginnings[] = {
		"WARNING:",
		"BUG:",
		"Oops",
		"Internal error:",
		"Unable to handle kernel",
		"kernel BUG at",
		"general protection fault",
		"------------[ cut here ]",
		"INFO: task",
		"refcount_t:",
		"KASAN:",
		"UBSAN:",
	};

	for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
		if (text_starts_with(text, beginnings[i]))
			return true;
	}
	return false;
}

/* What the kernel says of a machine that is slow or busy: no statement causes it. */
static bool is_about_time(const char *text)
{
	static const char *const beginnings[] = {
		"hrtimer: interrupt took", "perf: interrupt took", "clocksource:",
		"sched: RT throttling",    "workqueue: ",
	};

	for (size_t i = 0; i < COUNT_OF(beginnings); i++) {
		if (text_starts_with(text, beginnings[i]))
			return true;
	}
	return false;
}

/* The text of a record "PRIORITY,SEQUENCE,TIME,FLAGS[,…];TEXT\n" if it is bad, or NULL. */
static char *bad_text(const char *record, bool quiet_ok)
{
	char *end;
	unsigned long priority = strtoul(record, &end, 10);
	const char *text = strchr(record, ';');

	/* facility 0: the kernel itself, not what programs write there */
	if (*end != ',' || !text || priority >> 3)
		return NULL;
	text++;
	if (is_about_time(text))
		return NULL;
	if (!is_splat(text) && (quiet_ok || (priority & 7) > LEVEL_WARNING))
		return NULL;
	return xstrndup(text, strcspn(text, "\n"));
}

char *kernel_log_complaint(struct kernel_log *log, bool quiet_ok)
{
	char *complaint = NULL;
	AUTO_FREE char *record = xcalloc(RECORD_SIZE + 1, 1);

	while (log->fd >= 0 && !complaint) {
		ssize_t length = read(log->fd, record, RECORD_SIZE);

		if (length < 0 && (errno == EPIPE || errno == EINTR || errno == EINVAL))
			continue; /* EPIPE: records were overwritten, the next read goes on */
		if (length <= 0)
			break;
		record[length] = '\0';
		complaint = bad_text(record, quiet_ok);
	}
	return complaint;
}
