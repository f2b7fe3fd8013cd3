// SPDX-License-Identifier: GPL-2.0-or-later
#include "conformance/engine/statement.h"

/* One a line, for merges. What would starve all others when it fails is tested early. */
#define SUITES(EACH) \
	EACH(heap) \
	EACH(limits) \
	EACH(file) \
	EACH(map) \
	EACH(map_memory) \
	EACH(sync) \
	EACH(zero) \
	EACH(name) \
	EACH(inventory) \
	EACH(share) \
	EACH(stress) \
	EACH(udmabuf) \
	EACH(fence) \
	EACH(fence_load) \
	EACH(sync_file) \
	EACH(sw_sync) \
	EACH(vgem) \
	EACH(syncobj) \
	EACH(syncobj_request) \
	EACH(lifetime) \
	EACH(import) \
	EACH(import_sync)

#define DECLARATION(symbol) extern const struct suite suite_##symbol;
SUITES(DECLARATION)

#define ADDRESS(symbol) &suite_##symbol,
const struct suite *const suites[] = {SUITES(ADDRESS) NULL};
