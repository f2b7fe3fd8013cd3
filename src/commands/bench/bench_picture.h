/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What bench measured, as pictures: a histogram for each case, heap and size. */
#ifndef COMMANDS_BENCH_BENCH_PICTURE_H
#define COMMANDS_BENCH_BENCH_PICTURE_H

#include "commands/bench/bench_output.h"

/* Draws them on stdout, one below the other, as wide as the terminal is. */
void bench_draw(const struct context *context, const struct bench_report *report)
	__attribute__((nonnull));

/*
 * Writes an SVG file ("-": stdout) with a line of them for each case and heap. Returns 0, or -errno
 * after a message.
 */
int bench_svg(const struct context *context, const struct bench_report *report, const char *path)
	__attribute__((nonnull));

#endif
