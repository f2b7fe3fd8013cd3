// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/file.h"
#include "sys/tar.h"
#include "sys/tar_header.h"

#define CUT         "the archive is cut or damaged"
/* A name is never longer: more than PATH_MAX, and what else may be in an extended header. */
#define RECORDS_MAX 65536

struct tar_reader {
	gzFile file; /* reads what is not compressed as well */
	unsigned int members;
	uint64_t bytes;     /* of all that was read */
	uint64_t left, pad; /* of this member */
	struct tar_member member;
};

static int refuse(const char **reason, const char *words)
{
	*reason = words;
	return -EBADMSG;
}

/* Reads SIZE bytes; fewer are an error. */
static int take(struct tar_reader *reader, void *data, size_t size, const char **reason)
{
	int got, error;

	reader->bytes += size;
	if (reader->bytes > (uint64_t)TAR_MIB_MAX << 20) {
		*reason = "longer than " TEXT_OF(TAR_MIB_MAX) "M, more than is taken";
		return -E2BIG;
	}
	errno = 0;
	got = gzread(reader->file, data, (unsigned int)size);
	if (got >= 0 && (size_t)got == size)
		return 0;
	(void)gzerror(reader->file, &error);
	if (error == Z_MEM_ERROR)
		out_of_memory();
	if (error == Z_ERRNO && errno)
		return -errno;
	return refuse(reason, CUT);
}

int tar_open(const char *file, struct tar_reader **reader, const char **reason)
{
	struct tar_reader *opened;
	struct stat status;
	AUTO_CLOSE int fd = strcmp(file, "-") != 0 ? file_open(file, O_RDONLY | O_NOCTTY)
						   : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);

	*reason = NULL;
	if (fd < 0)
		return strcmp(file, "-") != 0 ? fd : -errno;
	if (fstat(fd, &status))
		return -errno;
	if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode))
		return refuse(reason, "neither a directory nor a file");
	opened = xcalloc(1, sizeof(*opened));
	opened->file = MUST_HAVE(gzdopen(fd, "r"));
	(void)TAKE_FD(fd);
	*reader = opened;
	return 0;
}

static void forget(struct tar_member *member)
{
	free(member->name);
	free(member->target);
	free(member->owner);
	free(member->group);
	*member = (struct tar_member){0};
}

/* Octal digits, with blanks or zeros around; larger numbers have the first bit set, and bytes. */
static int number_of(const char *field, size_t size, uint64_t *number)
{
	size_t i = 0;

	*number = 0;
	if (*field & 0x80) {
		for (i = 1; i < size; i++) {
			if (*number >> 55)
				return -ERANGE;
			*number = *number << 8 | (unsigned char)field[i];
		}
		return *field == (char)0x80 ? 0 : -ERANGE; /* not negative */
	}
	while (i < size && field[i] == ' ')
		i++;
	for (; i < size && field[i] >= '0' && field[i] <= '7'; i++)
		*number = *number << 3 | (unsigned int)(field[i] - '0');
	return i == size || !field[i] || field[i] == ' ' ? 0 : -EINVAL;
}

static bool is_empty(const struct tar_header *header)
{
	const char *bytes = (const char *)header;

	return !*bytes && !memcmp(bytes, bytes + 1, TAR_BLOCK - 1);
}

/* The type, as st_mode has it; 0: a hard link. */
static int type_of(const struct tar_header *header, const char *name, mode_t *type)
{
	switch (header->type) {
	case '\0': /* before POSIX */
	case '0':
	case '7':
		*type = *name && name[strlen(name) - 1] == '/' ? S_IFDIR : S_IFREG;
		return 0;
	case '1':
		*type = 0;
		return 0;
	case '2':
		*type = S_IFLNK;
		return 0;
	case '3':
		*type = S_IFCHR;
		return 0;
	case '4':
		*type = S_IFBLK;
		return 0;
	case '5':
		*type = S_IFDIR;
		return 0;
	case '6':
		*type = S_IFIFO;
		return 0;
	default:
		return -EBADMSG;
	}
}

/* Reads the content of a member, with a NUL after it, which the caller frees. */
static int read_records(struct tar_reader *reader, uint64_t size, char **text, const char **reason)
{
	char padding[TAR_BLOCK];
	AUTO_FREE char *data = NULL;
	int error;

	if (size > RECORDS_MAX)
		return refuse(reason, "a member has too long a name, or too much said of it");
	data = xcalloc((size_t)size + 1, 1);
	error = take(reader, data, (size_t)size, reason);
	if (!error)
		error = take(reader, padding, (size_t)(-size % TAR_BLOCK), reason);
	if (!error)
		*text = TAKE_POINTER(data);
	return error;
}

static void replace(char **text, char *with)
{
	free(*text);
	*text = with;
}

/* Records "LENGTH KEY=VALUE\n" of an extended header; those that are not about names are skipped.
 */
static int take_records(struct tar_member *member, const char *text, size_t size)
{
	const char *end = text + size;

	while (text < end) {
		char *key;
		uint64_t length = strtoull(text, &key, 10);
		const char *value;

		if (*key != ' ' || length > (uint64_t)(end - text) ||
		    length < (uint64_t)(key - text) + 2 || text[length - 1] != '\n')
			return -EBADMSG;
		key++;
		value = memchr(key, '=', (size_t)(text + length - key));
		if (!value++)
			return -EBADMSG;
		size = (size_t)(text + length - 1 - value);
		if (text_starts_with(key, "path="))
			replace(&member->name, xstrndup(value, size));
		else if (text_starts_with(key, "linkpath="))
			replace(&member->target, xstrndup(value, size));
		else if (text_starts_with(key, "size="))
			return -EBADMSG; /* of what is larger than 8 GiB */
		text += length;
	}
	return 0;
}

/* What stands before a member and is about it: says whether HEADER is that. */
static int take_extension(struct tar_reader *reader, const struct tar_header *header, uint64_t size,
			  bool *taken, const char **reason)
{
	struct tar_member *member = &reader->member;
	AUTO_FREE char *text = NULL;
	int error;

	*taken = header->type && strchr("xgLK", header->type);
	if (!*taken)
		return 0;
	error = read_records(reader, size, &text, reason);
	if (error)
		return error;
	if (header->type == 'x' && take_records(member, text, (size_t)size))
		return refuse(reason, CUT);
	if (header->type == 'L')
		replace(&member->name, TAKE_POINTER(text));
	else if (header->type == 'K')
		replace(&member->target, TAKE_POINTER(text));
	return 0;
}

/* A name or a number of a user or a group; the caller frees it. */
static char *owner_of(const char *name, size_t room, uint64_t number)
{
	return *name ? xstrndup(name, strnlen(name, room))
		     : xasprintf("%llu", (unsigned long long)number);
}

static int fill(struct tar_reader *reader, const struct tar_header *header, uint64_t size)
{
	struct tar_member *member = &reader->member;
	uint64_t mode, user, group, major_number = 0, minor_number = 0;
	mode_t type;

	if (!member->name) {
		/* GNU tar has other things in the place of the prefix */
		bool prefixed = !memcmp(header->magic, "ustar", 6) && *header->prefix;

		member->name = xasprintf("%.*s%s%.*s", prefixed ? (int)sizeof(header->prefix) : 0,
					 header->prefix, prefixed ? "/" : "",
					 (int)sizeof(header->name), header->name);
	}
	if (!member->target)
		member->target =
			xstrndup(header->link, strnlen(header->link, sizeof(header->link)));
	if (type_of(header, member->name, &type) ||
	    number_of(header->mode, sizeof(header->mode), &mode) ||
	    number_of(header->user, sizeof(header->user), &user) ||
	    number_of(header->group, sizeof(header->group), &group))
		return -EBADMSG;
	if ((type == S_IFCHR || type == S_IFBLK) &&
	    (number_of(header->device_major, sizeof(header->device_major), &major_number) ||
	     number_of(header->device_minor, sizeof(header->device_minor), &minor_number) ||
	     major_number > UINT32_MAX || minor_number > UINT32_MAX))
		return -EBADMSG;
	member->mode = type | (mode & 07777);
	member->device = makedev((unsigned int)major_number, (unsigned int)minor_number);
	member->owner = owner_of(header->user_name, sizeof(header->user_name), user);
	member->group = owner_of(header->group_name, sizeof(header->group_name), group);
	reader->left = type == S_IFREG ? size : 0;
	reader->pad = type == S_IFREG ? -size % TAR_BLOCK : 0;
	member->size = reader->left;
	return 0;
}

/* Reads a header whose sum is right. Returns 1, 0 at the end, or -errno. */
static int read_header(struct tar_reader *reader, struct tar_header *header, const char **reason)
{
	static const char other[] = "neither a directory nor an archive of tar, plain or with gzip";
	bool first = !reader->bytes;
	uint64_t sum;
	int error = take(reader, header, sizeof(*header), reason);

	if (error == -EBADMSG && first)
		return refuse(reason, other);
	if (error)
		return error;
	if (is_empty(header))
		return 0;
	if (number_of(header->sum, sizeof(header->sum), &sum) || sum != tar_header_sum(header))
		return refuse(reason, first ? other : CUT);
	if (++reader->members > TAR_MEMBERS_MAX) {
		*reason = "more than " TEXT_OF(TAR_MEMBERS_MAX) " members, more than are taken";
		return -E2BIG;
	}
	return 1;
}

static int skip_rest(struct tar_reader *reader, const char **reason)
{
	char data[8192];

	while (reader->left + reader->pad) {
		uint64_t all = reader->left + reader->pad;
		size_t size = all < sizeof(data) ? (size_t)all : sizeof(data);
		int error = take(reader, data, size, reason);

		if (error)
			return error;
		reader->pad = all - size;
		reader->left = 0;
	}
	return 0;
}

int tar_next(struct tar_reader *reader, struct tar_member *member, const char **reason)
{
	struct tar_header header;
	bool is_extension;
	int answer;

	*reason = NULL;
	answer = skip_rest(reader, reason);
	forget(&reader->member);
	if (answer)
		return answer;
	do {
		uint64_t size;
		int error;

		answer = read_header(reader, &header, reason);
		if (answer != 1)
			return answer;
		if (number_of(header.size, sizeof(header.size), &size))
			return refuse(reason, CUT);
		error = take_extension(reader, &header, size, &is_extension, reason);
		if (error)
			return error;
		if (!is_extension && fill(reader, &header, size))
			return refuse(reason, "a member of a kind that is not known, or damaged");
	} while (is_extension);
	*member = reader->member;
	return 1;
}

ssize_t tar_read(struct tar_reader *reader, char *data, size_t size, const char **reason)
{
	size_t now = reader->left < size ? (size_t)reader->left : size;
	int error;

	*reason = NULL;
	if (!now)
		return 0;
	error = take(reader, data, now, reason);
	if (error)
		return error;
	reader->left -= now;
	return (ssize_t)now;
}

void tar_close(struct tar_reader *reader)
{
	if (!reader)
		return;
	forget(&reader->member);
	gzclose(reader->file);
	free(reader);
}
