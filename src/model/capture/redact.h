/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a capture does not need to tell of a machine and of who uses it. */
#ifndef MODEL_CAPTURE_REDACT_H
#define MODEL_CAPTURE_REDACT_H

#include "model/capture/captured.h"

/*
 * Replaces, by as many characters x, in what was captured of this machine:
 * - the values of the kernel's parameters that are not about memory, wherever such a word is,
 * - the properties of the device tree called serial-number, and by zeros those with a MAC address,
 * - the name of the host and of users from number 1000 on, as words of the log and of files in
 * /proc and /dev,
 * - "(user@host)" of who built the kernel, and by zeros what looks like a MAC address in the log.
 * Configurations and names of buffers and of processes stay.
 */
void capture_redact(struct capture *capture) __attribute__((nonnull));

#endif
