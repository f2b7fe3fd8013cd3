/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Buffers of one heap on one device: whether it takes them, and what it does with them. It is done
 * by a child, so that a driver which does not answer holds nobody up, and nothing stays attached.
 */
#ifndef MODEL_IMPORT_ATTEMPT_H
#define MODEL_IMPORT_ATTEMPT_H

#include <sys/types.h>

#include "model/import/attempt_steps.h"
#include "model/import/dma_event.h"
#include "sys/tracing.h"

/* Whether there is a /dev/udmabuf. */
bool import_source_has_udmabuf(void);

/* The usual limit, in ns. */
#define ATTEMPT_TIMEOUT UINT64_C(10000000000)

/* What is done beside the import. */
struct attempt_wanted {
	bool sync;         /* measure DMA_BUF_IOCTL_SYNC, without and with the import */
	bool data;         /* start the device: have it write, or copy */
	uint64_t limit_ns; /* for the whole of it */
};

enum attempt_result {
	ATTEMPT_NONE,     /* not tried */
	ATTEMPT_MAPS,     /* attached and mapped, for as long as the device has it */
	ATTEMPT_ATTACHES, /* attached; mapped later, if at all */
	ATTEMPT_VMAPS,    /* neither: the driver copies through a mapping of the kernel's */
	ATTEMPT_TAKES,    /* taken; what is done with it can't be seen */
	ATTEMPT_REFUSED,
	ATTEMPT_BUSY,      /* another process has the device's buffers */
	ATTEMPT_NO_ACCESS, /* to the device or the heap */
	ATTEMPT_NO_ANSWER, /* not in the time */
	ATTEMPT_FAILED,    /* before the device was asked */
	ATTEMPT_DIED,      /* the child, when the device had been asked */
	ATTEMPT_GONE,      /* the device, whatever it took before */
};

/* What SYNC does, a pair of START and END: medians, in ns. */
struct attempt_sync {
	struct maybe absent, held;
	enum tristate maintains; /* it walks the buffer for the device: dma_sync_sg events */
	int error;               /* 0, or why the child did not come back from it */
};

struct attempt {
	enum attempt_result result;
	enum import_stage stage;
	/* -errno of the call that failed, of the first buffer refused; -EOWNERDEAD: the child died
	 */
	int error;
	unsigned int tried, taken; /* buffers */
	uint64_t size;             /* bytes of each; where a picture has several, of the largest */
	enum tristate attached, mapped;
	struct {
		ARRAY_OF(struct dma_shape);
	} shapes; /* of the buffers that were mapped, if only for a moment */
	struct attempt_sync sync;
	struct attempt_data data;
	int status;  /* of the child, as of waitpid(2), where it died */
	pid_t stuck; /* the child that even SIGKILL did not end, or 0 */
};

/*
 * Tries it. TRACING (dma_events, own) may be NULL: then it is not seen whether the device maps.
 * Returns 0, or -EINTR where a stop signal came: then the attempt has no more than .stuck. What
 * goes wrong otherwise is its result. Free with attempt_free().
 */
int attempt_run(const struct import_source *source, const struct importer *importer,
		const struct attempt_wanted *wanted, struct tracing *tracing,
		struct attempt *attempt) __attribute__((nonnull(1, 2, 3, 5)));
void attempt_free(struct attempt *attempt) __attribute__((nonnull));

/* "maps", "attaches", "vmaps", "takes", "refused" …: constant. */
const char *attempt_result_name(enum attempt_result result) __attribute__((returns_nonnull));
/* "VIDIOC_QBUF" …, of the importer's kind; constant, NULL for STAGE_NONE. */
const char *attempt_stage_name(enum import_stage stage, const struct importer *importer)
	__attribute__((nonnull));
/* What the error means there, or NULL where it is no more than its words. The caller frees it. */
char *attempt_meaning(const struct attempt *attempt, const struct importer *importer)
	__attribute__((nonnull));

#endif
