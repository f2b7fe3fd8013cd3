// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/import/attempt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/constant.h"
#include "base/signals.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "sys/file.h"

/* How long a killed child may take to end before it counts as stuck in the kernel. */
#define GRACE_NS UINT64_C(2000000000)

/* Exporters that map memory for themselves, whichever device is there: udmabuf_cpu_access_begin(),
 * drivers/dma-buf/udmabuf.c. */
#define SELF_MAPPED "udmabuf"

/* The child reports after each of these, and goes on when it is told to. */
enum moment {
	BEFORE_IMPORT,
	WITH_IMPORT,
	AFTER_SYNC,
	AT_END,
};

struct child {
	pid_t pid;
	int reports, go; /* pipes */
	int go_read;     /* kept open, so that a child that has died is no SIGPIPE */
};

const char *attempt_result_name(enum attempt_result result)
{
	static const char *const names[] = {
		[ATTEMPT_NONE] = "not tried",      [ATTEMPT_MAPS] = "maps",
		[ATTEMPT_ATTACHES] = "attaches",   [ATTEMPT_VMAPS] = "vmaps",
		[ATTEMPT_TAKES] = "takes",         [ATTEMPT_REFUSED] = "refused",
		[ATTEMPT_BUSY] = "busy",           [ATTEMPT_NO_ACCESS] = "no access",
		[ATTEMPT_NO_ANSWER] = "no answer", [ATTEMPT_FAILED] = "failed",
		[ATTEMPT_DIED] = "died",           [ATTEMPT_GONE] = "gone",
	};

	return names[result];
}

const char *attempt_stage_name(enum import_stage stage, const struct importer *importer)
{
	switch (stage) {
	case STAGE_OPEN:
		return "open";
	case STAGE_QUERY:
		return "VIDIOC_QUERYCAP";
	case STAGE_ALLOCATE:
		return "allocation";
	case STAGE_FORMAT:
		return "VIDIOC_G_FMT";
	case STAGE_REQUEST:
		return "VIDIOC_REQBUFS";
	case STAGE_IMPORT:
		return importer->kind == IMPORTER_DRM ? "DRM_IOCTL_PRIME_FD_TO_HANDLE"
						      : "VIDIOC_QBUF";
	case STAGE_PROCESS:
		return "child process";
	default:
		return NULL;
	}
}

bool import_source_has_udmabuf(void)
{
	return !file_access("/dev/udmabuf", F_OK);
}

static const char *meaning_of_error(const struct attempt *attempt, const struct importer *importer)
{
	static const struct {
		enum importer_kind kind;
		enum import_stage stage;
		int error;
		const char *driver; /* or NULL: any */
		const char *meaning;
	} known[] = {
		/* vb2_dc_map_dmabuf(), vb2_dc_attach_dmabuf() */
		{IMPORTER_VIDEO, STAGE_IMPORT, -EFAULT, NULL,
		 "not in one piece for the device, or smaller than it says (no bad pointer)"},
		{IMPORTER_VIDEO, STAGE_IMPORT, -EINVAL, NULL,
		 "smaller than a picture, or no dma-buf"},
		{IMPORTER_VIDEO, STAGE_IMPORT, -ENOMEM, NULL,
		 "the kernel has no room to map it for the device"},
		{IMPORTER_VIDEO, STAGE_IMPORT, -ENODEV, NULL, "the device is gone"},
		{IMPORTER_VIDEO, STAGE_OPEN, -ENODEV, NULL, "the device is gone"},
		{IMPORTER_VIDEO, STAGE_REQUEST, -EBUSY, NULL, "another process has its buffers"},
		/* virtgpu_gem_prime_import() of virtgpu_prime.c, without VIRTIO_GPU_F_RESOURCE_BLOB
		 */
		{IMPORTER_DRM, STAGE_IMPORT, -ENODEV, "virtio_gpu",
		 "the host offers no blob resources, without which it takes no memory of others"},
		{IMPORTER_DRM, STAGE_IMPORT, -ENODEV, NULL, "the driver takes no memory of others"},
		{IMPORTER_DRM, STAGE_IMPORT, -EINVAL, NULL,
		 "the driver can't use memory of this kind: in pieces, or out of its reach"},
		{IMPORTER_DRM, STAGE_IMPORT, -ENOMEM, NULL,
		 "the kernel has no room to map it for the device"},
		{IMPORTER_DRM, STAGE_IMPORT, -ENOSYS, NULL, "the driver takes no memory of others"},
		{IMPORTER_DRM, STAGE_IMPORT, -EOPNOTSUPP, NULL,
		 "the driver takes no memory of others"},
		{IMPORTER_DRM, STAGE_OPEN, -ENOSYS, NULL,
		 "this dmaheap was built without libdrm (-DDMAHEAP_DRM=OFF)"},
	};

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (known[i].kind == importer->kind && known[i].stage == attempt->stage &&
		    known[i].error == attempt->error &&
		    (!known[i].driver ||
		     (importer->driver && !strcmp(known[i].driver, importer->driver))))
			return known[i].meaning;
	}
	return NULL;
}

char *attempt_meaning(const struct attempt *attempt, const struct importer *importer)
{
	const char *meaning = meaning_of_error(attempt, importer);

	if (attempt->error == -EOWNERDEAD && WIFSIGNALED(attempt->status))
		return xasprintf("the process that tried it was killed by %s",
				 signal_name(WTERMSIG(attempt->status)));
	if (attempt->error == -EOWNERDEAD)
		return xasprintf("the process that tried it ended with status %d",
				 WEXITSTATUS(attempt->status));
	return meaning ? xstrdup(meaning) : NULL;
}

/* In the child: who reads what we write does not wait for a child that a driver holds. */
static void leave_output(void)
{
	int null = file_open("/dev/null", O_WRONLY);

	if (null >= 0) {
		dup2(null, STDOUT_FILENO);
		close(null);
	}
}

/* Sends what is known so far, and waits for the word to go on. */
static void report(const struct child *child, const struct attempt_report *report)
{
	char go;

	if (file_put(child->reports, report, sizeof(*report)) < 0 ||
	    file_get(child->go, &go, 1) != 1)
		_exit(EXIT_FAILURE);
}

static void work(const struct child *child, const struct import_source *source,
		 const struct importer *importer, const struct attempt_wanted *wanted)
{
	struct attempt_hold hold = {.device = -1, .taken = -1};
	struct attempt_report found = {0};

	if (!attempt_allocate(source, importer, &hold, &found)) {
		report(child, &found);
		return;
	}
	if (wanted->sync)
		found.absent_ns = attempt_sync_time(&hold);
	report(child, &found);
	attempt_import(importer, &hold, &found);
	report(child, &found);
	if (wanted->sync && hold.taken >= 0)
		found.held_ns = attempt_sync_time(&hold);
	report(child, &found);
	attempt_release(importer, &hold);
	if (wanted->data && found.taken)
		attempt_data(source, importer, &found.data);
	report(child, &found);
}

static void close_pipes(const struct child *child)
{
	close(child->reports);
	close(child->go);
	close(child->go_read);
}

static int start(const struct import_source *source, const struct importer *importer,
		 const struct attempt_wanted *wanted, struct tracing *tracing, struct child *child)
{
	int reports[2], go[2], error;
	pid_t parent = getpid();

	if (pipe2(reports, O_CLOEXEC))
		return -errno;
	if (pipe2(go, O_CLOEXEC)) {
		error = -errno;
		close(reports[0]);
		close(reports[1]);
		return error;
	}
	fflush(NULL);
	child->pid = fork();
	if (!child->pid) {
		struct child self = {.reports = reports[1], .go = go[0]};

		forget_stop_signals();
		die_with_parent(parent);
		leave_output();
		close(reports[0]);
		close(go[1]);
		if (tracing)
			tracing_leave(tracing);
		work(&self, source, importer, wanted);
		_exit(EXIT_SUCCESS);
	}
	error = child->pid < 0 ? -errno : 0;
	close(reports[1]);
	child->reports = reports[0];
	child->go = go[1];
	child->go_read = go[0];
	if (error)
		close_pipes(child);
	return error;
}

/* Waits for the child to end by itself, or, where it is killed, for that. Returns whether it has.
 */
static bool collect(pid_t pid, uint64_t until, int *status)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	do {
		pid_t gone = waitpid(pid, status, WNOHANG);

		if (gone == pid || (gone < 0 && errno == ECHILD))
			return true;
		nanosleep(&pause, NULL);
	} while (clock_ns() < until);
	return false;
}

/*
 * Ends the child: what it holds is let go of, and what that traces is not the next attempt's. One
 * that has DIED is not killed at once, as it may still be on its way out with a status of its own.
 */
static void finish(const struct child *child, bool died, struct tracing *tracing,
		   struct attempt *attempt)
{
	AUTO_STRINGS struct strings lines = {0};
	bool ended = died && collect(child->pid, clock_deadline(GRACE_NS), &attempt->status);

	close_pipes(child);
	if (!ended) {
		kill(child->pid, SIGKILL);
		ended = collect(child->pid, clock_deadline(GRACE_NS), &attempt->status);
	}
	if (!ended)
		attempt->stuck = child->pid;
	if (tracing)
		tracing_read(tracing, &lines, NULL);
}

/* The next report. Returns 0, -ETIMEDOUT, -EINTR (a stop signal) or -EOWNERDEAD (of the child). */
static int await(const struct child *child, uint64_t until, struct attempt_report *report)
{
	struct pollfd wait_for = {.fd = child->reports, .events = POLLIN};

	for (;;) {
		uint64_t now = clock_ns();
		int ready;

		if (stop_signal())
			return -EINTR;
		if (now >= until)
			return -ETIMEDOUT;
		/* a signal between the look and the wait delays the stop by no more than this */
		ready = poll(&wait_for, 1, 100);
		if (ready > 0)
			break;
	}
	return file_get(child->reports, report, sizeof(*report)) == sizeof(*report) ? 0
										    : -EOWNERDEAD;
}

/* What was traced from one report to the next. */
struct seen {
	bool all;     /* nothing of it was lost or not understood */
	bool strange; /* among it are events of which it can't be told whose they are */
	unsigned int maps, unmaps, syncs;
};

/* Whether NAME is the device, as the kernel says of the buffer or as sysfs does, or above it. */
static bool is_its(const struct importer *importer, const struct attempt_report *report,
		   const char *name)
{
	return !strcmp(name, report->device) ||
	       (importer->device && !strcmp(name, importer->device)) ||
	       strings_have(&importer->above, name);
}

static void look(struct tracing *tracing, const struct importer *importer,
		 const struct attempt_report *report, struct seen *seen, struct attempt *attempt)
{
	AUTO_STRINGS struct strings lines = {0};
	uint64_t lost = 0;

	*seen = (struct seen){.all = tracing && !tracing_read(tracing, &lines, &lost) && !lost};
	array_for_each (&lines, line) {
		AUTO_DMA_EVENT struct dma_event event = {0};
		bool sync;

		/* the kernel's "[LINE TOO BIG]" as well */
		if (dma_event_parse(*line, &event)) {
			seen->all = false;
			continue;
		}
		sync = event.kind == DMA_SYNC_FOR_CPU || event.kind == DMA_SYNC_FOR_DEVICE;
		if (!strcmp(event.device, SELF_MAPPED)) {
			seen->syncs += sync;
			continue;
		}
		if (!is_its(importer, report, event.device)) {
			seen->strange |= report->attached == UNKNOWN;
			continue;
		}
		seen->maps += event.kind == DMA_MAP;
		seen->unmaps += event.kind == DMA_UNMAP;
		seen->syncs += sync;
		if (event.kind == DMA_MAP)
			*array_add(&attempt->shapes) = event.shape;
	}
}

static void conclude(const struct importer *importer, const struct attempt_report *report,
		     struct attempt *attempt)
{
	attempt->stage = report->stage;
	attempt->error = report->error;
	attempt->tried = report->tried;
	attempt->taken = report->taken;
	attempt->size = report->size;
	attempt->attached = report->attached;
	attempt->data = report->data;
	attempt->sync.absent = report->absent_ns;
	attempt->sync.held = report->held_ns;
	if (report->error == -ETIMEDOUT)
		attempt->result = ATTEMPT_NO_ANSWER;
	/* of a node that is not registered any more: v4l2_ioctl(), v4l2_open() of v4l2-dev.c */
	else if (report->error == -ENODEV && importer->kind == IMPORTER_VIDEO)
		attempt->result = ATTEMPT_GONE;
	else if (attempt->taken && attempt->mapped == YES)
		attempt->result = ATTEMPT_MAPS;
	else if (attempt->taken && attempt->attached == YES)
		attempt->result = ATTEMPT_ATTACHES;
	else if (attempt->taken && attempt->attached == NO)
		attempt->result = ATTEMPT_VMAPS;
	else if (attempt->taken)
		attempt->result = ATTEMPT_TAKES;
	else if (report->error == -EBUSY && report->stage != STAGE_ALLOCATE)
		attempt->result = ATTEMPT_BUSY;
	else if (report->error == -EACCES || report->error == -EPERM)
		attempt->result = ATTEMPT_NO_ACCESS;
	else if (report->stage == STAGE_ALLOCATE)
		attempt->result = ATTEMPT_FAILED;
	else
		attempt->result = ATTEMPT_REFUSED;
}

/* Of what the device is known to take, what did not come back says nothing else. */
static bool keep_result(const struct attempt_wanted *wanted, enum moment moment, int error,
			struct attempt *attempt)
{
	if (moment == AFTER_SYNC && wanted->sync && attempt->taken)
		attempt->sync.error = error;
	else if (moment == AT_END && wanted->data && attempt->taken)
		attempt->data = (struct attempt_data){.tried = true, .error = error};
	else
		return false;
	return true;
}

/* Follows the child from report to report; *END is the one that did not come. Returns as await().
 */
static int follow(const struct importer *importer, const struct child *child,
		  const struct attempt_wanted *wanted, struct tracing *tracing,
		  struct attempt *attempt, enum moment *end)
{
	uint64_t until = clock_deadline(wanted->limit_ns);
	struct attempt_report report = {0};
	struct seen seen = {0};

	for (enum moment moment = BEFORE_IMPORT; moment <= AT_END; moment++) {
		int error = await(child, until, &report);

		*end = moment;
		if (error)
			return error;
		look(tracing, importer, &report, &seen, attempt);
		if (moment == WITH_IMPORT && seen.all && report.taken)
			attempt->mapped = seen.maps > seen.unmaps ? YES
					  : seen.strange          ? UNKNOWN
								  : NO;
		if (moment == AFTER_SYNC && seen.all && report.held_ns.known)
			attempt->sync.maintains = seen.syncs ? YES : seen.strange ? UNKNOWN : NO;
		conclude(importer, &report, attempt);
		if (file_put(child->go, "", 1) < 0 || !report.size)
			break;
	}
	return 0;
}

int attempt_run(const struct import_source *source, const struct importer *importer,
		const struct attempt_wanted *wanted, struct tracing *tracing,
		struct attempt *attempt)
{
	enum moment end = BEFORE_IMPORT;
	struct child child = {0};
	int error;

	*attempt = (struct attempt){0};
	if (importer->error) {
		conclude(importer,
			 &(struct attempt_report){.error = importer->error,
						  .stage = importer->stage},
			 attempt);
		return 0;
	}
	error = start(source, importer, wanted, tracing, &child);
	if (!error) {
		error = follow(importer, &child, wanted, tracing, attempt, &end);
		finish(&child, error == -EOWNERDEAD, tracing, attempt);
	}
	if (error == -EINTR) {
		pid_t stuck = attempt->stuck;

		attempt_free(attempt);
		attempt->stuck = stuck;
		return error;
	}
	if (error && !keep_result(wanted, end, error, attempt)) {
		attempt->result = error == -ETIMEDOUT    ? ATTEMPT_NO_ANSWER
				  : end == BEFORE_IMPORT ? ATTEMPT_FAILED
							 : ATTEMPT_DIED;
		attempt->stage = STAGE_PROCESS;
		attempt->error = error;
	}
	return 0;
}

void attempt_free(struct attempt *attempt)
{
	array_free(&attempt->shapes);
	*attempt = (struct attempt){0};
}
