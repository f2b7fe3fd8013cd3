// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/number.h"

/* FROM_TERMINAL, or what a variable says, or OTHERWISE */
static int measure(unsigned short from_terminal, const char *variable, int otherwise)
{
	uint64_t number;

	if (from_terminal)
		return from_terminal;
	if (variable && !parse_number(variable, &number) && number && number < 10000)
		return (int)number;
	return otherwise;
}

int terminal_columns(void)
{
	struct winsize size = {0};

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	return measure(size.ws_col, getenv("COLUMNS"), 80);
}

int terminal_rows(void)
{
	struct winsize size = {0};

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	return measure(size.ws_row, getenv("LINES"), 24);
}
