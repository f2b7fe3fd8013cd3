/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --measured: what was measured of heaps, in files that bench and import have saved. */
#ifndef CLI_MEASURED_FILES_H
#define CLI_MEASURED_FILES_H

#include "cli/command.h"
#include "model/heap/inventory.h"
#include "model/import/measured.h"

/* Reads the files. Returns EXIT_DONE, or says why not; *measured is to be freed either way. */
enum exit_code cmd_read_measured(const struct context *context, const struct strings *paths,
				 struct measured *measured) __attribute__((nonnull));

/* Takes over what was measured of the heap. SOURCES keeps the text of where it is known from. */
void cmd_take_measured(const struct measured *measured, struct memory *memory,
		       struct strings *sources) __attribute__((nonnull));

#endif
