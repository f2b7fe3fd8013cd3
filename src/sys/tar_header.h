/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header of a member of a tar archive: ustar, in POSIX.1-2001, pax, "ustar Interchange Format".
 */
#ifndef SYS_TAR_HEADER_H
#define SYS_TAR_HEADER_H

#include <stdint.h>
#include <string.h>

#define TAR_BLOCK 512 /* all of an archive is in blocks of so many bytes */

struct tar_header {
	char name[100];
	char mode[8];
	char user[8], group[8];
	char size[12];
	char time[12];
	char sum[8];
	char type;
	char link[100];
	char magic[6]; /* "ustar" */
	char version[2];
	char user_name[32], group_name[32];
	char device_major[8], device_minor[8];
	char prefix[155];
	char unused[12];
};
_Static_assert(sizeof(struct tar_header) == TAR_BLOCK, "a header is a block");

/* The sum of its bytes, with blanks in the place of the sum itself. */
static inline uint64_t tar_header_sum(const struct tar_header *header)
{
	const unsigned char *bytes = (const unsigned char *)header;
	uint64_t sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++) {
		size_t field = i - offsetof(struct tar_header, sum);

		sum += field < sizeof(header->sum) ? ' ' : bytes[i];
	}
	return sum;
}

#endif
