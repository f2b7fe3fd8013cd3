// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/io/io_compare.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/heaps.h"
#include "cli/refusal.h"
#include "commands/io/io_compare_output.h"
#include "model/io/io_file.h"
#include "model/io/io_memory.h"
#include "view/progress.h"
#include "view/units.h"

/* Of a larger file so much is compared: more does not tell more. */
#define SIZE_USUAL ((uint64_t)64 << 20)

struct targets {
	ARRAY_OF(struct io_target);
};

struct work {
	const struct context *context;
	const struct io_options *options;
	const char *path;
	struct file_facts facts;
	struct targets targets;
	struct io_plan plan;
};

static void targets_free(struct targets *targets)
{
	array_for_each (targets, target) {
		if (target->heap >= 0)
			close(target->heap);
	}
	array_free(targets);
}

/* Adds a heap that is not there yet. */
static enum exit_code add_heap(struct work *work, const struct heap *heap)
{
	struct io_target *target;
	int fd;

	array_for_each (&work->targets, other) {
		if (other->name == cmd_heap_name(heap))
			return EXIT_DONE;
	}
	fd = cmd_open_heap(work->context, heap);
	if (fd < 0)
		return cmd_status(fd);
	target = array_add(&work->targets);
	*target = (struct io_target){.name = cmd_heap_name(heap), .heap = fd};
	return EXIT_DONE;
}

/* The heap 'system', which nobody has asked for: without it there is anonymous memory. */
static void add_usual_heap(struct work *work, struct inventory *inventory)
{
	int error = inventory_read(work->context->root, WANT_USUAL, inventory), heap = -ENOENT;
	const struct memory *memory = error ? NULL : inventory_find(inventory, "system");

	if (memory)
		heap = file_open(memory->heap->node, O_RDONLY);
	else if (error)
		heap = error;
	if (heap >= 0)
		*array_add(&work->targets) = (struct io_target){.name = "system", .heap = heap};
	else if (heap == -ENOENT)
		cmd_note(work->context, "there is no heap 'system': anonymous memory stands in for "
					"one (--heap)");
	else
		cmd_note(work->context,
			 "the heap 'system': %s: anonymous memory stands in for one (--heap)",
			 error_words(heap));
}

static enum exit_code add_heaps(struct work *work, struct inventory *inventory)
{
	const struct context *context = work->context;
	const struct strings *names = &work->options->heaps;
	enum exit_code status;

	if (!names->count) {
		add_usual_heap(work, inventory);
		return EXIT_DONE;
	}
	status = cmd_read_inventory(context, inventory);
	array_for_each (names, name) {
		const struct memory *memory;

		if (status != EXIT_DONE)
			return status;
		memory = cmd_find_heap(context, inventory, *name);
		status = memory ? add_heap(work, memory->heap) : EXIT_NOT_POSSIBLE;
	}
	return status;
}

static enum exit_code choose_size(struct work *work)
{
	const struct file_facts *facts = &work->facts;
	uint64_t size = work->options->size;

	if (facts->kind != FILE_REGULAR && facts->kind != FILE_BLOCK) {
		cmd_error(work->context,
			  "%s: only a regular file or a block device can be compared", work->path);
		return EXIT_NOT_POSSIBLE;
	}
	if (!facts->size) {
		cmd_error(work->context, "%s: the kernel says that it is empty", work->path);
		return EXIT_OPERATION;
	}
	if (size > facts->size) {
		cmd_error(work->context, "%s: it has only %" PRIu64 " bytes", work->path,
			  facts->size);
		return EXIT_OPERATION;
	}
	work->plan.size = size ? size : facts->size < SIZE_USUAL ? facts->size : SIZE_USUAL;
	if (work->plan.size < facts->size && !size) {
		AUTO_FREE char *part = cmd_size(work->context, work->plan.size);

		cmd_note(work->context, "%s: its first %s are compared (--size)", work->path, part);
	}
	return EXIT_DONE;
}

/*
 * Says why the other direction is left out, or, where nothing else was asked for, that it cannot
 * be.
 */
static enum exit_code leave_out(struct work *work, enum exit_code status, const char *why)
{
	if (work->options->direction == IO_OUT) {
		cmd_error(work->context, "%s: %s", work->path, why);
		return status;
	}
	cmd_note(work->context, "%s: writing is not compared: %s", work->path, why);
	return EXIT_DONE;
}

/* Makes the file that is written: never the one that was given. */
static enum exit_code make_output(struct work *work)
{
	AUTO_FREE char *why = NULL;
	struct maybe room;
	int fd;

	if (work->options->direction == IO_IN)
		return EXIT_DONE;
	if (work->facts.kind == FILE_BLOCK)
		return leave_out(work, EXIT_NOT_POSSIBLE,
				 "it is a device, of which nothing may be overwritten");
	fd = file_open_unnamed_beside(work->plan.file);
	if (fd < 0) {
		why = xasprintf("a file beside it: %s",
				fd == -EXDEV ? "its directory is on another file system"
					     : error_words(fd));
		return leave_out(work, cmd_status(fd), why);
	}
	room = file_room(fd);
	/* what fills a disk harms others */
	if (!room.known || work->plan.size <= room.value - room.value / 8) {
		work->plan.output = fd;
		return EXIT_DONE;
	}
	close(fd);
	why = xasprintf("%" PRIu64 " bytes would leave less than an eighth of the %" PRIu64
			" that are free on its file system; --size compares less",
			work->plan.size, room.value);
	return leave_out(work, EXIT_OPERATION, why);
}

/* Whether the machine can spare the contents, a buffer for them, and a file of a tmpfs. */
static enum exit_code check_memory(const struct work *work)
{
	uint64_t pages = io_memory_pages(work->plan.size), needed;
	uint64_t copies = work->plan.output >= 0 && work->facts.memory_only ? 3 : 2;

	if (__builtin_mul_overflow(pages, copies, &needed))
		needed = UINT64_MAX;
	if (work->options->force ||
	    cmd_pages_spare(work->context, work->path, needed,
			    "--size compares less, --force as much as was asked for"))
		return EXIT_DONE;
	return EXIT_OPERATION;
}

static enum exit_code measure(struct work *work)
{
	struct io_comparison result = {0};
	enum exit_code status = EXIT_OPERATION;
	struct progress progress;
	AUTO_FREE char *limit = units_time(work->options->timeout);
	int error;

	work->plan.targets = work->targets.items;
	work->plan.target_count = work->targets.count;
	work->plan.progress = progress_callback;
	work->plan.data = &progress;
	progress_begin(&progress, work->options->time, PROGRESS_TIME,
		       work->context->verbosity >= 0);
	error = io_compare(&work->plan, &result);
	progress_wipe(&progress);
	if (!error)
		status = io_compare_show(&(struct io_report){work->context, work->options,
							     work->path, &work->plan, &result});
	else if (error == -EINPROGRESS)
		cmd_error(work->context, "%s: " IO_PENDING, work->path, limit);
	else if (!cmd_stopped(error))
		cmd_error(work->context, "%s: %s", work->path,
			  error == -ENODATA ? "it became shorter while it was read"
					    : error_words(error));
	io_comparison_free(&result);
	return status;
}

static enum exit_code prepare_and_measure(struct work *work)
{
	struct inventory inventory = {0};
	enum exit_code status = choose_size(work);

	*array_add(&work->targets) = (struct io_target){.name = CMD_ANONYMOUS, .heap = -1};
	if (status == EXIT_DONE)
		status = add_heaps(work, &inventory);
	*array_add(&work->targets) =
		(struct io_target){.name = CMD_UDMABUF, .heap = -1, .udmabuf = true};
	if (status == EXIT_DONE)
		status = make_output(work);
	if (status == EXIT_DONE)
		status = check_memory(work);
	if (status == EXIT_DONE)
		status = measure(work);
	if (work->plan.output >= 0)
		close(work->plan.output);
	targets_free(&work->targets);
	inventory_free(&inventory);
	return status;
}

enum exit_code io_compare_ways(const struct context *context, const struct io_options *options)
{
	struct work work = {.context = context, .options = options, .path = options->compare};
	enum exit_code status;
	int file = file_open_at_once(work.path), error;

	error = file < 0 ? file : file_facts(file, &work.facts);
	if (error) {
		cmd_error(context, "%s: %s", work.path, error_words(error));
		if (file >= 0)
			close(file);
		return EXIT_OPERATION;
	}
	work.plan = (struct io_plan){
		.file = file,
		.facts = &work.facts,
		.in = options->direction != IO_OUT,
		.output = -1,
		.confidence = IO_CONFIDENCE / 100.0,
		.time_ns = options->time,
		.limit_ns = options->timeout,
	};
	status = prepare_and_measure(&work);
	close(file);
	return status;
}
