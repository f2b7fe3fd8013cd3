/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that stand before and after every command; the parser's input is a struct context. */
#ifndef CLI_COMMON_OPTIONS_H
#define CLI_COMMON_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

extern const struct argp common_argp;

/* Whether colours are wanted on a descriptor when nothing was said: a terminal, and no NO_COLOR. */
bool color_is_welcome(int fd);

#endif
