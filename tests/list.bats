#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# list and info, on this machine's heaps.
bats_require_minimum_version 1.5.0
load helpers

@test "list names exactly the heaps of /dev/dma_heap" {
	requires heap
	[ "$("$DMAHEAP" list -nr -o NAME)" = "$(cd /dev/dma_heap && LC_ALL=C ls -1)" ]
	[ "$("$DMAHEAP" list --json | jq -r '.list[].name')" = "$(cd /dev/dma_heap && LC_ALL=C ls -1)" ]
}

@test "the node's facts are stat's" {
	requires heap
	local heap
	while read -r heap; do
		[ "$("$DMAHEAP" list --json | jq -r --arg heap "$heap" '.list[] | select(.name == $heap) |
			"\(.mode) \(.owner) \(.group)"')" = "$(stat -c '%A %U %G' "/dev/dma_heap/$heap")" ]
		[ "$("$DMAHEAP" list --json | jq -r --arg heap "$heap" '.list[] | select(.name == $heap).device')" = \
			"$(cat "/sys/class/dma_heap/$heap/dev")" ]
	done < <(ls -1 /dev/dma_heap)
}

@test "the region behind video@42000000 is the device tree's, its free figures the kernel's" {
	requires kernel 6.19
	requires heap video@42000000
	local row
	row=$("$DMAHEAP" list --json | jq -c '.list[] | select(.name == "video@42000000")')
	echo "$row"
	[ "$(jq -r '"\(.base) \(.size) \(.kind) \(.provenance)"' <<<"$row")" = \
		"0x42000000 16777216 cma device-tree" ]
	[ "$(jq .free <<<"$row")" -eq $(($(cat /sys/kernel/mm/cma/video@42000000/available_pages) * 4096)) ]
	requires root
	[ "$(jq .largest <<<"$row")" -eq $(($(cat /sys/kernel/debug/cma/video@42000000/maxchunk) * 4096)) ]
	[ "$(jq -c .buffers <<<"$row")" = '{"contiguous":true,"cacheable":true,"protected":false,"source":"kernel, drivers/dma-buf/heaps/cma_heap.c"}' ]
}

@test "an ordinary user sees the same region, and that it may not be opened" {
	requires kernel 6.19
	requires heap video@42000000
	requires user
	[ "$(run_as_user "$DMAHEAP" list --json | jq -c '.list[] | select(.name == "video@42000000") |
		[.base, .size, .access]')" = '["0x42000000",16777216,false]' ]
}

@test "the two names of the default area are marked as one" {
	requires kernel 6.19
	requires heap default_cma_region
	local twin
	twin=$("$DMAHEAP" list --json | jq -r '.list[] | select(.name == "default_cma_region").aliases[0].name')
	[ -d "/sys/kernel/mm/cma/$twin" ]
	[ "$("$DMAHEAP" list --json | jq -c --arg twin "$twin" '.list[] | select(.name == $twin).aliases')" = \
		'[{"name":"default_cma_region","type":"heap"}]' ]
}

@test "before 6.17 the default area has one heap, under the area's name" {
	requires kernel-before 6.17
	requires heap linux,cma
	requires root
	local row
	row=$("$DMAHEAP" list --json | jq -c '.list[] | select(.name == "linux,cma")')
	echo "$row"
	[ "$(jq -c '[.kind, .provenance, .size, .aliases]' <<<"$row")" = \
		'["cma","device-tree",33554432,[]]' ]
	[ "$(jq .free <<<"$row")" -eq $((($(cat /sys/kernel/debug/cma/linux,cma/count) - \
		$(cat /sys/kernel/debug/cma/linux,cma/used)) * 4096)) ]
	[ "$(jq -r .base <<<"$row")" = "$(printf '0x%x' \
		$(($(cat /sys/kernel/debug/cma/linux,cma/base_pfn) * 4096)))" ]
}

@test "info tells where each fact was read" {
	requires kernel 6.19
	requires heap video@42000000
	local json
	json=$("$DMAHEAP" info video@42000000 --json)
	echo "$json"
	[ "$(jq -r '.info.base' <<<"$json")" = 0x42000000 ]
	[ "$(jq -r '.info.counters.alloc_pages_success' <<<"$json")" -eq \
		"$(cat /sys/kernel/mm/cma/video@42000000/alloc_pages_success)" ]
	[ "$(jq -r '.info.sources.free' <<<"$json")" = /sys/kernel/mm/cma/video@42000000/available_pages ]
	[ "$(jq -r '.info.properties.DEVNAME' <<<"$json")" = /dev/dma_heap/video@42000000 ]
	[ "$(jq '[.info.consumers[] | select(.enabled)] | length' <<<"$json")" -ge 1 ]
	run -0 "$DMAHEAP" info video@42000000
	[[ $output == *"0x42000000"*"/sys/"* ]]
}

