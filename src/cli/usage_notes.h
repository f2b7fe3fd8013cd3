/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What could not be read of the holders of buffers, so that nothing is missing in silence. */
#ifndef CLI_USAGE_NOTES_H
#define CLI_USAGE_NOTES_H

#include "cli/message.h"
#include "model/process/scan.h"

/*
 * Notes what of UNREAD there is, and that the kernel's listing could not be read (LISTING_ERROR, a
 * -errno; 0: it was).
 */
void cmd_note_unread(const struct context *context, const struct unread *unread, int listing_error)
	__attribute__((nonnull));

/* Why the processes could not be read, as process_scan() says: words for /proc. */
const char *cmd_scan_words(int error) __attribute__((returns_nonnull));

#endif
