#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The carve-out heap: a driver that mainline does not have, loaded on the board. Its buffers are put to
# the test by tests/board/prove-suite. One boot for each kernel; each test looks at a part of it. `tests/run
# --full` says in DMAHEAP_KERNELS that it is all of them.
bats_require_minimum_version 1.5.0

heap=memory@51000000
read -ra kernels <<<"${DMAHEAP_KERNELS-new old}"

# What is run on the board; a line "== NAME" begins each part.
on_the_board() {
	heap=memory@51000000
	module=/usr/lib/modules/extra/carveout-heap.ko
	address=0x$(sed -n 's/ T dma_heap_add$//p' /proc/kallsyms)
	part() {
		echo "== $1"
		shift
		"$@" 2>&1
		echo "status $?"
	}

	warnings() { dmesg --notime --level=emerg,alert,crit,err,warn | tail -n "+$1"; }
	boot=$(warnings 1 | wc -l)
	part before ls /dev/dma_heap
	part load insmod $module heap_add="$address"
	part twice insmod $module heap_add="$address"
	part list dmaheap list --json
	part info dmaheap info $heap --json
	part unload-idle rmmod carveout_heap
	dmaheap alloc --heap $heap --size 1M --hold forever >/tmp/held &
	while ! grep -q 1M /tmp/held; do sleep 0.05; done
	part unload-used rmmod carveout_heap
	kill %1
	wait
	part alloc dmaheap alloc --heap $heap --total 8M --size 1M --check-zero --fill random --verify
	part full dmaheap alloc --heap $heap --size 3M --until-full --json
	part too-much dmaheap alloc --heap $heap --size 3M --count 3
	part map dmaheap map --prove --json
	part names dmaheap lint-names --format json
	part test dmaheap test --heap $heap --suite heap --suite limits --suite zero --allow noise --format ktap
	echo 1 >/sys/module/carveout_heap/parameters/unmappable
	part measure dmaheap info $heap --measure --json
	part bench dmaheap bench --heap $heap --case alloc,fill --size 4K --time 10ms -q -n -r -o CASE,HEAP
	echo 0 >/sys/module/carveout_heap/parameters/unmappable
	part log warnings $((boot + 1))
}

setup_file() {
	board=$BATS_TEST_DIRNAME/board/board
	[ -x "$board" ] || skip "no board here"
	for kernel in "${kernels[@]}"; do
		"$board" --quiet --kernel "$kernel" run -- bash -c "$(declare -f on_the_board); on_the_board" \
			>"$BATS_FILE_TMPDIR/$kernel"
	done
}

# got KERNEL NAME: the output of a part, the last line is its status
got() {
	awk -v name="$2" '$1 == "==" { inside = $2 == name; next } inside' "$BATS_FILE_TMPDIR/$1"
}

# json KERNEL NAME: the document among it
json() {
	got "$1" "$2" | sed -n '/^{/,/^}/p'
}

@test "the module makes a heap with the full name of the node, once" {
	for kernel in "${kernels[@]}"; do
		got "$kernel" before
		! got "$kernel" before | grep -qx $heap || return 1
		[ "$(got "$kernel" load)" = "status 0" ]
		[[ $(got "$kernel" twice) == *"File exists"*"status 1" ]]
		[ "$(json "$kernel" list | jq "[.list[] | select(.name == \"$heap\")] | length")" -eq 1 ]
	done
}

@test "it is known for a carve-out, with the region of the device tree" {
	for kernel in "${kernels[@]}"; do
		json "$kernel" list | jq ".list[] | select(.name == \"$heap\")"
		[ "$(json "$kernel" list | jq -c ".list[] | select(.name == \"$heap\") | [.kind, .base, .size]")" = \
			'["carve-out","0x51000000",8388608]' ]
		[ "$(got "$kernel" info | tail -n 1)" = "status 0" ]
	done
}

@test "it can't be unloaded, in use or not: no kernel removes a heap" {
	for kernel in "${kernels[@]}"; do
		[[ $(got "$kernel" unload-idle) == *"resource busy"*"status 1" ]]
		[[ $(got "$kernel" unload-used) == *"in use"*"status 1" || \
			$(got "$kernel" unload-used) == *"resource busy"*"status 1" ]]
	done
}

@test "buffers are allocated, zero, written and read, to the last byte of the region" {
	for kernel in "${kernels[@]}"; do
		[ "$(got "$kernel" alloc | wc -l)" -eq 10 ]
		[ "$(got "$kernel" alloc | tail -n 1)" = "status 0" ]
		[ "$(json "$kernel" full | jq '[.alloc[].total] | add')" -eq 8388608 ]
		[ "$(json "$kernel" full | jq -c '[.alloc[0] | .size, .pieces]')" = '[3145728,2]' ]
	done
}

@test "exhaustion is refused and explained" {
	for kernel in "${kernels[@]}"; do
		[[ $(got "$kernel" too-much) == *"cannot allocate memory: asked for 3M after 2 buffers"*"8M in all"*"status 1" ]]
	done
}

@test "map --prove can't measure it, and says that it knows the link by the name" {
	local links
	for kernel in "${kernels[@]}"; do
		expected='status 0 ["name","no-area"]'
		[ "$kernel" != 5.10 ] || expected='status 4 ["name","impossible"]' # no counters
		links=$(json "$kernel" map | jq -c "[.map[].heaps[] | select(.name == \"$heap\") | .link, .proof.result]")
		[ "$(got "$kernel" map | tail -n 1) $links" = "$expected" ]
	done
}

@test "what cannot be measured of buffers that cannot be mapped is left out, with the reason" {
	for kernel in "${kernels[@]}"; do
		[[ $(got "$kernel" measure) == *"dmaheap info: $heap: mapping a buffer: "*"status 1" ]]
		json "$kernel" measure | jq -e ".info | .name == \"$heap\" and .size == 8388608 and .cacheability == null
			and (.sources.cacheability | startswith(\"not measured: mapping a buffer: \"))"
		[ "$(got "$kernel" bench)" = "alloc anonymous
alloc $heap
fill anonymous
status 0" ]
	done
}

@test "lint-names sees its name" {
	for kernel in "${kernels[@]}"; do
		[[ $(got "$kernel" names) == *"$heap"* ]]
	done
}

@test "the tests pass there, and the kernel logs no warning" {
	for kernel in "${kernels[@]}"; do
		got "$kernel" test | grep -v "^    ok" || true
		[[ $(got "$kernel" test) == *"ok 1 $heap"*"status 0" ]]
		[[ $(got "$kernel" test) != *"not ok"* ]]
		[ "$(got "$kernel" log | grep -cv '^\(status\|carveout_heap: loading out-of-tree\)')" -eq 0 ]
	done
}
