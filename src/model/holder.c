// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/holder.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

#define FDINFO_MOST 65536

struct inodes {
	ARRAY_OF(uint64_t);
};

/*
 * The value of the first line "KEY:\tVALUE" before the buffer's name, which comes last and may hold
 * line ends.
 */
static char *field(const char *text, const char *key)
{
	for (const char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n') {
		if (text_starts_with(line, "name:\t"))
			break;
		if (text_starts_with(line, key))
			return xstrndup(line + strlen(key), strcspn(line + strlen(key), "\n"));
	}
	return NULL;
}

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
	AUTO_FREE char *path = xasprintf("/proc/%s/fdinfo/%s", process, fd);
	AUTO_FREE char *target = NULL;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *exporter = NULL;
	AUTO_FREE char *inode_text = NULL;
	AUTO_FREE char *size_text = NULL;
	uint64_t inode, size;

	if (root_readlink(root, link, &target) || !text_starts_with(target, "/dmabuf:") ||
	    root_read(root, path, FDINFO_MOST, &text, NULL))
		return;
	exporter = field(text, "exp_name:\t");
	inode_text = field(text, "ino:\t");
	size_text = field(text, "size:\t");
	if (!exporter || !strings_have(exporters, exporter) || !inode_text || !size_text ||
	    parse_number(inode_text, &inode) || parse_number(size_text, &size) ||
	    !add_inode(inodes, inode))
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
		AUTO_FREE char *folder = xasprintf("/proc/%s/fd", *process);
		AUTO_FREE char *name = xasprintf("/proc/%s/comm", *process);
		AUTO_STRINGS struct strings fds = {0};
		struct inodes inodes = {0};
		struct holder holder = {0};

		if (!isdigit((unsigned char)**process) || parse_number(*process, &holder.pid))
			continue;
		error = root_list(root, folder, &fds);
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
