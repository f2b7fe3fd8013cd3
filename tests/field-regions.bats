#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# regions, on situations that people reported from their boards; each test names its source.
bats_require_minimum_version 1.5.0
load helpers

setup_file() {
	requires command dtc
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# tree RAM NODES: t.dtb with a bank of RAM (base and size, four cells), and with these nodes in the root
tree() {
	printf '/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; memory@0 { device_type = "memory"; reg = <%s>; }; %s };\n' \
		"$1" "$2" | dtc -q -I dts -O dtb -o t.dtb
}

# reserved NODES: the text of a /reserved-memory
reserved() {
	printf 'reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges; %s };' "$1"
}

# findings [OPTION...]: those of t.dtb, as "SUBJECT: severity: message [id]"
findings() {
	"$DMAHEAP" regions "$@" t.dtb | grep -E '\[[a-z-]+\]$'
}

# fates [OPTION...]: "node: fate" of all rows of t.dtb that have one
fates() {
	"$DMAHEAP" regions -aJ "$@" t.dtb | jq -r '.regions[] | select(.fate) | "\(.node): \(.fate)"'
}

pool='compatible = "shared-dma-pool"; reusable;'

# riscv/meta-riscv#636 and #668: mmode_resv4@1,200000 in a vendor's tree
@test "a unit address in two parts of 32 bits is the address of reg" {
	tree '1 0 3 0' "$(reserved "
		monitor@1,200000 { reg = <1 0x200000 0 0x200000>; no-map; };
		other@1,500000 { reg = <1 0x600000 0 0x200000>; no-map; };")"
	diff <(findings) - <<-'END'
		monitor@1,200000: warning: the unit address is 1,200000, usually written 100200000 [unit-address-case]
		other@1,500000: warning: the unit address is 1,500000, reg says 100600000 [unit-address-wrong]
	END
}
