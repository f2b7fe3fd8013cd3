#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# leak, on this machine's heaps.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	requires cma-area
	requires root
	requires debugfs
	heap=$(cma_heap)
	# ends when the buffer is there
	local made=$BATS_TEST_TMPDIR/made
	keep="rm -f '$made'; $DMAHEAP alloc --heap $heap --size 64K --set-name kept --hold 1min >'$made' 2>&1 3>&- &
		while [ ! -s '$made' ]; do sleep 0.05; done"
}

teardown() {
	pkill -KILL -f -- '--set-name kept' || true
	pkill -KILL -x dmaheap-holders || true
	wait
}

# left: exporter (before Linux 5.11 the same of all heaps), number, bytes, cycles, by whom, holder, whether it
# is a leak
left='.leak[] | [(.exporter | IN($ENV.heap, "heap_helpers")), .name, .buffers, .size, .cycles, .kept_by, .holder, .leak]'

@test "a clean command is not blamed, and keeps its exit status" {
	run -0 "$DMAHEAP" leak --cycles 5 -- "$DMAHEAP" alloc -q --heap "$heap" --size 64K --json
	[[ $output == *'0 buffers leaked, 0B, in 5 cycles' ]]
	run -7 "$DMAHEAP" leak --json -- sh -c 'exit 7'
	[ "$(jq -c '[.leak, .cycles, .failed]' <<<"$output")" = '[[],1,false]' ]
	run -127 --separate-stderr "$DMAHEAP" leak -- /nowhere
	[ "$stderr" = 'dmaheap leak: /nowhere: no such file or directory' ]
	[ -z "$output" ]
}

@test "a process that the command leaves behind is found in each cycle, with its buffers" {
	export heap
	run -3 "$DMAHEAP" leak --cycles 4 --settle 300ms --json -- sh -c "$keep"
	echo "$output"
	[ "$(jq -c "$left" <<<"$output")" = '[true,"kept",4,262144,4,"command","dmaheap",true]' ]
	[ "$(jq -c '[.cycles, .size, .buffers, .failed]' <<<"$output")" = '[4,262144,4,true]' ]
	# each of them is there
	[ "$("$DMAHEAP" buffers --name kept --json | jq -c '[.buffers[].inode] | sort')" = \
		"$(jq -c '.leak[0].inodes | sort' <<<"$output")" ]
	run -0 "$DMAHEAP" leak --fail-over 64K --settle 300ms -- sh -c "$keep"
	run -3 "$DMAHEAP" leak --format junit --settle 300ms -- sh -c "$keep"
	[[ $output == *'<failure'*'1 buffer leaked, 64K, in 1 cycle'* ]]
}

@test "what is kept once is no leak, nor what another program does meanwhile" {
	export heap
	run -0 "$DMAHEAP" leak --cycles 4 --settle 300ms --json -- \
		sh -c "[ -e '$BATS_TEST_TMPDIR/once' ] || { : >'$BATS_TEST_TMPDIR/once'; $keep; }"
	echo "$output"
	[ "$(jq -c "$left" <<<"$output")" = '[true,"kept",1,65536,1,"command","dmaheap",false]' ]
	pkill -KILL -f -- '--set-name kept'
	# another program: not below dmaheap leak
	(sleep 0.5; eval "$keep") 3>&- &
	run -0 "$DMAHEAP" leak --settle 300ms --json -- sleep 1.5
	echo "$output"
	[ "$(jq -c "$left" <<<"$output")" = '[true,"kept",1,65536,1,"other","dmaheap",false]' ]
}

@test "what only the kernel holds is found" {
	requires module vgem
	local holders
	holders=${DMAHEAP_HOLDERS-$(command -v dmaheap-holders || true)}
	[ -n "$holders" ] || skip "no dmaheap-holders: build the target holders and set DMAHEAP_HOLDERS"
	export heap
	mkfifo "$BATS_TEST_TMPDIR/in"
	exec {in}<>"$BATS_TEST_TMPDIR/in"
	run -3 "$DMAHEAP" leak --settle 300ms --json -- \
		sh -c "'$holders' $heap device <'$BATS_TEST_TMPDIR/in' >'$BATS_TEST_TMPDIR/out' 2>/dev/null 3>&- &
			while [ ! -s '$BATS_TEST_TMPDIR/out' ]; do sleep 0.05; done"
	exec {in}>&-
	echo "$output"
	[ "$(jq -c "$left" <<<"$output")" = '[true,"device",1,1048576,1,"nobody","vgem",true]' ]
}
