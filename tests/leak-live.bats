#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# leak, on this machine's heaps.
bats_require_minimum_version 1.5.0
load helpers

HOLDERS=${DMAHEAP_HOLDERS-$(command -v dmaheap-holders || true)}
LOSERS=${DMAHEAP_LOSERS-$(command -v dmaheap-losers || true)}

setup() {
	requires cma-area
	requires root
	requires debugfs
	heap=$(cma_heap)
	export heap
	made=$BATS_TEST_TMPDIR/made
	started=$BATS_TEST_TMPDIR/started
	# leaves a process with a buffer behind; ends when the buffer is there
	keep="rm -f '$made'; $DMAHEAP alloc --heap $heap --size 64K --set-name kept --hold 1min >'$made' 2>&1 3>&- &
		echo \$! >>'$started'; while [ ! -s '$made' ]; do sleep 0.05; done"
}

teardown() {
	local pid
	[ ! -e "$started" ] || while read -r pid; do
		kill -KILL "$pid" 2>/dev/null || true
	done <"$started"
	wait
}

# leak STATUS ARGUMENT...: runs it with --json
leak() {
	local expected_status=$1 status
	shift
	run --separate-stderr "$DMAHEAP" leak --json "$@"
	echo "$output"
	echo "$stderr"
	# shellcheck disable=SC2154 # run sets it
	[ "$status" -eq "$expected_status" ]
}

# start COMMAND...: in the background, until the test ends
start() {
	"$@" 3>&- &
	echo $! >>"$started"
}

# wait_for COMMAND...: until it succeeds
wait_for() {
	until "$@"; do
		sleep 0.05
	done
}

requires_losers() {
	[ -n "$LOSERS" ] || skip "no dmaheap-losers: build the target losers and set DMAHEAP_LOSERS"
}

# left: exporter (before Linux 5.11 the same of all heaps), number, bytes, cycles, by whom, holder, whether it
# is a leak
left='.leak[] | [(.exporter | IN($ENV.heap, "heap_helpers")), .name, .buffers, .size, .cycles, .kept_by, .holder, .leak]'

@test "a clean command is not blamed, and keeps its exit status" {
	run -0 "$DMAHEAP" leak --cycles 5 -- "$DMAHEAP" alloc -q --heap "$heap" --size 64K --json
	[[ $output == *'0 buffers leaked, 0B, in 5 cycles' ]]
	leak 7 -- sh -c 'exit 7'
	[ "$(jq -c '[.leak, .cycles, .samples, .grown_size, .failed]' <<<"$output")" = '[[],1,0,null,false]' ]
	[ -z "$stderr" ]
	run -127 --separate-stderr "$DMAHEAP" leak -- /nowhere
	[ "$stderr" = 'dmaheap leak: /nowhere: no such file or directory' ]
	[ -z "$output" ]
}

@test "a process that the command leaves behind is found in each cycle, with its buffers" {
	leak 3 --cycles 4 --settle 300ms -- sh -c "$keep"
	[ "$(jq -c "$left" <<<"$output")" = '[true,"kept",4,262144,4,"command","dmaheap",true]' ]
	[ "$(jq -c '[.cycles, .size, .buffers, .failed]' <<<"$output")" = '[4,262144,4,true]' ]
	# each of them is there
	[ "$("$DMAHEAP" buffers --name kept --json | jq -c '[.buffers[].inode] | sort')" = \
		"$(jq -c '.leak[0].inodes | sort' <<<"$output")" ]
	leak 0 --fail-over 64K --settle 300ms -- sh -c "$keep"
	run -3 "$DMAHEAP" leak --format junit --settle 300ms -- sh -c "$keep"
	[[ $output == *'<failure type="leak" message="1 buffer leaked, 64K, in 1 cycle">after: exporter '*', name kept: 1 buffer, 64K, kept by command (dmaheap), a leak: '*'</failure>'* ]]
}

@test "a buffer is found that a process makes once the command has ended" {
	leak 3 --settle 3s -- \
		sh -c "(while kill -0 \$\$; do sleep 0.05; done; $keep) >/dev/null 2>&1 3>&- &"
	[ "$(jq -c "$left" <<<"$output")" = '[true,"kept",1,65536,1,"command","dmaheap",true]' ]
	leak 0 --settle 100ms -- sh -c "sleep 60 >/dev/null 2>&1 3>&- & echo \$! >>'$started'"
	[[ $stderr == *'processes that it started still run: what they allocate from now on is unknown; a longer --settle may help'* ]]
}

@test "what is kept once is no leak, nor what another program does meanwhile" {
	leak 0 --cycles 4 --settle 300ms -- \
		sh -c "[ -e '$BATS_TEST_TMPDIR/once' ] || { : >'$BATS_TEST_TMPDIR/once'; $keep; }"
	[ "$(jq -c "$left" <<<"$output")" = '[true,"kept",1,65536,1,"command","dmaheap",false]' ]
	# another program: not below dmaheap leak
	rm "$made"
	(wait_for test -e "$BATS_TEST_TMPDIR/go"; eval "$keep") 3>&- &
	leak 0 --settle 300ms -- sh -c ": >'$BATS_TEST_TMPDIR/go'; while [ ! -s '$made' ]; do sleep 0.05; done"
	[ "$(jq -c "$left" <<<"$output")" = '[true,"kept",1,65536,1,"other","dmaheap",false]' ]
}

@test "what only the kernel holds is found" {
	requires module vgem
	[ -n "$HOLDERS" ] || skip "no dmaheap-holders: build the target holders and set DMAHEAP_HOLDERS"
	mkfifo "$BATS_TEST_TMPDIR/in"
	exec {in}<>"$BATS_TEST_TMPDIR/in"
	leak 3 --settle 300ms -- \
		sh -c "'$HOLDERS' $heap device <'$BATS_TEST_TMPDIR/in' >'$BATS_TEST_TMPDIR/out' 2>/dev/null 3>&- &
			echo \$! >>'$started'; while [ ! -s '$BATS_TEST_TMPDIR/out' ]; do sleep 0.05; done"
	exec {in}>&-
	[ "$(jq -c "$left" <<<"$output")" = '[true,"device",1,1048576,1,"nobody","vgem",true]' ]
}

@test "a server that loses a buffer in each cycle is found, and one that does not is not" {
	requires module vgem
	requires_losers
	local way expected
	local -A status_of=([n]=0 ["["]=3)
	while read -r way expected; do
		start "$LOSERS" "$heap" serve "$way" "$BATS_TEST_TMPDIR/$way"
		wait_for test -S "$BATS_TEST_TMPDIR/$way"
		leak "${status_of[${expected:0:1}]}" --cycles 4 -- "$LOSERS" "$heap" send "$BATS_TEST_TMPDIR/$way"
		[ "$(jq -c '.leak[0] | [.name, .buffers, .size, .cycles, .kept_by, .holder, .leak]' <<<"$output")" = \
			"${expected/null/[null,null,null,null,null,null,null]}" ]
	done <<-END
		descriptor ["lost-*",4,262144,4,"other","dmaheap-losers",true]
		mapping ["lost-*",4,262144,4,"other","dmaheap-losers",true]
		device ["lost-*",4,262144,4,"nobody","vgem",true]
		nothing null
	END
}

@test "a program that loses buffers while it runs is found, and one that does not is not" {
	requires_losers
	# as long as a sample takes, however busy the machine is
	local pause="$DMAHEAP buffers >/dev/null 2>&1"
	leak 3 --during 10ms -- "$LOSERS" "$heap" run mapping 24 "$pause"
	[ "$(jq -c '.leak[] | [.when, .name, .cycles, .kept_by, .holder, .leak, .buffers > 2, .size == .buffers * 65536]' <<<"$output")" = \
		'["during","lost-*",null,"command","dmaheap-losers",true,true,true]' ]
	[ "$(jq -c '[.size, .grown_size == .leak[0].size, .grown_buffers == .leak[0].buffers, .samples >= 9]' <<<"$output")" = \
		'[0,true,true,true]' ]
	leak 0 --during 10ms -- "$LOSERS" "$heap" run nothing 24 "$pause"
	[ "$(jq -c '[.leak, .grown_size, .grown_buffers, .failed]' <<<"$output")" = '[[],0,0,false]' ]
	leak 5 --during 1s -- sh -c 'exit 5'
	[[ $stderr == *'it ended after 0 of at least 9 samples: whether buffers grow within it is unknown'* ]]
	run -2 "$DMAHEAP" leak --during 1s --cycles 2 -- true
}
