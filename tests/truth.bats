#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Two of the trees of tests/board/traps, booted; tests/board/truth boots all of them.
bats_require_minimum_version 1.5.0
load helpers

truth=$BATS_TEST_DIRNAME/board/truth
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dmaheap/board

setup() {
	command -v qemu-system-aarch64 >/dev/null || skip "no emulator"
	compgen -G "$cache/kernel/*/Image" >/dev/null || skip "the board is not built (tests/board/board build)"
}

@test "what regions predicts comes true, on both kernels" {
	run -0 "$truth" misaligned-base cma-given
	echo "$output"
	[ "${lines[-1]}" = "4 boots, 0 wrong" ]
}

@test "truth finds a prediction that is wrong" {
	# a program that takes every region for a heap
	cat >"$BATS_TEST_TMPDIR/liar" <<-END
		#!/bin/bash
		"$DMAHEAP" "\$@" | jq '(.regions[] | select(.kind == "CMA pool")) |= (.heaps = [.node] | .area = .node | .outcome = "heap")'
	END
	chmod +x "$BATS_TEST_TMPDIR/liar"
	DMAHEAP=$BATS_TEST_TMPDIR/liar run -1 "$truth" --kernel new disabled
	echo "$output"
	[ "${lines[-1]}" = "1 boots, 1 wrong" ]
	[[ $output == *"predicted:"*"video@50000000"* ]]
}
