// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/measured_files.h"

#include <inttypes.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/message.h"
#include "model/bench/saved_text.h"

enum exit_code cmd_read_measured(const struct context *context, const struct strings *paths,
				 struct measured *measured)
{
	array_for_each (paths, path) {
		const char *reason;
		size_t line = 0;
		int error = measured_add(measured, *path, &line, &reason);

		if (error) {
			cmd_not_taken(context, *path, line, reason, error, SAVED_TEXT_SIZE_MAX);
			return EXIT_OPERATION;
		}
	}
	return EXIT_DONE;
}

/* Adds to where it is known from. */
static void add_source(struct memory *memory, struct strings *sources, const char *text)
{
	const char *before = memory->buffers.source;
	AUTO_FREE char *both = xasprintf("%s%s%s", before ? before : "", before ? "; " : "", text);

	strings_add(sources, both);
	memory->buffers.source = sources->items[sources->count - 1];
}

void cmd_take_measured(const struct measured *measured, struct memory *memory,
		       struct strings *sources)
{
	const struct import_saved_row *row = measured_contiguity(measured, memory->heap->name);
	enum tristate cacheable = measured_cacheable(measured, memory->heap->name);
	AUTO_FREE char *text = NULL;

	if (row) {
		memory->buffers.contiguous = row->contiguous;
		text = xasprintf("contiguous: %" PRIu64 " of %" PRIu64
				 " buffers were measured in one piece",
				 row->in_one_piece, row->buffers);
		add_source(memory, sources, text);
	}
	if (cacheable != UNKNOWN) {
		memory->buffers.cacheable = cacheable;
		add_source(memory, sources, "cacheable: as loads were measured");
	}
}
