/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the function of a statement uses. It runs in a process of its own, which ends with it:
 * nothing it opens, maps or forks with trial_fork() has to be released. The first expectation that
 * does not hold ends the process; a function that returns has passed.
 *
 * Each expectation leaves evidence: the action (the call as it stands in the source, after the
 * words of the last trial_say()), what it got and what was expected.
 */
#ifndef CONFORMANCE_ENGINE_TRIAL_H
#define CONFORMANCE_ENGINE_TRIAL_H

#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "conformance/engine/statement.h"
#include "conformance/engine/target.h"

struct outcome;

struct trial {
	const struct statement *statement;
	const struct target *target; /* the heap; NULL where the statement needs none */
	int heap;                    /* its node, open for reading and writing, or -1 */
	bool full;                   /* it is known to have not a page left */
	bool busy;       /* its buffers have a fence, and the statement can't have that */
	uint32_t kernel; /* KERNEL() of the running kernel */
	size_t page;
	size_t small, large; /* sizes that suit the heap: a few pages; enough to be in pieces */
	struct outcome *outcome;
};

/* Words for what is being tried, which go before the calls in the evidence. */
void trial_say(struct trial *trial, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Between true and false: what is done is not what the statement is about, but what many need
 * before. Of several that fail there with the same evidence, on one heap, the first is a failure.
 */
void trial_prepare(bool preparing);

/* Ends the statement. */
void trial_fail(struct trial *trial, const char *expected, const char *got, ...)
	__attribute__((noreturn, format(printf, 3, 4)));
void trial_skip(struct trial *trial, enum skip reason, const char *format, ...)
	__attribute__((noreturn, format(printf, 3, 4)));

/*
 * Behind the macros. CALL is noted before it is made, so that a hang or crash names it, and once
 * more where what it has come to is wrong: calls within it have noted themselves. NULL: the words
 * that are there stay.
 */
void trial_call(struct trial *trial, const char *call);
void trial_expect_errno(struct trial *trial, const char *call, long result, int error);
long trial_expect_done(struct trial *trial, const char *call, long result);
void trial_expect_number(struct trial *trial, const char *value, long long found,
			 long long expected);
void trial_expect_true(struct trial *trial, const char *condition, bool holds);
void trial_expect_text(struct trial *trial, const char *value, const char *found,
		       const char *expected);
void trial_expect_bytes(struct trial *trial, const char *what, const void *memory, size_t size,
			unsigned char byte);
/* The name of the access mode among the flags of a descriptor. */
const char *access_name(int flags);
void trial_expect_access(struct trial *trial, const char *call, int flags, int mode);

/* CALL returns -1 with this errno. */
#define EXPECT_ERRNO(trial, error, call) \
	({ \
		trial_call(trial, #call); \
		trial_expect_errno(trial, #call, (long)(call), error); \
	})
/* CALL returns something that is not -1 (an mmap: not MAP_FAILED); the value is that of CALL. */
#define EXPECT_DONE(trial, call) \
	({ \
		trial_call(trial, #call); \
		__typeof__(call) result_ = (call); \
		trial_expect_done(trial, #call, (long)result_); \
		result_; \
	})
/* Two integers are equal. */
#define EXPECT_NUMBER(trial, expected, value) \
	({ \
		trial_call(trial, #value); \
		trial_expect_number(trial, #value, (long long)(value), (long long)(expected)); \
	})
/* Two texts are equal. */
#define EXPECT_TEXT(trial, expected, value) \
	({ \
		trial_call(trial, #value); \
		trial_expect_text(trial, #value, (value), (expected)); \
	})
#define EXPECT_TRUE(trial, condition) \
	({ \
		trial_call(trial, #condition); \
		trial_expect_true(trial, #condition, (condition)); \
	})
/* Each byte of the memory is this one. */
#define EXPECT_BYTES(trial, byte, memory, size) \
	({ \
		trial_call(trial, "read " #memory); \
		trial_expect_bytes(trial, "read " #memory, (memory), (size), \
				   (unsigned char)(byte)); \
	})
/* The descriptor has this access mode: O_RDONLY, O_WRONLY, O_RDWR, O_ACCMODE (neither). */
#define EXPECT_ACCESS(trial, mode, fd) \
	({ \
		trial_call(trial, "fcntl(" #fd ", F_GETFL)"); \
		trial_expect_access(trial, "fcntl(" #fd ", F_GETFL)", fcntl((fd), F_GETFL), mode); \
	})

/* As EXPECT_DONE and EXPECT_ERRNO, for the functions of sys/ that return -errno. */
#define EXPECT_OK(trial, call) \
	({ \
		trial_call(trial, #call); \
		(int)trial_expect_done(trial, #call, plain_result(call)); \
	})
#define EXPECT_ERROR(trial, error, call) \
	({ \
		trial_call(trial, #call); \
		trial_expect_errno(trial, #call, plain_result(call), error); \
	})
/* -1 with errno for -errno. */
int plain_result(int result);

/*
 * A buffer of the trial's heap. Where the heap has no memory (ENOMEM) the statement is skipped: it
 * is about something else; any other error fails it. One that is known to be full is not asked: the
 * kernel would write that to its log. Returns its descriptor (FLAGS: O_RDWR …), of
 * trial_allocate() one that has these rights and is not shorter than SIZE in whole pages: else the
 * statement fails on its way.
 */
int trial_any_buffer(struct trial *trial, size_t size, int flags);
int trial_allocate(struct trial *trial, size_t size, int flags);
#define trial_buffer(trial, size) trial_allocate(trial, size, O_RDWR | O_CLOEXEC)

/*
 * The buffer is as long as this, in whole pages, and its descriptor has these rights (O_RDWR …).
 * What is otherwise is a failure on the way: of many statements that look, the first fails.
 */
void trial_expect_size(struct trial *trial, int fd, size_t size);
void trial_expect_rights(struct trial *trial, int fd, int flags);

/*
 * The largest buffer that the heap gives, and its size: all of it, half of it …, 64 MiB at most;
 * of a heap without a limit one of trial->large. Only ENOMEM makes it try a smaller one, any other
 * error fails the statement. Only with DANGER_NOISE.
 */
int trial_largest(struct trial *trial, size_t *size);

/* Maps SIZE bytes of a buffer, shared, for reading and writing. */
void *trial_map(struct trial *trial, int fd, size_t size);

/*
 * DMA_BUF_IOCTL_SYNC; trial_sync_done() looks at what one has come to, 0 or -errno. An error is a
 * failure on the way: of many statements for which CPU access fails, the first fails.
 */
void trial_sync(struct trial *trial, int fd, uint64_t flags);
void trial_sync_done(struct trial *trial, uint64_t flags, int result);

/* heap_allocate() as a call that EXPECT_…() takes: a descriptor, or -1 with errno. */
int allocate(int heap, uint64_t size, int flags);

/*
 * A process of the trial, which is gone when it is. trial_join() waits for it and fails the
 * statement unless it has ended with exit status 0; trial_child_done() ends the child so.
 */
pid_t trial_fork(struct trial *trial);
void trial_join(struct trial *trial, pid_t child);
void trial_child_done(void) __attribute__((noreturn));

/* A byte read from FD within the time limit of the statement, for handshakes; and written to it. */
void trial_await(struct trial *trial, int fd);
void trial_signal(struct trial *trial, int fd);

/* Ends the statement: a file that tells what to know can't be read, for -errno. */
void trial_unreadable(struct trial *trial, const char *path, int error) __attribute__((noreturn));

/*
 * The text of a file, or of a descriptor's link in /proc/self/fd; skips where it can't be read.
 * Nobody has to free them.
 */
char *trial_read(struct trial *trial, const char *path, ...) __attribute__((format(printf, 2, 3)));
char *trial_link(struct trial *trial, int fd);
/* What follows KEY, where a line of the text begins with it, else NULL. */
const char *after_key(const char *text, const char *key);

/* The name of the heap's CMA area; skips where it is unknown. */
const char *trial_area(struct trial *trial);

/* The decimal number that a file of one line holds, or -1. */
long long file_number(const char *path);

/*
 * A counter of a CMA area in pages, /sys/kernel/mm/cma/AREA/FILE, and the pages that are allocated
 * and not released (release_pages_success: Linux 6.9); skip where the kernel does not count them.
 */
long long cma_counter(struct trial *trial, const char *area, const char *file);
long long cma_in_use(struct trial *trial, const char *area);

/*
 * What fdinfo shows of a descriptor under KEY ("count"); the caller frees it. NULL: nothing. Skips
 * where fdinfo can't be read.
 */
char *fd_value(struct trial *trial, int fd, const char *key);
/* The same as a number, or -1. */
long long fd_number(struct trial *trial, int fd, const char *key);

#endif
