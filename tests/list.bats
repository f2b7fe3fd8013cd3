#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# list and info, on this machine's heaps and on captured machines.
bats_require_minimum_version 1.5.0
load helpers

fixtures=$BATS_TEST_DIRNAME/fixtures/machines

list() {
	"$DMAHEAP" list --json "$@" | jq -c "${filter:-.}"
}

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
	requires heap video@42000000
	requires user
	[ "$(run_as_user "$DMAHEAP" list --json | jq -c '.list[] | select(.name == "video@42000000") |
		[.base, .size, .access]')" = '["0x42000000",16777216,false]' ]
}

@test "the two names of the default area are marked as one" {
	requires heap default_cma_region
	local twin
	twin=$("$DMAHEAP" list --json | jq -r '.list[] | select(.name == "default_cma_region").aliases[0].name')
	[ -d "/sys/kernel/mm/cma/$twin" ]
	[ "$("$DMAHEAP" list --json | jq -c --arg twin "$twin" '.list[] | select(.name == $twin).aliases')" = \
		'[{"name":"default_cma_region","type":"heap"}]' ]
}

@test "info tells where each fact was read" {
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

@test "without /dev/dma_heap: the three usual reasons, exit status 4, and a document with --json" {
	run --separate-stderr "$DMAHEAP" list --sysroot "$BATS_TEST_TMPDIR"
	[ "$status" -eq 4 ] && [ -z "$output" ] && [ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *CONFIG_DMABUF_HEAPS*"not loaded"*container* ]]
	run --separate-stderr "$DMAHEAP" list --json --sysroot "$BATS_TEST_TMPDIR"
	[ "$status" -eq 4 ]
	[ "$(jq -c .list <<<"$output")" = '[]' ]
	run --separate-stderr "$DMAHEAP" info system --sysroot "$BATS_TEST_TMPDIR"
	[ "$status" -eq 4 ] && [ -z "$output" ]
}

@test "the default columns fit 80 columns" {
	local machine
	for machine in "$fixtures"/*/; do
		run -0 "$DMAHEAP" list --sysroot "$machine"
		[ "$(awk '{ if (length > most) most = length } END { print most }' <<<"$output")" -le 80 ]
	done
}

@test "strange things in /dev/dma_heap are left out, and named" {
	local root=$BATS_TEST_TMPDIR
	mkdir -p "$root/dev/dma_heap/folder" "$root/proc"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	echo 'char 666 root root 1:3' >"$root/dev/dma_heap/null"
	echo 'not a node' >"$root/dev/dma_heap/file"
	printf 'Character devices:\n  1 mem\n250 dma_heap\n' >"$root/proc/devices"
	ln -s nowhere "$root/dev/dma_heap/dangling"
	ln -s /etc/passwd "$root/dev/dma_heap/outside"
	ln -s loop "$root/dev/dma_heap/loop"
	ln -s system "$root/dev/dma_heap/alias"
	mkfifo "$root/dev/dma_heap/fifo"
	run --separate-stderr timeout 10 "$DMAHEAP" list -nr -o NAME --sysroot "$root"
	echo "$output" "$stderr"
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "system" ]
	[ "${#stderr_lines[@]}" -eq 7 ]
	[ "$(filter='.list[0].aliases' list --sysroot "$root" -q)" = '[{"name":"/dev/dma_heap/alias","type":"symlink"}]' ]
	run --separate-stderr "$DMAHEAP" list -q -nr -o NAME --sysroot "$root"
	[ -z "$stderr" ]
}

@test "names that a terminal would act on are escaped" {
	local root=$BATS_TEST_TMPDIR name=$'a\e[31mb\nc\x9b'
	mkdir -p "$root/dev/dma_heap"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/$name"
	run -0 "$DMAHEAP" list -n -o NAME --sysroot "$root"
	[ "$output" = 'a\x1b[31mb\x0ac\x9b' ]
	[ "$("$DMAHEAP" list --json --sysroot "$root" | jq -r '.list[0].name')" = $'a\e[31mb\nc\\x9b' ]
	run "$DMAHEAP" info $'x\e[0m' --sysroot "$root"
	[ "$status" -eq 4 ]
	[[ $output != *$'\e'* ]]
}
