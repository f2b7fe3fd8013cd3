// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cli/heaps.h"
#include "commands/fence_test/fence_test_output.h"
#include "model/boot/known_names.h"
#include "model/buffer/buffer.h"

struct fence_test_options {
	const char *heap;       /* NULL: system, or the first there is */
	uint64_t size;          /* bytes */
	enum fence_kind source; /* FENCE_KINDS: the best there is */
	uint64_t repeat;
	uint64_t timeout;     /* ns, of each step */
	unsigned int allowed; /* not 0: may taint the kernel */
};

static const struct option_row rows[] = {
	{"heap", 0, TEXT_TO(struct fence_test_options, heap), "NAME",
	 "Heap: its name, its node or a link to it (system, or the first there is)",
	 .offer = "heap"},
	/* a fence does not care for the size, the machine does */
	{"size", 0, SIZE_TO(struct fence_test_options, size), "SIZE",
	 "Size of the buffer, at most 64M (one page)", .max = UINT64_C(64) << 20},
	{"source", 0, CHOICE_TO(struct fence_test_options, source), "vgem|sw_sync|syncobj|auto",
	 "Where fences come from (auto)"},
	{"repeat", 0, NUMBER_TO(struct fence_test_options, repeat), "N",
	 "Measure each time N times (100)", .min = 1, .max = 100000},
	{"timeout", 0, TIME_TO(struct fence_test_options, timeout), "TIME",
	 "Longest time of each step (5s)", .min = 1},
	{"allow", 0, CHOICES_TO(struct fence_test_options, allowed), "taint",
	 "Allow sw_sync where it taints the kernel"},
	{0},
};

static const struct option_table option_table = {
	.summary = "Put fences on a buffer of a heap, and show what everybody sees of them before "
		   "and after they signal.",
	.details = "Exit status 3: an answer is against the rules of dma-bufs (marked with !).",
	.rows = rows,
	.common = COMMON_TABLE | COMMON_BYTES | COMMON_QUIET | COMMON_COLOR,
	.columns = fence_test_columns,
	.column_count = FENCE_TEST_COLUMN_COUNT,
};

static void explain(const struct context *context, enum fence_kind kind,
		    const struct fence_obstacle *obstacle)
{
	cmd_error(context, "%s: %s; what would help: %s", fence_kind_name(kind), obstacle->what,
		  obstacle->help);
}

/* A source that can't be used is a matter of this machine, whichever errno it gave. */
static enum exit_code open_source(const struct context *context,
				  const struct fence_test_options *options, int heap,
				  struct fence_source **source)
{
	struct fence_obstacle obstacles[FENCE_KINDS];
	enum fence_kind kind = options->source;
	bool may_taint = options->allowed != 0;

	if (kind == FENCE_KINDS) {
		if (!fence_source_choose(heap, may_taint, source, obstacles))
			return EXIT_DONE;
		explain(context, FENCE_VGEM, &obstacles[FENCE_VGEM]);
		explain(context, FENCE_SW_SYNC, &obstacles[FENCE_SW_SYNC]);
		return EXIT_NOT_POSSIBLE;
	}
	if (!fence_source_open(kind, heap, may_taint, source, &obstacles[kind]))
		return EXIT_DONE;
	explain(context, kind, &obstacles[kind]);
	return EXIT_NOT_POSSIBLE;
}

/* Says how a step failed. */
static enum exit_code failed(const struct context *context,
			     const struct fence_test_options *options, const char *doing, int error)
{
	if (error == -ETIMEDOUT) {
		double seconds = (double)options->timeout / 1e9;

		cmd_error(context, "%s: not done in %g s (--timeout)", doing, seconds);
	} else {
		cmd_error(context, "%s: %s", doing, error_words(error));
	}
	return EXIT_OPERATION;
}

static enum exit_code test_buffer(const struct context *context,
				  const struct fence_test_options *options, struct fence_test *test,
				  int heap)
{
	struct buffers buffers = {0};
	const char *doing = "a buffer from the heap";
	int error = buffer_allocate(&buffers, heap, options->size, O_RDWR);

	if (!error)
		error = buffer_describe(&buffers.items[0]);
	if (!error) {
		const struct buffer *buffer = &buffers.items[0];

		test->size = buffer->size;
		test->inode = buffer->inode;
		error = fence_observe(test->source, buffer->fd, options->timeout, &test->history,
				      &doing);
		if (!error && !test->history.born_busy)
			error = wake_times_measure(test->source, buffer->fd, options->repeat,
						   options->timeout, &test->wakes, &doing);
	}
	buffers_free(&buffers);
	return error ? failed(context, options, doing, error) : EXIT_DONE;
}

static enum exit_code test_heap(const struct context *context,
				const struct fence_test_options *options, const struct heap *heap)
{
	struct fence_test test = {.heap = heap->name};
	AUTO_CLOSE int fd = cmd_open_heap(context, heap);
	enum exit_code status;

	if (fd < 0)
		return cmd_status(TAKE_FD(fd));
	status = open_source(context, options, fd, &test.source);
	if (status != EXIT_DONE)
		return status;
	if (fence_kind_taints(fence_source_origin(test.source)))
		cmd_note(context, "%s taints this kernel until the next boot",
			 fence_kind_name(fence_source_origin(test.source)));
	status = test_buffer(context, options, &test, fd);
	if (status == EXIT_DONE)
		status = fence_test_show(context, &test);
	wake_times_free(&test.wakes);
	fence_source_free(test.source);
	return status;
}

/* The heap that was asked for; else system, which everybody knows, or the first. */
static const struct heap *choose_heap(const struct context *context,
				      const struct inventory *inventory, const char *name)
{
	const struct memory *memory;

	if (!name && !heaps_find(&inventory->heaps, SYSTEM_HEAP)) {
		if (inventory->heaps.count)
			return &inventory->heaps.items[0];
		cmd_error(context, "%s is empty: no driver has registered a heap", HEAP_DIRECTORY);
		return NULL;
	}
	memory = cmd_find_heap(context, inventory, name ? name : SYSTEM_HEAP);
	return memory ? memory->heap : NULL;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct fence_test_options options = {
		.size = 1,
		.source = FENCE_KINDS,
		.repeat = 100,
		.timeout = UINT64_C(5000000000),
	};
	struct inventory inventory = {0};
	const struct heap *heap;
	enum exit_code status;

	cmd_parse(context, &option_table, argc, argv, &options);
	status = cmd_read_inventory(context, &inventory);
	if (status == EXIT_DONE) {
		heap = choose_heap(context, &inventory, options.heap);
		status = heap ? test_heap(context, &options, heap) : EXIT_NOT_POSSIBLE;
	}
	inventory_free(&inventory);
	return status;
}

const struct command cmd_fence_test = {
	.name = "fence-test",
	.help = "put fences on a heap's buffer, show who waits",
	.options = &option_table,
	.run = run,
};
