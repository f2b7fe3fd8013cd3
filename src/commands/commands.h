/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The commands of the program, in the order in which --help lists them. */
#ifndef COMMANDS_COMMANDS_H
#define COMMANDS_COMMANDS_H

#include <stddef.h>

#include "cli/command.h"

extern const struct command *const commands[];
extern const size_t command_count;

#endif
