// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/finding_text.h"

#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"

static const char *const colors[] = {
	[SEVERITY_NOTE] = "\033[1;36m",
	[SEVERITY_WARNING] = "\033[1;35m",
	[SEVERITY_ERROR] = "\033[1;31m",
};

/* In code points: good enough below names, where wide characters are errors. */
static size_t escaped_width(const char *text, size_t length)
{
	AUTO_FREE char *escaped = text_show_bytes(text, length);
	size_t width = 0;

	for (const char *c = escaped; *c; c++)
		width += ((uint8_t)*c & 0xc0) != 0x80;
	return width;
}

/* The name once more, and below it a mark under the part at fault. */
static void write_mark(FILE *out, const struct finding *finding, const char *name, bool color)
{
	size_t before = escaped_width(finding->subject, finding->start);
	size_t width = escaped_width(finding->subject + finding->start, finding->length);

	fprintf(out, "    %s\n    %*s%s^", name, (int)before, "",
		color ? colors[finding->severity] : "");
	for (size_t i = 1; i < width; i++)
		fputc('~', out);
	fprintf(out, "%s\n", color ? "\033[m" : "");
}

static void write_finding(FILE *out, const struct finding *finding, bool color, bool verbose)
{
	const struct rule *rule = finding->rule;
	AUTO_FREE char *name = text_show(finding->subject);
	AUTO_FREE char *message = text_show(finding->message);
	/* a line of the file itself, or of the source that it was made from */
	bool own = finding->where.line && !finding->where.source;
	AUTO_FREE char *line = own ? xasprintf("line %u: ", finding->where.line) : xstrdup("");

	fprintf(out, "%s%s: %s%s: %s%s%s [%s]\n", color ? "\033[1m" : "", name,
		color ? colors[finding->severity] : "", severity_name(finding->severity),
		color ? "\033[m" : "", line, message, rule->id);
	if (finding->marked)
		write_mark(out, finding, name, color);
	if (finding->where.line && !own) {
		AUTO_FREE char *file = text_show(finding->where.source);

		fprintf(out, "    at:     %s:%u\n", file, finding->where.line);
	}
	if (!verbose)
		return;
	fprintf(out, "    rule:   %s", rule->sentence);
	if (rule->source)
		fprintf(out, " (%s)", rule->source);
	fputc('\n', out);
	if (rule->instead)
		fprintf(out, "    write:  %s\n", rule->instead);
}

void findings_write(FILE *out, const struct finding *findings, size_t count, bool color,
		    int verbosity)
{
	for (size_t i = 0; i < count; i++) {
		if (findings[i].severity > SEVERITY_NOTE || verbosity >= 0)
			write_finding(out, &findings[i], color, verbosity > 0);
	}
}

void findings_write_end(FILE *out, const char *next, size_t hidden)
{
	if (next)
		fprintf(out, "next: %s\n", next);
	if (hidden)
		fprintf(out, "not shown: %zu note%s (-v shows %s)\n", hidden,
			hidden == 1 ? "" : "s", hidden == 1 ? "it" : "them");
}
