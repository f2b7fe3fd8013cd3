// SPDX-License-Identifier: GPL-2.0-or-later
/* Why a heap may not be opened: the kernel's decision made again, access control lists, rules. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/xalloc.h"
#include "model/heap/permission.h"
#include "model/heap/udev_rule.h"
#include "put_file.h"
#include "sys/root.h"

enum {
	USER = 1000,
	OTHER = 1001,
	VIDEO = 44,
	RENDER = 104,
	USERS = 100
};

struct judged {
	const char *name; /* the denial; NULL: none */
	int error;
	uid_t uid, owner;
	gid_t group;
	mode_t mode;
	gid_t active, registered; /* one beside USERS; 0: none */
	const char *acl;          /* "u1000:4 g44:4 m:0", or NULL */
	bool nodev, unmapped, seat;
	gid_t helps;
};

/* An entry is tag, id, permissions in octal. */
static void read_acl(const char *text, struct acl *acl)
{
	while (*text) {
		struct acl_entry entry = {.tag = *text == 'u'   ? ACL_USER
						 : *text == 'g' ? ACL_GROUP
						 : *text == 'o' ? ACL_OWNING_GROUP
								: ACL_MASK};
		char *end;

		entry.id = (uint32_t)strtoul(text + 1, &end, 10);
		entry.permissions = (unsigned int)strtoul(end + 1, &end, 8);
		*array_add(acl) = entry;
		text = end + (*end == ' ');
	}
}

static void test_judge(void **state)
{
	static const struct judged cases[] = {
		{NULL, -ENXIO, USER, 0, VIDEO, 0660, 0, 0, .acl = NULL},
		{"device-rules", -EPERM, USER, 0, VIDEO, 0666, 0, 0, .acl = NULL},
		{"mode", -EACCES, USER, 0, 0, 0600, 0, 0, .acl = NULL},
		{"mode", -EACCES, USER, USER, VIDEO, 0260, VIDEO, 0, .acl = NULL},
		{"mode", -EACCES, USER, 0, VIDEO, 0620, VIDEO, VIDEO, .acl = NULL},
		/* nobody is told to join root's group */
		{"mode", -EACCES, USER, 0, 0, 0660, 0, 0, .acl = NULL},
		{"group", -EACCES, USER, 0, VIDEO, 0660, 0, 0, .acl = NULL, .helps = VIDEO},
		{"group", -EACCES, USER, 0, VIDEO, 0660, 0, RENDER, .acl = NULL, .helps = VIDEO},
		{"inactive-group", -EACCES, USER, 0, VIDEO, 0660, 0, VIDEO, .acl = NULL,
		 .helps = VIDEO},
		{"security-module", -EACCES, USER, 0, VIDEO, 0660, VIDEO, VIDEO, .acl = NULL},
		{"security-module", -EACCES, USER, 0, VIDEO, 0664, 0, 0, .acl = NULL},
		{"security-module", -EACCES, USER, USER, VIDEO, 0600, 0, 0, .acl = NULL},
		{"capability", -EACCES, 0, USER, VIDEO, 0600, 0, 0, .acl = NULL},
		{"nodev", -EACCES, USER, 0, VIDEO, 0666, 0, 0, .acl = NULL, .nodev = true},
		{"user-namespace", -EACCES, 0, 65534, VIDEO, 0660, 0, 0, .acl = NULL,
		 .unmapped = true},
		{"seat", -EACCES, USER, 0, 0, 0600, 0, 0, .acl = NULL, .seat = true},
		/* with a list the bits of the group are its mask */
		{"acl", -EACCES, USER, 0, 0, 0660, 0, 0, .acl = "u1001:6 o:0 m:6"},
		{"seat", -EACCES, USER, 0, 0, 0660, 0, 0, .acl = "u1001:6 o:0 m:6", .seat = true},
		{"acl", -EACCES, USER, 0, VIDEO, 0660, VIDEO, VIDEO, .acl = "u1000:0 o:6 m:6"},
		{"acl-mask", -EACCES, USER, 0, 0, 0620, 0, 0, .acl = "u1000:6 o:0 m:2"},
		{"acl-mask", -EACCES, USER, 0, 0, 0620, RENDER, RENDER, .acl = "o:0 g104:6 m:2"},
		{"group", -EACCES, USER, 0, 0, 0660, 0, 0, .acl = "o:0 g104:6 m:6",
		 .helps = RENDER},
		{"inactive-group", -EACCES, USER, 0, VIDEO, 0660, 0, RENDER,
		 .acl = "o:6 g104:6 m:6", .helps = RENDER},
		{"security-module", -EACCES, USER, 0, 0, 0660, RENDER, 0, .acl = "o:0 g104:4 m:6"},
		{"security-module", -EACCES, USER, 0, 0, 0660, 0, 0, .acl = "u1000:4 o:0 m:6"},
		/* the list gives the owning group nothing, whatever the mode says */
		{"acl", -EACCES, USER, 0, VIDEO, 0660, VIDEO, VIDEO, .acl = "u1001:6 o:0 m:6"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct judged *judged = &cases[i];
		struct permission_facts facts = {.error = judged->error,
						 .uid = judged->uid,
						 .owner = judged->owner,
						 .group = judged->group,
						 .mode = judged->mode,
						 .nodev = judged->nodev,
						 .unmapped = judged->unmapped,
						 .seat = judged->seat};
		const char *name;
		gid_t group = 0;

		*array_add(&facts.active) = USERS;
		*array_add(&facts.registered) = USERS;
		if (judged->active)
			*array_add(&facts.active) = judged->active;
		if (judged->registered)
			*array_add(&facts.registered) = judged->registered;
		if (judged->acl)
			read_acl(judged->acl, &facts.acl);
		name = denial_name(permission_judge(&facts, &group));
		if ((name ? strcmp(name, judged->name ? judged->name : "") != 0
			  : judged->name != NULL) ||
		    (judged->helps && group != judged->helps))
			fail_msg("case %zu: %s (%u), not %s (%u)", i, name ? name : "none", group,
				 judged->name ? judged->name : "none", judged->helps);
		array_free(&facts.active);
		array_free(&facts.registered);
		array_free(&facts.acl);
	}
}

/* As getfacl(1) shows it: user::rw- user:1000:rw- group::--- mask::rw- other::--- */
static const unsigned char on_disk[] = {
	2,    0, 0, 0,                         /* version */
	0x01, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* owner */
	0x02, 0, 6, 0, 0xe8, 0x03, 0,    0,    /* user 1000 */
	0x04, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* owning group */
	0x10, 0, 6, 0, 0xff, 0xff, 0xff, 0xff, /* mask */
	0x20, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, /* others */
};

static void test_acl(void **state)
{
	struct acl acl = {0};
	unsigned char other[sizeof(on_disk)];

	(void)state;
	assert_int_equal(acl_decode(on_disk, sizeof(on_disk), &acl), 0);
	assert_int_equal(acl.count, 5);
	assert_int_equal(acl.items[1].tag, ACL_USER);
	assert_int_equal(acl.items[1].id, 1000);
	assert_int_equal(acl.items[1].permissions, 6);
	assert_int_equal(acl_mask(&acl), 6);
	array_free(&acl);
	/* cut, of another version, empty */
	for (size_t size = 0; size < sizeof(on_disk); size++) {
		if (size % 8 != 4)
			assert_int_equal(acl_decode(on_disk, size, &acl), -EINVAL);
	}
	memcpy(other, on_disk, sizeof(other));
	other[0] = 3;
	assert_int_equal(acl_decode(other, sizeof(other), &acl), -EINVAL);
	assert_int_equal(acl.count, 0);
}

static void check_rule(const struct root *root, const char *heap, const char *expected)
{
	AUTO_FREE char *found = udev_rule_find(root, heap);

	if (expected)
		assert_string_equal(found, expected);
	else
		assert_null(found);
}

static void test_rules(void **state)
{
	char directory[] = "/tmp/dmaheap-test-XXXXXX";
	AUTO_FREE char *command = NULL;
	struct root *root;

	(void)state;
	if (root_open("/", &root) == -ENOSYS)
		skip(); /* an emulator of programs that does not know openat2(2) */
	root_free(root);
	assert_non_null(mkdtemp(directory));
	put_file(directory, "/usr/lib/udev/rules.d/60-a.rules",
		 "# SUBSYSTEM==\"dma_heap\", GROUP=\"video\"\n"
		 "SUBSYSTEM==\"drm\", GROUP=\"video\"\n"
		 "SUBSYSTEM==\"dma_heap\", KERNEL==\"linux,*|camera\", \\\n"
		 "  GROUP=\"video\"\n"
		 "SUBSYSTEM==\"dma_heap\", KERNEL!=\"system|linux,*\", MODE=\"0660\"\n");
	put_file(directory, "/etc/udev/rules.d/70-b.rules",
		 "SUBSYSTEM==\"dma_heap\", KERNEL==\"camera\", TAG+=\"uaccess\"");
	put_file(directory, "/etc/udev/rules.d/80-b.rule",
		 "SUBSYSTEM==\"dma_heap\", MODE=\"0666\"\n");
	assert_int_equal(root_open(directory, &root), 0);
	check_rule(root, "linux,cma", "/usr/lib/udev/rules.d/60-a.rules:4");
	check_rule(root, "camera", "/etc/udev/rules.d/70-b.rules:1");
	check_rule(root, "other", "/usr/lib/udev/rules.d/60-a.rules:5");
	check_rule(root, "system", NULL);
	/* one of the same name in /etc takes the place of the other */
	put_file(directory, "/etc/udev/rules.d/60-a.rules",
		 "\n\nSUBSYSTEM==\"dma_heap\", MODE=\"0666\"\n");
	check_rule(root, "linux,cma", "/etc/udev/rules.d/60-a.rules:3");
	check_rule(root, "system", "/etc/udev/rules.d/60-a.rules:3");
	root_free(root);
	command = xasprintf("rm -r %s", directory);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_judge),
		cmocka_unit_test(test_acl),
		cmocka_unit_test(test_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
