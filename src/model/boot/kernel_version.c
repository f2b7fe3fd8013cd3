// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/kernel_version.h"

#include <errno.h>
#include <sys/utsname.h>

#include "base/ascii.h"
#include "base/xalloc.h"

/* Reads a number of at most three digits and moves *text past it; -1 where there is none. */
static int read_part(const char **text)
{
	int value = 0, digits = 0;

	while (ascii_is_digit(**text)) {
		if (++digits > 3)
			return -1;
		value = value * 10 + (*(*text)++ - '0');
	}
	return digits ? value : -1;
}

int kernel_version_parse(const char *text, uint32_t *version)
{
	int part[3] = {0};

	for (int i = 0; i < 3; i++) {
		part[i] = read_part(&text);
		if (part[i] < 0)
			return -EINVAL;
		if (i == 2 || (i == 1 && *text != '.'))
			break;
		if (*text++ != '.')
			return -EINVAL;
	}
	/* what follows: "-rc1", "-arm64", "+", ".4" of an old-style release, words of a title */
	if (*text && *text != ' ' && !ascii_is_punct(*text))
		return -EINVAL;
	*version = KERNEL((uint32_t)part[0], (uint32_t)part[1], (uint32_t)part[2]);
	return 0;
}

uint32_t kernel_version_running(void)
{
	struct utsname name;
	uint32_t version = 0;

	if (uname(&name) || kernel_version_parse(name.release, &version))
		return 0;
	return version;
}

char *kernel_version_text(uint32_t version)
{
	unsigned int patch = version % 1000;

	if (patch)
		return xasprintf("%u.%u.%u", version / 1000000, version / 1000 % 1000, patch);
	return xasprintf("%u.%u", version / 1000000, version / 1000 % 1000);
}
