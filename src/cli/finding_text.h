/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What regions, map and info show alike: who uses a region, and what is wrong. */
#ifndef CLI_FINDING_TEXT_H
#define CLI_FINDING_TEXT_H

#include "base/severity.h"
#include "cli/command.h"
#include "model/devicetree/region.h"
#include "view/value.h"

/* A consumer as JSON: node, name, enabled. */
struct json_object *region_consumer_value(const struct consumer *consumer) __attribute__((nonnull));

/* "/codec@9100000 (frames)" of such a value, escaped; the caller frees it. */
char *region_consumer_text(struct json_object *value) __attribute__((nonnull));

/*
 * Prints a finding, "error: SUBJECT: MESSAGE [ID]", in the severity's colour where the context has
 * colours; SUBJECT and MESSAGE are escaped.
 */
void region_print_finding(const struct context *context, enum severity severity,
			  const char *subject, const char *message, const char *id)
	__attribute__((nonnull));

#endif
