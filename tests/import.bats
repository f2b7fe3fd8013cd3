#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# import, where there is nothing that it could try.
bats_require_minimum_version 1.5.0
load helpers

# said STATUS MESSAGE ARG...: one line, nothing on standard output
said() {
	run --separate-stderr "$DMAHEAP" import "${@:3}"
	echo "$status $stderr"
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[[ $stderr == "dmaheap import: "$2 ]]
}

@test "what does not go together is said" {
	said 2 "--choose and --output must not be combined" --choose --output HEAP
	said 2 "--sync and --choose must not be combined" --sync --choose
	said 2 "--data and --choose must not be combined" --data --choose
	said 2 "--dry-run and --data must not be combined" --dry-run --data
	said 2 "--timeout takes *" --timeout 0
	said 2 "--output: unknown column 'X'*" --output X
}

@test "the machine alone is asked: there is no --sysroot" {
	said 2 "--sysroot: this command needs the live machine" --sysroot /
}

@test "without heaps it says so" {
	requires no-heaps
	[ ! -e /dev/dma_heap ] || skip "the directory is there"
	said 4 "/dev/dma_heap: no such directory: *"
}
