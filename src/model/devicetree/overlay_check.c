// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/devicetree/overlay_check.h"

#include <errno.h>
#include <libfdt.h>
#include <stdbool.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "base/xalloc.h"

/* Names come from the overlay, of any length; a message shows the beginning. */
#define NAME_SHOWN "%.64s"
#define PATH_SHOWN "%.200s"

struct check {
	const void *overlay;
	char **problem;
};

/* Children of the root that libfdt reads while it changes properties. */
static bool is_reserved(const char *name)
{
	return text_starts_with(name, "__");
}

/* What is wrong with a fixup at OFFSET of this property of NODE, a libfdt error if negative; NULL:
 * nothing. */
static const char *wrong(const void *overlay, int node, const char *name, int name_length,
			 uint64_t offset)
{
	/* libfdt changes these two everywhere, even the offsets below __local_fixups__ that have
	 * their name; and the kernel fixes no phandle up either */
	static const char *const fixed[] = {"phandle", "linux,phandle", "target-path"};
	int length;

	if (node < 0)
		return "the overlay has no such node";
	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (strlen(fixed[i]) == (size_t)name_length &&
		    !memcmp(name, fixed[i], (size_t)name_length))
			return "this property never refers to another node";
	}
	if (!fdt_getprop_namelen(overlay, node, name, name_length, &length))
		return "the node has no such property";
	if ((size_t)length < sizeof(fdt32_t) || offset > (size_t)length - sizeof(fdt32_t))
		return "the property does not have four bytes at this offset";
	return NULL;
}

/* TEXT is "PATH:PROPERTY:OFFSET". */
static const char *wrong_fixup(const void *overlay, const char *text)
{
	const char *name = strchr(text, ':');
	const char *digits = name ? strchr(name + 1, ':') : NULL;
	uint64_t offset = UINT64_MAX; /* where the number is larger */

	/* not an alias: libfdt would look it up in a property that may have changed by then */
	if (text[0] != '/' || !digits || digits == name + 1 ||
	    parse_number(digits + 1, &offset) == -EINVAL)
		return "not of the form PATH:PROPERTY:OFFSET";
	if (is_reserved(text + strspn(text, "/")))
		return "the node is not part of a fragment";
	return wrong(overlay, fdt_path_offset_namelen(overlay, text, (int)(name - text)), name + 1,
		     (int)(digits - name - 1), offset);
}

static int check_label(struct check *check, int property)
{
	const char *label;
	int length;
	const char *text = fdt_getprop_by_offset(check->overlay, property, &label, &length);

	if (!text || length < 1 || text[length - 1]) {
		*check->problem = xasprintf("/__fixups__: " NAME_SHOWN ": not a list of strings",
					    text ? label : "a property");
		return -EBADMSG;
	}
	for (const char *end = text + length; text < end; text += strlen(text) + 1) {
		const char *reason = wrong_fixup(check->overlay, text);

		if (reason) {
			*check->problem =
				xasprintf("/__fixups__: " NAME_SHOWN ": \"" PATH_SHOWN "\": %s",
					  label, text, reason);
			return -EBADMSG;
		}
	}
	return 0;
}

static int local_problem(const struct check *check, int fixups, const char *name, char *reason)
{
	char path[200];

	if (fdt_get_path(check->overlay, fixups, path, sizeof(path)))
		snprintf(path, sizeof(path), ".../" NAME_SHOWN,
			 fdt_get_name(check->overlay, fixups, NULL));
	*check->problem = xasprintf("%s: " NAME_SHOWN ": %s", path, name, reason);
	free(reason);
	return -EBADMSG;
}

/* One property of the node FIXUPS: offsets in the property of the same name of NODE. */
static int check_offsets(struct check *check, int node, int fixups, int property)
{
	const char *name;
	int length;
	const char *cells = fdt_getprop_by_offset(check->overlay, property, &name, &length);

	if (!cells || (size_t)length % sizeof(fdt32_t))
		return local_problem(check, fixups, cells ? name : "a property",
				     xstrdup("not a list of cells"));
	for (int i = 0; i < length; i += (int)sizeof(fdt32_t)) {
		const char *reason;
		fdt32_t cell;

		memcpy(&cell, cells + i, sizeof(cell));
		reason = wrong(check->overlay, node, name, (int)strlen(name), fdt32_to_cpu(cell));
		if (reason)
			return local_problem(
				check, fixups, name,
				xasprintf("offset %u: %s", fdt32_to_cpu(cell), reason));
	}
	return 0;
}

/* FIXUPS is below __local_fixups__ what NODE is below the root. No deeper than TREE_DEPTH_MAX. */
static int check_local(struct check *check, int node, int fixups)
{
	int property, child, error = 0;

	fdt_for_each_property_offset(property, check->overlay, fixups)
	{
		error = check_offsets(check, node, fixups, property);
		if (error)
			return error;
	}
	fdt_for_each_subnode(child, check->overlay, fixups)
	{
		const char *name = fdt_get_name(check->overlay, child, NULL);
		int target = fdt_subnode_offset(check->overlay, node, name);

		if (target < 0)
			return local_problem(check, fixups, name,
					     xstrdup("the overlay has no such node"));
		if (!node && is_reserved(name))
			return local_problem(check, fixups, name,
					     xstrdup("the node is not part of a fragment"));
		error = check_local(check, target, child);
		if (error)
			return error;
	}
	return 0;
}

/* libfdt takes target-path for a string, and one that is empty for a path. */
static int check_target(const struct check *check, int fragment)
{
	int length;
	const char *path = fdt_getprop(check->overlay, fragment, "target-path", &length);

	if (!path || (length > 1 && path[0] && memchr(path, '\0', (size_t)length)))
		return 0;
	*check->problem = xasprintf("/" NAME_SHOWN ": target-path: not a path",
				    fdt_get_name(check->overlay, fragment, NULL));
	return -EBADMSG;
}

/* Where a value is also a name, a fixup would rename properties. */
static bool blocks_overlap(const void *blob)
{
	uint32_t structure = fdt_off_dt_struct(blob), strings = fdt_off_dt_strings(blob);

	return structure < strings + fdt_size_dt_strings(blob) &&
	       strings < structure + fdt_size_dt_struct(blob);
}

int overlay_check(const void *overlay, char **problem)
{
	struct check check = {.overlay = overlay, .problem = problem};
	int labels = fdt_path_offset(overlay, "/__fixups__");
	int local = fdt_path_offset(overlay, "/__local_fixups__");
	int property, fragment, error = 0;

	if (blocks_overlap(overlay)) {
		*problem = xstrdup("the block of strings overlaps the structure");
		return -EBADMSG;
	}
	fdt_for_each_subnode(fragment, overlay, 0)
	{
		error = check_target(&check, fragment);
		if (error)
			return error;
	}
	if (labels >= 0) {
		fdt_for_each_property_offset(property, overlay, labels)
		{
			error = check_label(&check, property);
			if (error)
				return error;
		}
	}
	return local >= 0 ? check_local(&check, 0, local) : 0;
}
