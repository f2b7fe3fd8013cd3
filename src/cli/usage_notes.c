// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/usage_notes.h"

#include <unistd.h>

#include "base/text.h"
#include "model/buffer/bufinfo.h"

void cmd_note_unread(const struct context *context, size_t processes, int listing_error)
{
	if (processes)
		cmd_note(context, "%zu process%s could not be read%s", processes,
			 processes == 1 ? "" : "es", geteuid() ? "; root can" : "");
	if (listing_error)
		cmd_note(context,
			 "%s: %s: devices, fences, and buffers that no process holds are unknown",
			 BUFINFO_PATH, error_words(listing_error));
}
