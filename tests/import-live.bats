#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# import, on this machine: devices without hardware.
# shellcheck disable=SC2030,SC2031 # each test has its own
bats_require_minimum_version 1.5.0
load helpers

instances=/sys/kernel/tracing/instances

setup() {
	requires board
	requires root
	requires tracefs
	requires heap system
	requires heap linux,cma
	pids=()
	began=1
}

teardown() {
	local pid module
	[ -n "${began-}" ] || return 0 # no machine of ours
	for pid in "${pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null || true
	done
	wait
	# what a test that failed has left, of modules that the board does not have loaded, and of tracing
	for module in vivid vim2m vkms stuck_video; do
		rmmod "$module" 2>/dev/null || true
	done
	echo 0 >/sys/kernel/tracing/events/dma/dma_map_sg/enable || true
}

# vivid ALLOCATOR: 1 is vb2 dma-contig, 0 is vb2 vmalloc; a camera and an output
vivid() {
	requires module vivid
	rmmod vivid 2>/dev/null || true
	modprobe vivid n_devs=1 "allocators=$1" node_types=0x101
	camera=/dev/$(cd /sys/bus/platform/devices/vivid.0/video4linux && echo video* | cut -d ' ' -f 1)
	screen=/dev/$(cd /sys/bus/platform/devices/vivid.0/video4linux && echo video* | cut -d ' ' -f 2)
}

# node DRIVER: its node in /dev/dri, of those that render where there is one
node() {
	"$DMAHEAP" import --dry-run --json --heap system | jq -r --arg driver "$1" '[.import[] | select(.driver == $driver) | .device][0] // ""'
}

# cell FILTER ARG...: of the one row that there is
cell() {
	"$DMAHEAP" import --json "${@:2}" | tee "$BATS_TEST_TMPDIR/json" | jq -ce ".import | if length == 1 then .[0] else error(\"rows\") end | $1"
}

nothing_is_left() {
	# what the kernel lists is held by nobody but those who held it before
	[ "$(grep -c 'Attached Devices' /sys/kernel/debug/dma_buf/bufinfo)" -eq 0 ] || {
		cat /sys/kernel/debug/dma_buf/bufinfo
		return 1
	}
	! compgen -G "$instances/dmaheap-*" || return 1
}

@test "vb2 dma-contig maps buffers of CMA, and refuses those of pages with EFAULT" {
	local heap device
	vivid 1
	for device in "$camera" "$screen"; do
		for heap in linux,cma video@42000000; do
			[ -e "/dev/dma_heap/$heap" ] || continue
			[ "$(cell '[.result, .taken, .tried, .attached, .mapped, .contiguous, .pieces, .error]' --device "$device" --heap "$heap")" = \
				'["maps",3,3,true,true,true,1,null]' ]
		done
		[ "$(cell '[.result, .taken, .tried, .call, .error, .contiguous]' --device "$device" --heap system)" = \
			'["refused",0,3,"VIDIOC_QBUF","EFAULT",false]' ]
	done
	nothing_is_left
	# the size of a picture is that of the format, in whole pages, and no power of two
	[ "$(cell '.size | (. % 4096 == 0) and ([range(12; 31)] | map(pow(2; .)) | index([.]) == null)' --device "$camera" --heap linux,cma)" = true ]
}

@test "the address is that of the region, and the pieces are those of the kernel's events" {
	requires kernel 6.19 # heaps of regions
	requires heap video@42000000
	vivid 1
	run -0 --separate-stderr "$DMAHEAP" import --json --device "$camera" --heap video@42000000 --heap system
	[ "$(jq -c '.heaps | map([.heap, .contiguous, .buffers])' <<<"$output")" = '[["video@42000000",true,3],["system",false,3]]' ]
	[ "$(jq -r '.heaps[0].address' <<<"$output")" = 0x42000000 ]
	[ "$(jq '.heaps[1].least_pieces > 1' <<<"$output")" = true ]
}

@test "what was measured is evidence for info and list" {
	vivid 1
	run -0 --separate-stderr "$DMAHEAP" import -q --device "$camera" --heap linux,cma --heap system --save "$BATS_TEST_TMPDIR/saved"
	run -0 --separate-stderr "$DMAHEAP" list --json --measured "$BATS_TEST_TMPDIR/saved"
	jq -e '[.list[] | select(.buffers.source // "" | endswith("contiguous: 3 of 3 buffers were measured in one piece")) |
		[.name, .buffers.contiguous]] == [["linux,cma",true]]' <<<"$output"
	jq -e '[.list[] | select(.buffers.source // "" | endswith("contiguous: 0 of 3 buffers were measured in one piece")) |
		[.name, .buffers.contiguous]] == [["system",false]]' <<<"$output"
	run -0 --separate-stderr "$DMAHEAP" info linux,cma --measure --json
	jq -e '.info | .contiguity.contiguous and .contiguity.buffers >= 3 and .contiguity.most_pieces == 1 and
		.sources.contiguity == "the kernel'"'"'s event dma_map_sg"' <<<"$output"
	run -0 --separate-stderr "$DMAHEAP" info system --measure
	grep -E '^contiguity +no: 0 of [0-9]+ buffers lay in one piece' <<<"$output"
	nothing_is_left
}

@test "vb2 vmalloc takes everything, and neither attaches nor maps" {
	local heap
	vivid 0
	requires module vim2m
	for heap in linux,cma system; do
		[ "$(cell '[.result, .taken, .attached, .mapped]' --device "$camera" --heap "$heap")" = '["vmaps",3,false,false]' ]
	done
	run -0 --separate-stderr "$DMAHEAP" import --json --heap system
	[ "$(jq -c '[.import[] | select(.driver == "vim2m") | [.queue, .result, .taken]]' <<<"$output")" = \
		'[["capture","vmaps",3],["output","vmaps",3]]' ]
	nothing_is_left
	rmmod vim2m
}

@test "vgem attaches, and on 6.12 maps; a card and a render node are one row" {
	local device wanted='["attaches",3,true,false]'
	requires module vgem
	version_at_least "$(uname -r)" 7.0 || wanted='["maps",3,true,true]'
	device=$(node vgem)
	[[ $device == /dev/dri/renderD* ]]
	[ "$(cell '[.result, .taken, .attached, .mapped]' --device "$device" --heap system)" = "$wanted" ]
	[ "$(jq '.devices[0].nodes | length' "$BATS_TEST_TMPDIR/json")" -eq 2 ]
	# the other node is the same device, and so is a link
	ln -s "$(jq -r '.devices[0].nodes[1]' "$BATS_TEST_TMPDIR/json")" "$BATS_TEST_TMPDIR/link"
	[ "$(cell .device --device "$BATS_TEST_TMPDIR/link" --heap system)" = "\"$device\"" ]
	nothing_is_left
}

@test "vkms attaches" {
	requires module vkms
	[ "$(cell '[.result, .attached]' --device "$(node vkms)" --heap linux,cma)" = '["attaches",true]' ] ||
		[ "$(jq -c '.import[0] | [.result, .attached]' "$BATS_TEST_TMPDIR/json")" = '["maps",true]' ]
	nothing_is_left
}

@test "virtio-gpu without blob resources refuses with ENODEV, and shows all the same where the buffer lies" {
	[ -n "$(node virtio_gpu)" ] || skip "no virtio-gpu"
	[ "$(cell '[.result, .error, .contiguous, .pieces]' --device "$(node virtio_gpu)" --heap linux,cma)" = '["refused","ENODEV",true,1]' ]
	[[ $(jq -r '.import[0].reason' "$BATS_TEST_TMPDIR/json") == *"blob resources"* ]]
	[ "$(jq '.devices[0].coherent' "$BATS_TEST_TMPDIR/json")" = true ]
	nothing_is_left
}

@test "a udmabuf is tried beside the heaps" {
	[ -e /dev/udmabuf ] || skip "no /dev/udmabuf"
	vivid 1
	run -0 --separate-stderr "$DMAHEAP" import --json --device "$camera"
	[ "$(jq -r '[.import[].heap] | .[-1]' <<<"$output")" = udmabuf ]
	# its pages may follow each other by luck
	[ "$(jq '.heaps[-1] | .buffers == 3 and (.contiguous | not)' <<<"$output")" = true ] ||
		[ "$(jq '.import[-1] | .taken == 3' <<<"$output")" = true ]
}

@test "a device that another process uses is told and left alone" {
	vivid 1
	mkfifo "$BATS_TEST_TMPDIR/go"
	# one that has buffers of the queue: VIDIOC_REQBUFS of one, memory mapped
	# shellcheck disable=SC2016 # perl's
	perl -e 'my $request = pack("L5", 2, 1, 1, 0, 0);
		open(my $node, "+<", $ARGV[0]) or die;
		ioctl($node, 0xc0145608, $request) or die "VIDIOC_REQBUFS: $!";
		$| = 1;
		print "ready\n";
		open(my $go, "<", $ARGV[1])' "$camera" "$BATS_TEST_TMPDIR/go" >"$BATS_TEST_TMPDIR/out" 3>&- &
	pids+=($!)
	until [ -s "$BATS_TEST_TMPDIR/out" ]; do
		sleep 0.05
		kill -0 $!
	done
	[ "$(cell '[.result, .taken, .call, .error]' --device "$camera" --heap linux,cma)" = '["busy",0,"VIDIOC_REQBUFS","EBUSY"]' ]
	run -0 --separate-stderr "$DMAHEAP" import --device "$camera" --heap linux,cma
	[[ $output == *"another process has its buffers; left alone"* ]]
}

@test "a killed run leaves nothing attached; its instance goes with the next run" {
	requires command strace
	vivid 1
	# as "late" does, before the device lets go; with -D it is dmaheap that is ours to kill
	strace -D -f -o /dev/null -P "$camera" -e trace=ioctl -e inject=ioctl:delay_enter=20000000:when=5 \
		"$DMAHEAP" import --device "$camera" --heap linux,cma >/dev/null 2>&1 3>&- &
	pids+=($!)
	# not before the device is attached: else there is nothing to be left
	until grep -q 'vivid' /sys/kernel/debug/dma_buf/bufinfo; do kill -0 $!; done
	kill -KILL $!
	wait $! || true
	until [ "$(grep -c 'Attached Devices' /sys/kernel/debug/dma_buf/bufinfo)" -eq 0 ]; do sleep 0.1; done
	run -0 "$DMAHEAP" import --device "$camera" --heap linux,cma
	nothing_is_left
}

# late INJECT ARG...: the call of the child on the camera that INJECT is for; the 4th is the last
# VIDIOC_QBUF, the 5th releases the buffers, the 7th is the first VIDIOC_QBUF of --data. To find the
# device the parent makes three.
late() {
	strace -f -o /dev/null -P "$camera" -e trace=ioctl -e "inject=ioctl:$1" \
		"$DMAHEAP" import --json --device "$camera" --heap linux,cma "${@:2}"
}

@test "a device that answers late, in the time and after it" {
	requires command strace
	vivid 1
	run -0 --separate-stderr late delay_enter=1000000:when=4 --timeout 100s
	[ "$(jq -c '.import[0] | [.result, .taken]' <<<"$output")" = '["maps",3]' ]
	run -1 --separate-stderr late delay_enter=8000000:when=4 --timeout 3s
	[ "$(jq -c '.import[0] | [.result, .call, .error]' <<<"$output")" = '["no answer","child process","ETIMEDOUT"]' ]
	# what the device took, it took, whatever comes of the picture
	run -1 --separate-stderr late delay_enter=8000000:when=7 --timeout 5s --data
	[ "$(jq -c '.import[0] | [.result, .taken, .error, .data]' <<<"$output")" = '["maps",3,null,"ETIMEDOUT"]' ]
	nothing_is_left
}

@test "a child that is killed is told as that" {
	requires command strace
	vivid 1
	run -1 --separate-stderr late signal=KILL:when=4
	[ "$(jq -c '.import[0] | [.result, .call, .error, .reason]' <<<"$output")" = \
		'["died","child process","EOWNERDEAD","the process that tried it was killed by SIGKILL"]' ]
	run -1 --separate-stderr late signal=KILL:when=7 --data
	[ "$(jq -c '.import[0] | [.result, .taken, .error, .data]' <<<"$output")" = '["maps",3,null,"EOWNERDEAD"]' ]
	nothing_is_left
}

@test "a device that goes away while it is asked is told as that" {
	requires command strace
	vivid 1
	# before the last VIDIOC_QBUF
	late delay_enter=3000000:when=4 >"$BATS_TEST_TMPDIR/late" &
	pids+=($!)
	until grep -q 'vivid' /sys/kernel/debug/dma_buf/bufinfo; do kill -0 $!; done
	echo vivid.0 >/sys/bus/platform/drivers/vivid/unbind
	status=0
	wait $! || status=$?
	[ "$status" -eq 1 ]
	cat "$BATS_TEST_TMPDIR/late"
	[ "$(jq -c '.import[0] | [.result, .tried, .taken, .call, .error, .reason]' "$BATS_TEST_TMPDIR/late")" = \
		'["gone",3,2,"VIDIOC_QBUF","ENODEV","the device is gone"]' ]
	nothing_is_left
}

# stuck PARAMETER: a camera that does not return from a call, tests/board/modules/stuck-video
stuck() {
	[ -e /lib/modules/extra/stuck-video.ko ] || skip "no module stuck-video: it is the board's own"
	insmod /lib/modules/extra/stuck-video.ko "$1"
}

@test "a driver that does not return holds nobody up, and what it holds is told" {
	local began pid
	stuck open=30
	began=$SECONDS
	run -1 --separate-stderr "$DMAHEAP" import --json --device /dev/video63 --heap system
	# 5 seconds are the limit
	((SECONDS - began < 25))
	[ "$(jq -c '.import[0] | [.result, .call, .error]' <<<"$output")" = '["no answer","open","ETIMEDOUT"]' ]
	rmmod stuck_video
	# not even SIGKILL ends this, and the next heap is not tried
	stuck queue=15
	status=0
	output=$("$DMAHEAP" import --json --device /dev/video63 --heap system --heap linux,cma --timeout 1s 2>"$BATS_TEST_TMPDIR/err") || status=$?
	[ "$status" -eq 1 ]
	[ "$(jq -c '.import | map([.heap, .result])' <<<"$output")" = '[["system","no answer"],["linux,cma","not tried"]]' ]
	[[ $(<"$BATS_TEST_TMPDIR/err") =~ 'dmaheap import: /dev/video63: process '([0-9]+)' does not end: the driver holds it in the kernel' ]]
	pid=${BASH_REMATCH[1]}
	[ "$(awk '/^State:/ { print $2 }' "/proc/$pid/status")" = D ]
	while [ -e "/proc/$pid" ]; do sleep 0.1; done
	rmmod stuck_video
	nothing_is_left
}

@test "SIGTERM ends it with its status, and removes the instance" {
	local status=0
	vivid 1
	"$DMAHEAP" import --sync --heap linux,cma >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
	pids+=($!)
	until compgen -G "$instances/dmaheap-*"; do kill -0 $!; done
	kill -TERM $!
	wait $! || status=$?
	[ "$status" -eq 143 ]
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	nothing_is_left
}

@test "an attempt that takes too long is no answer" {
	vivid 1
	run --separate-stderr "$DMAHEAP" import --json --device "$camera" --heap linux,cma --timeout 1ns
	[ "$status" -eq 1 ]
	[ "$(jq -c '.import[0] | [.result, .error]' <<<"$output")" = '["no answer","ETIMEDOUT"]' ]
	nothing_is_left
}

@test "without root: what is taken, and that no more can be seen" {
	local group
	requires user
	vivid 0
	group=$(id -g "$(ordinary_user)")
	chgrp "$group" "$camera" /dev/dma_heap/system
	chmod 660 "$camera" /dev/dma_heap/system
	run --separate-stderr run_as_user "$DMAHEAP" import --json --device "$camera" --heap system
	chmod 600 "$camera" /dev/dma_heap/system
	chgrp root /dev/dma_heap/system
	[ "$status" -eq 0 ]
	[[ $stderr == *"can't be traced (permission denied)"* ]]
	[ "$(jq -c '[.traced, (.import[0] | .result, .taken, .attached, .mapped)]' <<<"$output")" = '[false,"takes",3,null,null]' ]
	run --separate-stderr run_as_user "$DMAHEAP" import --device "$camera" --heap system
	[ "$status" -eq 4 ]
	[[ $output == *"no access"* ]]
}

@test "in a PID namespace of its own nothing is traced, and that is said" {
	requires command unshare
	vivid 0
	run -0 --separate-stderr unshare --pid --fork "$DMAHEAP" import --json --device "$camera" --heap system
	[[ $stderr == *"the kernel's events can't be traced (in this PID namespace they can't be told from those of others)"* ]]
	[ "$(jq -c '[.traced, (.import[0] | .result, .mapped)]' <<<"$output")" = '[false,"vmaps",null]' ]
}

@test "--dry-run allocates and imports nothing" {
	vivid 1
	run -0 --separate-stderr "$DMAHEAP" import --dry-run --json --device "$camera" --heap system --heap linux,cma
	[ "$(jq -c '.import | map([.heap, .device, .driver, .result])' <<<"$output")" = \
		"[[\"system\",\"$camera\",\"vivid\",null],[\"linux,cma\",\"$camera\",\"vivid\",null]]" ]
	# neither is there where a look at the events of the whole machine sees anything
	echo 1 >/sys/kernel/tracing/events/dma/dma_map_sg/enable
	echo >/sys/kernel/tracing/trace
	"$DMAHEAP" import --dry-run --device "$camera"
	[ "$(grep -c 'dma_map_sg: vivid' /sys/kernel/tracing/trace)" -eq 0 ]
	"$DMAHEAP" import --device "$camera" --heap linux,cma
	grep 'dma_map_sg' /sys/kernel/tracing/trace
	[ "$(grep -c 'dma_map_sg: vivid' /sys/kernel/tracing/trace)" -eq 3 ]
	echo 0 >/sys/kernel/tracing/events/dma/dma_map_sg/enable
}

@test "a path that is no such device, and one of a device that takes no buffers" {
	run -4 --separate-stderr "$DMAHEAP" import --device /dev/null --heap system
	[ -z "$output" ]
	[ "$stderr" = "dmaheap import: /dev/null: no node of a device that takes dma-bufs (/dev/dri/*, /dev/video*)" ]
	run -4 --separate-stderr "$DMAHEAP" import --device /dev/nothing
	run -4 --separate-stderr "$DMAHEAP" import --heap nothing
	[[ $stderr == "dmaheap import: nothing: no such heap"* ]]
}

@test "--choose: the heap that the device takes, and why" {
	vivid 1
	run -0 --separate-stderr "$DMAHEAP" import --choose --json --device "$camera" --heap system --heap linux,cma
	[ "$(jq -c '.choice | map([.driver, .heap])' <<<"$output")" = '[["vivid","linux,cma"]]' ]
	[[ $(jq -r '.choice[0].why' <<<"$output") == *"took 3 of 3 buffers (maps); refused system; not cache-coherent"* ]]
	vivid 0
	# where both are taken, pages are, whichever comes first
	run -0 --separate-stderr "$DMAHEAP" import --choose --json --device "$camera" --heap linux,cma --heap system
	[ "$(jq -r '.choice[0].heap' <<<"$output")" = system ]
	[[ $(jq -r '.choice[0].why' <<<"$output") == "took 3 of 3 buffers (vmaps)" ]]
	run -0 --separate-stderr "$DMAHEAP" import --choose --device "$camera" --heap linux,cma
	[[ ${lines[0]} == DEVICE*HEAP*WHY ]]
	[[ ${lines[1]} == "$camera"*linux,cma*"took 3 of 3"* ]]
}

@test "--sync: maintenance for a mapped attachment of a device that is not coherent, else nothing" {
	vivid 1
	[ "$(cell '[.sync, .held > .absent, .line > 0]' --sync --device "$camera" --heap linux,cma)" = '["maintenance",true,true]' ]
	vivid 0
	[ "$(cell .sync --sync --device "$camera" --heap linux,cma)" = '"nothing"' ]
	# a udmabuf is mapped for itself
	[ ! -e /dev/udmabuf ] || [ "$(cell .sync --sync --device "$camera" --heap udmabuf)" = '"maintenance"' ]
	requires module vgem
	version_at_least "$(uname -r)" 7.0 || return 0
	[ "$(cell .sync --sync --device "$(node vgem)" --heap linux,cma)" = '"nothing"' ]
}

@test "--data: a camera writes all of a picture, a memory-to-memory device copies all of it" {
	local allocator
	for allocator in 0 1; do
		vivid "$allocator"
		[ "$(cell '[.data, .all > 0, .right / .all > 0.9]' --data --device "$camera" --heap linux,cma)" = '["written",true,true]' ]
		[ "$(cell .data --data --device "$screen" --heap linux,cma)" = null ] # nothing to be looked at
	done
	requires module vim2m
	run -0 --separate-stderr "$DMAHEAP" import --data --json --heap linux,cma --heap system
	[ "$(jq -c '[.import[] | select(.driver == "vim2m" and .queue == "output") | [.heap, .data, .right == .all, .all]]' <<<"$output")" = \
		'[["linux,cma","copied",true,614400],["system","copied",true,614400]]' ]
	rmmod vim2m
	nothing_is_left
}
