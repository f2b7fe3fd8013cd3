/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What regions, map and info show alike: who uses a region. */
#ifndef CLI_CONSUMER_H
#define CLI_CONSUMER_H

#include "model/devicetree/region.h"
#include "view/value.h"

/* A consumer as JSON: node, name, enabled. */
struct value *consumer_value(const struct consumer *consumer) __attribute__((nonnull));

/* "/codec@9100000 (frames)" of such a value, escaped; the caller frees it. */
char *consumer_text(struct value *value) __attribute__((nonnull));

#endif
