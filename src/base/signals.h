/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The signals that end this program, and limits for calls that would wait without one. */
#ifndef BASE_SIGNALS_H
#define BASE_SIGNALS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * From LIMIT_NS nanoseconds on (0: no limit), blocking calls of this thread's process return EINTR,
 * again and again, until time_limit_end(). SIGALRM and ITIMER_REAL are used for it; limits do not
 * nest.
 */
void time_limit_begin(uint64_t limit_ns);
/* Returns whether the limit was reached. */
int time_limit_end(void);

/*
 * Has SIGINT and SIGTERM interrupt blocking calls and be remembered instead of ending the process:
 * stop_signal() is then the number of the last one, 0 before.
 */
void catch_stop_signals(void);
/* From now on they end the process at once, with the exit status 128 and their number. */
void exit_on_stop_signals(void);
int stop_signal(void);

/* Whether the terminal sent it, to all processes in the foreground (sigaction(2): SI_KERNEL). */
bool stop_came_from_terminal(void);

/* Sleeps for NS nanoseconds (UINT64_MAX: for ever) or until a stop signal arrives. */
void sleep_until_stopped(uint64_t ns);

#endif
