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
	[[ $output =~ ^dmaheap\ [0-9]+\.[0-9]+\.[0-9]+(,\ without\ .*)?$ ]]
}

@test "ARGP_HELP_FMT, with which argp might not get along, has no say in --help" {
	local format usual
	usual=$("$DMAHEAP" alloc --help)
	for format in rmargin={0,1,2,5,10,20,27,58,59,60,120} rmargin=-1 'rmargin 1' ' rmargin = 1' rmargin=40,rmargin=3 \
		header-col=300 {short-opt,long-opt,doc-opt}-col=100 opt-doc-col={0,1,49,79} short-opt-col=69 usage-indent=100 \
		rmargin=1000 rmargin=99999999999999999999 rmargin=4294967297 = ',' opt-doc-col opt-doc-col=70,rmargin=500 \
		'rmargin=60,' rmargin=+60 'rmargin= 60' usage-indent=4,rmargin=60 dup-args; do
		echo "'$format'"
		# shellcheck disable=SC2016
		run -0 bash -c 'ARGP_HELP_FMT=$2 timeout 10 "$1" alloc --help 2>&1 | head -c 100000' - "$DMAHEAP" "$format"
		[ "$output" = "$usual" ]
	done
}

@test "--help ends with the manual page, and begins with what must be given" {
	local command
	[ "$("$DMAHEAP" --help | tail -n 1)" = "See dmaheap(1)." ]
	for command in $(commands); do
		[ "$("$DMAHEAP" "$command" --help | tail -n 1)" = "See dmaheap-$command(1)." ]
	done
	[[ $("$DMAHEAP" alloc --help | grep -m 2 -o -- '--[a-z]*=[A-Z]*  ') == *--heap=NAME*--size=SIZE* ]]
}

@test "--complete, which is for the shells, prints what --help does, in four fields" {
	local command lines
	run ! grep -- --complete <("$DMAHEAP" --help)
	[ "$("$DMAHEAP" --complete | sed -n 's/\tcommand\t.*//p')" = "$(commands)" ]
	for command in '' $(commands); do
		echo "$command"
		lines=$("$DMAHEAP" --complete ${command:+"$command"})
		[ -z "$(awk -F '\t' 'NF != 4 || !$1 || !$2 || !$3 || !$4' <<<"$lines")" ]
		diff <(sed -n 's/^\(-. \)\{0,1\}\(--[a-z-]*\)\t.*/\2/p' <<<"$lines" | LC_ALL=C sort) \
			<("$DMAHEAP" ${command:+"$command"} --help | sed -n 's/^ \{2,6\}\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p' | LC_ALL=C sort)
	done
	run -2 --separate-stderr "$DMAHEAP" --complete lsit
	[ "$stderr" = "dmaheap: unknown command 'lsit'; did you mean 'list'?" ]
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
	local machine=$BATS_TEST_DIRNAME/fixtures/machines/virt-7.2 arguments format
	for arguments in "list --sysroot $machine" "list --json --sysroot $machine" "info system --sysroot $machine" \
		"map --sysroot $machine" "buffers --json -q --sysroot $machine" "regions -q --sysroot $machine" "test --list" --help --version; do
		echo "$arguments"
		# shellcheck disable=SC2086 # words
		run -1 bash -c '"$@" >/dev/full' - "$DMAHEAP" $arguments
		[ "$output" = "dmaheap: standard output: no space left on device" ]
	done
	# the failed write was not the last one
	run -1 bash -c '"$@" >/dev/full' - "$DMAHEAP" buffers --watch=100ms --sysroot "$machine"
	[[ $output == *$'\n'"dmaheap: standard output: not all could be written" ]]
	for format in text json ktap junit; do
		run -1 bash -c '"$@" >/dev/full' - "$DMAHEAP" test --format $format udmabuf.creates
		[ "${lines[-1]}" = "dmaheap: standard output: not all could be written" ]
	done
	# a reader that is gone, where nobody is killed for it
	run bash -c 'trap "" PIPE; { sleep 0.2; "$1" --help; echo "status $?" >&2; } | :' - "$DMAHEAP"
	[[ $output == *"standard output: broken pipe"*"status 1" ]]
}

@test "a closed standard output loses results, which is a failure; without results it harms nothing" {
	local root=$BATS_TEST_TMPDIR arguments closed
	mkdir -p "$root/dev/dma_heap"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	for arguments in "list --sysroot $root" "list --json --sysroot $root" "info system --sysroot $root" \
		"map --sysroot $root" "regions --sysroot $BATS_TEST_DIRNAME/fixtures/machines/virt-7.2" \
		"buffers --json -q --sysroot $BATS_TEST_DIRNAME/fixtures/machines/virt-7.2" \
		"lint-names --fail-on never cma-video" "test --list" --help --version; do
		for closed in '>&-' '<&- >&-' '<&- >&- 2>&-'; do
			echo "$arguments $closed"
			# shellcheck disable=SC2086 # words
			run -1 bash -c '"$@" '"$closed" - "$DMAHEAP" $arguments
			[ "$closed" = '<&- >&- 2>&-' ] || [ "$output" = "dmaheap: standard output: bad file descriptor" ]
		done
		# shellcheck disable=SC2086
		run -0 bash -c '"$@" >/dev/null <&- 2>&-' - "$DMAHEAP" $arguments
	done
	run -0 bash -c '"$1" lint-names --format github video@42000000 <&- >&-' - "$DMAHEAP"
	[ -z "$output" ]
	# without input there are no names either
	run -1 --separate-stderr bash -c '"$1" lint-names - <&-' - "$DMAHEAP"
	[ "$stderr" = "dmaheap lint-names: standard input: bad file descriptor" ]
}

@test "a root that is not there is named" {
	run --separate-stderr "$DMAHEAP" list --sysroot /no/such/root
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[ "$stderr" = "dmaheap list: /no/such/root: no such file or directory" ]
}

@test "fence-test, bench: without heaps it is not possible, and says so" {
	requires no-heaps
	run -4 --separate-stderr "$DMAHEAP" fence-test
	[ -z "$output" ]
	[[ $stderr == "dmaheap fence-test: /dev/dma_heap"* ]]
	run -4 --separate-stderr "$DMAHEAP" bench
	[ -z "$output" ]
	[[ $stderr == "dmaheap bench: /dev/dma_heap"* ]]
}

@test "bench: a file of another run is checked before anything is measured" {
	local saved=$BATS_TEST_TMPDIR/saved
	run -1 --separate-stderr "$DMAHEAP" bench --compare /no/such/file
	[ "$stderr" = "dmaheap bench: /no/such/file: no such file or directory" ]
	run -1 --separate-stderr "$DMAHEAP" bench --compare /dev/null
	[ "$stderr" = "dmaheap bench: /dev/null:1: this is no file that dmaheap bench has saved" ]
	printf '%s\n' "dmaheap-bench 1" $'kernel\t6.12' $'machine\tpdp11' $'processors\t1' $'page_size\t4096' \
		$'confidence\t95' $'clock_step\t1' $'cpu\t-' $'threads\t1' $'cold\t0' $'counted\ttime' $'importer\t-' $'case\theap\tsize\tcount\tmin\tlow\tmedian\thigh\tp90\tp99' >"$saved"
	run -1 --separate-stderr "$DMAHEAP" bench --compare "$saved"
	[ -z "$output" ]
	[[ $stderr == "dmaheap bench: $saved: not to be compared with this run: machine differs (pdp11, pages of 4096 bytes"* ]]
	# the processors and settings of the other run are asked for again
	sed "s/pdp11/$(uname -m)/; s/^cold.*/cold\t1/; s/^processors.*/processors\t9999/" "$saved" >"$saved.2"
	run -1 --separate-stderr "$DMAHEAP" bench --compare "$saved.2" --threads 3
	[[ $stderr == *": processors differs ($(uname -m), pages of 4096 bytes, 9999 processors, confidence 95 %, --threads 1, --cold, counted: time there; "*", --threads 3, --cold, counted: time here)" ]]
	printf 'a\0b' >"$saved.3"
	run -1 --separate-stderr "$DMAHEAP" bench --compare "$saved.3"
	[ "$stderr" = "dmaheap bench: $saved.3:1: this is no text: it has a NUL" ]
	{
		cat "$saved"
		seq 32769 | sed 's/.*/alloc\tsystem\t&\t1\t1\t1\t1\t1\t1\t1/'
	} >"$saved.4"
	run -1 --separate-stderr "$DMAHEAP" bench --compare "$saved.4"
	[ "$stderr" = "dmaheap bench: $saved.4:32782: more than 32768 cases" ]
	printf 'alloc\tsystem\t4096\n' >>"$saved"
	run -1 --separate-stderr "$DMAHEAP" bench --compare - <"$saved"
	[ "$stderr" = "dmaheap bench: -:14: a case with its figures was expected" ]
}
