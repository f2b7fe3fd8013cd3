// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/number.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
#include "cli/usage_notes.h"
#include "commands/buffers/buffers_draw.h"
#include "commands/buffers/buffers_rows.h"
#include "commands/buffers/buffers_waiters.h"
#include "commands/buffers/buffers_watch.h"
#include "model/buffer/location.h"
#include "view/json.h"
#include "view/screen.h"

struct buffers_options {
	struct strings heaps, pids, exporters, names, inodes;
	uint64_t min_size, min_age;
	enum buffers_order order;
	bool waiters, draw;
	const char *svg;
	uint64_t watch;         /* ns between two looks; 0: one look */
	struct strings drawn;   /* the kernel's names of the heaps of --heap */
	struct strings aliases; /* and of those over the same memory: the exporters */
};

static char *check_numbers(void *options, const struct option_row *row, const char *argument)
{
	uint64_t number;

	(void)options;
	if (!parse_number(argument, &number) && number)
		return NULL;
	if (row->name)
		return option_takes(row, "the id of a process", argument);
	return xasprintf("a buffer is named by its inode number, not by '%s'", argument);
}

static const struct option_row option_rows[] = {
	{"by", 0, CHOICE_TO(struct buffers_options, order), "buffer|process|heap|exporter",
	 "What stands at the left, with the rest below it (buffer)", .min = BY_BUFFER},
	{"waiters", 'w', FLAG_TO(struct buffers_options, waiters),
	 .help = "Show pending fences, and the tasks that sleep until they are signalled",
	 .excludes = "by"},
	{"watch", 0, TIME_TO(struct buffers_options, watch), "INTERVAL",
	 "Look again each INTERVAL (2s), and show what came (+), went (-) or changed (=)",
	 .otherwise = "2s", .min = 100000000, .excludes = "json svg"},
	{"draw", 'd', FLAG_TO(struct buffers_options, draw),
	 .help = "Draw the memory of heaps in the terminal, each buffer in its place",
	 .excludes = "json output raw waiters by"},
	{"svg", 0, TEXT_TO(struct buffers_options, svg), "FILE",
	 "Write that of one heap as SVG ('-': stdout)", .offer = "file",
	 .excludes = "json output raw waiters by draw"},
	{"heap", 'H', LIST_TO(struct buffers_options, heaps), "NAME",
	 "Only buffers of this heap, and of others over the same memory; may be given again",
	 .offer = "heap", .group = "Filters"},
	{"pid", 'p', WORDS_TO(struct buffers_options, pids), "PID,...",
	 "Only buffers that one of these processes holds; may be given again",
	 .set = check_numbers},
	{"exporter", 0, LIST_TO(struct buffers_options, exporters), "NAME",
	 "Only buffers that this driver or heap made; may be given again"},
	{"name", 0, LIST_TO(struct buffers_options, names), "NAME",
	 "Only buffers with this name; may be given again"},
	{"min-size", 0, SIZE_TO(struct buffers_options, min_size), "SIZE",
	 "Only buffers of at least SIZE"},
	{"min-age", 0, TIME_TO(struct buffers_options, min_age), "TIME",
	 "Only buffers that are at least TIME old"},
	{.word = "INODE",
	 LIST_TO(struct buffers_options, inodes),
	 .set = check_numbers,
	 .help = "A buffer"},
	{0},
};

static const struct option_table option_table = {
	.usage = "[INODE...]",
	.summary = "Show who holds which DMA-BUF, what is attached to it, and its pending fences.",
	.details = "Unknown values are shown as - (null in JSON). Without root only your own "
		   "processes are read.",
	.rows = option_rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_SYSROOT | COMMON_QUIET | COMMON_COLOR,
	.columns = buffers_columns,
	.column_count = BUFFERS_COLUMN_COUNT,
};

static bool has_number(const struct strings *numbers, uint64_t number)
{
	array_for_each (numbers, text) {
		uint64_t wanted;

		if (!parse_number(*text, &wanted) && wanted == number)
			return true;
	}
	return false;
}

static bool is_held_by(const struct usages *usages, const struct usage *usage,
		       const struct strings *pids)
{
	for (size_t i = 0; i < usage->holds; i++) {
		const struct hold *hold = &usages->scan.holds.items[usage->first_hold + i];

		if (has_number(pids, usages->scan.processes.items[hold->process].pid))
			return true;
	}
	return false;
}

/* What --heap leaves. */
static bool is_of_heaps(const struct buffers_options *options, const struct usage *usage)
{
	return !options->heaps.count ||
	       (usage->exporter && strings_have(&options->aliases, usage->exporter));
}

/* Says whether --heap can neither show it nor leave it out by right. */
static bool is_of_unknown_heap(const struct buffers_options *options, const struct usage *usage)
{
	array_for_each (&options->drawn, heap) {
		if (exporter_hides_heap(usage->exporter, *heap))
			return true;
	}
	return false;
}

/* What all filters but --heap leave. */
static bool is_wanted(const struct context *context, const struct buffers_options *options,
		      const struct usages *usages, const struct usage *usage)
{
	struct maybe age;

	if (options->inodes.count && !has_number(&options->inodes, usage->inode))
		return false;
	if (options->exporters.count &&
	    !(usage->exporter && strings_have(&options->exporters, usage->exporter)))
		return false;
	if (options->names.count && !(usage->name && strings_have(&options->names, usage->name)))
		return false;
	if (usage->size.known && usage->size.value < options->min_size)
		return false;
	if (options->pids.count && !is_held_by(usages, usage, &options->pids))
		return false;
	if (!options->min_age)
		return true;
	age = usage_age(context->root, usages, usage);
	return !age.known || age.value >= options->min_age;
}

static bool is_everything(const struct buffers_options *options)
{
	return !options->heaps.count && !options->pids.count && !options->exporters.count &&
	       !options->names.count && !options->inodes.count && !options->min_size &&
	       !options->min_age;
}

/* Finds the heaps that the user means. */
static enum exit_code resolve_heaps(const struct context *context,
				    const struct inventory *inventory,
				    struct buffers_options *options)
{
	array_for_each (&options->heaps, name) {
		const struct memory *memory = cmd_find_heap(context, inventory, *name);

		if (!memory)
			return EXIT_NOT_POSSIBLE;
		strings_add(&options->drawn, memory->heap->name);
		strings_add(&options->aliases, memory->heap->name);
		array_for_each (&memory->same_region, other)
			strings_add(&options->aliases, *other);
	}
	return EXIT_DONE;
}

/* Buffers that were named and are not there. */
static enum exit_code check_inodes(const struct context *context,
				   const struct buffers_options *options,
				   const struct usages *usages)
{
	enum exit_code status = EXIT_DONE;

	array_for_each (&options->inodes, text) {
		uint64_t wanted = 0;
		bool found = false;

		if (parse_number(*text, &wanted))
			continue;
		array_for_each (usages, usage)
			found |= usage->inode == wanted;
		if (found)
			continue;
		cmd_error(context, "there is no buffer %s%s", *text,
			  usages->listing_error || usages->scan.unread.processes
				  ? " that you may see"
				  : "");
		status = EXIT_NOT_POSSIBLE;
	}
	return status;
}

/* The name of the memory behind a heap. */
static const char *memory_name(const struct memory *memory)
{
	return memory->area ? memory->area->name : memory->heap->name;
}

/*
 * What is taken of the memory of a heap beyond the buffers that are known; of heaps over the same
 * memory the first stands for all.
 */
static struct maybe unexplained_memory(const struct usages *usages,
				       const struct inventory *inventory,
				       const struct memory *memory)
{
	uint64_t taken, known = 0;

	if (!memory->size.number.known || !memory->free.number.known ||
	    memory->free.number.value > memory->size.number.value)
		return (struct maybe){0};
	array_for_each (&memory->same_region, other) {
		if (strcmp(*other, memory->heap->name) < 0)
			return (struct maybe){0};
	}
	taken = memory->size.number.value - memory->free.number.value;
	array_for_each (usages, usage) {
		const struct memory *heap = buffers_heap(inventory, usage);

		if (heap && (heap == memory || memory_is_same(memory, heap)))
			known += usage->size.value;
	}
	return (struct maybe){taken > known, taken > known ? taken - known : 0};
}

/* What was found in all, of the buffers that are shown. */
struct sum {
	uint64_t buffers, size;
	uint64_t unknown; /* buffers whose exporter is */
};

static struct sum sum_up(const struct usages *usages, const bool *shown)
{
	struct sum sum = {0};

	for (size_t i = 0; i < usages->count; i++) {
		sum.buffers += shown[i];
		sum.size += shown[i] ? usages->items[i].size.value : 0;
		sum.unknown += shown[i] && !usages->items[i].exporter;
	}
	return sum;
}

/* After the table, as lsmem(1) does. */
static void print_summary(const struct context *context, const struct buffers_view *view, bool all,
			  FILE *stream)
{
	struct sum sum = sum_up(view->usages, view->shown);
	AUTO_FREE char *size = cmd_size(context, sum.size);

	fprintf(stream, "%s%" PRIu64 " buffer%s, %s\n", sum.buffers ? "\n" : "", sum.buffers,
		sum.buffers == 1 ? "" : "s", size);
	for (size_t i = 0; all && i < view->inventory->memories.count; i++) {
		const struct memory *memory = &view->inventory->memories.items[i];
		struct maybe rest = unexplained_memory(view->usages, view->inventory, memory);
		AUTO_FREE char *bytes = cmd_size(context, rest.value);
		AUTO_FREE char *name = text_show(memory_name(memory));

		if (rest.known)
			fprintf(stream, "%s: %s of the area is not explained by these buffers%s\n",
				name, bytes,
				sum.unknown ? ", or belongs to one whose exporter is unknown" : "");
	}
}

/* The rest of the document, of which the buffers are written. */
static void end_document(struct table *table, const struct buffers_view *view, bool all)
{
	struct value *total = value_map();
	struct sum sum = sum_up(view->usages, view->shown);

	table_flush(table);
	json_list_end();
	value_set(total, "buffers", value_number(sum.buffers));
	value_set(total, "size", value_number(sum.size));
	json_member("total", total, JSON_LINES);
	json_list("unexplained", JSON_LINES);
	for (size_t i = 0; all && i < view->inventory->memories.count; i++) {
		const struct memory *memory = &view->inventory->memories.items[i];
		struct maybe rest = unexplained_memory(view->usages, view->inventory, memory);
		struct value *item;

		if (!rest.known)
			continue;
		item = value_map();
		value_set(item, "area", value_text(memory_name(memory)));
		value_set(item, "size", value_number(rest.value));
		json_item(item);
	}
	json_list_end();
	json_member("unreadable_processes", value_number(view->usages->scan.unread.processes),
		    JSON_LINES);
	if (view->waiters)
		json_member("unreadable_tasks",
			    value_number(view->waiters->unreadable + view->waiters->too_many),
			    JSON_LINES);
	json_member("kernel_listing", value_bool(!view->usages->listing_error), JSON_LINES);
	json_member("sharing_known",
		    value_bool(view->live && !view->usages->scan.unread.sharing_error), JSON_LINES);
	json_end();
}

static struct table *make_table(const struct context *context,
				const struct buffers_options *options)
{
	struct context chosen = *context;

	if (options->waiters && !context->columns && !context->json)
		chosen.columns = BUFFERS_WAITERS_COLUMNS;
	return cmd_table(&chosen, buffers_columns, BUFFERS_COLUMN_COUNT);
}

/* Where what is shown goes: both are standard output, or parts of the screen. */
struct page {
	FILE *body, *foot;
};

static void print(const struct context *context, const struct buffers_view *view,
		  struct table *table, enum buffers_order order, const struct page *page)
{
	bool sums = view->all && !view->waiters;

	if (context->json) {
		json_begin();
		json_list("buffers", JSON_LINES);
		table_stream(table);
	}
	buffers_rows(table, view, order);
	if (context->json) {
		end_document(table, view, sums);
		return;
	}
	table_print_text(table, page->body);
	if (!context->raw && context->verbosity >= 0)
		print_summary(context, view, sums, page->foot);
}

/* One look: what there was at the last one, and where this one goes. */
struct sight {
	struct buffers_known *known;
	const struct page *page;
	bool again; /* the options have been checked at the first look */
	bool lines; /* only what has changed is shown after the first look */
};

/* OF_UNKNOWN_HEAP: buffers */
static void note_all(const struct context *context, size_t of_unknown_heap,
		     const struct usages *usages, const struct waiters *waiters)
{
	cmd_note_unread(context, &usages->scan.unread, usages->listing_error);
	if (of_unknown_heap)
		cmd_note(context, "left out: %zu buffer%s whose heap is unknown", of_unknown_heap,
			 of_unknown_heap == 1 ? "" : "s");
	if (waiters && waiters->unreadable)
		cmd_note(context, "%zu sleeping task%s could not be asked what %s for%s",
			 waiters->unreadable, waiters->unreadable == 1 ? "" : "s",
			 waiters->unreadable == 1 ? "it waits" : "they wait",
			 geteuid() ? "; root can" : "");
	if (waiters && waiters->too_many)
		cmd_note(context, "%zu sleeping task%s for more descriptors than are looked at",
			 waiters->too_many, waiters->too_many == 1 ? " waits" : "s wait");
	if (usages->moving)
		cmd_note(context, "buffers came and went while they were read: the counts of some "
				  "may not fit each other");
}

/* WAITERS: or NULL */
static enum exit_code show(const struct context *context, struct buffers_options *options,
			   const struct inventory *inventory, struct usages *usages,
			   const struct waiters *waiters, const struct sight *sight)
{
	AUTO_TABLE struct table *table = make_table(context, options);
	AUTO_FREE bool *shown = xcalloc(usages->count + 1, sizeof(*shown));
	const struct buffers_view view = {.usages = usages,
					  .waiters = waiters,
					  .all = is_everything(options),
					  .inventory = inventory,
					  .shown = shown,
					  .root = context->root,
					  .live = !context->sysroot};
	enum exit_code status = EXIT_DONE;
	size_t of_unknown_heap = 0;

	if (!sight->again)
		status = resolve_heaps(context, inventory, options);
	if (status == EXIT_DONE && !sight->again)
		status = check_inodes(context, options, usages);
	if (status != EXIT_DONE)
		return status;
	for (size_t i = 0; i < usages->count; i++) {
		const struct usage *usage = &usages->items[i];
		bool wanted = (!waiters || buffers_have_waiter(waiters, usage)) &&
			      is_wanted(context, options, usages, usage);

		shown[i] = wanted && is_of_heaps(options, usage);
		of_unknown_heap += wanted && !shown[i] && is_of_unknown_heap(options, usage);
	}
	if (!sight->again || !sight->lines) {
		note_all(context, of_unknown_heap, usages, waiters);
		if (!waiters && options->order == BY_BUFFER)
			usages_find_candidates(context->root, usages, shown);
		if (options->draw || options->svg)
			status = buffers_draw(context, inventory, usages, &options->drawn,
					      options->svg, sight->page->body);
		else
			print(context, &view, table, options->order, sight->page);
	}
	if (options->watch)
		buffers_changes(context, sight->known, &view, sight->page->foot);
	return status;
}

/* Reads all, and shows it. */
static enum exit_code look(const struct context *context, struct buffers_options *options,
			   const struct sight *sight)
{
	struct inventory inventory = {0};
	struct usages usages = {0};
	struct waiters waiters = {0};
	enum exit_code status;
	int heaps_error = inventory_read(context->root, WANT_MEMORY, &inventory), error;

	if (heaps_error && (options->heaps.count || options->draw || options->svg)) {
		status = cmd_heaps_error(context, heaps_error);
	} else if ((error = usages_read(context->root, &usages))) {
		cmd_error(context, "/proc: %s", cmd_scan_words(error));
		status = cmd_status(error);
	} else {
		if (options->waiters)
			(void)waiters_read(context->root, &usages, &waiters);
		status = show(context, options, &inventory, &usages,
			      options->waiters ? &waiters : NULL, sight);
	}
	waiters_free(&waiters);
	usages_free(&usages);
	inventory_free(&inventory);
	return status;
}

/* Shows a page until it is time for the next. Says whether there is to be one. */
static bool stay(const char *body, const char *foot, uint64_t interval)
{
	uint64_t end = clock_deadline(interval);

	for (;;) {
		uint64_t now = clock_ns();

		screen_show(body, foot);
		if (stop_signal())
			return false;
		if (now >= end)
			return true;
		if (sleep_until_closed(STDOUT_FILENO, end - now))
			return false;
		if (take_screen_stop()) {
			screen_leave();
			raise(SIGSTOP);
			screen_enter();
		}
	}
}

static enum exit_code look_on_screen(const struct context *context, struct buffers_options *options,
				     struct buffers_known *known)
{
	enum exit_code status;
	bool again = false, more;

	catch_screen_signals();
	do {
		AUTO_FREE char *body = NULL;
		AUTO_FREE char *foot = NULL;
		size_t body_size, foot_size;
		const struct page page = {xmemopen(&body, &body_size), xmemopen(&foot, &foot_size)};
		const struct sight sight = {.known = known, .page = &page, .again = again};
		struct context on_screen = *context;

		on_screen.notes = page.foot;
		status = look(&on_screen, options, &sight);
		xmemclose(page.body);
		xmemclose(page.foot);
		if (status != EXIT_DONE) {
			screen_leave();
			fputs(foot, stderr);
			return status;
		}
		if (!again)
			screen_enter();
		again = true;
		more = stay(body, foot, options->watch);
	} while (more);
	screen_leave();
	return EXIT_DONE;
}

static enum exit_code look_in_lines(const struct context *context, struct buffers_options *options,
				    struct buffers_known *known)
{
	const struct page page = {stdout, stdout};
	struct sight sight = {.known = known, .page = &page, .lines = true};
	enum exit_code status;

	do {
		status = look(context, options, &sight);
		sight.again = true;
	} while (status == EXIT_DONE && options->watch && !fflush(stdout) && !stop_signal() &&
		 !sleep_until_closed(STDOUT_FILENO, options->watch) && !stop_signal());
	return status;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct buffers_options options = {0};
	struct buffers_known known = {0};
	enum exit_code status;

	cmd_parse(context, &option_table, argc, argv, &options);
	if (options.watch)
		catch_stop_signals();
	status = options.watch && screen_is_there() ? look_on_screen(context, &options, &known)
						    : look_in_lines(context, &options, &known);
	buffers_known_free(&known);
	strings_free(&options.heaps);
	strings_free(&options.drawn);
	strings_free(&options.aliases);
	strings_free(&options.pids);
	strings_free(&options.exporters);
	strings_free(&options.names);
	strings_free(&options.inodes);
	return status;
}

const struct command cmd_buffers = {
	.name = "buffers",
	.help = "show who holds which buffer",
	.options = &option_table,
	.run = run,
};
