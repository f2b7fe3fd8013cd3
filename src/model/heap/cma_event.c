// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/cma_event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

const char *const cma_events[] = {"cma/cma_alloc_finish", "cma/cma_release",
				  "dma_buf/dma_buf_export", NULL};

enum {
	/* "%16s-%-7d ": trace_print_context(), kernel/trace/trace_output.c. A task's name has 15
	 * bytes, of any kind: what follows is found by its place */
	NAME_WIDTH = 16,
	NS_PER_US = 1000,
};

/* The digits at TEXT, of BASE; *end is behind them. Returns 0 or -EBADMSG. */
static int read_digits(const char *text, int base, uint64_t *number, const char **end)
{
	char *behind;

	if (!ascii_is_hex(*text) || (base == 10 && !ascii_is_digit(*text)))
		return -EBADMSG;
	errno = 0;
	*number = strtoull(text, &behind, base);
	*end = behind;
	return errno ? -EBADMSG : 0;
}

/* "    37      [000] .....     2.208324: ". Returns what follows, or NULL. */
static const char *read_context(const char *line, struct cma_event *event)
{
	const char *next, *name = line;
	uint64_t seconds, micro;

	if (strlen(line) <= NAME_WIDTH || line[NAME_WIDTH] != '-' ||
	    read_digits(line + NAME_WIDTH + 1, 10, &event->tid, &next))
		return NULL;
	next += strspn(next, " ");
	if (*next != '[')
		return NULL;
	next = strstr(next, "] ");
	if (!next)
		return NULL;
	next += strlen("] ");
	next += strcspn(next, " "); /* the flags */
	next += strspn(next, " ");
	if (read_digits(next, 10, &seconds, &next) || *next++ != '.' ||
	    read_digits(next, 10, &micro, &next) || !text_starts_with(next, ": ") ||
	    seconds > UINT32_MAX || micro > 999999)
		return NULL;
	event->time = (seconds * 1000000 + micro) * NS_PER_US;
	name += strspn(name, " ");
	if (name > line + NAME_WIDTH)
		name = line + NAME_WIDTH;
	event->command = xstrndup(name, (size_t)(line + NAME_WIDTH - name));
	return next + strlen(": ");
}

/* The last place of KEY, such as " pfn=": the name before it may have it as well. */
static const char *find_last(const char *text, const char *key)
{
	const char *last = NULL;

	for (const char *next = text; (next = strstr(next, key)); next++)
		last = next;
	return last;
}

static int read_field(const char *text, const char *key, int base, uint64_t *number)
{
	const char *found = find_last(text, key), *end;

	if (!found)
		return -EBADMSG;
	found += strlen(key);
	if (base == 16 && text_starts_with(found, "0x"))
		found += 2;
	return read_digits(found, base, number, &end);
}

/* "name=linux,cma": it ends where KEY begins. */
static int take_name(const char *text, const char *head, const char *key, struct cma_event *event)
{
	const char *end = find_last(text, key);

	if (!text_starts_with(text, head) || !end || end < text + strlen(head))
		return -EBADMSG;
	event->name = xstrndup(text + strlen(head), (size_t)(end - text) - strlen(head));
	return 0;
}

/* Of cma_alloc_finish, whether there is an errorno (it has since 6.?). */
static void read_failure(const char *text, struct cma_event *event)
{
	const char *found = find_last(text, " errorno="), *end;
	uint64_t page = 0;

	if (found) {
		found += strlen(" errorno=");
		if (*found != '-')
			return;
		event->kind = CMA_EVENT_FAILED;
		event->error.known = !read_digits(found + 1, 10, &event->error.value, &end);
	} else if (read_field(text, " page=", 16, &page) || !page) {
		event->kind = CMA_EVENT_FAILED;
	}
}

static int read_start(const char *text, struct cma_event *event)
{
	int error = take_name(text, "name=", " count=", event);

	return error ? error : read_field(text, " count=", 10, &event->pages);
}

static int read_area(const char *text, struct cma_event *event)
{
	int error = take_name(text, "name=", " pfn=", event);

	if (!error)
		error = read_field(text, " pfn=", 16, &event->frame.value);
	if (!error)
		error = read_field(text, " count=", 10, &event->pages);
	event->frame.known = true;
	if (!error && event->kind == CMA_EVENT_ALLOCATED)
		read_failure(text, event);
	if (event->kind == CMA_EVENT_FAILED)
		event->frame = (struct maybe){0};
	return error;
}

static int read_buffer(const char *text, struct cma_event *event)
{
	int error = take_name(text, "exp_name=", " size=", event);

	if (!error)
		error = read_field(text, " size=", 10, &event->size);
	return error ? error : read_field(text, " ino=", 10, &event->inode);
}

int cma_event_parse(const char *line, struct cma_event *event)
{
	static const struct {
		const char *head;
		enum cma_event_kind kind;
		int (*read)(const char *text, struct cma_event *event);
	} kinds[] = {
		{"cma_alloc_start: ", CMA_EVENT_BEGUN, read_start},
		{"cma_alloc_finish: ", CMA_EVENT_ALLOCATED, read_area},
		{"cma_release: ", CMA_EVENT_RELEASED, read_area},
		{"dma_buf_export: ", CMA_EVENT_EXPORTED, read_buffer},
	};
	AUTO_CMA_EVENT struct cma_event found = {0};
	const char *text = read_context(line, &found);

	if (!text)
		return -EBADMSG;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		int error;

		if (!text_starts_with(text, kinds[i].head))
			continue;
		found.kind = kinds[i].kind;
		error = kinds[i].read(text + strlen(kinds[i].head), &found);
		if (error)
			return error;
		*event = found;
		found = (struct cma_event){0};
		return 0;
	}
	return -ENOMSG;
}

void cma_event_free(struct cma_event *event)
{
	free(event->command);
	free(event->name);
	*event = (struct cma_event){0};
}
