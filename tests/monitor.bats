#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# monitor, where nothing happens.
# shellcheck disable=SC2016 # a shell's in quotes
bats_require_minimum_version 1.5.0
load helpers

# said STATUS MESSAGE ARG...: one line, nothing on standard output
said() {
	run --separate-stderr timeout 10 "$DMAHEAP" monitor "${@:3}"
	echo "$status $stderr"
	[ "$status" -eq "$1" ]
	[ -z "$output" ]
	[[ $stderr == "dmaheap monitor: "$2 ]]
}

@test "what an option does not take is said" {
	said 2 "--count takes *" --count 0
	said 2 "--threshold takes a number from 1 to 100, not '101'" --threshold 101
	said 2 "--threshold takes *" --threshold ten
	said 2 "--interval takes *" --interval 1ms
	said 2 "--stuck takes *" --stuck 0
	said 2 "--count and COMMAND must not be combined" --count 1 -- true
	said 2 "--sysroot: this command needs the live machine" --sysroot /
}

@test "a command's exit status is passed on, and one that is not there is said" {
	run -7 --separate-stderr "$DMAHEAP" monitor -q -- sh -c 'exit 7'
	[ -z "$stderr" ]
	run -137 "$DMAHEAP" monitor -q -- sh -c 'kill -9 $$'
	run -127 --separate-stderr "$DMAHEAP" monitor -q -- /no/such/command
	[ "$stderr" = "dmaheap monitor: /no/such/command: no such file or directory" ]
}

@test "a stop signal ends it, and is no failure; what it runs gets the signal" {
	"$DMAHEAP" monitor -q >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	while [[ $(cat "/proc/$!/wchan") != *poll* ]]; do sleep 0.05; done
	kill -TERM $!
	wait $!
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	run -143 "$DMAHEAP" monitor -q -- sh -c 'kill -TERM $PPID; sleep 10'
}

@test "what nobody can see here is refused" {
	requires no-heaps
	[ ! -d /sys/kernel/mm/cma ] || skip "CMA areas are here"
	said 4 "--threshold: no CMA area is here whose usage is known; *" --threshold 50
}

@test "without tracefs, or the right to it, it says what is not seen" {
	requires user
	[ ! -d /sys/kernel/mm/cma ] || skip "CMA areas are here"
	run -0 --separate-stderr run_as_user "$DMAHEAP" monitor -- true
	[ -z "$output" ]
	[[ $stderr == *"allocations are not seen" ]]
}
