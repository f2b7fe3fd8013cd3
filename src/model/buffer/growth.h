/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Buffers that outlive a command which is run again and again, or that it has more and more of. */
#ifndef MODEL_BUFFER_GROWTH_H
#define MODEL_BUFFER_GROWTH_H

#include "model/buffer/usage.h"

/* Who holds what was left. */
enum keeper {
	KEEPER_NOBODY,  /* no process that may be read: the kernel, or a descriptor in flight */
	KEEPER_STARTED, /* a process that the command started, and that did not end with it */
	KEEPER_OTHER, /* a process that was not started by it: a server, or just another program */
};

/* A buffer that was made in a cycle and is there after it. */
struct left_buffer {
	uint64_t inode, cycle;
	struct maybe size;
};

/* What there was at a moment. */
struct sample {
	uint64_t buffers, bytes;
};

/* Those of one exporter, name and keeper. */
struct growth {
	char *exporter; /* or NULL */
	char *name;     /* with * for numbers in which they differ, or NULL */
	char *pattern;  /* the name with * for each number, or NULL */
	enum keeper keeper;
	uint64_t pid; /* of the keeper; of KEEPER_NOBODY 0 */
	char *holder; /* the command of the process, or the attached devices; or NULL */
	uint64_t bytes;
	uint64_t cycles; /* in which it grew */
	struct {
		ARRAY_OF(struct left_buffer);
	} buffers; /* of samples: those of the last one */
	struct {
		ARRAY_OF(struct sample);
	} samples; /* see growth_sample() */
};

struct growths {
	ARRAY_OF(struct growth);
	void *kinds;      /* of tsearch(3): how the entry of a buffer is found */
	uint64_t cycles;  /* so far */
	uint64_t samples; /* so far */
	struct {
		ARRAY_OF(uint64_t);
	} before;             /* the inodes before the cycle, in order */
	bool before_all;      /* those are all that there were: the kernel's listing was read */
	struct unread unread; /* after the last cycle */
	int listing_error;    /* as in struct usages */
};

/*
 * Begins the first cycle: remembers which buffers there are. The caller has made itself the parent
 * of what the command leaves behind (PR_SET_CHILD_SUBREAPER). Returns 0 or -errno. Free with
 * growths_free().
 */
int growth_begin(const struct root *root, struct growths *growths) __attribute__((nonnull));

/*
 * Ends a cycle with the buffers that were made since it began and are there; what is there now is
 * what was there before the next one. Unless it is LATE, a cycle goes on, and *ended is false,
 * while a keeper has some that the command may have to answer for: it may yet release them. Returns
 * 0 or -errno.
 */
int growth_end(const struct root *root, struct growths *growths, bool late, bool *ended)
	__attribute__((nonnull));

/*
 * Adds a sample to DURING: of the buffers that were made since the cycle of GROWTHS began and are
 * there. Returns 0 or -errno. Free DURING with growths_free() as well.
 */
int growth_sample(const struct root *root, const struct growths *growths, struct growths *during)
	__attribute__((nonnull));

/* What there must be of samples before growth_trend() finds anything: two in each quarter. */
#define GROWTH_SAMPLES 9

/*
 * Says whether it grows from sample to sample: the smallest number of bytes in each quarter of the
 * samples is larger than in the quarter before. So neither what comes and goes, nor what is made at
 * the beginning and kept, is growth. *trend is then how much more the last quarter has than the
 * first. The last sample is left out: the command may have been ending while it was taken.
 */
bool growth_trend(const struct growths *during, const struct growth *growth, struct sample *trend)
	__attribute__((nonnull));

void growths_free(struct growths *growths);

/*
 * Says whether it is a leak: of one cycle what nobody or a process of the command holds; of several
 * what grew in more than half of them, so that something that is kept once (a cache, a server) is
 * none, and neither is what another program did meanwhile.
 */
bool growth_is_leak(const struct growths *growths, const struct growth *growth)
	__attribute__((nonnull));

/* "nobody", "command", "other": constant. */
const char *keeper_name(enum keeper keeper) __attribute__((returns_nonnull));

#endif
