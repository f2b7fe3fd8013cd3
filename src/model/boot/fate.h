/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a region: which heaps, or why none. */
#ifndef MODEL_BOOT_FATE_H
#define MODEL_BOOT_FATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/array.h"
#include "model/boot/default_area.h"
#include "model/boot/dynamic.h"
#include "model/boot/kernel_facts.h"
#include "model/boot/ram.h"
#include "model/boot/zones.h"
#include "model/devicetree/region.h"

enum fate_kind {
	FATE_HEAP,    /* at least one heap */
	FATE_NO_HEAP, /* memory that is reserved or given to the kernel, but no heap */
	FATE_DROPPED, /* the kernel does not even reserve it, or gives it back */
	FATE_OPEN,    /* a fact is missing that decides */
};

struct fate {
	enum fate_kind kind;
	bool area;         /* becomes a CMA area: /sys/kernel/mm/cma/NAME */
	bool default_area; /* … the default one */
	/* causes, where they are one of these */
	enum no_place no_place;
	bool too_many_areas, name_taken, misaligned;
	bool over_others;   /* its memory is that of others as well, to whom the kernel gives it */
	bool stops;         /* … which stops the boot for sure */
	enum in_ram in_ram; /* of an area with a fixed place */
	/* the area lies over this border of zones, or may; zone is NULL where it does not */
	struct zone_border border;
	bool dead;            /* … for sure: every allocation from it fails */
	struct strings heaps; /* with FATE_OPEN: those that may be there */
	/*
	 * The sentence: "heap video@42000000", "no heap: not reusable", "dropped: status is
	 * \"reserved\"", "open: …".
	 */
	char *text;
};

struct fates {
	ARRAY_OF(struct fate); /* one for each region, in the same order */
	/* the area and heaps of cma= or Kconfig, which belong to no region; without an area it has
	 * a sentence where that is not what was asked for */
	struct fate other;
	bool kernel_left_out;            /* by mem=, and the architecture does not keep it */
	const char *initrd_unused_why;   /* constant: the architecture does not use it; or NULL */
	bool no_ram_left;                /* regions leave the kernel no RAM for page tables */
	bool has_little_ram;             /* … or with areas so little that the boot may stop: */
	bool little_is_piece;            /* … in one piece */
	uint64_t little_ram_left;        /* bytes */
	bool other_area;                 /* there is such an area, or may be: RESERVED_AREA */
	struct default_area other_place; /* what is asked for, and why it is refused */
};

/* Sets what becomes of a region, in place of what was set before: of one without a heap no name of
 * one stays. */
void fate_set(struct fate *fate, enum fate_kind kind, const char *format, ...)
	__attribute__((nonnull, format(printf, 3, 4)));

/* The sentence of a fate that has one without the word before it: its own. */
const char *fate_reason(const struct fate *fate) __attribute__((nonnull, returns_nonnull));

/* Adds to a sentence that is there. */
void fate_add(struct fate *fate, const char *reason) __attribute__((nonnull));

/* Takes what fates_decide() has made. */
void fates_free(struct fates *fates) __attribute__((nonnull));
#define AUTO_FATES __attribute__((cleanup(fates_free)))

/* "heap", "no-heap", "dropped", "open": constant. */
const char *fate_kind_name(enum fate_kind kind) __attribute__((returns_nonnull));

#endif
