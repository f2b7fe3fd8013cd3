// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/udev_rule.h"

#include <fnmatch.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/root.h"

/* A file hides those of its name in the directories after it. */
static const char *const directories[] = {"/etc/udev/rules.d", "/run/udev/rules.d",
					  "/usr/local/lib/udev/rules.d", "/usr/lib/udev/rules.d",
					  "/lib/udev/rules.d"};

/* Whether one of "a|b*", up to the quotation mark, is NAME's. */
static bool matches(const char *patterns, const char *name)
{
	AUTO_FREE char *list = xstrndup(patterns, strcspn(patterns, "\""));
	char *rest = NULL;

	for (char *one = strtok_r(list, "|", &rest); one; one = strtok_r(NULL, "|", &rest)) {
		if (!fnmatch(one, name, 0))
			return true;
	}
	return false;
}

/* Whether what a line demands of the kernel's name is so. */
static bool is_for(const char *line, const char *name)
{
	static const char same[] = "KERNEL==\"", other[] = "KERNEL!=\"";
	const char *found = strstr(line, same);

	if (found && !matches(found + strlen(same), name))
		return false;
	found = strstr(line, other);
	return !found || !matches(found + strlen(other), name);
}

static bool gives_access(const char *line)
{
	static const char *const words[] = {"GROUP=\"", "GROUP:=\"", "MODE=\"", "MODE:=\"",
					    "\"uaccess\""};

	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strstr(line, words[i]))
			return true;
	}
	return false;
}

/* The last line of a file that is meant, or 0. Lines that a backslash joins count as the last. */
static size_t find_line(const char *text, const char *name)
{
	AUTO_FREE char *joined = xstrdup("");
	size_t number = 0, found = 0;

	for (const char *line = text, *end; *line; line = *end ? end + 1 : end) {
		bool goes_on;
		char *longer;

		end = line + strcspn(line, "\n");
		number++;
		goes_on = end > line && end[-1] == '\\';
		longer = xasprintf("%s%.*s", joined, (int)(end - line - goes_on), line);
		free(joined);
		joined = longer;
		if (goes_on)
			continue;
		if (joined[strspn(joined, " \t")] != '#' && strstr(joined, "dma_heap") &&
		    gives_access(joined) && is_for(joined, name))
			found = number;
		*joined = '\0';
	}
	return found;
}

char *udev_rule_find(const struct root *root, const char *name)
{
	AUTO_STRINGS struct strings seen = {0};
	AUTO_FREE char *last = NULL; /* the file that found it: rules are read by file name */
	char *found = NULL;

	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		AUTO_STRINGS struct strings files = {0};

		if (root_list(root, directories[i], &files))
			continue;
		array_for_each (&files, file) {
			AUTO_FREE char *path = xasprintf("%s/%s", directories[i], *file);
			AUTO_FREE char *text = NULL;
			const char *ending = strrchr(*file, '.');
			size_t line;

			if (!ending || strcmp(ending, ".rules") != 0 || strings_have(&seen, *file))
				continue;
			strings_add(&seen, *file);
			if (root_read(root, path, 1 << 20, &text, NULL))
				continue;
			line = find_line(text, name);
			if (!line || (last && strcmp(last, *file) > 0))
				continue;
			free(last);
			free(found);
			last = xstrdup(*file);
			found = xasprintf("%s:%zu", path, line);
		}
	}
	return found;
}
