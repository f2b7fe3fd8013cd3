#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# alloc with other processes, and with a heap until it is full.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "buffers are passed to another process, whichever starts first" {
	requires heap
	local heap first
	# shellcheck disable=SC2016 # the receiver's shell expands it
	local save='for fd in $DMAHEAP_FDS; do "$DMAHEAP" io --fd $fd --write - -q >>copy; done'
	local receive=("$DMAHEAP" alloc --receive socket --json -- sh -c "$save")
	head -c 1048576 /dev/zero | tr '\0' '\252' >expected
	for heap in $("$DMAHEAP" list -nr -o NAME); do
		local send=("$DMAHEAP" alloc --heap "$heap" --total 1M --size 256K --fill 170 --send socket --json)
		for first in sender receiver; do
			rm -f copy
			if [ $first = receiver ]; then
				"${receive[@]}" >received 3>&- &
				while ! [ -S socket ]; do sleep 0.02; done
				"${send[@]}" >sent
			else
				"${send[@]}" >sent 3>&- &
				"${receive[@]}" >received
			fi
			wait $!
			jq -es 'map([.alloc[] | {inode, size, exporter}]) | .[0] == .[1] and (.[0] | length) == 4' \
				sent received
			cmp expected copy
			[ ! -e socket ]
		done
	done
}

@test "a receiver that fails fails the sender; one that never comes is not waited for" {
	requires heap system
	"$DMAHEAP" alloc --receive socket -- false >out 2>&1 3>&- &
	run -1 --separate-stderr "$DMAHEAP" alloc --heap system --size 4K --send socket
	[[ $stderr == *"socket: the other process ended before it was done" ]]
	status=0
	wait $! || status=$?
	[ "$status" -ne 0 ]
	run -1 --separate-stderr "$DMAHEAP" alloc --heap system --size 4K --send socket --timeout 200ms
	[[ $stderr == *"not there, or not done, within 200 ms"* ]]
	run -1 --separate-stderr "$DMAHEAP" alloc --receive socket --timeout 200ms
	[ ! -e socket ]
}

@test "a socket's file is never replaced" {
	echo precious >socket
	run -1 --separate-stderr "$DMAHEAP" alloc --receive socket
	[[ $stderr == *"exists already"* ]]
	[ "$(cat socket)" = precious ]
}

@test "access: what the descriptor may is what the mapping may" {
	requires heap system
	run -0 "$DMAHEAP" alloc --heap system --size 4K --access ro --check-zero -- \
		sh -c 'grep ^flags "/proc/self/fdinfo/$DMAHEAP_FDS"'
	[[ ${lines[-1]} == flags:*0 ]]
	run -0 "$DMAHEAP" alloc --heap system --size 4K --access wo -- \
		sh -c 'grep ^flags "/proc/self/fdinfo/$DMAHEAP_FDS"'
	[[ ${lines[-1]} == flags:*1 ]]
	run -2 "$DMAHEAP" alloc --heap system --size 4K --access wo --map
	run -2 "$DMAHEAP" alloc --heap system --size 4K --access ro --fill 1
	run -2 "$DMAHEAP" alloc --heap system --size 4K --access rx
}

@test "a total is reached exactly" {
	requires heap system
	run -0 "$DMAHEAP" alloc --heap system --total 10M --size 4M --json
	[ "$(jq -c '[.alloc[].size]' <<<"$output")" = '[4194304,4194304,2097152]' ]
	run -0 "$DMAHEAP" alloc --heap system --total 2M --json
	[ "$(jq -c '[.alloc[].size]' <<<"$output")" = '[2097152]' ]
	run -2 "$DMAHEAP" alloc --heap system --total 2M --count 2
}

@test "until full: the pieces are the free memory, and all of it comes back" {
	requires cma-area
	local heap before
	heap=$(cma_heap)
	before=$(available "$heap")
	run -0 --separate-stderr "$DMAHEAP" alloc --heap "$heap" --size 5M --until-full --json
	jq -e --argjson free $((before * 4096)) '([.alloc[].total] | add) == $free
		and .alloc[0].size == 5242880 and (.alloc | all(.size * .pieces == .total))' <<<"$output"
	[ "$(available "$heap")" -eq "$before" ]
	# no size is too much to begin with: what fits is found all the same
	run -0 --separate-stderr "$DMAHEAP" alloc --heap "$heap" --size 0xffffffffffffffff --until-full --json
	[ "$(jq '[.alloc[].total] | add' <<<"$output")" -eq $((before * 4096)) ]
}

@test "until full is refused where there may be no limit" {
	requires heap system
	run -1 --separate-stderr "$DMAHEAP" alloc --heap system --size 1M --until-full
	[[ $stderr == *"OOM killer"*--force* ]]
	run -2 "$DMAHEAP" alloc --heap system --size 1M --until-full --hold 1s
}

@test "a refused allocation names who holds the memory, also while processes come and go" {
	requires cma-area
	requires root
	local heap pid come_and_go holder
	heap=$(cma_heap)
	while :; do /bin/true; done 3>&- &
	come_and_go=$!
	coproc "$DMAHEAP" alloc --heap "$heap" --size 8M --hold forever
	pid=$COPROC_PID
	read -r _ <&"${COPROC[0]}"
	read -r _ <&"${COPROC[0]}"
	for _ in {1..8}; do
		run -1 --separate-stderr "$DMAHEAP" alloc --heap "$heap" --size 30M
		echo "$stderr"
		grep -E ': held by |the heap is unknown' <<<"$stderr" >>held
	done
	kill "$pid" "$come_and_go"
	holder="held by process $pid (dmaheap): 8M in 1 buffer"
	# before 5.13 the kernel does not tell the buffers of heaps apart
	version_at_least "$(uname -r)" 5.13 ||
		holder="of 1 buffer, 8M, the heap is unknown; 'dmaheap buffers' shows who holds them"
	[ "$(sort -u held)" = "dmaheap alloc: $heap: $holder" ]
	[ "$(wc -l <held)" -eq 8 ]
}
