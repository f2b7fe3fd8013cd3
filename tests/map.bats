#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# map, on captured machines.
bats_require_minimum_version 1.5.0
load helpers

machines=$BATS_TEST_DIRNAME/fixtures/machines

map() {
	"$DMAHEAP" "$@" map -J
}

# row REGION: the row of a region, from stdin
row() {
	jq -c --arg region "$1" '.map[] | select(.region == $region)'
}

# A copy of a captured machine, to be changed.
machine() {
	cp -r "$machines/$1" "$BATS_TEST_TMPDIR/machine"
	root=$BATS_TEST_TMPDIR/machine
}

@test "every heap and every region has its place, aliases are one row" {
	requires command jq
	map --sysroot "$machines/virt-7.2" >"$BATS_TEST_TMPDIR/json"
	[ "$(jq -c '[.map[] | [[.heaps[].name], .region, .state]]' "$BATS_TEST_TMPDIR/json")" = \
		'[[["video@42000000"],"video@42000000","heap"],[[],"display@50000000","none"],[[],"memory@51000000","none"],[["default_cma_region","linux,cma"],"linux,cma","heap"],[["system"],null,"heap"]]' ]
	[ "$(row linux,cma <"$BATS_TEST_TMPDIR/json" | jq -c '[.heaps[].link]')" = '["alias","name"]' ]
	[ "$(row video@42000000 <"$BATS_TEST_TMPDIR/json" | jq -c '[.area, .devices]')" = \
		'["video@42000000",[{"node":"/codec@9100000","name":"frames","enabled":true,"link":"property"}]]' ]
	[ "$(row display@50000000 <"$BATS_TEST_TMPDIR/json" | jq -r .reason)" = "no heap: no-map" ]
	# the place of the dynamic region is debugfs's
	[ "$(row linux,cma <"$BATS_TEST_TMPDIR/json" | jq -r .base)" = \
		"$(printf '0x%x' $(($(cat "$machines/virt-7.2/sys/kernel/debug/cma/linux,cma/base_pfn") * 4096)))" ]
}

@test "before 6.19 the other areas have no heap, and it is said why" {
	requires command jq
	[ "$(map --sysroot "$machines/virt-6.12" | row video@42000000 | jq -c '[.state, .reason]')" = \
		'["none","no heap: before Linux 6.19 only the default CMA area becomes one"]' ]
}

@test "without debugfs the address of a dynamic region is unknown" {
	requires command jq
	machine virt-7.2
	rm -r "$root/sys/kernel/debug"
	[ "$(map --sysroot "$root" | row linux,cma | jq -c .base)" = null ]
	[ "$(map --sysroot "$root" | row video@42000000 | jq -r .base)" = 0x42000000 ]
}

@test "a heap that is missing is an error, with the reason" {
	requires command jq
	machine virt-7.2
	rm "$root/dev/dma_heap/video@42000000"
	rm -r "$root/sys/class/dma_heap" # the kernel's own list
	run -3 map --sysroot "$root"
	[ "$(jq -c '.findings[] | [.id, .heap]' <<<"$output")" = '["heap-missing","video@42000000"]' ]
	[[ $(row video@42000000 <<<"$output" | jq -r .reason) == "missing: the CMA area is there, its heap is not"* ]]

	rm "$root/dev/dma_heap/default_cma_region" "$root/dev/dma_heap/linux,cma"
	run -3 map --sysroot "$root"
	[[ $(row video@42000000 <<<"$output" | jq -r .reason) == *"CONFIG_DMABUF_HEAPS_CMA is not built or not loaded"* ]]
	[ "$(jq -c '[.findings[].heap] | sort' <<<"$output")" = '["default_cma_region","linux,cma","video@42000000"]' ]

	rm -r "$root/sys/kernel/mm/cma/video@42000000" "$root/sys/kernel/debug/cma/video@42000000"
	run -3 map --sysroot "$root"
	[[ $(row video@42000000 <<<"$output" | jq -r .reason) == *"the kernel made no CMA area of it"* ]]

	rm -r "${root:?}/dev"
	run -4 --separate-stderr map --sysroot "$root"
	[[ $stderr == *"/dev/dma_heap: no such directory"* ]]
	[ "$(jq '[.map[] | select(.region)] | length' <<<"$output")" -eq 4 ]
}

@test "a directory without heaps is said to be empty, as list and lint-names do" {
	requires command jq
	local bare=$BATS_TEST_TMPDIR/empty command
	mkdir -p "$bare/dev/dma_heap"
	for command in map list lint-names; do
		run -0 --separate-stderr "$DMAHEAP" $command --sysroot "$bare"
		[ "$stderr" = "dmaheap $command: /dev/dma_heap is empty: no driver has registered a heap" ]
		run -0 --separate-stderr "$DMAHEAP" $command -q --sysroot "$bare"
		[ -z "$stderr" ]
	done
	run -0 --separate-stderr "$DMAHEAP" map -J --sysroot "$bare"
	[ "$(jq -c .map <<<"$output")" = "[]" ]
}

@test "heaps of vendors' drivers are followed to their regions" {
	requires command dtc
	requires command jq
	machine virt-7.2
	dtc -q -@ -I dts -O dtb -o "$root/sys/firmware/fdt" - <<-'END'
		/dts-v1/;
		/ {
			#address-cells = <2>; #size-cells = <2>;
			reserved-memory {
				#address-cells = <2>; #size-cells = <2>; ranges;
				memory@51000000 { compatible = "dma-heap-carveout"; reg = <0 0x51000000 0 0x800000>; };
				dsp_reserved_heap@52000000 { reg = <0 0x52000000 0 0x800000>; };
				secure: tz@53000000 { no-map; reg = <0 0x53000000 0 0x800000>; };
				vstream: buffers@54000000 { reg = <0 0x54000000 0 0x800000>; };
				npu@55000000 { no-map; reg = <0 0x55000000 0 0x800000>; };
				none@0 { no-map; reg = <0 0 0 0x1000>; };
			};
			qcom,dma-heaps { compatible = "qcom,dma-heaps";
				tui { qcom,dma-heap-name = "qcom,tui"; memory-region = <&secure>; };
			};
			heap { compatible = "samsung,dma-heap-carveout"; dma_heap,name = "vstream"; memory-region = <&vstream>; };
		};
	END
	for heap in carveout_memory@51000000 dsp qcom,tui vstream vstream-uncached accelerator@55000000 \
		camera@left camera@0-1; do
		echo "char 600 root root 254:9" >"$root/dev/dma_heap/$heap"
	done
	run map --sysroot "$root"
	[ "$(jq -c '[.map[] | select(.region) | [.region, [.heaps[] | "\(.name) \(.link)"]]]' <<<"$output")" = \
		'[["none@0",[]],["memory@51000000",["carveout_memory@51000000 name"]],["dsp_reserved_heap@52000000",["dsp name"]],["tz@53000000",["qcom,tui property"]],["buffers@54000000",["vstream property","vstream-uncached property"]],["npu@55000000",["accelerator@55000000 unit-address"]]]' ]
}

@test "--prove is for live machines" {
	run -2 "$DMAHEAP" --sysroot "$machines/virt-7.2" map --prove
}

# A machine on which one heap is missing.
broken() {
	machine virt-7.2
	rm "$root/dev/dma_heap/video@42000000"
	rm -r "$root/sys/class/dma_heap/video@42000000"
}

@test "a finding is a line as in lint-names" {
	broken
	run -3 "$DMAHEAP" map --sysroot "$root"
	[[ ${lines[-2]} == "video@42000000: error: missing: "*" [heap-missing]" && ${lines[-1]} == "next: "* ]]
	run -3 "$DMAHEAP" map -v --sysroot "$root"
	[[ ${lines[-4]} == "video@42000000: error: "* && ${lines[-3]} == "    rule:   "* && ${lines[-2]} == "    write:  "* ]]
	run -0 "$DMAHEAP" map --fail-on never --sysroot "$root"
	run -2 "$DMAHEAP" map --fail-on frob --sysroot "$root"
}

@test "sarif and github: what is missing, at its device file; nothing of a machine that has all" {
	requires command jq
	broken
	run -3 --separate-stderr "$DMAHEAP" map --format sarif --sysroot "$root"
	sarif_is_valid <<<"$output"
	jq -e '.runs[0].results | map([.ruleId, .level, .locations[0].logicalLocations[0].name,
		.locations[0].physicalLocation.artifactLocation.uri]) == [
		["heap-missing", "error", "video@42000000", "dev/dma_heap/video%4042000000"]]' <<<"$output"
	run -3 --separate-stderr "$DMAHEAP" map --format github --sysroot "$root"
	[[ $output == "::error title=heap-missing,file=/dev/dma_heap/video@42000000::video@42000000: missing: "* ]]
	# all that are missing, in whatever order
	rm "$root"/dev/dma_heap/{default_cma_region,"linux,cma"}
	rm -r "$root/sys/class/dma_heap"
	run -3 --separate-stderr "$DMAHEAP" map --format sarif --sysroot "$root"
	[ "$(jq -r '.runs[0].results[].locations[0].logicalLocations[0].name' <<<"$output" | LC_ALL=C sort | xargs)" = \
		"default_cma_region linux,cma video@42000000" ]
	run -0 --separate-stderr "$DMAHEAP" map --format sarif --sysroot "$machines/virt-7.2"
	sarif_is_valid <<<"$output"
	jq -e '.runs[0].results == []' <<<"$output"
	run -0 --separate-stderr "$DMAHEAP" map --format github --sysroot "$machines/virt-7.2"
	[ -z "$output" ]
}

@test "junit and tap: each heap is a test, also one that is missing" {
	requires command xmllint
	broken
	run -3 --separate-stderr "$DMAHEAP" map --format junit --sysroot "$root"
	[ "$(xmllint --xpath 'count(//testcase)' - <<<"$output")" -eq 4 ]
	[ "$(xmllint --xpath 'string(//testcase[failure]/@name)' - <<<"$output")" = video@42000000 ]
	[ "$(xmllint --xpath 'string(//testsuite/@failures)' - <<<"$output")" -eq 1 ]
	run -3 --separate-stderr "$DMAHEAP" map --format tap --sysroot "$root"
	[ "$(tap_results <<<"$output")" = "4 1" ]
	run -0 --separate-stderr "$DMAHEAP" map --format junit --sysroot "$machines/virt-7.2"
	[ "$(xmllint --xpath 'concat(//testsuite/@tests, " ", //testsuite/@failures)' - <<<"$output")" = "4 0" ]
	run -0 --separate-stderr "$DMAHEAP" map --format tap --sysroot "$machines/virt-7.2"
	[ "$(tap_results <<<"$output")" = "4 0" ]
	# heaps that can't be read leave no report that looks clean
	rm -r "${root:?}/dev"
	run -4 --separate-stderr "$DMAHEAP" map --format tap --sysroot "$root"
	[[ ${lines[-1]} == "Bail out! "* ]]
	run -4 --separate-stderr "$DMAHEAP" map --format junit --sysroot "$root"
	[ "$(xmllint --xpath 'count(//error)' - <<<"$output")" -eq 1 ]
}

@test "text and json as formats are what they are without" {
	broken
	diff <("$DMAHEAP" map --fail-on never --sysroot "$root") <("$DMAHEAP" map --fail-on never --format text --sysroot "$root")
	diff <("$DMAHEAP" map --fail-on never --json --sysroot "$root") <("$DMAHEAP" map --fail-on never --format json --sysroot "$root")
	run -2 "$DMAHEAP" map --format tap --json --sysroot "$root"
	run -2 "$DMAHEAP" map --format tap -o HEAPS --sysroot "$root"
}
