// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/commands.h"

#include "base/array.h"

extern const struct command cmd_list, cmd_info, cmd_map, cmd_regions, cmd_lint_names, cmd_alloc,
	cmd_test, cmd_fence_test;

const struct command *const commands[] = {
	&cmd_list,       &cmd_info,  &cmd_map,  &cmd_regions,
	&cmd_lint_names, &cmd_alloc, &cmd_test, &cmd_fence_test,
};
const size_t command_count = COUNT_OF(commands);
