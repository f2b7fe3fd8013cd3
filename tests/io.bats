#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# io --compare, as far as it needs no heap: anonymous memory stands in for one.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	mkdir "$BATS_TEST_TMPDIR/here"
	cd "$BATS_TEST_TMPDIR/here" || return
	seq 100000 | head -c 100001 >file
}

# compare ARG...: the JSON document is in $output
compare() {
	run --separate-stderr "$DMAHEAP" io --compare file --json "$@"
	echo "$status $stderr"
}

@test "all ways into memory and out of it, with the file and its directory left as they are" {
	local before
	before=$(ls -lAi --time-style=full-iso)
	compare --time 2s
	[ "$status" -eq 0 ]
	[ "$(ls -lAi --time-style=full-iso)" = "$before" ]
	# each way has a row, in each direction that it has, and arrives exactly
	[ "$(jq -r '[.io_compare.ways[] | select(.heap == "anonymous" and .direction == "in") | .way] | unique | join(" ")' <<<"$output")" = \
		"bounce buffered direct mmap mmap-populate uring uring-direct uring-fixed vmsplice" ]
	[ "$(jq -r '[.io_compare.ways[] | select(.heap == "anonymous" and .direction == "out") | .way] | unique | join(" ")' <<<"$output")" = \
		"bounce buffered direct uring uring-direct uring-fixed vmsplice" ]
	jq -e '.io_compare | .size == 100001 and .written >= .size and
		all(.ways[]; (.error // "") | contains("comparison") | not) and
		all(.ways[] | select(.way == "buffered" and .heap == "anonymous"); .error == null and .cpu == null and (.ratio == 1 or .count == 0)) and
		any(.ways[]; .way == "buffered" and .ratio == 1) and
		all(.ways[] | select(.error); .reason and .count == 0) and
		all(.ways[] | select(.low); .low <= .time and .time <= .high) and
		all(.best[]; ["cold", "warm", "new", "again"] as $states | .state as $state | $states | index($state))' <<<"$output"
}

@test "what is cold is not in the page cache, what is warm is" {
	[ "$(stat -f -c %T .)" != tmpfs ] || skip "a tmpfs is never cold"
	sync file
	compare --direction in --time 1s
	[ "$status" -eq 0 ]
	jq -e '.io_compare | .written == 0 and
		([.ways[] | select(.state == "cold" and .count > 0)] | length >= 1 and all(.[]; .cached == 0)) and
		([.ways[] | select(.state == "warm" and .count > 0)] | length >= 1 and all(.[]; .cached == 100)) and
		all(.best[]; .kept and .direction == "in")' <<<"$output"
}

@test "a file that others have mapped stays in the page cache, which is told, and no way is the best" {
	[ "$(stat -f -c %T .)" != tmpfs ] || skip "a tmpfs is never cold"
	local mapper
	# a program that runs is mapped
	rm file
	cp "$(command -v sleep)" file
	sync file
	./file 60 3>&- &
	mapper=$!
	until grep -q "$PWD/file" "/proc/$mapper/maps"; do kill -0 $mapper; done
	compare --direction in --time 1s
	kill $mapper
	[ "$status" -eq 0 ]
	[[ $stderr == *"dmaheap io: file: anonymous in, cold: "*" % of it stayed in the page cache: others have it mapped, "* ]]
	jq -e '[.io_compare.best[] | select(.state == "cold")] | length == 1 and all(.[]; .kept == false and .fastest == null and .least_cpu == null)' <<<"$output"
}

@test "in a tmpfs nothing is cold" {
	requires root
	mkdir disk
	mount -t tmpfs -o size=1M tmpfs disk || skip "no tmpfs may be mounted"
	cp file disk/
	run --separate-stderr "$DMAHEAP" io --compare disk/file --time 1s --json
	umount disk
	[ "$status" -eq 0 ]
	[[ $stderr == *"dmaheap io: disk/file: tmpfs is the page cache: nothing of it is ever cold"* ]]
	jq -e '.io_compare | .filesystem == "tmpfs" and ([.ways[].state] | index("cold") == null and index("warm") and index("new"))' <<<"$output"
}

@test "where a file beside it has no room, or may not be, nothing is written" {
	requires root
	local status_of_out
	mkdir disk
	mount -t tmpfs -o size=1M tmpfs disk || skip "no tmpfs may be mounted"
	seq 200000 | head -c 700000 >disk/file
	run --separate-stderr "$DMAHEAP" io --compare disk/file --time 200ms --json
	"$DMAHEAP" io --compare disk/file --direction out 2>err && status_of_out=0 || status_of_out=$?
	umount disk
	[ "$status" -eq 0 ]
	[[ $stderr == *"disk/file: writing is not compared: 700000 bytes would leave less than an eighth of the "*" that are free on its file system; --size compares less"* ]]
	jq -e '.io_compare | .written == 0 and all(.ways[]; .direction == "in")' <<<"$output"
	[ "$status_of_out" -eq 1 ]
	grep -x "dmaheap io: disk/file: 700000 bytes would leave less than an eighth of the .*" err
}

@test "a user who may not write the file is told what is not known" {
	requires root
	requires user
	local closed
	closed=$(mktemp -d) # that of the tests is for root alone
	cp file "$closed"
	chmod 755 "$closed"
	run --separate-stderr run_as_user "$DMAHEAP" io --compare "$closed/file" --time 1s --json
	rm -r "$closed"
	[ "$status" -eq 0 ]
	[[ $stderr == *"writing is not compared: a file beside it: permission denied"* ]]
	if [ "$(jq -r .io_compare.filesystem <<<"$output")" != tmpfs ]; then
		[[ $stderr == *": whether it is in the page cache is not told to this user"* ]]
		jq -e 'all(.io_compare.ways[]; .cached == null)' <<<"$output"
	fi
}

@test "other bytes than those of the file are an error, whatever the call says" {
	requires command strace
	local move=2
	head -c 4096 file >small
	# the first call reads what is compared, the second one is the move, but in a tmpfs that is warm first
	[ "$(stat -f -c %T .)" != tmpfs ] || move=3
	# leaks are not looked for under strace
	run --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -P "$PWD/small" -e trace=pread64 -e inject=pread64:retval=4096:when=$move \
		"$DMAHEAP" io --compare "$PWD/small" --direction in --time 200ms --json
	[ "$status" -eq 1 ]
	[[ $stderr == *"$PWD/small: anonymous: --way buffered in: comparison of the contents: other bytes have arrived than were sent, or the file was changed"* ]]
	run --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=pwrite64 -e inject=pwrite64:retval=4096:when=1 \
		"$DMAHEAP" io --compare small --direction out --time 500ms --json
	[ "$status" -eq 1 ]
	[[ $stderr == *"small: anonymous: --way buffered out: comparison of the contents: "* ]]
	jq -e '[.io_compare.ways[] | select(.error == "comparison of the contents: they differ")] | length == 1' <<<"$output"
}

@test "the file that is written is on the file system of the file, whatever its name is" {
	requires root
	requires command strace
	mkdir disk
	mount -t tmpfs -o size=4M tmpfs disk || skip "no tmpfs may be mounted"
	cp file disk/
	ln -s disk/file link
	: >alone
	mount --bind disk/file alone
	local name
	for name in link /dev/stdin; do
		run --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=openat \
			"$DMAHEAP" io --compare $name --direction out --time 200ms --json <disk/file
		echo "$name $status $stderr"
		grep -F "\"$PWD/disk\", O_RDWR|O_CLOEXEC|O_TMPFILE" trace || touch failed
		[ "$status" -eq 0 ] && [ "$(jq -r .io_compare.filesystem <<<"$output")" = tmpfs ] || touch failed
	done
	# a container's /etc/hosts is such a file
	run --separate-stderr "$DMAHEAP" io --compare alone --direction out
	umount alone disk
	[ ! -e failed ]
	[ "$status" -eq 1 ]
	[[ $stderr == *"dmaheap io: alone: a file beside it: its directory is on another file system" ]]
}

@test "too few samples make no way the best" {
	local time
	# the first in which anything can be measured here
	for time in 1ms 5ms 20ms 100ms 500ms 2s; do
		compare --direction in --time $time
		((status)) || break
	done
	[ "$status" -eq 0 ]
	jq -e '[.io_compare.ways[] | select(.count > 0)] | length >= 1 and all(.[]; .count < 6)' <<<"$output"
	jq -e '.io_compare.best | length >= 1 and all(.[]; .fastest == null and .least_cpu == null)' <<<"$output"
}

@test "a failed wait for io_uring is an error of that way, and nothing arrives later" {
	requires command strace
	seq 1000000 | head -c 3145728 >file
	# some requests are under way then
	run --separate-stderr env ASAN_OPTIONS=detect_leaks=0 strace -f -o trace -e trace=io_uring_enter -e inject=io_uring_enter:error=ENOMEM:when=3+9 \
		"$DMAHEAP" io --compare file --direction in --time 3s --json
	grep -q INJECTED trace || skip "no io_uring here"
	[ "$status" -eq 1 ]
	jq -e '.io_compare.ways | [.[] | select(.error)] | any(.[]; .error | endswith(": ENOMEM")) and all(.[]; .error | contains("comparison") | not)' <<<"$output"
}

@test "a request of io_uring that never ends does not keep the program" {
	requires command strace
	seq 1000000 | head -c 3145728 >file
	# four requests seem to have been passed on, and a signal ends the wait for them
	run -143 --separate-stderr env ASAN_OPTIONS=detect_leaks=0 timeout -s KILL 60 strace -f -o trace -e trace=io_uring_enter \
		-e inject=io_uring_enter:retval=4:signal=TERM:when=1 \
		"$DMAHEAP" io --compare file --direction in --time 30s --timeout 100ms
	grep -q INJECTED trace || skip "no io_uring here"
	[ -z "$output" ]
	[[ $stderr == *"dmaheap io: file: a request of io_uring was still under way after 100 ms (--timeout)" ]]
}

@test "the table says which is the best, or that it cannot be told" {
	run --separate-stderr "$DMAHEAP" io --compare file --direction in --time 1s --size 64K
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "Linux $(uname -r), $(uname -m); 64K of file"* ]]
	[[ $output == *$'\n\nHEAP '*'STATE WAY '*' ERROR'$'\n'* ]]
	[[ $output == *$'\n\nHEAP '*' FASTEST '*' LEAST-CPU '*' AUTO'$'\n''anonymous in '* ]]
	run -0 "$DMAHEAP" io --compare file --direction in --time 300ms -q -nr -o HEAP,WAY,COUNT
	[[ ${lines[0]} == "anonymous buffered "* ]]
	run -0 "$DMAHEAP" io --compare file --direction in --time 300ms -q -o +COUNT
	[[ ${lines[0]} =~ ^HEAP\ +DIRECTION\ STATE\ WAY\ .*ERROR\ +COUNT$ ]]
}

@test "without time nothing is measured" {
	run --separate-stderr "$DMAHEAP" io --compare file --time 1ns
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"dmaheap io: file: there was no time for a move (--time)" ]]
}

@test "what cannot be compared is said" {
	local line
	: >empty
	mkfifo fifo
	while IFS='|' read -r status_wanted name line; do
		echo "$name"
		# shellcheck disable=SC2086 # with its option
		run --separate-stderr timeout 10 "$DMAHEAP" io -q --compare $name <file
		echo "$status $stderr"
		[ "$status" -eq "$status_wanted" ]
		[ -z "$output" ]
		[ "$stderr" = "dmaheap io: $line" ]
	done <<-EOF
		1|missing|missing: no such file or directory
		1|.|.: is a directory
		1|empty|empty: the kernel says that it is empty
		4|/dev/zero|/dev/zero: only a regular file or a block device can be compared
		4|fifo|fifo: only a regular file or a block device can be compared
		1|file --size 100002|file: it has only 100001 bytes
	EOF
	run -2 --separate-stderr "$DMAHEAP" io --compare - <file
	[[ $stderr == "dmaheap io: --compare takes the name of a file, not '-': "* ]]
	run -2 --separate-stderr "$DMAHEAP" io --heap a --heap b --read file
	[[ $stderr == "dmaheap io: --heap can be repeated only with --compare"* ]]
	run -2 --separate-stderr "$DMAHEAP" io --heap a --read file -o LOW
	[[ $stderr == "dmaheap io: --output: unknown column 'LOW'; "* ]]
	run -2 --separate-stderr "$DMAHEAP" io --heap a --read file --time 1s
	run -2 --separate-stderr "$DMAHEAP" io --compare file --way mmap
}

@test "a signal ends a comparison, with nothing printed and nothing left" {
	local pid before
	before=$(ls -A)
	"$DMAHEAP" io --compare file --time 60s >"$BATS_RUN_TMPDIR/out" 2>"$BATS_RUN_TMPDIR/err" 3>&- &
	pid=$!
	until [[ $(readlink "/proc/$pid/fd/"*) == *deleted* ]]; do kill -0 $pid; done
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	[ "$status" -eq 143 ]
	[ ! -s "$BATS_RUN_TMPDIR/out" ]
	run ! grep -v 'no heap' "$BATS_RUN_TMPDIR/err"
	[ "$(ls -A)" = "$before" ]
}
