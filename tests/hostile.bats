#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Surroundings that are not as a program expects them; with strange files in /dev/dma_heap, see
# sysroot.bats, with closed and full descriptors cli.bats, in options usage.bats.
bats_require_minimum_version 1.5.0
load helpers

machine=$BATS_TEST_DIRNAME/fixtures/machines/virt-7.2

teardown() {
	# no such program may be left
	[ -z "${directory-}" ] || rm -r "$directory"
}

@test "a reader that goes away early ends the program quietly" {
	local status
	bash -o pipefail -c '"$1" test --list 2>"$2" | head -n 1' - "$DMAHEAP" "$BATS_TEST_TMPDIR/err" || status=$?
	# SIGPIPE, or done before the reader was
	[ "${status-0}" -eq 141 ] || [ "${status-0}" -eq 0 ]
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	# a parent that ignores SIGPIPE: the write fails, with a message of one line
	status=0
	bash -o pipefail -c 'trap "" PIPE; "$1" test --list 2>"$2" | true' - "$DMAHEAP" "$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 1 ]
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = "dmaheap: standard output: broken pipe" ]
}

@test "language and time zone change nothing that programs read" {
	local language
	"$DMAHEAP" list --json --sysroot "$machine" >"$BATS_TEST_TMPDIR/want"
	"$DMAHEAP" list --sysroot "$machine" >"$BATS_TEST_TMPDIR/want.text"
	for language in C POSIX C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8 no_SUCH ../../etc/passwd '%n%s'; do
		echo "$language"
		LANG=$language LC_ALL=$language TZ=$language "$DMAHEAP" list --json --sysroot "$machine" |
			diff "$BATS_TEST_TMPDIR/want" -
		LANG=$language LC_ALL=$language TZ=/no/such "$DMAHEAP" list --sysroot "$machine" |
			diff "$BATS_TEST_TMPDIR/want.text" -
	done
}

@test "thousands of open descriptors do no harm" {
	requires command perl # a shell takes seconds to open so many
	run -0 bash -c 'ulimit -n 10100 2>/dev/null || ulimit -n "$(ulimit -Hn)"
		exec perl -MPOSIX -e "dup2(0, \$_) for 20 .. sysconf(_SC_OPEN_MAX) - 40; exec @ARGV" "$@"' - \
		"$DMAHEAP" list -n -r -o NAME --sysroot "$machine" </dev/null
	[[ $output == *video@42000000* ]]
}

@test "with more rights than its caller has it refuses to run" {
	requires root
	local place
	directory=
	# where everybody can enter, and where the kernel heeds it: no mount with nosuid
	for place in /tmp /var/tmp /dev/shm; do
		directory=$(mktemp -d "$place/dmaheap-setuid-XXXXXX") || continue
		chmod 755 "$directory"
		install -m 4755 "$(command -v id)" "$directory/id"
		[ "$(run_as_user "$directory/id" -u)" != 0 ] || break
		rm -r "$directory"
		directory=
	done
	[ -n "$directory" ] || skip "set-user-ID has no effect in /tmp, /var/tmp and /dev/shm (nosuid)"
	install -m 4755 "${DMAHEAP_RECORDED-$DMAHEAP}" "$directory/dmaheap"
	# a file capability does the same; run_as_user leaves none that it could give
	if command -v setcap >/dev/null; then
		install -m 755 "${DMAHEAP_RECORDED-$DMAHEAP}" "$directory/capable"
		setcap cap_net_raw+ep "$directory/capable" || rm "$directory/capable"
	fi
	for place in "$directory"/dmaheap "$directory"/capable; do
		[ -e "$place" ] || continue
		# LeakSanitizer can't look at such a process
		run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups -- \
			env ASAN_OPTIONS=detect_leaks=0 "$place" list
		echo "$place: $status $stderr"
		[ "$status" -eq 4 ]
		[ -z "$output" ]
		[[ $stderr == "dmaheap: refuses to run with more rights than its caller has: set-user-ID, "* ]]
		[[ $stderr == *"file capabilities"*"security module"* ]]
	done
}

@test "names of arguments and of standard input don't reach the terminal raw" {
	local name=$'a\e[31m\x9b31m\xff\x07b'
	run "$DMAHEAP" lint-names "$name"
	LC_ALL=C
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
	[[ $output == *'\x1b[31m\x9b31m\xff\x07b'* ]]
	run "$DMAHEAP" lint-names - <<<"$name"
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
	run "$DMAHEAP" info "$name" --sysroot "$machine"
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
	run "$DMAHEAP" regions "/no/such$name"
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
	run "$DMAHEAP" "$name"
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
}

@test "the mark in a name is below what was escaped" {
	run -3 "$DMAHEAP" lint-names $'ab\x07c'
	[[ $output == *$'\n    ab\\x07c\n      ^~~~\n'* ]]
}

@test "names of files that a source includes don't reach the terminal raw" {
	cd "$BATS_TEST_TMPDIR"
	mkdir src
	dtc -q -I dts -O dtb -o t.dtb - <<<'/dts-v1/; / { reserved-memory { r { no-map; reusable; }; }; };'
	printf '/ { reserved-memory {\n#include "a\e[31m\x9b.dtsi"\n}; };\n' >src/t.dts
	echo 'r { no-map; reusable; };' >src/$'a\e[31m\x9b.dtsi'
	run -3 "$DMAHEAP" regions --source src t.dtb
	[[ $output == *'at:     src/a\x1b[31m\x9b.dtsi:1'* ]]
}

@test "bytes that are no UTF-8 are written in JSON as what they are" {
	local root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/dev/dma_heap" "$root/proc"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/"$'a\xff\x9bb'
	printf 'Character devices:\n250 dma_heap\n' >"$root/proc/devices"
	"$DMAHEAP" list --json --sysroot "$root" >"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r '.list[].name' "$BATS_TEST_TMPDIR/out")" = 'a\xff\x9bb' ]
	# also where they are a key
	mkdir -p "$root/sys/class/dma_heap/"$'a\xff\x9bb'
	echo $'K\xff\x9b=v\xfe' >"$root/sys/class/dma_heap/"$'a\xff\x9bb/uevent'
	"$DMAHEAP" info --json --sysroot "$root" $'a\xff\x9bb' >"$BATS_TEST_TMPDIR/out"
	[ "$(jq -c '.info.properties' "$BATS_TEST_TMPDIR/out")" = '{"K\\xff\\x9b":"v\\xfe"}' ]
}

@test "what changes the direction of text reaches no reader, in no format" {
	local name=$'video\u202e@4200\u2066\u200f\u061c' format
	for format in text json sarif github junit tap; do
		"$DMAHEAP" lint-names --format $format "$name" >"$BATS_TEST_TMPDIR/out" || [ $? -eq 3 ]
		# U+061C, 200E, 200F, 2028 to 202E, 2066 to 2069, as bytes: any locale will do
		run -1 env LC_ALL=C grep -P '\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$BATS_TEST_TMPDIR/out"
	done
	# JSON keeps the name
	[ "$("$DMAHEAP" lint-names --json --fail-on never "$name" | jq -r '.names[0].name')" = "$name" ]
}


# base.dtb, whose largest phandle is PHANDLE
make_base() {
	dtc -q -I dts -O dtb -o base.dtb - <<-END
		/dts-v1/; / {
			#address-cells = <1>; #size-cells = <1>;
			reserved-memory {
				#address-cells = <1>; #size-cells = <1>; ranges;
				video@42000000 { reg = <0x42000000 0x100000>; phandle = <${1-1}>; };
			};
			__symbols__ { video = "/reserved-memory/video@42000000"; };
		};
	END
}

# make_overlay NODES [PROPERTIES]: hostile.dtbo with a property x of four bytes, y of seven, s of three, and e
make_overlay() {
	printf '/dts-v1/; / { fragment@0 { target-path = "/"; __overlay__ {
		x = <1>; y = [01 00 00 00 01 02 03]; s = [01 02 03]; e; %s }; }; %s };' "${2-}" "$1" |
		dtc -q -f -I dts -O dtb -o hostile.dtbo - 2>/dev/null
}

# refused TEXT: the overlay gets this line, and nothing else is printed
refused() {
	local status=0
	"$DMAHEAP" regions --overlay hostile.dtbo base.dtb >out 2>err || status=$?
	cat err
	[ "$status" -eq 1 ]
	[ "$(cat err)" = "dmaheap regions: base.dtb: hostile.dtbo does not apply: $1" ]
	[ ! -s out ]
}

@test "an overlay that refers to what is outside its properties is refused" {
	local text reason offset phandle node=/fragment@0/__overlay__
	cd "$BATS_TEST_TMPDIR"
	make_base
	while IFS='|' read -r text reason; do
		make_overlay "__fixups__ { video = $text; };"
		refused "/__fixups__: video: $reason"
	done <<-END
		"$node:x:4"|"$node:x:4": the property does not have four bytes at this offset
		"$node:x:1"|"$node:x:1": the property does not have four bytes at this offset
		"$node:x:4294967292"|"$node:x:4294967292": the property does not have four bytes at this offset
		"$node:x:4294967296"|"$node:x:4294967296": the property does not have four bytes at this offset
		"$node:x:99999999999999999999"|"$node:x:99999999999999999999": the property does not have four bytes at this offset
		"$node:x:0", "$node:y:4"|"$node:y:4": the property does not have four bytes at this offset
		"$node:s:0"|"$node:s:0": the property does not have four bytes at this offset
		"$node:e:0"|"$node:e:0": the property does not have four bytes at this offset
		"$node:x:-4"|"$node:x:-4": not of the form PATH:PROPERTY:OFFSET
		"$node:x:"|"$node:x:": not of the form PATH:PROPERTY:OFFSET
		"$node:x"|"$node:x": not of the form PATH:PROPERTY:OFFSET
		"$node::0"|"$node::0": not of the form PATH:PROPERTY:OFFSET
		"$node"|"$node": not of the form PATH:PROPERTY:OFFSET
		":x:0"|":x:0": not of the form PATH:PROPERTY:OFFSET
		"alias:x:0"|"alias:x:0": not of the form PATH:PROPERTY:OFFSET
		""|"": not of the form PATH:PROPERTY:OFFSET
		"/fragment@1:x:0"|"/fragment@1:x:0": the overlay has no such node
		"$node:z:0"|"$node:z:0": the node has no such property
		"/fragment@0:target-path:0"|"/fragment@0:target-path:0": this property never refers to another node
		"//__fixups__:video:0"|"//__fixups__:video:0": the node is not part of a fragment
		[2f 3a 78]|not a list of strings
	END
	make_overlay "__fixups__ { video; };"
	refused "/__fixups__: video: not a list of strings"

	for phandle in 1 0x7ffffff0; do
		make_base "$phandle"
		for offset in 1 4 124 4096 0x7fffffff 0xfffffffc 0xffffffff; do
			make_overlay "__local_fixups__ { fragment@0 { __overlay__ { x = <0 $offset>; }; }; };"
			refused "/__local_fixups__$node: x: offset $((offset)): the property does not have four bytes at this offset"
		done
		# libfdt adds to every phandle, and this offset has the name of one
		make_overlay "__local_fixups__ { fragment@0 { __overlay__ { phandle = <0>; }; }; };" "phandle = <1>;"
		refused "/__local_fixups__$node: phandle: offset 0: this property never refers to another node"
	done
	while IFS='|' read -r text reason; do
		make_overlay "__local_fixups__ { $text };"
		refused "/__local_fixups__$reason"
	done <<-END
		fragment@0 { __overlay__ { x = [00 00 00]; }; };|$node: x: not a list of cells
		fragment@0 { __overlay__ { z = <0>; }; };|$node: z: offset 0: the node has no such property
		fragment@0 { none { x = <0>; }; };|/fragment@0: none: the overlay has no such node
		__local_fixups__ { fragment@0 { __overlay__ { x = <0>; }; }; };|: __local_fixups__: the node is not part of a fragment
	END

	# aligned or not: what is inside is the overlay's matter
	make_overlay "__fixups__ { video = \"$node:x:0\", \"$node:y:3\"; };
		__local_fixups__ { fragment@0 { __overlay__ { y = <1 3>; }; }; };"
	run -0 --separate-stderr "$DMAHEAP" regions --fail-on never --overlay hostile.dtbo base.dtb
	[ -z "$stderr" ]
}

@test "an overlay is refused for a target that is not a path, in a line of limited length" {
	local path name
	cd "$BATS_TEST_TMPDIR"
	make_base
	for path in '""' '[2f]' '[2f 72]' '<>'; do
		printf '/dts-v1/; / { fragment@0 { target-path = %s; __overlay__ { }; }; };' "$path" |
			dtc -q -I dts -O dtb -o hostile.dtbo -
		refused "/fragment@0: target-path: not a path"
	done
	# a message does not grow with the names in it
	name=$(printf '%0250d' 0)
	make_overlay "__local_fixups__ { fragment@0 { __overlay__ { n$name { x = <0>; }; }; }; };" "n$name { };"
	refused ".../n${name:0:63}: x: offset 0: the node has no such property"
	make_overlay "__fixups__ { video = \"/$name:x:0\"; };"
	refused "/__fixups__: video: \"/${name:0:199}\": the overlay has no such node"
	make_overlay "__local_fixups__ { $(printf 'n { %.0s' {1..64}) $(printf '}; %.0s' {1..64}) };"
	run -1 --separate-stderr "$DMAHEAP" regions --overlay hostile.dtbo base.dtb
	[ "$stderr" = "dmaheap regions: hostile.dtbo: nodes nested deeper than 64" ]
}

# add NUMBER AT FILE: to the byte there
add() {
	printf '%b' "\\x$(printf %02x $(($(od -An -j "$2" -N 1 -t u1 "$3") + $1)))" |
		dd of="$3" bs=1 seek="$2" conv=notrunc status=none
}

@test "a tree whose blocks are not aligned, or an overlay whose blocks lie in each other, is refused" {
	local at
	cd "$BATS_TEST_TMPDIR"
	make_base
	# the last bytes of off_dt_struct and off_mem_rsvmap
	for at in 11 19; do
		cp base.dtb moved.dtb
		add 2 $at moved.dtb
		run -1 --separate-stderr "$DMAHEAP" regions moved.dtb
		[ "$stderr" = "dmaheap regions: moved.dtb: a block is not aligned (FDT_ERR_ALIGNMENT)" ]
	done
	make_overlay ''
	add 4 39 hostile.dtbo # of size_dt_struct
	refused "the block of strings overlaps the structure"
}

# blob STRUCTURE [STRINGS]: damaged.dtb, of a structure in hexadecimal digits and its strings, which may lack their end
blob() {
	perl -e 'my $structure = pack("H*", $ARGV[0] =~ s/ //gr);
		my $strings = $ARGV[1] // "l\0";
		my $size = length $structure;
		print pack("N10", 0xd00dfeed, 56 + $size + length $strings, 56, 56 + $size, 40, 17, 16, 0, length $strings, $size),
			"\0" x 16, $structure, $strings' "$@" >damaged.dtb
}

@test "a tree that is cut, or whose structure is damaged, is refused with what is wrong" {
	requires command perl
	local size structure reason
	cd "$BATS_TEST_TMPDIR"
	# damaged REASON
	damaged() {
		run -1 --separate-stderr "$DMAHEAP" regions damaged.dtb
		[ "$stderr" = "dmaheap regions: damaged.dtb: $1" ]
		[ -z "$output" ]
	}
	make_base
	for size in 0 3 4 20 39 40 47 100 $(($(stat -c %s base.dtb) - 1)); do
		head -c "$size" base.dtb >damaged.dtb
		damaged "truncated (FDT_ERR_TRUNCATED)"
	done
	dtc -q -V 16 -I dtb -O dtb -o damaged.dtb base.dtb
	damaged "version that is not supported (FDT_ERR_BADVERSION)"
	{
		printf '\xd0\x0d\xfe\xee'
		tail -c +5 base.dtb
	} >damaged.dtb
	damaged "not a flattened device tree (FDT_ERR_BADMAGIC)"
	# a reserve map without its end
	blob '00000001 00000000 00000002 00000009'
	printf '\x01' | dd of=damaged.dtb bs=1 seek=55 conv=notrunc status=none
	damaged "truncated (FDT_ERR_TRUNCATED)"
	# words of the structure: 1 begins a node, 2 ends one, 3 is a property, 4 nothing, 9 the end
	while IFS='|' read -r structure reason; do
		echo "$structure"
		blob "$structure"
		damaged "$reason"
	done <<-END
		|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000002|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000002 0000|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000003|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000003 00000004|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000003 00000004 00000000|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000003 00000005 00000000 0102030405|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000003 7fffffff 00000000 00000002 00000009|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000003 ffffffff 00000000 00000002 00000009|truncated (FDT_ERR_TRUNCATED)
		00000001|truncated (FDT_ERR_TRUNCATED)
		00000001 6161|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000001 61616161|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000001 6100|truncated (FDT_ERR_TRUNCATED)
		00000001 00000000 00000003 00000000 00000002 00000002 00000009|an offset points outside (FDT_ERR_BADOFFSET)
		00000001 00000000 00000003 00000000 ffffffff 00000002 00000009|an offset points outside (FDT_ERR_BADOFFSET)
		00000003 00000000 00000000 00000001 00000000 00000002 00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000001 00000000 00000002 00000003 00000000 00000000 00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000001 00000000 00000002 00000001 00000000 00000002 00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000004 00000001 00000000 00000002 00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000001 61000000 00000002 00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000002|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000001 00000000 00000002 00000002 00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000001 00000000 00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
		00000001 00000000 00000005 00000002 00000009|corrupt structure (FDT_ERR_BADSTRUCTURE)
	END
	blob '00000001 00000000 00000003 00000000 00000000 00000002 00000009' l
	damaged "an offset points outside (FDT_ERR_BADOFFSET)"
	# the last property, a label of nothing, is at the end of the file
	perl -e 'my $structure = pack("N2", 1, 0) . pack("N", 1) . "__symbols__\0" . pack("N6", 3, 0, 0, 2, 2, 9);
		print pack("N10", 0xd00dfeed, 60 + length $structure, 60, 56, 40, 17, 16, 0, 2, length $structure), "\0" x 16,
			"l\0\0\0", $structure' >damaged.dtb
	run -0 "$DMAHEAP" regions damaged.dtb
	# and a whole one, with all of these words
	blob '00000001 00000000 00000004 00000003 00000003 00000000 01020300 00000001 61000000 00000002 00000002 00000009'
	run -0 --separate-stderr "$DMAHEAP" regions damaged.dtb
	[ "$stderr" = "dmaheap regions: damaged.dtb has no /reserved-memory" ]
}

# compile [RESERVES]: standard input becomes tree.dtb, with so many entries of /memreserve/
compile() {
	dtc -q -f -I dts -O dtb -R "${1-0}" -o tree.dtb - 2>/dev/null
	perl -0777 -pi -e "substr(\$_, 40, 16 * ${1-0}) = pack('Q>Q>', 4096, 4096) x ${1-0}" tree.dtb
}

# many COUNT NODE TEXT: tree.dtb with a node that has COUNT properties of that value; without NODE with COUNT
# nodes of that name
many() {
	perl -e 'my ($count, $node, $text) = @ARGV;
		sub padded { $_[0] . "\0" x (-length($_[0]) % 4) }
		my $name = padded("$text\0");
		my $structure = pack("N", 1) . padded("\0") . ($node
			? pack("N", 1) . padded("$node\0") . (pack("N3", 3, length("$text\0"), 0) . $name) x $count . pack("N", 2)
			: (pack("N", 1) . $name . pack("N", 2)) x $count) . pack("N2", 2, 9);
		my $size = length $structure;
		print pack("N10", 0xd00dfeed, 58 + $size, 56, 56 + $size, 40, 17, 16, 0, 2, $size), "\0" x 16, $structure, "l\0"' \
		"$@" >tree.dtb
}

# too_much BOUND [RESERVES]: the tree on standard input is refused with one line, which names the bound
too_much() {
	local status=0
	compile "${2-0}"
	"$DMAHEAP" regions --json tree.dtb >out 2>err || status=$?
	cat err
	[ "$status" -eq 1 ]
	[ "$(cat err)" = "dmaheap regions: tree.dtb: $1" ]
	# a document without regions
	[ "$(jq -c '[.regions, .summary.failed]' out)" = '[[],1]' ]
}

@test "a tree with longer names, or more of what is kept, than a bound allows is refused with the bound" {
	requires command perl
	local name
	cd "$BATS_TEST_TMPDIR"
	name=$(printf 'n%0254d' 0)
	too_much "a node's name is longer than 255 bytes" <<<"/dts-v1/; / { ${name}0 { }; };"
	too_much "a property's name is longer than 255 bytes" <<<"/dts-v1/; / { ${name}0; };"
	too_much "a node's path is longer than 1023 bytes" <<<"/dts-v1/; / { $name { $name { $name { $name { }; }; }; }; };"
	too_much "nodes nested deeper than 64" <<<"/dts-v1/; / { $(printf 'n { %.0s' {1..64}) $(printf '}; %.0s' {1..64}) };"
	too_much "more than 65536 entries of memory-region" \
		<<<"/dts-v1/; / { n { memory-region = <$(printf '1 %.0s' {1..65537})>; }; };"
	too_much "more than 65536 entries of /memreserve/" 65537 <<<"/dts-v1/; / { };"
	too_much "more than 1048576 bytes of memory ranges" \
		<<<"/dts-v1/; / { memory@0 { reg = <$(printf '1 1 %.0s' {1..131073})>; }; };"
	too_much "more than 16384 bytes of alloc-ranges" \
		<<<"/dts-v1/; / { reserved-memory { r { alloc-ranges = <$(printf '1 1 %.0s' {1..2049})>; }; }; };"
	too_much "more than 32768 bytes of dma-ranges" <<<"/dts-v1/; / { n { dma-ranges = <$(printf '1 1 1 %.0s' {1..2731})>; }; };"
	# dtc would compare each with each
	many 65537 __symbols__ "/reserved-memory/r"
	run -1 --separate-stderr "$DMAHEAP" regions tree.dtb
	[ "$stderr" = "dmaheap regions: tree.dtb: more than 65536 labels of reserved memory" ]
	many 65536 __symbols__ "/reserved-memory/r"
	"$DMAHEAP" regions tree.dtb
	many 4097 "" reserved_memory
	run -1 --separate-stderr "$DMAHEAP" regions tree.dtb
	[ "$stderr" = "dmaheap regions: tree.dtb: more than 4096 nodes called reserved-memory" ]
	# up to the bounds all is read
	compile 65536 <<-END
		/dts-v1/;
		/ { $name { $name { $name { ${name:0:254} { $name; }; }; }; };
		n { memory-region = <$(printf '1 %.0s' {1..65536})>; }; };
	END
	"$DMAHEAP" regions --json --fail-on never tree.dtb >out
	[ "$(jq .summary.failed out)" -eq 0 ]
	[ "$(jq '.findings | length' out)" -eq 65536 ]
}

@test "an overlay that would keep libfdt busy is refused" {
	cd "$BATS_TEST_TMPDIR"
	make_base
	# 14000 properties and 100 KB of value: 1.5 * 10^9
	{
		echo '/dts-v1/; / { fragment@0 { target-path = "/"; __overlay__ {'
		printf 'p%d; ' {1..14000}
		echo "}; }; };"
	} | dtc -q -f -I dts -O dtb -o hostile.dtbo -
	run -1 --separate-stderr "$DMAHEAP" regions --overlay hostile.dtbo base.dtb
	[[ $stderr == *": hostile.dtbo does not apply: too large: (3 * (3 nodes + 0 references) + 14001 properties + 12 * 0 symbols) * "*" bytes of both trees are more than 1073741824" ]]
	# 10000 references and 40 KB: 0.4 * 10^9 if they were as quick as properties
	make_overlay "__local_fixups__ { fragment@0 { __overlay__ { x = <$(printf '0 %.0s' {1..10000})>; }; }; };"
	run -1 --separate-stderr "$DMAHEAP" regions --overlay hostile.dtbo base.dtb
	[[ $stderr == *"too large: (3 * (6 nodes + 10000 references) + 6 properties + 12 * 0 symbols) * "* ]]
	# 4000 nodes and 160 KB: 0.6 * 10^9 if they were as quick as properties
	{
		echo '/dts-v1/; / { fragment@0 { target-path = "/"; __overlay__ {'
		printf 'nodes-with-some-name-%d { }; ' {1..4000}
		echo "}; }; };"
	} | dtc -q -f -I dts -O dtb -o hostile.dtbo -
	run -1 --separate-stderr "$DMAHEAP" regions --overlay hostile.dtbo base.dtb
	[[ $stderr == *"too large: (3 * (4003 nodes + 0 references) + 1 properties + 12 * 0 symbols) * "* ]]
	# 2000 labels and 90 KB: for each the target is looked for twice, with the properties of all nodes
	make_overlay "__symbols__ { $(printf 's%d = "/fragment@0/__overlay__"; ' {1..2000}) };"
	run -1 --separate-stderr "$DMAHEAP" regions --overlay hostile.dtbo base.dtb
	[[ $stderr == *"too large: (3 * (4 nodes + 0 references) + 2005 properties + 12 * 2000 symbols) * "* ]]
}

@test "directories with more heaps, areas or classes than Linux makes are not read, and named" {
	local root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/dev/dma_heap" "$root/proc" "$root/sys/kernel/mm/cma" "$root/sys/class/dma_heap"
	printf 'Character devices:\n250 dma_heap\n' >"$root/proc/devices"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	(cd "$root/sys/kernel/mm/cma" && mkdir {1..256}) # the bound itself
	run -0 --separate-stderr "$DMAHEAP" list --sysroot "$root"
	[[ $stderr != *"more than"* ]]
	mkdir "$root/sys/kernel/mm/cma/257"
	run -0 --separate-stderr "$DMAHEAP" list --sysroot "$root"
	[[ $output == *system* ]]
	[[ $stderr == *"/sys/kernel/mm/cma: more than 256 entries, not read"* ]]
	rm -r "$root/sys/kernel/mm/cma"
	(cd "$root/sys/class/dma_heap" && mkdir {1..257})
	run -0 --separate-stderr "$DMAHEAP" map --sysroot "$root"
	[[ $stderr == *"/sys/class/dma_heap: more than 256 entries, not read"* ]]
	(cd "$root/dev/dma_heap" && ln -s system 1 && for i in {2..256}; do echo 'char 600 root root 250:1' >"$i"; done)
	for command in list map lint-names; do
		run -1 --separate-stderr "$DMAHEAP" $command --sysroot "$root"
		[[ $stderr == *"/dev/dma_heap: more than 256 entries, not read; Linux makes at most 128 heaps"* ]]
	done
}

@test "below --sysroot a device, a FIFO or a socket is not opened, but named" {
	requires command strace
	requires command perl
	local root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/dev/dma_heap" "$root/proc" "$root/sys/firmware"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	printf 'Character devices:\n250 dma_heap\n' >"$root/proc/devices"
	perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, sockaddr_un($ARGV[0])) || die' "$root/proc/meminfo"
	mkfifo "$root/sys/firmware/fdt" "$root/proc/version"
	ln -s version "$root/proc/cmdline"
	ASAN_OPTIONS=detect_leaks=0 run -0 --separate-stderr timeout 10 strace -qqo "$BATS_TEST_TMPDIR/trace" -e trace=openat,openat2 \
		"$DMAHEAP" map --sysroot "$root"
	echo "$stderr"
	[ "$(sort <<<"$stderr")" = "dmaheap map: /proc/cmdline: a FIFO, not read
dmaheap map: /proc/meminfo: a socket, not read
dmaheap map: /sys/firmware/fdt: a FIFO, not read" ]
	# each was looked at, and not opened; what is a file was (the sanitizer of gcc 14 reads its own cmdline)
	grep '/sys/firmware/fdt".*O_PATH' "$BATS_TEST_TMPDIR/trace"
	run -1 grep -P '(fdt|meminfo|(?<!self/)cmdline)"(?!.*O_PATH)' "$BATS_TEST_TMPDIR/trace"
	grep '/proc/self/fd/.*O_RDONLY' "$BATS_TEST_TMPDIR/trace"
	run -0 --separate-stderr "$DMAHEAP" map -q --sysroot "$root"
	[ -z "$stderr" ]
	# not as a whole, either
	mv "$root/dev/dma_heap" "$root/dev/heaps"
	mkfifo "$root/dev/dma_heap"
	run --separate-stderr timeout 10 "$DMAHEAP" list --sysroot "$root"
	[ "$status" -ne 0 ]
	[ "$status" -ne 124 ]
	[[ $stderr == *"/dev/dma_heap: not a directory"* ]]
}

@test "below --sysroot a device node is not opened, but named" {
	requires root
	local root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/dev/dma_heap" "$root/proc" "$root/sys/firmware"
	echo 'char 600 root root 250:0' >"$root/dev/dma_heap/system"
	mknod "$root/proc/devices" c 1 5 || skip "no device nodes here"
	mknod "$root/sys/firmware/fdt" b 7 0
	run --separate-stderr timeout 10 "$DMAHEAP" list --sysroot "$root"
	echo "$stderr"
	[[ $stderr == *"/proc/devices: a character device, not read"* ]]
	[[ $stderr == *"/sys/firmware/fdt: a block device, not read"* ]]
}

@test "a source of more than its bounds is not read, and the bound is named; what is no file is not opened" {
	local i
	cd "$BATS_TEST_TMPDIR"
	mkdir src
	dtc -q -I dts -O dtb -o t.dtb - <<<'/dts-v1/; / { reserved-memory { r { no-map; reusable; }; }; };'
	cat >src/t.dts <<-'END'
		/ { reserved-memory { x: r { }; };
		/delete-node/ &{/reserved-memory};
		#include "0.dtsi"
		}; &x { no-map; };
	END
	# place LINE TEXT: where the finding is, and what is said
	place() {
		run -3 --separate-stderr timeout 20 "$DMAHEAP" regions --format github --source src t.dtb
		echo "$stderr"
		[[ $output == *"no-map-reusable,file=$1::"* ]]
		[ "$stderr" = "${2:+dmaheap regions: t.dtb: its source is not read: $2}" ]
	}
	place src/t.dts,line=4
	# a file that includes itself, also through another
	echo '#include "../src/t.dts"' >src/0.dtsi
	echo '#include "0.dtsi"' >>src/0.dtsi
	place src/t.dts,line=4
	for i in {0..9}; do
		printf '#include "%d.dtsi"\n#include "%d.dtsi"\n' $((i + 1)) $((i + 1)) >"src/$i.dtsi"
	done
	place t.dtb "more than 1000 files"
	for i in {0..64}; do
		echo "#include \"$((i + 1)).dtsi\"" >"src/$i.dtsi"
	done
	place t.dtb "files that include each other more than 64 deep"
	truncate -s 16M src/0.dtsi
	place t.dtb "more than 16 MiB"
	rm src/0.dtsi
	mkfifo src/0.dtsi
	place src/t.dts,line=4
	ln -sf /dev/zero src/0.dtsi
	place src/t.dts,line=4
}

@test "a limit of file sizes is an error of the file, which is then as it was" {
	local program=${DMAHEAP_RECORDED-$DMAHEAP} file
	# with nothing but the file itself that is a file
	local limited=(bash -o pipefail -c 'ulimit -f 0; "$@" 2>&1 | cat' - "$program")
	cd "$BATS_TEST_TMPDIR"
	make_base
	for file in names.baseline memory.svg; do
		echo before >"kept-$file"
	done
	run -1 "${limited[@]}" lint-names --save-baseline names.baseline video
	[[ $output == *"dmaheap lint-names: names.baseline: file too large"* ]]
	run -1 "${limited[@]}" lint-names --save-baseline kept-names.baseline video
	run -1 "${limited[@]}" regions --fail-on never --svg memory.svg base.dtb
	[[ $output == *"dmaheap regions: memory.svg: file too large"* ]]
	run -1 "${limited[@]}" regions --fail-on never --svg kept-memory.svg base.dtb
	[ "$(ls -A)" = "base.dtb
kept-memory.svg
kept-names.baseline" ]
	[ "$(sort -u kept-*)" = before ]
	run -1 bash -c 'ulimit -f 0; exec "$@" >out 2> >(cat)' - "$program" test --list
	[ ! -s out ]
	# what is run is ended by the signal, as it would be without us
	run "${limited[@]}" leak -- bash -c 'trap -p XFSZ; ulimit -f; echo x >y'
	[[ $output == *0* ]]
	[[ $output != *"trap -- '' "* ]]
}

@test "a baseline or a picture that cannot be made is an error that names it" {
	local place
	cd "$BATS_TEST_TMPDIR"
	make_base
	for place in /no/such/place /proc/no-such; do
		run -1 --separate-stderr "$DMAHEAP" lint-names --save-baseline "$place" video
		[ "$stderr" = "dmaheap lint-names: $place: no such file or directory" ]
		run -1 --separate-stderr "$DMAHEAP" regions --fail-on never --svg "$place" base.dtb
		[ "$stderr" = "dmaheap regions: $place: no such file or directory" ]
	done
	run -1 --separate-stderr "$DMAHEAP" lint-names --json --save-baseline / video
	[ "$stderr" = "dmaheap lint-names: /: is a directory" ]
	jq -e '.names | length == 1' <<<"$output"
}

@test "a limit of processes is said as what it is" {
	requires root
	requires user
	# the limit is of processes of that user: root has none
	run -1 --separate-stderr bash -c 'ulimit -u 0; exec "$@"' - setpriv --reuid 65534 --regid 65534 --clear-groups \
		--inh-caps=-all --bounding-set=-all -- env ASAN_OPTIONS=detect_leaks=0 "${DMAHEAP_RECORDED-$DMAHEAP}" leak -- true
	[ "$stderr" = "dmaheap leak: true: no more processes can be made (RLIMIT_NPROC, pids.max)" ]
}

@test "leak: what fails beside the command does not leave it behind" {
	requires command strace
	cd "$BATS_TEST_TMPDIR"
	run -1 env ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null -e inject=pidfd_open:error=EMFILE \
		"${DMAHEAP_RECORDED-$DMAHEAP}" leak --during 100ms -- sh -c 'sleep 0.3; : >ended'
	[ "$output" = "dmaheap leak: sh: too many open files" ]
	[ -e ended ]
}

@test "buffers and leak do not find nothing where /proc is not mounted" {
	local command
	unshare -m true 2>/dev/null || skip "no mount namespace may be made"
	for command in "buffers --json" "buffers" "leak -- true"; do
		# without /proc sanitizers read no options, and complain
		# shellcheck disable=SC2086 # words
		run --separate-stderr unshare -m sh -c 'umount -l /proc && exec "$@"' - "${DMAHEAP_RECORDED-$DMAHEAP}" $command
		echo "$command: $status"
		[[ $stderr == *==* ]] || [ "$status" -eq 4 ] # a sanitizer that complains has a status of its own
		[ "$status" -ne 0 ]
		[ -z "$output" ]
		[ "$(sed '/^==/d' <<<"$stderr")" = "dmaheap ${command%% *}: /proc: not mounted" ]
	done
}

@test "an overlay or a configuration that cannot be read leaves a document that says so" {
	local file message command
	cd "$BATS_TEST_TMPDIR"
	make_base
	mkdir directory
	while IFS='|' read -r file message; do
		for option in --overlay --kconfig; do
			run -1 --separate-stderr "$DMAHEAP" regions --json $option "$file" base.dtb
			[[ $stderr == "dmaheap regions: $file: $message"* ]]
			jq -e '.regions == [] and .summary.failed == 1 and .summary.trees == 0' <<<"$output"
			run -1 --separate-stderr "$DMAHEAP" lint-names --json $option "$file" --dtb base.dtb
			[[ $stderr == "dmaheap lint-names: $file: $message"* ]]
			jq -e '.names == [] and .complete == false' <<<"$output"
		done
	done <<-END
		/no/such|no such file or directory
		directory|is a directory
		/dev/null|
	END
}

@test "figures: cells are taken as the kernel takes them, an open area has heaps, an alignment is no 0 MiB" {
	local tree='/ { #address-cells = <5>; #size-cells = <5>; reserved-memory { #address-cells = <%s>; #size-cells = <5>;
		ranges; r { reg = <1 2 3 0 0x42000000 0 0 0 0 0x100000>; }; s { reg = <0>; }; }; };'
	cd "$BATS_TEST_TMPDIR"
	# of_read_number() shifts what is above 64 bits out
	# shellcheck disable=SC2059 # a number goes into the text
	printf "/dts-v1/; $tree" 5 | dtc -q -f -I dts -O dtb -o t.dtb - 2>/dev/null
	run -0 --separate-stderr "$DMAHEAP" regions --json --fail-on never t.dtb
	jq -e '.regions[0] | .base == "0x42000000" and .size == 1048576' <<<"$output"
	jq -e '[.regions[1].findings[].message] | index("reg has 4 bytes, not a multiple of 40 (5 + 5 cells)")' <<<"$output"
	for cells in 6 4294967295; do
		# shellcheck disable=SC2059
		printf "/dts-v1/; $tree" $cells | dtc -q -f -I dts -O dtb -o t.dtb - 2>/dev/null
		run -3 --separate-stderr "$DMAHEAP" regions t.dtb
		[[ $output == *"#address-cells and #size-cells are $cells and 5, the root's 5 and 5: the kernel ignores all regions (2)"* ]]
	done
	printf '/dts-v1/; / { #address-cells = <0xffffffff>; #size-cells = <1>; memory@0 { device_type = "memory"; reg = <1 2>; };
		reserved-memory { #address-cells = <0xffffffff>; #size-cells = <1>; ranges; r { reg = <0>; }; s { size = <1>;
		alignment = <>; alloc-ranges = <>; }; }; };' | dtc -q -f -I dts -O dtb -o t.dtb - 2>/dev/null
	run -3 --separate-stderr "$DMAHEAP" regions t.dtb
	[[ $output == *"reg has 4 bytes, not a multiple of 17179869184 (4294967295 + 1 cells)"* ]]

	# four bytes for each of so many cells are 0 in 32 bits
	dtc -q -f -I dts -O dtb -o t.dtb - 2>/dev/null <<<'/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;
		bus { #address-cells = <0x40000000>; #size-cells = <1>; dma-ranges = <0 0 0x1000>; }; };'
	run -0 "$DMAHEAP" regions t.dtb

	# eight pools fill the areas of a kernel that has eight: cma= may come first
	{
		echo '/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; memory@40000000 { device_type = "memory";
			reg = <0x40000000 0x40000000>; }; reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges;'
		printf 'r@5%d000000 { compatible = "shared-dma-pool"; reusable; reg = <0x5%d000000 0x400000>; };' \
			0 0 1 1 2 2 3 3 4 4 5 5 6 6 7 7
		echo '}; };'
	} | dtc -q -I dts -O dtb -o t.dtb -
	for cmdline in quiet cma=64M; do
		run -0 --separate-stderr "$DMAHEAP" regions --json --fail-on never --cmdline "$cmdline" t.dtb
		jq -e '.summary.heaps == ([.regions[] | select(.outcome == "heap").heaps | length] | add)' <<<"$output"
	done
	printf '%s\n' CONFIG_64BIT=y CONFIG_ARM64_4K_PAGES=y CONFIG_PAGE_BLOCK_MAX_ORDER=7 CONFIG_ARCH_FORCE_MAX_ORDER=10 \
		CONFIG_DMA_CMA=y CONFIG_CMA_AREAS=20 CONFIG_DMABUF_HEAPS=y CONFIG_DMABUF_HEAPS_CMA=y >config
	dtc -q -I dts -O dtb -o t.dtb - <<-'END'
		/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; memory@40000000 { device_type = "memory"; reg = <0x40000000 0x40000000>; };
		reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges;
		r@50010000 { compatible = "shared-dma-pool"; reusable; reg = <0x50010000 0x400000>; }; }; };
	END
	run -3 --separate-stderr "$DMAHEAP" regions --kconfig config t.dtb
	[[ $output == *"not a multiple of 512 KiB, the CMA alignment with 4 KiB pages"* ]]
}

@test "a label without its NUL is none" {
	cd "$BATS_TEST_TMPDIR"
	dtc -q -f -I dts -O dtb -o t.dtb - 2>/dev/null <<-'END'
		/dts-v1/; / { reserved-memory { r { no-map; }; }; __symbols__ {
			cut = [2f 72 65 73 65 72 76 65 64 2d 6d 65 6d 6f 72 79 2f 72]; whole = "/reserved-memory/r"; }; };
	END
	"$DMAHEAP" regions --json --fail-on never t.dtb >out
	jq -e '.regions[0].labels == ["whole"]' out
}

@test "a file of more than its bound is refused with the bound, also where it has no end or is packed" {
	local input
	cd "$BATS_TEST_TMPDIR"
	make_base
	truncate -s 65M large
	truncate -s 1025K rules
	head -c 5M /dev/zero | gzip -1 >config.gz
	# refuses BOUND ARG...
	refuses() {
		run -1 --separate-stderr timeout 30 "$DMAHEAP" "${@:2}" <"$input"
		[ "$stderr" = "dmaheap $2: $1" ]
	}
	for input in large /dev/zero; do
		refuses "$input: more than 64 MiB" regions $input
		refuses "standard input: more than 64 MiB" lint-names -
		refuses "$input: more than 64 MiB" lint-names --baseline $input video
		refuses "$input: more than 4 MiB" regions --kconfig $input base.dtb
		refuses "$input: more than 4 MiB" bench --compare $input
	done
	refuses "rules: more than 1 MiB" lint-names --rules rules video
	refuses "config.gz: more than 4 MiB" regions --kconfig config.gz base.dtb
	refuses "config.gz: more than 4 MiB" lint-names --kconfig config.gz --dtb base.dtb
}

@test "a text with a NUL is refused, for what is behind that would not be read" {
	local file
	cd "$BATS_TEST_TMPDIR"
	make_base
	# refuses STATUS TEXT ARG...
	refuses() {
		run "-$1" --separate-stderr "$DMAHEAP" "${@:3}"
		[ "$stderr" = "dmaheap $3: $2" ]
		[ -z "$output" ]
	}
	printf '# rules\nallow video\0 of one board\n' >rules
	refuses 2 "rules:2: this is no text: it has a NUL" lint-names --rules rules cma-video
	"$DMAHEAP" lint-names --save-baseline names video@42000000 >out
	printf 'audio\t-\t-\0junk\n' >>names
	refuses 1 "names:3: this is no text: it has a NUL" lint-names --baseline names video@42000000
	printf 'CONFIG_64BIT=y\n\0CONFIG_CMA=y\n' >config
	gzip -k config
	for file in config config.gz; do
		refuses 1 "$file: not a kernel configuration: it is no text, or no CONFIG_ is in it" regions --kconfig $file base.dtb
	done
}

@test "no network, no other process, no configuration, and no file that no option names" {
	requires command strace
	local arguments trace=$BATS_TEST_TMPDIR/trace program=${DMAHEAP_RECORDED-$DMAHEAP}
	cd "$BATS_TEST_TMPDIR"
	make_base
	echo 'cma-heap' >names
	while read -r arguments; do
		echo "$arguments"
		# shellcheck disable=SC2086 # several words
		HOME=$PWD ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=%network,%process,openat,open,creat,mkdir,mknod,rename \
			-o "$trace" "$program" $arguments <names >out 2>&1 || [ $? -le 4 ]
		[ -s "$trace" ]
		# strace writes fork() as the clone() that it is
		run -1 grep -E 'socket|connect|fork|clone' "$trace"
		[ "$(grep -c execve "$trace")" -eq 1 ]
		run -1 grep -E 'O_CREAT|O_TRUNC|creat\(|mkdir|mknod|rename' "$trace"
		# also what is not there is the libraries', the kernel's, or named by the arguments
		grep -E '^[0-9]+ +open(at)?\(' "$trace" | grep -v O_PATH >opened
		run -1 grep -vE '"/(proc|sys|lib|usr/lib|usr/share/locale|etc/(ld\.so|localtime|udev))|"/dev/(null|dma_heap|rk_dma_heap|kmsg)"|"base.dtb"' opened
	done <<-END
		list --sysroot $machine
		map --json --sysroot $machine
		buffers --sysroot $machine
		info system --sysroot $machine
		regions base.dtb
		lint-names -
		lint-names --list-rules
		test --list
		list
	END
	# a command is run as given, without a shell
	# shellcheck disable=SC2016
	run -127 --separate-stderr "$DMAHEAP" leak -- 'echo $(id); true'
	[ "$stderr" = 'dmaheap leak: echo $(id); true: no such file or directory' ]
	run "$DMAHEAP" leak -- printf '<%s>' 'a b' '$HOME' '*' ';x'
	[[ $output == *'<a b><$HOME><*><;x>'* ]]
}

@test "a file is replaced by one that was written beside it, whose name is removed" {
	requires command strace
	cd "$BATS_TEST_TMPDIR"
	mkdir place
	echo old >place/names
	ASAN_OPTIONS=detect_leaks=0 strace -qq -e trace=openat,rename,renameat,renameat2,write -o trace \
		"${DMAHEAP_RECORDED-$DMAHEAP}" lint-names --save-baseline place/names video >out
	grep -E 'openat\(.*/place/.dmaheap-......", O_RDWR\|O_CREAT\|O_EXCL' trace
	grep -E 'rename\(".*/place/.dmaheap-......", ".*/place/names"\)' trace
	run -1 grep 'place/names".*O_WRONLY' trace
	[ "$(ls -A place)" = names ]
	grep -q video place/names
	# killed in the middle it leaves the old one, and the new one beside it
	echo old >place/names
	run -137 strace -qq -o /dev/null -e inject=/^rename:signal=KILL "${DMAHEAP_RECORDED-$DMAHEAP}" \
		lint-names --save-baseline place/names audio
	[ "$(cat place/names)" = old ]
	grep -q audio place/.dmaheap-*
	[ "$(find place -type f | wc -l)" -eq 2 ]
}

@test "a region that overlaps very many others, or entries of /memreserve/, has eight findings of each" {
	local i
	requires command perl
	cd "$BATS_TEST_TMPDIR"
	compile 30 <<-END
		/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges;
		$(for i in {4096..4125}; do printf 'r@%x { reg = <0x%x 0x100000>; };' "$i" "$i"; done) }; };
	END
	run -3 --separate-stderr "$DMAHEAP" regions -v --json tree.dtb
	jq -e '[.regions[0].findings[].id] | sort | group_by(.) | map([.[0], length]) == [["overlap-memreserve", 8]]' <<<"$output"
	jq -e '[.regions[].findings[] | select(.id | startswith("overlap")) | .id] | group_by(.) | map([.[0], length])
		| . == [["overlap", 204], ["overlap-memreserve", 240]]' <<<"$output"
}

@test "of more than 4096 regions the others are not read, and a finding says so" {
	local count
	cd "$BATS_TEST_TMPDIR"
	for count in 4096 4097; do
		{
			echo '/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges;'
			seq -f 'r%g { no-map; };' "$count"
			echo '}; };'
		} | dtc -q -f -I dts -O dtb -o t.dtb -
		"$DMAHEAP" regions --json --fail-on never t.dtb >out
		jq -e "[(.regions | length), ([.findings[] | select(.id == \"too-many-regions\")] | length)] == [4096, $((count - 4096))]" out
	done
}
