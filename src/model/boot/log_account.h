/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is known of each line of a boot log. */
#ifndef MODEL_BOOT_LOG_ACCOUNT_H
#define MODEL_BOOT_LOG_ACCOUNT_H

#include "base/finding.h"
#include "model/boot/boot_log.h"
#include "model/devicetree/region.h"

struct log_account {
	const struct log_entry *entry;
	enum severity level; /* SEVERITY_OFF: no trouble */
	char *region;        /* the node's or area's name; NULL: the line has none */
	char *meaning;
	const struct region *node; /* of the tree, or NULL */
	struct maybe base, size;   /* bytes */
};

struct log_accounts {
	ARRAY_OF(struct log_account); /* one for each entry of the log */
	/* subjects are regions; where.line is the line, where.node the node of the tree */
	struct findings findings;
};

#endif
