/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What could not be read of the holders of buffers, so that nothing is missing in silence. */
#ifndef CLI_USAGE_NOTES_H
#define CLI_USAGE_NOTES_H

#include <stddef.h>

#include "cli/message.h"

/*
 * Notes how many processes could not be read, how many mappings could not be told from those of
 * files, and that the kernel's listing could not be read (LISTING_ERROR, a -errno; 0: it was).
 */
void cmd_note_unread(const struct context *context, size_t processes, size_t mappings,
		     int listing_error) __attribute__((nonnull));

#endif
