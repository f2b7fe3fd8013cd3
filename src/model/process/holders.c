// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/process/holders.h"

#include <ctype.h>
#include <errno.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/fdinfo.h"
#include "sys/root.h"

struct inodes {
	ARRAY_OF(uint64_t);
};

static bool add_inode(struct inodes *inodes, uint64_t inode)
{
	array_for_each (inodes, known) {
		if (*known == inode)
			return false;
	}
	*array_add(inodes) = inode;
	return true;
}

/* Adds a descriptor to its holder if it is a buffer of one of the exporters. */
static void look_at(const struct root *root, const char *process, const char *fd,
		    const struct strings *exporters, struct inodes *inodes, struct holder *holder)
{
	AUTO_FREE char *link = xasprintf("/proc/%s/fd/%s", process, fd);
	AUTO_FREE char *target = NULL;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *exporter = NULL;
	uint64_t inode, size;

	if (root_readlink(root, link, &target) || !text_starts_with(target, "/dmabuf:") ||
	    fdinfo_read(root, process, fd, &text))
		return;
	exporter = fdinfo_value(text, "exp_name");
	if (!exporter || !strings_have(exporters, exporter) || fdinfo_number(text, "ino", &inode) ||
	    fdinfo_number(text, "size", &size) || !add_inode(inodes, inode))
		return;
	holder->bytes += size;
	holder->buffers++;
}

static int by_bytes(const void *a, const void *b)
{
	const struct holder *first = a, *second = b;

	if (first->bytes != second->bytes)
		return first->bytes < second->bytes ? 1 : -1;
	return first->pid < second->pid ? -1 : first->pid > second->pid;
}

int holders_read(const struct root *root, const struct strings *exporters, struct holders *holders)
{
	AUTO_STRINGS struct strings processes = {0};
	int error = root_list(root, "/proc", &processes);

	if (error)
		return error;
	array_for_each (&processes, process) {
		AUTO_FREE char *directory = xasprintf("/proc/%s/fd", *process);
		AUTO_FREE char *name = xasprintf("/proc/%s/comm", *process);
		AUTO_STRINGS struct strings fds = {0};
		struct inodes inodes = {0};
		struct holder holder = {0};

		if (!isdigit((unsigned char)**process) || parse_number(*process, &holder.pid))
			continue;
		error = root_list(root, directory, &fds);
		holders->unreadable += error == -EACCES || error == -EPERM;
		array_for_each (&fds, fd)
			look_at(root, *process, *fd, exporters, &inodes, &holder);
		array_free(&inodes);
		if (!holder.buffers)
			continue;
		if (root_read_line(root, name, &holder.command))
			holder.command = NULL;
		*array_add(holders) = holder;
	}
	if (holders->count)
		qsort(holders->items, holders->count, sizeof(*holders->items), by_bytes);
	return 0;
}

void holders_free(struct holders *holders)
{
	array_for_each (holders, holder)
		free(holder->command);
	array_free(holders);
}
