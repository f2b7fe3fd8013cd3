// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/needs.h"

#include <errno.h>
#include <linux/magic.h>
#include <unistd.h>

#include "base/array.h"
#include "base/constant.h"
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
	{NEED_PROC, "/proc/self/fd", R_OK, SKIP_NO_FEATURE},
	{NEED_SYS, "/sys/kernel", R_OK, SKIP_NO_FEATURE},
};

/* Says whether PATH is below a directory where its file system is not mounted. */
static bool is_unmounted(const char *path)
{
	static const struct {
		const char *below, *directory;
		long magic;
	} mounts[] = {
		{"/proc/", "/proc", PROC_SUPER_MAGIC},
		{"/sys/", "/sys", SYSFS_MAGIC},
		{"/sys/kernel/debug/", "/sys/kernel/debug", DEBUGFS_MAGIC},
	};

	for (size_t i = 0; i < COUNT_OF(mounts); i++) {
		if (text_starts_with(path, mounts[i].below) &&
		    !file_is_mounted(mounts[i].directory, mounts[i].magic))
			return true;
	}
	return false;
}

enum skip needs_reason(const char *path, int error, enum skip otherwise)
{
	if (error == -EACCES || error == -EPERM)
		return SKIP_NO_ACCESS;
	return is_unmounted(path) ? SKIP_NOT_MOUNTED : otherwise;
}

static enum skip file_unmet(unsigned int needs, char **detail)
{
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		int error = needs & files[i].need ? file_access(files[i].path, files[i].mode) : 0;

		if (!error)
			continue;
		*detail = xasprintf("%s: %s", files[i].path, error_words(error));
		return needs_reason(files[i].path, error, files[i].reason);
	}
	return SKIP_NONE;
}

static enum skip target_unmet(unsigned int needs, const struct target *target, char **detail)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (needs & (NEED_PAGES | NEED_CMA) && target->kind == MEMORY_UNKNOWN) {
		*detail = xstrdup("what memory the heap gives is unknown");
		return SKIP_NOT_KNOWN;
	}
	if (needs & NEED_PAGES && target->kind != MEMORY_PAGES)
		return SKIP_HEAP_KIND;
	if (needs & NEED_CMA && target->kind != MEMORY_CMA)
		return SKIP_HEAP_KIND;
	if (target->fork_error) {
		*detail = xasprintf("fork: %s", error_words(target->fork_error));
		return SKIP_NO_PROCESS;
	}
	if (target->open_error) {
		*detail = xasprintf("%s: %s", target->node, error_words(target->open_error));
		return SKIP_NO_ACCESS;
	}
	if (needs & NEED_MMAP && target_is_unmappable(target)) {
		*detail = xstrdup("mmap: EINVAL");
		return SKIP_NO_MMAP;
	}
	if (needs & NEED_MMAP && target->failed_map) {
		*detail = xasprintf("%s failed: mapping %s fails with %s", target->failed_map,
				    target->map_error ? "a whole buffer" : "a part of a buffer",
				    error_name(-target_map_error(target)));
		return SKIP_AFTER_FAILURE;
	}
	if (needs & (NEED_MMAP | NEED_TWO_PAGES) && target->full) {
		*detail = xstrdup("not a page is left");
		return SKIP_NO_MEMORY;
	}
	if (needs & NEED_TWO_PAGES && target->small < 2 * page)
		return SKIP_TOO_SMALL;
	return SKIP_NONE;
}

enum skip needs_unmet(const struct statement *statement, unsigned int needs,
		      const struct target *target, uint32_t kernel, unsigned int allowed,
		      char **detail)
{
	unsigned int forbidden = statement_dangers_on(statement, kernel) & ~allowed;
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
