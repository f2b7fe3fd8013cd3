// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/usage_notes.h"

#include <unistd.h>

#include "base/text.h"
#include "model/buffer/bufinfo.h"

void cmd_note_unread(const struct context *context, size_t processes, size_t mappings,
		     int listing_error)
{
	const char *remedy = geteuid() ? "; root can" : "";

	if (processes)
		cmd_note(context, "%zu process%s could not be read%s", processes,
			 processes == 1 ? "" : "es", remedy);
	if (mappings)
		cmd_note(
			context,
			"left out: %zu mapping%s that could not be told from files that are called "
			"like buffers%s",
			mappings, mappings == 1 ? "" : "s", remedy);
	if (listing_error)
		cmd_note(context,
			 "%s: %s: devices, fences, and buffers that no process holds are unknown",
			 BUFINFO_PATH, error_words(listing_error));
}
