#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# monitor, on this machine's heaps.
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # a shell's in quotes; each test has its own; run sets it
bats_require_minimum_version 1.5.0
load helpers

HOLDERS=${DMAHEAP_HOLDERS-$(command -v dmaheap-holders || true)}

setup() {
	requires cma-area
	requires root
	requires command jq
	heap=$(cma_heap)
	export heap
	cd "$BATS_TEST_TMPDIR" || return
	pids=()
}

teardown() {
	[ -z "${pids-}" ] || kill -KILL "${pids[@]}" 2>/dev/null || true
	wait
}

# until_it COMMAND...: waits for it to succeed, half a minute at most
until_it() {
	local end=$((SECONDS + 30))
	while ((SECONDS < end)); do
		! "$@" >/dev/null 2>&1 || return 0
		sleep 0.05
	done
	tail -n 50 seen err out 2>/dev/null
	return 1
}

# tracing: what others see of tracefs
tracing() {
	(cd /sys/kernel/tracing && cat tracing_on current_tracer trace_clock events/cma/*/enable && ls instances)
}

# begin NAME OPTION...: starts a monitor in the background that writes to NAME, and waits for its instance
begin() {
	local name=$1
	shift
	# bash ignores SIGINT for what it starts so
	env --default-signal=INT "$DMAHEAP" monitor --json "$@" >"$name" 2>"$name.err" 3>&- &
	pids+=($!)
	until_it grep -qx 1 "/sys/kernel/tracing/instances/dmaheap-$!/events/cma/cma_release/enable"
}

# finish SIGNAL NUMBER: of the monitors begun, and its exit status
finish() {
	local status=0
	kill "-$1" "${pids[$2]}"
	wait "${pids[$2]}" || status=$?
	return $status
}

# of NAME: the sizes and addresses of an event of the heap's area
of() {
	jq -c --arg area "$heap" "select(.monitor.area == \$area) | .monitor | select(.event == \"$2\") | [.size, .base]" "$1" | sort
}

@test "allocations, releases and failures of a command, with sizes, places and tasks; the tracing is as before" {
	requires kernel 5.15
	local before from reason
	from=$(date -u +%FT%T)
	before=$(tracing)
	"$DMAHEAP" monitor --json -- sh -c '
		"$DMAHEAP" alloc --heap "$heap" --size 1M --count 3 >/dev/null
		"$DMAHEAP" alloc -q --heap "$heap" --size 1G 2>/dev/null
		exit 7' >all || [ $? -eq 7 ]
	cat all
	[ "$(tracing)" = "$before" ]
	[ "$(of all allocated | wc -l)" -eq 3 ]
	[ "$(of all allocated | jq -r '.[0]' | sort -u)" -eq $((1 << 20)) ]
	[ "$(of all allocated | jq -r '.[1]' | sort -u | wc -l)" -eq 3 ]
	[ "$(of all allocated)" = "$(of all released)" ]
	[ "$(of all failed)" = "[$((1 << 30)),null]" ]
	jq -es 'all(.[].monitor; .command == "dmaheap" and .tid > 1)
		and ([.[].monitor.monotonic] | . == sort)' all
	# what the kernel calls a reason: 7.2 says EBUSY, 6.12 tells of the beginning alone
	version_at_least "$(uname -r)" 7.0 && reason=16 || reason=null
	[ "$(jq -r '.monitor | select(.event == "failed").errno' all)" = "$reason" ]
	if [ -e /sys/kernel/tracing/events/dma_buf/dma_buf_export ]; then
		[ "$(jq -c --arg heap "$heap" '.monitor | select(.event == "exported") | [.exporter == $heap, .size]' all |
			sort | uniq -c | xargs)" = "3 [true,$((1 << 20))]" ]
	fi
	jq -es --arg from "$from" --arg to "$(date -u +%FT%T)~" 'all(.[].monitor.time; . >= $from and . <= $to)' all
}

@test "two at once see the same, end by signals, and the instance of a killed one is removed by the next" {
	requires kernel 5.15
	local before
	before=$(tracing)
	begin one
	begin two
	"$DMAHEAP" alloc --heap "$heap" --size 2M >/dev/null
	finish INT 0
	finish TERM 1
	[ "$(of one allocated | wc -l)" -eq 1 ]
	[ "$(of one allocated)" = "$(of two released)" ]
	[ "$(of two allocated)" = "$(of one released)" ]
	[ ! -s one.err ]
	[ "$(tracing)" = "$before" ]
	begin three
	kill -KILL "${pids[2]}"
	wait "${pids[2]}" || true
	[ -d "/sys/kernel/tracing/instances/dmaheap-${pids[2]}" ]
	"$DMAHEAP" monitor -- true
	[ "$(tracing)" = "$before" ]
	# who reads no more ends it, and nothing of it is left
	"$DMAHEAP" monitor --json -- sh -c 'for i in 1 2 3; do "$DMAHEAP" alloc --heap "$heap" --size 4K >&2; done' 2>/dev/null | head -n 1 >first
	jq -e '.monitor.event == "allocated"' first
	[ "$(tracing)" = "$before" ]
}

@test "an ordinary user polls the counters, and is told so" {
	requires kernel 5.13
	requires user
	local sums
	[ -r "/sys/kernel/mm/cma/$heap/alloc_pages_success" ] || skip "no CMA counters in sysfs"
	touch go
	chmod 755 .
	run_as_user "$DMAHEAP" monitor --json --interval 20ms --count 2 >polled 2>err 3>&- &
	pids+=($!)
	until_it test -s err
	"$DMAHEAP" alloc --heap "$heap" --size 1M --hold 1s >/dev/null
	wait "${pids[0]}"
	cat polled err
	[[ $(cat err) == *"the kernel's events are for root: polling the counters of CMA areas each 20.0 ms;"* ]]
	sums=$(jq -cs --arg area "$heap" '[.[].monitor | select(.event == "counted" and .area == $area)]
		| [([.[].allocated] | add), ([.[].failed] | add)]' polled)
	[ "$sums" = "[$((1 << 20)),0]" ]
	run -4 --separate-stderr run_as_user "$DMAHEAP" monitor --stuck 1s
	[ -z "$output" ]
	[[ $stderr == *"--stuck: /sys/kernel/debug/dma_buf/bufinfo: permission denied; "*"for root" ]]
}

@test "heaps, a full area, and a fence that stays pending" {
	requires heap system
	requires debugfs
	requires module vgem
	[ -n "$HOLDERS" ] || skip "no dmaheap-holders: build the target holders and set DMAHEAP_HOLDERS"
	local inode all
	all=$(($(available "$heap") * 1024 * $(awk '$1 == "KernelPageSize:" { print $2; exit }' /proc/self/smaps)))
	begin seen --threshold 50 --stuck 200ms --interval 50ms
	echo add >/sys/class/dma_heap/system/uevent
	"$DMAHEAP" alloc --heap "$heap" --size $((all * 3 / 4)) --hold 1s >/dev/null
	mkfifo in
	"$HOLDERS" "$heap" fence <in >out 3>&- &
	pids+=($!)
	exec {in}>in
	until_it test -s out
	read -r inode _ <out
	until_it grep '"event": "stuck"' seen
	exec {in}>&-
	until_it grep '"event": "signalled"' seen
	finish INT 0
	cat seen
	[ "$(jq -r '.monitor | select(.heap == "system").event' seen)" = heap-added ]
	[ "$(jq -r --arg area "$heap" '.monitor | select(.area == $area and .percent) | "\(.event) \(.percent >= 50)"' seen |
		xargs)" = "above true below false" ]
	[ "$(jq -c --argjson inode "$inode" '.monitor | select(.usage)
		| [.event, .inode == $inode, .driver, .usage, .pending >= 200000000]' seen | xargs)" = \
		"[stuck,true,vgem,write,true] [signalled,true,vgem,write,true]" ]
}
