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

@test "--skip leaves tests out, of the list as well" {
	run -0 "$DMAHEAP" test --list --suite sync --skip sync.pairs --skip sync.unpaired --json
	[ "$(jq -r '.statements[].id' <<<"$output")" = \
		"$("$DMAHEAP" test --list --suite sync --json | jq -r '.statements[].id' | grep -v 'sync[.]\(pairs\|unpaired\)')" ]
	run -0 diff <("$DMAHEAP" test --list --suite sync,io --skip sync.pairs,sync.unpaired) \
		<("$DMAHEAP" test --list --suite sync --suite io --skip sync.pairs --skip sync.unpaired)
	run -0 "$DMAHEAP" test --list --suite sync --skip sync.pairs,sync.unpaired --json
	[ "$(jq -r '.statements[].id' <<<"$output" | grep -c 'sync[.]\(pairs\|unpaired\)')" -eq 0 ]
	run -2 --separate-stderr "$DMAHEAP" test --skip sync.pairs,
	run -2 --separate-stderr "$DMAHEAP" test --skip sync.pair
	[ "$stderr" = "dmaheap test: unknown test 'sync.pair'; did you mean 'sync.pairs'?" ]
	run -2 --separate-stderr "$DMAHEAP" test --skip sync.pairs sync.pairs
	[ "$stderr" = "dmaheap test: sync.pairs is asked for, and --skip leaves it out" ]
}

@test "of a kernel that the tests were not run on, the report says so at its head" {
	command -v setarch >/dev/null || skip "needs setarch"
	local note="is older than those on which the tests were run (5.10 to 7.2): a difference is unknown, not a failure, and tests that crashed another kernel are left out (--allow crash)."
	run --separate-stderr setarch --uname-2.6 "$DMAHEAP" test udmabuf.creates
	[[ ${lines[0]} == "Linux 2.6."*" $note" ]]
	run --separate-stderr setarch --uname-2.6 "$DMAHEAP" test --format ktap udmabuf.creates
	[[ ${lines[2]} == "# Linux 2.6."*" $note" ]]
	run --separate-stderr setarch --uname-2.6 "$DMAHEAP" test --json udmabuf.creates
	[[ $(jq -r .test.note <<<"$output") == "Linux 2.6."*" $note" ]]
	[[ $(jq -r .test.kernel <<<"$output") == 2.6.* ]]
	[ "$(jq -c .test.kernels_run <<<"$output")" = '["5.10","6.1","6.12","7.2"]' ]
	run --separate-stderr "$DMAHEAP" test --json udmabuf.creates
	[ "$(jq .test.note <<<"$output")" = null ]
}

@test "every test was seen to pass on a kernel, but what the board cannot try" {
	run -0 "$DMAHEAP" test --list --json
	[ "$(jq -r '.statements[] | select(.seen == []).id' <<<"$output" | xargs)" = \
		"limits.beyond-memory map.other-process lifetime.module-gone" ]
	# a fault, and nothing else, makes a test need --allow crash
	jq -e '.statements | all((.hazard != null) == (.allow | any(. == "crash")))' <<<"$output"
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
