/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which holds are one reference, because tasks share a table of descriptors or their memory. */
#ifndef MODEL_PROCESS_SHARING_H
#define MODEL_PROCESS_SHARING_H

#include "model/process/scan.h"

/*
 * Marks, among the holds of a scan of this machine, those of a table or a memory that several tasks
 * share, but for one of them; and those of which this could not be asked. Costs n log n calls of
 * kcmp(2) for n holds at the same descriptor or address.
 */
void sharing_mark(struct process_scan *scan) __attribute__((nonnull));

#endif
