#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# regions, on the machine's own device tree.
bats_require_minimum_version 1.5.0
load helpers

@test "the blob that root reads and the directory that all may read give the same answer" {
	requires root
	requires user
	requires command jq
	[ -r /sys/firmware/fdt ] || skip "no device tree"
	cd "$BATS_TEST_TMPDIR"
	"$DMAHEAP" regions -J --fail-on never >blob
	run_as_user "$DMAHEAP" regions -J --fail-on never >directory
	# apart from where it was read
	jq -es --arg blob /sys/firmware/fdt --arg directory /proc/device-tree '
		map([.regions[].file] | unique) == [[$blob], [$directory]]
		and (map(del(.regions[].file)) | .[0] == .[1])' blob directory
}

@test "what regions says of the running machine is what is there" {
	requires heap
	requires command jq
	[ -r /sys/firmware/fdt ] || [ -d /proc/device-tree ] || skip "no device tree"
	local name
	while read -r name; do
		[ -c "/dev/dma_heap/$name" ] || { echo "no heap $name"; return 1; }
	done < <("$DMAHEAP" regions -J --all --fail-on never | jq -r '.regions[].heaps[]?')
}
