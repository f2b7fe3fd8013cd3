/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The formats of a report by name. */
#ifndef VIEW_REPORT_FORMATS_H
#define VIEW_REPORT_FORMATS_H

#include "view/report.h"

/* All formats, the default first; NULL ends. */
extern const struct report_format *const report_formats[];
/* NULL: there is none. */
const struct report_format *report_format_find(const char *name) __attribute__((nonnull));

#endif
