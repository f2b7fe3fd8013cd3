// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/consumer.h"
#include "cli/heap_room.h"
#include "cli/heaps.h"
#include "cli/import_run.h"
#include "commands/heap_columns.h"
#include "model/bench/cacheability.h"
#include "model/buffer/usage.h"
#include "model/heap/permission.h"
#include "view/json.h"
#include "view/table.h"

/* What devices map is told by this event, mainline since 6.12. */
#define MAP_EVENT "the kernel's event dma_map_sg"

enum {
	COLUMN_FACT,
	COLUMN_VALUE,
	COLUMN_SOURCE,
	COLUMN_COUNT
};

static const struct column columns[COLUMN_COUNT] = {
	[COLUMN_FACT] = {"FACT", "", COLUMN_DEFAULT, NULL},
	[COLUMN_VALUE] = {"VALUE", "", COLUMN_DEFAULT, NULL},
	[COLUMN_SOURCE] = {"SOURCE", "where it was read", COLUMN_DEFAULT, NULL},
};

/* The facts on their way to both outputs. */
struct facts {
	const struct context *context;
	struct table *table;    /* for people */
	struct value *document; /* for programs: the values … */
	struct value *sources;  /* … and where they were read, by the same keys */
};

struct info_options {
	const char *heap;
	uint64_t size; /* 0: not asked */
	bool measure;
};

static const struct option_row option_rows[] = {
	{.word = "HEAP",
	 TEXT_TO(struct info_options, heap),
	 .required = "",
	 .offer = "heap",
	 .help = "'dmaheap list' shows the heaps"},
	{"size", 's', SIZE_TO(struct info_options, size), "SIZE",
	 "Say whether the heap has room for a buffer of this size, and what stands in the way"},
	{"measure", 0, FLAG_TO(struct info_options, measure),
	 .help = "Measure whether buffers are cached when a program maps them, and, as root, "
		 "whether they lie in one piece",
	 .excludes = "sysroot"},
	{0},
};

static const struct option_table option_table = {
	.usage = "HEAP",
	.summary = "Show all that is known about a heap, and where it was read.",
	.details = "HEAP is a name, the path of a node, or a symbolic link to it.",
	.rows = option_rows,
	.common = COMMON_JSON | COMMON_NOHEADINGS | COMMON_RAW | COMMON_BYTES | COMMON_SYSROOT |
		  COMMON_QUIET,
};

/* A line for people: TEXT NULL is "unknown". */
static void add_line(struct facts *facts, const char *fact, const char *text, const char *source)
{
	table_row(facts->table);
	table_set(facts->table, COLUMN_FACT, value_text(fact));
	table_set(facts->table, COLUMN_VALUE, value_text(text));
	table_set(facts->table, COLUMN_SOURCE, value_text(source));
}

/* A fact under its JSON key, shown as COLUMN says; VALUE then belongs to the document. */
static void add_fact(struct facts *facts, const char *key, const struct column *column,
		     struct value *value, const char *source)
{
	const struct table_style style = {.bytes = facts->context->bytes, .raw = true};
	AUTO_FREE char *text = table_text(column, value, &style);

	add_line(facts, key, text, source);
	value_set_any(facts->document, key, value);
	value_set_any(facts->sources, key, value ? value_text(source) : NULL);
}

/* All that list shows, by the same keys. */
static void add_columns(struct facts *facts, const struct memory *memory,
			const struct bufinfos *buffers)
{
	const struct table_style style = {.json = true};
	const char *wrong;
	int length;
	AUTO_TABLE struct table *table =
		table_new(heap_columns, HEAP_COLUMN_COUNT, &style, &wrong, &length);

	heap_row(table, memory, buffers);
	for (enum heap_column column = 0; column < HEAP_COLUMN_COUNT; column++) {
		AUTO_FREE char *source = heap_column_source(memory, column);
		AUTO_FREE char *key = column_key(&heap_columns[column]);

		add_fact(facts, key, &heap_columns[column], table_take(table, column), source);
	}
}

/* Why this process may not open it, and what would help. */
static void add_denied(struct facts *facts, const struct heap *heap)
{
	static const char source[] = "stat, getxattr, getgroups, the group database, udev";
	AUTO_PERMISSION struct permission permission = {0};
	struct value *map = NULL;

	if (heap->access == NO)
		permission_explain(heap, heap->access_error, &permission);
	if (permission.cause) {
		map = value_map();
		value_set(map, "cause", value_text(denial_name(permission.denial)));
		value_set(map, "message", value_text(permission.cause));
		value_set(map, "remedy", value_text(permission.remedy));
		add_line(facts, "denied", permission.cause, source);
		add_line(facts, "remedy", permission.remedy, source);
	}
	value_set(facts->document, "denied", map);
	value_set(facts->sources, "denied", value_text(map ? source : NULL));
}

static void add_link(struct facts *facts, const struct memory *memory)
{
	static const struct column plain = {"", "", 0, NULL};
	AUTO_FREE char *source = NULL;
	const char *area = memory->area ? memory->area->name : NULL;
	const char *name = area ? area : memory->region ? memory->region->name : "";

	if (memory->link == LINK_NAME)
		source = xstrdup(strcmp(name, memory->heap->name)
					 ? "name: a driver makes the heap's of it"
					 : "name: the same as the heap's");
	else if (memory->link == LINK_ALIAS)
		source = xstrdup("alias: this heap has the default CMA area");
	else if (memory->link != LINK_NONE)
		source = xasprintf("%s: %s", link_name(memory->link), memory->how);
	add_fact(facts, "area", &plain, value_text(area), source);
	add_fact(facts, "region", &plain, value_text(memory->region ? memory->region->name : NULL),
		 source);
}

static void add_counters(struct facts *facts, const struct memory *memory)
{
	struct value *counters = value_map();
	const struct {
		const char *key;
		const struct fact *fact;
	} all[] = {
		{"alloc_pages_success", memory->area ? &memory->area->allocated : NULL},
		{"alloc_pages_fail", memory->area ? &memory->area->failed : NULL},
		{"release_pages_success", memory->area ? &memory->area->released : NULL},
	};

	for (size_t i = 0; i < COUNT_OF(all); i++) {
		const struct fact *fact = all[i].fact;
		AUTO_FREE char *text = NULL;

		value_set(counters, all[i].key, fact ? value_maybe(fact->number) : NULL);
		value_set(facts->sources, all[i].key, value_text(fact ? fact->source : NULL));
		if (!fact || !fact->number.known)
			continue;
		text = xasprintf("%" PRIu64, fact->number.value);
		add_line(facts, all[i].key, text, fact->source);
	}
	value_set(facts->document, "counters", counters);
}

static void add_consumers(struct facts *facts, const struct inventory *inventory,
			  const struct memory *memory)
{
	struct value *array = value_array();
	AUTO_FREE char *source = NULL;

	if (memory->region) {
		source = xasprintf("%s: memory-region", tree_origin(inventory->tree));
		array_for_each (&memory->region->consumers, consumer) {
			struct value *value = consumer_value(consumer);
			AUTO_FREE char *text = consumer_text(value);

			value_append(array, value);
			add_line(facts, "consumer", text, source);
		}
	}
	value_set(facts->document, "consumers", array);
	value_set(facts->sources, "consumers", value_text(source));
}

static struct value *sum_value(uint64_t buffers, uint64_t size)
{
	struct value *map = value_map();

	value_set(map, "buffers", value_number(buffers));
	value_set(map, "size", value_number(size));
	return map;
}

/* "8M in 2 buffers: 473 (camera)" */
static void add_holder(struct facts *facts, uint64_t buffers, uint64_t bytes, const char *who)
{
	AUTO_FREE char *size = cmd_size(facts->context, bytes);
	AUTO_FREE char *text = xasprintf("%s in %" PRIu64 " buffer%s: %s", size, buffers,
					 buffers == 1 ? "" : "s", who);

	add_line(facts, "holder", text, "/proc");
}

/* Who holds the heap's buffers; USAGES: NULL where /proc could not be read. */
static void add_holders(struct facts *facts, const struct memory *memory,
			const struct usages *usages)
{
	AUTO_STRINGS struct strings exporters = {0};
	struct holders holders = {0};
	struct value *map, *processes;

	value_set(facts->document, "holders", NULL);
	value_set(facts->sources, "holders", value_text("/proc"));
	if (!usages)
		return;
	strings_add(&exporters, memory->heap->name);
	holders_of(usages, &exporters, &holders);
	processes = value_array();
	array_for_each (&holders, holder) {
		struct value *process = sum_value(holder->buffers, holder->bytes);
		AUTO_FREE char *who =
			xasprintf("%" PRIu64 " (%s)", holder->process->pid,
				  holder->process->command ? holder->process->command : "?");

		value_set(process, "pid", value_number(holder->process->pid));
		value_set(process, "command", value_text(holder->process->command));
		value_append(processes, process);
		add_holder(facts, holder->buffers, holder->bytes, who);
	}
	map = value_map();
	value_set(map, "processes", processes);
	value_set(map, "other", sum_value(holders.other_buffers, holders.other_bytes));
	value_set(map, "unknown", sum_value(holders.unknown_buffers, holders.unknown_bytes));
	value_set(map, "unreadable_processes", value_number(usages->scan.unread.processes));
	value_set_any(facts->document, "holders", map);
	if (holders.other_buffers)
		add_holder(facts, holders.other_buffers, holders.other_bytes,
			   "no process that could be read");
	if (holders.unknown_buffers)
		add_holder(facts, holders.unknown_buffers, holders.unknown_bytes,
			   "unknown whether of this heap");
	if (usages->scan.unread.processes) {
		AUTO_FREE char *text = xasprintf("unknown: %zu process%s could not be read",
						 usages->scan.unread.processes,
						 usages->scan.unread.processes == 1 ? "" : "es");

		add_line(facts, "holder", text, "/proc");
	}
	holders_free(&holders);
}

/* Where it was read, or why it is unknown. */
static char *room_source(const struct memory *memory, const struct heap_room *found)
{
	const struct room *room = &found->room;

	if (room->verdict == ROOM_TOO_LARGE)
		return xstrdup_maybe(memory->size.source);
	if (room->verdict != ROOM_UNKNOWN && !found->placement.error)
		return xasprintf("%s/bitmap", memory->area->debugfs);
	if (room->verdict != ROOM_UNKNOWN)
		return xstrdup_maybe(memory->free.source);
	if (!memory->area)
		return xstrdup("known for CMA areas only");
	if (room->error == -EACCES || room->error == -EPERM)
		return xstrdup("the area's bitmap in debugfs is for root");
	if (room->error == -EAGAIN)
		return xstrdup("buffers came and went while it was read");
	return xstrdup("the area's bitmap in debugfs, or CONFIG_CMA_ALIGNMENT, cannot be read");
}

static struct value *releases_value(const struct heap_room *found, const struct usages *usages)
{
	struct value *array = value_array();

	array_for_each (&found->room.releases, stretch) {
		const struct placed *placed = &found->placement.used.items[*stretch];
		const size_t *buffers = found->placement.buffers.items + placed->first;
		struct value *map = value_map(), *inodes = value_array();

		for (size_t i = 0; i < placed->count; i++)
			value_append(inodes, value_number(usages->items[buffers[i]].inode));
		value_set(map, "inodes", inodes);
		value_set(map, "base", value_address(placed->base));
		value_set(map, "size", value_number(placed->size));
		value_append(array, map);
	}
	return array;
}

static struct value *room_value(const struct heap_room *found, const struct usages *usages)
{
	const struct room *room = &found->room;
	struct value *map = value_map();

	value_set(map, "asked", value_number(room->size));
	value_set(map, "fits", room->verdict ? value_bool(room->verdict == ROOM_FITS) : NULL);
	value_set(map, "verdict", value_text(room_verdict_name(room->verdict)));
	value_set(map, "alignment", room->alignment ? value_number(room->alignment) : NULL);
	value_set(map, "largest_run", value_maybe(room->largest_run));
	value_set(map, "largest_buffer", value_maybe(room->largest_buffer));
	value_set(map, "releases", releases_value(found, usages));
	return map;
}

/* Whether a buffer of this size would fit now. */
static void add_room(struct facts *facts, const struct inventory *inventory,
		     const struct memory *memory, const struct usages *usages, uint64_t size)
{
	struct heap_room found;
	AUTO_FREE char *words = NULL;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *source = NULL;

	cmd_room_find(facts->context, inventory, memory, usages, size, &found);
	words = cmd_room_words(&found.room);
	text = words ? xasprintf("no: %s", words) : found.room.verdict ? xstrdup("yes") : NULL;
	source = room_source(memory, &found);
	add_line(facts, "room", text, source);
	array_for_each (&found.room.releases, stretch) {
		AUTO_FREE char *buffer = cmd_room_buffer(&found, usages, *stretch);

		add_line(facts, "room without", buffer, source);
	}
	value_set_any(facts->document, "room", room_value(&found, usages));
	value_set_any(facts->sources, "room", value_text(source));
	cmd_room_free(&found);
}

static void add_properties(struct facts *facts, const struct memory *memory)
{
	AUTO_STRINGS struct strings properties = {0};
	AUTO_FREE char *source = NULL;
	struct value *map = value_map();

	if (!heap_properties(facts->context->root, memory->heap, &properties, &source)) {
		array_for_each (&properties, property) {
			char *value = strchr(*property, '=');
			AUTO_FREE char *key = NULL;

			if (!value)
				continue;
			*value++ = '\0';
			key = text_make_utf8(*property);
			value_set_any(map, key, value_text(value));
			add_line(facts, *property, value, source);
		}
	}
	value_set(facts->document, "properties", map);
	value_set(facts->sources, "properties", value_text(source));
}

/* Nanoseconds of one of COUNT that take as long as the middle of an interval. */
static struct value *each_value(const struct interval *interval, unsigned int count)
{
	return value_decimal(((double)interval->low + (double)interval->high) / 2 / count, 2);
}

/* It is not known, because REASON; NULL: nobody has asked. */
static void add_no_cacheability(struct facts *facts, const char *reason)
{
	value_set(facts->document, "cacheability", NULL);
	value_set(facts->sources, "cacheability", value_text(reason));
	if (reason)
		add_line(facts, "cacheability", NULL, reason);
}

static void add_cacheability(struct facts *facts, const struct cacheability_figures *figures)
{
	AUTO_FREE char *source = NULL;
	struct value *map, *buffer, *anonymous, *flushed;
	const char *verdict;

	verdict = cacheability_name(cacheability_judge(figures));
	map = value_map();
	buffer = each_value(&figures->buffer, CACHEABILITY_LOADS);
	anonymous = each_value(&figures->anonymous, CACHEABILITY_LOADS);
	flushed = each_value(&figures->flushed, CACHEABILITY_LOADS);
	source =
		xasprintf("measured: %s ns a load; anonymous memory %s, flushed after each load %s",
			  value_string(buffer), value_string(anonymous), value_string(flushed));
	add_line(facts, "cacheability", verdict, source);
	value_set(map, "verdict", value_text(verdict));
	value_set(map, "load_ns", buffer);
	value_set(map, "anonymous_load_ns", anonymous);
	value_set(map, "uncached_load_ns", flushed);
	value_set_any(facts->document, "cacheability", map);
	value_set_any(facts->sources, "cacheability", value_text(source));
}

/* It is not known, because REASON; NULL: nobody has asked. */
static void add_no_contiguity(struct facts *facts, const char *reason)
{
	value_set(facts->document, "contiguity", NULL);
	value_set(facts->sources, "contiguity", value_text(reason));
	if (reason)
		add_line(facts, "contiguity", NULL, reason);
}

static void add_contiguity(struct facts *facts, const struct matrix_shape *shape)
{
	AUTO_FREE char *text =
		xasprintf("%s: %u of %u buffers lay in one piece",
			  shape->answer == YES ? "yes" : "no", shape->contiguous, shape->buffers);
	struct value *map = value_map();

	value_set(map, "contiguous", value_tristate(shape->answer));
	value_set(map, "buffers", value_number(shape->buffers));
	value_set(map, "in_one_piece", value_number(shape->contiguous));
	value_set(map, "least_pieces", value_maybe(shape->least));
	value_set(map, "most_pieces", value_maybe(shape->most));
	value_set_any(facts->document, "contiguity", map);
	add_line(facts, "contiguity", text, MAP_EVENT);
	value_set(facts->sources, "contiguity", value_text(MAP_EVENT));
}

/* Gives buffers of the heap to the devices that take some. */
static enum exit_code measure_contiguity(struct facts *facts, const struct inventory *inventory,
					 const struct heap *heap)
{
	const struct attempt_wanted wanted = {.limit_ns = ATTEMPT_TIMEOUT};
	const struct strings all = {0};
	AUTO_STRINGS struct strings strange = {0};
	AUTO_FREE char *reason = NULL;
	enum exit_code status = EXIT_DONE;
	struct matrix_shape shape = {0};
	struct matrix matrix = {0};
	int error;

	*array_add(&matrix.sources) = (struct import_source){cmd_heap_name(heap), heap->node};
	error = importers_find(inventory, &all, &matrix.importers, &strange);
	if (error)
		reason = xasprintf("not measured: looking for devices: %s", error_words(error));
	else if (!matrix.importers.count)
		reason = xstrdup("not measured: no device here takes dma-bufs");
	else
		status = cmd_run_matrix(facts->context, &matrix, &wanted, &error);
	if (!reason && error)
		reason = xasprintf("not measured: tracing the kernel's events: %s",
				   cmd_tracing_words(error));
	if (!reason && status == EXIT_DONE)
		matrix_shape(&matrix, 0, &shape);
	if (!reason && shape.answer == UNKNOWN)
		reason = xstrdup("not measured: no device has mapped buffers of it");
	if (reason)
		add_no_contiguity(facts, reason);
	else
		add_contiguity(facts, &shape);
	matrix_free(&matrix);
	return stop_signal() ? (enum exit_code)(128 + stop_signal()) : status;
}

/* Measures a buffer of the heap. What fails leaves this one fact out, with the reason. */
static enum exit_code measure_cacheability(struct facts *facts, const struct heap *heap)
{
	struct cacheability_figures figures;
	AUTO_FREE char *reason = NULL;
	const char *doing = "opening the heap";
	int fd = cmd_open_heap(facts->context, heap), error = fd;

	if (fd >= 0) {
		error = cacheability_measure_heap(fd, &figures, &doing);
		close(fd);
		if (error)
			cmd_error(facts->context, "%s: %s: %s", heap->name, doing,
				  error_words(error));
	}
	if (error)
		reason = xasprintf("not measured: %s: %s", doing, error_words(error));
	if (error)
		add_no_cacheability(facts, reason);
	else
		add_cacheability(facts, &figures);
	return !error ? EXIT_DONE : fd < 0 ? cmd_status(error) : EXIT_OPERATION;
}

static void print(struct facts *facts)
{
	value_set(facts->document, "sources", facts->sources);
	if (facts->context->json && !stop_signal()) {
		json_print("info", facts->document);
		return;
	}
	if (!stop_signal())
		table_print(facts->table, "info");
	value_free(facts->document);
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct info_options options = {0};
	struct inventory inventory = {0};
	const struct memory *memory = NULL;
	enum exit_code status;

	cmd_parse(context, &option_table, argc, argv, &options);

	status = cmd_read_wanted(context, WANT_USUAL | WANT_LINKS, &inventory);
	if (status == EXIT_DONE) {
		memory = cmd_find_heap(context, &inventory, options.heap);
		status = memory ? EXIT_DONE : EXIT_NOT_POSSIBLE;
	}

	if (status == EXIT_DONE) {
		AUTO_TABLE struct table *table = cmd_table(context, columns, COLUMN_COUNT);
		struct facts facts = {context, table, value_map(), value_map()};

		struct bufinfos buffers = {0};
		struct usages usages = {0};
		bool listed = !bufinfos_read(context->root, &buffers);
		bool scanned = !usages_read(context->root, &usages);

		add_columns(&facts, memory, listed ? &buffers : NULL);
		bufinfos_free(&buffers);
		add_denied(&facts, memory->heap);
		add_link(&facts, memory);
		add_counters(&facts, memory);
		add_consumers(&facts, &inventory, memory);
		add_holders(&facts, memory, scanned ? &usages : NULL);
		if (!options.size)
			value_set(facts.document, "room", NULL);
		else
			add_room(&facts, &inventory, memory, &usages, options.size);
		usages_free(&usages);
		add_properties(&facts, memory);
		if (options.measure) {
			enum exit_code pieces;

			catch_stop_signals();
			status = measure_cacheability(&facts, memory->heap);
			pieces = measure_contiguity(&facts, &inventory, memory->heap);
			status = status == EXIT_DONE || stop_signal() ? pieces : status;
		} else {
			add_no_cacheability(&facts, NULL);
			add_no_contiguity(&facts, NULL);
		}
		print(&facts);
	}

	inventory_free(&inventory);
	return status;
}

const struct command cmd_info = {
	.name = "info",
	.help = "show all that is known about a heap",
	.options = &option_table,
	.run = run,
};
