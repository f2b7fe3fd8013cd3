// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs commands in turn, ROUNDS times each, with their output thrown away, and prints for each the
 * median of the wall times in microseconds, the shortest, and the peak memory in KiB. Taking turns
 * lets what else the machine does hit all alike.
 * Usage: measure ROUNDS COMMAND... -- COMMAND... [-- ...]
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static int compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return 1e6 * (double)time.tv_sec + 1e-3 * (double)time.tv_nsec;
}

static double run(char **command, long *memory)
{
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	double start = now();
	pid_t child;
	int status;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, command[0], &actions, NULL, command, environ) ||
	    wait4(child, &status, 0, &usage) < 0) {
		perror(command[0]);
		exit(1);
	}
	posix_spawn_file_actions_destroy(&actions);
	if (usage.ru_maxrss > *memory)
		*memory = usage.ru_maxrss;
	return now() - start;
}

int main(int argc, char **argv)
{
	enum {
		MOST = 16
	};
	int rounds = argc > 2 ? atoi(argv[1]) : 0, count = 1;
	char **commands[MOST] = {argv + 2};
	long memory[MOST] = {0};
	double *times;

	if (rounds < 1)
		return 2;
	for (int i = 2; i < argc && count < MOST; i++) {
		if (!strcmp(argv[i], "--")) {
			argv[i] = NULL;
			commands[count++] = argv + i + 1;
		}
	}
	times = calloc((size_t)(rounds * count), sizeof(*times));
	for (int round = 0; round < rounds; round++) {
		for (int c = 0; c < count; c++)
			times[c * rounds + round] = run(commands[c], &memory[c]);
	}
	for (int c = 0; c < count; c++) {
		qsort(times + c * rounds, (size_t)rounds, sizeof(*times), compare);
		printf("%.1f %.1f %ld\n", times[c * rounds + rounds / 2], times[c * rounds],
		       memory[c]);
	}
	free(times);
	return 0;
}
