/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs all ways (way.h) between one file and the memory of several targets by turns, looks at what
 * has arrived after each, and says which is the best.
 */
#ifndef MODEL_IO_COMPARE_H
#define MODEL_IO_COMPARE_H

#include "base/array.h"
#include "model/io/way.h"
#include "model/stats/stats.h"

/* What a move is measured in: of the file that is read, and of the one that is written. */
enum io_state {
	IO_COLD,  /* in: nothing of the file is in the page cache */
	IO_WARM,  /* in: all of it is */
	IO_NEW,   /* out: the file is empty */
	IO_AGAIN, /* out: it is written over, and in the page cache */
	IO_STATES,
};
static inline bool io_state_is_out(enum io_state state)
{
	return state >= IO_NEW;
}
/* "cold", "warm", "new", "again". */
const char *io_state_name(enum io_state state) __attribute__((returns_nonnull));

/* Where to: anonymous memory, a heap, or the memfd of a udmabuf. */
struct io_target {
	const char *name;
	int heap; /* an open one, or -1 */
	bool udmabuf;
};

struct io_plan {
	int file; /* to read: a regular file or a block device */
	const struct file_facts *facts;
	bool in;
	int output;    /* a file that may be written, of this run alone; -1: nothing is written */
	uint64_t size; /* bytes to move, the first ones of the file; not 0 */
	const struct io_target *targets; /* the first is anonymous memory */
	size_t target_count;
	double confidence; /* of the intervals, 0 to 1 */
	uint64_t time_ns;  /* for all of it: no move begins later */
	uint64_t limit_ns; /* of a wait for fences */
	/* Called now and then with the time that has passed and what is measured. */
	void (*progress)(void *data, uint64_t ns, const char *name);
	void *data;
};

/* What is measured. */
enum io_measure {
	IO_TIME_TAKEN, /* of struct move */
	IO_PROCESSOR,
	IO_MEASURES,
};

struct io_samples {
	ARRAY_OF(uint64_t);     /* nanoseconds, in order */
	struct summary summary; /* where there are samples */
};

/* A way to a target, in one state. */
struct io_cell {
	size_t target; /* its number in the plan */
	enum io_state state;
	const struct way *way;
	struct io_samples measured[IO_MEASURES];
	/*
	 * Percent of the bytes that were in the page cache before: of IO_COLD the most of all
	 * samples, of IO_WARM the least; unknown where the kernel does not tell.
	 */
	struct maybe cached;
	bool automatic; /* way_choose() takes it */
	/* why there are no more samples: -errno and what failed; -EILSEQ: other contents arrived */
	int error;
	const char *step;
	bool repeats; /* the same failure as in another state, which has a cell of its own */
};

struct io_comparison {
	ARRAY_OF(struct io_cell); /* by target, state and way */
	uint64_t written;         /* bytes, to the file of the plan */
};

/*
 * Measures. What fails has its error in its cell. Returns 0, or -errno of reading the file at the
 * beginning, -ENODATA where it has less than the plan says, -EINTR where a stop signal came. Either
 * way the caller frees the result.
 */
int io_compare(const struct io_plan *plan, struct io_comparison *result) __attribute__((nonnull));
void io_comparison_free(struct io_comparison *comparison);

/* How many cells have neither samples nor an error: the time was over. */
size_t io_unmeasured(const struct io_comparison *comparison) __attribute__((nonnull));

/* Says whether it has samples, and did not fail after them. */
bool io_is_measured(const struct io_cell *cell) __attribute__((nonnull));

/* read(2) or write(2) of TARGET in this state, if it is measured, else NULL. */
const struct io_cell *io_plain_cell(const struct io_comparison *comparison, size_t target,
				    enum io_state state) __attribute__((nonnull));

/* The way to a target with the smallest median in a state, or NULL where none is measured. */
const struct io_cell *io_least(const struct io_comparison *comparison, size_t target,
			       enum io_state state, enum io_measure measure)
	__attribute__((nonnull));

/*
 * Says whether CELL may be as good as LEAST, that is io_least() of its target and state: not all of
 * its interval is more than 2 percent above that of LEAST, or one of them is not known.
 */
bool io_may_be_best(const struct io_cell *cell, const struct io_cell *least,
		    enum io_measure measure) __attribute__((nonnull));

/*
 * Says whether the file was in the page cache as the state of the cell says, but for 1 percent, or
 * that is not told.
 */
bool io_state_is_kept(const struct io_cell *cell) __attribute__((nonnull));

#endif
