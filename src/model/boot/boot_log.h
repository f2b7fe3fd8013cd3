/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lines of a kernel log that are about reserved memory and CMA, as people paste them: of any
 * length, of which a line and what is known are kept.
 */
#ifndef MODEL_BOOT_BOOT_LOG_H
#define MODEL_BOOT_BOOT_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "base/known.h"
#include "model/boot/log_words.h"

/* Longer lines are read as if they ended there: the command line is COMMAND_LINE_SIZE at most, 4096
 * on arm64 and x86. */
#define LOG_LINE_MAX    6144
/* Known lines, and boots, that are kept of one log. */
#define LOG_ENTRIES_MAX 10000
#define LOG_BOOTS_MAX   100
#define LOG_ZONES_MAX   16

struct log_entry {
	enum log_kind kind;
	uint64_t line;  /* its number, from 1 */
	uint64_t count; /* how often it stands there, one line after the other */
	size_t boot;    /* to which it belongs */
	bool cut;       /* the line ends too early, or is too long */
	char *text;     /* the message, not escaped */
	char *names[LOG_NAMES];
	size_t name_count, number_count;
	uint64_t numbers[LOG_NUMBERS];
};

struct log_zone {
	char *name;
	uint64_t first, last;
};

/* What the log says of one boot. */
struct log_boot {
	uint64_t line;    /* of "Linux version", 0: the log begins later */
	char *release;    /* or NULL */
	uint32_t version; /* KERNEL(), 0: unknown */
	char *machine;    /* or NULL */
	uint64_t machine_line;
	char *cmdline; /* or NULL; cut where CMDLINE_CUT */
	bool cmdline_cut;
	struct {
		ARRAY_OF(struct log_zone);
	} zones;
	struct maybe cma_bytes; /* of all areas */
};

struct boot_log {
	struct {
		ARRAY_OF(struct log_entry);
	} entries; /* in the log's order */
	struct {
		ARRAY_OF(struct log_boot);
	} boots;           /* at least one */
	uint64_t lines;    /* read */
	bool full;         /* a boot beyond LOG_BOOTS_MAX has begun */
	uint64_t left_out; /* known lines beyond LOG_ENTRIES_MAX, or of those boots */
	struct log_reader *reader;
};

/* Begins an empty log; boot_log_free() frees it. */
void boot_log_begin(struct boot_log *log) __attribute__((nonnull));
/* Says that no tool has wrapped the lines: each is a record of the kernel, also one that is cut. */
void boot_log_expect_records(struct boot_log *log) __attribute__((nonnull));
/* Adds SIZE bytes, which may end anywhere. */
void boot_log_feed(struct boot_log *log, const char *data, size_t size) __attribute__((nonnull));
/* Ends the last line. */
void boot_log_end(struct boot_log *log) __attribute__((nonnull));
void boot_log_free(struct boot_log *log) __attribute__((nonnull));
#define AUTO_BOOT_LOG __attribute__((cleanup(boot_log_free)))

/*
 * Reads a file that the user names ("-": standard input) into a new log, which the caller frees
 * also after a failure. Returns 0 or -errno.
 */
int boot_log_load(const char *path, struct boot_log *log)
	__attribute__((nonnull, warn_unused_result));

struct root;

/*
 * Reads what the kernel of this machine has in its buffer, /dev/kmsg, without waiting; the caller
 * frees the log also after a failure. Returns 0 or -errno: -EPERM or -EACCES without the right
 * (kernel.dmesg_restrict), -ENOENT below --sysroot.
 */
int boot_log_read(const struct root *root, struct boot_log *log)
	__attribute__((nonnull, warn_unused_result));

#endif
