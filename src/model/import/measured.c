// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import/measured.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/bench/saved_text.h"

int measured_add(struct measured *measured, const char *path, size_t *line, const char **reason)
{
	AUTO_FREE char *text = NULL;
	int error = saved_text_read(path, SAVED_TEXT_SIZE_MAX, &text, line, reason);
	bool is_import;

	if (error)
		return error;
	is_import = !strncmp(text, IMPORT_SAVED_FORMAT "\n", strlen(IMPORT_SAVED_FORMAT "\n"));
	*line = 1;
	*reason = "a second file of the same command";
	if (is_import ? measured->import.kernel != NULL : measured->bench.conditions.kernel != NULL)
		return -EBADMSG;
	error = is_import ? import_saved_parse(text, &measured->import, line, reason)
			  : bench_saved_parse(text, &measured->bench, line, reason);
	if (error && *line == 1)
		*reason = "this is no file that dmaheap bench or dmaheap import has saved";
	return error;
}

void measured_free(struct measured *measured)
{
	bench_saved_free(&measured->bench);
	import_saved_free(&measured->import);
}

enum tristate measured_cacheable(const struct measured *measured, const char *heap)
{
	return measured->bench.count ? bench_saved_cacheable(&measured->bench, heap) : UNKNOWN;
}

const struct import_saved_row *measured_contiguity(const struct measured *measured,
						   const char *heap)
{
	return import_saved_find(&measured->import, heap);
}
