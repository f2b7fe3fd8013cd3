#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# The log of a boot whose tree has a pool that misses the CMA alignment, on each kernel: map quotes it,
# and map --log explains every line of it that is about reserved memory or CMA.
bats_require_minimum_version 1.5.0

# shellcheck disable=SC2016 # expanded in the guest
guest='
show() { printf "== %s\n" "$1"; shift; "$@"; echo; }
explain() { dmesg | dmaheap map --log - --dtb /sys/firmware/fdt --fail-on never "$@"; }
show map dmaheap map --json
show json explain --json
show log dmesg
echo 1 >/proc/sys/kernel/dmesg_restrict
show denied setpriv --reuid 1000 --regid 1000 --clear-groups dmaheap map --json
'

setup_file() {
	board=$BATS_TEST_DIRNAME/board/board
	[ -x "$board" ] || skip "no board here"
	for kernel in new old; do
		"$board" --quiet --kernel $kernel --tree "$BATS_TEST_DIRNAME/board/traps/misaligned-base.dtso" \
			run -- bash -c "$guest" >"$BATS_FILE_TMPDIR/$kernel"
	done
}

# part KERNEL NAME: one part of what the guest printed
part() {
	awk -v name="$2" '$1 == "==" { inside = $2 == name; next } inside' "$BATS_FILE_TMPDIR/$1"
}

@test "map quotes the kernel's log where it may read it" {
	local kernel quoted
	quoted='; the kernel'\''s log: "Reserved memory: incorrect alignment of CMA region"'
	for kernel in new old; do
		[[ $(part $kernel map | jq -r '.map[] | select(.region == "video@50100000") | .reason') == *"$quoted" ]]
		[[ $(part $kernel denied) != *"the kernel's log"* ]]
	done
}

@test "each line of a boot about reserved memory and CMA is explained" {
	local kernel line
	for kernel in new old; do
		part $kernel json | jq -r '.log[] | range(.line; .line + .count)' >"$BATS_TEST_TMPDIR/known"
		part $kernel log | grep -nE 'eserved.mem|cma: |CMA|cma-reserved' >"$BATS_TEST_TMPDIR/lines"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/lines")" -ge 4 ]
		while IFS=: read -r line _; do
			grep -qx "$line" "$BATS_TEST_TMPDIR/known"
		done <"$BATS_TEST_TMPDIR/lines"
		[ "$(part $kernel json | jq -c '[.findings[] | [.id, .region]]')" = '[["log-misaligned","video@50100000"]]' ]
		[ "$(part $kernel json | jq -r '.log[] | select(.level == "error") | .node' | sort -u)" = \
			/reserved-memory/video@50100000 ]
	done
}
