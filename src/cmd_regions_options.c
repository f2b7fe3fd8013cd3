// SPDX-License-Identifier: GPL-2.0-or-later
#include "cmd_regions_options.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "model/config.h"

enum {
	OPTION_OVERLAY = 0x100,
	OPTION_KERNEL,
	OPTION_PAGE_SIZE,
	OPTION_CMDLINE,
	OPTION_CONFIG,
	OPTION_FAIL_ON,
	OPTION_SVG,
};

static const struct argp_option options[] = {
	{"overlay", OPTION_OVERLAY, "FILE", 0, "Apply this .dtbo first; several in the order given",
	 0},
	{"kernel", OPTION_KERNEL, "VERSION", 0,
	 "The kernel that boots the tree (default: the running one for its own tree, else 7.2)", 0},
	{"page-size", OPTION_PAGE_SIZE, "SIZE", 0,
	 "Its page size (default: the running kernel's for its own tree, else 4K)", 0},
	{"cmdline", OPTION_CMDLINE, "WORDS", 0,
	 "Its command line (default: /proc/cmdline, or the bootargs in a file)", 0},
	{"config", OPTION_CONFIG, "FILE", 0,
	 "Its .config, which may be gzipped: page size, CMA areas, heaps that are built", 0},
	{"all", 'a', NULL, 0,
	 "Also show banks of RAM, /memreserve/ and the CMA area of cma= or the configuration", 0},
	{"fail-on", OPTION_FAIL_ON, "error|warning|note|never", 0,
	 "Exit with 3 on findings from this level on (error)", 0},
	{"draw", 'd', NULL, 0, "Draw the memory map in the terminal", 0},
	{"svg", OPTION_SVG, "FILE", 0, "Write the memory map of one tree as SVG ('-': stdout)", 0},
	{0},
};

static void set_page_size(struct regions_options *chosen, const char *text,
			  struct argp_state *state)
{
	uint64_t size;

	if (parse_size(text, &size) || size < 4096 || size > 262144 || size & (size - 1))
		argp_error(state, "--page-size takes 4K, 16K, 64K …, not '%s'", text);
	chosen->page_size = size;
}

static void set_version(struct regions_options *chosen, const char *text, struct argp_state *state)
{
	struct kernel_facts facts = {0};

	if (kernel_facts_set_release(&facts, text))
		argp_error(state, "--kernel takes a version such as 6.19, not '%s'", text);
	if (facts.version < KERNEL_OLDEST)
		argp_error(state, "Linux %s has no heaps; the first was 5.6", text);
	chosen->version = facts.version;
}

static void set_fail_on(struct regions_options *chosen, const char *text, struct argp_state *state)
{
	enum severity severity;

	if (severity_parse(text, &severity))
		chosen->fail_on = (int)severity;
	else if (!strcmp(text, "never"))
		chosen->fail_on = FAIL_NEVER;
	else
		argp_error(state, "--fail-on takes error, warning, note or never, not '%s'", text);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct regions_options *chosen = state->input;

	switch (key) {
	case OPTION_OVERLAY:
		strings_add(&chosen->overlays, argument);
		break;
	case OPTION_KERNEL:
		set_version(chosen, argument, state);
		break;
	case OPTION_PAGE_SIZE:
		set_page_size(chosen, argument, state);
		break;
	case OPTION_CMDLINE:
		chosen->cmdline = argument;
		break;
	case OPTION_CONFIG:
		chosen->config_path = argument;
		break;
	case OPTION_FAIL_ON:
		set_fail_on(chosen, argument, state);
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
			argp_error(state, "--svg takes one tree");
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
	int error;

	if (!chosen->config_path)
		return EXIT_DONE;
	error = config_load(chosen->config_path, &chosen->config);
	if (!error)
		return EXIT_DONE;
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
	strings_free(&chosen->overlays);
	free(chosen->config);
}

/* What the options leave open, as it is on the running machine. */
static void complete(struct kernel_facts *facts, struct kernel_facts *running)
{
	if (!facts->version)
		facts->version = running->version;
	if (!facts->page_size)
		facts->page_size = running->page_size;
	if (!facts->architecture)
		facts->architecture = TAKE_POINTER(running->architecture);
	facts->cmdline = running->cmdline;
	facts->cma_given = running->cma_given;
	facts->cma_size = running->cma_size;
}

void regions_options_facts(const struct context *context, const struct regions_options *chosen,
			   bool live, const char *bootargs, struct kernel_facts *facts)
{
	bool other = chosen->version || chosen->config || chosen->page_size;

	*facts = (struct kernel_facts){0};
	if (live && !other) {
		kernel_facts_read(facts, context->root);
	} else {
		struct kernel_facts running = {0};

		/* another kernel: of the running one's configuration nothing is sure to stay */
		facts->version = chosen->version;
		facts->page_size = chosen->page_size;
		if (chosen->config)
			kernel_facts_set_config(facts, chosen->config);
		if (live)
			kernel_facts_read(&running, context->root);
		complete(facts, &running);
		kernel_facts_release(&running);
	}
	if (chosen->cmdline)
		kernel_facts_set_cmdline(facts, chosen->cmdline);
	else if (!live && bootargs)
		kernel_facts_set_cmdline(facts, bootargs);
}
