// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's decision, made again. */
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/heap/permission.h"

static bool have(const struct ids *ids, gid_t id)
{
	array_for_each (ids, one) {
		if (*one == id)
			return true;
	}
	return false;
}

/* Whether an entry of a group is that of one of IDS. */
static bool is_group_of(const struct permission_facts *facts, const struct acl_entry *entry,
			const struct ids *ids)
{
	return (entry->tag == ACL_OWNING_GROUP && have(ids, facts->group)) ||
	       (entry->tag == ACL_GROUP && have(ids, entry->id));
}

/* What the list says; DENIAL_NONE: it lets the caller. */
static enum denial judge_acl(const struct permission_facts *facts)
{
	unsigned int mask = acl_mask(&facts->acl);
	bool in_group = false, masked = false;

	array_for_each (&facts->acl, entry) {
		if (entry->tag != ACL_USER || entry->id != facts->uid)
			continue;
		if (entry->permissions & mask & R_OK)
			return DENIAL_NONE;
		return entry->permissions & R_OK ? DENIAL_ACL_MASK : DENIAL_ACL;
	}
	array_for_each (&facts->acl, entry) {
		if (!is_group_of(facts, entry, &facts->active))
			continue;
		in_group = true;
		if (entry->permissions & mask & R_OK)
			return DENIAL_NONE;
		masked |= entry->permissions & R_OK;
	}
	if (in_group)
		return masked ? DENIAL_ACL_MASK : DENIAL_ACL;
	return facts->mode & S_IROTH ? DENIAL_NONE : DENIAL_ACL;
}

static enum denial judge_mode(const struct permission_facts *facts)
{
	if (facts->uid == facts->owner)
		return facts->mode & S_IRUSR ? DENIAL_NONE : DENIAL_MODE;
	if (facts->acl.count)
		return judge_acl(facts);
	if (have(&facts->active, facts->group))
		return facts->mode & S_IRGRP ? DENIAL_NONE : DENIAL_MODE;
	return facts->mode & S_IROTH ? DENIAL_NONE : DENIAL_MODE;
}

/* The groups that may read it. */
static void find_groups(const struct permission_facts *facts, struct ids *groups)
{
	unsigned int mask = acl_mask(&facts->acl);

	if (!facts->acl.count && facts->mode & S_IRGRP)
		*array_add(groups) = facts->group;
	array_for_each (&facts->acl, entry) {
		if (entry->permissions & mask & R_OK) {
			if (entry->tag == ACL_OWNING_GROUP)
				*array_add(groups) = facts->group;
			else if (entry->tag == ACL_GROUP)
				*array_add(groups) = entry->id;
		}
	}
}

/* A group that would help: one that the user has, else any but root's, whose members may more. */
static enum denial judge_groups(const struct permission_facts *facts, gid_t *group)
{
	struct ids groups = {0};
	enum denial denial = DENIAL_NONE;

	find_groups(facts, &groups);
	array_for_each (&groups, one) {
		if (have(&facts->registered, *one)) {
			*group = *one;
			denial = DENIAL_INACTIVE_GROUP;
			break;
		}
		if (*one && denial == DENIAL_NONE) {
			*group = *one;
			denial = DENIAL_GROUP;
		}
	}
	array_free(&groups);
	return denial;
}

enum denial permission_judge(const struct permission_facts *facts, gid_t *group)
{
	enum denial denial, better;

	if (facts->error != -EACCES)
		return facts->error == -EPERM ? DENIAL_DEVICE_RULES : DENIAL_NONE;
	if (facts->nodev)
		return DENIAL_NODEV;
	denial = judge_mode(facts);
	if (denial == DENIAL_NONE)
		return DENIAL_SECURITY_MODULE;
	if (facts->unmapped)
		return DENIAL_NAMESPACE;
	if (!facts->uid)
		return DENIAL_CAPABILITY;
	if (denial == DENIAL_ACL_MASK || facts->uid == facts->owner)
		return denial;
	better = judge_groups(facts, group);
	if (better != DENIAL_NONE && !have(&facts->active, *group))
		denial = better;
	else if (facts->seat)
		denial = DENIAL_SEAT;
	return denial;
}
