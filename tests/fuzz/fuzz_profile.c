// SPDX-License-Identifier: GPL-2.0-or-later
/* Arbitrary text as a profile: what is read can be written, and is the same when it is read again.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/profile/profile_heaps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void write_and_read(const struct profile *profile)
{
	AUTO_FREE char *text = profile_text(profile);
	AUTO_FREE char *before = xstrdup(text);
	AUTO_FREE char *after = NULL;
	AUTO_PROFILE struct profile again = {0};
	struct differences differences = {0};
	const char *reason;
	size_t line;

	must(!profile_parse(text, &again, &line, &reason));
	after = profile_text(&again);
	must(!strcmp(before, after));
	profile_compare(profile, &again, &differences);
	must(!differences.count);
	array_free(&differences);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xstrndup((const char *)data, size);
	AUTO_PROFILE struct profile profile = {0};
	const char *reason = NULL;
	size_t line = 0, lines = 1;
	int error;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	error = profile_parse(text, &profile, &line, &reason);
	must(!error || error == -EBADMSG);
	must(!error || (reason && line && line <= lines));
	if (!error)
		write_and_read(&profile);
	return 0;
}
