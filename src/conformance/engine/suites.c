// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/suites.h"

#include <string.h>

/* One a line, for merges. What would starve all others when it fails is tested early. */
/* clang-format off */
const struct suite *const suites[] = {
	&suite_heap,
	&suite_limits,
	&suite_file,
	&suite_map,
	&suite_map_memory,
	&suite_sync,
	&suite_zero,
	&suite_name,
	&suite_inventory,
	&suite_share,
	&suite_stress,
	&suite_udmabuf,
	&suite_fence,
	&suite_sync_file,
	&suite_sw_sync,
	&suite_vgem,
	&suite_syncobj,
	&suite_lifetime,
	NULL,
};
/* clang-format on */

bool suite_has(const struct suite *suite, const struct statement *statement)
{
	size_t length = strlen(suite->name);

	return !strncmp(statement->id, suite->name, length) && statement->id[length] == '.';
}
