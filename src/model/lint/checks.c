// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/lint/checks.h"

#include <stdarg.h>
#include <string.h>

#include "base/xalloc.h"
#include "model/lint/check.h"

/* Puts the last finding before those whose rules come later. */
static void sort_in(struct findings *findings)
{
	struct finding last = findings->items[findings->count - 1];
	size_t rule = rule_index(region_rules, region_rule_count, last.rule);
	size_t i = findings->count - 1;

	for (; i && rule_index(region_rules, region_rule_count, findings->items[i - 1].rule) > rule;
	     i--)
		findings->items[i] = findings->items[i - 1];
	findings->items[i] = last;
}

/* Adds a finding about REGION, or about the node PATH where REGION is NULL; DETAIL: see finding.h.
 */
__attribute__((format(printf, 6, 0))) static void vadd(struct check *check, const struct rule *rule,
						       bool detail, const struct region *region,
						       const char *path, const char *format,
						       va_list arguments)
{
	struct findings *findings =
		region ? &check->findings->regions[region - check->regions->items]
		       : &check->findings->tree;
	struct finding *finding = array_add(findings);

	finding->rule = rule;
	finding->severity = rule->severity;
	finding->detail = detail;
	finding->subject = region ? region->name : path;
	finding->where.file = check->file;
	finding->where.node = region ? region_path(region) : xstrdup(path);
	finding->where.property = rule->property;
	finding->message = xvasprintf(format, arguments);
	if (region)
		sort_in(findings);
}

void check_report(struct check *check, const struct rule *rule, const struct region *region,
		  const char *path, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vadd(check, rule, !check->every_page_size && rule == &RULE_ALIGNMENT_PAGES, region, path,
	     format, arguments);
	va_end(arguments);
}

void check_report_detail(struct check *check, const struct rule *rule, const struct region *region,
			 const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vadd(check, rule, true, region, region->name, format, arguments);
	va_end(arguments);
}

void tree_findings_collect(const char *file, const struct regions *regions,
			   const struct fates *fates, const struct kernel_facts *facts,
			   bool every_page_size, struct tree_findings *findings)
{
	struct check check = {file, regions, fates, facts, every_page_size, findings};

	*findings = (struct tree_findings){
		.regions = xcalloc(regions->count + 1, sizeof(*findings->regions)),
		.region_count = regions->count,
	};
	check_tree(&check);
	array_for_each (regions, region) {
		if (check_node(&check, region))
			check_area(&check, region);
	}
	if (regions->supported)
		check_memory(&check);
}

void tree_findings_free(struct tree_findings *findings)
{
	for (size_t i = 0; i < findings->region_count; i++)
		findings_free(&findings->regions[i]);
	free(findings->regions);
	findings_free(&findings->tree);
	*findings = (struct tree_findings){0};
}

#define ADDRESS(symbol) &RULE_##symbol,
const struct rule *const region_rules[] = {REGION_RULES(ADDRESS)};
const size_t region_rule_count = COUNT_OF(region_rules);
