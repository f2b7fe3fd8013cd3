// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/commands.h"

#include "base/array.h"

/* One a line, in the order of --help. */
#define COMMANDS(EACH) \
	EACH(list) \
	EACH(info) \
	EACH(map) \
	EACH(buffers) \
	EACH(leak) \
	EACH(monitor) \
	EACH(regions) \
	EACH(lint_names) \
	EACH(alloc) \
	EACH(io) \
	EACH(import) \
	EACH(test) \
	EACH(fence_test) \
	EACH(bench) \
	EACH(capture) \
	EACH(profile)

#define DECLARATION(symbol) extern const struct command cmd_##symbol;
COMMANDS(DECLARATION)

#define ADDRESS(symbol) &cmd_##symbol,
const struct command *const commands[] = {COMMANDS(ADDRESS)};
const size_t command_count = COUNT_OF(commands);
