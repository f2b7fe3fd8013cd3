// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "commands/monitor/monitor_look.h"
#include "model/buffer/run_with_buffers.h"
#include "model/heap/cma_trace.h"
#include "view/units.h"

/* Events are read so much after the first one: under a load of them many at a time. */
#define GATHER UINT64_C(50000000) /* ns */

struct monitor_options {
	uint64_t interval, threshold, stuck, count; /* 0: not asked */
	char **command;
};

static const struct option_row option_rows[] = {
	{"count", 0, NUMBER_TO(struct monitor_options, count), "N", "End after N events", .min = 1,
	 .max = UINT64_MAX - 1, .excludes = "COMMAND"},
	{"interval", 0, TIME_TO(struct monitor_options, interval), "INTERVAL",
	 "Look at counters, usage and fences each INTERVAL (1s)", .min = 10000000},
	{"stuck", 0, TIME_TO(struct monitor_options, stuck), "TIME",
	 "Tell of fences that stay pending for longer than TIME", .min = 1},
	{"threshold", 0, NUMBER_TO(struct monitor_options, threshold), "PERCENT",
	 "Tell when so much of a CMA area is used, and when it is less again", .min = 1,
	 .max = 100},
	{.word = "COMMAND",
	 REST_TO(struct monitor_options, command),
	 .offer = "program",
	 .help = "A command to run, with whose end this ends"},
	{0},
};

static const struct option_table option_table = {
	.usage = "[-- COMMAND...]",
	.summary = "Print what happens: heaps that come and go, allocations, releases, failures.",
	.details = "Root sees each event; others the growth of the kernel's counters. It ends by "
		   "SIGINT or SIGTERM, with exit status 0, after --count events, or with COMMAND, "
		   "whose exit status it takes.",
	.rows = option_rows,
	.common = COMMON_JSON | COMMON_BYTES | COMMON_QUIET,
};

/* All that is watched. */
struct monitor {
	const struct context *context;
	const struct monitor_options *options;
	struct monitor_output output;
	struct cma_trace *trace; /* NULL: counters are polled */
	struct udev_watch *heaps;
	struct monitor_look looks;
	struct running running;
};

static int read_events(struct monitor *monitor)
{
	AUTO_CMA_EVENTS struct cma_events events = {0};
	uint64_t lost = 0;
	int error = cma_trace_read(monitor->trace, &events, &lost);

	array_for_each (&events, event)
		monitor_tell_event(&monitor->output, event);
	if (lost)
		monitor_tell_lost(&monitor->output, (struct maybe){true, lost});
	if (error == -EAGAIN)
		monitor_tell_lost(&monitor->output, (struct maybe){0});
	return error == -EAGAIN ? 0 : error;
}

static bool any_counted(const struct cma_areas *areas)
{
	array_for_each (areas, area) {
		if (area->allocated.number.known)
			return true;
	}
	return false;
}

/* Says that single events are not seen, why, and what is done instead. */
static void note_polling(const struct monitor *monitor, int error)
{
	AUTO_FREE char *interval = units_time(monitor->options->interval);
	const char *why = error == -EACCES || error == -EPERM ? "the kernel's events are for root"
			  : error == -ENOENT ? "no tracefs, or no events of CMA, is here"
					     : error_words(error);

	if (any_counted(&monitor->looks.areas))
		cmd_note(monitor->context,
			 "%s: polling the counters of CMA areas each %s; single allocations, who "
			 "makes them, and other heaps are not seen",
			 why, interval);
	else
		cmd_note(monitor->context,
			 "%s, and the kernel shows no counters of CMA areas: allocations are not "
			 "seen",
			 why);
}

static void begin_events(struct monitor *monitor)
{
	int error = cma_trace_begin(&monitor->looks.areas, &monitor->trace);

	monitor->looks.polling = error;
	if (error)
		note_polling(monitor, error);
}

static void read_heaps(struct monitor *monitor)
{
	char *action, *name;

	while (monitor->heaps && heap_watch_next(monitor->heaps, &action, &name)) {
		monitor_tell_heap(&monitor->output, action, name);
		free(action);
		free(name);
	}
}

static void begin_heaps(struct monitor *monitor)
{
	int error = heap_watch_begin(&monitor->heaps);

	if (error)
		cmd_note(monitor->context, "heaps that come and go are not seen: %s",
			 error == -ENOSYS ? "built without libudev" : error_words(error));
}

/* Says why an option can't be had. Returns the exit status. */
static enum exit_code begin_looks(struct monitor *monitor)
{
	bool known = false;
	int error = cma_areas_read(monitor->context->root, &monitor->looks.areas);

	if (error)
		monitor->looks.areas = (struct cma_areas){0};
	array_for_each (&monitor->looks.areas, area)
		known |= monitor_knows_usage(area);
	if (monitor->options->threshold && !known) {
		cmd_error(
			monitor->context,
			"--threshold: no CMA area is here whose usage is known; before Linux 6.15 "
			"it is in debugfs, for root");
		return EXIT_NOT_POSSIBLE;
	}
	if (!monitor->options->stuck)
		return EXIT_DONE;
	error = pending_look(monitor->context->root, clock_ns(), &monitor->looks.fences);
	if (error) {
		cmd_error(monitor->context,
			  "--stuck: %s: %s; the kernel lists fences there, for "
			  "root",
			  BUFINFO_PATH, error_words(error));
		return cmd_status(error);
	}
	return EXIT_DONE;
}

/* Waits for what comes first of all, and takes it. Returns 0 or -errno. */
static int step(struct monitor *monitor, uint64_t *next_look, uint64_t *next_read)
{
	uint64_t now = clock_ns(),
		 until = monitor_has_looks(&monitor->looks) ? *next_look : UINT64_MAX;
	bool gathering = monitor->trace && now < *next_read;
	struct pollfd ready[] = {
		{.fd = monitor->trace && !gathering ? cma_trace_descriptor(monitor->trace) : -1,
		 .events = POLLIN},
		{.fd = monitor->heaps ? heap_watch_descriptor(monitor->heaps) : -1,
		 .events = POLLIN},
		{.fd = monitor->options->command ? monitor->running.process : -1, .events = POLLIN},
		{.fd = STDOUT_FILENO}, /* for POLLERR: nobody reads any more */
	};
	int error = 0;

	if (gathering && *next_read < until)
		until = *next_read;
	poll_until_stopped(ready, COUNT_OF(ready),
			   until == UINT64_MAX ? until
			   : until > now       ? until - now
					       : 0);
	if (ready[3].revents & POLLERR)
		monitor->output.most = 0;
	if (ready[1].revents)
		read_heaps(monitor);
	if (monitor->trace && ready[0].revents) {
		error = read_events(monitor);
		*next_read = clock_deadline(GATHER);
	}
	if (!error && monitor_has_looks(&monitor->looks) && clock_ns() >= *next_look) {
		error = monitor_look(&monitor->looks);
		*next_look = clock_deadline(monitor->options->interval);
	}
	return !error && ready[2].revents ? 1 : error;
}

/* Until it is stopped, or COMMAND has ended. Returns 0 or -errno. */
static int follow(struct monitor *monitor)
{
	uint64_t next_look = clock_deadline(monitor->options->interval), next_read = 0;
	int result = 0;

	while (!result && !stop_signal() && !monitor_is_over(&monitor->output))
		result = step(monitor, &next_look, &next_read);
	return result < 0 ? result : 0;
}

/* What has happened until now. */
static int end_of_it(struct monitor *monitor)
{
	int error = monitor->trace ? read_events(monitor) : 0;

	return error || !monitor_has_looks(&monitor->looks) ? error : monitor_look(&monitor->looks);
}

static int start_command(struct monitor *monitor, int *exec_error)
{
	const struct buffers none = {0};
	int error;

	error = buffers_start(&none, monitor->options->command, &monitor->running, exec_error);
	if (!error && monitor->running.process < 0)
		error = monitor->running.process;
	if (error || *exec_error)
		cmd_error(monitor->context, "%s: %s", monitor->options->command[0],
			  cmd_start_words(error ? error : *exec_error));
	return error;
}

static enum exit_code watch(struct monitor *monitor)
{
	int exec_error = 0, error = 0, status = EXIT_DONE;

	if (monitor->options->command)
		error = start_command(monitor, &exec_error);
	if (error)
		return cmd_status(error);
	error = follow(monitor);
	/* also where a signal has stopped this, which is passed on */
	if (monitor->options->command)
		status = buffers_wait(&monitor->running, UINT64_MAX);
	if (!error && !exec_error)
		error = end_of_it(monitor);
	if (error || status < 0) {
		cmd_error(monitor->context, "%s", error_words(error ? error : status));
		return cmd_status(error ? error : status);
	}
	return (enum exit_code)status;
}

/* The reader's end is seen by the failed write; the default would leave the tracing. */
static void on_pipe(int number)
{
	(void)number;
}

static enum exit_code run(struct context *context, int argc, char **argv)
{
	struct monitor_options options = {.interval = 1000000000};
	struct monitor monitor = {.context = context, .options = &options};
	const struct sigaction pipe = {.sa_handler = on_pipe}; /* not SIG_IGN: COMMAND inherits */
	enum exit_code status;

	cmd_parse(context, &option_table, argc, argv, &options);
	monitor.output = (struct monitor_output){
		.context = context,
		.page_size = (uint64_t)sysconf(_SC_PAGESIZE),
		.most = options.count ? options.count : UINT64_MAX,
	};
	monitor.looks = (struct monitor_look){
		.root = context->root,
		.output = &monitor.output,
		.threshold = options.threshold,
		.stuck = options.stuck,
	};
	catch_stop_signals();
	sigaction(SIGPIPE, &pipe, NULL);
	status = begin_looks(&monitor);
	if (status == EXIT_DONE) {
		begin_heaps(&monitor);
		begin_events(&monitor);
		status = watch(&monitor);
	}
	cma_trace_end(monitor.trace);
	heap_watch_end(monitor.heaps);
	monitor_look_free(&monitor.looks);
	return status;
}

const struct command cmd_monitor = {
	.name = "monitor",
	.help = "print allocations, releases and failures as they happen",
	.options = &option_table,
	.run = run,
};
