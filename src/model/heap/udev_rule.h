/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The udev rules of this machine that set who may open a heap: udev(7). */
#ifndef MODEL_HEAP_UDEV_RULE_H
#define MODEL_HEAP_UDEV_RULE_H

struct root;

/*
 * "FILE:LINE" of the last rule about dma_heap that gives the heap NAME a group, a mode or the tag
 * uaccess; NULL where none is found: one that does not name dma_heap in its line may be there all
 * the same, and udev's database does not keep which rules it has applied. The caller frees it.
 */
char *udev_rule_find(const struct root *root, const char *name) __attribute__((nonnull));

#endif
