// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/report.h"

#include <inttypes.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/path.h"
#include "base/xalloc.h"

void report_begin(struct report *report)
{
	if (report->format->begin)
		report->format->begin(report);
}

/* FNV-1a, of the text and its end. */
static void mix(uint64_t *hash, const char *text)
{
	size_t length = text ? strlen(text) + 1 : 1;

	for (size_t i = 0; i < length; i++) {
		*hash ^= text ? (uint8_t)text[i] : 0xff;
		*hash *= UINT64_C(0x100000001b3);
	}
}

static uint64_t mix_finding(const char *place, const char *name, const struct finding *finding)
{
	AUTO_FREE char *part = xasprintf("%zu %zu", finding->start, finding->length);
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	mix(&hash, place);
	mix(&hash, name);
	mix(&hash, finding->rule->id);
	mix(&hash, finding->where.node);
	mix(&hash, finding->where.property);
	mix(&hash, part);
	mix(&hash, finding->message);
	return hash;
}

uint64_t report_fingerprint(const struct report *report, const struct report_subject *subject,
			    const struct finding *finding)
{
	AUTO_FREE char *path = report_path(report, subject, finding);

	return mix_finding(!finding->where.source && subject->key ? subject->key : path,
			   subject->name, finding);
}

char *report_fingerprint_text(const struct report *report, const struct report_subject *subject,
			      const struct finding *finding)
{
	return xasprintf("%016" PRIx64, report_fingerprint(report, subject, finding));
}

char *report_path(const struct report *report, const struct report_subject *subject,
		  const struct finding *finding)
{
	const char *file = finding->where.source ? finding->where.source : finding->where.file;
	const char *below;
	char *path;

	if (!file)
		return xasprintf("/dev/dma_heap/%s", subject->name);
	path = path_normal(report->directory, file);
	below = path_below(report->directory, path);
	if (below && *below)
		memmove(path, below, strlen(below) + 1);
	return path;
}

char *report_message(const struct report_subject *subject, const struct finding *finding)
{
	if (finding->where.node && !finding->where.line)
		return xasprintf("%s: %s (node %s)", subject->name, finding->message,
				 finding->where.node);
	return xasprintf("%s: %s", subject->name, finding->message);
}

static int compare(const void *a, const void *b)
{
	const uint64_t *one = a, *other = b;

	return (*one > *other) - (*one < *other);
}

/* Says whether the report had this fingerprint before, and remembers it. */
static bool had(struct report *report, uint64_t fingerprint)
{
	uint64_t *new = xmemdup(&fingerprint, sizeof(fingerprint));
	uint64_t **place = tsearch(new, &report->seen, compare);

	if (*MUST_HAVE(place) == new)
		return false;
	free(new);
	return true;
}

static bool is_wanted(struct report *report, const struct report_subject *subject,
		      const struct finding *finding)
{
	if (finding->detail && report->verbosity < 1) {
		/* once, in however many trees */
		report->hidden += !had(report, mix_finding("", subject->name, finding));
		return false;
	}
	return !report->format->once || !had(report, report_fingerprint(report, subject, finding));
}

void report_subject(struct report *report, const struct report_subject *subject)
{
	struct {
		ARRAY_OF(struct finding);
	} wanted = {0};
	struct report_subject left = *subject;

	for (size_t i = 0; i < subject->count; i++) {
		const struct finding *finding = &subject->findings[i];

		if (is_wanted(report, subject, finding))
			*array_add(&wanted) = *finding;
	}
	left.findings = wanted.items;
	left.count = wanted.count;
	report->count += !subject->uncounted;
	array_for_each (&wanted, finding) {
		report->counts[finding->severity]++;
		report->failed |= finding->severity >= report->threshold;
	}
	if (left.count || report->format->clean)
		report->format->subject(report, &left);
	array_free(&wanted); /* what they own is the subject's */
}

void report_end(struct report *report)
{
	if (report->format->end)
		report->format->end(report);
	tdestroy(report->seen, free);
	report->seen = NULL;
}

char *report_incomplete(const struct report *report)
{
	return xasprintf("not all %s could be read: standard error says why", report->subjects);
}
