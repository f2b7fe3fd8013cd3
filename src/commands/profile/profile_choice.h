/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which profile a machine is compared with. */
#ifndef COMMANDS_PROFILE_PROFILE_CHOICE_H
#define COMMANDS_PROFILE_PROFILE_CHOICE_H

#include "cli/command.h"

struct profile;

/*
 * Reads the profile PATH, a file or - for standard input. Of a directory it is the one below it,
 * of the files *.profile, whose first compatible is the most specific of the machine's that any
 * has. Returns EXIT_DONE, or says why there is none. Free *profile with profile_free() either way.
 */
enum exit_code profile_choose(const struct context *context, const char *path,
			      const struct profile *machine, struct profile *profile)
	__attribute__((nonnull));

#endif
