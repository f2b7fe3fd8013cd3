// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * LD_PRELOAD: openat2(2) becomes openat(2), for Debian 12's valgrind 3.19 does not know it. So
 * --sysroot does not hold its links back.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <sys/syscall.h>

long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long argument[6];
	va_list list;

	va_start(list, number);
	for (int i = 0; i < 6; i++)
		argument[i] = va_arg(list, long);
	va_end(list);
	if (number == SYS_openat2) {
		const char *path = (const char *)argument[1];
		const struct open_how *how = (const struct open_how *)argument[2];

		while (*path == '/')
			path++;
		return openat((int)argument[0], *path ? path : ".", (int)how->flags, how->mode);
	}
	if (!real)
		real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
	return real(number, argument[0], argument[1], argument[2], argument[3], argument[4],
		    argument[5]);
}
