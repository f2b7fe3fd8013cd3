// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/boot/tree_fates.h"

#include "model/boot/decide.h"
#include "model/boot/kernel_facts.h"
#include "model/boot/ram.h"

void tree_fates_decide(const struct tree *tree, const struct kernel_facts *facts,
		       struct regions *regions, struct fates *fates)
{
	struct kernel_facts own = *facts; /* the architecture stays the caller's */

	regions_read(tree, regions);
	if (!facts->cmdline.known && regions->bootargs)
		kernel_facts_set_cmdline(&own, regions->bootargs);
	ram_settle(regions, &own);
	fates_decide(regions, &own, fates);
}
