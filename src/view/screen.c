// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "view/terminal.h"

/* ECMA-48 and private modes of DEC that terminals have had since the VT100 and xterm. */
#define ALTERNATE "\033[?1049h"
#define USUAL     "\033[?1049l"
#define NO_CURSOR "\033[?25l"
#define CURSOR    "\033[?25h"
#define NO_WRAP   "\033[?7l" /* what is right of the last column is not shown */
#define WRAP      "\033[?7h"
#define TOP_LEFT  "\033[H"
#define WIPE_LINE "\033[K" /* from here to its end */
#define WIPE_REST "\033[J" /* of the screen */

static bool entered;

bool screen_is_there(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && terminal && strcmp(terminal, "dumb") != 0;
}

void screen_enter(void)
{
	static bool registered;

	if (!registered)
		registered = !atexit(screen_leave);
	entered = true;
	fputs(ALTERNATE NO_CURSOR NO_WRAP, stdout);
}

void screen_leave(void)
{
	if (!entered)
		return;
	entered = false;
	fputs(WRAP CURSOR USUAL, stdout);
	fflush(stdout);
}

static size_t count_lines(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '\n' || !text[1];
	return count;
}

/* Writes the first LINES of a text; of more than that one less, and how many there are not. */
static void put_lines(const char *text, size_t lines)
{
	size_t all = count_lines(text), shown = all <= lines ? all : lines ? lines - 1 : 0;

	for (size_t i = 0; i < shown; i++) {
		size_t length = strcspn(text, "\n");

		printf("%.*s" WIPE_LINE "\n", (int)length, text);
		text += length + (text[length] == '\n');
	}
	if (shown < all && lines)
		printf("%zu more line%s not shown" WIPE_LINE "\n", all - shown,
		       all - shown == 1 ? " is" : "s are");
}

void screen_show(const char *body, const char *foot)
{
	/* the cursor stands in the last line, where a line end would move the others up */
	size_t rows = (size_t)terminal_rows() - 1, below = count_lines(foot);

	below = below > rows / 2 ? rows / 2 : below;
	fputs(TOP_LEFT, stdout);
	put_lines(body, rows - below);
	put_lines(foot, below);
	fputs(WIPE_REST, stdout);
	fflush(stdout);
}
