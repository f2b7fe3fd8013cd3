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
	};

	return names[result];
}

const char *attempt_stage_name(enum attempt_stage stage, const struct importer *importer)
{
	switch (stage) {
	case STAGE_OPEN:
		return "open";
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

const char *attempt_meaning(const struct attempt *attempt, const struct importer *importer)
{
	static const struct {
		enum importer_kind kind;
		enum attempt_stage stage;
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
		 const struct attempt_wanted *wanted, struct child *child)
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
		close(reports[0]);
		close(go[1]);
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

/* Waits for the child to end by itself, or, where it is killed, for that. */
static bool collect(pid_t pid, uint64_t until)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	do {
		pid_t gone = waitpid(pid, NULL, WNOHANG);

		if (gone == pid || (gone < 0 && errno == ECHILD))
			return true;
		nanosleep(&pause, NULL);
	} while (clock_ns() < until);
	return false;
}

/* Ends the child: what it holds is let go of, and what that traces is not the next attempt's. */
static void finish(const struct child *child, struct tracing *tracing, struct attempt *attempt)
{
	AUTO_STRINGS struct strings lines = {0};

	close_pipes(child);
	kill(child->pid, SIGKILL);
	if (!collect(child->pid, clock_deadline(GRACE_NS)))
		attempt->stuck = child->pid;
	if (tracing)
		tracing_read(tracing, &lines, NULL);
}

/* The next report. Returns 0, -ETIMEDOUT, -EINTR (a stop signal) or -EPIPE (the child has died). */
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
	return file_get(child->reports, report, sizeof(*report)) == sizeof(*report) ? 0 : -EPIPE;
}

/* What was traced from one report to the next. */
struct seen {
	unsigned int maps, unmaps, syncs;
	char *device;
};

static void look(struct tracing *tracing, struct seen *seen, struct attempt *attempt)
{
	AUTO_STRINGS struct strings lines = {0};

	*seen = (struct seen){0};
	if (!tracing || tracing_read(tracing, &lines, NULL))
		return;
	array_for_each (&lines, line) {
		AUTO_DMA_EVENT struct dma_event event = {0};

		if (dma_event_parse(*line, &event) || !strcmp(event.device, SELF_MAPPED))
			continue;
		seen->maps += event.kind == DMA_MAP;
		seen->unmaps += event.kind == DMA_UNMAP;
		seen->syncs += event.kind == DMA_SYNC_FOR_CPU || event.kind == DMA_SYNC_FOR_DEVICE;
		if (event.kind == DMA_MAP) {
			*array_add(&attempt->shapes) = event.shape;
			free(seen->device);
			seen->device = TAKE_POINTER(event.device);
		}
	}
}

static void conclude(const struct attempt_report *report, struct attempt *attempt)
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
	if (attempt->taken && attempt->mapped == YES)
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

/* Follows the child from report to report. Returns as await(). */
static int follow(const struct child *child, const struct attempt_wanted *wanted,
		  struct tracing *tracing, struct attempt *attempt)
{
	uint64_t until = clock_deadline(wanted->limit_ns);
	struct attempt_report report = {0};
	struct seen seen = {0};

	for (enum moment moment = BEFORE_IMPORT; moment <= AT_END; moment++) {
		int error = await(child, until, &report);

		if (error)
			return error;
		look(tracing, &seen, attempt);
		if (moment == WITH_IMPORT && tracing && report.taken) {
			attempt->mapped = seen.maps > seen.unmaps ? YES : NO;
			attempt->device = TAKE_POINTER(seen.device);
		}
		if (moment == AFTER_SYNC && tracing && report.held_ns.known)
			attempt->sync.maintains = seen.syncs ? YES : NO;
		free(seen.device);
		conclude(&report, attempt);
		if (!attempt->device && *report.device)
			attempt->device = xstrdup(report.device);
		if (file_put(child->go, "", 1) < 0 || !report.size)
			break;
	}
	return 0;
}

int attempt_run(const struct import_source *source, const struct importer *importer,
		const struct attempt_wanted *wanted, struct tracing *tracing,
		struct attempt *attempt)
{
	struct child child = {0};
	int error;

	*attempt = (struct attempt){0};
	if (importer->error) {
		conclude(&(struct attempt_report){.error = importer->error,
						  .stage = importer->error == -EBUSY ? STAGE_REQUEST
										     : STAGE_OPEN},
			 attempt);
		return 0;
	}
	error = start(source, importer, wanted, &child);
	if (!error) {
		error = follow(&child, wanted, tracing, attempt);
		finish(&child, tracing, attempt);
	}
	if (error == -EINTR) {
		attempt_free(attempt);
		return error;
	}
	if (error) {
		attempt->result = error == -ETIMEDOUT ? ATTEMPT_NO_ANSWER : ATTEMPT_FAILED;
		attempt->stage = STAGE_PROCESS;
		attempt->error = error;
	}
	return 0;
}

void attempt_free(struct attempt *attempt)
{
	free(attempt->device);
	array_free(&attempt->shapes);
	*attempt = (struct attempt){0};
}
