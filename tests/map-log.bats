#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# map --log, on logs as people paste them. Each of fixtures/logs has the lines that are about reserved
# memory or CMA beside it: number, level, region, and the rule of a finding.
bats_require_minimum_version 1.5.0
load helpers

logs=$BATS_TEST_DIRNAME/fixtures/logs

setup() {
	requires command jq
	cd "$BATS_TEST_TMPDIR" || exit
}

# explained FILE: what map --log says of it, as the files .expect have it
explained() {
	"$DMAHEAP" map --log "$1" -J --fail-on never 2>/dev/null | jq -r '
		(.findings | map({key: "\(.line)", value: " \(.id)"}) | from_entries) as $rules |
		.log[] | "\(.line) \(.level) \(.region // "-")\($rules["\(.line)"] // "")"'
}

# messages [ARG...]: the findings, as "line: message"
messages() {
	"$DMAHEAP" map -J --fail-on never "$@" 2>/dev/null | jq -r '.findings[] | "\(.line): \(.message)"'
}

@test "each line is explained that the kernel says, and no other" {
	local log
	for log in "$logs"/*.log; do
		echo "$log"
		diff <(explained "$log") <(sed 's/ *$//' "${log%.log}.expect")
	done
}

@test "a log in UTF-16, from standard input, and with NULs in it is read as well" {
	local log=$logs/table-full-4.4.log
	[ "$(iconv -t UTF-16 "$log" | explained -)" = "$(<"${log%.log}.expect")" ]
	[ "$(sed 's/OVERLAP/OVER\x00LAP/' "$log" | explained -)" = "$(<"${log%.log}.expect")" ]
	[ "$(explained - <"$log")" = "$(<"${log%.log}.expect")" ]
}

@test "the finding has the facts of the lines around it" {
	[[ $(messages --log "$logs/dead-area-7.2.log") == \
		"12: 0x4f000000 to 0x50ffffff lies in zones DMA and DMA32, whose border is 0x50000000,"* ]]
	grep -v 'mem 0x' "$logs/dead-area-7.2.log" >no-zones
	[[ $(messages --log no-zones) == *"because it lacks 'Zone ranges:'"* ]]
	grep -vE 'created|map reusable' "$logs/dead-area-7.2.log" >no-area
	[[ $(messages --log no-area) == *"because it lacks the line with the area's base"* ]]

	[[ $(messages --log "$logs/mem-panic-6.12.log") == *": media@58000000, which ends beyond the RAM's end 0x4fffffff" ]]
	# three areas by name, the rest by number
	awk '{ print } NR == 1 { for (i = 5; i < 9; i++) {
		print "Reserved memory: created CMA memory pool at 0x0000000" i "a000000, size 32 MiB"
		print "OF: reserved mem: initialized node m" i ", compatible id shared-dma-pool" } }' \
		"$logs/mem-panic-6.12.log" >five
	[[ $(messages --log five) == *": m5, m6, m7 and 2 more, which end beyond the RAM's end 0x4fffffff" ]]
	run messages --log "$logs/two-boots.log"
	[[ $output == "1: "*"the command line has cma=240M: "* ]]
	[[ $(messages --log "$logs/wrapped-mail.log") == \
		"3: 64 MiB at 0x0 would end beyond 0x0"*"the log lacks the whole line 'Kernel command line'"* ]]
}

@test "a failed allocation is told by the free pages that the kernel lists" {
	run messages --log "$logs/alloc-failed-date.log"
	[[ ${lines[0]} == "1: 4537 pages, but only 1536 of 65536 are free"* ]]
	[[ ${lines[1]} == "3: 1200 pages, 1536 are free, but no more than 1024 in one run"* ]]
	[[ $(messages --log "$logs/alloc-failed-android.log") == "1: 3000 pages are more than the whole area, 2048 pages"* ]]
	# all of several ranges count
	[[ $(messages --log "$logs/kmsg.log") == *"4: 4097 pages are more than the whole area, 4096 pages"* ]]
	# without them, the errno by version, and what is missing
	[[ $(messages --log "$logs/alloc-failed-4.19.log") == \
		"5: 2025 pages, error -12: no free run of that many pages at their alignment;"*"CONFIG_CMA_DEBUG"* ]]
	printf '%s\n' 'Linux version 7.2.0 (a@b) #1' 'cma: __cma_alloc: v: alloc failed, req-size: 9 pages, ret: -12' >log
	[[ $(messages --log log) == *"error -12: no memory to move other pages to;"* ]]
	sed -i 's/-12/-5/' log
	[[ $(messages --log log) == *"error -5: what that means here is not known;"* ]]
}

@test "the tree gives the node, its properties, and names that the log lacks" {
	requires command dtc
	cat >t.dts <<-'END'
		/dts-v1/;
		/ {
			#address-cells = <1>; #size-cells = <1>; model = "A Board";
			reserved-memory {
				#address-cells = <1>; #size-cells = <1>; ranges;
				big { compatible = "shared-dma-pool"; reusable; linux,cma-default; size = <0x6000000>;
					alignment = <0x400000>; alloc-ranges = <0x44000000 0x8000000>; };
				pool@58000000 { compatible = "shared-dma-pool"; reusable; reg = <0x58000000 0x2000000>; };
			};
		};
	END
	dtc -q -I dts -O dtb t.dts -o t.dtb
	cat >log <<-'END'
		Linux version 7.2.0 (a@b) #1
		Machine model: A Board
		OF: reserved mem: failed to allocate memory for node 'big': size 96 MiB
		Reserved memory: created CMA memory pool at 0x58000000, size 32 MiB
		Skipping dt linux,cma-default node in favor for "cma=" kernel param.
		OF: reserved mem: failed to allocate memory for node 'other': size 1 MiB
	END
	run messages --log log --dtb t.dtb
	[[ ${lines[0]} == "3: "*"; in t.dtb: dynamic CMA pool of 96 MiB, alignment 0x400000, alloc-ranges 0x44000000+0x8000000, reusable, linux,cma-default" ]]
	[[ ${lines[0]} != *--dtb* ]]
	[[ ${lines[2]} == "6: "*"; t.dtb has no such region: another tree booted" ]]
	[ "$("$DMAHEAP" map --log log --dtb t.dtb -J --fail-on never | jq -c '[.log[] | [.line, .region, .node]]')" = \
		'[[3,"big","/reserved-memory/big"],[4,"pool@58000000","/reserved-memory/pool@58000000"],[5,"big","/reserved-memory/big"],[6,"other",null]]' ]
	# without it the finding says where the facts are
	run messages --log log
	[[ ${lines[0]} == "3: "*"(--dtb)" ]]
	# another machine's
	sed -i 's/A Board/B Board/' log
	run messages --log log --dtb t.dtb
	[ "${lines[0]}" = "2: the machine of the log is 'B Board', that of t.dtb is 'A Board'" ]
}

@test "a kernel without CMA is known by cma=, wherever that stands, and not by hugetlb_cma=" {
	echo 'Unknown kernel command line parameters "memmap=1G cma=64M", will be passed to user space.' >log
	[[ $(messages --log log) == "1: the kernel does not know cma=: "* ]]
	echo 'Unknown kernel command line parameters "hugetlb_cma=1G", will be passed to user space.' >log
	[ -z "$(messages --log log)" ]
}

@test "findings decide the exit status and have their line in each format" {
	local log=$logs/serial-crlf.log
	run -3 "$DMAHEAP" map --log "$log"
	[[ $output == *"camera@4a100000: error: line 5: base or size is not a multiple of the CMA alignment"*"[log-misaligned]"* ]]
	run -0 "$DMAHEAP" map --log "$log" --fail-on never
	run -0 "$DMAHEAP" map --log "$logs/no-map-syslog.log"
	run -3 "$DMAHEAP" map --log "$logs/no-map-syslog.log" --fail-on warning
	run -3 "$DMAHEAP" map --log "$log" --format github
	[[ $output == "::error title=log-misaligned,file=$log,line=5::camera@4a100000: "* ]]
	run -3 "$DMAHEAP" map --log "$log" --format sarif
	[ "$(jq -c '.runs[0].results[0].locations[0].physicalLocation.region.startLine' <<<"$output")" = 5 ]
}

@test "what the log does not have is said" {
	run -0 --separate-stderr "$DMAHEAP" map --log "$logs/nothing.log"
	[[ $stderr == *"nothing.log has no line about reserved memory or CMA" ]]
	run -3 --separate-stderr "$DMAHEAP" map --log "$logs/two-boots.log"
	[[ $stderr == *"does not begin with the boot ('Linux version')"* ]]
	: >empty
	run -0 --separate-stderr "$DMAHEAP" map --log empty
	[[ $stderr == *"does not begin with the boot"* ]]
	run -1 --separate-stderr "$DMAHEAP" map --log missing
	[ "$stderr" = "dmaheap map: missing: no such file or directory" ]
	[ -z "$output" ]
	run -1 --separate-stderr "$DMAHEAP" map --log .
	[ "$stderr" = "dmaheap map: .: is a directory" ]
	run -1 --separate-stderr "$DMAHEAP" map --log empty --dtb empty -J
	[[ $stderr == "dmaheap map: empty: "* ]]
	[ -z "$output" ]
}

@test "bytes that a terminal acts on are escaped" {
	printf 'cma: CMA area a\033]0;b\a\x9bc\xe2\x80\xae could not be activated\n' >log
	run -3 "$DMAHEAP" map --log log
	! grep -aP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' <<<"$output" || false
	[[ $output == *'a\x1b]0;b\x07\x9bc\xe2\x80\xae'* ]]
}

# memory FILE: the most that map --log has needed, in KiB, when it has read FILE
memory() {
	rm -f log peak
	mkfifo log
	ASAN_OPTIONS=quarantine_size_mb=1 "${DMAHEAP_RECORDED-$DMAHEAP}" map --log log >out 2>err 3>&- &
	{
		cat "$1"
		sed -n 's/^VmHWM:[^0-9]*\([0-9]*\) kB/\1/p' /proc/$!/status >peak
	} >log
	wait $! || true
	cat peak
}

@test "a log of any length takes memory in proportion to what is known of it" {
	# 4 MB of which nothing is known, and 2 MB of which each line is; the pipe has a part of them
	yes 'some line that is about nothing' 2>/dev/null | head -n 130000 >long
	seq 50000 | sed 's/.*/cma: Failed to reserve & MiB/' >known
	head -n 10000 known >bound
	[ $(($(memory long) - $(memory /dev/null))) -lt 1024 ]
	[ $(($(memory known) - $(memory bound))) -lt 4096 ]
	run -3 --separate-stderr "$DMAHEAP" map --log known
	[[ $stderr == *"40000 more lines of known are not explained: only the first 10000, of at most 100 boots, are"* ]]
}
