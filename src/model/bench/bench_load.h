/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads that do, with buffers of their own, what is measured meanwhile. */
#ifndef MODEL_BENCH_BENCH_LOAD_H
#define MODEL_BENCH_BENCH_LOAD_H

#include "model/bench/bench_case.h"

struct bench_load;

/*
 * Starts COUNT threads, each in a place like PLACE, and returns when all take samples, which nobody
 * keeps. Returns 0 or -errno, of a thread or of what it needs; either way bench_load_stop() ends
 * them.
 */
int bench_load_start(const struct bench_place *place, const struct bench_case_kind *how,
		     size_t count, struct bench_load **load) __attribute__((nonnull));

/* Ends them; takes NULL. Returns 0, or the first -errno of a sample. */
int bench_load_stop(struct bench_load *load);

#endif
