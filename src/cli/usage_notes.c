// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/usage_notes.h"

#include <errno.h>
#include <unistd.h>

#include "base/text.h"
#include "model/buffer/bufinfo.h"
#include "sys/task.h"

void cmd_note_unread(const struct context *context, const struct unread *unread, int listing_error)
{
	const char *remedy = geteuid() ? "; root can" : "";

	if (unread->processes)
		cmd_note(context, "%zu process%s could not be read%s", unread->processes,
			 unread->processes == 1 ? "" : "es",
			 geteuid() || task_may_trace() ? remedy : "; CAP_SYS_PTRACE is missing");
	if (unread->mappings)
		cmd_note(
			context,
			"left out: %zu mapping%s that could not be told from files that are called "
			"like buffers%s",
			unread->mappings, unread->mappings == 1 ? "" : "s", remedy);
	if (unread->sharing_error)
		cmd_note(
			context,
			"kcmp(2): %s: which tasks share descriptors or memory is unknown: these "
			"may be counted more than once, and descriptors of threads with a table of "
			"their own are missing",
			error_words(unread->sharing_error));
	if (listing_error)
		cmd_note(context,
			 "%s: %s: devices, fences, and buffers that no process holds are unknown",
			 BUFINFO_PATH, error_words(listing_error));
}

const char *cmd_scan_words(int error)
{
	return error == -ENODEV ? "not mounted" : error_words(error);
}
