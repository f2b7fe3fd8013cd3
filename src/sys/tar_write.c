// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "sys/tar.h"
#include "sys/tar_header.h"

struct tar_writer {
	uint64_t made_at;
	char *data;
	size_t size, room;
};

/* Adds bytes, or zeros where DATA is NULL. */
static void add(struct tar_writer *writer, const void *data, size_t size)
{
	if (writer->room - writer->size < size) {
		writer->room = 2 * (writer->room + size);
		writer->data = xreallocarray(writer->data, writer->room, 1);
	}
	if (data && size)
		memcpy(writer->data + writer->size, data, size);
	else
		memset(writer->data + writer->size, 0, size);
	writer->size += size;
}

static void add_content(struct tar_writer *writer, const char *data, size_t size)
{
	add(writer, data, size);
	add(writer, NULL, -size % TAR_BLOCK);
}

struct tar_writer *tar_begin(uint64_t made_at)
{
	struct tar_writer *writer = xcalloc(1, sizeof(*writer));

	writer->made_at = made_at;
	return writer;
}

/* What does not fit is cut: the whole is in an extended header before it. */
static void put_text(char *field, size_t room, const char *text)
{
	memcpy(field, text, strnlen(text, room));
}

static void add_header(struct tar_writer *writer, char type, const char *path, uint64_t size,
		       const char *target)
{
	struct tar_header header = {.type = type, .magic = "ustar", .version = {'0', '0'}};

	put_text(header.name, sizeof(header.name), path);
	snprintf(header.mode, sizeof(header.mode), "%07o", type == '5' ? 0755U : 0644U);
	snprintf(header.user, sizeof(header.user), "%07o", 0U);
	snprintf(header.group, sizeof(header.group), "%07o", 0U);
	snprintf(header.size, sizeof(header.size), "%011" PRIo64, size);
	snprintf(header.time, sizeof(header.time), "%011" PRIo64, writer->made_at & 077777777777);
	put_text(header.link, sizeof(header.link), target);
	snprintf(header.sum, sizeof(header.sum), "%06" PRIo64, tar_header_sum(&header) & 0777777);
	header.sum[7] = ' ';
	add(writer, &header, sizeof(header));
}

/* A record "LENGTH KEY=VALUE\n", whose length counts its own digits; nothing where VALUE fits. */
static void print_record(FILE *stream, const char *key, const char *value, size_t room)
{
	size_t rest = strlen(key) + strlen(value) + 3, length = rest, digits;

	if (strlen(value) <= room)
		return;
	do {
		digits = (size_t)snprintf(NULL, 0, "%zu", length);
		length = rest + digits;
	} while ((size_t)snprintf(NULL, 0, "%zu", length) != digits);
	fprintf(stream, "%zu %s=%s\n", length, key, value);
}

void tar_add(struct tar_writer *writer, const char *path, const char *data, size_t size,
	     const char *target)
{
	const struct tar_header *header = NULL;
	char type = '5';
	AUTO_FREE char *records = NULL;
	size_t records_size;
	FILE *stream = xmemopen(&records, &records_size);

	target = target && !data ? target : "";
	if (data)
		type = '0';
	else if (*target)
		type = '2';
	print_record(stream, "path", path, sizeof(header->name));
	print_record(stream, "linkpath", target, sizeof(header->link));
	xmemclose(stream);
	if (records_size) {
		add_header(writer, 'x', "PaxHeaders/member", records_size, "");
		add_content(writer, records, records_size);
	}
	add_header(writer, type, path, data ? size : 0, target);
	if (data)
		add_content(writer, data, size);
}

char *tar_end(struct tar_writer *writer, bool gzip, size_t *size)
{
	enum {
		GZIP = 16 + MAX_WBITS /* inflateInit2() in zlib.h: with a header of gzip */
	};
	z_stream stream = {0};
	char *data, *packed;
	size_t length;

	add(writer, NULL, (size_t)2 * TAR_BLOCK);
	data = writer->data;
	length = writer->size;
	free(writer);
	*size = length;
	if (!gzip)
		return data;
	if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP, MAX_MEM_LEVEL,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		out_of_memory();
	*size = deflateBound(&stream, length);
	packed = xreallocarray(NULL, *size, 1);
	stream.next_in = (unsigned char *)data;
	stream.avail_in = (unsigned int)length;
	stream.next_out = (unsigned char *)packed;
	stream.avail_out = (unsigned int)*size;
	deflate(&stream, Z_FINISH); /* all fits, and what was in one piece ends in one */
	*size = stream.total_out;
	deflateEnd(&stream);
	free(data);
	return packed;
}
