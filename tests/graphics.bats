#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# import, with a device that has buffers mapped for as long as it has them, as hardware does: the graphics
# device of the board with blob resources. Its driver imports them on the newest kernel, not on 6.12.
bats_require_minimum_version 1.5.0

board=$BATS_TEST_DIRNAME/board/board

# of each heap: what the graphics device did with three buffers
rows='[.import[] | select(.driver == "virtio_gpu") | [.heap, .result, .taken, .mapped, .contiguous, .sync]]'

@test "what is mapped is maintained by SYNC where the device is not cache-coherent, and only there" {
	local options sync device
	while read -r sync options; do
		# shellcheck disable=SC2086 # words
		run -0 --separate-stderr "$board" --blob $options run -- \
			dmaheap import --json --sync --heap linux,cma --heap system --heap udmabuf
		echo "$options: $(jq -c "$rows" <<<"$output")"
		# a udmabuf is mapped for itself as well
		[ "$(jq -c "$rows" <<<"$output")" = '[["linux,cma","maps",3,true,true,"'"$sync"'"],["system","maps",3,true,false,"'"$sync"'"],["udmabuf","maps",3,true,false,"maintenance"]]' ]
		device=$(jq -r '.devices[] | select(.driver == "virtio_gpu").of_node' <<<"$output")
	done <<-EOF
		nothing
		maintenance --not-coherent
	EOF
	# a heap of the region that the device names in the tree goes before all others
	sed '$d' "$BATS_TEST_DIRNAME/board/boards/virt.dtso" >"$BATS_TEST_TMPDIR/named.dtso"
	printf '};\n&{%s} { memory-region = <&video>; };\n' "$device" >>"$BATS_TEST_TMPDIR/named.dtso"
	run -0 --separate-stderr "$board" --blob --not-coherent --tree "$BATS_TEST_TMPDIR/named.dtso" run -- \
		dmaheap import --json --choose --heap system --heap linux,cma --heap video@42000000
	[ "$(jq -c '.choice[] | select(.driver == "virtio_gpu") | [.heap, .why]' <<<"$output")" = \
		'["video@42000000","memory-region is video@42000000; took 3 of 3 buffers (maps); not cache-coherent: SYNC around CPU access is needed"]' ]
	# one that has no heap is no choice, and that is said
	sed -i 's/<&video>; };$/<\&display>; };/' "$BATS_TEST_TMPDIR/named.dtso"
	run -0 --separate-stderr "$board" --blob --tree "$BATS_TEST_TMPDIR/named.dtso" run -- \
		dmaheap import --json --choose --heap system --heap linux,cma
	[ "$(jq -c '.choice[] | select(.driver == "virtio_gpu") | [.heap, .why]' <<<"$output")" = \
		'["system","memory-region is display@50000000, of which no heap that it took is made; took 3 of 3 buffers (maps)"]' ]
}
