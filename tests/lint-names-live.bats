#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
bats_require_minimum_version 1.5.0
load helpers

setup() {
	requires heap
	requires command jq
}

lint() {
	"$DMAHEAP" lint-names "$@"
}

heaps() {
	find /dev/dma_heap -type c -printf '%f\n' | LC_ALL=C sort
}

@test "the names are those in /dev/dma_heap" {
	run --separate-stderr lint --json --fail-on never
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ "$(jq -r '.names[].name' <<<"$output")" = "$(heaps)" ]
}

@test "the kernel's own names are notes at most" {
	run --separate-stderr lint --json --fail-on never
	jq -e '[.findings[] | select(.name | IN("system", "default_cma_region")) | .severity]
		| all(. == "note")' <<<"$output"
}

@test "the default area's node has an old name that programs open: a note, which --strict judges" {
	requires heap linux,cma
	run -0 --separate-stderr lint --json
	jq -e '[.findings[] | select(.name == "linux,cma") | [.rule, .severity]] == [["fixed-name", "note"]]
		and (.names[] | select(.name == "linux,cma") | .dynamic)' <<<"$output"
	run -3 --separate-stderr lint --json --strict
	# the kernel places it: no address belongs into the name, and none is offered
	jq -e '([.findings[] | select(.name == "linux,cma" and .severity == "error") | .rule] | sort)
			== ["allocator-name", "unstable-name"]
		and all(.findings[]; .name != "linux,cma" or .suggestion == null)' <<<"$output"
}

@test "a region's name is compared with its node" {
	if ! version_at_least "$(uname -r)" 6.19; then
		# no heaps of regions yet: the tree has the node, the machine no such name
		run --separate-stderr lint --json --fail-on never
		jq -e '[.names[] | select(.name == "video@42000000")] == []' <<<"$output"
		return
	fi
	requires heap video@42000000
	local node=/proc/device-tree/reserved-memory/video@42000000
	# reg: two cells of address, two of size, big-endian
	local base
	base=$(od -An -v -tx1 -N8 "$node/reg" | tr -d ' \n')
	run --separate-stderr lint --json --fail-on never
	jq -e --arg base "0x$(printf '%x' $((16#$base)))" '
		(.names[] | select(.name == "video@42000000")
			| .base == $base and .dynamic == false and .contiguous and .mappable)
		and [.findings[] | select(.name == "video@42000000")] == []' <<<"$output"
	run --separate-stderr lint -v --json --fail-on never
	jq -e '[.findings[] | select(.name == "video@42000000") | [.rule, .suggestion]]
		== [["attribute-missing", null]]' <<<"$output"
}

@test "a baseline of this machine holds on this machine" {
	local saved=$BATS_TEST_TMPDIR/saved
	lint --save-baseline "$saved" --fail-on never
	[ "$(sed 1d "$saved" | cut -f1)" = "$(heaps)" ]
	run --separate-stderr lint --json --fail-on never --baseline "$saved"
	jq -e 'all(.findings[]; .rule != "baseline")' <<<"$output"
	printf 'video@1000\t0x1000\t0x1000\n' >>"$saved"
	run -3 --separate-stderr lint --json --baseline "$saved"
	jq -e '[.findings[] | select(.rule == "baseline") | .name] == ["video@1000"]' <<<"$output"
}
