// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Arbitrary text as the source of a device tree: its parts, separated by NUL, are t.dts, two files
 * that it may include, and the map of m.dtb as `dtc -T` writes it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/devicetree/source.h"
#include "scratch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"src/t.dts", "src/a.dtsi", "src/b/c.dtsi", "m.map"};

static void begin(void)
{
	static bool begun;

	if (begun)
		return;
	scratch_make("src", NULL);
	scratch_make("src/b", NULL);
	begun = true;
}

/* Whatever is asked for: a line has a file, and the tree's own source is one. */
static void look_at(const struct source *source)
{
	static const char *const paths[] = {"/", "/reserved-memory", "/reserved-memory/a",
					    "/reserved-memory/a@1/b"};
	static const char *const words[] = {NULL, "a", "reg"};

	for (size_t i = 0; i < COUNT_OF(paths) * COUNT_OF(words) * COUNT_OF(words); i++) {
		size_t label = i / COUNT_OF(paths), property = label / COUNT_OF(words);
		unsigned int line;
		const char *file =
			source_find(source, paths[i % COUNT_OF(paths)],
				    words[label % COUNT_OF(words)], words[property], &line);

		must(file || !line || !source->file);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const trees[] = {"t.dtb", "m.dtb"};
	AUTO_FREE char *sources = scratch_path("src");
	AUTO_FREE char *map = scratch_path("m.map");
	struct source_files *files = source_files_new();

	begin();
	scratch_put(names, COUNT_OF(names), data, size);
	must(!source_files_add(files, sources));
	source_files_add_map(files, map);
	for (size_t i = 0; i < COUNT_OF(trees); i++) {
		const char *excess;
		struct source *source = source_open(files, trees[i], &excess);

		must(!source || !excess);
		if (source)
			look_at(source);
		source_free(source);
	}
	source_files_free(files);
	return 0;
}
