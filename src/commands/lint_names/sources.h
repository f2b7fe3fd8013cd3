/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the names come from. */
#ifndef COMMANDS_LINT_NAMES_SOURCES_H
#define COMMANDS_LINT_NAMES_SOURCES_H

#include "commands/lint_names/check_names.h"

/* Check and report the names that are arguments, of this machine's heaps, of those of device trees.
 * Return EXIT_DONE, or have said what could not be read. */
enum exit_code lint_arguments(struct lint_run *run);
enum exit_code lint_machine(struct lint_run *run);
enum exit_code lint_trees(struct lint_run *run);

#endif
