#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# list and info, on captured and made-up machines.
bats_require_minimum_version 1.5.0
load helpers

fixtures=$BATS_TEST_DIRNAME/fixtures/machines

@test "without /dev/dma_heap: the three usual reasons, exit status 4, and a document with --json" {
	run --separate-stderr "$DMAHEAP" list --sysroot "$BATS_TEST_TMPDIR"
	[ "$status" -eq 4 ]
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == *CONFIG_DMABUF_HEAPS*"not loaded"*container* ]]
	run --separate-stderr "$DMAHEAP" list --json --sysroot "$BATS_TEST_TMPDIR"
	[ "$status" -eq 4 ]
	[ "$(jq -c .list <<<"$output")" = '[]' ]
	run --separate-stderr "$DMAHEAP" info system --sysroot "$BATS_TEST_TMPDIR"
	[ "$status" -eq 4 ]
	[ -z "$output" ]
}

@test "the default columns fit 80 columns" {
	local machine
	for machine in "$fixtures"/*/; do
		run -0 "$DMAHEAP" list --sysroot "$machine"
		[ "$(awk '{ if (length > most) most = length } END { print most }' <<<"$output")" -le 80 ]
	done
}

# opened ROOT OPTION...: what list opens below ROOT, a path a line
opened() {
	local root=$1
	shift
	# leaks cannot be looked for under strace; a captured root is opened with openat2() alone
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=openat2 -o "$BATS_TEST_TMPDIR/trace" \
		"$DMAHEAP" list --sysroot "$root" "$@" >/dev/null
	sed -n 's/.* *openat2([0-9]*, "\([^"]*\)".*/\1/p' "$BATS_TEST_TMPDIR/trace" | grep -vx / | sort -u
}

@test "list opens what its columns need, and for names alone nothing but /dev/dma_heap" {
	requires command strace
	local root=$fixtures/virt-7.2 column
	opened "$root" -o NAME >"$BATS_TEST_TMPDIR/names"
	[ -s "$BATS_TEST_TMPDIR/names" ]
	run ! grep -v '^/dev/dma_heap\(/[^/]*\)\?$' "$BATS_TEST_TMPDIR/names"
	for column in NODE DEVICE MODE OWNER GROUP ACCESS; do
		run ! grep -e ^/sys/ -e '^/proc/\(self\|device-tree\|meminfo\)' <<<"$(opened "$root" -o "$column")"
	done
	for column in PROVENANCE KIND BASE SIZE FREE LARGEST BUFFERS ALIASES; do
		grep -q ^/sys/kernel/mm/cma <<<"$(opened "$root" -o "$column")"
	done
}

@test "every column of every command can be shown" {
	local machine=$BATS_TEST_DIRNAME/fixtures/machines/virt-7.2 command columns
	for command in list regions map; do
		columns=$("$DMAHEAP" $command --help | sed -n '/^Columns:/,/^$/s/^  \([A-Z-]*\) .*/\1/p' | paste -sd,)
		echo "$command $columns"
		run -0 --separate-stderr "$DMAHEAP" $command --sysroot "$machine" -o "$columns"
		[ "$(tr -s ' ' , <<<"${lines[0]}")" = "$columns" ]
	done
	# of objects, and names that hold commas
	run -0 "$DMAHEAP" list -nro NAME,ALIASES --sysroot "$machine"
	[ "${lines[1]}" = 'linux,cma default_cma_region' ]
	run -0 "$DMAHEAP" regions -no NODE,CONSUMERS,HEAPS --sysroot "$machine"
	[ "$(tr -s ' ' <<<"${lines[0]}")" = 'video@42000000 /codec@9100000 (frames) video@42000000' ]
	[ "$(tr -s ' ' <<<"${lines[3]}")" = 'linux,cma - default_cma_region, linux,cma' ]
	run -0 "$DMAHEAP" regions -no NODE,FLAGS,FINDINGS --sysroot "$machine"
	[ "$(tr -s ' ' <<<"${lines[2]}")" = 'memory@51000000 - binding-not-merged' ]
	[ "$(tr -s ' ' <<<"${lines[3]}")" = 'linux,cma reusable,linux,cma-default -' ]
}

@test "strange things in /dev/dma_heap are left out, and named" {
	local root=$BATS_TEST_TMPDIR
	mkdir -p "$root/dev/dma_heap/directory" "$root/proc"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	echo 'char 666 root root 1:3' >"$root/dev/dma_heap/null"
	echo 'not a node' >"$root/dev/dma_heap/file"
	printf 'Character devices:\n  1 mem\n250 dma_heap\n' >"$root/proc/devices"
	ln -s nowhere "$root/dev/dma_heap/dangling"
	ln -s /etc/passwd "$root/dev/dma_heap/outside"
	ln -s loop "$root/dev/dma_heap/loop"
	ln -s system "$root/dev/dma_heap/alias"
	mkfifo "$root/dev/dma_heap/fifo"
	run --separate-stderr timeout 10 "$DMAHEAP" list -nr -o NAME --sysroot "$root"
	echo "$output" "$stderr"
	[ "$status" -eq 0 ]
	[ "${lines[*]}" = "system" ]
	[ "${#stderr_lines[@]}" -eq 7 ]
	[ "$("$DMAHEAP" list --json -q --sysroot "$root" | jq -c '.list[0].aliases')" = '[{"name":"/dev/dma_heap/alias","type":"symlink"}]' ]
	run --separate-stderr "$DMAHEAP" list -q -nr -o NAME --sysroot "$root"
	[ -z "$stderr" ]
}

@test "a heap is found by its name, its node and any link to it" {
	local root=$BATS_TEST_TMPDIR name
	mkdir -p "$root/dev/dma_heap" "$root/dev/by-use"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	echo 'char 600 root root 250:1' >"$root/dev/dma_heap/other"
	ln -s ../dma_heap/other "$root/dev/by-use/camera"
	ln -s /dev/dma_heap/other "$root/dev/by-use/absolute"
	for name in other /dev/dma_heap/other /dev/by-use/camera /dev/by-use/absolute; do
		[ "$("$DMAHEAP" info "$name" --json --sysroot "$root" | jq -r .info.name)" = other ]
	done
	for name in none /dev/none /dev/by-use "$root/dev/dma_heap/other" ..; do
		run --separate-stderr "$DMAHEAP" info "$name" --sysroot "$root"
		[ "$status" -eq 4 ]
		[ -z "$output" ]
		[[ $stderr == *"no such heap"* ]]
	done
}

@test "a name that is not there is answered with the nearest ones, three at most" {
	local root=$BATS_TEST_TMPDIR name
	mkdir -p "$root/dev/dma_heap"
	for name in system linux,cma video@{4,5,6,7}2000000; do
		echo 'char 600 root root 250:0' >"$root/dev/dma_heap/$name"
	done
	nearest() { run -4 --separate-stderr "$DMAHEAP" info "$1" --sysroot "$root"; }
	nearest sytsem
	[ "$stderr" = "dmaheap info: sytsem: no such heap; did you mean system?" ]
	nearest vidio@72000000
	[[ $stderr == *"did you mean video@72000000, video@"[456]"2000000 or video@"[456]"2000000?" ]]
	nearest frobnicate
	[ "$stderr" = "dmaheap info: frobnicate: no such heap; 'dmaheap list' shows the heaps" ]
	rm "$root/dev/dma_heap"/video@{4,5}*
	nearest video@6200000
	[ "$stderr" = "dmaheap info: video@6200000: no such heap; did you mean video@62000000 or video@72000000?" ]
}

@test "a heap that is not there is answered with what became of its region" {
	local machine=${BATS_TEST_FILENAME%/*}/fixtures/machines/virt-6.12 root=$BATS_TEST_TMPDIR/given name
	absent() { run -4 --separate-stderr "$DMAHEAP" info "$2" --sysroot "$1"; [ -z "$output" ]; }
	for name in video@42000000 /dev/dma_heap/video@42000000; do
		absent "$machine" "$name"
		[ "$stderr" = "dmaheap info: $name: no such heap: before Linux 6.19 only the default CMA area becomes one" ]
	done
	absent "$machine" default_cma_region
	[ "$stderr" = "dmaheap info: default_cma_region: no such heap: the heap of the default CMA area is called linux,cma here" ]
	# with cma= the kernel makes an area of its own, and its heap
	mkdir "$root"
	cp -r "$machine/." "$root"
	sed -i 's/$/ cma=64M/' "$root/proc/cmdline"
	mv "$root"/sys/kernel/mm/cma/{linux\,cma,reserved}
	mv "$root"/dev/dma_heap/{linux\,cma,reserved}
	mv "$root"/sys/class/dma_heap/{linux\,cma,reserved}
	absent "$root" linux,cma
	[[ $stderr == "dmaheap info: linux,cma: no such heap: cma= on the command line takes its place" ]]
}

@test "names that a terminal would act on are escaped" {
	local root=$BATS_TEST_TMPDIR name=$'a\e[31mb\nc\x9b'
	mkdir -p "$root/dev/dma_heap"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/$name"
	run -0 "$DMAHEAP" list -n -o NAME --sysroot "$root"
	[ "$output" = 'a\x1b[31mb\x0ac\x9b' ]
	ln -s "$name" "$root/dev/dma_heap/"$'l\e[31mink'
	run -0 "$DMAHEAP" list -n -o ALIASES --sysroot "$root"
	[ "$output" = '/dev/dma_heap/l\x1b[31mink (symlink)' ]
	run -0 --separate-stderr "$DMAHEAP" map -q -n -o HEAPS --sysroot "$root"
	[ "$output" = 'a\x1b[31mb\x0ac\x9b' ]
	[ "$("$DMAHEAP" list --json --sysroot "$root" | jq -r '.list[0].name')" = $'a\e[31mb\nc\\x9b' ]
	run "$DMAHEAP" info $'x\e[0m' --sysroot "$root"
	[ "$status" -eq 4 ]
	[[ $output != *$'\e'* ]]
}

# heaps ROOT NAME...: a machine with these heaps
heaps() {
	local root=$1 name minor=0
	shift
	mkdir -p "$root/dev/dma_heap"
	for name; do
		echo "char 600 root root 250:$((minor++))" >"$root/dev/dma_heap/$name"
	done
}

# tree ROOT CHILDREN: a device tree with these nodes in /reserved-memory, all of them CMA areas
tree() {
	local root=$1 name
	mkdir -p "$root/sys/firmware"
	printf '/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; reserved-memory {
		#address-cells = <2>; #size-cells = <2>; ranges; %s }; };' "$2" |
		dtc -q -I dts -O dtb -o "$root/sys/firmware/fdt"
	for name in $(fdtget -l "$root/sys/firmware/fdt" /reserved-memory); do
		mkdir -p "$root/sys/kernel/mm/cma/${name:0:63}"
	done
}

@test "of many aliases a table shows eight, all else all of them" {
	requires command dtc
	local root=$BATS_TEST_TMPDIR/root others
	tree "$root" 'h@40000000 { compatible = "shared-dma-pool"; reusable; reg = <0 0x40000000 0 0x400000>; };'
	heaps "$root" h{10..18}@40000000
	[ "$("$DMAHEAP" list -n -o ALIASES --sysroot "$root" | head -n 1)" = "$(printf 'h%d@40000000, ' {11..17})h18@40000000" ]
	heaps "$root" h{10..21}@40000000
	others=$("$DMAHEAP" list --json --sysroot "$root" | jq -r '[.list[] | select(.name == "h10@40000000").aliases[].name] | join(", ")')
	[ "$(tr -cd , <<<"$others" | wc -c)" -eq 10 ]
	[ "$("$DMAHEAP" list -n -o ALIASES --sysroot "$root" | head -n 1)" = "$(cut -d , -f 1-8 <<<"$others") and 3 others" ]
	[ "$("$DMAHEAP" list -nr -o ALIASES --sysroot "$root" | head -n 1)" = "${others//, /,\\x20}" ]
	[[ $("$DMAHEAP" info h10@40000000 --sysroot "$root") == *" $others "* ]]
}

@test "list and lint-names agree on which names the kernel fixes" {
	local root=$BATS_TEST_TMPDIR fixed
	fixed='default_cma_region protected,secure-video protected,secure-video-record protected,trusted-ui reserved system system_cc_shared'
	# shellcheck disable=SC2086 # a word each
	heaps "$root" $fixed linux,cma protected,foo
	[ "$("$DMAHEAP" list --json --sysroot "$root" |
		jq -r '[.list[] | select(.provenance == "kernel").name] | join(" ")')" = "$fixed" ]
	# what nobody can change is a note at most
	[ "$("$DMAHEAP" lint-names --json --fail-on never --sysroot "$root" |
		jq -r '[.names[].name] - [.findings[] | select(.severity != "note").name] - ["linux,cma"] | sort | join(" ")')" = "$fixed" ]
	[ "$("$DMAHEAP" lint-names --json --fail-on never reserved |
		jq -r '.findings[] | "\(.rule) \(.severity)"')" = "fixed-name note" ]
}

@test "of two default areas the one that the kernel makes last has the heap" {
	requires command dtc
	local root=$BATS_TEST_TMPDIR pool='compatible = "shared-dma-pool"; reusable; linux,cma-default;'
	heaps "$root" default_cma_region
	# dynamic ones are made first
	tree "$root" "one@42000000 { $pool reg = <0 0x42000000 0 0x400000>; };
		two@52000000 { $pool reg = <0 0x52000000 0 0x400000>; };
		any { $pool size = <0 0x400000>; };"
	[ "$("$DMAHEAP" info default_cma_region --json --sysroot "$root" | jq -r .info.region)" = two@52000000 ]
	[ "$("$DMAHEAP" regions --json --fail-on never --kernel 7.2 "$root/sys/firmware/fdt" |
		jq -r '.regions[] | select(any(.heaps[]?; . == "default_cma_region")).node')" = two@52000000 ]
}

@test "an area has 63 bytes of its node's name, and so has its heap" {
	requires command dtc
	local root=$BATS_TEST_TMPDIR name
	name=$(printf 'n%.0s' {1..70})
	heaps "$root" "${name:0:63}" default_cma_region
	tree "$root" "$name { compatible = \"shared-dma-pool\"; reusable; linux,cma-default; size = <0 0x400000>; };"
	[ "$("$DMAHEAP" list --json --sysroot "$root" |
		jq -c '[.list[] | [.provenance, .size, .aliases[0].name]]')" = \
		"[[\"kernel\",4194304,\"${name:0:63}\"],[\"device-tree\",4194304,\"default_cma_region\"]]" ]
}

@test "a captured 7.2 board: what its own files say" {
	local root=$fixtures/virt-7.2
	run -0 "$DMAHEAP" list --json --sysroot "$root"
	[ "$(jq -c '[.list[] | [.name, .kind, .base, .size, .aliases[0].name]]' <<<"$output")" = \
		"$(printf '%s' '[["default_cma_region","cma","0x5e000000",33554432,"linux,cma"],' \
			'["linux,cma","cma","0x5e000000",33554432,"default_cma_region"],' \
			'["system","pages",null,null,null],["video@42000000","cma","0x42000000",16777216,null]]')" ]
	[ "$(jq '.list[3].free' <<<"$output")" -eq \
		$(($(cat "$root/sys/kernel/mm/cma/video@42000000/available_pages") * 4096)) ]
	[ "$(jq -c '[.list[].access]' <<<"$output")" = '[null,null,null,null]' ]
}

@test "info: every fact that is known has a source, which is a file of the capture" {
	local root=$fixtures/virt-7.2 sources source
	run -0 "$DMAHEAP" info video@42000000 --json --sysroot "$root"
	echo "$output"
	[ "$(jq -c '.info | [(del(.sources, .counters) + .counters | to_entries[] | select(.value != null).key)] -
		[.sources | to_entries[] | select(.value != null).key]' <<<"$output")" = '[]' ]
	mapfile -t sources < <(jq -r '.info.sources | .free, .alloc_pages_success, .properties' <<<"$output")
	[ "${#sources[@]}" -eq 3 ]
	for source in "${sources[@]}"; do
		[ -f "$root$source" ]
	done
	[ "$(jq .info.counters.alloc_pages_success <<<"$output")" -eq \
		"$(cat "$root/sys/kernel/mm/cma/video@42000000/alloc_pages_success")" ]
}

@test "a captured 6.12 board: free figures come from debugfs, or are unknown" {
	local root=$BATS_TEST_TMPDIR/root
	cp -r "$fixtures/virt-6.12" "$root"
	run -0 "$DMAHEAP" list --json --sysroot "$root"
	[ "$(jq '.list[0].free' <<<"$output")" -eq $((($(cat "$root/sys/kernel/debug/cma/linux,cma/count") - \
		$(cat "$root/sys/kernel/debug/cma/linux,cma/used")) * 4096)) ]
	rm -r "$root/sys/kernel/debug"
	run -0 "$DMAHEAP" list --json --sysroot "$root"
	[ "$(jq -c '[.list[0].free, .list[0].base, .list[0].size]' <<<"$output")" = '[null,null,33554432]' ]
	rm "$root/sys/firmware/fdt"
	run -0 "$DMAHEAP" list --json --sysroot "$root"
	[ "$(jq -c '[.list[0].provenance, .list[0].size, .list[0].kind]' <<<"$output")" = '[null,null,"cma"]' ]
}

@test "a page size that no kernel has is unknown, and so is what is counted in pages" {
	local root=$BATS_TEST_TMPDIR/root kilobytes
	cp -r "$fixtures/virt-7.2" "$root"
	rm "$root/sys/firmware/fdt" # its sizes are not in pages
	free() {
		"$DMAHEAP" list --json --sysroot "$root" | jq -c '.list[] | select(.name == "video@42000000") | [.free, .size]'
	}
	[ "$(free)" = "[16777216,16777216]" ]
	for kilobytes in 0 1 2 3 5 12 48 512 1024 1048576 18014398509481985 99999999999999999999 -4 x ''; do
		echo "$kilobytes"
		sed -i "s/^KernelPageSize:.*/KernelPageSize: $kilobytes kB/" "$root/proc/self/smaps"
		[ "$(free)" = "[null,null]" ]
		run "$DMAHEAP" map --json --sysroot "$root"
		[ "$(jq -c '[.map[] | select(.area) | .size] | unique' <<<"$output")" = '[null]' ]
	done
	for kilobytes in 4 8 16 32 64 128 256; do
		sed -i "s/^KernelPageSize:.*/KernelPageSize: $kilobytes kB/" "$root/proc/self/smaps"
		[ "$(free)" = "[$((4096 * 1024 * kilobytes)),$((4096 * 1024 * kilobytes))]" ]
	done
	# more pages than there are bytes
	sed -i 's/^KernelPageSize:.*/KernelPageSize: 4 kB/' "$root/proc/self/smaps"
	rm -r "$root/sys/kernel/debug"
	echo 4503599627370497 | tee "$root"/sys/kernel/mm/cma/*/{total,available}_pages >"$BATS_TEST_TMPDIR/null"
	run "$DMAHEAP" map --json --sysroot "$root"
	[ "$(jq -c '[.map[] | select(.area) | .size] | unique' <<<"$output")" = '[null]' ]
}

@test "without openat2(2) a root is not read, and said to need it; without /proc it is read as with it" {
	requires command strace
	local machine=$BATS_TEST_DIRNAME/fixtures/machines/virt-7.2 error command
	for error in ENOSYS EPERM; do
		ASAN_OPTIONS=detect_leaks=0 run -4 --separate-stderr strace -qqo /dev/null -e inject=openat2:error=$error \
			"${DMAHEAP_RECORDED-$DMAHEAP}" list --sysroot "$machine"
		[ -z "$output" ]
		[ "$stderr" = "dmaheap list: --sysroot: openat2(2) is missing: the kernel is older than 5.6, or a filter of system \
calls (seccomp) does not know it" ]
	done
	unshare -m true 2>/dev/null || skip "no mount namespace may be made"
	for command in list map regions; do
		"$DMAHEAP" $command --sysroot "$machine" >"$BATS_TEST_TMPDIR/want" 2>&1 || true
		# without /proc sanitizers read no options, and complain
		unshare -m sh -c 'umount -l /proc && exec "$@"' - "${DMAHEAP_RECORDED-$DMAHEAP}" $command --sysroot "$machine" 2>&1 |
			sed '/^==/d' >"$BATS_TEST_TMPDIR/got"
		diff "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
	done
}

@test "info --size: what the capture tells of room, also without pages, and without an area" {
	local root=$BATS_TEST_TMPDIR/root
	cp -r "$fixtures/virt-7.2" "$root"
	# asked SIZE HEAP
	asked() {
		"$DMAHEAP" info --sysroot "$root" --json --size "$1" "$2" | jq -c '.info | [.room.fits, .room.verdict, .sources.room]'
	}
	[[ $(asked 17M video@42000000) == '[false,"too-large","/'*'/reserved-memory/video@42000000 reg"]' ]]
	[ "$(asked 1M system)" = '[null,null,"known for CMA areas only"]' ]
	"$DMAHEAP" info --sysroot "$root" --size 1M video@42000000 | grep '^room '
	# the size of a page
	rm "$root/proc/self/smaps"
	[ "$(asked 1M video@42000000 | jq -c '.[:2]')" = '[null,null]' ]
	# of a region that is no area the tree has the size, and nothing says what is free
	[[ $(asked 17M video@42000000) == '[false,"too-large","/'* ]]
	rm -r "$root/sys/kernel/mm/cma" "$root/sys/kernel/debug/cma"
	[[ $(asked 17M video@42000000) == '[false,"too-large","/'* ]]
	[ "$(asked 1M video@42000000 | jq -c '.[:2]')" = '[null,null]' ]
}
