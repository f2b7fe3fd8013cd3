// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/alloc/capacity.h"

#include <errno.h>
#include <fcntl.h>

#include "base/number.h"
#include "base/signals.h"
#include "cli/refusal.h"

/* Allocates buffers of one size until one is refused; returns why. */
static int fill_with(struct buffers *buffers, int heap, uint64_t size, struct pieces_list *list)
{
	uint64_t count = 0;
	int error;

	while (!(error = stop_signal() ? -EINTR : buffer_allocate(buffers, heap, size, O_RDWR)))
		count++;
	if (count)
		*array_add(list) = (struct pieces){size, count};
	return error;
}

enum exit_code fill_heap(const struct context *context, const struct alloc_options *options,
			 const struct memory *memory, int heap, uint64_t page_size,
			 struct pieces_list *list)
{
	struct buffers buffers = {0};
	enum exit_code status = EXIT_DONE;
	uint64_t size = options->size;
	int error = -ENOMEM;

	if (!options->force && (memory->kind == MEMORY_PAGES || memory->kind == MEMORY_UNKNOWN)) {
		cmd_error(context,
			  "%s: this heap may have no limit of its own, and filling it may wake the "
			  "OOM killer; --force fills it all the same",
			  options->heap);
		return EXIT_OPERATION;
	}
	buffers_allow_many();
	/* whole pages only, so that no size is tried twice */
	size = round_up(size, page_size);
	while (size && error == -ENOMEM) {
		error = fill_with(&buffers, heap, size, list);
		size = size / 2 / page_size * page_size;
	}
	if (error != -ENOMEM && !cmd_stopped(error))
		status = cmd_refused(context,
				     &(struct refused){options->heap, options->size, buffers.count},
				     error);
	buffers_free(&buffers);
	return status;
}
