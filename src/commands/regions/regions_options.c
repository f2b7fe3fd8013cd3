// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/regions/regions_options.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "model/boot/kernel_config.h"

enum {
	OPTION_CONFIG = 0x100,
	OPTION_SVG,
};

static const struct argp_option options[] = {
	{"overlay", TREE_OVERLAY, "FILE", 0, "Apply this .dtbo first; several in the order given",
	 0},
	{"kernel", TREE_KERNEL, "VERSION", 0,
	 "The kernel that boots the tree (default: the running one for its own tree, else 7.2)", 0},
	{"page-size", TREE_PAGE_SIZE, "SIZE", 0,
	 "Its page size (default: the running kernel's for its own tree, else 4K)", 0},
	{"cmdline", TREE_CMDLINE, "WORDS", 0,
	 "Its command line (default: /proc/cmdline, or the bootargs in a file)", 0},
	{"config", OPTION_CONFIG, "FILE", 0,
	 "Its .config, which may be gzipped: page size, CMA areas, heaps that are built", 0},
	{"all", 'a', NULL, 0,
	 "Also show banks of RAM, /memreserve/ and the CMA area of cma= or the configuration", 0},
	{"format", REPORT_FORMAT, "text|json|sarif|github|junit|tap", 0,
	 "Form of the report (text)", 0},
	{"fail-on", REPORT_FAIL_ON, "error|warning|note|never", 0,
	 "Exit with 3 on findings from this level on (error)", 0},
	{"draw", 'd', NULL, 0, "Draw the memory map in the terminal", 0},
	{"svg", OPTION_SVG, "FILE", 0, "Write the memory map of one tree as SVG ('-': stdout)", 0},
	{0},
};

static void set_tree_option(struct regions_options *chosen, int key, const char *argument,
			    struct argp_state *state)
{
	AUTO_FREE char *message = tree_options_set(&chosen->tree, key, argument);

	if (message)
		option_error(state, "%s", message);
}

static void set_report_option(struct regions_options *chosen, int key, const char *argument,
			      struct argp_state *state)
{
	AUTO_FREE char *message = report_options_set(&chosen->report, key, argument);

	if (message)
		option_error(state, "%s", message);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct regions_options *chosen = state->input;

	switch (key) {
	case TREE_OVERLAY:
	case TREE_KERNEL:
	case TREE_PAGE_SIZE:
	case TREE_CMDLINE:
		set_tree_option(chosen, key, argument, state);
		break;
	case OPTION_CONFIG:
		chosen->config_path = argument;
		break;
	case REPORT_FORMAT:
	case REPORT_FAIL_ON:
		set_report_option(chosen, key, argument, state);
		break;
	case OPTION_SVG:
		chosen->svg = argument;
		break;
	case 'a':
		chosen->all = true;
		break;
	case 'd':
		chosen->draw = true;
		break;
	case ARGP_KEY_ARG:
		strings_add(&chosen->files, argument);
		break;
	case ARGP_KEY_END:
		if (chosen->svg && chosen->files.count > 1)
			option_error(state, "--svg goes with one tree only");
		tree_options_check_input(&chosen->tree, state, &chosen->files,
					 chosen->config_path && !strcmp(chosen->config_path, "-"));
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

const struct argp regions_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[FILE...]",
	.doc = "Tell which region of a device tree becomes which heap under which kernel, or why "
	       "none.\vWithout FILE the machine's own tree is read (/sys/firmware/fdt, else "
	       "/proc/device-tree); FILE is a .dtb, '-' is standard input. Exit status 3: there "
	       "are "
	       "errors in what the trees say.",
};

enum exit_code regions_options_read(const struct context *context, struct regions_options *chosen)
{
	int error = 0;

	if (chosen->config_path)
		error = config_load(chosen->config_path, &chosen->config);
	if (!error)
		return tree_options_read(context, &chosen->tree);
	if (error == -EBADMSG)
		cmd_error(context, "%s: damaged gzip data", chosen->config_path);
	else if (error == -EINVAL)
		cmd_error(context, "%s: no kernel configuration: there is no CONFIG_ in it",
			  chosen->config_path);
	else
		cmd_error(context, "%s: %s", chosen->config_path, error_words(error));
	return EXIT_OPERATION;
}

void regions_options_release(struct regions_options *chosen)
{
	strings_free(&chosen->files);
	tree_options_release(&chosen->tree);
	free(chosen->config);
}

static void take_cmdline(struct kernel_facts *facts, const struct kernel_facts *from)
{
	facts->cmdline = from->cmdline;
	facts->cma_given = from->cma_given;
	facts->cma_size = from->cma_size;
}

/* What is not said of another kernel on the machine's own tree, as the machine has it. */
static void complete(struct kernel_facts *facts, struct kernel_facts *running)
{
	if (!facts->version)
		facts->version = running->version;
	if (!facts->page_size)
		facts->page_size = running->page_size;
	if (!facts->architecture)
		facts->architecture = TAKE_POINTER(running->architecture);
	if (!facts->cmdline)
		take_cmdline(facts, running);
}

void regions_options_facts(const struct context *context, const struct regions_options *chosen,
			   bool live, const char *bootargs, struct kernel_facts *facts)
{
	const struct kernel_facts *said = &chosen->tree.kernel;
	struct kernel_facts running = {0};

	if (live)
		kernel_facts_read(&running, context->root);
	if (live && !said->version && !said->page_size && !chosen->config) {
		*facts = running;
		if (said->cmdline)
			take_cmdline(facts, said);
		return;
	}
	*facts = *said;
	if (chosen->config)
		kernel_facts_set_config(facts, chosen->config);
	/* of the running kernel's configuration nothing is sure to stay */
	complete(facts, &running);
	kernel_facts_free(&running);
	if (!live && !facts->cmdline && bootargs)
		kernel_facts_set_cmdline(facts, bootargs);
}
