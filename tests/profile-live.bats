#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# profile, on this machine.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	requires heap system
	requires root
	saved=$BATS_TEST_TMPDIR/profile
	"$DMAHEAP" profile record "$saved"
}

teardown() {
	[ ! -e /dev/dma_heap/.away ] || mv /dev/dma_heap/.away /dev/dma_heap/system
	[ -z "${mode-}" ] || chmod "$mode" /dev/dma_heap/system
}

@test "on a machine that has not changed nothing is found, whatever is allocated" {
	local pid
	run -0 --separate-stderr "$DMAHEAP" profile verify "$saved"
	[[ $output == *" heaps: 0 errors, 0 warnings, 0 notes" ]]
	coproc held { exec "$DMAHEAP" alloc --heap "$(cma_heap)" --size 1M --hold forever; }
	pid=$held_PID
	read -r _ <&"${held[0]}"
	run -0 --separate-stderr "$DMAHEAP" profile verify "$saved" -q
	kill "$pid"
	wait "$pid" || true
	[ -z "$output$stderr" ]
}

@test "a changed mode and a lost node are found" {
	requires board
	mode=$(stat -c %a /dev/dma_heap/system)
	chmod 640 /dev/dma_heap/system
	run -3 --separate-stderr "$DMAHEAP" profile verify "$saved" -q
	[ "$output" = "system: error: mode is 0640, not 0$mode [heap-changed]" ]
	chmod "$mode" /dev/dma_heap/system
	mv /dev/dma_heap/system /dev/dma_heap/.away
	run -3 --separate-stderr "$DMAHEAP" profile verify "$saved" -q
	[[ $output == *"system: error: there is no such heap"*"[heap-lost]"* ]]
}
