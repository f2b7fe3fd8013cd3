// SPDX-License-Identifier: GPL-2.0-or-later
/* What 'dmaheap monitor' reads: lines of trace events, and the fences of the kernel's listing. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/fence/pending.h"
#include "model/heap/cma_event.h"
#include "put_file.h"
#include "sys/root.h"

struct line {
	const char *text;
	enum cma_event_kind kind;
	const char *command, *name;
	uint64_t tid, time, pages, frame, error, size, inode;
};

/* Lines of the board. */
static const struct line lines[] = {
	{"         dmaheap-37      [000] .....     2.208324: cma_alloc_finish: name=linux,cma "
	 "pfn=0x5e100 page=00000000d4a3843a count=256 align=8 errorno=0", /* 7.2 */
	 CMA_EVENT_ALLOCATED, "dmaheap", "linux,cma", 37, 2208324000, 256, 0x5e100, 0, 0, 0},
	{"         dmaheap-39      [000] .....     2.428812: cma_alloc_finish: name=linux,cma "
	 "pfn=0x0 page=0000000000000000 count=15360 align=8 errorno=-16",
	 CMA_EVENT_FAILED, "dmaheap", "linux,cma", 39, 2428812000, 15360, 0, 16, 0, 0},
	{"         dmaheap-37      [000] .....     2.277085: cma_release: name=linux,cma "
	 "pfn=0x5e200 page=000000004fe2e9d9 count=256",
	 CMA_EVENT_RELEASED, "dmaheap", "linux,cma", 37, 2277085000, 256, 0x5e200, 0, 0, 0},
	{"         dmaheap-38      [000] .l.1.     2.361500: dma_buf_export: exp_name=system "
	 "size=1048576 ino=3",
	 CMA_EVENT_EXPORTED, "dmaheap", "system", 38, 2361500000, 0, 0, 0, 1048576, 3},
	{"         dmaheap-37      [000] .....     3.477006: cma_alloc_start: name=linux,cma "
	 "count=15360 align=8", /* 6.12 */
	 CMA_EVENT_BEGUN, "dmaheap", "linux,cma", 37, 3477006000, 15360, 0, 0, 0, 0},
	/* names that look like what follows; a long number */
	{"a-1 [000] .. 1.0-1234567 [012] d..2. 86400.000001: cma_release: name=x pfn=0x1 count=2 "
	 "pfn=0x10 page=0000000000000001 count=3",
	 CMA_EVENT_RELEASED, "a-1 [000] .. 1.0", "x pfn=0x1 count=2", 1234567, 86400000001000, 3,
	 0x10, 0, 0, 0},
};

static void test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		const struct line *line = &lines[i];
		AUTO_CMA_EVENT struct cma_event event = {0};

		assert_int_equal(cma_event_parse(line->text, &event), 0);
		assert_int_equal(event.kind, line->kind);
		assert_string_equal(event.command, line->command);
		assert_string_equal(event.name, line->name);
		assert_int_equal(event.tid, line->tid);
		assert_int_equal(event.time, line->time);
		assert_int_equal(event.pages, line->pages);
		assert_int_equal(event.frame.value, line->frame);
		assert_int_equal(event.error.known, line->error != 0);
		assert_int_equal(event.error.value, line->error);
		assert_int_equal(event.size, line->size);
		assert_int_equal(event.inode, line->inode);
	}
}

/* Whatever is cut off, nothing is read behind it, and what is whole is right. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		for (size_t length = 0; length < strlen(lines[i].text); length++) {
			AUTO_FREE char *text = xstrndup(lines[i].text, length);
			AUTO_CMA_EVENT struct cma_event event = {0};
			int result = cma_event_parse(text, &event);

			if (result)
				assert_null(event.command);
			else
				assert_string_equal(event.command, lines[i].command);
		}
	}
}

static void test_others(void **state)
{
	static const struct {
		const char *text;
		int result;
	} others[] = {
		{"         dmaheap-37      [000] .....     2.208324: cma_alloc_busy_retry: name=x "
		 "pfn=0x5e100 page=00000000d4a3843a count=256 align=8",
		 -ENOMSG},
		{"", -EBADMSG},
		/* the end of a task's name that has a line's end in it */
		{"abc-37      [000] .....     2.208324: cma_release: name=x pfn=0x1 page=1 "
		 "count=1",
		 -EBADMSG},
		{"         dmaheap-37      [000] .....     2.208324: cma_release: name=x pfn=0x1 "
		 "page=1 count=99999999999999999999",
		 -EBADMSG},
		{"         dmaheap-37      [000] ..... 99999999999.208324: cma_release: name=x "
		 "pfn=0x1 page=1 count=1",
		 -EBADMSG},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		struct cma_event event = {0};

		assert_int_equal(cma_event_parse(others[i].text, &event), others[i].result);
		assert_null(event.command);
	}
}

static void put(const char *directory, const char *text)
{
	put_file(directory, BUFINFO_PATH, text);
}

#define HEAD \
	"\nDma-buf Objects:\nsize    \tflags   \tmode    \tcount   \texp_name\tino     \tname\n"
#define BUFFER              "00065536\t00000002\t00080007\t00000001\tsystem\t00000007\t<none>\n"
#define FENCE(seqno, state) "\twrite fence:14:" seqno " unbound vgem " state "\n"
#define TAIL                "\tAttached Devices:\nTotal 0 devices attached\n\n\nTotal 1 objects, 65536 bytes\n"

static void test_pending(void **state)
{
	char directory[] = "/tmp/dmaheap-test-XXXXXX";
	AUTO_FREE char *command = NULL;
	struct pending_fences fences = {0};
	struct root *root;

	(void)state;
	if (root_open("/", &root) == -ENOSYS)
		skip(); /* an emulator of programs that does not know openat2(2) */
	root_free(root);
	assert_non_null(mkdtemp(directory));
	put(directory, HEAD BUFFER FENCE("1", "unsignalled") TAIL);
	assert_int_equal(root_open(directory, &root), 0);
	assert_int_equal(pending_look(root, 100, &fences), 0);
	assert_int_equal(fences.count, 1);
	assert_int_equal(fences.items[0].inode, 7);
	assert_int_equal(fences.items[0].since, 100);
	assert_true(fences.items[0].there);

	/* a second one; the first one stays what it was */
	put(directory, HEAD BUFFER FENCE("1", "unsignalled") FENCE("2", "unsignalled") TAIL);
	assert_int_equal(pending_look(root, 200, &fences), 0);
	assert_int_equal(fences.count, 2);
	assert_int_equal(fences.items[0].since, 100);
	assert_int_equal(fences.items[1].since, 200);

	/* one is signalled: told once, then forgotten */
	put(directory, HEAD BUFFER FENCE("1", "signalled") FENCE("2", "unsignalled") TAIL);
	assert_int_equal(pending_look(root, 300, &fences), 0);
	assert_int_equal(fences.count, 2);
	assert_false(fences.items[0].there);
	assert_true(fences.items[1].there);
	assert_int_equal(pending_look(root, 400, &fences), 0);
	assert_int_equal(fences.count, 1);
	assert_int_equal(fences.items[0].since, 200);

	pending_free(&fences);
	root_free(root);
	command = xasprintf("rm -r %s", directory);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_pending),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
