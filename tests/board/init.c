// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The first process of the board: mounts what a system has mounted, loads the modules, runs the one
 * command that the host put into /board/argv, and hands its output and its end to the host.
 *
 * It is a program rather than a script because every exec costs milliseconds under emulation, and
 * because the command's streams must stay pipes (a virtio port can be open once only, so that
 * nobody could reopen /dev/stderr).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const struct mount_point {
	const char *what;
	const char *where;
	const char *type;
	unsigned long flags;
	const char *data;
} mount_points[] = {
	{"proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL},
	{"sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL},
	{"devtmpfs", "/dev", "devtmpfs", MS_NOSUID, "mode=755"},
	{"devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC, "mode=620,ptmxmode=666"},
	{"tmpfs", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"},
	{"tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"},
	{"tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777"},
	{"debugfs", "/sys/kernel/debug", "debugfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL},
	{"tracefs", "/sys/kernel/tracing", "tracefs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL},
	{"cgroup2", "/sys/fs/cgroup", "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL},
};

static const struct mount_point project_mount = {
	"project", "/project", "9p", MS_RDONLY | MS_NODEV,
	"trans=virtio,version=9p2000.L,cache=loose,msize=262144"};

static void complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("board: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

/* What the kernel does not know (ENODEV), nobody on this board can use. */
static void mount_one(const struct mount_point *m)
{
	mkdir(m->where, 0755);
	if (mount(m->what, m->where, m->type, m->flags, m->data) && errno != EBUSY &&
	    errno != ENODEV)
		complain("mounting %s: %s", m->where, strerror(errno));
}

static void mount_all(void)
{
	for (size_t i = 0; i < sizeof(mount_points) / sizeof(*mount_points); i++)
		mount_one(&mount_points[i]);
	if (symlink("/proc/self/fd", "/dev/fd") || symlink("/proc/self/fd/0", "/dev/stdin") ||
	    symlink("/proc/self/fd/1", "/dev/stdout") || symlink("/proc/self/fd/2", "/dev/stderr"))
		complain("links in /dev: %s", strerror(errno));
}

static void wait_for(char *const argv[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execvp(argv[0], argv);
		complain("%s: %s", argv[0], strerror(errno));
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

/* Finds the virtio port of this name; the kernel numbers them as it likes. */
static int open_port(const char *name)
{
	const char *directory = "/sys/class/virtio-ports";
	DIR *dir = opendir(directory);
	struct dirent *entry;
	int fd = -1;

	while (fd < 0 && dir && (entry = readdir(dir))) {
		char path[PATH_MAX], line[64] = "";
		FILE *file;

		snprintf(path, sizeof(path), "%s/%s/name", directory, entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(line, sizeof(line), file))
			line[strcspn(line, "\n")] = 0;
		fclose(file);
		if (strcmp(line, name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_WRONLY | O_CLOEXEC);
	}
	if (dir)
		closedir(dir);
	return fd;
}

/* The emulator tells the kernel of each port when both have time, on a busy machine later than this
 * process begins: for ten seconds in all they may yet come. */
static int wait_for_port(const char *name)
{
	static int tries = 1000;
	const struct timespec pause = {.tv_nsec = 10000000};
	int fd = open_port(name);

	while (fd < 0 && tries-- > 0) {
		nanosleep(&pause, NULL);
		fd = open_port(name);
	}
	return fd;
}

static bool write_all(int fd, const char *data, size_t size)
{
	while (size) {
		ssize_t n = write(fd, data, size);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return false;
		if (n > 0) {
			data += n;
			size -= n;
		}
	}
	return true;
}

/* Passes on what is there; false at the end of the stream. */
static bool pump(int from, int to)
{
	static char buffer[1 << 16];
	ssize_t n = read(from, buffer, sizeof(buffer));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	return n > 0 && write_all(to, buffer, n);
}

static void ignore_signal(int number)
{
	(void)number;
}

/* Runs the command, with its output through pipes to the two ports. Gives its wait status. */
static int run_piped(char *const argv[], int port_out, int port_err)
{
	int out[2], err[2], status = 0;
	sigset_t chld, before;
	bool ended = false;
	pid_t pid;

	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		return -1;
	sigemptyset(&chld);
	sigaddset(&chld, SIGCHLD);
	sigprocmask(SIG_BLOCK, &chld, &before);
	signal(SIGCHLD, ignore_signal);

	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		sigprocmask(SIG_SETMASK, &before, NULL);
		signal(SIGCHLD, SIG_DFL);
		setsid();
		dup2(null, 0);
		dup2(out[1], 1);
		dup2(err[1], 2);
		close(null);
		execvp(argv[0], argv);
		complain("%s: %s", argv[0], strerror(errno));
		_exit(errno == ENOENT ? 127 : 126);
	}
	close(out[1]);
	close(err[1]);

	struct pollfd fds[] = {{.fd = out[0], .events = POLLIN}, {.fd = err[0], .events = POLLIN}};
	const int ports[] = {port_out, port_err};
	const struct timespec now = {0};

	/* Once the command has ended, what is in the pipes still counts; what it left running would
	 * hold them open. */
	for (;;) {
		int ready = ppoll(fds, 2, ended ? &now : NULL, &before);
		int child;
		pid_t dead;

		for (int i = 0; ready > 0 && i < 2; i++)
			if (fds[i].revents && !pump(fds[i].fd, ports[i]))
				fds[i].fd = -1;
		while ((dead = waitpid(-1, &child, WNOHANG)) > 0) {
			if (dead == pid) {
				status = child;
				ended = true;
				ready = 1;
				kill(-1, SIGKILL);
			}
		}
		if (ended && ready <= 0)
			return status;
	}
}

/* A terminal of one's own, for `board shell`: the serial port, whose name depends on the machine.
 */
static int run_on_console(char *const argv[])
{
	char path[PATH_MAX] = "/dev/", *name = path + strlen(path);
	FILE *file = fopen("/sys/class/tty/console/active", "re");
	int status = 0;
	pid_t pid = fork(), dead;

	if (pid == 0) {
		int console;

		setsid();
		if (file && fgets(name, (int)(sizeof(path) - strlen(path)), file))
			name[strcspn(name, " \n")] = 0;
		console = open(path, O_RDWR);
		ioctl(console, TIOCSCTTY, 0);
		for (int fd = 0; fd < 3; fd++)
			dup2(console, fd);
		execvp(argv[0], argv);
		complain("%s: %s", argv[0], strerror(errno));
		_exit(127);
	}
	do
		dead = waitpid(-1, &status, 0);
	while (dead != pid && !(dead < 0 && errno == ECHILD));
	return status;
}

/* A file of words, each ended by NUL; the words stay in memory. */
static char **read_words(const char *path)
{
	static char *none[] = {NULL};
	FILE *file = fopen(path, "re");
	char **words = NULL, *word = NULL;
	size_t count = 0, room = 0;

	while (file && getdelim(&word, &room, 0, file) > 0) {
		words = reallocarray(words, count + 2, sizeof(*words));
		if (!words)
			return none;
		words[count++] = word;
		words[count] = NULL;
		word = NULL;
		room = 0;
	}
	if (file)
		fclose(file);
	return words ? words : none;
}

int main(void)
{
	char **argv, **environment, text[32];
	bool interactive = access("/board/interactive", F_OK) == 0;
	int port_out, port_err, port_status, status;

	mount_all();
	sethostname("board", 5);
	if (chmod("/root", 0700) || chmod("/home/user", 0700) || chown("/home/user", 1000, 1000))
		complain("homes: %s", strerror(errno));
	clearenv();
	environment = read_words("/board/environment");
	for (size_t i = 0; environment[i]; i++)
		putenv(environment[i]);
	/* a distribution's kernel has the machine's devices, and 9p, as modules */
	wait_for((char *[]){"modprobe", "-qa", "virtio_mmio", "virtio_pci", "virtio_console",
			    "virtio_blk", "9pnet_virtio", "9p", "vgem", "virtio-gpu", NULL});
	mount_one(&project_mount);
	if (chdir("/project") && chdir("/"))
		complain("/project: %s", strerror(errno));

	argv = read_words("/board/argv");
	if (interactive) {
		run_on_console(argv);
	} else if (argv[0]) {
		port_status = wait_for_port("board.status");
		port_out = wait_for_port("board.out");
		port_err = wait_for_port("board.err");
		if (port_status < 0 || port_out < 0 || port_err < 0)
			complain("no virtio ports: is the device tree complete?");
		dprintf(port_status, "started\n");
		status = run_piped(argv, port_out, port_err);
		if (WIFSIGNALED(status))
			snprintf(text, sizeof(text), "signal %d\n", WTERMSIG(status));
		else
			snprintf(text, sizeof(text), "exit %d\n", WEXITSTATUS(status));
		/* Data of the other ports is out when a write on its port has returned; closing
		 * waits for nothing more. */
		write_all(port_status, text, strlen(text));
		close(port_out);
		close(port_err);
		close(port_status);
	}
	sync();
	reboot(RB_POWER_OFF);
	return 1;
}
