/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole screen of the terminal on standard output, for what is shown again and again. */
#ifndef VIEW_SCREEN_H
#define VIEW_SCREEN_H

#include <stdbool.h>

/* Says whether there is one: standard output is a terminal that is not a dumb one (TERM). */
bool screen_is_there(void);

/* Leaves what is on it aside until screen_leave(), or the end of the program (exit(3)). */
void screen_enter(void);
/* Does nothing unless screen_enter() was the last. */
void screen_leave(void);

/*
 * Shows lines in place of what is there: BODY from the top on, and FOOT below it, which has half
 * the height at most. Where lines are left out, a line says how many. Lines that are too long are
 * cut by the terminal.
 */
void screen_show(const char *body, const char *foot) __attribute__((nonnull));

#endif
