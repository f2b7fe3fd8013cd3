#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The command test, without a machine that it could test.
bats_require_minimum_version 1.5.0
load helpers

@test "ids are unique, begin with their suite, and every field is there" {
	run -0 "$DMAHEAP" test --list --json
	[ "$(jq '.statements | length >= 80' <<<"$output")" = true ]
	[ "$(jq '.statements | (map(.id) | unique | length) == length' <<<"$output")" = true ]
	[ "$(jq '.statements | all((.id | startswith(.)) and (.sentence | endswith(".")) and .source != null)' \
		<<<"$output")" = true ]
	[ "$(jq '[.statements[] | select((.suite as $s | .id | startswith($s + ".")) | not)] | length' \
		<<<"$output")" -eq 0 ]
	[ "$(jq '[.statements[] | select(.id | test("^[a-z_0-9]+[.][a-z0-9-]+$") | not)] | length' \
		<<<"$output")" -eq 0 ]
}

@test "--list runs nothing, so it takes --sysroot; all else needs the live machine" {
	run -0 "$DMAHEAP" test --list
	usual=$output
	run -0 "$DMAHEAP" --sysroot "$BATS_TEST_TMPDIR" test --list
	[ "$output" = "$usual" ]
	run -2 --separate-stderr "$DMAHEAP" test --sysroot "$BATS_TEST_TMPDIR" heap.size-zero
	[ -z "$output" ]
	[ "$stderr" = "dmaheap test: --sysroot needs --list" ]
}

@test "-q leaves out the summary, and what could not be watched" {
	run --separate-stderr "$DMAHEAP" test --suite inventory
	[[ $output == SUITE* && $output == *" passed, "* ]]
	run --separate-stderr "$DMAHEAP" test --suite inventory -q
	[[ $output == SUITE* && $output != *" passed, "* && $output != *log* ]]
}

@test "the manual has every reason to skip" {
	local project=$BATS_TEST_DIRNAME/.. reason
	[ -e "$project/man/dmaheap-test.1.scd" ] || skip "no sources here"
	while read -r reason; do
		grep -qF "*$reason*" "$project/man/dmaheap-test.1.scd"
	done < <(sed -n 's/^\tREASON([A-Z_]*, "\([a-z-]*\)".*/\1/p' "$project/src/conformance/engine/statement.h")
}

@test "without heaps and drivers nothing passes" {
	requires no-heaps
	run -4 "$DMAHEAP" test heap.size-zero
	run -4 "$DMAHEAP" test --heap system heap.size-zero
}
