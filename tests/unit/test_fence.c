// SPDX-License-Identifier: GPL-2.0-or-later
/* Fences without a kernel: its listing as text, the rules, the figures, the timeline. */
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/xalloc.h"
#include "model/buffer/bufinfo.h"
#include "model/fence/observe.h"
#include "view/timeline.h"

/* Three listings as the kernel prints them: 7.2, 6.12, 5.10. */
static const char listing[] =
	"\nDma-buf Objects:\n"
	"size    \tflags   \tmode    \tcount   \texp_name\tino     \tname\n"
	"00012288\t00000802\t02080007\t00000010\tsystem\t00000015\tlife\n"
	"\twrite fence:3:1 unbound vgem unsignalled\n"
	"\tread fence:4:1   signalled\n"
	"\tkernel fence:5:1 a b unsignalled\n"
	"\tAttached Devices:\n"
	"\tvgem\n"
	"Total 1 devices attached\n\n"
	"4294967296\t00000802\t02080007\t00000001\tlinux,cma@50000000\t00000014\t<none>\n"
	"\twrite fence:vgem unbound seq 1 unsignalled\n"
	"\tAttached Devices:\n"
	"Total 0 devices attached\n\n"
	"00004096\t00000002\t00080007\t00000002\theap_helpers\t00020653\t\n"
	"\tExclusive fence: vgem unbound unsignalled\n"
	"\tShared fence: vgem unbound unsignalled\n"
	"\tShared fence: vgem unbound signalled\n"
	"\tAttached Devices:\n"
	"Total 0 devices attached\n\n"
	"\nTotal 3 objects, 4294983680 bytes\n";

/* driver, timeline, "context:seqno", with - for what is unknown */
static void check_words(const char *text, const char *expected)
{
	struct bufinfo_fence fence = {.text = xstrdup(text)};
	struct bufinfo_fence_words words;
	char context[24] = "-", seqno[24] = "-", found[200];

	bufinfo_fence_split(&fence, &words);
	if (words.context.known)
		snprintf(context, sizeof(context), "%" PRIu64, words.context.value);
	if (words.seqno.known)
		snprintf(seqno, sizeof(seqno), "%" PRIu64, words.seqno.value);
	snprintf(found, sizeof(found), "%s,%s,%s:%s", words.driver ? words.driver : "-",
		 words.timeline ? words.timeline : "-", context, seqno);
	assert_string_equal(found, expected);
	bufinfo_fence_words_free(&words);
	free(fence.text);
}

static void test_fence_words(void **state)
{
	(void)state;
	check_words("write fence:3:1 unbound vgem unsignalled", "vgem,unbound,3:1");
	check_words("write fence:18:42 gfx_0.0.0 amdgpu unsignalled", "amdgpu,gfx_0.0.0,18:42");
	check_words("write fence:vgem unbound seq 1 unsignalled", "vgem,unbound,-:1");
	check_words("Exclusive fence: vgem unbound unsignalled", "vgem,unbound,-:-");
	/* a blank in a name, and names that are empty */
	check_words("read fence:3:7 ring 0 drv unsignalled", "-,-,3:7");
	check_words("read fence:drv ring 0 seq 7 unsignalled", "-,-,-:7");
	check_words("read fence:4:1   signalled", "-,-,4:1");
	check_words("read fence:4:1 signalled", "-,-,4:1");
	check_words("read fence:", "-,-,-:-");
	/* more than 64 bits */
	check_words("write fence:18446744073709551615:18446744073709551616 a b unsignalled",
		    "-,-,18446744073709551615:-");
}

static void test_bufinfo(void **state)
{
	struct bufinfo info;

	(void)state;
	assert_int_equal(bufinfo_parse(listing, 15, &info), 0);
	assert_int_equal(info.size, 12288);
	assert_string_equal(info.exporter, "system");
	assert_int_equal(info.fences.count, 3);
	assert_int_equal(info.fences.items[0].usage, BUFINFO_WRITE);
	assert_false(info.fences.items[0].signalled);
	assert_string_equal(info.fences.items[0].text, "write fence:3:1 unbound vgem unsignalled");
	assert_int_equal(info.fences.items[1].usage, BUFINFO_READ);
	assert_true(info.fences.items[1].signalled);
	assert_int_equal(info.fences.items[2].usage, BUFINFO_OTHER);
	assert_int_equal(info.devices.count, 1);
	assert_string_equal(info.devices.items[0], "vgem");
	bufinfo_free(&info);

	assert_int_equal(bufinfo_parse(listing, 14, &info), 0);
	assert_int_equal(info.size, UINT64_C(4294967296));
	assert_string_equal(info.exporter, "linux,cma@50000000");
	assert_int_equal(info.fences.count, 1);
	assert_false(info.fences.items[0].signalled);
	assert_int_equal(info.devices.count, 0);
	bufinfo_free(&info);

	assert_int_equal(bufinfo_parse(listing, 20653, &info), 0);
	assert_string_equal(info.exporter, "heap_helpers");
	assert_int_equal(info.fences.count, 3);
	assert_int_equal(info.fences.items[0].usage, BUFINFO_WRITE);
	assert_false(info.fences.items[0].signalled);
	assert_int_equal(info.fences.items[1].usage, BUFINFO_READ);
	assert_false(info.fences.items[1].signalled);
	assert_true(info.fences.items[2].signalled);
	bufinfo_free(&info);
	assert_int_equal(bufinfo_parse(listing, 16, &info), -ENOENT);
	assert_int_equal(bufinfo_parse("", 15, &info), -ENOENT);
}

/* A buffer's name may hold line ends and tabs: it must not pass for another buffer. */
static void test_bufinfo_forged(void **state)
{
	static const char forged[] =
		"00004096\t00000802\t02080007\t00000001\tsystem\t00000016\tx\n"
		"00004096\t00000802\t02080007\t00000001\tsystem\t00000015\ty\n"
		"\tAttached Devices:\n"
		"00004096\t00000802\t02080007\t00000001\tsystem\t00000015\t<none>\n"
		"\twrite fence:3:1 unbound vgem unsignalled\n"
		"\tAttached Devices:\n";
	struct bufinfo info;

	(void)state;
	assert_int_equal(bufinfo_parse(forged, 15, &info), -EBADMSG);
	/* cut anywhere, it is read without harm */
	for (size_t length = 0; length < strlen(listing); length++) {
		char *text = strndup(listing, length);

		if (!bufinfo_parse(text, 15, &info))
			bufinfo_free(&info);
		free(text);
	}
}

static void test_wrong_answers(void **state)
{
	struct fence_history history = {0};

	(void)state;
	/* nobody could be asked: nothing is wrong */
	assert_int_equal(fence_history_wrong(&history), 0);
	for (enum fence_step step = STEP_IDLE; step < FENCE_STEPS; step++) {
		for (enum fence_query q = QUERY_POLL; q < FENCE_QUERIES; q++) {
			history.observations[step].answers[ACCESS_READ][q] =
				step == STEP_WRITE ? ANSWER_WAITS : ANSWER_FREE;
			history.observations[step].answers[ACCESS_BOTH][q] =
				history.observations[step].answers[ACCESS_WRITE][q] =
					step == STEP_WRITE || step == STEP_READ ? ANSWER_WAITS
										: ANSWER_FREE;
		}
	}
	assert_int_equal(fence_history_wrong(&history), 0);
	history.observations[STEP_READ].answers[ACCESS_READ][QUERY_SYNC] = ANSWER_WAITS;
	assert_int_equal(fence_history_wrong(&history), 1);
	history.observations[STEP_WRITE].answers[ACCESS_WRITE][QUERY_POLL] = ANSWER_FREE;
	history.observations[STEP_WRITE].links[CHAIN_EVENTFD] = ANSWER_FREE;
	assert_int_equal(fence_history_wrong(&history), 3);
	/* who may not be asked is excused, who refuses is not */
	history.errors[QUERY_LISTING] = -EACCES;
	history.errors[QUERY_FILE] = -ENOTTY;
	assert_int_equal(fence_history_wrong(&history), 3);
	history.errors[QUERY_SYNC] = -EINVAL;
	assert_int_equal(fence_history_wrong(&history), 4);
}

/* What is printed on stdout, which the caller frees. */
static char *printed(const struct timeline *timeline)
{
	FILE *file = tmpfile();
	int old = dup(STDOUT_FILENO);
	char *text = calloc(1, 4096);

	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	timeline_print(timeline);
	fflush(stdout);
	dup2(old, STDOUT_FILENO);
	close(old);
	rewind(file);
	assert_true(fread(text, 1, 4095, file) > 0);
	fclose(file);
	return text;
}

static struct timeline *two_instants(bool color)
{
	struct timeline *timeline = timeline_new(color);

	timeline_instant(timeline, "idle", 0, false);
	timeline_instant(timeline, "write fence", 1250000, true);
	timeline_row(timeline, "GPU", false);
	timeline_row(timeline, "poll", true);
	timeline_cell(timeline, "waits", MARK_WRONG);
	timeline_cell(timeline, "waits", MARK_WAITS);
	timeline_row(timeline, "bufinfo", true);
	timeline_cell(timeline, NULL, MARK_NONE);
	timeline_cell(timeline, NULL, MARK_NONE);
	return timeline;
}

static void test_timeline(void **state)
{
	struct timeline *timeline = two_instants(false);
	char *text = printed(timeline);

	(void)state;
	assert_string_equal(text, "              idle         write fence\n"
				  "              0 ns         1.25 ms\n"
				  "              o------------*============\n"
				  "GPU\n"
				  "  poll        waits!       waits\n"
				  "  bufinfo     -            -\n");
	free(text);
	timeline_free(timeline);
}

static void test_timeline_color(void **state)
{
	struct timeline *timeline = two_instants(true);
	char *text = printed(timeline);

	(void)state;
	/* the colours take no room */
	assert_non_null(strstr(text, "  poll        \033[1;31mwaits!\033[0m       "
				     "\033[33mwaits\033[0m\n"));
	free(text);
	timeline_free(timeline);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fence_words),    cmocka_unit_test(test_bufinfo),
		cmocka_unit_test(test_bufinfo_forged), cmocka_unit_test(test_wrong_answers),
		cmocka_unit_test(test_timeline),       cmocka_unit_test(test_timeline_color),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
