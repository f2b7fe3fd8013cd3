// SPDX-License-Identifier: GPL-2.0-or-later
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/capture/redact.h"

static void add(struct capture *capture, const char *path, const char *text, size_t size)
{
	char *data = xcalloc(size + 1, 1);

	memcpy(data, text, size);
	capture_add(capture, path, data, size, NULL);
}

/* Redacts a file beside a device tree and a command line; the caller frees what came of it. */
static char *redacted(const char *path, const char *text, size_t size)
{
	static const char base[] = "/sys/firmware/devicetree/base/";
	struct capture capture = {0};
	AUTO_FREE char *serial = xasprintf("%sserial-number", base);
	AUTO_FREE char *mac = xasprintf("%ssoc/ethernet/local-mac-address", base);
	AUTO_FREE char *arguments = xasprintf("%schosen/bootargs", base);
	char *result;

	add(&capture, path, text, size);
	add(&capture, serial, "SN12345678", sizeof("SN12345678"));
	add(&capture, mac, "\x52\x54\x00\x12\x34\x56", 6);
	add(&capture, arguments, "token=abc", sizeof("token=abc"));
	add(&capture, "/proc/cmdline", "root=/dev/x cma=16M quiet d=\"file a +p\" quoted=\n", 48);
	capture_redact(&capture);
	assert_int_equal(capture.items[0].size, size);
	result = xmemdup(capture.items[0].data, size + 1);
	capture_free(&capture);
	return result;
}

static void becomes(const char *path, const char *text, const char *expected)
{
	AUTO_FREE char *result = redacted(path, text, strlen(text));

	assert_string_equal(result, expected);
}

static void parameters_keep_their_names(void **state)
{
	(void)state;
	becomes("/dev/kmsg", "cmdline: root=/dev/x cma=16M quiet d=\"file a +p\" quoted=\n",
		"cmdline: root=xxxxxx cma=16M quiet d=xxxxxxxxxxx quoted=\n");
	becomes("/proc/version", "token=abc token=ab", "token=xxx token=ab");
}

static void what_the_tree_says_of_the_machine_goes_in_the_blob_too(void **state)
{
	static const char blob[] = "\x00\x01SN12345678\x00\x52\x54\x00\x12\x34\x56\x00token=abc";
	static const char expected[] =
		"\x00\x01xxxxxxxxxx\x00\x00\x00\x00\x00\x00\x00\x00token=xxx";
	AUTO_FREE char *result = redacted("/sys/firmware/fdt", blob, sizeof(blob));

	(void)state;
	assert_memory_equal(result, expected, sizeof(expected));
}

static void the_builder_and_addresses_go_from_the_log(void **state)
{
	(void)state;
	becomes("/dev/kmsg", "5,1,0,-;Linux version 7.2 (me@there) (gcc (Debian))\n",
		"5,1,0,-;Linux version 7.2 (xx@xxxxx) (gcc (Debian))\n");
	becomes("/dev/kmsg", "eth0: 52:54:00:aB:cd:ef, 1:2, 01-02-03-04-05-06.",
		"eth0: 00:00:00:00:00:00, 1:2, 00-00-00-00-00-00.");
	becomes("/dev/kmsg", "52:54:00:ab:cd:ef", "00:00:00:00:00:00");
	/* one digit too many, two separators, one part too few */
	becomes("/dev/kmsg",
		"152:54:00:ab:cd:ef 52:54:00:ab:cd:ef1 52:54-00:ab:cd:ef 52:54:00:ab:cd",
		"152:54:00:ab:cd:ef 52:54:00:ab:cd:ef1 52:54-00:ab:cd:ef 52:54:00:ab:cd");
	becomes("/proc/iomem", "52:54:00:ab:cd:ef", "52:54:00:ab:cd:ef");
}

static void the_host_goes_as_a_word(void **state)
{
	struct utsname machine;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *expected = NULL;
	AUTO_FREE char *fill = NULL;

	(void)state;
	assert_int_equal(uname(&machine), 0);
	if (!*machine.nodename)
		skip();
	fill = xstrdup(machine.nodename);
	memset(fill, 'x', strlen(fill));
	text = xasprintf("a %s b my%s", machine.nodename, machine.nodename);
	expected = xasprintf("a %s b my%s", fill, machine.nodename);
	becomes("/proc/7/cgroup", text, expected);
	becomes("/sys/kernel/debug/dma_buf/bufinfo", text, text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_keep_their_names),
		cmocka_unit_test(what_the_tree_says_of_the_machine_goes_in_the_blob_too),
		cmocka_unit_test(the_builder_and_addresses_go_from_the_log),
		cmocka_unit_test(the_host_goes_as_a_word),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
