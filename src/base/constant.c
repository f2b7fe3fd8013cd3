// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/constant.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>

#include "base/array.h"

struct constant {
	int number;
	const char *name;
};

#define CONSTANT(name) \
	{ \
		name, #name \
	}

/* what system calls return for buffers, fences, files, memory and sockets */
static const struct constant errors[] = {
	CONSTANT(E2BIG),        CONSTANT(EACCES),       CONSTANT(EADDRINUSE), CONSTANT(EAGAIN),
	CONSTANT(EBADF),        CONSTANT(EBADFD),       CONSTANT(EBUSY),      CONSTANT(ECANCELED),
	CONSTANT(ECHILD),       CONSTANT(ECONNREFUSED), CONSTANT(ECONNRESET), CONSTANT(EDEADLK),
	CONSTANT(EDOM),         CONSTANT(EEXIST),       CONSTANT(EFAULT),     CONSTANT(EFBIG),
	CONSTANT(EINTR),        CONSTANT(EINVAL),       CONSTANT(EIO),        CONSTANT(EISDIR),
	CONSTANT(ELOOP),        CONSTANT(EMFILE),       CONSTANT(EMLINK),     CONSTANT(EMSGSIZE),
	CONSTANT(ENAMETOOLONG), CONSTANT(ENFILE),       CONSTANT(ENOBUFS),    CONSTANT(ENODATA),
	CONSTANT(ENODEV),       CONSTANT(ENOENT),       CONSTANT(ENOEXEC),    CONSTANT(ENOLCK),
	CONSTANT(ENOMEM),       CONSTANT(ENOSPC),       CONSTANT(ENOSYS),     CONSTANT(ENOTCONN),
	CONSTANT(ENOTDIR),      CONSTANT(ENOTEMPTY),    CONSTANT(ENOTSOCK),   CONSTANT(ENOTTY),
	CONSTANT(ENXIO),        CONSTANT(EOPNOTSUPP),   CONSTANT(EOVERFLOW),  CONSTANT(EOWNERDEAD),
	CONSTANT(EPERM),        CONSTANT(EPIPE),        CONSTANT(EPROTO),     CONSTANT(ERANGE),
	CONSTANT(EREMOTEIO),    CONSTANT(EROFS),        CONSTANT(ESPIPE),     CONSTANT(ESRCH),
	CONSTANT(ESTALE),       CONSTANT(ETIME),        CONSTANT(ETIMEDOUT),  CONSTANT(ETXTBSY),
	CONSTANT(EXDEV),
};

static const struct constant signals[] = {
	CONSTANT(SIGABRT), CONSTANT(SIGALRM), CONSTANT(SIGBUS),  CONSTANT(SIGFPE),
	CONSTANT(SIGHUP),  CONSTANT(SIGILL),  CONSTANT(SIGINT),  CONSTANT(SIGIO),
	CONSTANT(SIGKILL), CONSTANT(SIGPIPE), CONSTANT(SIGQUIT), CONSTANT(SIGSEGV),
	CONSTANT(SIGSYS),  CONSTANT(SIGTERM), CONSTANT(SIGTRAP), CONSTANT(SIGUSR1),
	CONSTANT(SIGUSR2), CONSTANT(SIGXCPU), CONSTANT(SIGXFSZ),
};

static const char *name_of(const struct constant *constants, size_t count, int number,
			   const char *kind)
{
	static _Thread_local char words[32];

	for (size_t i = 0; i < count; i++)
		if (constants[i].number == number)
			return constants[i].name;
	snprintf(words, sizeof(words), "%s %d", kind, number);
	return words;
}

const char *error_name(int error)
{
	return name_of(errors, COUNT_OF(errors), error, "error");
}

const char *signal_name(int number)
{
	return name_of(signals, COUNT_OF(signals), number, "signal");
}
