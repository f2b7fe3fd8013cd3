// SPDX-License-Identifier: GPL-2.0-or-later
#include "sys/acl.h"

#include <endian.h>
#include <errno.h>
#include <linux/posix_acl_xattr.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/xalloc.h"

static const char name[] = "system.posix_acl_access"; /* XATTR_NAME_POSIX_ACL_ACCESS */

int acl_decode(const void *data, size_t size, struct acl *acl)
{
	struct posix_acl_xattr_header header;
	struct posix_acl_xattr_entry entry;
	const char *next = data;

	if (size < sizeof(header) || (size - sizeof(header)) % sizeof(entry))
		return -EINVAL;
	memcpy(&header, next, sizeof(header));
	if (le32toh(header.a_version) != POSIX_ACL_XATTR_VERSION)
		return -EINVAL;
	for (next += sizeof(header); next < (const char *)data + size; next += sizeof(entry)) {
		memcpy(&entry, next, sizeof(entry));
		*array_add(acl) = (struct acl_entry){.tag = (enum acl_tag)le16toh(entry.e_tag),
						     .permissions = le16toh(entry.e_perm),
						     .id = le32toh(entry.e_id)};
	}
	return 0;
}

int acl_read(const char *path, struct acl *acl)
{
	enum {
		MOST = 65536 /* XATTR_SIZE_MAX, include/uapi/linux/limits.h */
	};
	AUTO_FREE char *data = xcalloc(MOST, 1);
	ssize_t size = getxattr(path, name, data, MOST);

	if (size < 0)
		return errno == ENODATA || errno == EOPNOTSUPP ? 0 : -errno;
	return acl_decode(data, (size_t)size, acl);
}

unsigned int acl_mask(const struct acl *acl)
{
	array_for_each (acl, entry) {
		if (entry->tag == ACL_MASK)
			return entry->permissions;
	}
	return R_OK | W_OK | X_OK;
}
