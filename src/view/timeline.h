/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A timeline: instants side by side, under each what everybody said then. Seventy-nine columns hold
 * five instants; more make the lines longer.
 */
#ifndef VIEW_TIMELINE_H
#define VIEW_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct timeline;

/* Free with timeline_free(). COLOR: with colours. All texts have to live as long. */
struct timeline *timeline_new(bool color) __attribute__((returns_nonnull));
void timeline_free(struct timeline *timeline); /* takes NULL */
static inline void timeline_cleanup(struct timeline **timeline)
{
	timeline_free(*timeline);
}
#define AUTO_TIMELINE __attribute__((cleanup(timeline_cleanup)))

/*
 * Adds an instant, at TIME_NS from the first one; BUSY draws the time that begins with it in
 * another way. All instants come before the first row.
 */
void timeline_instant(struct timeline *timeline, const char *name, uint64_t time_ns, bool busy)
	__attribute__((nonnull));

enum timeline_mark {
	MARK_NONE,
	MARK_WAITS, /* in another colour */
	MARK_WRONG, /* with a ! after it, in a third one */
};

/* Adds a row; INDENT: it belongs to the last one without. Its cells are set in their order. */
void timeline_row(struct timeline *timeline, const char *label, bool indent)
	__attribute__((nonnull));
/* The next cell of the last row; NULL is "unknown". */
void timeline_cell(struct timeline *timeline, const char *text, enum timeline_mark mark)
	__attribute__((nonnull(1)));

/* Prints it on stdout. */
void timeline_print(const struct timeline *timeline) __attribute__((nonnull));

#endif
