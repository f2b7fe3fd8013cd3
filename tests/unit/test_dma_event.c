// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/import/dma_event.h"

#define ANY (-1)

static void where_a_buffer_lies(void **state)
{
	static const struct {
		const char *line;
		enum tristate contiguous;
		int64_t pieces; /* ANY: unknown */
		uint64_t base;
		int64_t size;
	} cases[] = {
		/* as Linux 7.2 writes it, and 6.12 */
		{"dma_map_sg: vivid.0 dir=FROM_DEVICE nents=1/1 ents=1/1 dma_addrs={0x42000000} "
		 "sizes={0x96000} phys_addrs={0x42000000} attrs=",
		 YES, 1, 0x42000000, 0x96000},
		{"dma_map_sg: vivid.0 dir=FROM_DEVICE dma_addrs={0x42000000} sizes={0x96000} "
		 "phys_addrs={0x42000000} attrs=",
		 YES, 1, 0x42000000, 0x96000},
		/* pages that follow each other are one piece, others are not */
		{"dma_map_sg: d dir=X dma_addrs={0x1000,0x2000} sizes={0x1000,0x1000} "
		 "phys_addrs={0x1000,0x2000} attrs=",
		 YES, 1, 0x1000, 0x2000},
		{"dma_map_sg: d dir=X dma_addrs={0x1000,0x3000} sizes={0x1000,0x1000} "
		 "phys_addrs={0x1000,0x3000} attrs=",
		 NO, 2, 0x1000, 0x1000},
		{"dma_map_sg: d dir=X dma_addrs={0x3000,0x2000} sizes={0x1000,0x1000} "
		 "phys_addrs={0x3000,0x2000} attrs=",
		 NO, 2, 0x3000, 0x1000},
		/* more than are written: a gap is one, and none is no answer */
		{"dma_map_sg: d dir=X nents=2/9 ents=2/9 [TRUNCATED] dma_addrs={0x1000,0x3000} "
		 "sizes={0x1000,0x1000} phys_addrs={0x1000,0x3000} attrs=",
		 NO, ANY, 0x1000, 0x1000},
		{"dma_map_sg: d dir=X nents=2/9 ents=2/9 [TRUNCATED] dma_addrs={0x1000,0x2000} "
		 "sizes={0x1000,0x1000} phys_addrs={0x1000,0x2000} attrs=",
		 UNKNOWN, ANY, 0x1000, ANY},
		/* an IOMMU made one of two: which length belongs to which is not told */
		{"dma_map_sg: d dir=X nents=2/2 ents=1/1 dma_addrs={0xf000} sizes={0x2000} "
		 "phys_addrs={0x1000,0x5000} attrs=",
		 UNKNOWN, ANY, 0x1000, ANY},
		{"dma_map_sg: d dir=X nents=2/2 ents=1/1 dma_addrs={0xf000} sizes={0x2000} "
		 "phys_addrs={0x5000,0x1000} attrs=",
		 NO, ANY, 0x5000, ANY},
		/* a length that wraps is no neighbour */
		{"dma_map_sg: d dir=X dma_addrs={} sizes={0xffffffffffffffff,0x1000} "
		 "phys_addrs={0x1000,0x2000} attrs=",
		 NO, 2, 0x1000, -1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO_DMA_EVENT struct dma_event event = {0};

		print_message("%s\n", cases[i].line);
		assert_int_equal(dma_event_parse(cases[i].line, &event), 0);
		assert_int_equal(event.kind, DMA_MAP);
		assert_int_equal(event.shape.contiguous, cases[i].contiguous);
		assert_int_equal(event.shape.pieces.known, cases[i].pieces != ANY);
		if (cases[i].pieces != ANY)
			assert_int_equal(event.shape.pieces.value, cases[i].pieces);
		assert_true(event.shape.base.known);
		assert_int_equal(event.shape.base.value, cases[i].base);
		if (event.shape.size.known)
			assert_int_equal(event.shape.size.value, (uint64_t)cases[i].size);
		else
			assert_int_equal(cases[i].size, ANY);
	}
}

static void the_kinds_and_their_devices(void **state)
{
	static const struct {
		const char *line, *device;
		enum dma_event_kind kind;
	} cases[] = {
		{"dma_unmap_sg: vivid.0 dir=TO_DEVICE phys_addrs={0x42000000} attrs=", "vivid.0",
		 DMA_UNMAP},
		{"dma_sync_sg_for_cpu: a003a00.virtio_mmio dir=BIDIRECTIONAL dma_addrs={0x1}",
		 "a003a00.virtio_mmio", DMA_SYNC_FOR_CPU},
		{"dma_sync_sg_for_device: 0000:00:02.0 dir=BIDIRECTIONAL", "0000:00:02.0",
		 DMA_SYNC_FOR_DEVICE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		AUTO_DMA_EVENT struct dma_event event = {0};

		assert_int_equal(dma_event_parse(cases[i].line, &event), 0);
		assert_int_equal(event.kind, cases[i].kind);
		assert_string_equal(event.device, cases[i].device);
	}
}

static void what_is_no_such_line_is_refused(void **state)
{
	static const struct {
		const char *line;
		int error;
	} cases[] = {
		{"", -ENOMSG},
		{"dma_map_sg", -ENOMSG},
		{"dma_map_sg_err: d dir=X", -ENOMSG},
		{"dma_map_phys: d dir=X", -ENOMSG},
		{"dma_map_sg: ", -EBADMSG},
		{"dma_map_sg:  dir=X", -EBADMSG},
		{"dma_unmap_sg: device", -EBADMSG},
		{"dma_map_sg: d dir=X", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={0x1} phys_addrs=", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={0x1} phys_addrs={", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={} phys_addrs={}", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={0x1} phys_addrs={0x1", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={0x1} phys_addrs={0x1,", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={0x1} phys_addrs={0x1,}", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={0x1} phys_addrs={-1}", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={0x1} phys_addrs={0x10000000000000000}", -EBADMSG},
		{"dma_map_sg: d dir=X sizes={x} phys_addrs={0x1}", -EBADMSG},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct dma_event event = {.kind = DMA_UNMAP};

		print_message("%s\n", cases[i].line);
		assert_int_equal(dma_event_parse(cases[i].line, &event), cases[i].error);
		assert_int_equal(event.kind, DMA_UNMAP);
		assert_null(event.device);
	}
}

/* Each beginning of a line, and each with one byte another: no crash, no read past the end. */
static void nothing_is_read_past_the_end(void **state)
{
	static const char line[] = "dma_map_sg: d dir=X nents=2/9 ents=2/9 dma_addrs={0x1,0x3} "
				   "sizes={0x1,0x1} phys_addrs={0x1,0x3} attrs=";

	(void)state;
	for (size_t i = 0; i < sizeof(line); i++) {
		AUTO_FREE char *cut = xstrndup(line, i);
		AUTO_DMA_EVENT struct dma_event event = {0};

		if (dma_event_parse(cut, &event))
			assert_null(event.device);
	}
	for (size_t i = 0; i + 1 < sizeof(line); i++) {
		AUTO_FREE char *changed = xstrdup(line);
		AUTO_DMA_EVENT struct dma_event event = {0};

		changed[i] = '{';
		if (dma_event_parse(changed, &event))
			assert_null(event.device);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(where_a_buffer_lies),
		cmocka_unit_test(the_kinds_and_their_devices),
		cmocka_unit_test(what_is_no_such_line_is_refused),
		cmocka_unit_test(nothing_is_read_past_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
