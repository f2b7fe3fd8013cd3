/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of errors and signals as C programs write them, the same with every C library. */
#ifndef BASE_CONSTANT_H
#define BASE_CONSTANT_H

/* "EINVAL", of an errno; of one that is not listed "error 133", good until the next call. */
const char *error_name(int error) __attribute__((returns_nonnull));

/* "SIGKILL"; of one that is not listed, such as a real-time signal, "signal 34". */
const char *signal_name(int number) __attribute__((returns_nonnull));

#endif
