/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of regions. */
#ifndef COMMANDS_REGIONS_REGIONS_OPTIONS_H
#define COMMANDS_REGIONS_REGIONS_OPTIONS_H

#include "cli/report_options.h"
#include "cli/tree_options.h"

struct regions_options {
	struct strings files;
	struct tree_options tree;
	const char *svg;
	bool all, draw;
	struct report_options report;
};

extern const struct option_table regions_options;

void regions_options_free(struct regions_options *options);

#endif
