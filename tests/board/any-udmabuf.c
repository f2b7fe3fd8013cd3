/* SPDX-License-Identifier: GPL-2.0-or-later */
/* For LD_PRELOAD: /dev/udmabuf can be opened, and is an empty file in memory. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>

int open(const char *path, int flags, ...)
{
	int (*next)(const char *, int, ...);
	mode_t mode = 0;
	va_list arguments;

	if (!strcmp(path, "/dev/udmabuf"))
		return memfd_create("udmabuf", MFD_CLOEXEC);
	va_start(arguments, flags);
	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE)
		mode = va_arg(arguments, mode_t);
	va_end(arguments);
	next = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open64");
	return next(path, flags, mode);
}

/* What programs with 64-bit file offsets call. */
int open64(const char *path, int flags, ...) __attribute__((alias("open")));
