/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The suites, one in each file conformance/cases/<name>_cases.c. */
#ifndef CONFORMANCE_ENGINE_SUITES_H
#define CONFORMANCE_ENGINE_SUITES_H

#include "conformance/engine/statement.h"

extern const struct suite suite_heap;
extern const struct suite suite_file;
extern const struct suite suite_map;
extern const struct suite suite_map_memory; /* suite map, its second file */
extern const struct suite suite_sync;
extern const struct suite suite_zero;
extern const struct suite suite_name;
extern const struct suite suite_inventory;
extern const struct suite suite_limits;
extern const struct suite suite_share;
extern const struct suite suite_stress;
extern const struct suite suite_udmabuf;
extern const struct suite suite_fence;
extern const struct suite suite_sync_file;
extern const struct suite suite_sw_sync;
extern const struct suite suite_vgem;
extern const struct suite suite_syncobj;
extern const struct suite suite_lifetime;

#endif
