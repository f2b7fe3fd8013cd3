#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What all commands share: help, options on both sides, exit status, streams.
bats_require_minimum_version 1.5.0
load helpers

commands() {
	"$DMAHEAP" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

@test "--help, --usage and --version answer on stdout, at both levels" {
	local command option
	for option in --help --usage --version; do
		run --separate-stderr "$DMAHEAP" $option
		[ "$status" -eq 0 ]
		[ -n "$output" ]
		[ -z "$stderr" ]
		for command in $(commands); do
			run --separate-stderr "$DMAHEAP" "$command" $option
			[ "$status" -eq 0 ]
			[ -n "$output" ]
			[ -z "$stderr" ]
		done
	done
	[ "$(commands | wc -l)" -ge 3 ]
	run "$DMAHEAP" --version
	[[ $output =~ ^dmaheap\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
}

@test "a common option is taken before and after the command" {
	local root=$BATS_TEST_TMPDIR
	mkdir -p "$root/dev/dma_heap"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	run -0 "$DMAHEAP" --json --sysroot "$root" list
	before=$output
	run -0 "$DMAHEAP" list --json --sysroot "$root"
	[ "$output" = "$before" ]
	[ "$(jq -r '.list[0].name' <<<"$output")" = system ]
}

@test "results that can't be written are a failure, also of --help" {
	[ -w /dev/full ] || skip "no /dev/full"
	local root=$BATS_TEST_TMPDIR
	mkdir -p "$root/dev/dma_heap"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	run bash -c '"$1" list --sysroot "$2" >/dev/full' - "$DMAHEAP" "$root"
	[ "$status" -eq 1 ]
	[[ $output == *"standard output"* ]]
	run bash -c '"$1" list --json --sysroot "$2" >/dev/full' - "$DMAHEAP" "$root"
	[ "$status" -eq 1 ]
	run bash -c '"$1" --help >/dev/full' - "$DMAHEAP"
	[ "$status" -eq 1 ]
	# a reader that is gone, where nobody is killed for it
	run bash -c 'trap "" PIPE; { sleep 0.2; "$1" --help; echo "status $?" >&2; } | :' - "$DMAHEAP"
	[[ $output == *"standard output: broken pipe"*"status 1" ]]
}

@test "closed standard descriptors harm nothing" {
	local root=$BATS_TEST_TMPDIR
	mkdir -p "$root/dev/dma_heap"
	run bash -c '"$1" list --sysroot "$2" <&- >&- 2>&-' - "$DMAHEAP" "$root"
	[ "$status" -eq 0 ]
}

@test "a root that is not there is named" {
	run --separate-stderr "$DMAHEAP" list --sysroot /no/such/root
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[ "$stderr" = "dmaheap list: /no/such/root: no such file or directory" ]
}

@test "fence-test: without heaps it is not possible, and says so" {
	requires no-heaps
	run -4 --separate-stderr "$DMAHEAP" fence-test
	[ -z "$output" ]
	[[ $stderr == "dmaheap fence-test: /dev/dma_heap"* ]]
}
