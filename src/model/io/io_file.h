/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file whose contents are moved. */
#ifndef MODEL_IO_IO_FILE_H
#define MODEL_IO_IO_FILE_H

#include "sys/file.h"
#include "sys/file_io.h"

struct io_file {
	struct file_facts facts;
	struct file_output output; /* .fd is that of both kinds */
};

/*
 * Open a file to read, and one to write, which is replaced as struct file_output says; "-" is
 * standard input or output. Return 0 or -errno; then there is nothing to close.
 */
int io_file_open(const char *path, struct io_file *file) __attribute__((nonnull));
int io_file_create(const char *path, struct io_file *file) __attribute__((nonnull));

/* Closes it; ERROR and the result are those of file_output_close(). */
int io_file_close(struct io_file *file, int error) __attribute__((nonnull));

/* Says whether it has a byte after the first COUNT; false of a device, which may have no end. */
bool io_file_has_more(const struct io_file *file, uint64_t count) __attribute__((nonnull));

#endif
