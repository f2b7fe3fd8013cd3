/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The manifest of a capture: what it is, when it was made, and what is missing in it. */
#ifndef COMMANDS_CAPTURE_MANIFEST_H
#define COMMANDS_CAPTURE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/capture/captured.h"

/*
 * The JSON document of schema/capture.schema.json, made at MADE_AT (seconds since 1970); the caller
 * frees it.
 */
char *manifest_text(const struct capture *capture, uint64_t made_at, bool redacted, size_t *size)
	__attribute__((nonnull, returns_nonnull));

#endif
