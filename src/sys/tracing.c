// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/tracing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/file.h"
#include "sys/root.h"

#define PREFIX "dmaheap-"

/* Bytes of one read(2), of a line before it is given up, and of one tracing_read(). */
enum {
	CHUNK = 65536,
	LINE_MOST = 1 << 20,
	READ_MOST = 1 << 24,
};
#define READ_LIMIT UINT64_C(1000000000) /* ns, of one tracing_read() */

struct tracing {
	char *path; /* of the instance */
	int pipe;
	char *rest; /* a line that has begun */
	size_t rest_length;
};

/* tracefs itself, or where it was before Linux 4.1. */
static const char *tracefs(void)
{
	static const char *const places[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

	for (size_t i = 0; i < COUNT_OF(places); i++) {
		AUTO_FREE char *instances = xasprintf("%s/instances", places[i]);
		struct stat status;

		/* who may not look into it is told so at the first call */
		if (root_lstat(root_live(), instances, &status) != -ENOENT)
			return places[i];
	}
	return places[0];
}

static int write_file(const char *directory, const char *name, const char *text)
{
	AUTO_FREE char *path = xasprintf("%s/%s", directory, name);
	AUTO_CLOSE int fd = file_open(path, O_WRONLY);
	ssize_t done;

	if (fd < 0)
		return TAKE_FD(fd);
	done = file_put(fd, text, strlen(text));
	return done < 0 ? (int)done : 0;
}

/* A living process keeps its trace_pipe open, and rmdir(2) then fails with EBUSY. */
static void remove_stale(const char *instances)
{
	AUTO_STRINGS struct strings names = {0};

	if (root_list(root_live(), instances, &names))
		return;
	array_for_each (&names, name) {
		AUTO_FREE char *path = xasprintf("%s/%s", instances, *name);
		uint64_t pid;

		if (text_starts_with(*name, PREFIX) &&
		    !parse_number(*name + strlen(PREFIX), &pid) && pid && pid <= INT32_MAX &&
		    kill((pid_t)pid, 0) && errno == ESRCH)
			rmdir(path);
	}
}

static int enable(const struct tracing *tracing, const char *const *events)
{
	size_t enabled = 0;

	for (; *events; events++) {
		AUTO_FREE char *file = xasprintf("events/%s/enable", *events);
		int error = write_file(tracing->path, file, "1");

		if (error && error != -ENOENT)
			return error;
		enabled += !error;
	}
	return enabled ? 0 : -ENOENT;
}

/* PROC_PID_INIT_INO of include/linux/proc_ns.h: tracefs counts processes as this namespace does. */
static bool in_first_namespace(void)
{
	AUTO_FREE char *link = NULL;

	return !root_readlink(root_live(), "/proc/self/ns/pid", &link) &&
	       !strcmp(link, "pid:[4026531836]");
}

static int follow_own(const struct tracing *tracing)
{
	AUTO_FREE char *pid = xasprintf("%d", (int)getpid());
	int error;

	if (!in_first_namespace())
		return -EOPNOTSUPP;
	error = write_file(tracing->path, "options/event-fork", "1");
	if (!error)
		error = write_file(tracing->path, "set_event_pid", pid);
	return error;
}

/* Makes the directory. */
static int make(const char *path)
{
	/* of a dead process with our number, whose instance was not removable */
	if (mkdir(path, 0700) && (errno != EEXIST || rmdir(path) || mkdir(path, 0700)))
		return -errno;
	return 0;
}

static int begin(struct tracing *tracing, const struct tracing_wanted *wanted)
{
	AUTO_FREE char *pipe = xasprintf("%s/trace_pipe", tracing->path);
	int error = 0;

	tracing->pipe = file_open(pipe, O_RDONLY | O_NONBLOCK);
	/* one that does not see this process, in another PID namespace, has taken it for stale */
	if (tracing->pipe == -ENOENT && !make(tracing->path))
		tracing->pipe = file_open(pipe, O_RDONLY | O_NONBLOCK);
	if (tracing->pipe < 0)
		return TAKE_FD(tracing->pipe);
	if (wanted->bare)
		error = write_file(tracing->path, "options/context-info", "0");
	if (!error && wanted->own)
		error = follow_own(tracing);
	if (!error && wanted->followed)
		error = write_file(tracing->path, "trace_clock", "mono");
	/* else poll(2) waits for half a buffer of them; before Linux 5.0 it does not */
	if (!error && wanted->followed)
		write_file(tracing->path, "buffer_percent", "0");
	return error ? error : enable(tracing, wanted->events);
}

int tracing_begin(const struct tracing_wanted *wanted, struct tracing **tracing)
{
	AUTO_FREE char *instances = xasprintf("%s/instances", tracefs());
	AUTO_FREE char *path = xasprintf("%s/" PREFIX "%d", instances, (int)getpid());
	struct tracing *made;
	int error;

	remove_stale(instances);
	error = make(path);
	if (error)
		return error;
	made = xcalloc(1, sizeof(*made));
	*made = (struct tracing){.path = TAKE_POINTER(path), .pipe = -1};
	error = begin(made, wanted);
	if (error) {
		tracing_end(made);
		return error;
	}
	*tracing = made;
	return 0;
}

int tracing_add(const struct tracing *tracing, const char *event, const char *filter)
{
	AUTO_FREE char *condition = xasprintf("events/%s/filter", event);
	AUTO_FREE char *file = xasprintf("events/%s/enable", event);
	int error = filter ? write_file(tracing->path, condition, filter) : 0;

	return error ? error : write_file(tracing->path, file, "1");
}

int tracing_descriptor(const struct tracing *tracing)
{
	return tracing->pipe;
}

/* "CPU:0 [LOST 12 EVENTS]": print_lost_events() of kernel/trace/trace.c */
static bool is_lost(const char *line, uint64_t *lost)
{
	const char *bracket = text_starts_with(line, "CPU:") ? strstr(line, " [LOST ") : NULL;
	AUTO_FREE char *digits = NULL;
	uint64_t count;

	if (!bracket)
		return false;
	bracket += strlen(" [LOST ");
	digits = xstrndup(bracket, strspn(bracket, "0123456789"));
	if (lost)
		*lost += parse_number(digits, &count) ? 1 : count;
	return true;
}

/* Splits what was read; the last line may not be whole yet. */
static void take_lines(struct tracing *tracing, const char *data, size_t size,
		       struct strings *lines, uint64_t *lost)
{
	while (size) {
		const char *end = memchr(data, '\n', size);
		size_t length = end ? (size_t)(end - data) : size;

		if (tracing->rest_length + length <= LINE_MOST) {
			tracing->rest =
				xreallocarray(tracing->rest, tracing->rest_length + length + 1, 1);
			memcpy(tracing->rest + tracing->rest_length, data, length);
			tracing->rest_length += length;
			tracing->rest[tracing->rest_length] = '\0';
		}
		if (!end)
			return;
		if (tracing->rest_length && !is_lost(tracing->rest, lost))
			strings_add(lines, tracing->rest);
		tracing->rest_length = 0;
		data = end + 1;
		size -= length + 1;
	}
}

int tracing_read(struct tracing *tracing, struct strings *lines, uint64_t *lost)
{
	AUTO_FREE char *data = xcalloc(CHUNK, 1);
	uint64_t until = clock_deadline(READ_LIMIT);
	size_t all = 0;

	for (;;) {
		ssize_t size = read(tracing->pipe, data, CHUNK);

		if (size > 0 && ((all += (size_t)size) > READ_MOST || clock_ns() >= until))
			return -EAGAIN;
		if (size > 0)
			take_lines(tracing, data, (size_t)size, lines, lost);
		else if (!size || errno == EAGAIN)
			return 0;
		else if (errno != EINTR)
			return -errno;
	}
}

void tracing_leave(struct tracing *tracing)
{
	close(tracing->pipe);
	tracing->pipe = -1;
}

void tracing_end(struct tracing *tracing)
{
	if (!tracing)
		return;
	if (tracing->pipe >= 0)
		close(tracing->pipe);
	/* removing it stops its events, __remove_instance(); where another has it open it stays */
	if (rmdir(tracing->path))
		write_file(tracing->path, "tracing_on", "0");
	free(tracing->path);
	free(tracing->rest);
	free(tracing);
}
