#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
bats_require_minimum_version 1.5.0
load helpers

heaps() {
	local node
	for node in /dev/dma_heap/*; do
		echo "${node##*/}"
	done
}

# what this kernel has for fences on a heap's buffer: it imports sync files since 6.0, and virtio-gpu, the
# board's only GPU, has sync objects since 6.6
sources() {
	echo vgem
	! version_at_least "$(uname -r)" 6.0 || [ ! -e /sys/kernel/debug/sync/sw_sync ] || echo sw_sync
	! version_at_least "$(uname -r)" 6.6 || echo syncobj
}

# options with which a source can be used on this kernel
options_of() {
	if [ "$1" = sw_sync ] && version_at_least "$(uname -r)" 6.19; then
		echo "--source sw_sync --allow taint"
	else
		echo "--source $1"
	fi
}

# what a test took away from the board
teardown() {
	if [ -n "${DMAHEAP_BOARD-}" ]; then
		modprobe -qa vgem virtio-gpu
		chmod 600 /dev/dma_heap/* /dev/dri/*
	fi
}

@test "everybody keeps the rules, on every heap with every source" {
	requires heap
	requires root
	requires debugfs
	requires module vgem
	local heap source
	for heap in $(heaps); do
		for source in $(sources); do
			# shellcheck disable=SC2046  # several words on purpose
			"$DMAHEAP" fence-test --heap "$heap" --repeat 3 $(options_of "$source") --json \
				>>"$BATS_TEST_TMPDIR/json"
		done
	done
	# nobody is unknown; each says what the rule says; what must wait is what the ABI says
	jq -s --argjson files "$(version_at_least "$(uname -r)" 6.0 && echo true || echo false)" '
		.[].fence_test | select((.wrong == 0
		and ([.steps[] | .read.rule[0:1] + .write.rule[0:1]] == ["ff", "ww", "ff", "fw", "ff"])
		and all(.steps[]; .both.rule == .write.rule)
		and (.born_busy | not)
		and all(.steps[] | .read, .write, .both; . as $said
			| all(.poll, .sync, .bufinfo; . == $said.rule)
			and .sync_file == (if $files then $said.rule else null end))
		and .wakeups_from == (if $files then "signal" else "call" end)
		and all(.wakeups[]; .count == 3 and .min > 0 and .min <= .median and .median <= .p99)
		and (.wakeups | length) == (if .source == "syncobj" then 7 elif $files then 3 else 2 end)) | not)' \
		"$BATS_TEST_TMPDIR/json" >"$BATS_TEST_TMPDIR/wrong"
	cat "$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ]
	[ "$(jq -r '.fence_test | "\(.heap) \(.source)"' "$BATS_TEST_TMPDIR/json")" = \
		"$(for heap in $(heaps); do sources | sed "s/^/$heap /"; done)" ]
}

@test "sync objects carry the fence until it signals" {
	requires heap system
	requires root
	requires module vgem
	requires kernel 6.6
	run -0 "$DMAHEAP" fence-test --source syncobj --repeat 1 --json
	jq -e '.fence_test | .origin == "vgem" and .carrier == "virtio_gpu"
		and ([.steps[].carriers | [.syncobj, .point, .eventfd, .submit] | unique]
			== [[null], ["waits"], ["free"], ["waits"], ["free"]])' <<<"$output"
}

@test "the fence has its driver's names while pending, and those of this kernel when signalled" {
	requires heap system
	requires root
	requires module vgem
	requires kernel 6.0
	local after='vgem unbound'
	! version_at_least "$(uname -r)" 6.17 || after='detached-driver signaled-timeline'
	run -0 "$DMAHEAP" fence-test --repeat 1 --json
	jq -e --arg after "$after" '[.fence_test.steps[].fence] as $fences
		| $fences[0] == null and $fences[1].status == 0 and $fences[1].timestamp_ns == null
		and $fences[1].driver + " " + $fences[1].timeline == "vgem unbound"
		and $fences[2].status == 1 and $fences[2].timestamp_ns > 0
		and $fences[2].driver + " " + $fences[2].timeline == $after' <<<"$output"
}

@test "the timeline fits a terminal of 80 columns" {
	requires heap system
	requires root
	requires module vgem
	"$DMAHEAP" fence-test --source "$(sources | tail -n 1)" --repeat 1 >"$BATS_TEST_TMPDIR/shown"
	[ "$(wc -L <"$BATS_TEST_TMPDIR/shown")" -le 80 ]
	run ! grep -n ' $' "$BATS_TEST_TMPDIR/shown"
	grep -q '^  SYNC *at once *waits *at once *at once *at once$' "$BATS_TEST_TMPDIR/shown"
	grep -q '^  poll *ready *waits *ready *waits *ready$' "$BATS_TEST_TMPDIR/shown"
}

@test "results that can't be written are a failure" {
	requires heap system
	requires root
	requires module vgem
	local option
	for option in --bytes --json; do
		run -1 bash -c '"$@" >/dev/full' - "$DMAHEAP" fence-test --repeat 1 $option
		[ "$output" = "dmaheap: standard output: no space left on device" ]
	done
}

@test "sw_sync is used where it taints only when that is allowed" {
	requires heap system
	requires root
	requires kernel 6.0
	[ -e /sys/kernel/debug/sync/sw_sync ] || skip "needs CONFIG_SW_SYNC"
	if version_at_least "$(uname -r)" 6.19; then
		local before
		before=$(cat /proc/sys/kernel/tainted)
		run -4 --separate-stderr "$DMAHEAP" fence-test --source sw_sync
		[ -z "$output" ]
		[[ $stderr == *taint*"--allow taint"* ]]
		[ "$(cat /proc/sys/kernel/tainted)" = "$before" ]
		run -0 --separate-stderr "$DMAHEAP" fence-test --source sw_sync --allow taint --repeat 1
		[[ $stderr == *taints* ]]
		(($(cat /proc/sys/kernel/tainted) & 1 << 14))
	else
		run -0 --separate-stderr "$DMAHEAP" fence-test --source sw_sync --repeat 1
		[ -z "$stderr" ]
	fi
}

@test "what is missing is named, with what would help" {
	requires board
	requires library libdrm
	modprobe -r vgem
	run -4 --separate-stderr "$DMAHEAP" fence-test --source vgem
	[[ $stderr == *"vgem"*"modprobe vgem"* ]]
	if version_at_least "$(uname -r)" 6.19; then
		run -4 --separate-stderr "$DMAHEAP" fence-test
		[[ $stderr == *"modprobe vgem"*"--allow taint"* ]]
		run -4 --separate-stderr "$DMAHEAP" fence-test --source syncobj
		[[ $stderr == *"vgem"*"modprobe vgem"* ]]
	elif version_at_least "$(uname -r)" 6.0; then
		run -0 "$DMAHEAP" fence-test --repeat 1 --json
		[ "$(jq -r .fence_test.source <<<"$output")" = sw_sync ]
	else
		run -4 --separate-stderr "$DMAHEAP" fence-test
		[[ $stderr == *"vgem: "*"modprobe vgem"*"sw_sync: the kernel puts no sync files on buffers"*"Linux 6.0"* ]]
	fi
	modprobe -r virtio-gpu
	run -4 --separate-stderr "$DMAHEAP" fence-test --source syncobj
	[[ $stderr == *"DRM_CAP_SYNCOBJ"*"virtio-gpu"* ]]
}

@test "an ordinary user gets a message that names what needs root" {
	requires heap system
	requires root
	requires user
	requires board
	requires library libdrm
	run -4 --separate-stderr run_as_user "$DMAHEAP" fence-test
	[[ $stderr == *"/dev/dma_heap/system"* ]]
	chmod 666 /dev/dma_heap/system
	run -4 --separate-stderr run_as_user "$DMAHEAP" fence-test
	[[ $stderr == *"vgem"*"may be opened"*"group"* ]]
	chmod 666 /dev/dri/*
	# all but the kernel's listing, which is unknown then
	run -0 --separate-stderr run_as_user "$DMAHEAP" fence-test --repeat 1 --json
	[[ $stderr == *"bufinfo"*"for root"* ]]
	jq -e '.fence_test | .wrong == 0 and all(.steps[] | .read, .write, .both; .bufinfo == null and .sync == .rule)' \
		<<<"$output"
}

@test "a step that takes too long ends the command, and no fence is left" {
	requires heap system
	requires root
	requires debugfs
	requires module vgem
	run -1 --separate-stderr timeout 60 "$DMAHEAP" fence-test --timeout 1us
	[ -z "$output" ]
	[[ $stderr == "dmaheap fence-test: "*"--timeout"* ]]
	run ! grep -q 'system\|heap_helpers' /sys/kernel/debug/dma_buf/bufinfo
	# killed with a fence pending, at ten different times; before 5.16 that can stop the kernel
	local time
	for time in 0.3 0.3{1..9}; do
		run -137 timeout -s KILL "$time" "$DMAHEAP" fence-test --repeat 100000
	done
	run ! grep -q 'system\|heap_helpers' /sys/kernel/debug/dma_buf/bufinfo
}

# The kernel's view of the same wake-ups: from each dma_fence_signaled to the next return of a
# waiting call in another thread. Prints min and median in ns, one line
# for each of the three waiters; the first two signals are those of the timeline.
wakeups_of_trace() {
	local calls=' 73 29 ' # the numbers of ppoll and ioctl on arm64
	[ "$(uname -m)" != x86_64 ] || calls=' 7 16 ' # poll
	awk -v repeat="$1" -v calls="$calls" '
	function sorted(first, last,    i, j, swap) {
		for (i = first + 1; i <= last; i++)
			for (j = i; j > first && took[j - 1] > took[j]; j--) {
				swap = took[j]; took[j] = took[j - 1]; took[j - 1] = swap
			}
	}
	{
		pid = $1
		sub(/.*-/, "", pid)
		for (i = 2; i < NF && $i !~ /^[0-9]+\.[0-9]+:$/; i++)
			;
		time = $i + 0
		event = $(i + 1)
	}
	event == "dma_fence_signaled:" && /driver=vgem/ { at = time; signaller = pid; signals++ }
	event == "sys_exit:" && at && pid != signaller && index(calls, " " $(i + 3) " ") {
		if (signals > 2)
			took[++count] = (time - at) * 1e9
		at = 0
	}
	END {
		if (count != 3 * repeat) {
			printf "%d wake-ups in the trace\n", count
			exit 1
		}
		for (who = 0; who < 3; who++) {
			first = who * repeat + 1
			sorted(first, first + repeat - 1)
			printf "%d %d\n", took[first], took[first + int((repeat - 1) / 2)]
		}
	}'
}

@test "the times agree with the kernel's own trace of them" {
	requires heap system
	requires root
	requires tracefs
	requires module vgem
	requires board # for the numbers of system calls
	requires kernel 6.0 # before, the times do not begin with the signal
	local tracing=/sys/kernel/tracing repeat=25 event
	[ -d "$tracing/events/raw_syscalls" ] || skip "needs CONFIG_FTRACE_SYSCALLS"
	echo mono >"$tracing/trace_clock"
	echo 8192 >"$tracing/buffer_size_kb"
	for event in dma_fence/dma_fence_signaled raw_syscalls/sys_exit; do
		echo 1 >"$tracing/events/$event/enable"
	done
	"$DMAHEAP" fence-test --repeat "$repeat" --json >"$BATS_TEST_TMPDIR/ours"
	echo 0 >"$tracing/tracing_on"
	grep 'dmaheap-' "$tracing/trace" >"$BATS_TEST_TMPDIR/trace"
	echo 1 >"$tracing/tracing_on"
	wakeups_of_trace "$repeat" <"$BATS_TEST_TMPDIR/trace" >"$BATS_TEST_TMPDIR/theirs"
	for event in dma_fence/dma_fence_signaled raw_syscalls/sys_exit; do
		echo 0 >"$tracing/events/$event/enable"
	done
	jq -r '.fence_test.wakeups[] | "\(.waiter) \(.min) \(.median)"' "$BATS_TEST_TMPDIR/ours" |
		tr ' ' '\t' | sed 's/sync\tfile/sync-file/' >"$BATS_TEST_TMPDIR/columns"
	paste "$BATS_TEST_TMPDIR/columns" "$BATS_TEST_TMPDIR/theirs"
	# ours ends a few instructions after theirs, in user space
	paste "$BATS_TEST_TMPDIR/columns" "$BATS_TEST_TMPDIR/theirs" | awk '
		function near(ours, theirs) { return ours > theirs - 2000 && ours < theirs * 1.5 + 200000 }
		!near($2, $4) || !near($3, $5) { print "apart: " $0; wrong = 1 }
		END { exit wrong || NR != 3 }'
}
