/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signals that end this program, and limits for calls that would wait without one. */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * From LIMIT_NS nanoseconds on (0: no limit), blocking calls of this thread's process return EINTR,
 * again and again, until time_limit_end(). SIGALRM and ITIMER_REAL are used for it; limits do not
 * nest.
 */
void time_limit_begin(uint64_t limit_ns);
/* Returns whether the limit was reached. */
int time_limit_end(void);

/*
 * Has SIGHUP, SIGINT, SIGQUIT and SIGTERM interrupt blocking calls and be remembered instead of
 * ending the process: stop_signal() is then the number of the last one, 0 before. One that the
 * parent of this process ignored stays ignored.
 */
void catch_stop_signals(void);
/*
 * From now on a write to a file that would become larger than RLIMIT_FSIZE fails with EFBIG, as any
 * other that fails, instead of ending the process with SIGXFSZ.
 */
void ignore_file_size_signal(void);
/* In a child: all these are as they were before. Ends the child where one has come. */
void forget_stop_signals(void);
/* From now on they end the process at once, with the exit status 128 and their number. */
void exit_on_stop_signals(void);
int stop_signal(void);

/* Whether the terminal sent it, to all processes in the foreground (sigaction(2): SI_KERNEL). */
bool stop_came_from_terminal(void);

/*
 * From here to signals_let(), all signals that would end this process wait. Returns a descriptor
 * that is readable once one does, or -errno. So what has been made is removed first.
 */
struct signals_held {
	sigset_t before;
	int fd;
};
int signals_hold(struct signals_held *held) __attribute__((nonnull));
void signals_let(struct signals_held *held) __attribute__((nonnull));

/* In a child of PARENT: it is killed when PARENT ends, however that ends. */
void die_with_parent(pid_t parent);

/*
 * For a program that has the whole screen: SIGWINCH (the terminal's size has changed) and SIGTSTP
 * (it is to stop) end a sleep, the next one too, until take_screen_stop(): it says whether a
 * SIGTSTP has come since the last time, and forgets both.
 */
void catch_screen_signals(void);
bool take_screen_stop(void);

/* Sleeps for NS nanoseconds (UINT64_MAX: for ever) or until a stop signal arrives. */
void sleep_until_stopped(uint64_t ns);
/* The same, or until nobody reads any more what is written to the pipe FD: then it returns true. */
bool sleep_until_closed(int fd, uint64_t ns);
/* The same as poll(2), but it returns 0 where it was stopped. */
struct pollfd;
int poll_until_stopped(struct pollfd *wait_for, size_t count, uint64_t ns) __attribute__((nonnull));

#endif
