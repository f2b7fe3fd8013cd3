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

@test "an unknown command is a usage error that suggests the nearest one" {
	run --separate-stderr "$DMAHEAP" lsit
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ "$stderr" = "dmaheap: unknown command 'lsit'; did you mean 'list'?" ]
	run --separate-stderr "$DMAHEAP" frobnicate
	[ "$status" -eq 2 ]
	[[ $stderr == *"dmaheap --help"* && ${#stderr_lines[@]} -eq 1 ]]
}

@test "no command, an unknown option and a missing argument are usage errors" {
	run --separate-stderr "$DMAHEAP"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[ -n "$stderr" ]
	run --separate-stderr "$DMAHEAP" list --frobnicate
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == "dmaheap list: "* ]]
	run --separate-stderr "$DMAHEAP" info
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == "dmaheap info: "* ]]
	run --separate-stderr "$DMAHEAP" list --color=sometimes
	[ "$status" -eq 2 ]
	[ -z "$output" ]
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

@test "a column that is not there is a usage error; a command without columns takes no --output" {
	run --separate-stderr "$DMAHEAP" list -o NAME,FROB
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == "dmaheap list: unknown column 'FROB'"* ]]
	run --separate-stderr "$DMAHEAP" info x -o NAME
	[ "$status" -eq 2 ]
	[ -z "$output" ]
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

@test "alloc works on a live machine only" {
	run --separate-stderr "$DMAHEAP" alloc --heap system --size 4K --sysroot "$BATS_TEST_TMPDIR"
	[ "$status" -eq 2 ]
	[ -z "$output" ]
	[[ $stderr == *"--sysroot"* ]]
}

@test "alloc: wrong usage is one clear line, exit status 2 and nothing on stdout" {
	local arguments
	while read -r arguments; do
		# shellcheck disable=SC2086  # several words on purpose
		run --separate-stderr "$DMAHEAP" alloc $arguments
		echo "alloc $arguments: $status $stderr"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} == "dmaheap alloc: "* ]]
	done <<-'EOF'
		--size 4K
		--heap system
		--heap system --size 0
		--heap system --size -1
		--heap system --size 8Mx
		--heap system --size 99999999999999999999
		--heap system --size 8E --count 1000
		--heap system --size 4K --count 0
		--heap system --size 4K --count 9999999
		--heap system --size 4K --fill 256
		--heap system --size 4K --fill 0xabc
		--heap system --size 4K --fill random:x
		--heap system --size 4K --verify
		--heap system --size 4K --hold soon
		--heap system --size 4K --timeout 1x
		--heap system --size 4K --timeout 0
		--heap system --size 4K --set-name 12345678901234567890123456789012
		--heap system --size 4K --hold 1s -- true
		--heap system --size 4K -o FROB
		--heap system --size 4K --until-full --set-name x
		--heap system --size 4K --until-full --access ro
		--heap system --size 4K --until-full --timeout 1s
		--heap system --size 4K --until-full --count 1
		--heap system --total 4K --until-full
		--heap system --size 4K --until-full -- true
		--receive socket --access ro
		--receive socket --force
		--receive socket --until-full
		--receive socket --count 1
	EOF
	[ ! -e socket ]
}

@test "fence-test: wrong usage is one clear line, exit status 2 and nothing on stdout" {
	local arguments
	while read -r arguments; do
		# shellcheck disable=SC2086  # several words on purpose
		run --separate-stderr "$DMAHEAP" fence-test $arguments
		echo "fence-test $arguments: $status $stderr"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ ${stderr_lines[0]} == "dmaheap fence-test: "* ]]
	done <<-'EOF'
		--size 0
		--size 65M
		--size -1
		--source vkms
		--source
		--repeat 0
		--repeat x
		--repeat 100001
		--timeout 0
		--timeout soon
		--allow oom
		--sysroot /
		-o FROB
		system
	EOF
}

@test "fence-test: without heaps it is not possible, and says so" {
	requires no-heaps
	run -4 --separate-stderr "$DMAHEAP" fence-test
	[ -z "$output" ]
	[[ $stderr == "dmaheap fence-test: /dev/dma_heap"* ]]
}
