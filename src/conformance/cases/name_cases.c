// SPDX-License-Identifier: GPL-2.0-or-later
/* DMA_BUF_SET_NAME and where a name shows: drivers/dma-buf/dma-buf.c. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conformance/engine/trial.h"
#include "sys/dmabuf.h"
#include "sys/uapi.h"

#define SOURCE(function) "drivers/dma-buf/dma-buf.c, " function

/* 31 characters: DMA_BUF_NAME_LEN with the NUL is 32. */
static const char longest[] = "0123456789abcdefghijklmnopqrstu";

/* The name in fdinfo is NAME (NULL: there is none). */
static void expect_name(struct trial *t, int fd, const char *name)
{
	char *found = fd_value(t, fd, "name");

	trial_call(t, "read the name in fdinfo");
	if (!name && found)
		trial_fail(t, "no line 'name:'", "'%s'", found);
	if (name && (!found || strcmp(found, name) != 0))
		trial_fail(t, name, "%s", found ? found : "no line 'name:'");
	free(found);
}

TEST(none_at_first, "name.none-at-first", "A fresh buffer has no name.",
     SOURCE("dma_buf_show_fdinfo"))
{
	expect_name(t, trial_buffer(t, t->page), NULL);
}

TEST(longest_accepted, "name.longest", "A name of 31 characters is kept whole.",
     SOURCE("dma_buf_set_name"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_NUMBER(t, 31, strlen(longest));
	EXPECT_OK(t, dmabuf_set_name(fd, longest));
	expect_name(t, fd, longest);
}

TEST(too_long, "name.too-long",
     "Names of 32 characters and more are refused with EINVAL, and the old one stays.",
     SOURCE("dma_buf_set_name"))
{
	char name[64];
	int fd = trial_buffer(t, t->page);

	memset(name, 'x', sizeof(name));
	name[32] = '\0';
	EXPECT_OK(t, dmabuf_set_name(fd, "before"));
	EXPECT_ERROR(t, EINVAL, dmabuf_set_name(fd, name));
	name[32] = 'x';
	name[63] = '\0';
	EXPECT_ERROR(t, EINVAL, dmabuf_set_name(fd, name));
	expect_name(t, fd, "before");
}

TEST(argument_null, "name.argument-null",
     "A name at an address that cannot be read is refused with EFAULT.", SOURCE("dma_buf_set_name"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EFAULT, ioctl(fd, DMA_BUF_SET_NAME_B, NULL));
	expect_name(t, fd, NULL);
}

TEST(empty, "name.empty", "An empty name replaces the old one.", SOURCE("dma_buf_set_name"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_OK(t, dmabuf_set_name(fd, "something"));
	EXPECT_OK(t, dmabuf_set_name(fd, ""));
	expect_name(t, fd, "");
}

TEST(both_commands, "name.both-commands",
     "Both numbers of the ioctl, the 32-bit and the 64-bit one, do the same.",
     SOURCE("dma_buf_ioctl"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, ioctl(fd, DMA_BUF_SET_NAME_A, "the first"));
	expect_name(t, fd, "the first");
	EXPECT_DONE(t, ioctl(fd, DMA_BUF_SET_NAME_B, "the second"));
	expect_name(t, fd, "the second");
}

TEST(command_exact, "name.command-exact", "A number of another size is refused with ENOTTY.",
     SOURCE("dma_buf_ioctl"))
{
	EXPECT_ERRNO(t, ENOTTY, ioctl(trial_buffer(t, t->page), _IOW('b', 1, uint16_t), "name"));
}

TEST(any_access_mode, "name.any-access-mode", "A descriptor for reading can set the name as well.",
     SOURCE("dma_buf_set_name"))
{
	int fd = trial_allocate(t, t->page, O_RDONLY);

	EXPECT_OK(t, dmabuf_set_name(fd, "read-only"));
	expect_name(t, fd, "read-only");
}

TEST(of_the_buffer, "name.of-the-buffer", "The name belongs to the buffer, not to the descriptor.",
     SOURCE("dma_buf_set_name"))
{
	int fd = trial_buffer(t, t->page), second;

	second = EXPECT_DONE(t, dup(fd));
	EXPECT_OK(t, dmabuf_set_name(second, "shared"));
	expect_name(t, fd, "shared");
}

TEST(in_the_link, "name.in-the-link", "The link in /proc/self/fd shows the name.",
     SOURCE("dmabuffs_dname"))
{
	int fd = trial_buffer(t, t->page);

	EXPECT_OK(t, dmabuf_set_name(fd, "some name"));
	EXPECT_TEXT(t, "/dmabuf:some name", trial_link(t, fd));
}

TEST(in_the_maps, "name.in-the-maps", "/proc/self/maps shows the name of a mapped buffer.",
     SOURCE("dmabuffs_dname"), .needs = NEED_MMAP)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_OK(t, dmabuf_set_name(fd, "mapped"));
	trial_map(t, fd, t->page);
	EXPECT_TRUE(t, strstr(trial_read(t, "/proc/self/maps"), " /dmabuf:mapped\n") != NULL);
}

TEST(unfiltered, "name.unfiltered",
     "Line ends in a name go into fdinfo as they are: a reader has to take the first line of each "
     "key.",
     SOURCE("dma_buf_show_fdinfo"), .needs = NEED_PROC)
{
	char path[64], text[4096] = "";
	int fd = trial_buffer(t, t->page), file;

	EXPECT_OK(t, dmabuf_set_name(fd, "a\nsize:\t1"));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = EXPECT_DONE(t, open(path, O_RDONLY | O_CLOEXEC));
	EXPECT_DONE(t, read(file, text, sizeof(text) - 1));
	EXPECT_TRUE(t, strstr(text, "name:\ta\nsize:\t1\n") != NULL);
}

SUITE(name, "name", NEED_HEAP, none_at_first, longest_accepted, too_long, argument_null, empty,
      both_commands, command_exact, any_access_mode, of_the_buffer, in_the_link, in_the_maps,
      unfiltered);
