// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/commands.h"

#include "base/array.h"

extern const struct command cmd_list, cmd_info, cmd_alloc, cmd_regions, cmd_lint_names, cmd_test,
	cmd_fence_test, cmd_map;

const struct command *const commands[] = {
	&cmd_list,       &cmd_info, &cmd_alloc,      &cmd_regions,
	&cmd_lint_names, &cmd_test, &cmd_fence_test, &cmd_map,
};
const size_t command_count = COUNT_OF(commands);
