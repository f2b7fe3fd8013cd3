// SPDX-License-Identifier: GPL-2.0-or-later
#include "suite/suites.h"

#include <stddef.h>

const struct suite *const suites[] = {
	&suite_heap, &suite_file, &suite_sync, &suite_zero, &suite_name, NULL,
};
