/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of regions, and the kernel that they describe. */
#ifndef COMMANDS_REGIONS_REGIONS_OPTIONS_H
#define COMMANDS_REGIONS_REGIONS_OPTIONS_H

#include <argp.h>

#include "cli/command.h"
#include "cli/kernel_options.h"
#include "cli/report_options.h"
#include "model/boot/fate.h"

struct regions_options {
	struct strings files;
	struct tree_options tree;
	const char *config_path;
	char *config; /* its text, once read */
	const char *svg;
	bool all, draw;
	struct report_options report;
};

extern const struct argp regions_argp;

/* Reads the files that the options name. Returns EXIT_DONE, else it has said what is wrong. */
enum exit_code regions_options_read(const struct context *context, struct regions_options *options);
void regions_options_release(struct regions_options *options);

/*
 * The kernel for a tree with these bootargs (NULL: none). LIVE: the running one (or the captured
 * one), as far as the options do not say otherwise. Release with kernel_facts_free().
 */
void regions_options_facts(const struct context *context, const struct regions_options *options,
			   bool live, const char *bootargs, struct kernel_facts *facts);

#endif
