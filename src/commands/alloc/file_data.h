/* SPDX-License-Identifier: GPL-2.0-or-later */
/* alloc --read and --write. */
#ifndef COMMANDS_ALLOC_FILE_DATA_H
#define COMMANDS_ALLOC_FILE_DATA_H

#include "cli/command.h"
#include "commands/alloc/alloc_options.h"
#include "model/buffer/buffer.h"

/* Copies from and to the files that were named, with progress on a terminal. */
enum exit_code copy_file_data(const struct context *context, const struct alloc_options *options,
			      const struct buffers *buffers);

#endif
