/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VIEW_XML_H
#define VIEW_XML_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Writes TEXT as content or as the value of an attribute. Control characters are not allowed in
 * XML 1.0, not even escaped: they become \xNN, as do U+FFFE and U+FFFF. Line ends are kept where
 * LINES is true.
 */
void xml_put(FILE *out, const char *text, bool lines) __attribute__((nonnull));

#endif
