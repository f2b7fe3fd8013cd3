#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# profile, on captured machines and on device trees.
bats_require_minimum_version 1.5.0
load helpers

new=$BATS_TEST_DIRNAME/fixtures/machines/virt-7.2
old=$BATS_TEST_DIRNAME/fixtures/machines/virt-6.12

profile() { "$DMAHEAP" profile "$@"; }

# written LINE...: a profile
written() {
	printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/written"
}

@test "what was recorded is what is there" {
	run -0 --separate-stderr profile record --sysroot "$new"
	[ -z "$stderr" ]
	echo "$output" >"$BATS_TEST_TMPDIR/recorded"
	# of the region whose place the tree gives, and of the one that the kernel places
	[ "$(sed -n '/^\[heap video@42000000\]/,/^$/p' "$BATS_TEST_TMPDIR/recorded")" = '[heap video@42000000]
kind = cma
base = 0x42000000
size = 16M
owner = root
group = root
mode = 0600
contiguous = yes
cacheable = yes
protected = no
alias =
consumer = /codec@9100000' ]
	[ "$(sed -n '/^\[heap linux,cma\]/,/^$/p' "$BATS_TEST_TMPDIR/recorded" | grep -e base -e size -e alias)" = 'size = 32M
alias = default_cma_region' ]
	run -0 --separate-stderr profile verify "$BATS_TEST_TMPDIR/recorded" --sysroot "$new"
	[ "$output" = "4 heaps: 0 errors, 0 warnings, 0 notes" ]
	[ -z "$stderr" ]
	run -0 --separate-stderr profile verify - --sysroot "$new" -q <"$BATS_TEST_TMPDIR/recorded"
	[ -z "$output$stderr" ]
	# a file is replaced, and standard output is no place for anything else
	run -0 profile record "$BATS_TEST_TMPDIR/file" --sysroot "$new"
	[ -z "$output" ]
	cmp "$BATS_TEST_TMPDIR/file" "$BATS_TEST_TMPDIR/recorded"
}

@test "a lost heap is told with the reason that is known, also where another kernel has another name" {
	profile record "$BATS_TEST_TMPDIR/new" --sysroot "$new"
	run -3 --separate-stderr profile verify "$BATS_TEST_TMPDIR/new" --sysroot "$old"
	[ "${lines[0]}" = "default_cma_region: error: there is no such heap: the heap of the default CMA area is called linux,cma here [heap-lost]" ]
	[ "${lines[1]}" = "linux,cma: error: alias is none, not default_cma_region [heap-changed]" ]
	[ "${lines[2]}" = "video@42000000: error: there is no such heap: before Linux 6.19 only the default CMA area becomes one [heap-lost]" ]
	[ "$stderr" = "dmaheap profile: the profile is of Linux 7.2.13, this is 6.12.117" ]
	# the other way round there is only more
	profile record "$BATS_TEST_TMPDIR/old" --sysroot "$old"
	sed -i '/^alias/d' "$BATS_TEST_TMPDIR/old"
	run -0 --separate-stderr profile verify "$BATS_TEST_TMPDIR/old" --sysroot "$new"
	[ "${lines[0]}" = "default_cma_region: note: the profile has no such heap [heap-new]" ]
	[ "${lines[1]}" = "video@42000000: note: the profile has no such heap [heap-new]" ]
	run -3 profile verify "$BATS_TEST_TMPDIR/old" --sysroot "$new" --fail-on note -q
}

@test "each key is compared, and what is left out is not" {
	local key value is
	while IFS='|' read -r key value is; do
		written '[heap video@42000000]' "$key = $value"
		run -3 --separate-stderr profile verify "$BATS_TEST_TMPDIR/written" --sysroot "$new" -q
		echo "$key: $output"
		[ "${lines[0]}" = "video@42000000: error: $key is $is [heap-changed]" ]
	done <<-END
		kind|pages|cma, not pages
		base|0x43000000|0x42000000, not 0x43000000
		size|0x2000000|16M, not 32M
		owner|camera|root, not camera
		group|video|root, not video
		mode|660|0600, not 0660
		contiguous|no|yes, not no
		cacheable|no|yes, not no
		protected|yes|no, not yes
		alias|other|none, not other
		consumer|/display@1|/codec@9100000, not /display@1
	END
	written '# only that it is there' '' '[heap video@42000000]'
	run -0 profile verify "$BATS_TEST_TMPDIR/written" --sysroot "$new" -q
	written '[heap video@42000000]' 'consumer =' '[heap linux,cma]' 'alias=default_cma_region' 'consumer=/b' 'consumer=/a'
	run -3 profile verify "$BATS_TEST_TMPDIR/written" --sysroot "$new" -q
	[ "${lines[0]}" = "video@42000000: error: consumer is /codec@9100000, not none [heap-changed]" ]
	[ "${lines[1]}" = "linux,cma: error: consumer is none, not /a, /b [heap-changed]" ]
	# what the machine does not tell is no difference
	rm -rf "$BATS_TEST_TMPDIR/copy"
	cp -r "$new" "$BATS_TEST_TMPDIR/copy"
	chmod -R u+w "$BATS_TEST_TMPDIR/copy"
	rm -rf "$BATS_TEST_TMPDIR"/copy/sys/kernel "$BATS_TEST_TMPDIR"/copy/sys/firmware "$BATS_TEST_TMPDIR"/copy/proc/device-tree
	written '[heap video@42000000]' 'size = 1M'
	run -0 profile verify "$BATS_TEST_TMPDIR/written" --sysroot "$BATS_TEST_TMPDIR/copy" -v
	[ "${lines[0]}" = "video@42000000: note: size is not known here [fact-unknown]" ]
}

@test "another board is told, and of a directory the profile of this board is taken" {
	written '[board]' 'compatible = acme,camera' '[heap system]'
	run -3 profile verify "$BATS_TEST_TMPDIR/written" --sysroot "$new" -q
	[ "${lines[0]}" = "acme,camera: error: this board is linux,dummy-virt [board-differs]" ]
	mkdir -p "$BATS_TEST_TMPDIR/boards/acme"
	cp "$BATS_TEST_TMPDIR/written" "$BATS_TEST_TMPDIR/boards/acme/camera.profile"
	run -4 --separate-stderr profile verify "$BATS_TEST_TMPDIR/boards" --sysroot "$new"
	[ -z "$output" ]
	[ "$stderr" = "dmaheap profile: $BATS_TEST_TMPDIR/boards: no profile for linux,dummy-virt" ]
	profile record "$BATS_TEST_TMPDIR/boards/virt.profile" --sysroot "$new"
	run -0 --separate-stderr profile verify "$BATS_TEST_TMPDIR/boards" --sysroot "$new"
	[ "$output" = "4 heaps: 0 errors, 0 warnings, 0 notes" ]
	cp "$BATS_TEST_TMPDIR/boards/virt.profile" "$BATS_TEST_TMPDIR/boards/acme/virt.profile"
	run -1 --separate-stderr profile verify "$BATS_TEST_TMPDIR/boards" --sysroot "$new"
	[ "$stderr" = "dmaheap profile: $BATS_TEST_TMPDIR/boards/acme/virt.profile and $BATS_TEST_TMPDIR/boards/virt.profile are both for linux,dummy-virt" ]
}

@test "--dtb: what a tree decides is compared before the boot" {
	requires command dtc
	local tree=$BATS_TEST_TMPDIR/board.dtb
	# the tree from which the machine was booted
	cp "$new/sys/firmware/fdt" "$tree"
	profile record "$BATS_TEST_TMPDIR/new" --sysroot "$new"
	run -0 --separate-stderr profile verify "$BATS_TEST_TMPDIR/new" --dtb "$tree" --kernel 7.2
	[ "$output" = "3 heaps: 0 errors, 0 warnings, 0 notes" ]
	run -3 --separate-stderr profile verify "$BATS_TEST_TMPDIR/new" --dtb "$tree" --kernel 6.12
	grep -qx 'video@42000000: error: a boot of this tree makes no such heap \[heap-lost\]' <<<"$output"
	dtc -q -I dtb -O dts "$tree" | sed 's/<0x00 0x42000000 0x00 0x1000000>/<0x00 0x43000000 0x00 0x800000>/' |
		dtc -q -I dts -O dtb -o "$tree" -
	run -3 --separate-stderr profile verify "$BATS_TEST_TMPDIR/new" --dtb "$tree" --kernel 7.2 -q
	[ "${lines[0]}" = "video@42000000: error: base is 0x43000000, not 0x42000000 [heap-changed]" ]
	[ "${lines[1]}" = "video@42000000: error: size is 8M, not 16M [heap-changed]" ]
	run -0 profile record --dtb "$tree" --kernel 7.2
	[[ $output == *"[heap video@42000000]"*"size = 8M"* ]]
	run -1 --separate-stderr profile record --dtb "$BATS_TEST_TMPDIR/nothing.dtb"
	[ -z "$output" ]
	[ "$stderr" = "dmaheap profile: $BATS_TEST_TMPDIR/nothing.dtb: no such file or directory" ]
}

@test "reports for programs" {
	profile record "$BATS_TEST_TMPDIR/new" --sysroot "$new"
	run -3 --separate-stderr profile verify "$BATS_TEST_TMPDIR/new" --sysroot "$old" --json
	[ "$(jq -c '[.findings[].rule], [.names[].name], .complete' <<<"$output" | tr -d '\n')" = \
		'["heap-lost","heap-changed","heap-lost"]["default_cma_region","linux,cma","system","video@42000000"]true' ]
	run -3 --separate-stderr profile verify "$BATS_TEST_TMPDIR/new" --sysroot "$old" --format tap
	[ "$(grep -c '^ok ' <<<"$output")" -eq 1 ]
	[ "$(grep -c '^not ok ' <<<"$output")" -eq 3 ]
	run -3 --separate-stderr profile verify "$BATS_TEST_TMPDIR/new" --sysroot "$old" --format junit
	[ "$(xmllint --xpath 'count(//testcase[failure])' - <<<"$output")" = 3 ]
}

@test "a profile that is wrong is told with the line, and nothing is compared" {
	local lines words
	while IFS='|' read -r lines words; do
		# shellcheck disable=SC2059 # with its escapes
		printf "$lines" >"$BATS_TEST_TMPDIR/wrong"
		run -1 --separate-stderr profile verify "$BATS_TEST_TMPDIR/wrong" --sysroot "$new"
		echo "$lines: $stderr"
		[ -z "$output" ]
		[ "$stderr" = "dmaheap profile: $BATS_TEST_TMPDIR/wrong:$words" ]
	done <<-'END'
		size = 1M\n|1: a section is to begin first: [board] or [heap NAME]
		[heap x\n|1: a section ends with ]
		[area x]\n|1: no such section: there are [board] and [heap NAME]
		[heap ]\n|1: a heap has a name
		[heap x]\n[heap x]\n|2: this heap has been there before
		[heap x]\nsize\n|2: neither a section, nor KEY = VALUE, nor a comment
		[heap x]\nlength = 1\n|2: no such key of a heap
		[heap x]\nsize = many\n|2: no value of this key
		[heap x]\nsize =\n|2: no value of this key
		[heap x]\nkind = cm\n|2: no value of this key
		[heap x]\nmode = 0888\n|2: no value of this key
		[heap x]\nmode = 00600\n|2: no value of this key
		[heap x]\nbase = -1\n|2: no value of this key
		[heap x]\nsize = 1M\nsize = 1M\n|3: this key has been there before
		[heap x]\nalias =\nalias = y\n|3: this key has been there before
		[heap x]\nalias = y\nalias =\n|3: this key has been there before
		[board]\nname = x\n|2: no such key: [board] has compatible and kernel
		[board]\nkernel = 1\nkernel = 1\n|3: this key has been there before
		[board]\ncompatible =\n|2: no value of this key
	END
	printf '[heap x]\n\0' >"$BATS_TEST_TMPDIR/wrong"
	run -1 --separate-stderr profile verify "$BATS_TEST_TMPDIR/wrong" --sysroot "$new"
	[ "$stderr" = "dmaheap profile: $BATS_TEST_TMPDIR/wrong:1: this is no text: it has a NUL" ]
	seq -f '[heap %g]' 1025 >"$BATS_TEST_TMPDIR/wrong"
	run -1 --separate-stderr profile verify "$BATS_TEST_TMPDIR/wrong" --sysroot "$new"
	[ "$stderr" = "dmaheap profile: $BATS_TEST_TMPDIR/wrong:1025: more than 1024 heaps" ]
	truncate -s 1048577 "$BATS_TEST_TMPDIR/wrong"
	run -1 --separate-stderr profile verify "$BATS_TEST_TMPDIR/wrong" --sysroot "$new"
	[ "$stderr" = "dmaheap profile: $BATS_TEST_TMPDIR/wrong: more than 1 MiB" ]
	run -1 --separate-stderr profile verify "$BATS_TEST_TMPDIR/none" --sysroot "$new"
	[ "$stderr" = "dmaheap profile: $BATS_TEST_TMPDIR/none: no such file or directory" ]
}

@test "wrong usage" {
	local arguments words
	run -2 --separate-stderr profile
	[ "$stderr" = "dmaheap profile: record|verify is missing; 'dmaheap profile record' writes a profile, 'verify FILE' compares with one" ]
	while IFS='|' read -r arguments words; do
		# shellcheck disable=SC2086 # words
		run -2 --separate-stderr profile $arguments
		echo "$arguments: $stderr"
		[ -z "$output" ]
		[ "$stderr" = "dmaheap profile: $words" ]
	done <<-'END'
		keep|it is 'record' or 'verify', not 'keep'
		verify|verify needs the FILE of a profile, a directory of some, or -
		record a b|record takes one file
		record --json|record writes a profile, and nothing else
		record --format tap|record writes a profile, and nothing else
	END
}
