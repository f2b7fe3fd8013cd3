/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why there is no heap of a name: what 'dmaheap map' knows of the region or area of that name. */
#ifndef CLI_ABSENT_HEAP_H
#define CLI_ABSENT_HEAP_H

struct root;

/* All that is asked; the machine is read once. */
struct absences;
struct absences *cmd_absences_read(const struct root *root)
	__attribute__((nonnull, returns_nonnull));
/* Takes NULL. */
void cmd_absences_free(struct absences *absences);

/* A clause such as "before Linux 6.19 only the default CMA area becomes one", which the caller
 * frees; NULL: nothing is known of that name. */
char *cmd_why_absent(const struct absences *absences, const char *name) __attribute__((nonnull));

#endif
