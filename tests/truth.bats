#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Some of the trees of tests/board/traps, booted; tests/board/truth boots all of them. What the comparison
# looks at is made wrong once, so that it cannot pass for want of looking.
bats_require_minimum_version 1.5.0
load helpers

truth=$BATS_TEST_DIRNAME/board/truth
board=$BATS_TEST_DIRNAME/board/boards/virt.dtso
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dmaheap/board

setup() {
	command -v qemu-system-aarch64 >/dev/null || skip "no emulator"
	compgen -G "$cache/kernel/*/Image" >/dev/null || skip "the board is not built (tests/board/board build)"
}

# lie FILTER TREE EXPECTED: that a prediction is found to be wrong that jq's FILTER has changed
lie() {
	cat >"$BATS_TEST_TMPDIR/liar" <<-END
		#!/bin/bash
		set -o pipefail
		"$DMAHEAP" "\$@" | if [[ " \$* " == *" --json "* ]]; then jq '$1'; else cat; fi
	END
	chmod +x "$BATS_TEST_TMPDIR/liar"
	DMAHEAP=$BATS_TEST_TMPDIR/liar run -1 "$truth" --kernel new "$2"
	echo "$output"
	[[ $output == *"$3"* ]]
	[[ ${lines[-1]} == "1 boots, "*", 1 wrong" ]]
}

region() {
	printf '(.regions[] | select(.node == "%s"))' "$1"
}

@test "what regions predicts comes true, on both kernels" {
	run -0 "$truth" "$board" misaligned-base
	echo "$output"
	[[ ${lines[-1]} == "4 boots, 12 regions, "*" open, 0 wrong" ]]
}

@test "what regions predicts of twenty random trees comes true, on both kernels" {
	run -0 "$truth" --random 20 --seed 4
	echo "$output"
	[[ ${lines[-1]} == "40 boots, "*" 0 wrong" ]]
}

@test "truth finds a heap that is predicted and not there, and one that is there and not predicted" {
	lie "$(region display@50000000).heaps = [\"display@50000000\"]" "$board" \
		"heaps, display@50000000: predicted a heap, found none"
	lie "$(region video@42000000).heaps = []" "$board" "heaps, video@42000000: predicted no heap, found one"
}

@test "truth finds a wrong CMA area, base and size" {
	lie "$(region video@42000000).area = null" "$board" "areas, video@42000000: predicted no CMA area, found one"
	lie "$(region display@50000000).area = \"display@50000000\"" "$board" \
		"areas, display@50000000: predicted a CMA area, found none"
	lie "$(region video@42000000).base = \"0x43000000\"" "$board" \
		"base, video@42000000: predicted 0x43000000, found 0x42000000"
	lie "$(region linux,cma).size = 4096" "$board" "size, linux,cma: predicted 4096, found 33554432"
}

@test "truth finds that another region is behind a heap, the default one as well" {
	lie "$(region linux,cma).heaps = [\"video@42000000\"] | $(region video@42000000).heaps = [\"default_cma_region\", \"linux,cma\"]" \
		"$board" "memory, default_cma_region: predicted video@42000000, found linux,cma"
}

@test "truth finds that a heap gives buffers where none are predicted" {
	lie "$(region video@42000000).findings = [{id: \"cma-zone\", severity: \"error\", message: \"\"}]" "$board" \
		"usable, video@42000000: predicted dead, found a buffer"
}

@test "truth finds what is kept, and what is given back" {
	lie "$(region display@50000000).outcome = \"dropped\"" "$board" "reserved, display@50000000: predicted dropped, found kept"
	lie '(.regions[] | select(.outcome == "dropped")).outcome = "no-heap"' misaligned-base \
		"predicted no-heap, found not kept"
}

@test "truth finds that a boot ends, and that it does not" {
	lie "$(region video@42000000).fate = \"no heap: it stops the boot\"" "$board" \
		"stop, the boot: predicted that it stops, found a boot"
	lie '(.regions[].fate | strings) = "" | (.regions[].findings | arrays) = []' outside-ram \
		"stop, the boot: predicted a boot, found panic"
}

@test "truth makes a wrong tree small and reproduces it from its seed" {
	cat >"$BATS_TEST_TMPDIR/liar" <<-END
		#!/bin/bash
		"$DMAHEAP" "\$@" | if [[ " \$* " == *" --json "* ]]; then jq '(.regions[] | select(.kind == "RAM" | not)).heaps = ["none"]'; else cat; fi
	END
	chmod +x "$BATS_TEST_TMPDIR/liar"
	DMAHEAP=$BATS_TEST_TMPDIR/liar run -1 "$truth" --kernel new --random 1 --seed 1 --first 3 --shrink "$BATS_TEST_TMPDIR/small"
	echo "$output"
	[[ $output == *"again: tests/board/truth --random 1 --seed 1 --first 3 --kernel new"* ]]
	DMAHEAP=$BATS_TEST_TMPDIR/liar run -1 "$truth" --kernel new "$BATS_TEST_TMPDIR/small/1-3-new.dtso"
	[[ $output == *"heaps, none: predicted a heap, found none"* ]]
	! grep -q '@' "$BATS_TEST_TMPDIR/small/1-3-new.dtso" || run ! grep '@' <(grep -v 'memory@' "$BATS_TEST_TMPDIR/small/1-3-new.dtso")
}
