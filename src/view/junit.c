// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/junit.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/xml.h"

/* The counts come before the cases, so that these are kept as text. */
struct junit {
	char *suite;
	FILE *stream;
	char *text;
	size_t size;
	size_t cases, outcomes[JUNIT_SKIPPED + 1];
	uint64_t ns;
};

static void attribute(FILE *out, const char *key, const char *value)
{
	fprintf(out, " %s=\"", key);
	xml_put(out, value, false);
	fputc('"', out);
}

/* Seconds with a point, whatever the locale. */
static void seconds(FILE *out, uint64_t ns)
{
	fprintf(out, " time=\"%" PRIu64 ".%06" PRIu64 "\"", ns / 1000000000,
		ns % 1000000000 / 1000);
}

struct junit *junit_begin(const char *suite)
{
	struct junit *junit = xcalloc(1, sizeof(*junit));

	junit->suite = xstrdup(suite);
	junit->stream = xmemopen(&junit->text, &junit->size);
	return junit;
}

void junit_case(struct junit *junit, const struct junit_case *test)
{
	static const char *const elements[] = {NULL, "failure", "error", "skipped"};
	const char *element = elements[test->outcome];
	FILE *out = junit->stream;

	junit->cases++;
	junit->outcomes[test->outcome]++;
	junit->ns += test->ns;
	fputs("    <testcase", out);
	attribute(out, "classname", test->group);
	attribute(out, "name", test->name);
	if (test->ns)
		seconds(out, test->ns);
	if (!element && !test->details) {
		fputs("/>\n", out);
		return;
	}
	fputs(">\n", out);
	if (element) {
		fprintf(out, "      <%s", element);
		if (test->type && test->outcome != JUNIT_SKIPPED)
			attribute(out, "type", test->type);
		if (test->message)
			attribute(out, "message", test->message);
		if (test->details && test->outcome != JUNIT_SKIPPED) {
			fputc('>', out);
			xml_put(out, test->details, true);
			fprintf(out, "</%s>\n", element);
		} else {
			fputs("/>\n", out);
		}
	}
	if (test->details && (!element || test->outcome == JUNIT_SKIPPED)) {
		fputs("      <system-out>", out);
		xml_put(out, test->details, true);
		fputs("</system-out>\n", out);
	}
	fputs("    </testcase>\n", out);
}

void junit_end(struct junit *junit, FILE *out)
{
	xmemclose(junit->stream);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite", out);
	attribute(out, "name", junit->suite);
	fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", junit->cases,
		junit->outcomes[JUNIT_FAILED], junit->outcomes[JUNIT_ERROR],
		junit->outcomes[JUNIT_SKIPPED]);
	seconds(out, junit->ns);
	fputs(">\n", out);
	fputs(junit->text, out);
	fputs("  </testsuite>\n</testsuites>\n", out);
	free(junit->suite);
	free(junit->text);
	free(junit);
}
