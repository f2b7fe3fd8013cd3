// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/io/io_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static int duplicate(int fd)
{
	int new = fcntl(fd, F_DUPFD_CLOEXEC, 0);

	return new < 0 ? -errno : new;
}

static int read_facts(struct io_file *file)
{
	int error = file_facts(file->output.fd, &file->facts);

	return error ? file_output_close(&file->output, error) : 0;
}

int io_file_open(const char *path, struct io_file *file)
{
	int fd = strcmp(path, "-") != 0 ? file_open(path, O_RDONLY) : duplicate(STDIN_FILENO);

	file->output = (struct file_output){.fd = fd};
	return fd < 0 ? fd : read_facts(file);
}

int io_file_create(const char *path, struct io_file *file)
{
	int error = 0;

	if (strcmp(path, "-") != 0) {
		error = file_output_open(path, &file->output);
	} else {
		file->output = (struct file_output){.fd = duplicate(STDOUT_FILENO)};
		error = file->output.fd < 0 ? file->output.fd : 0;
	}
	return error ? error : read_facts(file);
}

int io_file_close(struct io_file *file, int error)
{
	return file_output_close(&file->output, error);
}

bool io_file_has_more(const struct io_file *file, uint64_t count)
{
	char byte;

	return file->facts.kind != FILE_DEVICE &&
	       file_get_at(file->output.fd, file_is_stream(&file->facts), &byte, 1,
			   file->facts.offset + count) == 1;
}
