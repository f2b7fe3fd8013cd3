// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings for people, as compilers write them: the name below, with the part marked. */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/report.h"

static const char *const colors[] = {"\033[1;36m", "\033[1;35m", "\033[1;31m"};

static uint64_t not_plain(uint64_t bytes)
{
	return bytes_outside(bytes, ' ', '~') |
	       (~bytes_outside(bytes, '\\', '\\') & EACH_BYTE(0x80));
}

/* Says whether LENGTH bytes can be printed as they are; most can. */
static bool is_plain(const char *text, size_t length)
{
	uint64_t wrong = 0, rest = EACH_BYTE(' ');

	for (; length >= sizeof(rest); length -= sizeof(rest), text += sizeof(rest))
		wrong |= not_plain(bytes_at(text));
	memcpy(&rest, text, length);
	return !(wrong | not_plain(rest));
}

static void put(const struct report *report, const char *text)
{
	fputs_unlocked(text, report->out);
}

/* Columns are counted in code points: good enough below names, where wide signs are errors. */
static size_t width_of(const char *text, size_t length)
{
	size_t width = 0;

	for (size_t i = 0; i < length; i++)
		width += ((uint8_t)text[i] & 0xc0) != 0x80;
	return width;
}

/* Writes a text, escaped. */
static void put_escaped(const struct report *report, const char *text)
{
	AUTO_FREE char *escaped = NULL;
	size_t length = strlen(text);

	if (is_plain(text, length)) {
		fwrite_unlocked(text, 1, length, report->out);
		return;
	}
	escaped = text_escape_bytes(text, length);
	put(report, escaped);
}

static size_t escaped_width(const char *text, size_t length)
{
	AUTO_FREE char *escaped = NULL;

	if (is_plain(text, length))
		return length;
	escaped = text_escape_bytes(text, length);
	return width_of(escaped, strlen(escaped));
}

static void put_color(const struct report *report, const char *color)
{
	if (report->color)
		put(report, color);
}

static void put_repeated(const struct report *report, char c, size_t count)
{
	while (count--)
		putc_unlocked(c, report->out);
}

/* NAME is the subject's, escaped. */
static void put_mark(const struct report *report, const char *name,
		     const struct report_subject *subject, const struct report_finding *finding)
{
	size_t before = escaped_width(subject->name, finding->start);
	size_t width = escaped_width(subject->name + finding->start, finding->length);

	put(report, "    ");
	put(report, name);
	put(report, "\n    ");
	put_repeated(report, ' ', before);
	put_color(report, colors[finding->level]);
	putc_unlocked('^', report->out);
	if (width > 1)
		put_repeated(report, '~', width - 1);
	put_color(report, "\033[m");
	putc_unlocked('\n', report->out);
}

static void put_finding(const struct report *report, const char *name,
			const struct report_finding *finding)
{
	put_color(report, "\033[1m");
	put(report, name);
	put(report, ": ");
	put_color(report, colors[finding->level]);
	put(report, report_level_name(finding->level));
	put(report, ": ");
	put_color(report, "\033[m");
	put_escaped(report, finding->message);
	put(report, " [");
	put(report, report->rules[finding->rule].id);
	put(report, "]\n");
}

/* A line with the file, where the findings of another begin. */
static void put_source(struct report *report, const char *source)
{
	char *last = report->state;

	if (!source || (last && !strcmp(last, source)))
		return;
	free(last);
	report->state = xstrdup(source);
	put_escaped(report, source);
	put(report, ":\n");
}

static void text_subject(struct report *report, const struct report_subject *subject)
{
	const char *better = NULL, *name = subject->name;
	AUTO_FREE char *escaped = NULL;

	if (!is_plain(name, strlen(name)))
		name = escaped = text_escape(name);
	if (subject->count)
		put_source(report, subject->source);
	for (size_t i = 0; i < subject->count; i++) {
		put_finding(report, name, &subject->findings[i]);
		put_mark(report, name, subject, &subject->findings[i]);
		if (subject->findings[i].suggestion)
			better = subject->findings[i].suggestion;
	}
	if (better) {
		put(report, "    better: ");
		put_escaped(report, better);
		putc_unlocked('\n', report->out);
	}
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void text_end(struct report *report)
{
	const size_t *counts = report->counts;

	free(report->state);
	if (report->quiet)
		return;
	fprintf(report->out, "%zu name%s: %zu error%s, %zu warning%s, %zu note%s\n",
		report->subjects, plural(report->subjects), counts[REPORT_ERROR],
		plural(counts[REPORT_ERROR]), counts[REPORT_WARNING],
		plural(counts[REPORT_WARNING]), counts[REPORT_NOTE], plural(counts[REPORT_NOTE]));
}

const struct report_format report_text = {"text", NULL, text_subject, text_end, false};
