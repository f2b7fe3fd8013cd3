// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What it costs to look for the holders of buffers: a command, at four numbers of processes with
 * DESCRIPTORS descriptors each, against the least that can be done, in the same run and in turns:
 * "links" reads the directory and the links of all descriptors, "links+maps" the mappings as well,
 * of which there is no other way to know. Prints processor time (user and system; median of
 * ROUNDS), the ratios, and the peak memory of the command.
 * Usage: scan PROCESSES COMMAND...
 */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	DESCRIPTORS = 20,
	ROUNDS = 5,
	SIZES = 4,
};

static void make_process(void)
{
	pid_t parent = getpid(), child = fork();

	if (child < 0)
		err(1, "fork");
	if (child)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	for (int fd = 3; fd < DESCRIPTORS; fd++) {
		if (open("/dev/null", O_RDWR) < 0)
			_exit(1);
	}
	for (;;)
		pause();
}

static void read_links(const char *process)
{
	char path[64], target[256];
	struct dirent *entry;
	DIR *directory;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", process);
	directory = opendir(path);
	while (directory && (entry = readdir(directory)))
		(void)!readlinkat(dirfd(directory), entry->d_name, target, sizeof(target));
	if (directory)
		closedir(directory);
}

static void read_maps(const char *process)
{
	static char text[65536];
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%.20s/maps", process);
	fd = open(path, O_RDONLY);
	while (fd >= 0 && read(fd, text, sizeof(text)) > 0)
		;
	close(fd);
}

static void read_least(bool maps)
{
	DIR *directory = opendir("/proc");
	struct dirent *entry;

	while (directory && (entry = readdir(directory))) {
		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		read_links(entry->d_name);
		if (maps)
			read_maps(entry->d_name);
	}
	_exit(0);
}

/* Processor time in ms; KIND is 0 for the command, 1 for the links, 2 for the maps as well. */
static double measure(int kind, char **command, long *memory)
{
	pid_t child = fork();
	struct rusage used;
	int status;

	if (child < 0)
		err(1, "fork");
	if (!child && kind)
		read_least(kind == 2);
	if (!child) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(command[0], command);
		_exit(127);
	}
	if (wait4(child, &status, 0, &used) < 0 || status)
		errx(1, "%s: status %d", kind ? "the least" : command[0], status);
	*memory = used.ru_maxrss;
	return 1e3 * (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       1e-3 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

static int compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

int main(int argc, char **argv)
{
	long most = argc > 2 ? strtol(argv[1], NULL, 10) : 0, made = 0;

	if (most < 1)
		errx(2, "usage: scan PROCESSES COMMAND...");
	printf("processes  command  links  ratio  links+maps  ratio  memory\n");
	fflush(stdout);
	for (int size = 1; size <= SIZES; size++) {
		double times[3][ROUNDS], medians[3];
		long memory = 0, ignored;

		for (; made < most >> (SIZES - size); made++)
			make_process();
		for (int round = 0; round < ROUNDS; round++) {
			for (int kind = 0; kind < 3; kind++)
				times[kind][round] =
					measure(kind, argv + 2, kind ? &ignored : &memory);
		}
		for (int kind = 0; kind < 3; kind++) {
			qsort(times[kind], ROUNDS, sizeof(double), compare);
			medians[kind] = times[kind][ROUNDS / 2];
		}
		printf("%9ld %5.0f ms %3.0f ms %6.2f %8.0f ms %6.2f %3.1f MiB\n", made, medians[0],
		       medians[1], medians[0] / medians[1], medians[2], medians[0] / medians[2],
		       (double)memory / 1024);
		fflush(stdout);
	}
	return 0;
}
