// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/trial.h"

#include <errno.h>
#include <linux/dma-buf.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/constant.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "conformance/engine/needs.h"
#include "conformance/engine/outcome.h"
#include "conformance/engine/sandbox.h"
#include "model/heap/cma_area.h"
#include "sys/dmabuf.h"
#include "sys/fdinfo.h"
#include "sys/file.h"
#include "sys/root.h"

/* How long a handshake between processes of a trial may take. */
#define HANDSHAKE_MS 10000

/* What this thread does; a settled outcome keeps the action of the thread that settled it. */
static _Thread_local struct {
	char say[256], action[1024];
	bool preparing;
} doing;

void trial_say(struct trial *trial, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(doing.say, sizeof(doing.say), format, arguments);
	va_end(arguments);
	trial_call(trial, NULL);
}

void trial_call(struct trial *trial, const char *call)
{
	bool say = *doing.say && !doing.preparing;

	snprintf(doing.action, sizeof(doing.action), "%s%s%s", say ? doing.say : "",
		 say && call ? ": " : "", call ? call : "");
	if (trial->outcome->verdict == VERDICT_NONE)
		memcpy(trial->outcome->action, doing.action, sizeof(doing.action));
}

void trial_prepare(bool preparing)
{
	doing.preparing = preparing;
}

/* What another process of the same trial said first stays. */
static void settle(struct trial *trial, enum verdict verdict, enum skip reason,
		   const char *expected, const char *got, va_list arguments)
	__attribute__((format(printf, 5, 0)));
static void settle(struct trial *trial, enum verdict verdict, enum skip reason,
		   const char *expected, const char *got, va_list arguments)
{
	struct outcome *outcome = trial->outcome;

	if (!atomic_flag_test_and_set(&outcome->settled)) {
		snprintf(outcome->expected, sizeof(outcome->expected), "%s", expected);
		vsnprintf(outcome->got, sizeof(outcome->got), got, arguments);
		outcome->reason = reason;
		outcome->verdict = verdict;
		outcome->preparing = doing.preparing;
		memcpy(outcome->action, doing.action, sizeof(doing.action));
	}
}

void trial_fail(struct trial *trial, const char *expected, const char *got, ...)
{
	va_list arguments;

	va_start(arguments, got);
	settle(trial, VERDICT_FAIL, SKIP_NONE, expected, got, arguments);
	va_end(arguments);
	_exit(EXIT_FAILURE);
}

void trial_skip(struct trial *trial, enum skip reason, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	settle(trial, VERDICT_SKIP, reason, "", format, arguments);
	va_end(arguments);
	_exit(EXIT_FAILURE);
}

/* Notes a call that was noted before, and has come to something wrong. */
static void call_again(struct trial *trial, const char *call)
{
	if (call)
		trial_call(trial, call);
}

void trial_expect_errno(struct trial *trial, const char *call, long result, int error)
{
	const char *got = error_name(errno);

	if (result == -1 && errno == error)
		return;
	call_again(trial, call);
	if (result == -1)
		trial_fail(trial, error_name(error), "%s", got);
	if (result > 4096 || result < 0)
		trial_fail(trial, error_name(error), "success");
	trial_fail(trial, error_name(error), "success (%ld)", result);
}

long trial_expect_done(struct trial *trial, const char *call, long result)
{
	const char *got = error_name(errno);

	if (result != -1)
		return result;
	call_again(trial, call);
	trial_fail(trial, "success", "%s", got);
}

void trial_expect_number(struct trial *trial, const char *value, long long found,
			 long long expected)
{
	char text[32];

	if (found == expected)
		return;
	call_again(trial, value);
	snprintf(text, sizeof(text), "%lld", expected);
	trial_fail(trial, text, "%lld", found);
}

void trial_expect_true(struct trial *trial, const char *condition, bool holds)
{
	if (holds)
		return;
	call_again(trial, condition);
	trial_fail(trial, condition, "the contrary");
}

void trial_expect_text(struct trial *trial, const char *value, const char *found,
		       const char *expected)
{
	if (!strcmp(found, expected))
		return;
	call_again(trial, value);
	trial_fail(trial, expected, "%s", found);
}

void trial_expect_bytes(struct trial *trial, const char *what, const void *memory, size_t size,
			unsigned char byte)
{
	const unsigned char *bytes = memory;
	size_t offset = 0;
	char text[32];

	/* quick where all is well; the memory may change meanwhile */
	if (!size || (*bytes == byte && !memcmp(bytes, bytes + 1, size - 1)))
		return;
	while (offset < size - 1 && bytes[offset] == byte)
		offset++;
	call_again(trial, what);
	snprintf(text, sizeof(text), "0x%02x in every byte", byte);
	trial_fail(trial, text, "0x%02x at offset %zu of %zu", bytes[offset], offset, size);
}

const char *access_name(int flags)
{
	static const char *const names[] = {[O_RDONLY] = "O_RDONLY",
					    [O_WRONLY] = "O_WRONLY",
					    [O_RDWR] = "O_RDWR",
					    [O_ACCMODE] = "3 (neither reading nor writing)"};

	return names[flags & O_ACCMODE];
}

void trial_expect_access(struct trial *trial, const char *call, int flags, int mode)
{
	trial_expect_done(trial, call, flags);
	trial_expect_text(trial, call, access_name(flags), access_name(mode));
}

int plain_result(int result)
{
	if (result >= 0)
		return result;
	errno = -result;
	return -1;
}

int allocate(int heap, uint64_t size, int flags)
{
	return plain_result(heap_allocate(heap, size, flags));
}

/* A buffer that is not what was asked for fails one test after the other: once, on their way. */
static void not_as_asked(struct trial *trial, const char *got, const char *expected)
	__attribute__((noreturn));
static void not_as_asked(struct trial *trial, const char *got, const char *expected)
{
	trial_prepare(true);
	trial_call(trial, "allocate a buffer");
	trial_fail(trial, expected, "%s", got);
}

static void wrong_size(struct trial *trial, size_t size, off_t found)
{
	char expected[64];

	snprintf(expected, sizeof(expected), "%zu bytes (there are %jd)", size, (intmax_t)found);
	not_as_asked(trial,
		     (uint64_t)found < size ? "one that is too short" : "one that is too long",
		     expected);
}

void trial_expect_size(struct trial *trial, int fd, size_t size)
{
	struct stat status;

	trial_call(trial, "fstat of a buffer");
	trial_expect_done(trial, NULL, fstat(fd, &status));
	if ((uint64_t)status.st_size != size)
		wrong_size(trial, size, status.st_size);
}

void trial_expect_rights(struct trial *trial, int fd, int flags)
{
	char got[64];
	int found;

	trial_call(trial, "fcntl of a buffer, F_GETFL");
	found = (int)trial_expect_done(trial, NULL, fcntl(fd, F_GETFL));
	if ((found & O_ACCMODE) == (flags & O_ACCMODE))
		return;
	snprintf(got, sizeof(got), "a descriptor with %s", access_name(found));
	not_as_asked(trial, got, access_name(flags));
}

int trial_any_buffer(struct trial *trial, size_t size, int flags)
{
	int fd;

	/* what fails from the beginning is one failure, not one of each test */
	trial_prepare(trial->target->alloc_error != 0);
	trial_call(trial, "allocate a buffer");
	if (trial->full)
		trial_skip(trial, SKIP_NO_MEMORY, "not a page is left");
	fd = allocate(trial->heap, size, flags);
	if (fd < 0 && errno == ENOMEM)
		trial_skip(trial, SKIP_NO_MEMORY, "%zu bytes: ENOMEM", size);
	trial_expect_done(trial, NULL, fd);
	trial_prepare(false);
	return fd;
}

static int as_asked(struct trial *trial, int fd, size_t size, int flags)
{
	size_t least = (size + trial->page - 1) / trial->page * trial->page;
	off_t length = lseek(fd, 0, SEEK_END);

	if (length >= 0 && (uint64_t)length < least)
		wrong_size(trial, least, length);
	trial_expect_rights(trial, fd, flags);
	return fd;
}

int trial_allocate(struct trial *trial, size_t size, int flags)
{
	return as_asked(trial, trial_any_buffer(trial, size, flags), size, flags);
}

#define LARGEST_MOST ((uint64_t)64 << 20)

int trial_largest(struct trial *trial, size_t *size)
{
	uint64_t capacity = trial->target->capacity / trial->page * trial->page;
	uint64_t most = capacity < LARGEST_MOST ? capacity : LARGEST_MOST;

	trial_call(trial, "allocate a large buffer");
	for (; !trial->full && most > trial->large; most = most / 2 / trial->page * trial->page) {
		int fd = allocate(trial->heap, most, O_RDWR | O_CLOEXEC);

		*size = (size_t)most;
		if (fd >= 0)
			return as_asked(trial, fd, *size, O_RDWR);
		if (errno != ENOMEM)
			trial_expect_done(trial, NULL, fd);
	}
	*size = trial->large;
	return trial_buffer(trial, trial->large);
}

void *trial_map(struct trial *trial, int fd, size_t size)
{
	void *memory;

	trial_prepare(true);
	EXPECT_OK(trial, dmabuf_map(fd, size, PROT_READ | PROT_WRITE, &memory));
	trial_prepare(false);
	return memory;
}

void trial_sync_done(struct trial *trial, uint64_t flags, int result)
{
	static const char *const names[] = {"nothing", "reading", "writing", "both"};
	char expected[64];

	if (result >= 0)
		return;
	snprintf(expected, sizeof(expected), "success at the %s of CPU access for %s",
		 flags & DMA_BUF_SYNC_END ? "end" : "start", names[flags & DMA_BUF_SYNC_RW]);
	trial_prepare(true);
	trial_call(trial, "DMA_BUF_IOCTL_SYNC");
	trial_fail(trial, expected, "%s", error_name(-result));
}

void trial_sync(struct trial *trial, int fd, uint64_t flags)
{
	trial_call(trial, "DMA_BUF_IOCTL_SYNC");
	trial_sync_done(trial, flags, dmabuf_sync(fd, flags));
}

pid_t trial_fork(struct trial *trial)
{
	pid_t child = sandbox_fork();

	if (child < 0 && errno == EAGAIN)
		trial_skip(trial, SKIP_NO_PROCESS, "fork: EAGAIN");
	return EXPECT_DONE(trial, child);
}

void trial_join(struct trial *trial, pid_t child)
{
	int status;

	if (EXPECT_DONE(trial, waitpid(child, &status, 0)) != child || !WIFEXITED(status))
		trial_fail(trial, "the child ends", "it was killed by signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		_exit(EXIT_FAILURE); /* it has said why */
}

void trial_child_done(void)
{
	_exit(EXIT_SUCCESS);
}

void trial_await(struct trial *trial, int fd)
{
	struct pollfd poll_for = {.fd = fd, .events = POLLIN};
	char byte;

	trial_call(trial, "wait for the other process");
	if (poll(&poll_for, 1, HANDSHAKE_MS) != 1 || read(fd, &byte, 1) != 1)
		trial_fail(trial, "it answers", "it does not");
}

void trial_signal(struct trial *trial, int fd)
{
	EXPECT_NUMBER(trial, 1, write(fd, "", 1));
}

void trial_unreadable(struct trial *trial, const char *path, int error)
{
	trial_skip(trial, needs_reason(path, error, SKIP_NO_FEATURE), "%s: %s", path,
		   error_words(error));
}

static char *read_fdinfo(struct trial *trial, int fd)
{
	char *text;
	int error = fdinfo_read_own(fd, &text);

	if (error)
		trial_unreadable(trial, "/proc/self/fdinfo", error);
	return text;
}

char *fd_value(struct trial *trial, int fd, const char *key)
{
	AUTO_FREE char *text = read_fdinfo(trial, fd);

	return fdinfo_value(text, key);
}

long long fd_number(struct trial *trial, int fd, const char *key)
{
	AUTO_FREE char *text = read_fdinfo(trial, fd);
	uint64_t number;

	return fdinfo_number(text, key, &number) ? -1 : (long long)number;
}

/* None is longer, not even the kernel's listing of all buffers. */
#define FILE_MOST ((size_t)64 << 20)

char *trial_read(struct trial *trial, const char *path, ...)
{
	char full[512], *text = NULL;
	va_list arguments;
	size_t size;
	int error;

	va_start(arguments, path);
	vsnprintf(full, sizeof(full), path, arguments);
	va_end(arguments);
	error = file_read(full, FILE_MOST, &text, &size);
	if (error)
		trial_unreadable(trial, full, error);
	return text;
}

char *trial_link(struct trial *trial, int fd)
{
	AUTO_FREE char *path = xasprintf("/proc/self/fd/%d", fd);
	char *target = NULL;

	int error = root_readlink(root_live(), path, &target);

	if (error)
		trial_unreadable(trial, path, error);
	return target;
}

const char *after_key(const char *text, const char *key)
{
	for (const char *at = text; (at = strstr(at, key)); at++) {
		if (at == text || at[-1] == '\n')
			return at + strlen(key);
	}
	return NULL;
}

const char *trial_area(struct trial *trial)
{
	if (!trial->target->area)
		trial_skip(trial, SKIP_NOT_KNOWN, "its area is unknown");
	return trial->target->area;
}

long long file_number(const char *path)
{
	AUTO_FREE char *line = NULL;
	size_t size;

	return file_read(path, 4096, &line, &size) || !size ? -1 : strtoll(line, NULL, 10);
}

long long cma_counter(struct trial *trial, const char *area, const char *file)
{
	uint64_t pages;

	if (cma_counter_read(root_live(), area, file, &pages))
		trial_skip(trial, SKIP_NO_COUNTERS, "no " CMA_DIRECTORY "/%s/%s", area, file);
	return (long long)pages;
}

long long cma_in_use(struct trial *trial, const char *area)
{
	uint64_t pages;

	if (cma_pages_in_use(root_live(), area, &pages))
		trial_skip(trial, SKIP_NO_COUNTERS, "no " CMA_DIRECTORY "/%s/release_pages_success",
			   area);
	return (long long)pages;
}
