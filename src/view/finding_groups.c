// SPDX-License-Identifier: GPL-2.0-or-later
#include "view/finding_groups.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "view/finding_text.h"

enum {
	SOURCES_SHOWN = 3
};

struct group {
	struct finding finding; /* its texts are copies */
	char *subject, *source; /* those of them that the finding does not own */
	struct strings sources;
};

struct finding_groups {
	struct {
		ARRAY_OF(struct group *);
	} all;
	void *tree; /* of tsearch(3) */
};

struct finding_groups *finding_groups_new(void)
{
	return xcalloc(1, sizeof(struct finding_groups));
}

static void group_free(struct group *group)
{
	free(group->subject);
	free(group->source);
	free(group->finding.where.node);
	free(group->finding.message);
	free(group->finding.instead);
	strings_free(&group->sources);
	free(group);
}

static void keep(void *node)
{
	(void)node; /* belongs to the list */
}

void finding_groups_free(struct finding_groups *groups)
{
	if (!groups)
		return;
	tdestroy(groups->tree, keep);
	array_for_each (&groups->all, group)
		group_free(*group);
	array_free(&groups->all);
	free(groups);
}

static int compare_texts(const char *one, const char *other)
{
	if (!one || !other)
		return (one != NULL) - (other != NULL);
	return strcmp(one, other);
}

static int compare(const void *a, const void *b)
{
	const struct finding *one = &((const struct group *)a)->finding;
	const struct finding *other = &((const struct group *)b)->finding;
	int order = strcmp(one->subject, other->subject);

	if (!order)
		order = strcmp(one->rule->id, other->rule->id);
	if (!order)
		order = (int)one->severity - (int)other->severity;
	if (!order)
		order = (one->start > other->start) - (one->start < other->start);
	if (!order)
		order = strcmp(one->message, other->message);
	if (!order)
		order = compare_texts(one->instead, other->instead);
	if (!order)
		order = (one->where.line > other->where.line) -
			(one->where.line < other->where.line);
	if (!order)
		order = compare_texts(one->where.source, other->where.source);
	return order;
}

bool finding_groups_add(struct finding_groups *groups, const char *source,
			const struct finding *finding)
{
	struct group *new = xcalloc(1, sizeof(*new)), *group, **place;

	new->finding = *finding;
	new->finding.subject = new->subject = xstrdup(finding->subject);
	new->finding.message = xstrdup(finding->message);
	new->finding.instead = xstrdup_maybe(finding->instead);
	new->finding.where.source = new->source = xstrdup_maybe(finding->where.source);
	new->finding.where.node = xstrdup_maybe(finding->where.node);
	place = tsearch(new, &groups->tree, compare);
	group = *MUST_HAVE(place);
	if (group == new)
		*array_add(&groups->all) = new;
	else
		group_free(new);
	if (!group->sources.count ||
	    strcmp(group->sources.items[group->sources.count - 1], source) != 0)
		strings_add(&group->sources, source);
	return group == new;
}

static void write_sources(FILE *out, const struct strings *sources, bool all)
{
	size_t shown = all || sources->count <= SOURCES_SHOWN ? sources->count : SOURCES_SHOWN;

	fprintf(out, "    %zu tree%s:", sources->count, sources->count == 1 ? "" : "s");
	for (size_t i = 0; i < shown; i++) {
		AUTO_FREE char *escaped = text_show(sources->items[i]);

		if (all && sources->count > 1)
			fprintf(out, "\n        %s", escaped);
		else
			fprintf(out, "%s %s", i ? "," : "", escaped);
	}
	if (shown < sources->count)
		fputs(", … (-v: all)", out);
	fputc('\n', out);
}

void finding_groups_write(const struct finding_groups *groups, FILE *out, bool color, int verbosity)
{
	array_for_each (&groups->all, group) {
		const struct finding *finding = &(*group)->finding;

		if (finding->severity == SEVERITY_NOTE && verbosity < 0)
			continue;
		findings_write(out, finding, 1, color, verbosity);
		if (finding->instead) {
			AUTO_FREE char *escaped = text_show(finding->instead);

			fprintf(out, "    better: %s\n", escaped);
		}
		write_sources(out, &(*group)->sources, verbosity > 0);
	}
}
