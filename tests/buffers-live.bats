#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# buffers, on this machine: programs that hold a buffer in one way each, tests/live/holders.c.
# shellcheck disable=SC2030,SC2031 # each test has its own
bats_require_minimum_version 1.5.0
load helpers

HOLDERS=${DMAHEAP_HOLDERS-$(command -v dmaheap-holders || true)}

teardown() {
	local pid
	[ -z "$mode" ] || chmod "$mode" "/dev/dma_heap/$heap"
	[ ! -w /sys/kernel/tracing/events/cma/cma_alloc_finish/enable ] || echo 0 >/sys/kernel/tracing/events/cma/cma_alloc_finish/enable
	for pid in "${pids[@]}"; do
		kill -KILL "$pid" 2>/dev/null || true
	done
	wait
}

# hold KIND [COMMAND...]: starts a holder, below COMMAND if there is one; sets inode and pid
hold() {
	local kind=$1
	shift
	[ -n "$HOLDERS" ] || skip "no dmaheap-holders: build the target holders and set DMAHEAP_HOLDERS"
	heap=$(cma_heap)
	mkfifo "$BATS_TEST_TMPDIR/$kind.in"
	"$@" "$HOLDERS" "$heap" "$kind" <"$BATS_TEST_TMPDIR/$kind.in" >"$BATS_TEST_TMPDIR/$kind.out" 3>&- &
	pids+=($!)
	exec {in}>"$BATS_TEST_TMPDIR/$kind.in"
	while [ ! -s "$BATS_TEST_TMPDIR/$kind.out" ]; do
		sleep 0.05
		kill -0 $!
	done
	read -r inode pid <"$BATS_TEST_TMPDIR/$kind.out"
}

# row FILTER: what jq makes of the row of the buffer
row() {
	"$DMAHEAP" buffers --json | jq -c --argjson inode "$inode" --argjson pid "$pid" \
		".buffers[] | select(.inode == \$inode) | $1"
}

# before Linux 5.11 the exporter does not tell which heap it is
summary='[.size, (.exporter == .heap and .heap == $ENV.heap) or .exporter == "heap_helpers", .name, .holders, .fds, .maps, .kernel.references,
	(.children | map([.type, .pid == $pid, .fds, .maps]))]'

setup() {
	requires cma-area
	requires root
	requires debugfs
	pids=() mode=
	heap=$(cma_heap)
	export heap
}

@test "descriptors, copies of them, mappings, and holes in those, are counted as the kernel does" {
	local kind expected
	while read -r kind expected; do
		hold "$kind"
		echo "$kind: $(row "$summary")"
		[ "$(row "$summary")" = "[1048576,true,\"$kind\",1,$expected,0,[[\"process\",true,$expected]]]" ]
		exec {in}>&-
		wait "${pids[-1]}"
		[ -z "$(row .)" ]
	done <<-END
		descriptor 1,0
		copies 3,0
		mapping 0,1
		hole 0,2
		both 1,1
	END
}

# by_lsof: the descriptors of the buffer, and mem for mappings, of its process. Other file systems have files
# with the same inode number.
by_lsof() {
	lsof -nP -Ffin -p "$pid" 2>/dev/null | awk -v inode="$inode" '/^f/ { fd = substr($0, 2) } /^i/ { same = $0 == "i" inode }
		/^n\/dmabuf:/ && same { print fd }' | sort -u | tr '\n' ' '
}

# by_us: the same
by_us() {
	row '.children[0].how[]' | sed -n -e 's/^"fd \([0-9]*\)"$/\1/p' -e 's/^"mapping .*/mem/p' | sort -u | tr '\n' ' '
}

@test "lsof and fuser name the same holders" {
	requires command lsof
	requires command fuser
	local kind
	for kind in copies mapping hole both; do
		hold "$kind"
		echo "$kind: lsof $(by_lsof), dmaheap $(by_us)"
		[ -n "$(by_lsof)" ]
		[ "$(by_lsof)" = "$(by_us)" ]
	done
	# by what a descriptor leads to: all who have it open or mapped
	hold child
	fuser "/proc/$pid/fd/$(by_us | cut -d ' ' -f 1)" 2>/dev/null | tr -s ' m' '\n' | grep . | sort >"$BATS_TEST_TMPDIR/fuser"
	row '.children[].pid' | sort >"$BATS_TEST_TMPDIR/ours"
	cat "$BATS_TEST_TMPDIR/fuser"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/fuser")" -eq 2 ]
	diff "$BATS_TEST_TMPDIR/fuser" "$BATS_TEST_TMPDIR/ours"
}

@test "a thread with descriptors of its own is found" {
	hold thread
	[ "$(row "$summary")" = '[1048576,true,"thread",1,1,0,0,[["process",true,1,0]]]' ]
	[[ $(row '.children[0].how[0]') =~ ^'"fd '[0-9]+' of thread '[0-9]+'"'$ ]]
}

@test "a table or a memory that several tasks share is counted once" {
	local kind expected
	hold threads
	[ "$(row "$summary")" = '[1048576,true,"threads",1,1,0,0,[["process",true,2,0]]]' ]
	[ "$(row '[.children[0].how[] | test("shared with")] | sort')" = '[false,true]' ]
	while read -r kind expected; do
		hold "$kind"
		echo "$kind: $(row "$summary")"
		[ "$(row '[.holders, .fds, .maps, .kernel.references, (.children | map([.fds, .maps]))]')" = \
			"[2,$expected,0,[[$expected],[$expected]]]" ]
		[ "$(row '[.children[].how[] | test(", shared with [0-9]+$")] | sort')" = '[false,true]' ]
	done <<-END
		table 1,0
		memory 0,1
	END
}

@test "where it cannot be asked which tasks share, no reference is explained by a guess" {
	requires command strace
	local kind expected error
	hold threads
	while read -r kind expected error; do
		hold "$kind"
		run -0 --separate-stderr strace -o "$BATS_TEST_TMPDIR/trace" -e trace=kcmp -e inject="kcmp:error=$error" "$DMAHEAP" buffers --json
		echo "$kind: $output $stderr"
		grep -q "= -1 $error .*INJECTED" "$BATS_TEST_TMPDIR/trace"
		[ "$(jq -c --argjson inode "$inode" '.sharing_known, (.buffers[] | select(.inode == $inode) | [.fds, .maps, .kernel.references])' <<<"$output")" = \
			$'false\n'"[$expected,null]" ]
		[[ $stderr == *'dmaheap buffers: kcmp(2): '*': which tasks share descriptors or memory is unknown: '* ]]
	done <<-END
		table 2,0 ENOSYS
		memory 0,2 EPERM
	END
	[[ $(strace -o /dev/null -e trace=kcmp -e inject=kcmp:error=ENOSYS "$DMAHEAP" buffers "$inode" -nr -o TYPE,KERNEL 2>/dev/null) == *'buffer ?\x20refs'* ]]
	[ "$("$DMAHEAP" buffers --json | jq .sharing_known)" = true ]
}

@test "ten thousand descriptors and mappings are counted, and names lie to nobody" {
	hold many
	[ "$(row '[.size, .fds, .maps, .kernel.references, .name, (.children | map([.pid == $pid, .fds, .command, (.how | length)]))]')" = \
		'[1048576,10000,0,0,"many\ncount:\t1\nsize:\t1",[[true,10000,"ma\n\u001b[31m) R 1",10000]]]' ]
	[[ $("$DMAHEAP" buffers "$inode") == *' many\x0acount:\x091'*'ma\x0a\x1b[31m) R 1'* ]]
	hold mappings
	[ "$(row '[.size, .fds, .maps, .kernel.references, (.children | map([.pid == $pid, .maps]))]')" = \
		'[1048576,0,10000,0,[[true,10000]]]' ]
}

@test "a file that is called like a buffer is none" {
	hold liar
	grep -q /dmabuf:liar "/proc/$pid/maps"
	[ "$("$DMAHEAP" buffers --pid "$pid" --json | jq -c '[.buffers[] | [.fds, .maps, .kernel.references]]')" = '[[1,0,0]]' ]
}

@test "a process in a pid namespace has both of its numbers" {
	requires command unshare
	hold descriptor unshare --pid --fork
	[ "$pid" -eq 1 ]
	[ "$(row '[.holders, .fds, .kernel.references, .children[0].nspid, .children[0].pid > 1]')" = '[1,1,0,1,true]' ]
	pid=$(row '.children[0].pid')
	[ "$(tr '\0' ' ' <"/proc/$pid/cmdline")" = "$HOLDERS $heap descriptor " ]
	kill -KILL "$pid"
	wait "${pids[-1]}" || true
	[ -z "$(row .)" ]
}

@test "a child that inherited the descriptor is a holder of its own" {
	hold child
	[ "$(row '[.holders, .fds, .kernel.references, (.children | length), ([.children[].pid] | unique | length)]')" = \
		"[2,2,0,2,2]" ]
	[ "$(row '.share')" -eq 524288 ]
}

@test "an O_PATH descriptor keeps the memory, and is no reference" {
	hold path
	[ "$(row '[.size, .exporter, .fds, .kernel, .children[0].fds, .children[0].how[0]]')" = \
		'[1048576,null,1,null,1,"fd 3 (O_PATH)"]' ]
	"$DMAHEAP" buffers | grep "^$heap: .* of the area is not explained by these buffers, or belongs to one whose exporter is unknown$"
}

@test "descriptors in flight and registered files are candidates, never claimed" {
	local how
	hold flight
	[ "$(row '[.holders, .fds, .maps, .kernel.references, .children]')" = '[0,0,0,1,[]]' ]
	how=$(candidate)
	[[ $how =~ ^'perhaps: fd '[0-9]+', a socket with 1 descriptor in flight'$ ]]
	hold ring
	how=$(candidate)
	[[ $how =~ ^'perhaps: fd '[0-9]+', an io_uring with 1 registered file'$ ]]
}

# how the process may have to do with what is unexplained
candidate() {
	"$DMAHEAP" buffers --json | jq -r --argjson pid "$pid" \
		'.buffers[] | select(.type == "candidates") | .children[] | select(.pid == $pid) | .how[0]'
}

@test "DRM files of an attached device, and sync files where a fence is pending, are candidates" {
	requires module vgem
	requires kernel 6.0
	hold device
	[[ $(candidate) =~ ^'perhaps: fd '[0-9]+', a DRM file of vgem'$ ]]
	hold exported
	[[ $(candidate | LC_ALL=C sort) =~ ^'perhaps a fence: fd '[0-9]+', a sync file'$'\n''perhaps: fd '[0-9]+', a DRM file of vgem'$ ]]
	# who only has one open is none when nothing is attached
	kill -KILL "${pids[@]}"
	wait "${pids[@]}" || true
	hold descriptor
	[ -z "$(candidate)" ]
}

@test "a device that is attached is named, with its references and its pending fences" {
	requires module vgem
	hold device
	[ "$(row '[.holders, .fds, .kernel.references > 0, .kernel.devices, .fences.pending]')" = \
		'[0,0,true,["vgem"],[]]' ]
	hold fence
	# both at once: after ten seconds vgem signals its fences
	"$DMAHEAP" buffers "$inode" -nr -o KERNEL,FENCES >"$BATS_TEST_TMPDIR/table"
	[[ $(row '[.kernel.devices, .fences.write, .fences.read, (.fences.pending | map(split(" fence:")[0]))]') == \
		'[["vgem"],1,0,["'@(write|Exclusive)'"]]' ]] # the second before Linux 5.19
	[ "$(head -n 1 "$BATS_TEST_TMPDIR/table")" = 'vgem,3\x20refs 1\x20write' ]
}

@test "buffers of other exporters than heaps are shown, with the references of a DRM driver that made one" {
	requires module vgem
	local kind expected vgem='1,0,1,2,[true]'
	# before 5.14 what is mapped is the file of its memory, not the dma-buf
	version_at_least "$(uname -r)" 5.14 || vgem='0,0,0,2,[]'
	while read -r kind expected; do
		[ "$kind" != udmabuf ] || [ -e /dev/udmabuf ] || continue
		hold "$kind"
		echo "$kind: $(row .)"
		[ "$(row '[.size, .exporter, .heap, .name, .holders, .fds, .maps, .kernel.references, (.children | map(.pid == $pid))]')" = \
			"[1048576,\"$expected]" ]
		[ "$("$DMAHEAP" buffers --exporter "${expected%%\"*}" --json | jq -c '[.buffers[] | select(.type == "buffer").inode]')" = "[$inode]" ]
		[ "$("$DMAHEAP" buffers --heap "$heap" --json | jq -c '[.buffers[] | select(.type == "buffer").inode]')" = '[]' ]
	done <<-END
		vgem drm",null,"vgem",$vgem
		udmabuf udmabuf",null,"udmabuf",1,0,1,0,[true]
	END
}

@test "after kill -9 of each kind of holder the row is gone" {
	requires module vgem
	local kind
	local kinds=(descriptor copies mapping hole both thread threads table memory child path flight ring device sync vgem)
	! version_at_least "$(uname -r)" 6.0 || kinds+=(exported)
	[ ! -e /dev/udmabuf ] || kinds+=(udmabuf)
	for kind in "${kinds[@]}"; do
		hold "$kind"
		echo "$kind: $inode"
		[ -n "$(row .)" ]
		kill -KILL "$pid"
		wait "${pids[-1]}" || true
		# children end with it, and the kernel releases some things a moment later
		for _ in {1..100}; do
			[ -n "$(row .)" ] || break
			sleep 0.05
		done
		[ -z "$(row .)" ]
	done
}

@test "processes that come and go while they are read do no harm" {
	hold both
	(while :; do "$DMAHEAP" alloc --heap "$heap" --size 4K --count 4 --map -q >/dev/null 2>&1; done) 3>&- &
	pids+=($!)
	for _ in {1..10}; do
		[ "$(row "$summary")" = '[1048576,true,"both",1,1,1,0,[["process",true,1,1]]]' ]
	done
}

@test "the counts are those of the kernel's listing, and the sum that of the area" {
	local before
	before=$("$DMAHEAP" buffers --json | jq --arg heap "$heap" '[.unexplained[] | select(.area == $heap).size][0] // 0')
	hold copies
	hold mapping
	"$DMAHEAP" buffers --json >"$BATS_TEST_TMPDIR/json"
	# size flags mode count exp_name ino name
	awk '$1 ~ /^[0-9]+$/ && length($1) >= 8 && NF >= 6 { printf "%d %d %d\n", $6, $1, $4 }' /sys/kernel/debug/dma_buf/bufinfo |
		sort >"$BATS_TEST_TMPDIR/kernel"
	jq -r '.buffers[] | "\(.inode) \(.size) \(.fds + .maps + .kernel.references)"' "$BATS_TEST_TMPDIR/json" |
		sort >"$BATS_TEST_TMPDIR/ours"
	cat "$BATS_TEST_TMPDIR/ours"
	[ -s "$BATS_TEST_TMPDIR/ours" ]
	diff "$BATS_TEST_TMPDIR/kernel" "$BATS_TEST_TMPDIR/ours"
	# of an unknown heap they explain nothing
	[ "$(jq '[.buffers[] | select(.exporter == "heap_helpers")] | length' "$BATS_TEST_TMPDIR/json")" -eq 0 ] ||
		before=$((before + 2097152))
	[ "$(jq --arg heap "$heap" '[.unexplained[] | select(.area == $heap).size][0] // 0' "$BATS_TEST_TMPDIR/json")" -eq "$before" ]
	[ "$(jq '.total.size == ([.buffers[].size] | add)' "$BATS_TEST_TMPDIR/json")" = true ]
}

@test "filters and orders show the same buffers" {
	requires kernel 5.15
	hold copies
	local first=$inode first_pid=$pid
	hold mapping
	[ "$("$DMAHEAP" buffers --name mapping -nr -o INODE,TYPE | grep -c buffer)" -eq 1 ]
	[ "$("$DMAHEAP" buffers --pid "$first_pid" --json | jq -c '[.buffers[].inode]')" = "[$first]" ]
	[ "$("$DMAHEAP" buffers "$inode" --json | jq -c '[.buffers[].inode]')" = "[$inode]" ]
	[ "$("$DMAHEAP" buffers --heap "$heap" --json | jq -c '[.buffers[].inode] | sort')" = "[$first,$inode]" ]
	[ "$("$DMAHEAP" buffers --min-size 2M --json | jq -c '.total')" = '{"buffers":0,"size":0}' ]
	[ "$("$DMAHEAP" buffers --by process --json | jq -c --argjson pid "$first_pid" \
		'.buffers[] | select(.pid == $pid) | [.type, .size, .buffers, .fds, (.children | map(.inode))]')" = \
		"[\"process\",1048576,1,3,[$first]]" ]
	[ "$("$DMAHEAP" buffers --by heap --json | jq -c --arg heap "$heap" \
		'.buffers[] | select(.id == $heap) | [.type, .size, .buffers, .fds, .maps]')" = '["heap",2097152,2,3,1]' ]
}

@test "of memory with two names it is the heap that was asked, and both are found by either" {
	requires kernel 6.19
	requires heap default_cma_region
	local twin name
	twin=$("$DMAHEAP" list --json | jq -r '.list[] | select(.name == "default_cma_region").aliases[] | select(.type == "heap").name')
	[ -e "/dev/dma_heap/$twin" ]
	for name in default_cma_region "$twin"; do
		"$DMAHEAP" alloc --heap "$name" --size 64K --set-name "of $name" --hold forever >"$BATS_TEST_TMPDIR/$name.out" 2>&1 3>&- &
		pids+=($!)
		until [ -s "$BATS_TEST_TMPDIR/$name.out" ]; do sleep 0.05; done
	done
	for name in default_cma_region "$twin"; do
		[ "$("$DMAHEAP" buffers --heap "$name" --json | jq -c '[.buffers[] | select(.type == "buffer") | [.name, .heap]] | sort')" = \
			"[[\"of default_cma_region\",\"default_cma_region\"],[\"of $twin\",\"$twin\"]]" ]
	done
}

@test "an ordinary user sees the own buffers, how many references others have, and what was not read" {
	requires user
	mode=$(stat -c %a "/dev/dma_heap/$heap")
	chmod 666 "/dev/dma_heap/$heap"
	hold both run_as_user
	run -0 --separate-stderr run_as_user "$DMAHEAP" buffers --json
	echo "$stderr"
	[ "$(jq -c --argjson inode "$inode" '.buffers[] | select(.inode == $inode)
		| [.size, .fds, .maps, .kernel.references, .fences, .children[0].user != "root"]' <<<"$output")" = \
		"[1048576,1,1,0,null,true]" ]
	grep -E '^dmaheap buffers: [0-9]+ process(es)? could not be read; root can$' <<<"$stderr"
	grep '^dmaheap buffers: /sys/kernel/debug/dma_buf/bufinfo: permission denied: ' <<<"$stderr"
	[ "$(jq .kernel_listing <<<"$output")" = false ]
	[ "$(row '.children[0].user')" = "\"$(ordinary_user)\"" ]
	kill -KILL "$pid"
	wait "${pids[-1]}" || true
	[ -z "$(row .)" ]
}

@test "root without CAP_SYS_PTRACE, as in a container, is told what is missing" {
	requires command setpriv
	hold threads
	run -0 --separate-stderr setpriv --bounding-set=-sys_ptrace "$DMAHEAP" buffers --json
	echo "$stderr"
	[[ $stderr =~ ^'dmaheap buffers: '[0-9]+' process'(es)?' could not be read; CAP_SYS_PTRACE is missing'$ ]]
	[ "$(jq '.unreadable_processes > 0 and .sharing_known' <<<"$output")" = true ]
}

@test "a mapping that an ordinary user cannot tell from a file's is said to be left out" {
	requires user
	mode=$(stat -c %a "/dev/dma_heap/$heap")
	chmod 666 "/dev/dma_heap/$heap"
	hold mapping run_as_user
	run -0 --separate-stderr run_as_user "$DMAHEAP" buffers
	[[ $output == '0 buffers, 0B'* ]]
	grep '^dmaheap buffers: left out: 1 mapping that could not be told from files that are called like buffers; root can$' <<<"$stderr"
}

@test "the age is the time since the buffer was made, and unknown when somebody has set that" {
	local before after age fd
	before=$(date +%s%N)
	hold descriptor
	age=$(row .age)
	after=$(date +%s%N)
	echo "$age of $((after - before))"
	[ "$age" -ge 0 ]
	[ "$age" -le $((after - before + 10000000)) ] # the kernel's clock for it has coarse ticks
	[ "$("$DMAHEAP" buffers "$inode" --min-age 1h --json | jq .total.buffers)" -eq 0 ]
	[ "$("$DMAHEAP" buffers "$inode" --min-age 1ns --json | jq .total.buffers)" -eq 1 ]
	fd=$(row '.children[0].how[0]' | tr -cd 0-9)
	touch -d '2 days ago' "/proc/$pid/fd/$fd"
	[ "$(row .age)" = null ]
	# only mapped
	hold mapping
	[ "$(row .age)" -le $(($(date +%s%N) - before + 10000000)) ]
}

@test "the physical address is that of pagemap, and unknown where that says nothing" {
	local entry start kind page
	page=$(awk '/KernelPageSize/ { print $2 * 1024; exit }' /proc/self/smaps)
	for kind in touched udmabuf; do
		[ "$kind" != udmabuf ] || [ -e /dev/udmabuf ] || continue
		hold "$kind"
		start=$(row '.children[0].how[0]' | sed 's/.* //; s/"//')
		entry=$(od -An -tx8 -j $((start * 8 / page)) -N 8 "/proc/$pid/pagemap" | tr -d ' ')
		echo "$kind: $entry"
		if [ "$entry" = 0000000000000000 ]; then
			[ "$(row .address)" = null ]
		else
			# the last page was not touched
			[ "$(row '[.address.first, .address.unknown, (.address.pieces | map(.size) | add)]')" = \
				"[\"$(printf '0x%x' $(((0x$entry & ((1 << 55) - 1)) * page)))\",$page,$((1048576 - page))]" ]
		fi
	done
}

# runs_of_zeros: first page and number of pages of each hole, from the words of a CMA area's bitmap
runs_of_zeros() {
	awk -v count="$1" '{
		for (word = 1; word <= NF; word++) {
			value = $word
			for (bit = 0; bit < 32 && page < count; bit++) {
				if (value % 2 == 0 && !run++)
					start = page
				else if (value % 2 && run) {
					print start + 0, run
					run = 0
				}
				value = int(value / 2)
				page++
			}
		}
	} END { if (run) print start + 0, run }'
}

@test "what is drawn of a heap is where the kernel has put the buffers, and the holes of its bitmap" {
	requires kernel 5.15 # has the trace
	requires tracefs
	local LC_ALL=C trace=/sys/kernel/tracing debugfs page base size pfn count largest total holes
	export LC_ALL
	debugfs=$(cma_debugfs "$heap")
	page=$(awk '/KernelPageSize/ { print $2 * 1024; exit }' /proc/self/smaps)
	base=$(($(cat "$debugfs/base_pfn" "$debugfs/ranges/0/base_pfn" 2>/dev/null | head -n 1) * page))
	echo >"$trace/trace"
	echo 1 >"$trace/events/cma/cma_alloc_finish/enable"
	for size in 32K 64K 512K 1M; do
		"$DMAHEAP" alloc --heap "$heap" --size "$size" --set-name "of $size" --hold forever >"$BATS_TEST_TMPDIR/$size" 2>&1 3>&- &
		pids+=($!)
		until [ -s "$BATS_TEST_TMPDIR/$size" ]; do sleep 0.05; done
	done
	echo 0 >"$trace/events/cma/cma_alloc_finish/enable"
	# the second and the fourth remain, with holes around: without pagemap the bitmap tells their place
	kill -KILL "${pids[0]}" "${pids[2]}"
	wait "${pids[0]}" "${pids[2]}" || true
	until [ "$("$DMAHEAP" buffers --heap "$heap" --json | jq .total.buffers)" -eq 2 ]; do sleep 0.05; done
	"$DMAHEAP" buffers --draw --heap "$heap" -b >"$BATS_TEST_TMPDIR/drawn"
	cat "$BATS_TEST_TMPDIR/drawn"
	sed -n 's/.*cma_alloc_finish: .*pfn=\(0x[0-9a-f]*\) .*count=\([0-9]*\) .*/\1 \2/p' "$trace/trace" |
		sed -n '2p;4p' >"$BATS_TEST_TMPDIR/trace"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/trace")" -eq 2 ]
	while read -r pfn count; do
		[ $((count * page)) -eq 65536 ] && size=64K || size=1M
		# where the kernel's own pages are in the area as well, the small one may lie in either run
		[ "$size" = 1M ] || ! grep -qE '^  ## [0-9]+ of 64K ' "$BATS_TEST_TMPDIR/drawn" || continue
		grep -qE "^$(printf '0x%x' $((pfn * page))) \|.*[0-9]+ of $size( |$)" "$BATS_TEST_TMPDIR/drawn"
	done <"$BATS_TEST_TMPDIR/trace"
	runs_of_zeros "$(<"$debugfs/count")" <"$debugfs/bitmap" >"$BATS_TEST_TMPDIR/holes"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/holes")" -ge 2 ]
	diff <(while read -r pfn count; do printf '0x%x\n' $((base + pfn * page)); done <"$BATS_TEST_TMPDIR/holes") \
		<(sed -n 's/^\(0x[0-9a-f]*\) |.*|  *free .*/\1/p' "$BATS_TEST_TMPDIR/drawn")
	holes=$(wc -l <"$BATS_TEST_TMPDIR/holes")
	total=$(awk -v page="$page" '{ sum += $2 } END { printf "%d", sum * page }' "$BATS_TEST_TMPDIR/holes")
	largest=$(($(<"$debugfs/maxchunk") * page))
	grep -Fx "$total free in $holes holes, the largest has $largest" "$BATS_TEST_TMPDIR/drawn"
	grep -E 'free +.*the largest hole$' "$BATS_TEST_TMPDIR/drawn"
}

@test "--watch shows on the screen what comes, goes and changes its holders" {
	requires command script
	local screen=$BATS_TEST_TMPDIR/screen tty=$BATS_TEST_TMPDIR/tty watcher
	hold child
	# shellcheck disable=SC2016 # that shell's variables
	LC_ALL=C TERM=vt100 SHELL=$BASH TTY=$tty script -qfec 'stty rows 6 cols 70; tty >"$TTY"; echo $$ >"$TTY.pid"
		exec "$DMAHEAP" buffers --watch=100ms -o ID,SIZE,COMMAND -q' "$screen" </dev/null >/dev/null 2>&1 3>&- &
	pids+=($!)
	until [ -s "$tty.pid" ]; do sleep 0.05; done
	watcher=$(<"$tty.pid")
	sees -E "^$inode  *1M"
	hold both
	showed -E "^[+] $inode 1M .* both$"
	# five rows, as the last line is the cursor's
	sees -E '^[0-9]+ more lines are not shown'
	[ "$(frame | wc -l)" -eq 5 ]
	stty rows 40 <"$(<"$tty")"
	sees -E '^`-'"$pid "
	kill -KILL "$pid"
	showed -E "^- $inode 1M .* both$"
	# the parent of two holders ends, and the other one with it: the kernel's order is its own
	kill -KILL "${pids[0]}"
	showed -E "^[-=] [0-9]+ 1M .* child(: -[0-9]+ [(]dmaheap-holders[)])?$"
	kill -TERM "$watcher"
	until grep -qF $'\e[?7h\e[?25h\e[?1049l' "$screen"; do sleep 0.05; done
}

# waits FILTER: what jq makes of the buffer with its waiters below, in --waiters, once there is one. vgem
# signals its fences after ten seconds: what is compared has to be of one reading.
waits() {
	local row
	for ((i = 0; i < 50; i++)); do
		row=$("$DMAHEAP" buffers --waiters --json | jq -c --argjson inode "$inode" ".buffers[] | select(.inode == \$inode)
			| .waiters = [.children[] | select(.type == \"waiter\")] | select(.waiters != []) | $1")
		[ -z "$row" ] || break
		sleep 0.05
	done
	echo "$row"
}

@test "tasks that wait for a buffer's fence are found, with the descriptor and the fence" {
	requires module vgem
	local kind word found fence='driver vgem, timeline unbound, seqno '
	version_at_least "$(uname -r)" 5.17 || fence='driver vgem, timeline unbound' # no seqno
	while read -r kind word; do
		hold "$kind"
		found=$(waits "[.fences.each[0].usage, .fences.each[0].driver, .fences.each[0].timeline,
			(.children[0] | .type, .how[0]), (.waiters[] | .command, .pid != $pid, .how[0])]") # its child
		echo "$kind: $found"
		[[ $found == '["write","vgem","unbound","fence","write, '"$fence"*'","dmaheap-holders",true,"waits in '"$word"', fd '*' ('*')"]' ]]
	done <<-END
		sync SYNC
		poll poll
		select select
		epoll epoll
	END
	# who holds a buffer and does not wait is not shown
	hold descriptor
	[ "$("$DMAHEAP" buffers --waiters --json | jq --argjson inode "$inode" '[.buffers[] | select(.inode == $inode)] | length')" -eq 0 ]
}

@test "waits of a driver or for a sync file are shown without a buffer, which the kernel does not tell" {
	requires module vgem
	requires kernel 6.6
	local i how
	hold sync_file
	hold driver
	for ((i = 0; i < 50; i++)); do
		how=$("$DMAHEAP" buffers --waiters --json | jq -r '.buffers[] | select(.type == "waiter") | .how[0]' | sort)
		[ "$(wc -l <<<"$how")" -lt 2 ] || break
		sleep 0.05
	done
	echo "$how"
	[[ $how =~ ^'waits in driver, fd '[0-9]+' (drm_syncobj_array_wait_timeout), for an unknown fence'$'\n''waits in poll, fd '[0-9]+' ('.*'), for a sync file'$ ]]
}

@test "an ordinary user sees the own tasks that wait, and how many others could not be asked" {
	requires user
	requires module vgem
	local card=(/dev/dri/card*)
	run_as_user test -r "/dev/dma_heap/$heap" || chmod 666 "/dev/dma_heap/$heap" "${card[@]}"
	hold poll run_as_user
	local i
	for ((i = 0; i < 50; i++)); do
		run -0 --separate-stderr run_as_user "$DMAHEAP" buffers --waiters --json
		[ "$(jq '.buffers | length' <<<"$output")" -eq 0 ] || break
		sleep 0.05
	done
	echo "$output"
	[[ $(jq -r --argjson inode "$inode" '.buffers[] | select(.inode == $inode) | .children[0].how[0]' <<<"$output") == 'waits in poll, fd '* ]]
	grep -E '^dmaheap buffers: [0-9]+ sleeping tasks could not be asked what they wait for; root can$' <<<"$stderr"
	chmod 600 "/dev/dma_heap/$heap" "${card[@]}"
}
