/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why this process may not open a heap, and what would change that. */
#ifndef MODEL_HEAP_PERMISSION_H
#define MODEL_HEAP_PERMISSION_H

#include <stdbool.h>
#include <sys/types.h>

#include "model/heap/heap.h"
#include "sys/acl.h"

enum denial {
	DENIAL_NONE,            /* it was not denied, or by no rule that is known here */
	DENIAL_MODE,            /* only the owner may */
	DENIAL_GROUP,           /* a group may, of which the caller is no member */
	DENIAL_INACTIVE_GROUP,  /* … which the caller is, but not in this session */
	DENIAL_ACL,             /* the list has no entry that lets the caller */
	DENIAL_ACL_MASK,        /* it has one, which the list's mask takes back */
	DENIAL_SEAT,            /* udev gives it to whoever is logged in at the machine itself */
	DENIAL_CAPABILITY,      /* root without CAP_DAC_OVERRIDE */
	DENIAL_NAMESPACE,       /* its owner is nobody in this user namespace */
	DENIAL_NODEV,           /* the file system is mounted with nodev */
	DENIAL_DEVICE_RULES,    /* EPERM: device rules of the cgroup, or a security module */
	DENIAL_SECURITY_MODULE, /* EACCES although mode and list let the caller */
};

struct ids {
	ARRAY_OF(gid_t);
};

/* What decides: fs/namei.c, acl_permission_check(); fs/posix_acl.c, posix_acl_permission() (7.2).
 */
struct permission_facts {
	int error;                     /* -errno of open(2) */
	uid_t uid;                     /* of this process */
	struct ids active, registered; /* its groups; those of the user, by the group database */
	uid_t owner;                   /* of the node, as are … */
	gid_t group;
	mode_t mode;
	struct acl acl;
	bool nodev;    /* the file system's */
	bool unmapped; /* the node's owner is the overflow uid, in a user namespace */
	bool seat;     /* it has udev's tag uaccess */
};

/* The verdict: GROUP, of the denials about groups, is the one that would help. */
enum denial permission_judge(const struct permission_facts *facts, gid_t *group)
	__attribute__((nonnull));

struct permission {
	enum denial denial;
	char *cause;  /* "you are not in group video"; NULL: none known */
	char *remedy; /* "'usermod -aG video camera' and a new login give access"; or NULL */
};

/* Asks this machine why heap->node could not be opened: ERROR (-errno). The caller frees it. */
void permission_explain(const struct heap *heap, int error, struct permission *permission)
	__attribute__((nonnull));
void permission_free(struct permission *permission) __attribute__((nonnull));
#define AUTO_PERMISSION __attribute__((cleanup(permission_free)))

/* "not-a-member" and so on, for programs; NULL: DENIAL_NONE */
const char *denial_name(enum denial denial);

/* The system unit of systemd in whose cgroup this process is: "camera.service"; NULL: none, or
 * unknown. The caller frees it. */
char *permission_unit(void);

#endif
