// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/name/baseline.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/set.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/name/evidence.h"
#include "sys/file.h"

#define FIRST_LINE "# dmaheap lint-names baseline, version 1: NAME, PLACE, SIZE\n"
#define HASH       "\\x23" /* a # where a comment would begin */
#define BACKSLASH  "\\x5c" /* of a name that begins as one of these two does */

enum place {
	PLACE_UNKNOWN,
	PLACE_STATIC,
	PLACE_DYNAMIC,
	PLACE_PAGES,
};

struct entry {
	char *section; /* "" where there is no tree */
	char *name;    /* escaped */
	enum place place;
	uint64_t base, size;
	size_t order; /* in which the new ones came */
	bool seen;
};

struct baseline {
	struct {
		ARRAY_OF(struct entry);
	} entries;
	bool sorted;
	struct strings sections; /* the trees; none: names of a machine or a list */
	bool alone;              /* one is compared with one: keys do not matter */
	struct strings given;    /* keys of the trees to compare */
	struct set section_set, given_set;
	struct {
		ARRAY_OF(struct entry);
	} new; /* heaps that were not saved */
};

struct baseline *baseline_new(void)
{
	return xcalloc(1, sizeof(struct baseline));
}

static void entry_free(struct entry *entry)
{
	free(entry->section);
	free(entry->name);
}

void baseline_free(struct baseline *baseline)
{
	if (!baseline)
		return;
	array_for_each (&baseline->entries, entry)
		entry_free(entry);
	array_free(&baseline->entries);
	array_for_each (&baseline->new, entry)
		entry_free(entry);
	array_free(&baseline->new);
	set_free(&baseline->section_set);
	set_free(&baseline->given_set);
	strings_free(&baseline->sections);
	strings_free(&baseline->given);
	free(baseline);
}

static void set_entry(struct entry *entry, const char *key, const char *name,
		      const struct name_evidence *evidence)
{
	entry->section = text_escape(key ? key : "");
	entry->name = text_escape(name);
	if (!evidence || !evidence->region)
		return;
	if (!strcmp(evidence->region, REGION_OF_PAGES)) {
		entry->place = PLACE_PAGES;
	} else if (evidence->dynamic) {
		entry->place = PLACE_DYNAMIC;
	} else if (evidence->placed) {
		entry->place = PLACE_STATIC;
		entry->base = evidence->base;
	}
	entry->size = evidence->size;
}

void baseline_add_tree(struct baseline *baseline, const char *key)
{
	strings_take(&baseline->sections, text_escape(key));
}

void baseline_add(struct baseline *baseline, const char *key, const char *name,
		  const struct name_evidence *evidence)
{
	set_entry(array_add(&baseline->entries), key, name, evidence);
	baseline->sorted = false;
}

static int compare(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = strcmp(one->section, other->section);

	return order ? order : strcmp(one->name, other->name);
}

/* A tree that was given twice is one. */
static void sort_sections(struct strings *sections)
{
	struct strings all = *sections;

	strings_sort(&all);
	*sections = (struct strings){0};
	array_for_each (&all, section) {
		if (sections->count && !strcmp(sections->items[sections->count - 1], *section))
			free(*section);
		else
			strings_take(sections, *section);
	}
	array_free(&all);
}

static void sort(struct baseline *baseline)
{
	if (baseline->sorted)
		return;
	if (baseline->entries.count)
		qsort(baseline->entries.items, baseline->entries.count,
		      sizeof(*baseline->entries.items), compare);
	sort_sections(&baseline->sections);
	baseline->sorted = true;
}

static void write_place(FILE *out, const struct entry *entry)
{
	static const char *const words[] = {"-", NULL, "dynamic", "pages"};

	if (entry->place == PLACE_STATIC)
		fprintf(out, "0x%" PRIx64, entry->base);
	else
		fputs(words[entry->place], out);
	if (entry->size)
		fprintf(out, "\t0x%" PRIx64 "\n", entry->size);
	else
		fputs("\t-\n", out);
}

static void write_entry(FILE *out, const struct entry *entry)
{
	if (*entry->name == '#')
		fprintf(out, HASH "%s\t", entry->name + 1);
	else if (text_starts_with(entry->name, HASH) || text_starts_with(entry->name, BACKSLASH))
		fprintf(out, BACKSLASH "%s\t", entry->name + 1);
	else
		fprintf(out, "%s\t", entry->name);
	write_place(out, entry);
}

/* Writes the entries of a section from *I on, which stands at the first one after them then. */
static void write_section(const struct baseline *baseline, size_t *i, const char *section,
			  FILE *out)
{
	const struct entry *entries = baseline->entries.items;
	const struct entry *last = NULL;

	for (; *i < baseline->entries.count && !strcmp(entries[*i].section, section); ++*i) {
		if (!last || compare(last, &entries[*i]) != 0)
			write_entry(out, &entries[*i]);
		last = &entries[*i];
	}
}

static void write_entries(struct baseline *baseline, FILE *out)
{
	size_t i = 0;

	sort(baseline);
	fputs(FIRST_LINE, out);
	write_section(baseline, &i, "", out);
	array_for_each (&baseline->sections, section) {
		fprintf(out, "[%s]\n", *section);
		write_section(baseline, &i, *section, out);
	}
}

int baseline_save(struct baseline *baseline, const char *path)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	FILE *stream = xmemopen(&text, &size);

	write_entries(baseline, stream);
	xmemclose(stream);
	return file_write(path, text, size);
}

static bool parse_place(const char *text, struct entry *entry)
{
	if (!strcmp(text, "-"))
		entry->place = PLACE_UNKNOWN;
	else if (!strcmp(text, "dynamic"))
		entry->place = PLACE_DYNAMIC;
	else if (!strcmp(text, "pages"))
		entry->place = PLACE_PAGES;
	else if (!parse_number(text, &entry->base))
		entry->place = PLACE_STATIC;
	else
		return false;
	return true;
}

static char *parse_name(const char *text)
{
	if (text_starts_with(text, HASH))
		return xasprintf("#%s", text + strlen(HASH));
	if (text_starts_with(text, BACKSLASH))
		return xasprintf("\\%s", text + strlen(BACKSLASH));
	return xstrdup(text);
}

/* Returns NULL, or what is wrong. */
static const char *parse_line(struct baseline *baseline, char *line, char **section)
{
	size_t length = strlen(line);
	char *place = strchr(line, '\t');
	char *size = place ? strchr(place + 1, '\t') : NULL;
	struct entry *entry;

	if (*line == '[' && line[length - 1] == ']') {
		free(*section);
		*section = xstrndup(line + 1, length - 2);
		strings_add(&baseline->sections, *section);
		return NULL;
	}
	if (!size)
		return "a line is NAME, PLACE and SIZE, with tabs between them";
	*place++ = *size++ = '\0';
	entry = array_add(&baseline->entries);
	entry->section = xstrdup(*section);
	entry->name = parse_name(line);
	if (!parse_place(place, entry))
		return "a place is an address, dynamic, pages or -";
	if (strcmp(size, "-") != 0 && parse_number(size, &entry->size))
		return "a size is a number of bytes or -";
	return NULL;
}

struct baseline *baseline_parse(char *text, size_t size, size_t *line, const char **reason)
{
	struct baseline *baseline = baseline_new();
	AUTO_FREE char *section = xstrdup("");
	char *end = text + size, *line_end;

	*end = '\0';
	*line = 1;
	*reason =
		text_starts_with(text, FIRST_LINE) ? NULL : "this is not a baseline of lint-names";
	for (; !*reason && text < end; text = line_end + 1) {
		line_end = memchr(text, '\n', (size_t)(end - text));
		if (!line_end)
			line_end = end;
		*line_end = '\0';
		if (strlen(text) != (size_t)(line_end - text))
			*reason = "this is no text: it has a NUL";
		else if (*text && *text != '#')
			*reason = parse_line(baseline, text, &section);
		*line += !*reason;
	}
	if (*reason) {
		baseline_free(baseline);
		return NULL;
	}
	sort(baseline);
	return baseline;
}

int baseline_load(const char *path, struct baseline **baseline, size_t *line, const char **reason)
{
	AUTO_FREE char *text = NULL;
	size_t size;
	int error = file_read(path, BASELINE_SIZE_MAX, &text, &size);

	*reason = NULL;
	if (error)
		return error;
	*baseline = baseline_parse(text, size, line, reason);
	return *baseline ? 0 : -EBADMSG;
}

static struct entry *find(const struct baseline *baseline, const struct entry *key)
{
	struct entry wanted = *key;
	char none[] = "";

	if (!baseline->entries.count)
		return NULL;
	if (baseline->alone)
		wanted.section = baseline->sections.count ? baseline->sections.items[0] : none;
	return bsearch(&wanted, baseline->entries.items, baseline->entries.count,
		       sizeof(*baseline->entries.items), compare);
}

static bool has_moved(const struct entry *old, const struct entry *now)
{
	if (old->place == PLACE_UNKNOWN || now->place == PLACE_UNKNOWN)
		return false;
	return old->place != now->place || (old->place == PLACE_STATIC && old->base != now->base);
}

static char *place_text(const struct entry *entry)
{
	if (entry->place == PLACE_STATIC)
		return xasprintf("at 0x%" PRIx64, entry->base);
	return xstrdup(entry->place == PLACE_PAGES ? "memory of the page allocator"
						   : "placed by the kernel at boot");
}

/* Takes MESSAGE. */
static void add_finding(const struct name_settings *settings, struct findings *findings,
			enum severity severity, const char *name, char *message)
{
	severity = name_settings_severity(settings, name, &rule_baseline.rule, severity);
	if (severity == SEVERITY_OFF) {
		free(message);
		return;
	}
	*array_add(findings) = (struct finding){
		.rule = &rule_baseline.rule,
		.severity = severity,
		.subject = name,
		.message = message,
		.marked = true,
		.length = strlen(name),
	};
}

/* How many names a section has, whose first entry is at *I or behind it. */
static size_t count_names(const struct baseline *baseline, const char *section, size_t *i)
{
	const struct entry *entries = baseline->entries.items;
	size_t first;

	while (*i < baseline->entries.count && strcmp(entries[*i].section, section) < 0)
		++*i;
	for (first = *i; *i < baseline->entries.count; ++*i) {
		if (strcmp(entries[*i].section, section) != 0)
			break;
	}
	return *i - first;
}

static void report_one(const struct name_settings *settings, enum severity severity,
		       const char *subject, char *message, baseline_report *report, void *data)
{
	AUTO_FINDINGS struct findings findings = {0};

	add_finding(settings, &findings, severity, subject, message);
	if (findings.count)
		report(data, subject, NULL, &findings);
}

static void report_trees(const struct baseline *baseline, const struct name_settings *settings,
			 baseline_report *report, void *data)
{
	size_t i = 0; /* both are sorted by section */

	array_for_each (&baseline->sections, section) {
		if (set_find(&baseline->given_set, *section))
			continue;
		report_one(settings, SEVERITY_ERROR, *section,
			   xasprintf("the baseline has this tree, and it was not given: its %zu "
				     "names are not compared",
				     count_names(baseline, *section, &i)),
			   report, data);
	}
	array_for_each (&baseline->given, key) {
		if (!set_find(&baseline->section_set, *key))
			report_one(settings, SEVERITY_NOTE, *key,
				   xstrdup("new: the baseline does not have this tree"), report,
				   data);
	}
}

/* Why nothing can be compared. */
static char *no_match(const struct baseline *baseline)
{
	if (!baseline->given.count)
		return xasprintf("nothing is compared: the baseline has %zu trees, and none was "
				 "given",
				 baseline->sections.count);
	if (!baseline->sections.count)
		return xstrdup("nothing is compared: the baseline has the names of a machine or a "
			       "list, and several trees were given");
	return xasprintf("nothing is compared: the baseline has none of these trees; it has %s and "
			 "so on, given are %s and so on (--relative-to says from which directory "
			 "on paths count)",
			 baseline->sections.items[0], baseline->given.items[0]);
}

bool baseline_begin(struct baseline *baseline, const struct strings *keys,
		    const struct name_settings *settings, baseline_report *report, void *data)
{
	bool match = false;

	array_for_each (keys, key) {
		AUTO_FREE char *escaped = text_escape(*key);

		if (set_find(&baseline->given_set, escaped))
			continue;
		strings_take(&baseline->given, TAKE_POINTER(escaped));
		set_add(&baseline->given_set, baseline->given.items[baseline->given.count - 1]);
	}
	array_for_each (&baseline->sections, section)
		set_add(&baseline->section_set, *section);
	/* what is saved without a tree beside trees is nobody's */
	baseline->alone = baseline->given.count <= 1 && baseline->sections.count <= 1;
	if (baseline->alone)
		return true;
	array_for_each (&baseline->given, key)
		match = match || set_find(&baseline->section_set, *key);
	if (match)
		report_trees(baseline, settings, report, data);
	else
		report_one(settings, SEVERITY_ERROR,
			   baseline->given.count ? baseline->given.items[0]
						 : baseline->sections.items[0],
			   no_match(baseline), report, data);
	return match;
}

void baseline_compare(struct baseline *baseline, const struct name_settings *settings,
		      const char *key, const char *name, const struct name_evidence *evidence,
		      struct findings *findings)
{
	struct entry now = {0};
	struct entry *old;

	set_entry(&now, key, name, evidence);
	if (!baseline->alone && !set_find(&baseline->section_set, now.section)) {
		entry_free(&now);
		return;
	}
	old = find(baseline, &now);
	if (!old) {
		*array_add(&baseline->new) = now;
		add_finding(settings, findings, SEVERITY_NOTE, name,
			    xstrdup("new: the baseline does not have it"));
		return;
	}
	old->seen = true;
	if (has_moved(old, &now)) {
		AUTO_FREE char *before = place_text(old);
		AUTO_FREE char *after = place_text(&now);

		add_finding(settings, findings, SEVERITY_ERROR, name,
			    xasprintf("moved: another region has this name now (%s; in the "
				      "baseline %s)",
				      after, before));
	}
	entry_free(&now);
}

/* By place: static ones by address, dynamic ones, which have none, by size. */
static int compare_places(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;

	if (one->place != other->place)
		return one->place < other->place ? -1 : 1;
	if (one->base != other->base)
		return one->base < other->base ? -1 : 1;
	if (one->place == PLACE_DYNAMIC && one->size != other->size)
		return one->size < other->size ? -1 : 1;
	return strcmp(one->section, other->section);
}

static int compare_places_then_order(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = compare_places(one, other);

	return order ? order : one->order < other->order ? -1 : one->order > other->order;
}

static void sort_new(struct baseline *baseline)
{
	size_t order = 0;

	array_for_each (&baseline->new, entry) {
		entry->order = order++;
		if (baseline->alone)
			*entry->section = '\0'; /* names are all that counts */
	}
	if (baseline->new.count)
		qsort(baseline->new.items, baseline->new.count, sizeof(*baseline->new.items),
		      compare_places_then_order);
}

/*
 * A new heap over the memory of one that is gone; of several the first that came. Without an
 * address its size is all that tells a region from others: there must be no second one.
 */
static const struct entry *renamed_to(const struct baseline *baseline, const struct entry *old)
{
	static char no_section[] = "";
	const struct entry *items = baseline->new.items;
	struct entry wanted = *old;
	size_t first = 0, end = baseline->new.count;

	if (old->place != PLACE_STATIC && (old->place != PLACE_DYNAMIC || !old->size))
		return NULL;
	if (baseline->alone)
		wanted.section = no_section;
	while (first < end) {
		size_t middle = first + (end - first) / 2;

		if (compare_places(&items[middle], &wanted) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	if (first == baseline->new.count || compare_places(&items[first], &wanted) != 0)
		return NULL;
	if (old->place == PLACE_DYNAMIC && first + 1 < baseline->new.count &&
	    !compare_places(&items[first + 1], &wanted))
		return NULL;
	return &items[first];
}

static char *missing_text(const struct baseline *baseline, const struct entry *entry)
{
	const struct entry *renamed = renamed_to(baseline, entry);

	if (!renamed)
		return xstrdup("disappeared: the baseline has it; programs that ask for it find "
			       "nothing");
	return xasprintf("renamed: %s is called '%s' now; programs that ask for the old name find "
			 "nothing",
			 entry->place == PLACE_STATIC ? "the same region"
						      : "a region of the same size",
			 renamed->name);
}

void baseline_missing(struct baseline *baseline, const struct name_settings *settings,
		      baseline_report *report, void *data)
{
	sort_new(baseline);
	array_for_each (&baseline->entries, entry) {
		AUTO_FINDINGS struct findings findings = {0};
		const char *key = NULL;

		if (entry->seen ||
		    (!baseline->alone && !set_find(&baseline->given_set, entry->section)))
			continue;
		if (baseline->given.count)
			key = baseline->alone ? baseline->given.items[0] : entry->section;
		add_finding(settings, &findings, SEVERITY_ERROR, entry->name,
			    missing_text(baseline, entry));
		if (findings.count)
			report(data, entry->name, key, &findings);
	}
}
