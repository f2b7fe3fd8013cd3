#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The command test. That the tests it runs are right is shown by tests/board/prove-suite, with
# a driver that breaks its promises.
bats_require_minimum_version 1.5.0
load helpers

@test "one test on one heap, in each format" {
	requires heap system
	run -0 "$DMAHEAP" test --heap system heap.size-zero
	[ "${lines[1]%% *}" = heap ]
	[[ $output == *"1 passed, 0 failed, 0 skipped"* ]]
	run -0 "$DMAHEAP" test --heap system --format ktap heap.size-zero
	[ "$output" = "KTAP version 1
1..1
    KTAP version 1
    # Subtest: system
    1..1
    ok 1 heap.size-zero
ok 1 system" ]
	run -0 "$DMAHEAP" test --heap system --format json heap.size-zero
	[ "$(jq -r '.test.groups[0] | .heap, .results[0].id, .results[0].result' <<<"$output" | tr '\n' ' ')" = \
		"system heap.size-zero pass " ]
	run -0 "$DMAHEAP" test --heap system --format junit heap.size-zero
	[[ $output == *'<testcase classname="system" name="heap.size-zero"'* ]]
}

@test "the suites of buffers hold on every heap, and the results are the same twice" {
	requires heap
	local first
	run -0 "$DMAHEAP" test --format ktap --suite heap --suite file --suite name --suite sync \
		--suite inventory
	first=$output
	run -0 "$DMAHEAP" test --format ktap --suite heap --suite file --suite name --suite sync \
		--suite inventory
	[ "$output" = "$first" ]
	[[ $output != *"not ok"* ]]
}

@test "nothing dangerous runs unasked" {
	requires heap
	run -0 "$DMAHEAP" test --suite limits --format json
	jq -e '[.test.groups[].results[]] as $all
		| all($all[] | select(.id | IN("limits.beyond-memory", "limits.filled")); .result == "skip")
		and ([$all[] | select(.reason == "not-allowed").detail] | unique) == ["--allow noise", "--allow oom"]' \
		<<<"$output"
}

@test "what differs on a kernel that the tests were not run on is unknown, and no failure" {
	requires heap system
	command -v setarch >/dev/null || skip "needs setarch"
	requires kernel 5.15
	# a kernel as old as this one is said to be would call the exporter heap_helpers
	run -0 setarch --uname-2.6 "$DMAHEAP" test --heap system --json inventory.exporter heap.size-zero
	[ "$(jq -c '.test | [.passed, .failed, .unknown, .skipped]' <<<"$output")" = '[1,0,1,0]' ]
	[ "$(jq -r '.test.groups[0].results[] | select(.id == "inventory.exporter") | .result, .came' <<<"$output" | xargs)" = \
		"unknown system" ]
	run -0 setarch --uname-2.6 "$DMAHEAP" test --heap system --format ktap inventory.exporter
	[[ $output == *"    # got: system"*"    ok 1 inventory.exporter # SKIP unknown (the test was not run on such kernels)"* ]]
	run -0 setarch --uname-2.6 "$DMAHEAP" test --heap system inventory.exporter
	[[ $output == *"inventory.exporter on system (unknown): "*"0 passed, 0 failed, 1 unknown, 0 skipped"* ]]
}

@test "tests that crash a kernel are left out there, and on kernels of which nothing is known" {
	requires heap system
	command -v setarch >/dev/null || skip "needs setarch"
	run -0 setarch --uname-2.6 "$DMAHEAP" test --heap system --json fence.poll-wakes fence.idle-poll
	[ "$(jq -r '.test.groups[0].results[] | "\(.id) \(.result) \(.detail)"' <<<"$output")" = \
		"fence.idle-poll pass null
fence.poll-wakes skip --allow crash" ]
	run -4 "$DMAHEAP" test --json lifetime.module-gone
	[ "$(jq -r '.test.groups[0].results[0] | "\(.reason) \(.detail)"' <<<"$output")" = "not-allowed --allow crash" ] ||
		[ "$(id -u)" -ne 0 ]
}

@test "results that can't be written are a failure" {
	requires heap system
	local format
	for format in text json ktap junit; do
		run -1 bash -c '"$@" >/dev/full' - "$DMAHEAP" test --heap system --format $format heap.allocates
		[[ ${lines[-1]} == "dmaheap: standard output: "* ]]
	done
}

@test "without /proc and /sys, what needs them is skipped with that reason" {
	requires heap
	requires board
	# shellcheck disable=SC2016  # for the other shell
	unshare -m bash -c '
		umount -l /sys /proc
		"$0" test --json >"$1"' "$DMAHEAP" "$BATS_TEST_TMPDIR/without"
	jq -e '.test | .failed == 0 and .unknown == 0 and .passed > 100' "$BATS_TEST_TMPDIR/without"
	[ "$(jq -r '.test.groups[].results[] | select(.reason == "not-mounted").detail' "$BATS_TEST_TMPDIR/without" |
		cut -d / -f 2 | sort -u | xargs)" = "proc sys" ]
	run -0 --separate-stderr unshare -m bash -c 'umount -l /sys /proc; "$0" fence-test --repeat 1 --json' "$DMAHEAP"
	jq -e '.fence_test | .wrong == 0 and all(.steps[] | .read, .write; .poll == .rule and .sync == .rule)' <<<"$output"
}

@test "a heap that may not be opened is skipped with the reason, never passed" {
	requires heap system
	requires user
	[ "$(stat -c %a /dev/dma_heap/system)" = 600 ] || skip "others may open the heap here"
	run -4 run_as_user "$DMAHEAP" test --heap system --format ktap heap.allocates
	[[ $output == *"ok 1 heap.allocates # SKIP no-access (/dev/dma_heap/system: permission denied)"* ]]
}

@test "kill -9 at any time leaves no process and no allocated page" {
	requires cma-area
	local heap before pid
	heap=$(cma_heap)
	before=$(available "$heap")
	for delay in 0.1 0.3 0.5; do
		"$DMAHEAP" test --heap "$heap" --suite stress --suite zero >/dev/null 3>&- &
		pid=$!
		sleep $delay
		kill -9 $pid
		wait $pid || true
		for _ in {1..50}; do
			[ "$(available "$heap")" -ne "$before" ] || break
			sleep 0.1
		done
		[ "$(available "$heap")" -eq "$before" ]
		run pgrep -x dmaheap
		[ "$status" -eq 1 ]
	done
}

@test "a heap that is full is asked for nothing, and the skips say so" {
	requires kernel 6.19
	requires root
	requires board
	local before pid
	"$DMAHEAP" alloc --heap video@42000000 --size 1M --count 16 --hold forever \
		>"$BATS_TEST_TMPDIR/held" 3>&- &
	pid=$!
	for _ in {1..100}; do
		[ "$(grep -c 1M "$BATS_TEST_TMPDIR/held")" -lt 16 ] || break
		sleep 0.1
	done
	before=$(dmesg | wc -l)
	run "$DMAHEAP" test --heap video@42000000
	kill $pid
	wait $pid || true
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output == "video@42000000 has no memory left: "* ]]
	[[ $output == *" 0 failed, "*" no-memory "*" on video@42000000: not a page is left"* ]]
	[ "$(dmesg | wc -l)" -eq "$before" ]
}

@test "a limit of processes skips tests with its reason: nothing failed for want of memory" {
	requires heap system
	requires root
	local mode
	mode=$(stat -c %a /dev/dma_heap/system)
	chmod 666 /dev/dma_heap/system
	# with 0, Linux 5.10 refuses the exec
	run --separate-stderr bash -c 'ulimit -u 1; exec "$@"' - setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all --bounding-set=-all -- "$DMAHEAP" test --heap system --suite zero
	chmod "$mode" /dev/dma_heap/system
	[ "$status" -eq 4 ]
	[[ $output == *"0 failed"* ]]
	[[ $output == *"no-process     no more processes can be made (RLIMIT_NPROC, pids.max)"* ]]
	[[ $stderr != *"out of memory"* ]]
}
