// SPDX-License-Identifier: GPL-2.0-or-later
#include "base/signals.h"

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

#define NS_PER_S 1000000000

static volatile sig_atomic_t limit_reached, stopped_by, stopped_by_terminal;

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

void catch_stop_signals(void)
{
	install(SIGINT, on_stop);
	install(SIGTERM, on_stop);
}

void exit_on_stop_signals(void)
{
	install(SIGINT, on_stop_exit);
	install(SIGTERM, on_stop_exit);
}

int stop_signal(void)
{
	return stopped_by;
}

bool stop_came_from_terminal(void)
{
	return stopped_by_terminal;
}

void sleep_until_stopped(uint64_t ns)
{
	uint64_t end = clock_deadline(ns);
	sigset_t stop, before;

	sigemptyset(&stop);
	sigaddset(&stop, SIGINT);
	sigaddset(&stop, SIGTERM);
	/* blocked between the look and the sleep, so that none is missed */
	sigprocmask(SIG_BLOCK, &stop, &before);
	for (uint64_t now = clock_ns(); !stopped_by && now < end; now = clock_ns()) {
		uint64_t left = end - now;
		struct timespec wait = {(time_t)(left / NS_PER_S), (long)(left % NS_PER_S)};

		ppoll(NULL, 0, ns == UINT64_MAX ? NULL : &wait, &before);
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
}
