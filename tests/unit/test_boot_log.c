// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's wording, as its sources write it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/boot_log.h"
#include "model/boot/log_explain.h"

/* Each message once, with the last name and the last number that it has (NULL, 0: none). */
static void the_kernels_words_are_known(void **state)
{
	static const struct {
		enum log_kind kind;
		const char *text, *name;
		uint64_t number;
	} cases[] = {
		{LOG_VERSION, "Linux version 6.1.0-rc1+ (a@b) (gcc) #1 SMP", "6.1.0-rc1+", 0},
		{LOG_MACHINE, "OF: fdt: Machine model: A Board", "A Board", 0},
		{LOG_MACHINE, "Machine model: A Board", "A Board", 0},
		{LOG_CMDLINE, "Kernel command line: a cma=1M", "a cma=1M", 0},
		{LOG_ZONE, "DMA32    [mem 0x0000000050000000-0x000000005fffffff]", "DMA32",
		 0x5fffffff},
		{LOG_MEMORY,
		 "Memory: 1K/2K available (3K kernel code, 4K rwdata, 5K reserved, 6K "
		 "cma-reserved, 7K highmem)",
		 NULL, 6},
		{LOG_LIMITED, "Memory limited to 256MB", NULL, 256},
		/* of_reserved_mem.c and fdt.c */
		{LOG_NO_NODE,
		 "OF: reserved mem: Reserved memory: No reserved-memory node in the DT", NULL, 0},
		{LOG_FORMAT, "OF: fdt: Reserved memory: unsupported node format, ignoring", NULL,
		 0},
		{LOG_REG, "OF: fdt: Reserved memory: invalid reg property in 'a@1', skipping node.",
		 "a@1", 0},
		{LOG_NOT_RESERVED,
		 "OF: reserved mem: Reserved memory: failed to reserve memory for node 'a@1': base "
		 "0x0000000000000001, size 7 MiB",
		 "a@1", 7},
		{LOG_NOT_RESERVED,
		 "Reserved memory: failed to reserve memory for node 'a b': base 0x1, size 7 MiB",
		 "a b", 7},
		{LOG_RESERVED,
		 "OF: fdt: Reserved memory: reserved region for node 'a@1': base 0x1, size 7 MiB",
		 "a@1", 7},
		{LOG_FIRST_ENTRY,
		 "OF: reserved mem: Reserved memory: node 'a@1' has 3 <base size> entries, only "
		 "the first is used",
		 "a@1", 3},
		{LOG_MORE_ENTRIES,
		 "OF: reserved mem: fdt_scan_reserved_mem_reg_nodes() ignores 2 regions in node "
		 "'a@1'",
		 "a@1", 2},
		{LOG_NO_PLACE, "OF: reserved mem: failed to allocate memory for node 'a'", "a", 0},
		{LOG_NO_PLACE,
		 "OF: reserved mem: failed to allocate memory for node 'a': size 96 MiB", "a", 96},
		{LOG_PLACED, "Reserved memory: allocated memory for 'a' node: base 0x1, size 7 MiB",
		 "a", 7},
		{LOG_SIZE, "OF: reserved mem: invalid size property in 'a' node.", "a", 0},
		{LOG_ALIGNMENT, "OF: reserved mem: invalid alignment property in 'a' node.", "a",
		 0},
		{LOG_RANGES,
		 "OF: reserved mem: invalid alloc-ranges property in 'a', skipping node.", "a", 0},
		{LOG_TABLE_FULL, "OF: reserved mem: not enough space for all defined regions.",
		 NULL, 0},
		{LOG_TABLE_FULL, "OF: reserved mem: not enough space all defined regions.", NULL,
		 0},
		{LOG_TABLE_FULL,
		 "OF: reserved mem: not enough space for all defined regions., skip 'a'", "a", 0},
		{LOG_DYNAMIC_FULL, "OF: reserved mem: too many defined dynamic regions, skip 'a'",
		 "a", 0},
		{LOG_NO_TABLE,
		 "OF: reserved mem: Failed to allocate memory for reserved_mem array with err: -12",
		 NULL, (uint64_t)-12},
		{LOG_INITIALIZED,
		 "OF: reserved mem: initialized node a@1, compatible id shared-dma-pool",
		 "shared-dma-pool", 0},
		{LOG_OVERLAP_HEAD, "OF: reserved mem: OVERLAP DETECTED!", NULL, 0},
		{LOG_OVERLAP,
		 "a@1 (0x00000001--0x00000003) overlaps with b@2 (0x00000002--0x00000004)", "b@2",
		 4},
		{LOG_REFUSED, "OF: reserved mem: node a@1 compatible matching fail", "a@1", 0},
		{LOG_REGION,
		 "OF: reserved mem: 0x000000004f000000..0x0000000050ffffff (32768 KiB) map "
		 "reusable a@1",
		 "a@1", 32768},
		{LOG_ASSIGNED, "imx-vpu 38300000.vpu: assigned reserved memory node a@1", "a@1", 0},
		/* kernel/dma */
		{LOG_CMA_POOL,
		 "Reserved memory: created CMA memory pool at 0x000000004f000000, size 32 MiB",
		 NULL, 32},
		{LOG_MISALIGNED, "Reserved memory: incorrect alignment of CMA region", NULL, 0},
		{LOG_NO_POOL, "Reserved memory: unable to setup CMA region", NULL, 0},
		{LOG_BYPASSED,
		 "Reserved memory: bypass linux,cma node, using cmdline CMA params instead",
		 "linux,cma", 0},
		{LOG_BYPASSED,
		 "Skipping dt linux,cma-default node in favor for \"cma=\" kernel param.", NULL, 0},
		{LOG_DMA_POOL, "Reserved memory: created DMA memory pool at 0x1, size 0 MiB", NULL,
		 0},
		{LOG_DMA_POOL, "Reserved memory: created DMA memory pool at 0x1, size 64 KiB", NULL,
		 64},
		{LOG_DMA_POOL_FAILED,
		 "Reserved memory: failed to init DMA memory pool at 0x1, size 1 MiB", NULL, 1},
		{LOG_RESTRICTED,
		 "software IO TLB: Reserved memory: created restricted DMA pool at 0x1, size 4 MiB",
		 NULL, 4},
		{LOG_RESTRICTED_MAPPING,
		 "wifi 1.wifi: Restricted DMA pool must be accessible within the linear mapping.",
		 "wifi 1.wifi", 0},
		{LOG_NEEDS_NO_MAP, "Reserved memory: regions without no-map are not yet supported",
		 NULL, 0},
		{LOG_TWO_DEFAULTS,
		 "Reserved memory: region for default DMA coherent area is redefined", NULL, 0},
		{LOG_DEFAULT_SET, "DMA: default coherent area is set", NULL, 0},
		{LOG_BEYOND, "isp 1.isp: reserved memory is beyond device's set DMA address range",
		 "isp 1.isp", 0},
		{LOG_NO_WORD, "cma: Config string not provided", NULL, 0},
		{LOG_BAD_NODE, "cma: invalid node 3 specified", NULL, 3},
		{LOG_NODE_FAILED, "cma: dma_numa_cma_reserve: reservation failed: err -12, node 1",
		 "dma_numa_cma_reserve", 1},
		{LOG_NOT_QUEUED, "cma: Couldn't queue default CMA region for heap creation.", NULL,
		 0},
		{LOG_NOT_STORED, "Couldn't store CMA reserved area.", NULL, 0},
		/* mm/cma.c */
		{LOG_AREA, "cma: Reserved 16 MiB at 0x00000000f7000000", NULL, 0xf7000000},
		{LOG_AREA, "cma: Reserved 64 MiB at 0x000000004b000000 on node -1", NULL,
		 (uint64_t)-1},
		{LOG_AREA, "cma: CMA: reserved 8 MiB at 2b000000", NULL, 0x2b000000},
		{LOG_AREA_RANGES, "cma: Reserved 16 MiB in 2 ranges", NULL, 2},
		{LOG_HUGE, "hugetlb_cma: reserved 1024 MiB on node 0", NULL, 0},
		{LOG_AREA_FAILED, "cma: Failed to reserve 240 MiB", NULL, 240},
		{LOG_AREA_FAILED, "cma: Failed to reserve 240 MiB on node 0", NULL, 0},
		{LOG_AREA_FAILED, "cma: CMA: failed to reserve 128 MiB", NULL, 128},
		{LOG_LIMIT,
		 "cma: Size (0x0000000010000000) of region at 0x0000000060000000 exceeds limit "
		 "(0x0000000060000000)",
		 NULL, 0x60000000},
		{LOG_BASE, "cma: Region at 0x00100000 must be aligned to 0x00400000 bytes", NULL,
		 0x400000},
		{LOG_BORDER,
		 "cma: Region at 0x2f000000 defined on low/high memory boundary (0x30000000)", NULL,
		 0x30000000},
		{LOG_SLOTS, "cma: Not enough slots for CMA reserved regions!", NULL, 0},
		{LOG_TOO_EARLY,
		 "cma: pageblock_order not yet initialized. Called during early boot?", NULL, 0},
		{LOG_DEAD, "cma: CMA area a@1 could not be activated", "a@1", 0},
		{LOG_AREA_WARNING,
		 "WARNING: CPU: 0 PID: 1 at mm/cma.c:106 cma_init_reserved_areas+0x84/0x1a4", NULL,
		 106},
		{LOG_AREA_WARNING,
		 "WARNING: mm/cma.c:129 at cma_validate_zones+0x8c/0x174, CPU#0: swapper/0/1", NULL,
		 129},
		{LOG_ALLOC_FAILED, "cma: cma_alloc: alloc failed, req-size: 256 pages, ret: -12",
		 "cma_alloc", (uint64_t)-12},
		{LOG_ALLOC_FAILED,
		 "cma: __cma_alloc: linux,cma: alloc failed, req-size: 256 pages, ret: -16",
		 "linux,cma", (uint64_t)-16},
		{LOG_AVAILABLE,
		 "cma: number of available pages: 187@69+4@572=> 191 free of 32768 total pages",
		 "187@69+4@572", 32768},
		{LOG_AVAILABLE, "cma: number of available pages: => 0 free of 32768 total pages",
		 "", 32768},
		{LOG_AVAILABLE_HEAD, "cma: number of available pages:", NULL, 0},
		{LOG_AVAILABLE_RANGE, "cma: range 0: 2244@257", "2244@257", 0},
		{LOG_AVAILABLE_END, "=> 3100 free of 4096 total pages", NULL, 4096},
		{LOG_SKIPPED, "cma: cma_range_alloc: a@1: skipping incompatible area [0x10-0x1f]",
		 "a@1", 0x1f},
		{LOG_BUSY,
		 "cma: cma_alloc(): memory range at pfn 0x53400 (____ptrval____) is busy, retrying",
		 "cma_alloc", 0},
		{LOG_BUSY, "cma: cma_alloc(): memory range at ffffea000f0a0000 is busy, retrying",
		 "cma_alloc", 0},
		{LOG_DEBUG, "cma: cma_alloc(): returned (null)", "cma_alloc", 0},
		{LOG_DEBUG, "cma: cma_alloc(cma (ptrval), count 4, align 2)", "cma_alloc", 0},
		{LOG_DEBUG, "cma: dma_contiguous_reserve: reserving 64 MiB for global area",
		 "dma_contiguous_reserve", 64},
		{LOG_SAME_AREA, "sysfs: cannot create duplicate filename '/kernel/mm/cma/a@1'",
		 "a@1", 0},
		{LOG_SAME_AREA, "debugfs: 'a@1' already exists in 'cma'", "a@1", 0},
		{LOG_SAME_AREA, "debugfs: Directory 'a@1' with parent 'cma' already present!",
		 "a@1", 0},
		{LOG_SAME_HEAP,
		 "sysfs: cannot create duplicate filename '/devices/virtual/dma_heap/a@1'", "a@1",
		 0},
		/* heaps */
		{LOG_HEAP_NAMELESS, "dma_heap: Cannot add heap without a name", NULL, 0},
		{LOG_HEAP_OPS, "dma_heap: Cannot add heap with invalid ops struct", NULL, 0},
		{LOG_HEAP_MINOR, "rk_dma_heap: Unable to get minor number for heap", NULL, 0},
		{LOG_HEAP_DEVICE, "dma_heap: Unable to add char device", NULL, 0},
		{LOG_HEAP_DEVICE, "dma_heap: Unable to create device", NULL, 0},
		{LOG_HEAP_TWICE, "dma_heap: Already registered heap named system", "system", 0},
		{LOG_HEAP_UNKNOWN, "dma_heap: minor 5 unknown.", NULL, 5},
		{LOG_HEAP_FAILED, "cma_heap: Failed to add CMA heap a@1", "a@1", 0},
		{LOG_TEE_FAILED, "tee tee0: can't register DMA heap id 1 (protected,trusted-ui)",
		 "protected,trusted-ui", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct log_match match = {0};

		print_message("%s\n", cases[i].text);
		assert_true(log_match(cases[i].text, &match));
		assert_int_equal(match.kind, cases[i].kind);
		assert_false(match.cut);
		if (cases[i].name) {
			AUTO_FREE char *name = xstrndup(match.names[match.name_count - 1].text,
							match.names[match.name_count - 1].length);

			assert_string_equal(name, cases[i].name);
		} else {
			assert_int_equal(match.name_count, 0);
		}
		if (cases[i].number)
			assert_true(match.numbers[match.number_count - 1] == cases[i].number);
	}
}

static void a_cut_line_is_known_where_it_is_certain(void **state)
{
	static const char *const known[] = {
		"OF: reserved mem: failed to allocate memory for node 'linux,c",
		"OF: reserved mem: failed to allocate memory for node 'linux,cma': size 9",
		"cma: Size (0x04000000) of region at 0x00000000 exceeds",
		"cma: CMA area linux,cma could not be",
		"Reserved memory: created CMA memory pool at 0x00",
	};
	static const char *const unknown[] = {
		"OF: reserved mem: failed to",
		"OF: reserved mem:",
		"cma:",
		"cma: Failed to reserve",
		"cma: Failed to reserve MiB",
		"cma: Failed to reserve 16 MiB of it",
		"cma: failed to Reserve 16 MiB",
		"CMA area a could not be activated",
		"driver: cma: Failed to reserve 16 MiB",
		"OF: reserved mem: node a b compatible matching fail",
		"cma: Reserved 99999999999999999999 MiB at 0x1",
		"WARNING: CPU: 0 PID: 1 at mm/cma.c:500 cma_release+0x1/0x2",
		"Node 0 [mem 0x0-0x1]",
		"",
	};
	struct log_match match;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		assert_true(log_match(known[i], &match));
		assert_true(match.cut);
	}
	for (size_t i = 0; i < COUNT_OF(unknown); i++) {
		print_message("%s\n", unknown[i]);
		assert_false(log_match(unknown[i], &match));
	}
}

static void what_tools_put_around_a_message_is_taken_off(void **state)
{
#define MESSAGE "cma: Failed to reserve 16 MiB"
	static const char *const lines[] = {
		MESSAGE,
		MESSAGE "\r",
		"    " MESSAGE "  ",
		"> > " MESSAGE,
		"&gt; " MESSAGE,
		"`" MESSAGE "`",
		"<3>" MESSAGE,
		"<3>[    0.000000] " MESSAGE,
		"[    0.000000] " MESSAGE,
		"[    0.000000][    T0] " MESSAGE,
		"[    0.000000@0] " MESSAGE,
		"[    0.000000] (0)[0:swapper]" MESSAGE,
		"[    1.250961]  [1:   Binder:715_1:  846] " MESSAGE,
		"[Sat Apr  6 06:46:40 2024] " MESSAGE,
		"kern  :err   : " MESSAGE,
		"kern  :err   : [    0.000000] " MESSAGE,
		"3,41,0,-;" MESSAGE,
		"3,41,0,-,caller=T0;" MESSAGE,
		"Jun 11 05:51:53 box kernel: " MESSAGE,
		"Jun 11 05:51:53 box kernel: [    0.000000] " MESSAGE,
		"2026-05-29T10:48:13.265528+10:00 box kernel: " MESSAGE,
		"[    0.000000] box kernel: " MESSAGE,
		"2022-03-08T01:02:03.1234567Z [    0.000000] " MESSAGE,
		"01-01 00:00:00.000     0     0 E         : [    0.000000] " MESSAGE,
		"123:[    0.000000] " MESSAGE,
		"\033[31m[    0.000000] \033[0m" MESSAGE "\033[0m",
		"[\xc2\xa0   0.000000] cma:\xc2\xa0"
		"Failed to reserve 16 MiB",
	};
	static const char *const others[] = {
		"Jun 11 05:51:53 box app[7]: " MESSAGE,
		"Jun 11 05:51:53 box app[7]: the kernel: " MESSAGE,
		"app: " MESSAGE,
	};
	bool stamped;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines) + COUNT_OF(others); i++) {
		bool is_other = i >= COUNT_OF(lines);
		AUTO_FREE char *line = xstrdup(is_other ? others[i - COUNT_OF(lines)] : lines[i]);

		print_message("%s\n", line);
		if (is_other)
			assert_string_not_equal(log_clean(line, &stamped), MESSAGE);
		else
			assert_string_equal(log_clean(line, &stamped), MESSAGE);
	}
}

static void feed(struct boot_log *log, const char *text)
{
	boot_log_feed(log, text, strlen(text));
}

/* A mail wraps its lines, a record of the kernel ends where it ends. */
static void only_lines_that_a_tool_wrapped_are_joined(void **state)
{
	(void)state;
	for (int records = 0; records < 2; records++) {
		AUTO_BOOT_LOG struct boot_log log;

		boot_log_begin(&log);
		if (records)
			boot_log_expect_records(&log);
		feed(&log,
		     "OF: reserved mem: failed to allocate memory for node 'a': size\n96 MiB\n");
		boot_log_end(&log);
		assert_int_equal(log.entries.count, 1);
		assert_int_equal(log.entries.items[0].number_count, records ? 0 : 1);
		assert_int_equal(log.entries.items[0].cut, records);
	}
}

static void lines_are_numbered_bounded_and_counted(void **state)
{
	AUTO_BOOT_LOG struct boot_log log;

	(void)state;
	boot_log_begin(&log);
	feed(&log, "nothing\ncma: Failed to re");
	feed(&log, "serve 1 MiB\n");
	for (int i = 0; i < 3; i++)
		feed(&log, "cma: cma_alloc: alloc failed, req-size: 1 pages, ret: -12\n");
	for (int i = 0; i < 100000; i++) /* a line of 700 KB */
		feed(&log, "xxxxxxx");
	feed(&log, "\ncma: Reserved 16 MiB at 0x1000000"); /* without its end */
	boot_log_end(&log);
	assert_int_equal(log.lines, 7);
	assert_int_equal(log.entries.count, 3);
	assert_int_equal(log.entries.items[0].line, 2);
	assert_int_equal(log.entries.items[1].line, 3);
	assert_int_equal(log.entries.items[1].count, 3);
	assert_int_equal(log.entries.items[2].line, 7);
}

static void of_a_line_6144_bytes_are_read(void **state)
{
	static const char start[] = "Kernel command line: ";

	(void)state;
	for (size_t more = 0; more < 2; more++) {
		AUTO_BOOT_LOG struct boot_log log;
		char line[6144 + 2];

		memset(line, 'a', sizeof(line));
		memcpy(line, start, strlen(start));
		line[6144 + more] = '\0';
		boot_log_begin(&log);
		feed(&log, line);
		boot_log_end(&log);
		assert_int_equal(log.entries.count, 1);
		assert_int_equal(log.entries.items[0].cut, more);
		assert_int_equal(strlen(log.boots.items[0].cmdline), 6144 - strlen(start));
	}
}

static void no_more_lines_are_kept_than_allowed(void **state)
{
	AUTO_BOOT_LOG struct boot_log log;

	(void)state;
	boot_log_begin(&log);
	for (unsigned int i = 0; i < LOG_ENTRIES_MAX + 10; i++) {
		AUTO_FREE char *line = xasprintf("cma: Failed to reserve %u MiB\n", i);

		feed(&log, line);
	}
	for (unsigned int i = 0; i < LOG_BOOTS_MAX + 10; i++)
		feed(&log, "Linux version 6.1.0 (a@b) #1\n");
	boot_log_end(&log);
	assert_int_equal(log.entries.count, LOG_ENTRIES_MAX);
	/* the first line that names a version begins the second boot */
	assert_int_equal(log.left_out, 10 + 11);
	assert_int_equal(log.boots.count, LOG_BOOTS_MAX);
}

static void what_is_beyond_the_last_boot_is_no_part_of_it(void **state)
{
	AUTO_BOOT_LOG struct boot_log log;

	(void)state;
	boot_log_begin(&log);
	for (unsigned int i = 0; i < LOG_BOOTS_MAX + 1; i++) {
		AUTO_FREE char *version = xasprintf("Linux version 6.%u.0 (a@b) #1\n", i);
		AUTO_FREE char *line = xasprintf("cma: Failed to reserve %u MiB\n", i);

		feed(&log, version);
		feed(&log, line);
	}
	feed(&log, "Memory: 404432K/524288K available (17344K kernel code, 116300K reserved, "
		   "16384K cma-reserved)\n");
	boot_log_end(&log);
	assert_int_equal(log.entries.count, LOG_BOOTS_MAX);
	assert_int_equal(log.left_out, 3);
	for (size_t i = 0; i < LOG_BOOTS_MAX; i++)
		assert_int_equal(log.entries.items[i].boot, i);
	assert_string_equal(log.boots.items[LOG_BOOTS_MAX - 1].release, "6.99.0");
	assert_false(log.boots.items[LOG_BOOTS_MAX - 1].cma_bytes.known);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernels_words_are_known),
		cmocka_unit_test(a_cut_line_is_known_where_it_is_certain),
		cmocka_unit_test(what_tools_put_around_a_message_is_taken_off),
		cmocka_unit_test(only_lines_that_a_tool_wrapped_are_joined),
		cmocka_unit_test(lines_are_numbered_bounded_and_counted),
		cmocka_unit_test(of_a_line_6144_bytes_are_read),
		cmocka_unit_test(no_more_lines_are_kept_than_allowed),
		cmocka_unit_test(what_is_beyond_the_last_boot_is_no_part_of_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
