// SPDX-License-Identifier: GPL-2.0-or-later
/* Arbitrary text as a run that bench or import has saved. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/import/measured.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

/* What is read can be found, and has the format of a line. */
static void look_at(const struct bench_saved *saved)
{
	array_for_each (saved, row) {
		must(bench_saved_find(saved, row->kind, row->heap, row->size) == row);
		must(row->kind < BENCH_CASES && row->interval.low <= row->interval.high);
		must(*row->heap && !strpbrk(row->heap, "\t\n\033"));
	}
	must(!strpbrk(saved->conditions.machine, "\t\n\033"));
	must(!strpbrk(saved->conditions.kernel, "\t\n\033"));
}

static void look_at_import(const struct import_saved *saved)
{
	array_for_each (saved, row) {
		must(import_saved_find(saved, row->heap) == row);
		must(row->contiguous != UNKNOWN && row->in_one_piece <= row->buffers);
		must(*row->heap && !strpbrk(row->heap, "\t\n\033"));
	}
	must(!strpbrk(saved->kernel, "\t\n\033"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xstrndup((const char *)data, size);
	bool is_import = !strncmp(text, IMPORT_SAVED_FORMAT, strlen(IMPORT_SAVED_FORMAT));
	struct measured saved = {0};
	const char *reason = NULL;
	size_t line = 0, lines = 2;
	int error;

	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	error = is_import ? import_saved_parse(text, &saved.import, &line, &reason)
			  : bench_saved_parse(text, &saved.bench, &line, &reason);
	must(!error || error == -EBADMSG);
	must(reason && line && line <= lines);
	if (!error && is_import)
		look_at_import(&saved.import);
	else if (!error)
		look_at(&saved.bench);
	measured_free(&saved);
	return 0;
}
