#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# map, on this machine's heaps.
bats_require_minimum_version 1.5.0
load helpers

@test "the machine's own map: every heap is in it once, and none is missing" {
	requires heap
	requires command jq
	run -0 "$DMAHEAP" map -J
	[ "$(jq -r '.map[] | .heaps[].name, (select(.state == "missing") | "missing: \(.region)")' <<<"$output" |
		LC_ALL=C sort)" = "$(cd /dev/dma_heap && LC_ALL=C ls -1)" ]
}

@test "--prove measures the area behind every heap" {
	requires heap
	requires root
	requires kernel 6.15
	requires sysfs-cma
	requires command jq
	run -0 "$DMAHEAP" map -J --prove
	# no finding, links by measuring only, three odd sizes each
	jq -e '.findings == [] and ([.map[].heaps[] | select(.proof.result == "area").link] | unique) == ["measured"]
		and all(.map[].heaps[].proof.pages; length == 3)' <<<"$output"
	local heap result area
	while read -r heap result area; do
		case $heap in
		system) [ "$result" = no-area ] ;;
		default_cma_region) [ "$result" = area ] && [ -d "/sys/kernel/mm/cma/$area" ] ;;
		*) [ "$result $area" = "area $heap" ] ;;
		esac || { echo "$heap: $result $area"; return 1; }
	done < <(jq -r '.map[].heaps[] | "\(.name) \(.proof.result) \(.proof.area)"' <<<"$output")
}

@test "--prove sees through a name: a link that the tree makes up is contradicted" {
	requires kernel 6.19
	requires heap video@42000000
	requires root
	requires kernel 6.15
	requires sysfs-cma
	requires command jq
	# what the program sees of this machine: the two areas with their names swapped
	cd "$BATS_TEST_TMPDIR"
	unshare -m bash -c '
		mkdir cma && mount --bind /sys/kernel/mm/cma cma &&
		mount -t tmpfs none /sys/kernel/mm/cma &&
		mkdir "/sys/kernel/mm/cma/video@42000000" "/sys/kernel/mm/cma/linux,cma" &&
		mount --bind "cma/linux,cma" "/sys/kernel/mm/cma/video@42000000" &&
		mount --bind "cma/video@42000000" "/sys/kernel/mm/cma/linux,cma" &&
		exec "$DMAHEAP" map -J --prove' >json && status=0 || status=$?
	[ "$status" -eq 3 ]
	[ "$(jq -c '[.findings[] | select(.id == "link-contradicted").heap] | sort' json)" = \
		'["default_cma_region","linux,cma","video@42000000"]' ] || { jq -c .findings json; return 1; }
}

@test "an ordinary user gets the map, but for what only root may read" {
	requires heap
	requires user
	requires command jq
	[ "$(run_as_user "$DMAHEAP" map -J | jq -r '.map[].heaps[].name' | LC_ALL=C sort)" = "$(cd /dev/dma_heap && LC_ALL=C ls -1)" ]
}
