#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The locale changes no answer, in locales that are made here.
bats_require_minimum_version 1.5.0
load helpers

fixtures=$BATS_TEST_DIRNAME/fixtures
machine=$fixtures/machines/virt-7.2

# In Turkish I and i are two letters, in German 1.5 is 1,5; the characters of GBK have two bytes, and
# a byte of ISO-8859 is a character, or a control character.
locales=(tr_TR.UTF-8 tr_TR.ISO-8859-9 de_DE.ISO-8859-1 zh_CN.GBK)

setup_file() {
	requires command localedef
	requires command dtc
	local locale charset
	export LOCPATH=$BATS_FILE_TMPDIR/locales
	mkdir "$LOCPATH"
	for locale in "${locales[@]}"; do
		charset=${locale#*.}
		if ! compgen -G "/usr/share/i18n/locales/${locale%.*}" >/dev/null ||
			! compgen -G "/usr/share/i18n/charmaps/$charset*" >/dev/null; then
			skip "no source of the locale $locale (Debian's package locales)"
		fi
		localedef -i "${locale%.*}" -f "$charset" "$LOCPATH/$locale"
		[ "$(LC_ALL=$locale locale charmap)" = "$charset" ]
	done
	mkdir "$BATS_FILE_TMPDIR/trees"
	for file in "$fixtures"/trees/{bad,good}/*.dts; do
		name=${file##*/}
		dtc -q -@ -I dts -O dtb -o "$BATS_FILE_TMPDIR/trees/${name%.dts}.dtb" "$file"
	done
	# compatible as the kernel compares it, and a label that is text in ISO-8859-1 only
	dtc -q -I dts -O dtb -o "$BATS_FILE_TMPDIR/trees/capitals.dtb" - <<-'END'
		/dts-v1/;
		/ {
			#address-cells = <1>; #size-cells = <1>;
			memory@40000000 { device_type = "memory"; reg = <0x40000000 0x40000000>; };
			reserved-memory {
				#address-cells = <1>; #size-cells = <1>; ranges;
				video@42000000 { reg = <0x42000000 0x1000000>; compatible = "RESTRICTED-DMA-POOL"; };
				audio@44000000 { reg = <0x44000000 0x1000000>; x-title = [63 61 66 e9 00]; };
			};
		};
	END
}

# has_c1 TEXT: whether it has a byte from 0x82 to 0x9f, which ECMA-48 makes a control character
has_c1() {
	LC_ALL=C grep -q -a -P '[\x82-\x9f]' <<<"$1"
}

# all_answers: what the commands print about the fixtures, with the branches of a tree in ASCII
all_answers() {
	answers 2>&1 | sed 's/└─/`-/; s/├─/|-/'
}
answers() {
	local form name
	for form in --bytes --json; do
		for name in list map 'info system' 'info linux,cma'; do
			# shellcheck disable=SC2086 # a command and its argument
			"$DMAHEAP" $name $form --sysroot "$machine" || echo "status of $name: $?"
		done
		"$DMAHEAP" list -o 'size,Name,kInd' $form --sysroot "$machine" || echo "status of list -o: $?"
		"$DMAHEAP" regions $form "${trees[@]}" || echo "status of regions: $?"
		"$DMAHEAP" buffers $form --sysroot "$BATS_FILE_TMPDIR/buffers" || echo "status of buffers: $?"
	done
	"$DMAHEAP" list --sysroot "$machine" || echo "status of list: $?"
	"$DMAHEAP" test --list
	"$DMAHEAP" test --list --json
	for form in text json sarif github gitlab junit tap; do
		"$DMAHEAP" lint-names -v --format "$form" VIDEO-CMA Iommu-16MIB cma-video 'caf'$'\xe9' 'I@1' 'DIRECT i' \
			"${names[@]}" || echo "status of lint-names: $?"
	done
	"$DMAHEAP" list --sysroot /no/such || echo "status of list: $?"
}

@test "every command prints the same, as text and as JSON" {
	local locale names trees root=$BATS_FILE_TMPDIR/buffers
	trees=("$BATS_FILE_TMPDIR"/trees/*.dtb) # a pattern is sorted as the locale says
	mapfile -t names < <(sed -n '/^#/!s/\t.*//p' "$fixtures/names/heaps.tsv")
	[ "${#names[@]}" -ge 100 ]
	mkdir -p "$root/proc/12"/{fd,fdinfo} "$root/sys/kernel/debug/dma_buf"
	echo 'I/O' >"$root/proc/12/comm"
	: >"$root/proc/12/maps"
	ln -s /dmabuf:FILM "$root/proc/12/fd/4"
	printf 'pos:\t0\nflags:\t02\nino:\t7\nsize:\t1572864\ncount:\t1\nexp_name:\tI915\nname:\tFILM\n' \
		>"$root/proc/12/fdinfo/4"
	{
		printf '\nDma-buf Objects:\n'
		printf '01572864\t00000002\t0208000A\t00000001\tI915\t00000007\tFILM\n'
	} >"$root/sys/kernel/debug/dma_buf/bufinfo"
	LC_ALL=C all_answers >"$BATS_TEST_TMPDIR/want"
	[ "$(grep -c '"dmaheap": ' "$BATS_TEST_TMPDIR/want")" -ge 8 ]
	grep -q FILM "$BATS_TEST_TMPDIR/want"
	# trees and names with errors, and no such directory
	[ "$(sed -n 's/^status of //p' "$BATS_TEST_TMPDIR/want" | sort | uniq -c | tr -s ' \n' ' ')" = \
		" 7 lint-names: 3 1 list: 4 2 regions: 3 " ]
	for locale in "${locales[@]}"; do
		echo "$locale"
		LC_ALL=$locale all_answers | diff -a "$BATS_TEST_TMPDIR/want" -
	done
}

@test "a prediction, sizes, columns and messages know the letter I of ASCII only" {
	local locale
	for locale in C "${locales[@]}"; do
		echo "$locale"
		export LC_ALL=$locale
		[ "$("$DMAHEAP" regions --json "$BATS_FILE_TMPDIR/trees/capitals.dtb" |
			jq -r '.regions[] | select(.node == "video@42000000") | .kind')" = "restricted pool" ]
		# a byte above ASCII makes cells or bytes of the property, not text
		[ "$("$DMAHEAP" regions --json "$BATS_FILE_TMPDIR/trees/capitals.dtb" |
			jq -r '.regions[] | select(.node == "audio@44000000").properties[].value')" = '[63 61 66 e9 00]' ]
		[ "$("$DMAHEAP" list -n -r -o size --sysroot "$machine")" = \
			"$("$DMAHEAP" list -n -r -o SIZE --sysroot "$machine")" ]
		[ "$("$DMAHEAP" buffers --min-size 1MIB --sysroot "$machine" --json | jq '.buffers | length')" -eq 0 ]
		run -1 "$DMAHEAP" regions /no/such.dtb
		[[ $output == *": /no/such.dtb: no such file or directory" ]]
	done
}

@test "what an 8-bit terminal acts on is escaped in every locale" {
	local locale command name printed root=$BATS_TEST_TMPDIR/root
	# 0x9b begins what ESC [ begins: as a byte, as U+009B, and in U+011B
	mkdir -p "$root/proc/12"/{fd,fdinfo} "$root/sys/kernel/debug/dma_buf"
	printf 'a\x9b31m\xc2\x9b32m\xc4\x9b33m\n' | tee "$BATS_TEST_TMPDIR/names" >"$root/proc/12/comm"
	: >"$root/proc/12/maps"
	ln -s /dmabuf:x "$root/proc/12/fd/4"
	printf 'pos:\t0\nflags:\t02\nino:\t7\nsize:\t4096\ncount:\t1\nexp_name:\tx\nname:\t%s\n' \
		"$(<"$BATS_TEST_TMPDIR/names")" >"$root/proc/12/fdinfo/4"
	name=$(<"$BATS_TEST_TMPDIR/names")
	for locale in C "${locales[@]}"; do
		echo "$locale"
		for command in "lint-names -v -" "buffers --sysroot $root -o +NAME,COMMAND" "buffers --sysroot $root --by process"; do
			echo "$command"
			# shellcheck disable=SC2086 # a command and its arguments
			printed=$(LC_ALL=$locale "$DMAHEAP" $command <"$BATS_TEST_TMPDIR/names" 2>&1) || [ $? -eq 3 ]
			[[ $printed == *'a\x9b31m\xc2\x9b32m'* ]]
			# a terminal of UTF-8 takes no byte alone
			if [ "${locale#*.}" = UTF-8 ]; then
				LC_ALL=C grep -q -a -P '\\x9b32m\xc4\x9b33m' <<<"$printed"
			else
				run -1 has_c1 "$printed"
				[[ $printed == *'\x9b32m\xc4\x9b33m'* ]]
			fi
		done
		printed=$(LC_ALL=$locale "$DMAHEAP" regions "/no/such$name" 2>&1) || [ $? -eq 1 ]
		[[ $printed == *'a\x9b31m\xc2\x9b32m'* || $printed == *'/no/sucha\x9b31m'* ]]
		[ "${locale#*.}" = UTF-8 ] || run -1 has_c1 "$printed"
		# a document has the same bytes everywhere
		LC_ALL=$locale "$DMAHEAP" lint-names --json --fail-on never - <"$BATS_TEST_TMPDIR/names" >"$BATS_TEST_TMPDIR/json"
		[ -e "$BATS_TEST_TMPDIR/first" ] || cp "$BATS_TEST_TMPDIR/json" "$BATS_TEST_TMPDIR/first"
		cmp "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/json"
		# and they are UTF-8, without a control character
		LC_ALL=C.UTF-8 grep -q -a -P '[^\x00-\x7f]' "$BATS_TEST_TMPDIR/json"
		iconv -f UTF-8 -t UTF-8 "$BATS_TEST_TMPDIR/json" >/dev/null
		run -1 env LC_ALL=C.UTF-8 grep -P '[\x00-\x09\x0b-\x1f\x7f-\x9f]' "$BATS_TEST_TMPDIR/json"
	done
}
