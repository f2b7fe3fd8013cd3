// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/capture/redact.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/path.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/kmsg.h"

#define FIRST_USER 1000 /* those before it are the system's: login.defs(5), UID_MIN */

/* Bytes that are replaced by as many others, wherever they are. */
struct secret {
	char *bytes, *instead;
	size_t size;
};

struct secrets {
	ARRAY_OF(struct secret);
};

static void add_secret(struct secrets *secrets, const char *bytes, size_t size, size_t kept,
		       char filler)
{
	struct secret *secret = array_add(secrets);

	secret->bytes = xmemdup(bytes, size);
	secret->instead = xmemdup(bytes, size);
	memset(secret->instead + kept, filler, size - kept);
	secret->size = size;
}

/* Parameters about memory, which decide what becomes of regions and areas. */
static bool is_about_memory(const char *word)
{
	static const char *const names[] = {
		"cma=",         "cma_pernuma=", "coherent_pool=",   "crashkernel=", "hugepages=",
		"hugepagesz=",  "hugetlb_cma=", "kernelcore=",      "mem=",         "memmap=",
		"movablecore=", "numa_cma=",    "rk_dma_heap_cma=", "swiotlb=",     "vmalloc=",
	};

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (text_starts_with(word, names[i]))
			return true;
	}
	return false;
}

/* The words NAME=VALUE of a command line; quotes hold blanks together. */
static void add_parameters(struct secrets *secrets, const char *line)
{
	while (*line) {
		const char *word = line + strspn(line, " \n"), *equals = NULL;
		bool quoted = false;

		for (line = word; *line && (quoted || (*line != ' ' && *line != '\n')); line++) {
			quoted ^= *line == '"';
			if (!equals && *line == '=')
				equals = line;
		}
		if (equals && line > equals + 1 && !is_about_memory(word))
			add_secret(secrets, word, (size_t)(line - word),
				   (size_t)(equals + 1 - word), 'x');
	}
}

/* What identifies this machine in its device tree. */
static void add_property(struct secrets *secrets, const struct captured *captured)
{
	enum {
		MAC = 6 /* bytes; fewer than that are found everywhere */
	};
	const char *name = path_name(captured->path);

	if (!path_below("/sys/firmware/devicetree", captured->path) || captured->size < MAC)
		return;
	if (!strcmp(name, "serial-number"))
		add_secret(secrets, captured->data, captured->size - 1, 0, 'x');
	else if (!strcmp(name, "local-mac-address") || !strcmp(name, "mac-address"))
		add_secret(secrets, captured->data, captured->size, 0, '\0');
	else if (!strcmp(name, "bootargs"))
		add_parameters(secrets, captured->data);
}

static void replace_secret(struct captured *captured, const struct secret *secret)
{
	char *at = captured->data, *end = captured->data + captured->size;

	while ((at = memmem(at, (size_t)(end - at), secret->bytes, secret->size))) {
		memcpy(at, secret->instead, secret->size);
		at += secret->size;
	}
}

static bool is_word(char c)
{
	return ascii_is_alnum(c) || c == '_' || c == '-';
}

/* Replaces a name where it is a word of its own. */
static void replace_name(struct captured *captured, const char *name)
{
	size_t length = strlen(name);
	char *at = captured->data, *end = captured->data + captured->size;

	while ((at = memmem(at, (size_t)(end - at), name, length))) {
		if ((at == captured->data || !is_word(at[-1])) &&
		    (at + length == end || !is_word(at[length])))
			memset(at, 'x', length);
		at += length;
	}
}

/* "(builder@host)", which stands in the line that begins so. */
static void replace_builder(struct captured *captured)
{
	char *line = strstr(captured->data, "Linux version ");

	for (char *at = line ? strchr(line, '(') : NULL; at && *at && *at != ')'; at++) {
		if (*at != '(' && *at != '@')
			*at = 'x';
	}
}

/* "52:54:00:12:34:56": pairs of digits, with one of : and - between them. */
static bool is_mac(const char *text, const char *end)
{
	enum {
		LENGTH = 17
	};

	if (end - text < LENGTH || (text[2] != ':' && text[2] != '-'))
		return false;
	for (int i = 0; i < LENGTH; i++) {
		if (i % 3 == 2 ? text[i] != text[2] : !ascii_is_hex(text[i]))
			return false;
	}
	return end - text == LENGTH || !ascii_is_hex(text[LENGTH]);
}

static void replace_macs(struct captured *captured)
{
	char *end = captured->data + captured->size;

	for (char *at = captured->data; at < end; at++) {
		if ((at > captured->data && ascii_is_hex(at[-1])) || !is_mac(at, end))
			continue;
		for (int i = 0; i < 17; i++) {
			if (i % 3 != 2)
				at[i] = '0';
		}
	}
}

static void add_user(struct strings *names, uid_t number)
{
	const struct passwd *user = number >= FIRST_USER ? getpwuid(number) : NULL;

	if (user && *user->pw_name)
		strings_add(names, user->pw_name);
}

/* Who asks, who owns nodes, and whose processes hold buffers. */
static void find_users(const struct capture *capture, struct strings *names)
{
	static const char key[] = "\nUid:\t";

	add_user(names, getuid());
	array_for_each (capture, captured) {
		const char *at = captured->data && path_below("/proc", captured->path)
					 ? strstr(captured->data, key)
					 : NULL;
		AUTO_FREE char *owner = NULL;
		const struct passwd *user = NULL;
		size_t length;

		if (at)
			add_user(names, (uid_t)strtoul(at + strlen(key), NULL, 10));
		if (!captured->data || !text_starts_with(captured->data, "char ") ||
		    !path_below("/dev", captured->path))
			continue;
		at = strchr(captured->data + strlen("char "), ' ');
		length = at ? strcspn(at + 1, " \n") : 0;
		owner = at ? xstrndup(at + 1, length) : NULL;
		user = owner ? getpwnam(owner) : NULL;
		if (user && user->pw_uid >= FIRST_USER)
			strings_add(names, owner);
	}
}

void capture_redact(struct capture *capture)
{
	AUTO_STRINGS struct strings names = {0};
	struct secrets secrets = {0};
	struct utsname machine;

	if (!uname(&machine) && *machine.nodename)
		strings_add(&names, machine.nodename);
	find_users(capture, &names);
	array_for_each (capture, captured) {
		if (captured->data && !strcmp(captured->path, "/proc/cmdline"))
			add_parameters(&secrets, captured->data);
		else if (captured->data)
			add_property(&secrets, captured);
	}
	array_for_each (capture, captured) {
		bool is_log = !strcmp(captured->path, KMSG_PATH);

		if (!captured->data)
			continue;
		array_for_each (&secrets, secret)
			replace_secret(captured, secret);
		if (path_below("/proc", captured->path) || path_below("/dev", captured->path)) {
			array_for_each (&names, name)
				replace_name(captured, *name);
		}
		if (is_log || !strcmp(captured->path, "/proc/version"))
			replace_builder(captured);
		if (is_log)
			replace_macs(captured);
	}
	array_for_each (&secrets, secret) {
		free(secret->bytes);
		free(secret->instead);
	}
	array_free(&secrets);
}
