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

/* Says whether LENGTH bytes can be printed as they are; most can. */
static bool is_plain(const char *text, size_t length)
{
	uint64_t wrong = 0, rest = EACH_BYTE(' ');

	for (; length >= sizeof(rest); length -= sizeof(rest), text += sizeof(rest))
		wrong |= bytes_outside(bytes_at(text), ' ', '~');
	memcpy(&rest, text, length);
	return !(wrong | bytes_outside(rest, ' ', '~'));
}

/* A subject's lines go to the stream in one piece: stdio takes longer for twenty small ones. */
struct pen {
	const struct report *report;
	size_t length;
	char text[1024];
};

static void pen_flush(struct pen *pen)
{
	fwrite_unlocked(pen->text, 1, pen->length, pen->report->out);
	pen->length = 0;
}

static inline void put_bytes(struct pen *pen, const char *text, size_t length)
{
	if (length > sizeof(pen->text) - pen->length)
		pen_flush(pen);
	if (length > sizeof(pen->text)) {
		fwrite_unlocked(text, 1, length, pen->report->out);
	} else {
		memcpy(pen->text + pen->length, text, length);
		pen->length += length;
	}
}

static inline void put(struct pen *pen, const char *text)
{
	put_bytes(pen, text, strlen(text));
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
static void put_escaped(struct pen *pen, const char *text)
{
	AUTO_FREE char *escaped = NULL;
	size_t length = strlen(text);

	if (is_plain(text, length)) {
		put_bytes(pen, text, length);
		return;
	}
	escaped = text_escape_bytes(text, length);
	put(pen, escaped);
}

static size_t escaped_width(const char *text, size_t length)
{
	AUTO_FREE char *escaped = NULL;

	if (is_plain(text, length))
		return length;
	escaped = text_escape_bytes(text, length);
	return width_of(escaped, strlen(escaped));
}

static void put_color(struct pen *pen, const char *color)
{
	if (pen->report->color)
		put(pen, color);
}

static void put_repeated(struct pen *pen, const char *sign, size_t count)
{
	while (count--)
		put_bytes(pen, sign, 1);
}

/* NAME is the subject's, escaped. */
static void put_mark(struct pen *pen, const char *name, const struct report_subject *subject,
		     const struct report_finding *finding)
{
	size_t before = escaped_width(subject->name, finding->start);
	size_t width = escaped_width(subject->name + finding->start, finding->length);

	put(pen, "    ");
	put(pen, name);
	put(pen, "\n    ");
	put_repeated(pen, " ", before);
	put_color(pen, colors[finding->level]);
	put(pen, "^");
	if (width > 1)
		put_repeated(pen, "~", width - 1);
	put_color(pen, "\033[m");
	put(pen, "\n");
}

static void put_finding(struct pen *pen, const char *name, const struct report_finding *finding)
{
	put_color(pen, "\033[1m");
	put(pen, name);
	put(pen, ": ");
	put_color(pen, colors[finding->level]);
	put(pen, report_level_name(finding->level));
	put(pen, ": ");
	put_color(pen, "\033[m");
	put_escaped(pen, finding->message);
	put(pen, " [");
	put(pen, pen->report->rules[finding->rule].id);
	put(pen, "]\n");
}

/* A line with the file, where the findings of another begin. */
static void put_source(struct pen *pen, struct report *report, const char *source)
{
	char *last = report->state;

	if (!source || (last && !strcmp(last, source)))
		return;
	free(last);
	report->state = xstrdup(source);
	put_escaped(pen, source);
	put(pen, ":\n");
}

static void text_subject(struct report *report, const struct report_subject *subject)
{
	bool plain = is_plain(subject->name, strlen(subject->name));
	AUTO_FREE char *escaped = plain ? NULL : text_escape(subject->name);
	const char *name = plain ? subject->name : escaped, *better = NULL;
	struct pen pen;

	pen.report = report;
	pen.length = 0;
	if (subject->count)
		put_source(&pen, report, subject->source);
	for (size_t i = 0; i < subject->count; i++) {
		put_finding(&pen, name, &subject->findings[i]);
		put_mark(&pen, name, subject, &subject->findings[i]);
		if (subject->findings[i].suggestion)
			better = subject->findings[i].suggestion;
	}
	if (better) {
		put(&pen, "    better: ");
		put_escaped(&pen, better);
		put(&pen, "\n");
	}
	pen_flush(&pen);
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

static void text_end(struct report *report)
{
	const size_t *counts = report->counts;

	free(report->state);
	if (report->quiet || (report->incomplete && !report->subjects))
		return;
	fprintf(report->out, "%zu name%s: %zu error%s, %zu warning%s, %zu note%s%s\n",
		report->subjects, plural(report->subjects), counts[REPORT_ERROR],
		plural(counts[REPORT_ERROR]), counts[REPORT_WARNING],
		plural(counts[REPORT_WARNING]), counts[REPORT_NOTE], plural(counts[REPORT_NOTE]),
		report->incomplete ? "; " REPORT_INCOMPLETE : "");
}

const struct report_format report_text = {"text", NULL, text_subject, text_end, false};
