/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What libfdt takes on trust of an overlay. fdt_overlay_apply() changes phandles in place, where
 * __fixups__ and __local_fixups__ say; up to 1.8 it reads, and in part writes, there before it
 * compares the offset with the property's length.
 */
#ifndef MODEL_DEVICETREE_OVERLAY_CHECK_H
#define MODEL_DEVICETREE_OVERLAY_CHECK_H

/*
 * libfdt looks for each node, property and reference of an overlay from the beginning of the tree
 * and of the overlay, so that an overlay of 1 MB takes it half a minute. Their number, a node or a
 * reference as three, times the bytes of both may be this at most: the worst takes three seconds,
 * references to what is behind nodes with long names. Overlays of boards need a seventh of it. For
 * a symbol the target of its fragment is looked for by phandle, twice, each node's properties being
 * read five times, and then its path.
 */
#define OVERLAY_WORK_MAX    (UINT64_C(1) << 30)
#define OVERLAY_SEARCH_WORK 3u
#define OVERLAY_SYMBOL_WORK 12u

/*
 * Checks the blob of a loaded tree (tree.h) that is to be applied: each fixup names a property of
 * the overlay and four bytes inside it, aligned or not, as drivers/of/resolver.c asks; and nothing
 * that is applied changes what is checked here. Returns 0, or -EBADMSG and a sentence that names
 * the node or property, which the caller frees.
 */
int overlay_check(const void *overlay, char **problem) __attribute__((nonnull, warn_unused_result));

#endif
