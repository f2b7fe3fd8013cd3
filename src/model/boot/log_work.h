/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What those share that explain the lines of a log: log_subject.c finds out which region a line
 * means, log_regions.c and log_areas.c say what the lines mean, and log_explain.c calls them.
 */
#ifndef MODEL_BOOT_LOG_WORK_H
#define MODEL_BOOT_LOG_WORK_H

#include "model/boot/log_account.h"

#define KIB UINT64_C(1024)
#define MIB (KIB * 1024)

/* clang-format off: one a line */
#define LOG_RULES(EACH) \
	EACH(invalid) \
	EACH(not_reserved) \
	EACH(no_place) \
	EACH(overlap) \
	EACH(misaligned) \
	EACH(refused) \
	EACH(bypassed) \
	EACH(too_many) \
	EACH(first_entry) \
	EACH(no_area) \
	EACH(dead_area) \
	EACH(outside_ram) \
	EACH(no_heap) \
	EACH(same_name) \
	EACH(alloc_failed) \
	EACH(no_pool) \
	EACH(beyond) \
	EACH(no_cma) \
	EACH(other_tree)
/* clang-format on */

#define EACH(name) extern const struct rule log_rule_##name;
LOG_RULES(EACH)
#undef EACH

/* Where the log says that a region or area is. */
struct place {
	size_t boot;
	const char *name; /* of an account */
	uint64_t base, size;
};

struct log_work {
	const struct boot_log *log;
	const char *file, *tree;
	const struct regions *regions;    /* or NULL */
	const struct region **by_name;    /* of them */
	const struct region *cma_default; /* the only one with linux,cma-default, or NULL */
	struct log_accounts *accounts;
	struct {
		ARRAY_OF(struct place);
	} places;      /* by boot and name */
	size_t warned; /* boot of the last LOG_AREA_WARNING, counted from 1 */
};

/* Adds an account for each line, with its region, the node of that, and where the line says that it
 * lies; and collects the places. */
void log_find_subjects(struct log_work *work) __attribute__((nonnull));
/* Where the log says that a region or area of a boot is, or NULL. */
const struct place *log_place_of(const struct log_work *work, size_t boot, const char *name)
	__attribute__((nonnull));

/* The entry STEP lines after or, below 0, before one of the same boot; NULL: none. */
const struct log_entry *log_neighbour(const struct log_work *work, const struct log_entry *entry,
				      ptrdiff_t step) __attribute__((nonnull));
/* A line before that gives the reason, and has the finding; NULL: none. */
const struct log_entry *log_cause_of(const struct log_work *work, const struct log_entry *entry)
	__attribute__((nonnull));
/* Takes NULL. */
bool log_is_kind(const struct log_entry *entry, enum log_kind kind);
/* Whether the line has that many numbers: it may be cut. */
bool log_has(const struct log_entry *entry, size_t numbers) __attribute__((nonnull));
const struct log_boot *log_boot_of(const struct log_work *work, const struct log_entry *entry)
	__attribute__((nonnull, returns_nonnull));

/* As findings have it. */
unsigned int log_line_number(uint64_t line);

/* Sets the account's meaning, for which it may already have another. */
void log_say(struct log_account *account, const char *format, ...)
	__attribute__((nonnull, format(printf, 2, 3)));
/* Adds a finding about the account's line, with what the tree says of the region. */
void log_find(struct log_work *work, struct log_account *account, const struct rule *rule,
	      const char *format, ...) __attribute__((nonnull, format(printf, 4, 5)));
/* WHAT, where there is no tree, which would add that fact; else "". */
const char *log_ask_tree(const struct log_work *work, const char *what)
	__attribute__((nonnull, returns_nonnull));

/* "96 MiB", "12 KiB", "100 bytes"; the caller frees it. */
char *log_bytes(uint64_t bytes) __attribute__((returns_nonnull, malloc));
/* " (96 MiB)" where the line says so, else ""; the caller frees it. */
char *log_in_mib(const struct log_entry *entry, size_t i)
	__attribute__((nonnull, returns_nonnull, malloc));

/* Each explains the lines that its name says: meaning, level and findings. */
void log_explain_not_reserved(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_no_place(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_overlap(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_misaligned(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_refused(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_no_pool(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_bypassed(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_region(struct log_account *account) __attribute__((nonnull));
void log_explain_pool(struct log_account *account) __attribute__((nonnull));
void log_explain_device(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_pool_failed(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_area(const struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_area_failed(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_place(struct log_work *work, struct log_account *account) __attribute__((nonnull));
void log_explain_dead(struct log_work *work, struct log_account *account) __attribute__((nonnull));
void log_explain_warning(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_alloc_failed(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_available(struct log_account *account) __attribute__((nonnull));
void log_explain_cmdline(struct log_account *account) __attribute__((nonnull));
void log_explain_parameters(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));
void log_explain_memory(struct log_account *account) __attribute__((nonnull));
void log_explain_no_heap(struct log_work *work, struct log_account *account)
	__attribute__((nonnull));

#endif
