#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of README.md and of the manual that need heaps, on the board that printed them;
# documentation.bats runs the others.
bats_require_minimum_version 1.5.0
load helpers

@test "the examples for the board print what is written" {
	requires board
	requires kernel 6.19
	requires heap video@42000000
	"$BATS_TEST_DIRNAME/../doc/examples" --check board
}

@test "the examples for any machine run on the board" {
	requires board
	requires kernel 6.19
	requires heap video@42000000
	"$BATS_TEST_DIRNAME/../doc/examples" --check captured -- "$BATS_TEST_DIRNAME"/../man/dmaheap{,-buffers,-list,-info,-map,-regions}.1.scd
}
