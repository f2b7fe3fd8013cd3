// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/profile/profile_choice.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "model/profile/profile_heaps.h"

static enum exit_code load(const struct context *context, const char *path, struct profile *profile)
{
	const char *reason;
	size_t line;
	int error = profile_load(path, profile, &line, &reason);

	if (!error)
		return EXIT_DONE;
	cmd_not_taken(context, path, line, reason, error, PROFILE_SIZE_MAX);
	return EXIT_OPERATION;
}

/* How specific the compatible is that both have: 0 the most; the number of the machine's: none. */
static size_t distance(const struct profile *profile, const struct profile *machine)
{
	size_t i = 0;

	while (profile->compatible.count && i < machine->compatible.count &&
	       strcmp(machine->compatible.items[i], profile->compatible.items[0]) != 0)
		i++;
	return profile->compatible.count ? i : machine->compatible.count;
}

static enum exit_code choose(const struct context *context, const struct strings *paths,
			     const char *directory, const struct profile *machine,
			     struct profile *profile)
{
	size_t best = machine->compatible.count;
	const char *chosen = NULL;

	array_for_each (paths, path) {
		struct profile one = {0};
		enum exit_code status = load(context, *path, &one);
		size_t far = distance(&one, machine);

		if (status == EXIT_DONE && far == best && chosen) {
			cmd_error(context, "%s and %s are both for %s", chosen, *path,
				  machine->compatible.items[far]);
			status = EXIT_OPERATION;
		}
		if (status == EXIT_DONE && far < best) {
			profile_free(profile);
			*profile = one;
			one = (struct profile){0};
			best = far;
			chosen = *path;
		}
		profile_free(&one);
		if (status != EXIT_DONE)
			return status;
	}
	if (chosen)
		return EXIT_DONE;
	if (machine->compatible.count)
		cmd_error(context, "%s: no profile for %s", directory,
			  machine->compatible.items[0]);
	else
		cmd_error(context, "%s: this machine has no device tree that names its board",
			  directory);
	return EXIT_NOT_POSSIBLE;
}

enum exit_code profile_choose(const struct context *context, const char *path,
			      const struct profile *machine, struct profile *profile)
{
	AUTO_STRINGS struct strings paths = {0};

	/* what is no directory is a file, or the reading of it says why not */
	if (!strcmp(path, "-") || profile_list(path, &paths))
		return load(context, path, profile);
	return choose(context, &paths, path, machine, profile);
}
