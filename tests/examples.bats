#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# That every example of the manual and of README.md runs: where the heap of the examples is there as it
# is written, elsewhere on a captured machine, without those that need a live one. Examples with
# tests/board/board are run by tests/run --full.
bats_require_minimum_version 1.5.0
load helpers

top=$BATS_TEST_DIRNAME/..

# The commands of a file: the lines of code blocks that begin with "$ " or "# dmaheap"
examples() {
	sed -n '/^```/,/^```/{s/^\$ //p; s/^# dmaheap/dmaheap/p}' "$1" |
		sed -e '/tests\/board\/board/d' -e 's/\\\\/\\/g' -e "s|@SCHEMAS@|$(realpath schema)|g"
}

setup() {
	cd "$top" || return
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	{
		echo '#!/bin/bash'
		if [ -e /dev/dma_heap/video@42000000 ]; then
			printf 'exec %q "$@"\n' "$DMAHEAP"
		else
			# no live machine: tells run_examples to go on
			printf 'case $1 in alloc | test | fence-test) touch %q; exit ;; esac\n' "$BATS_TEST_TMPDIR/left-out"
			printf 'exec %q --sysroot %q "$@"\n' "$DMAHEAP" "$top/tests/fixtures/machines/virt-7.2"
		fi
	} >"$BATS_TEST_TMPDIR/bin/dmaheap"
	chmod +x "$BATS_TEST_TMPDIR/bin/dmaheap"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	cp tests/fixtures/machines/virt-7.2/sys/firmware/fdt "$BATS_TEST_TMPDIR/board.dtb"
	ln -s "$PWD/tests" "$BATS_TEST_TMPDIR/tests"
}

run_examples() { # FILE
	local example status done=0 left_out=0
	while IFS= read -r example; do
		status=0
		if [[ $example == *jsonschema* ]] && ! command -v jsonschema >/dev/null; then
			left_out=$((left_out + 1))
			continue
		fi
		# a failure is right where the file shows its message
		(cd "$BATS_TEST_TMPDIR" && bash -o pipefail -c "$example") >"$BATS_TEST_TMPDIR/out" 2>&1 </dev/null || status=$?
		if ((status == 1)) && grep -qxF "$(head -n 1 "$BATS_TEST_TMPDIR/out")" "$1"; then
			status=0
		fi
		if [ -e "$BATS_TEST_TMPDIR/left-out" ]; then
			rm "$BATS_TEST_TMPDIR/left-out"
			left_out=$((left_out + 1))
			continue
		fi
		case $status in
		0 | 3) done=$((done + 1)) ;; # 3: findings, which an example may be about
		*)
			echo "exit status $status: $example"
			cat "$BATS_TEST_TMPDIR/out"
			return 1
			;;
		esac
	done < <(examples "$1")
	echo "$1: $done run, $left_out left out"
	((done + left_out > 0))
}

@test "the examples of the manual" {
	local page pages=(man/dmaheap*.1.scd man/dmaheap-{json.5,rules.7,statements.7}.scd)
	# those that are about files say the same on every machine
	[ -z "${DMAHEAP_BOARD-}" ] || pages=(man/dmaheap-{list,info,alloc,map,test,fence-test}.1.scd man/dmaheap-statements.7.scd)
	for page in "${pages[@]}"; do
		run_examples "$page"
	done
}

@test "the examples of README.md" {
	run_examples README.md
}
