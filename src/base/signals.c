// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/signals.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"

#define NS_PER_S 1000000000

static volatile sig_atomic_t limit_reached, stopped_by, stopped_by_terminal;
/* ended: a sleep; both are of catch_screen_signals() */
static volatile sig_atomic_t screen_ended, screen_stopped;

static void on_alarm(int number, siginfo_t *info, void *machine_context)
{
	(void)number;
	(void)info;
	(void)machine_context;
	limit_reached = 1;
}

static void on_stop(int number, siginfo_t *info, void *machine_context)
{
	(void)machine_context;
	stopped_by_terminal = info->si_code == SI_KERNEL;
	stopped_by = number;
}

static void on_stop_exit(int number, siginfo_t *info, void *machine_context)
{
	(void)info;
	(void)machine_context;
	_exit(128 + number);
}

/* Without SA_RESTART: the call that waits has to return. */
static void install(int number, void (*handler)(int, siginfo_t *, void *))
{
	struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

void time_limit_begin(uint64_t limit_ns)
{
	/* again every 10 ms: the first may come just before the call that is to be ended */
	struct itimerval timer = {.it_interval.tv_usec = 10000};
	uint64_t us = limit_ns / 1000 + (limit_ns % 1000 != 0);

	limit_reached = 0;
	timer.it_value.tv_sec = (time_t)(us / 1000000);
	timer.it_value.tv_usec = (suseconds_t)(us % 1000000);
	install(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &timer, NULL);
}

int time_limit_end(void)
{
	const struct itimerval none = {0};

	setitimer(ITIMER_REAL, &none, NULL);
	return limit_reached;
}

static bool file_size_ignored; /* by us */
static const int stops[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

static bool is_ignored(int number)
{
	struct sigaction action;

	return !sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN;
}

static void on_all_stops(void (*handler)(int, siginfo_t *, void *))
{
	for (size_t i = 0; i < COUNT_OF(stops); i++) {
		if (!is_ignored(stops[i]))
			install(stops[i], handler);
	}
}

void catch_stop_signals(void)
{
	on_all_stops(on_stop);
}

static void on_screen(int number, siginfo_t *info, void *machine_context)
{
	(void)info;
	(void)machine_context;
	if (number == SIGTSTP)
		screen_stopped = 1;
	screen_ended = 1;
}

void catch_screen_signals(void)
{
	install(SIGWINCH, on_screen);
	if (!is_ignored(SIGTSTP))
		install(SIGTSTP, on_screen);
}

bool take_screen_stop(void)
{
	/* in this order: what comes in between ends the next sleep */
	screen_ended = 0;
	if (!screen_stopped)
		return false;
	screen_stopped = 0;
	return true;
}

void exit_on_stop_signals(void)
{
	on_all_stops(on_stop_exit);
}

void ignore_file_size_signal(void)
{
	file_size_ignored = !is_ignored(SIGXFSZ);
	signal(SIGXFSZ, SIG_IGN);
}

void forget_stop_signals(void)
{
	if (file_size_ignored)
		signal(SIGXFSZ, SIG_DFL);
	for (size_t i = 0; i < COUNT_OF(stops); i++) {
		if (!is_ignored(stops[i]))
			signal(stops[i], SIG_DFL);
	}
	if (stopped_by)
		_exit(128 + stopped_by);
}

int signals_hold(struct signals_held *held)
{
	/* these end no process */
	static const int harmless[] = {SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN,
				       SIGTTOU, SIGURG,  SIGWINCH};
	sigset_t wait;

	sigfillset(&wait);
	for (size_t i = 0; i < COUNT_OF(harmless); i++)
		sigdelset(&wait, harmless[i]);
	for (int number = 1; number < NSIG; number++) {
		if (is_ignored(number))
			sigdelset(&wait, number);
	}
	held->fd = signalfd(-1, &wait, SFD_CLOEXEC);
	if (held->fd < 0)
		return -errno;
	sigprocmask(SIG_BLOCK, &wait, &held->before);
	return held->fd;
}

void signals_let(struct signals_held *held)
{
	close(held->fd);
	sigprocmask(SIG_SETMASK, &held->before, NULL);
}

void die_with_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* a parent that is already gone sends no signal */
	if (getppid() != parent)
		_exit(EXIT_FAILURE);
}

int stop_signal(void)
{
	return stopped_by;
}

bool stop_came_from_terminal(void)
{
	return stopped_by_terminal;
}

int poll_until_stopped(struct pollfd *wait_for, size_t count, uint64_t ns)
{
	int ready = 0;
	uint64_t end = clock_deadline(ns);
	sigset_t stop, before;

	sigemptyset(&stop);
	for (size_t i = 0; i < COUNT_OF(stops); i++)
		sigaddset(&stop, stops[i]);
	sigaddset(&stop, SIGWINCH);
	sigaddset(&stop, SIGTSTP);
	/* blocked between the look and the sleep, so that none is missed */
	sigprocmask(SIG_BLOCK, &stop, &before);
	for (uint64_t now = clock_ns(); ready <= 0 && !stopped_by && !screen_ended && now < end;
	     now = clock_ns()) {
		uint64_t left = end - now;
		struct timespec wait = {(time_t)(left / NS_PER_S), (long)(left % NS_PER_S)};

		ready = ppoll(wait_for, count, ns == UINT64_MAX ? NULL : &wait, &before);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ready > 0 ? ready : 0;
}

bool sleep_until_closed(int fd, uint64_t ns)
{
	struct pollfd wait_for = {.fd = fd}; /* for POLLERR, which is always told */

	return poll_until_stopped(&wait_for, 1, ns) > 0;
}

void sleep_until_stopped(uint64_t ns)
{
	sleep_until_closed(-1, ns);
}
