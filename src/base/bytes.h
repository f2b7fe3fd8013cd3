/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text looked at eight bytes at a time, for where there is much of it. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define EACH_BYTE(value) (UINT64_C(0x0101010101010101) * (value))

/* The eight bytes at TEXT, the first of them on top. */
static inline uint64_t bytes_at(const char *text)
{
	uint64_t bytes;

	memcpy(&bytes, text, sizeof(bytes));
	return be64toh(bytes);
}

/* The top bit of each byte that is not from FIRST to LAST, which are ASCII. */
static inline uint64_t bytes_outside(uint64_t bytes, uint64_t first, uint64_t last)
{
	uint64_t low = bytes & EACH_BYTE(0x7f);

	return (~(low + EACH_BYTE(0x80 - first)) | (low + EACH_BYTE(0x7f - last)) | bytes) &
	       EACH_BYTE(0x80);
}

/* How many bytes stand before the first one whose top bit is set; all eight where none is. */
static inline unsigned int bytes_before(uint64_t tops)
{
	return tops ? (unsigned int)__builtin_clzll(tops) / 8 : 8;
}

#endif
