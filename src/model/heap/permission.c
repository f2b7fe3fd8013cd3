// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/heap/permission.h"

#include <errno.h>
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "base/xalloc.h"
#include "model/heap/udev_rule.h"
#include "sys/root.h"
#include "sys/udev.h"

/* The groups of the user that the database has: what a new login gives. */
static void read_registered(struct ids *ids)
{
	enum {
		MOST = 4096
	};
	AUTO_FREE gid_t *groups = xcalloc(MOST, sizeof(*groups));
	const struct passwd *user = getpwuid(geteuid());
	int count = MOST;

	if (!user || getgrouplist(user->pw_name, user->pw_gid, groups, &count) < 0)
		return;
	for (int i = 0; i < count; i++)
		*array_add(ids) = groups[i];
}

static void read_active(struct ids *ids)
{
	AUTO_FREE gid_t *groups = xcalloc(NGROUPS_MAX, sizeof(*groups));
	int count = getgroups(NGROUPS_MAX, groups);

	*array_add(ids) = getegid();
	for (int i = 0; i < count; i++)
		*array_add(ids) = groups[i];
}

/* Whether the namespace has users to whom no uid of it belongs: user_namespaces(7). */
static bool is_partial_namespace(void)
{
	AUTO_FREE char *line = NULL;

	return !root_read_line(root_live(), "/proc/self/uid_map", &line) &&
	       !strstr(line, "4294967295");
}

static bool has_seat_tag(dev_t device)
{
	AUTO_STRINGS struct strings properties = {0};
	AUTO_STRINGS struct strings links = {0};

	if (udev_read(device, &properties, &links))
		return false;
	array_for_each (&properties, property) {
		if ((text_starts_with(*property, "TAGS=") ||
		     text_starts_with(*property, "CURRENT_TAGS=")) &&
		    strstr(*property, ":uaccess:"))
			return true;
	}
	return false;
}

/* Returns 0 or -errno. */
static int read_facts(const struct heap *heap, int error, struct permission_facts *facts)
{
	enum {
		OVERFLOW_UID = 65534 /* DEFAULT_OVERFLOWUID, include/linux/highuid.h */
	};
	struct stat status;
	struct statvfs mounted;
	int result = root_lstat(root_live(), heap->node, &status);

	if (result)
		return result;
	facts->error = error;
	facts->uid = geteuid();
	facts->owner = status.st_uid;
	facts->group = status.st_gid;
	facts->mode = status.st_mode;
	facts->nodev = !statvfs(heap->node, &mounted) && mounted.f_flag & ST_NODEV;
	facts->unmapped = status.st_uid == OVERFLOW_UID && is_partial_namespace();
	facts->seat = has_seat_tag(heap->device);
	read_active(&facts->active);
	read_registered(&facts->registered);
	return acl_read(heap->node, &facts->acl);
}

static void facts_free(struct permission_facts *facts)
{
	array_free(&facts->active);
	array_free(&facts->registered);
	array_free(&facts->acl);
}

char *permission_unit(void)
{
	static const char slice[] = ":/system.slice/", ending[] = ".service";
	AUTO_FREE char *text = NULL;
	char *name;
	size_t length;

	if (root_read(root_live(), "/proc/self/cgroup", 1 << 16, &text, NULL))
		return NULL;
	name = strstr(text, slice);
	if (!name)
		return NULL;
	name += strlen(slice);
	length = strcspn(name, "/\n");
	if (length <= strlen(ending) ||
	    strncmp(name + length - strlen(ending), ending, strlen(ending)) != 0)
		return NULL;
	return xstrndup(name, length);
}

/* Whom the list lets: "alice, group render"; NULL: nobody by name. */
static char *names_in(const struct acl *acl)
{
	AUTO_STRINGS struct strings names = {0};
	unsigned int mask = acl_mask(acl);

	array_for_each (acl, entry) {
		if (!(entry->permissions & mask & R_OK))
			continue;
		if (entry->tag == ACL_USER)
			strings_take(&names, heap_user_name(entry->id));
		if (entry->tag == ACL_GROUP) {
			AUTO_FREE char *group = heap_group_name(entry->id);

			strings_take(&names, xasprintf("group %s", group));
		}
	}
	return strings_join(&names, ", ");
}

/* A node that nobody but its owner, or those of a list, may open. */
static char *rule_remedy(const struct heap *heap)
{
	AUTO_FREE char *rule = udev_rule_find(root_live(), heap->name);

	if (rule)
		return xasprintf("a udev rule for it is there, %s: 'udevadm trigger "
				 "--subsystem-match=dma_heap' as root applies it",
				 rule);
	return xstrdup("a udev rule gives a group access: SUBSYSTEM==\"dma_heap\", "
		       "GROUP=\"video\", MODE=\"0660\"");
}

static void say_group(const struct heap *heap, gid_t gid, bool inactive,
		      struct permission *permission)
{
	AUTO_FREE char *group = heap_group_name(gid);
	AUTO_FREE char *user = heap_user_name(geteuid());
	AUTO_FREE char *unit = permission_unit();
	AUTO_FREE char *rule = udev_rule_find(root_live(), heap->name);
	AUTO_FREE char *by = rule ? xasprintf(", to which %s gives it", rule) : xstrdup("");

	if (inactive)
		permission->cause = xasprintf("you are in group %s%s, but this session began "
					      "without it",
					      group, by);
	else
		permission->cause = xasprintf("you are not in group %s%s", group, by);
	if (unit)
		permission->remedy =
			xasprintf("SupplementaryGroups=%s in %s gives access", group, unit);
	else if (inactive)
		permission->remedy = xasprintf(
			"a new login, or 'newgrp %s' for one shell, makes it take effect", group);
	else
		permission->remedy = xasprintf("'usermod -aG %s %s' as root and a new login give "
					       "access",
					       group, user);
}

static void say_device_rules(struct permission *permission)
{
	AUTO_FREE char *unit = permission_unit();

	if (unit)
		permission->remedy = xasprintf(
			"if %s has DevicePolicy= or PrivateDevices=, 'DeviceAllow=char-dma_heap "
			"rw' there gives access; 'systemctl show %s' tells",
			unit, unit);
	else
		permission->remedy = xstrdup("a container is given the device when it is made "
					     "(docker, podman: --device)");
	permission->cause = xstrdup("the device rules of a container or unit, or a security "
				    "module, forbid it; the kernel does not tell which");
}

static void say_acl(const struct heap *heap, const struct permission_facts *facts,
		    struct permission *permission)
{
	AUTO_FREE char *names = names_in(&facts->acl);

	permission->cause = xasprintf("its access control list lets %s%s and the owner, not you",
				      names ? names : "", names ? "" : "nobody");
	permission->remedy = rule_remedy(heap);
}

static void say(const struct heap *heap, const struct permission_facts *facts, gid_t group,
		struct permission *permission)
{
	AUTO_FREE char *owner = heap_user_name(facts->owner);
	AUTO_FREE char *label = NULL;

	switch (permission->denial) {
	case DENIAL_NONE:
		break;
	case DENIAL_MODE:
		permission->cause =
			xasprintf("may be opened by %s", facts->mode & S_IRUSR ? owner : "nobody");
		permission->remedy = rule_remedy(heap);
		break;
	case DENIAL_GROUP:
	case DENIAL_INACTIVE_GROUP:
		say_group(heap, group, permission->denial == DENIAL_INACTIVE_GROUP, permission);
		break;
	case DENIAL_ACL:
		say_acl(heap, facts, permission);
		break;
	case DENIAL_ACL_MASK:
		permission->cause = xstrdup("its access control list lets you, but the mask of "
					    "the list, which chmod sets as well, takes it back");
		permission->remedy = xasprintf("'setfacl -m m::rw %s' as root gives access until "
					       "the node is made again",
					       heap->node);
		break;
	case DENIAL_SEAT:
		permission->cause = xstrdup("udev gives it to the user who is logged in at the "
					    "machine itself (tag uaccess)");
		permission->remedy = xstrdup("log in there, not by network or as a service; or a "
					     "udev rule gives a group access as well");
		break;
	case DENIAL_CAPABILITY:
		permission->cause = xstrdup("you are root without CAP_DAC_OVERRIDE");
		permission->remedy = xstrdup("a unit's CapabilityBoundingSet= or a container's "
					     "--cap-add gives it back");
		break;
	case DENIAL_NAMESPACE:
		permission->cause = xstrdup("its owner is nobody in this user namespace");
		permission->remedy = xstrdup("outside the container the user has to be let in by "
					     "mode, list or group, and the group kept (podman: "
					     "--group-add keep-groups)");
		break;
	case DENIAL_NODEV:
		permission->cause = xstrdup("the file system with the node is mounted with nodev");
		permission->remedy = xstrdup("have the container given the device, not a file "
					     "system with a node of it");
		break;
	case DENIAL_DEVICE_RULES:
		say_device_rules(permission);
		break;
	case DENIAL_SECURITY_MODULE:
		if (root_read_line(root_live(), "/proc/self/attr/current", &label) || !*label)
			permission->cause = xstrdup("its mode lets you: a security module forbids "
						    "it");
		else
			permission->cause = xasprintf("its mode lets you: a security module "
						      "forbids it to %s",
						      label);
		permission->remedy = xstrdup("the kernel's log or audit log says more");
		break;
	}
}

void permission_explain(const struct heap *heap, int error, struct permission *permission)
{
	struct permission_facts facts = {0};
	gid_t group = 0;

	*permission = (struct permission){0};
	if (!read_facts(heap, error, &facts)) {
		permission->denial = permission_judge(&facts, &group);
		say(heap, &facts, group, permission);
	}
	facts_free(&facts);
}

void permission_free(struct permission *permission)
{
	free(permission->cause);
	free(permission->remedy);
	*permission = (struct permission){0};
}

const char *denial_name(enum denial denial)
{
	static const char *const names[] = {
		[DENIAL_NONE] = NULL,
		[DENIAL_MODE] = "mode",
		[DENIAL_GROUP] = "group",
		[DENIAL_INACTIVE_GROUP] = "inactive-group",
		[DENIAL_ACL] = "acl",
		[DENIAL_ACL_MASK] = "acl-mask",
		[DENIAL_SEAT] = "seat",
		[DENIAL_CAPABILITY] = "capability",
		[DENIAL_NAMESPACE] = "user-namespace",
		[DENIAL_NODEV] = "nodev",
		[DENIAL_DEVICE_RULES] = "device-rules",
		[DENIAL_SECURITY_MODULE] = "security-module",
	};

	return names[denial];
}
