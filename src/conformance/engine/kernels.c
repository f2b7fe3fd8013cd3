// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/kernels.h"

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/boot/kernel_version.h"

/* The kernels of tests/board, on which each test is run; oldest first. */
static const uint32_t run[] = {KERNEL(5, 10, 0), KERNEL(6, 1, 0), KERNEL(6, 12, 0),
			       KERNEL(7, 2, 0)};

static uint32_t series_of(uint32_t kernel)
{
	return kernel - kernel % 1000;
}

enum kernel_place kernel_place(uint32_t kernel)
{
	if (!kernel)
		return KERNEL_UNKNOWN;
	if (kernel < run[0])
		return KERNEL_OLDER;
	return series_of(kernel) > run[COUNT_OF(run) - 1] ? KERNEL_NEWER : KERNEL_AMONG;
}

void kernels_run(struct strings *series)
{
	for (size_t i = 0; i < COUNT_OF(run); i++) {
		AUTO_FREE char *text = kernel_version_text(run[i]);

		strings_add(series, text);
	}
}

char *kernel_note(uint32_t kernel)
{
	static const char careful[] =
		", and tests that crashed another kernel are left out (--allow crash)";
	enum kernel_place place = kernel_place(kernel);
	AUTO_FREE char *first = kernel_version_text(run[0]);
	AUTO_FREE char *last = kernel_version_text(run[COUNT_OF(run) - 1]);
	AUTO_FREE char *version = kernel_version_text(kernel);

	if (place == KERNEL_AMONG)
		return NULL;
	if (place == KERNEL_UNKNOWN)
		return xasprintf("The kernel's release is no version, and the tests were run on "
				 "Linux %s to %s: a difference is unknown, not a failure%s.",
				 first, last, careful);
	return xasprintf("Linux %s is %s than those on which the tests were run (%s to %s): a "
			 "difference is unknown, not a failure%s.",
			 version, place == KERNEL_OLDER ? "older" : "newer", first, last,
			 place == KERNEL_OLDER ? careful : "");
}

/*
 * What happens on which kernels, and the first release of each series that is mended; from the last
 * of them on, all are. None: no kernel is.
 */
static const struct {
	const char *text;
	uint32_t mended[6];
} hazards[HAZARD_COUNT] = {
	[HAZARD_POLL] =
		{"A buffer that is closed while somebody polled it for a pending fence stops "
		 "the kernel (BUG in dma_buf_release()) before 5.16, 5.15.54. Mended by "
		 "commit ff2d23843f7f.",
		 {KERNEL(5, 15, 54), KERNEL(5, 16, 0)}},
	[HAZARD_PAST_END] =
		{"A mapping that was made longer than the buffer maps a page that is not "
		 "the buffer's, or stops the kernel, before 6.8, 6.6.52, 6.1.111, "
		 "5.15.168, 5.10.227. Mended by commits ea5ff5d351b5 and 1c1914d6e8c6.",
		 {KERNEL(5, 10, 227), KERNEL(5, 15, 168), KERNEL(6, 1, 111), KERNEL(6, 6, 52),
		  KERNEL(6, 8, 0)}},
	[HAZARD_MODULE] =
		{"The kernel calls functions of the module that is gone when the fence is "
		 "read (seen with 6.12) or closed (7.2). No kernel is known to be mended.",
		 {0}},
};

const char *hazard_text(enum hazard hazard)
{
	return hazards[hazard].text;
}

static bool is_mended(enum hazard hazard, uint32_t kernel)
{
	uint32_t last = 0;

	for (const uint32_t *first = hazards[hazard].mended; *first; first++) {
		if (kernel >= *first && series_of(kernel) == series_of(*first))
			return true;
		last = *first;
	}
	return last && kernel >= last;
}

bool hazard_is_here(enum hazard hazard, uint32_t kernel)
{
	enum kernel_place place = kernel_place(kernel);

	if (hazard == HAZARD_NONE)
		return false;
	return place == KERNEL_OLDER || place == KERNEL_UNKNOWN || !is_mended(hazard, kernel);
}
