/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The access control list of a file: acl(5), include/uapi/linux/posix_acl_xattr.h (7.2). */
#ifndef SYS_ACL_H
#define SYS_ACL_H

#include <stdint.h>

#include "base/array.h"

/* Whose an entry is: include/uapi/linux/posix_acl.h */
enum acl_tag {
	ACL_OWNER = 0x01,
	ACL_USER = 0x02, /* the one of its id */
	ACL_OWNING_GROUP = 0x04,
	ACL_GROUP = 0x08, /* the one of its id */
	ACL_MASK = 0x10,  /* the most that all but owner and others have */
	ACL_OTHERS = 0x20,
};

struct acl_entry {
	enum acl_tag tag;
	unsigned int permissions; /* R_OK, W_OK, X_OK */
	uint32_t id;              /* a uid or gid */
};

/* Zeroed: none beside the mode. */
struct acl {
	ARRAY_OF(struct acl_entry); /* the caller frees it with array_free() */
};

/*
 * Reads the list of a file of this machine. Returns 0, also where there is none, or -errno; -EINVAL
 * where it is not as the kernel writes it.
 */
int acl_read(const char *path, struct acl *acl) __attribute__((nonnull, warn_unused_result));

/* Takes the list apart: DATA as the kernel gives it. Returns 0 or -EINVAL; *acl is untouched then.
 */
int acl_decode(const void *data, size_t size, struct acl *acl)
	__attribute__((nonnull, warn_unused_result));

/* The most that the list gives to all but owner and others: all, where it does not say. */
unsigned int acl_mask(const struct acl *acl) __attribute__((nonnull));

#endif
