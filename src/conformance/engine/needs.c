// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/needs.h"

#include <errno.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/buffer/bufinfo.h"
#include "model/heap/cma_area.h"
#include "sys/file.h"

/* The need for a file: which one, and the reason when it is not there. */
static const struct {
	enum need need;
	const char *path;
	int mode;
	enum skip reason;
} files[] = {
	{NEED_CMA_COUNTERS, CMA_DIRECTORY, R_OK | X_OK, SKIP_NO_COUNTERS},
	{NEED_UDMABUF, "/dev/udmabuf", R_OK | W_OK, SKIP_NO_DRIVER},
	{NEED_BUFINFO, BUFINFO_PATH, R_OK, SKIP_NO_FEATURE},
};

static enum skip file_unmet(unsigned int needs, char **detail)
{
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		int error = needs & files[i].need ? file_access(files[i].path, files[i].mode) : 0;

		if (!error)
			continue;
		*detail = xasprintf("%s: %s", files[i].path, error_words(error));
		return error == -EACCES || error == -EPERM ? SKIP_NO_ACCESS : files[i].reason;
	}
	return SKIP_NONE;
}

static enum skip target_unmet(unsigned int needs, const struct target *target, char **detail)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (needs & NEED_PAGES && target->kind != MEMORY_PAGES)
		return SKIP_HEAP_KIND;
	if (needs & NEED_CMA && target->kind != MEMORY_CMA)
		return SKIP_HEAP_KIND;
	if (target->open_error) {
		*detail = xasprintf("%s: %s", target->node, error_words(target->open_error));
		return SKIP_NO_ACCESS;
	}
	if (needs & NEED_MMAP && target->small && !target->maps)
		return SKIP_NO_MMAP;
	if (needs & (NEED_MMAP | NEED_TWO_PAGES) && !target->small)
		return SKIP_NO_MEMORY;
	if (needs & NEED_TWO_PAGES && target->small < 2 * page)
		return SKIP_TOO_SMALL;
	return SKIP_NONE;
}

enum skip needs_unmet(const struct statement *statement, unsigned int needs,
		      const struct target *target, uint32_t kernel, unsigned int allowed,
		      char **detail)
{
	unsigned int forbidden = statement->dangers & ~allowed;
	enum skip reason;

	if (kernel && ((statement->since && kernel < statement->since) ||
		       (statement->until && kernel >= statement->until)))
		return SKIP_KERNEL_VERSION;
	if (needs & NEED_HEAP) {
		reason = target_unmet(needs, target, detail);
		if (reason != SKIP_NONE)
			return reason;
	}
	if (needs & NEED_ROOT && geteuid())
		return SKIP_NOT_ROOT;
	if (forbidden) {
		*detail = xasprintf("--allow %s", danger_name(forbidden & -forbidden));
		return SKIP_NOT_ALLOWED;
	}
	return file_unmet(needs, detail);
}
