// SPDX-License-Identifier: GPL-2.0-or-later
#include "commands/buffers/buffers_waiters.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/xalloc.h"

/* "write, driver vgem, timeline unbound, seqno 1" */
static void add_fence(struct table *table, const struct bufinfo_fence *fence)
{
	struct bufinfo_fence_words words;
	AUTO_FREE char *text = NULL;
	AUTO_FREE char *seqno = NULL;

	bufinfo_fence_split(fence, &words);
	seqno = words.seqno.known ? xasprintf(", seqno %" PRIu64, words.seqno.value) : xstrdup("");
	text = words.driver
		       ? xasprintf("%s, driver %s, timeline %s%s", bufinfo_usage_name(fence->usage),
				   words.driver, words.timeline, seqno)
		       : xstrdup(fence->text);
	bufinfo_fence_words_free(&words);
	table_row_below(table);
	table_set(table, BUFFERS_ID, value_text("fence"));
	table_set(table, BUFFERS_TYPE, value_text("fence"));
	buffers_set_how(table, text);
}

/* "waits in poll, fd 4 (do_sys_poll)" */
static void set_waiter(struct table *table, const struct waiter *waiter, const char *what)
{
	AUTO_FREE char *descriptor = waiter->descriptor.known
					     ? xasprintf(", fd %" PRIu64, waiter->descriptor.value)
					     : xstrdup("");
	AUTO_FREE char *text = xasprintf("waits in %s%s (%s)%s", wait_kind_name(waiter->kind),
					 descriptor, waiter->function, what);

	table_set(table, BUFFERS_ID, buffers_id(waiter->tid));
	table_set(table, BUFFERS_TYPE, value_text("waiter"));
	table_set(table, BUFFERS_PID, value_number(waiter->pid));
	table_set(table, BUFFERS_COMMAND, value_text(waiter->command));
	buffers_set_how(table, text);
}

static int compare_inode(const void *inode, const void *waiter)
{
	return order_of(*(const uint64_t *)inode, ((const struct waiter *)waiter)->inode);
}

bool buffers_have_waiter(const struct waiters *waiters, const struct usage *usage)
{
	if (usage_is_pending(usage))
		return true;
	return waiters->count && bsearch(&usage->inode, waiters->items, waiters->count,
					 sizeof(*waiters->items), compare_inode);
}

/* Buffers with their pending fences and who waits for these; then who waits for another fence. */
void buffers_waiters(struct table *table, const struct buffers_view *view)
{
	const struct waiters *waiters = view->waiters;
	size_t next = 0;

	for (size_t i = 0; i < view->usages->count; i++) {
		const struct usage *usage = &view->usages->items[i];

		while (next < waiters->count && waiters->items[next].inode < usage->inode)
			next++;
		if (!view->shown[i])
			continue;
		table_row(table);
		buffers_set_buffer(table, view, usage);
		array_for_each (&usage->fences, fence) {
			if (!fence->signalled)
				add_fence(table, fence);
		}
		for (; next < waiters->count && waiters->items[next].inode == usage->inode;
		     next++) {
			table_row_below(table);
			set_waiter(table, &waiters->items[next], "");
		}
	}
	array_for_each (waiters, waiter) {
		if (waiter->inode || !view->all)
			continue;
		table_row(table);
		set_waiter(table, waiter,
			   waiter->kind == WAIT_DRIVER || waiter->kind == WAIT_SYNC
				   ? ", for an unknown fence"
				   : ", for a sync file");
	}
}
