#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Why a CMA area has no room for a buffer: each cause made on purpose, asked before (info --size) and told after
# (alloc).
bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	heap=$(cma_heap)
	holders=()
}

teardown() {
	kill "${holders[@]}" 2>/dev/null || true
	wait
}

# hold SIZE: a process that holds a buffer; false: it was refused
hold() {
	local pid
	"$DMAHEAP" alloc --heap "$heap" --size "$1" --hold forever >held 2>/dev/null 3>&- &
	pid=$!
	while [ "$(wc -l <held)" -lt 2 ]; do
		kill -0 "$pid" 2>/dev/null || return 1
		sleep 0.02
	done
	holders+=("$pid")
}

# let_go INDEX...: those processes end
let_go() {
	local index
	for index in "$@"; do
		kill "${holders[index]}"
		wait "${holders[index]}" || true
		unset "holders[index]"
	done
}

# asked SIZE: what info says of the room
asked() {
	"$DMAHEAP" info --json --size "$1" "$heap" | jq -c '.info.room'
}

# refused SIZE: what alloc says, without the first line
refused() {
	run -1 --separate-stderr "$DMAHEAP" alloc --heap "$heap" --size "$1"
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == "dmaheap alloc: $heap: cannot allocate memory: asked for "* ]]
	printf '%s\n' "${stderr_lines[@]:1}"
}

@test "a buffer of a size that is free may have no run, and the buffers that are in the way are named" {
	requires cma-area
	requires root
	requires kernel 5.13 # before, the kernel does not tell the buffers of heaps apart
	local size
	while hold 1M; do :; done
	size=${#holders[@]}
	[ "$size" -ge 8 ]
	# none is free, and no single one would make room for two
	[ "$(asked 2M | jq -c '[.fits, .verdict]')" = '[false,"too-little"]' ]
	refused 2M
	[[ $stderr != *"in one run: the longest"* ]]
	# 1M, 1M, and 1M again, with one between them
	let_go $((size - 2)) $((size - 4)) $((size - 6))
	[ "$(asked 1M | jq -c '[.fits, .verdict, .asked, .alignment, .releases]')" = '[true,"fits",1048576,1048576,[]]' ]
	[ "$(asked 2M | jq -c '[.fits, .verdict, .largest_run, .largest_buffer]')" = '[false,"no-run",1048576,1048576]' ]
	# without the first of these two there is room for two in three places, without the other as well
	"$DMAHEAP" info --size 3M "$heap" >out
	cat out
	grep -E '^room +no: enough is free, but not in one run: the longest is 1M +/sys/kernel/debug/cma/' out
	[ "$(grep -cE "^room without +the one at 0x[0-9a-f]+ of $((size - 3)) buffers of 1M each" out)" -eq 2 ]
	refused 3M
	[[ $stderr == *"enough is free, but not in one run: the longest is 1M"* ]]
	[ "$(grep -cE "it would fit without the one at 0x[0-9a-f]+ of $((size - 3)) buffers of 1M each$" <<<"$stderr")" -eq 2 ]
	# and so it is
	let_go $((size - 3))
	[ "$(asked 3M | jq .fits)" = true ]
	"$DMAHEAP" alloc --heap "$heap" --size 3M
}

@test "a run that is long enough may have no place where a buffer begins" {
	requires cma-area
	requires root
	requires kernel 6.19 # nothing else is in the area of that heap
	hold 1M
	hold 4K
	# from page 257 of 4096 on: a buffer of more than 1M begins at page 512
	[ "$(asked 14M | jq -c '[.fits, .alignment]')" = '[true,1048576]' ]
	"$DMAHEAP" alloc --heap "$heap" --size 14M
	[ "$(asked 14848K | jq -c '[.fits, .verdict, .largest_run, .largest_buffer]')" = \
		"[false,\"no-place\",$((3839 * 4096)),$((14 << 20))]" ]
	refused 14848K
	[[ $stderr == *"a run of 14.9M is free, but a buffer of 14.5M begins at a multiple of 1M; 14M would fit"* ]]
	[[ $stderr == *"it would fit without buffer "*"(4K at 0x"*", held by ${holders[1]} (dmaheap))"* ]]
	[[ $stderr != *"(1M at 0x"* ]]
	let_go 1
	"$DMAHEAP" alloc --heap "$heap" --size 14848K
}

@test "what is larger than the area is told from what is not free, also to a user" {
	requires cma-area
	local size
	size=$("$DMAHEAP" info --json "$heap" | jq .info.size)
	[ "$(asked $((size + 1)) | jq -c '[.fits, .verdict]')" = '[false,"too-large"]' ]
	[ "$(asked 4K | jq -c .fits)" = true ] || [ "$(id -u)" -ne 0 ]
	"$DMAHEAP" info --size $((size + 1)) "$heap" | grep -E '^room +no: it is larger than the memory of the heap, [0-9.]+M in all '
	refused $((size + 1))
}

@test "of a heap without an area it is unknown whether there is room" {
	requires heap system
	[ "$("$DMAHEAP" info --json --size 1M system | jq -c '[.info.room | .fits, .verdict]')" = '[null,null]' ]
	"$DMAHEAP" info --size 1M system | grep -E '^room +- +known for CMA areas only$'
}
