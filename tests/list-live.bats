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
	[ "$("$DMAHEAP" list --json | jq -r '.list[] | "\(.name) \(.mode) \(.owner) \(.group) \(.device)"')" = \
		"$(cd /dev/dma_heap && LC_ALL=C stat -c '%n %A %U %G' -- * | while read -r heap facts; do
			echo "$heap $facts $(cat "/sys/class/dma_heap/$heap/dev")"
		done)" ]
}

@test "the region of video@42000000 is that of the device tree, its free memory that of the kernel" {
	requires kernel 6.19
	requires heap video@42000000
	local row
	requires root
	row=$("$DMAHEAP" list --json | jq -c '.list[] | select(.name == "video@42000000")
		| [.base, .size, .kind, .provenance, .free, .largest, .buffers]')
	echo "$row"
	[ "$row" = "$(printf '["0x42000000",16777216,"cma","device-tree",%d,%d,%s]' \
		$(($(cat /sys/kernel/mm/cma/video@42000000/available_pages) * 4096)) \
		$(($(cat /sys/kernel/debug/cma/video@42000000/maxchunk) * 4096)) \
		'{"contiguous":true,"cacheable":true,"protected":false,"source":"kernel, drivers/dma-buf/heaps/cma_heap.c"}')" ]
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
	twin=$("$DMAHEAP" list --json | jq -er '
		(.list[] | select(.name == "default_cma_region").aliases[0].name) as $twin
		| if [.list[] | select(.name == $twin).aliases] == [[{name: "default_cma_region", type: "heap"}]]
			then $twin else null end')
	[ -d "/sys/kernel/mm/cma/$twin" ]
}

@test "before 6.17 the default area has one heap, under the area's name" {
	requires kernel-before 6.17
	requires heap linux,cma
	requires root
	local row debugfs
	debugfs=$(cma_debugfs linux,cma)
	row=$("$DMAHEAP" list --json | jq -c '.list[] | select(.name == "linux,cma")
		| [.kind, .provenance, .size, .aliases, .free, .base]')
	echo "$row"
	[ "$row" = "$(printf '["cma","device-tree",33554432,[],%d,"0x%x"]' \
		$((($(<"$debugfs/count") - $(<"$debugfs/used")) * 4096)) $(($(<"$debugfs/base_pfn") * 4096)))" ]
}

@test "a link elsewhere in /dev is known from udev, which is asked for that column only" {
	requires board # udev's own files are not for tests to write elsewhere
	requires library libudev
	requires heap system
	requires command strace
	local number database arguments
	number=$(printf '%d:%d' "$(stat -c 0x%t /dev/dma_heap/system)" "$(stat -c 0x%T /dev/dma_heap/system)")
	database=/run/udev/data/c$number
	[ ! -e "$database" ] || skip "udev knows this heap"
	mkdir -p "${database%/*}"
	printf 'S:test-vidbuf\n' >"$database"
	run "$DMAHEAP" list --json -o NAME,ALIASES
	rm "$database"
	[ "$(jq -c '.list[] | select(.name == "system").aliases' <<<"$output")" = \
		'[{"name":"/dev/test-vidbuf","type":"symlink"}]' ]
	strace -f -o "$BATS_TEST_TMPDIR/calls" "$DMAHEAP" list
	grep -qF "\"$database\"" "$BATS_TEST_TMPDIR/calls"
	for arguments in 'list -o NAME,FREE' 'alloc --heap system --size 4K'; do
		# shellcheck disable=SC2086 # words
		strace -f -o "$BATS_TEST_TMPDIR/calls" "$DMAHEAP" $arguments
		run -1 grep -F "\"$database\"" "$BATS_TEST_TMPDIR/calls"
	done
}

@test "for names alone nothing but the directory of the heaps is opened" {
	requires heap
	requires command strace
	ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=open,openat,openat2 -o "$BATS_TEST_TMPDIR/calls" \
		"$DMAHEAP" list -o NAME
	grep -qF '"/dev/dma_heap"' "$BATS_TEST_TMPDIR/calls"
	run -1 grep -E '"/(dev/dma_heap/|run/udev|sys/(kernel|firmware|class)|proc/(devices|device-tree|meminfo|config.gz))|"/etc/(passwd|group)' \
		"$BATS_TEST_TMPDIR/calls"
}

@test "info shows where each fact was read" {
	requires kernel 6.19
	requires heap video@42000000
	local json
	json=$("$DMAHEAP" info video@42000000 --json)
	echo "$json"
	jq -e --argjson success "$(cat /sys/kernel/mm/cma/video@42000000/alloc_pages_success)" '.info
		| .base == "0x42000000" and .counters.alloc_pages_success == $success
		and .sources.free == "/sys/kernel/mm/cma/video@42000000/available_pages"
		and .properties.DEVNAME == "/dev/dma_heap/video@42000000"
		and any(.consumers[]; .enabled)' <<<"$json"
	run -0 "$DMAHEAP" info video@42000000
	[[ $output == *"0x42000000"*"/sys/"* ]]
}

@test "whether a heap is cached is measured where that can be told, and nothing is guessed in an emulator" {
	requires heap system
	requires root
	run -0 --separate-stderr "$DMAHEAP" info system --measure --json
	jq -e '.info.cacheability | .load_ns > 0 and .uncached_load_ns > 0' <<<"$output"
	if [ -n "${DMAHEAP_BOARD-}" ]; then
		jq -e '.info.cacheability.verdict == "cannot be told here"' <<<"$output"
	else
		# all heaps of the kernel itself are cached
		jq -e '.info.cacheability.verdict | IN("cached", "not clear", "cannot be told here")' <<<"$output"
	fi
	run -0 --separate-stderr "$DMAHEAP" info system --json
	jq -e '.info | .cacheability == null and has("cacheability") and .contiguity == null and has("contiguity")' <<<"$output"
}

@test "what a heap made is counted, also of the system heap, and its holders are named" {
	requires kernel 5.15
	requires heap system
	requires root
	requires debugfs
	local before
	before=$("$DMAHEAP" list --json | jq -c '.list[] | select(.name == "system") | [.count, .used]')
	# shellcheck disable=SC2016
	"$DMAHEAP" alloc --heap system --size 64K --count 3 -- sh -c '
		dmaheap=$1 before=$2
		"$dmaheap" list --json | jq -e --argjson before "$before" \
			".list[] | select(.name == \"system\") | [.count - 3, .used - 196608] == \$before"
		"$dmaheap" info system --json | jq -e --argjson pid $$ \
			".info.holders.processes[] | select(.pid == \$pid) | [.buffers, .size] == [3, 196608]"
	' sh "$DMAHEAP" "$before" >"$BATS_TEST_TMPDIR/out"
	[ "$(tail -n 2 "$BATS_TEST_TMPDIR/out")" = $'true\ntrue' ]
	[ "$("$DMAHEAP" list --json | jq -c '.list[] | select(.name == "system") | [.count, .used]')" = "$before" ]
	# whatever other columns are shown
	[ "$("$DMAHEAP" list -nr -o NAME,USED)" = "$("$DMAHEAP" list -nr -o NAME,USED,KIND | cut -d ' ' -f 1,2)" ]
}
