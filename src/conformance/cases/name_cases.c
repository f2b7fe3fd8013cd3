// SPDX-License-Identifier: GPL-2.0-or-later
/* DMA_BUF_SET_NAME and where a name shows: drivers/dma-buf/dma-buf.c. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "conformance/engine/trial.h"

#define SOURCE(function) "drivers/dma-buf/dma-buf.c, " function

/* 31 characters: DMA_BUF_NAME_LEN with the NUL is 32. */
static const char longest[] = "0123456789abcdefghijklmnopqrstu";

static int set_name(int fd, const char *name)
{
	return ioctl(fd, DMA_BUF_SET_NAME_B, name);
}

/* The name in fdinfo is NAME (NULL: there is none). */
static void expect_name(struct trial *t, int fd, const char *name)
{
	char *found = fd_value(fd, "name");

	trial_call(t, "read the name in fdinfo");
	if (!name && found)
		trial_fail(t, "no line 'name:'", "'%s'", found);
	if (name && (!found || strcmp(found, name) != 0))
		trial_fail(t, name, "%s", found ? found : "no line 'name:'");
	free(found);
}

static void none_at_first(struct trial *t)
{
	expect_name(t, trial_buffer(t, t->page), NULL);
}

static void longest_accepted(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_NUMBER(t, 31, strlen(longest));
	EXPECT_DONE(t, set_name(fd, longest));
	expect_name(t, fd, longest);
}

static void too_long(struct trial *t)
{
	char name[64];
	int fd = trial_buffer(t, t->page);

	memset(name, 'x', sizeof(name));
	name[32] = '\0';
	EXPECT_DONE(t, set_name(fd, "before"));
	EXPECT_ERRNO(t, EINVAL, set_name(fd, name));
	name[32] = 'x';
	name[63] = '\0';
	EXPECT_ERRNO(t, EINVAL, set_name(fd, name));
	expect_name(t, fd, "before");
}

static void argument_null(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_ERRNO(t, EFAULT, set_name(fd, NULL));
	expect_name(t, fd, NULL);
}

static void empty(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, set_name(fd, "something"));
	EXPECT_DONE(t, set_name(fd, ""));
	expect_name(t, fd, "");
}

static void both_commands(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, ioctl(fd, DMA_BUF_SET_NAME_A, "the first"));
	expect_name(t, fd, "the first");
	EXPECT_DONE(t, ioctl(fd, DMA_BUF_SET_NAME_B, "the second"));
	expect_name(t, fd, "the second");
}

static void command_exact(struct trial *t)
{
	EXPECT_ERRNO(t, ENOTTY, ioctl(trial_buffer(t, t->page), _IOW('b', 1, uint16_t), "name"));
}

static void any_access_mode(struct trial *t)
{
	int fd = trial_allocate(t, t->page, O_RDONLY);

	EXPECT_DONE(t, set_name(fd, "read-only"));
	expect_name(t, fd, "read-only");
}

static void of_the_buffer(struct trial *t)
{
	int fd = trial_buffer(t, t->page), second;

	second = EXPECT_DONE(t, dup(fd));
	EXPECT_DONE(t, set_name(second, "shared"));
	expect_name(t, fd, "shared");
}

static void in_the_link(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, set_name(fd, "some name"));
	EXPECT_TEXT(t, "/dmabuf:some name", trial_link(t, fd));
}

static void in_the_maps(struct trial *t)
{
	int fd = trial_buffer(t, t->page);

	EXPECT_DONE(t, set_name(fd, "mapped"));
	trial_map(t, fd, t->page);
	EXPECT_TRUE(t, strstr(trial_read(t, "/proc/self/maps"), " /dmabuf:mapped\n") != NULL);
}

static void unfiltered(struct trial *t)
{
	char path[64], text[4096] = "";
	int fd = trial_buffer(t, t->page), file;

	EXPECT_DONE(t, set_name(fd, "a\nsize:\t1"));
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = EXPECT_DONE(t, open(path, O_RDONLY | O_CLOEXEC));
	EXPECT_DONE(t, read(file, text, sizeof(text) - 1));
	EXPECT_TRUE(t, strstr(text, "name:\ta\nsize:\t1\n") != NULL);
}

static const struct statement statements[] = {
	{.id = "name.none-at-first",
	 .sentence = "A fresh buffer has no name.",
	 .source = SOURCE("dma_buf_show_fdinfo"),
	 .run = none_at_first},
	{.id = "name.longest",
	 .sentence = "A name of 31 characters is kept whole.",
	 .source = SOURCE("dma_buf_set_name"),
	 .run = longest_accepted},
	{.id = "name.too-long",
	 .sentence =
		 "Names of 32 characters and more are refused with EINVAL, and the old one stays.",
	 .source = SOURCE("dma_buf_set_name"),
	 .run = too_long},
	{.id = "name.argument-null",
	 .sentence = "A name at an address that can't be read is refused with EFAULT.",
	 .source = SOURCE("dma_buf_set_name"),
	 .run = argument_null},
	{.id = "name.empty",
	 .sentence = "An empty name replaces the old one.",
	 .source = SOURCE("dma_buf_set_name"),
	 .run = empty},
	{.id = "name.both-commands",
	 .sentence = "Both numbers of the ioctl, the 32-bit and the 64-bit one, do the same.",
	 .source = SOURCE("dma_buf_ioctl"),
	 .run = both_commands},
	{.id = "name.command-exact",
	 .sentence = "A number of another size is refused with ENOTTY.",
	 .source = SOURCE("dma_buf_ioctl"),
	 .run = command_exact},
	{.id = "name.any-access-mode",
	 .sentence = "A descriptor for reading can set the name as well.",
	 .source = SOURCE("dma_buf_set_name"),
	 .run = any_access_mode},
	{.id = "name.of-the-buffer",
	 .sentence = "The name belongs to the buffer, not to the descriptor.",
	 .source = SOURCE("dma_buf_set_name"),
	 .run = of_the_buffer},
	{.id = "name.in-the-link",
	 .sentence = "The link in /proc/self/fd shows the name.",
	 .source = SOURCE("dmabuffs_dname"),
	 .run = in_the_link},
	{.id = "name.in-the-maps",
	 .sentence = "/proc/self/maps shows the name of a mapped buffer.",
	 .source = SOURCE("dmabuffs_dname"),
	 .needs = NEED_MMAP,
	 .run = in_the_maps},
	{.id = "name.unfiltered",
	 .sentence = "Line ends in a name go into fdinfo as they are: a reader has to take the "
		     "first line of each key.",
	 .source = SOURCE("dma_buf_show_fdinfo"),
	 .run = unfiltered},
};

SUITE(name, "name", NEED_HEAP);
