#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
bats_require_minimum_version 1.5.0
load helpers

teardown() {
	[ -z "${removed-}" ] || modprobe "$removed"
	rm -f "${made-}"
}

# heaps of different memory: a name of each
memories() {
	"$DMAHEAP" list --json | jq -r '[.list[] | [.name, (.aliases[] | select(.type == "heap").name)] | min] | unique[]'
}

@test "each heap has each case in each size, and all figures follow from the samples" {
	requires heap
	requires root
	requires module vgem
	"$DMAHEAP" bench --time 1s --size 4K,64K,1M --json --samples >"$BATS_TEST_TMPDIR/json"
	jq -c '[.bench.sizes[] | [.case, .heap, .size]] | sort[]' "$BATS_TEST_TMPDIR/json" >"$BATS_TEST_TMPDIR/is"
	jq -cnR '[[inputs, "anonymous"][] as $heap
		| ("alloc", "free", "map", "fault", "fill", "read", "copy", "load", "sync", "import", "sync-imported") as $case
		| (4096, 65536, 1048576) as $size
		| select($heap != "anonymous" or ($case | IN("sync", "import", "sync-imported") | not))
		| [$case, $heap, $size]] + [] | sort[]' < <(memories) >"$BATS_TEST_TMPDIR/wanted"
	diff <(jq -c 'select(.[0] | IN("fence", "stat", "cacheable", "flushed") | not)' "$BATS_TEST_TMPDIR/is") "$BATS_TEST_TMPDIR/wanted"
	diff <(jq -r 'select(.[0] == "fence")[1]' "$BATS_TEST_TMPDIR/is") <(memories)
	diff <(jq -r 'select(.[0] == "stat")[1]' "$BATS_TEST_TMPDIR/is") <(memories)
	jq -e '.bench.importer == "vgem"' "$BATS_TEST_TMPDIR/json"
	diff <(jq -r 'select(.[0] == "cacheable")[1]' "$BATS_TEST_TMPDIR/is") <({ memories; echo anonymous; } | LC_ALL=C sort)
	[ "$(jq -r 'select(.[0] == "flushed")[1]' "$BATS_TEST_TMPDIR/is")" = anonymous ]
	# jq has its own sort; the nearest rank is the definition
	jq '.bench as $all | $all.sizes[]
		| (.samples | sort) as $sorted
		| def rank($percent): $sorted[((length * $percent + 99) / 100 | floor) - 1];
		select((.count == ($sorted | length) and .min == $sorted[0]
		and .median == ($sorted | rank(50)) and .p90 == ($sorted | rank(90)) and .p99 == ($sorted | rank(99))
		and (.low == null or (.low <= .median and .median <= .high))) | not)' "$BATS_TEST_TMPDIR/json" |
		tee "$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ]
	jq -e '.bench as $all | all($all.sizes[]; . as $row
		| first($all.sizes[] | select(.heap == "anonymous" and .case == $row.case and .size == $row.size) | .median)
			// null
		| . as $base | if $row.heap == "anonymous" or $base == null then $row.ratio == null
		  else ($row.median / $base - $row.ratio | fabs) <= 0.006 end)' "$BATS_TEST_TMPDIR/json"
	jq -e '[.bench.fits[] | [.case, .heap]] == ([.bench.sizes[] | [.case, .heap]]
		| reduce .[] as $x ([]; if .[-1] == $x then . else . + [$x] end))' "$BATS_TEST_TMPDIR/json"
}

@test "case, heap, size and columns are those that were asked for" {
	requires heap system
	requires root
	run -0 --separate-stderr "$DMAHEAP" bench --heap system --case map,alloc --size 64K,4K --time 10ms -q -n -r \
		-o CASE,HEAP,SIZE
	[ "$output" = "alloc anonymous 4K
alloc anonymous 64K
alloc system 4K
alloc system 64K
map anonymous 4K
map anonymous 64K
map system 4K
map system 64K" ]
	[ -z "$stderr" ]
}

@test "the usual table has a row for each heap and case, and a column for each size" {
	requires heap system
	requires root
	run -0 --separate-stderr "$DMAHEAP" bench --heap system --case fill,sync --size 4K,16K,64K --time 10ms -q
	[[ ${lines[0]} == "Linux $(uname -r), $(uname -m), "* ]]
	read -r -a words <<<"${lines[1]}"
	[ "${words[*]}" = "CASE HEAP 4K 16K 64K BASE PER-KIB R2 RATIO NOISE" ]
	[[ ${lines[2]} =~ ^fill\ +anonymous ]]
	[[ ${lines[3]} =~ ^fill\ +system ]]
	[[ ${lines[4]} =~ ^sync\ +system ]]
	[ "${#lines[@]}" -eq 5 ]
}

@test "a saved run is measured again, and what differs is said" {
	requires heap system
	requires root
	local saved=$BATS_TEST_TMPDIR/saved
	"$DMAHEAP" bench --heap system --case alloc,map --size 4K,64K --time 2s -q --save "$saved" >/dev/null
	[ "$(head -n 1 "$saved")" = "dmaheap-bench 1" ]
	[ "$(grep -c $'^alloc\tsystem\t' "$saved")" -eq 2 ]
	# intervals that no run is in: half and twice of what they are, and wide ones
	awk -F '\t' -v OFS='\t' '
		$2 == "system" && $3 == 4096 && $1 == "alloc" { $6 = $7 = $8 = 1 }
		$2 == "system" && $3 == 65536 && $1 == "alloc" { $6 = $7 = $8 = 1000000000 }
		$2 == "system" && $3 == 4096 && $1 == "map" { $6 = 1; $8 = 1000000000 }
		$2 == "system" && $3 == 65536 && $1 == "map" { $6 = $8 = "-" }
		$2 == "anonymous" { $6 = $8 = "-" }
		$2 == "anonymous" && $3 == 4096 && $1 == "map" { $6 = $7 = $8 = 1 }
		{ print }' "$saved" >"$saved.2"
	run -3 --separate-stderr "$DMAHEAP" bench --time 2s --compare "$saved.2" --json
	jq -e --arg kernel "$(uname -r)" '[.bench.sizes[] | select(.heap == "system") | [.case, .size, .verdict]] == [
			["alloc", 4096, "slower"], ["alloc", 65536, "faster"],
			["map", 4096, "cannot tell"], ["map", 65536, "cannot tell"]]
		and (.bench.compared | .kernel == $kernel and .slower == 1 and .anonymous_slower == 1 and .missing == 0
			and .faster == 1 and .cannot_tell == 5 and .fail_over == 2)' <<<"$output"
	run -3 --separate-stderr "$DMAHEAP" bench --time 2s --compare "$saved.2"
	[ "$(grep -cE '^(alloc +system +(4K.* slower|64K.* faster)|map +anonymous +4K.* slower)$' <<<"$output")" -eq 3 ]
	[[ $output == *"1 slower by more than 2 %, 1 faster, 0 the same; of 5 that cannot be told" ]]
	[[ $stderr == *"anonymous memory is slower as well, in 1 case: not only heaps have changed"* ]]
	# a heap that is named twice is measured once, and a kernel's name does not reach the terminal as it is
	sed $'2s/.*/kernel\t6\e[31m\xe2\x83\x9b/' "$saved" >"$saved.3"
	LC_ALL=C run -0 --separate-stderr "$DMAHEAP" bench --heap system --heap /dev/dma_heap/system --time 2s \
		--compare "$saved.3" --fail-over 1000
	[[ ${lines[1]} == "$saved.3: Linux 6\\x1b[31m\\xe2\\x83\\x9b, "* ]]
	[[ $stderr != *"in only one of the two runs"* ]]
	# with more than a thousand percent nothing of the machine's noise is a difference
	run -0 --separate-stderr "$DMAHEAP" bench --time 2s --compare "$saved" --fail-over 1000 --size 4K -q
	[[ $output == *"0 slower by more than 1000 %, 0 faster, "* ]]
}

@test "a heap that is called anonymous is told from anonymous memory, also in a file" {
	requires board
	requires heap system
	local saved=$BATS_TEST_TMPDIR/saved
	made=/dev/dma_heap/anonymous
	# shellcheck disable=SC2046 # two numbers
	mknod $made c $(stat -c '0x%t 0x%T' /dev/dma_heap/system)
	"$DMAHEAP" bench --heap anonymous --heap $made --case alloc --size 4K --time 100ms -q --save "$saved" >/dev/null
	[ "$(sed -n 's/^alloc\t\([^\t]*\)\t.*/\1/p' "$saved")" = "anonymous
$made" ]
	run -0 --separate-stderr "$DMAHEAP" bench --compare "$saved" --time 100ms --fail-over 1000 --json
	jq -e '.bench.compared.missing == 0 and all(.bench.sizes[]; .verdict)' <<<"$output"
}

@test "pictures have each sample once" {
	requires heap system
	requires root
	local svg=$BATS_TEST_TMPDIR/svg
	run -0 --separate-stderr "$DMAHEAP" bench --heap system --case alloc,map --size 4K,64K --time 300ms -q --histogram \
		--svg "$svg"
	[ "$(grep -c ' samples\{0,1\}, median ' <<<"$output")" -eq 8 ]
	[[ $output == *"alloc, system, 64K: "* ]]
	# as many in the bars as in the headings above them
	[ "$(sed -n 's/.*: \([0-9]*\) samples\{0,1\}, median .*/\1/p' <<<"$output")" = "$(awk '
		/ samples?, median / { if (n) print n; n = 0 }
		/[|│]/ && $NF ~ /^[0-9]+$/ { n += $NF }
		END { print n }' <<<"$output")" ]
	[ "$(sed -n 's/.*: \([0-9]*\) samples\{0,1\}, median .*/\1/p' <<<"$output" | awk '{ n += $1 } END { print n }')" = \
		"$(grep -o '<title>from [^<]*: [0-9]*</title>' "$svg" | sed 's/.*: //' | awk '{ n += $1 } END { print n + 0 }')" ]
	[ "$(grep -c 'class="title">' "$svg")" -eq 5 ]
	run -0 --separate-stderr "$DMAHEAP" bench --heap system --case alloc --size 4K --time 10ms -q --svg -
	[[ $output == "<svg "*"</svg>" ]]
}

@test "processor, threads and cold caches are as asked for, and part of what is compared" {
	requires board
	requires heap system
	requires root
	local saved=$BATS_TEST_TMPDIR/saved pid before
	before=$(dmesg | grep -c 'drop_caches: 2$') || true
	"$DMAHEAP" bench --heap system --case fill,fence --size 64K --time 3s --cpu 0 --threads 3 --cold --save "$saved" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	pid=$!
	while [ "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)" -lt 3 ]; do
		kill -0 "$pid" # it goes on
		sleep 0.05
	done
	grep -q $'^Cpus_allowed_list:\t0$' "/proc/$pid/status"
	wait "$pid"
	[[ $(head -n 1 "$BATS_TEST_TMPDIR/out") == *", on number 0, 3 threads, cold caches; clock: "* ]]
	grep -qx "dmaheap bench: fences are not measured: with --threads: their source is for one thread" "$BATS_TEST_TMPDIR/err"
	[ "$(sed -n '8,10p' "$saved")" = $'cpu\t0\nthreads\t3\ncold\t1' ]
	[ "$(dmesg | grep -c 'drop_caches: 2$')" -gt "$before" ]
	# what is not said is as it was
	run -0 --separate-stderr "$DMAHEAP" bench --compare "$saved" --time 300ms --fail-over 1000 --json
	jq -e '.bench | .cpu == 0 and .threads == 3 and .cold and all(.sizes[]; .verdict)' <<<"$output"
	run -1 --separate-stderr "$DMAHEAP" bench --compare "$saved" --threads 1
	[[ $stderr == *": threads differs ("* ]]
	run -4 --separate-stderr "$DMAHEAP" bench --cpu 1000
	[ -z "$output" ]
	[ "$stderr" = "dmaheap bench: processor 1000: it is not there, or not for this process" ]
}

@test "instructions are counted where something does that, else the message says what is missing" {
	requires board
	requires user
	# under TCG no processor shows a counter; a board that counts exactly is booted by tests/board.bats
	local reason="this kernel has no perf events (CONFIG_PERF_EVENTS)"
	if [ -e /proc/sys/kernel/perf_event_paranoid ]; then
		reason="no such counter of the processor is there, or shown to this machine"
		run -4 --separate-stderr run_as_user "$DMAHEAP" bench --count cache-misses
		[ -z "$output" ]
		[[ $stderr == "dmaheap bench: cache misses cannot be counted: permission denied (/proc/sys/kernel/perf_event_paranoid is $(cat /proc/sys/kernel/perf_event_paranoid); what would help: to be root)" ]]
	fi
	run -4 --separate-stderr "$DMAHEAP" bench --count instructions
	[ -z "$output" ]
	[ "$stderr" = "dmaheap bench: instructions cannot be counted: $reason" ]
}

@test "what does not fit is noted, what the machine cannot spare is refused" {
	requires board
	requires cma-area
	local heap
	heap=$(cma_heap)
	run -0 --separate-stderr "$DMAHEAP" bench --heap "$heap" --case alloc,fill --size 4K,64M --time 10ms -r -n \
		-o HEAP,SIZE
	[[ $output == *"$heap 4K"* ]]
	[[ $output != *"$heap 64M"* ]]
	[[ $stderr == *"dmaheap bench: $heap: alloc of 64M: cannot allocate memory"* ]]
	[ "$(grep -c "64M" <<<"$stderr")" -eq 1 ]
	# where there is nothing else, that is an error, and no table of anonymous memory
	run -1 --separate-stderr "$DMAHEAP" bench --heap "$heap" --case alloc,fill --size 64M --time 10ms -q
	[ -z "$output" ]
	[ "$stderr" = "dmaheap bench: $heap: alloc: cannot allocate memory" ]
	run -1 --separate-stderr "$DMAHEAP" bench --heap system --size 1G
	[ -z "$output" ]
	[[ $stderr == "dmaheap bench: two buffers of the largest size for each thread: 2G would leave less than an eighth of the "*"; --size chooses smaller ones" ]]
}

@test "an importer that maps buffers makes CPU access cost more, and is part of what is compared" {
	requires board
	requires module vgem
	local saved=$BATS_TEST_TMPDIR/saved
	"$DMAHEAP" bench --heap system --case sync,import,sync-imported --size 1M --time 300ms -q --save "$saved" >/dev/null
	grep -qx $'importer\tvgem' "$saved"
	# the device of vgem is not coherent; since 6.17 vgem does not map what it imports
	awk -F '\t' -v release="$(uname -r)" '
		NF == 10 { median[$1] = $7 }
		END {
			split(release, version, ".")
			maps = version[1] < 6 || (version[1] == 6 && version[2] < 17)
			exit !(median["import"] && (median["sync-imported"] > 5 * median["sync"]) == maps)
		}' "$saved"
	run -1 --separate-stderr "$DMAHEAP" bench --compare "$saved" --importer amdgpu
	[[ $stderr == *": importer differs ("*", --importer vgem there; "*", --importer amdgpu here)" ]]
	run -4 --separate-stderr "$DMAHEAP" bench --heap system --case import --importer amdgpu -q
	[ -z "$output" ]
	[ "$stderr" = "dmaheap bench: imports are not measured: no DRM node of the driver amdgpu" ]
}

@test "without vgem there are no cases fence and import, and that alone is an error" {
	requires board
	modprobe -r vgem
	removed=vgem
	# from 6.0 to 6.18 sw_sync is a source that taints nothing
	! "$DMAHEAP" fence-test --heap system --repeat 1 || return 0
	run -0 --separate-stderr "$DMAHEAP" bench --heap system --case alloc,fence,import --size 4K --time 10ms -r -n -o CASE
	[[ $output != *fence* ]]
	[[ $output != *import* ]]
	[[ $stderr == *"dmaheap bench: fences are not measured: vgem: "* ]]
	[[ $stderr == *"dmaheap bench: imports are not measured: no DRM node of the driver vgem; what would help: modprobe vgem, or --importer"* ]]
	run -4 --separate-stderr "$DMAHEAP" bench --heap system --case fence --time 10ms -q
	[ -z "$output" ]
	[[ $stderr == "dmaheap bench: fences are not measured: vgem: "*"modprobe vgem"* ]]
}

@test "a signal ends it, with the signal's status and without a table" {
	requires heap system
	requires root
	run -143 --separate-stderr timeout --preserve-status 1 "$DMAHEAP" bench --heap system --time 1h --size 8M
	[ -z "$output" ]
	[ -z "$stderr" ]
}

@test "a heap that may not be opened is not measured, and the message says why" {
	requires heap system
	requires root
	requires user
	run -4 --separate-stderr run_as_user "$DMAHEAP" bench --heap system
	[ -z "$output" ]
	[[ $stderr == "dmaheap bench: "*"permission denied"* ]]
}
