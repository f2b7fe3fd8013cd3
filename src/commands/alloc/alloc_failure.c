// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/alloc/alloc_failure.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/refusal.h"
#include "view/units.h"

enum exit_code explain_step(const struct context *context, const struct alloc_options *options,
			    size_t number, const char *step, int error,
			    const struct mismatch *mismatch)
{
	AUTO_FREE char *limit = units_time(options->timeout);

	if (cmd_stopped(error))
		return EXIT_OPERATION;
	switch (-error) {
	case EILSEQ:
		cmd_error(context, "buffer %zu: byte 0x%zx is 0x%02x, not 0x%02x", number,
			  mismatch->offset, mismatch->found, mismatch->expected);
		return EXIT_FINDINGS;
	case ETIMEDOUT:
		cmd_error(context, "buffer %zu: %s: a fence did not signal within %s (--timeout)",
			  number, step, limit);
		return EXIT_OPERATION;
	default:
		cmd_error(context, "buffer %zu: %s: %s", number, step, error_words(error));
		return EXIT_OPERATION;
	}
}

enum exit_code explain_mapping(const struct context *context, const struct alloc_options *options,
			       int error)
{
	if (error != -EINVAL && error != -ENODEV) {
		cmd_error(context, "%s: mapping: %s", options->subject, error_words(error));
		return EXIT_OPERATION;
	}
	cmd_error(context,
		  "%s: these buffers cannot be mapped; leave out --map, --fill and --check-zero",
		  options->subject);
	return EXIT_NOT_POSSIBLE;
}
