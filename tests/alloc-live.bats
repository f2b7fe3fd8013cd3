#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
bats_require_minimum_version 1.5.0
load helpers

@test "a buffer is what the kernel says it is" {
	requires heap system
	run -0 "$DMAHEAP" alloc --heap system --size 10000 --set-name camera --json -- \
		sh -c 'cat "/proc/self/fdinfo/$DMAHEAP_FDS"; stat -L -c %s,%i "/proc/self/fd/$DMAHEAP_FDS"'
	local json info facts
	json=$(sed -n '1,/^}/p' <<<"$output")
	info=$(sed '1,/^}/d' <<<"$output")
	echo "$output"
	mapfile -t facts < <(jq -r '.alloc[0] | .size, .exporter, .name, .inode, .map, .alloc > 0' <<<"$json")
	[ "${facts[0]}" -eq 12288 ]
	[ "${facts[*]:0:3}" = "$(awk '$1 ~ /^(size|exp_name|name):$/ { of[$1] = $2 }
		END { print of["size:"], of["exp_name:"], of["name:"] }' <<<"$info")" ]
	[ "${facts[2]}" = camera ]
	[ "${facts[0]},${facts[3]}" = "$(tail -n 1 <<<"$info")" ]
	[ "${facts[*]:4}" = "null true" ]
}

@test "map, check for zero, fill and verify, on every heap that may be opened" {
	requires heap
	local heap pattern runs=0
	for heap in $("$DMAHEAP" list -nr -o NAME); do
		for pattern in 0xa5 0xdeadbeef01 random random:7; do
			"$DMAHEAP" alloc --heap "$heap" --size 256K --count 2 --check-zero --fill $pattern --verify \
				--json >>"$BATS_TEST_TMPDIR/json"
			runs=$((runs + 1))
		done
	done
	jq -es --argjson runs "$runs" '
		length == $runs and all(.[].alloc | length == 2; .)
		and all(.[].alloc[] | .map, .zero, .fill, .verify; . > 0)
		and ([.[].alloc[].pattern | select(. == "random:7")] | length) == $runs / 2' "$BATS_TEST_TMPDIR/json"
}

@test "a held buffer takes its pages from the area, and gives them back, also after kill -9" {
	requires cma-area
	local heap before pid
	heap=$(cma_heap)
	before=$(available "$heap")
	for signal in TERM KILL INT; do
		coproc "$DMAHEAP" alloc --heap "$heap" --size 8M --hold forever
		pid=$COPROC_PID
		# the table is printed when the buffer is there
		read -r _ <&"${COPROC[0]}"
		read -r _ <&"${COPROC[0]}"
		[ $((before - $(available "$heap"))) -eq 2048 ]
		kill -s $signal "$pid"
		status=0
		wait "$pid" || status=$?
		echo "$signal: $status"
		[ "$status" -eq $((128 + $(kill -l $signal))) ]
		[ "$(available "$heap")" -eq "$before" ]
	done
}

@test "a failure after some buffers releases them and shows how much is free" {
	requires cma-area
	local heap size before
	heap=$(cma_heap)
	before=$(available "$heap")
	size=$("$DMAHEAP" list --json | jq --arg heap "$heap" '.list[] | select(.name == $heap).size')
	run --separate-stderr "$DMAHEAP" alloc --heap "$heap" --size $((size + 1048576))
	echo "$stderr"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ ${stderr_lines[0]} == *"cannot allocate memory"*"$((size / 1048576))M in all"*free* ]]
	# counted since Linux 5.13
	[ ! -e /sys/kernel/mm/cma ] ||
		[[ ${stderr_lines[1]} == *"its CMA area has allocated "*" pages and refused "*" since boot" ]]
	run --separate-stderr "$DMAHEAP" alloc --heap "$heap" --size 1M --count $((size / 1048576 + 1))
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$(available "$heap")" -eq "$before" ]
}

@test "too many descriptors are explained" {
	requires heap system
	run --separate-stderr bash -c 'ulimit -n 16; exec "$1" alloc --heap system --size 4K --count 32' - "$DMAHEAP"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"too many open files"*"16 (ulimit -n)" ]]
}

@test "what may wake the OOM killer is refused before the kernel is asked" {
	requires heap system
	local available
	available=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo)
	run --separate-stderr "$DMAHEAP" alloc --heap system --size "$((available * 15 / 16))K"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"OOM killer"*--force* ]]
	# each of these takes a page
	if ((available * 15 / 64 <= 1000000)); then
		run --separate-stderr "$DMAHEAP" alloc --heap system --size 1 --count $((available * 15 / 64))
		[ "$status" -eq 1 ]
		[ -z "$output" ]
		[[ $stderr == *"OOM killer"*--force* ]]
	fi
	run --separate-stderr "$DMAHEAP" alloc --heap system --size 8E
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"OOM killer"*--force* ]]
}

@test "a heap that is not there is refused with the nearest names" {
	requires heap system
	run --separate-stderr "$DMAHEAP" alloc --heap sytsem --size 4K
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[ "$stderr" = "dmaheap alloc: sytsem: no such heap; did you mean system?" ]
}

@test "a heap is found by its node and by a symbolic link" {
	requires heap system
	requires root
	ln -s system /dev/dma_heap/test-link
	run "$DMAHEAP" alloc --heap /dev/dma_heap/test-link --size 4K
	[ "$status" -eq 0 ]
	run "$DMAHEAP" alloc --heap test-link --size 4K
	[ "$status" -eq 0 ]
	run "$DMAHEAP" list --json
	rm /dev/dma_heap/test-link
	[ "$(jq -c '.list[] | select(.name == "system").aliases' <<<"$output")" = \
		'[{"name":"/dev/dma_heap/test-link","type":"symlink"}]' ]
	run -0 "$DMAHEAP" alloc --heap /dev/dma_heap/system --size 4K
}

@test "the ordinary user is refused with the reason" {
	requires heap system
	requires user
	[ "$(stat -c %a /dev/dma_heap/system)" = 600 ] || skip "others may open the heap here"
	run --separate-stderr run_as_user "$DMAHEAP" alloc --heap system --size 4K
	echo "$stderr"
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[[ $stderr == *"permission denied (crw------- root root; may be opened by root)"*udev* ]]
}

@test "a command's exit status is passed on" {
	requires heap system
	run -7 "$DMAHEAP" alloc --heap system --size 4K -- sh -c 'exit 7'
	run -127 --separate-stderr "$DMAHEAP" alloc -q --heap system --size 4K -- /no/such/command
	[ "$stderr" = "dmaheap alloc: /no/such/command: no such file or directory" ]
	run -126 --separate-stderr "$DMAHEAP" alloc -q --heap system --size 4K -- /proc/version
	[ "$stderr" = "dmaheap alloc: /proc/version: permission denied" ]
	# these are the command's own
	for number in 126 127; do
		run -$number --separate-stderr "$DMAHEAP" alloc --heap system --size 4K -- sh -c "exit $number"
		[ -z "$stderr" ]
	done
	run -137 "$DMAHEAP" alloc --heap system --size 4K -- sh -c 'kill -9 $$'
}

@test "a stop signal ends what waits for the reader of its output" {
	requires heap system
	local signal pid
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	exec 8<>"$BATS_TEST_TMPDIR/pipe"
	# full, and nobody reads
	dd if=/dev/zero of="$BATS_TEST_TMPDIR/pipe" oflag=nonblock bs=4096 status=none || true
	for signal in TERM INT; do
		# what a shell starts with & ignores SIGINT
		env --default-signal=INT "$DMAHEAP" alloc --heap system --size 4K 2>"$BATS_TEST_TMPDIR/error" >&8 &
		pid=$!
		until grep -q pipe /proc/"$pid"/wchan || [[ ! -e /proc/$pid ]]; do sleep 0.1; done
		kill -s $signal "$pid"
		status=0
		wait "$pid" || status=$?
		cat "$BATS_TEST_TMPDIR/error"
		[ "$status" -eq $((128 + $(kill -l $signal))) ]
		[ ! -s "$BATS_TEST_TMPDIR/error" ]
	done
	exec 8>&-
}

@test "a stop signal reaches the command, and is the exit status" {
	requires heap system
	local signal pid line
	for signal in TERM INT; do
		line=
		coproc "$DMAHEAP" alloc --heap system --size 4K -- sh -c 'echo runs; exec sleep 1000'
		pid=$COPROC_PID
		until [[ $line == runs ]]; do read -r line <&"${COPROC[0]}"; done
		kill -s $signal "$pid"
		status=0
		wait "$pid" || status=$?
		[ "$status" -eq $((128 + $(kill -l $signal))) ]
	done
}
