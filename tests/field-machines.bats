#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# list, info, map and lint-names on machines that people asked about in public; each test names the thread.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	root=$BATS_TEST_TMPDIR/machine
	mkdir -p "$root/dev/dma_heap" "$root/proc/sys/kernel"
}

# kernel RELEASE [COMMAND LINE]
kernel() {
	echo "$1" >"$root/proc/sys/kernel/osrelease"
	echo "${2-console=ttyS0}" >"$root/proc/cmdline"
}

# heaps NAME...: device nodes of heaps
heaps() {
	local name minor=0
	for name; do
		echo "char 600 root root 250:$((minor++))" >"$root/dev/dma_heap/$name"
	done
}

# registered NAME...: the heaps that the kernel has
registered() {
	local name
	for name; do
		mkdir -p "$root/sys/class/dma_heap/$name"
	done
}

# areas NAME...: CMA areas of 32 MiB, 31 MiB of each free
areas() {
	local name
	for name; do
		mkdir -p "$root/sys/kernel/mm/cma/$name"
		echo 8192 >"$root/sys/kernel/mm/cma/$name/total_pages"
		echo 7936 >"$root/sys/kernel/mm/cma/$name/available_pages"
	done
	mkdir -p "$root/proc/self"
	printf 'Size:           40 kB\nKernelPageSize:        4 kB\n' >"$root/proc/self/smaps"
}

# dts CHILDREN [NODES]: a tree with these nodes in /reserved-memory, and others
dts() {
	printf '/dts-v1/; / { #address-cells = <1>; #size-cells = <1>;
		memory@40000000 { device_type = "memory"; reg = <0x40000000 0x40000000>; };
		reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges; %s }; %s };' "$1" "${2-}"
}

# tree CHILDREN [NODES]: that tree is the machine's
tree() {
	mkdir -p "$root/sys/firmware"
	dts "$@" | dtc -q -I dts -O dtb -o "$root/sys/firmware/fdt"
}

map() {
	"$DMAHEAP" --sysroot "$root" map -J
}

pool='compatible = "shared-dma-pool"; reusable;'

# rockchip-linux/mpp#626: Linux 5.10 has no /sys/kernel/mm/cma
@test "a kernel that does not show its CMA areas gives no evidence that a heap is missing" {
	requires command dtc
	requires command jq
	tree "frames { $pool linux,cma-default; size = <0x2000000>; };"
	heaps system
	local release
	for release in 5.10.160 7.2.0; do
		kernel "$release"
		run -0 map
		[ "$(jq -c '[.findings, [.map[] | select(.region) | .state, .missing]]' <<<"$output")" = \
			'[[],["open",[]]]' ]
		[[ $(jq -r '.map[] | select(.region).reason' <<<"$output") == "open: the kernel does not show its CMA areas (/sys/kernel/mm/cma: since Linux 5.13"* ]]
	done
	# a kernel that shows other areas does not have this one
	areas other
	run -3 map
	[[ $(jq -r '.findings[].message' <<<"$output") == "missing: the kernel made no CMA area of it"* ]]
}

# docker: /sys/firmware is masked, and /proc/device-tree is a symbolic link into it
@test "in a container that hides the device tree no heap is missing" {
	requires command jq
	kernel 6.12.0
	echo 'CONFIG_DMA_CMA=y
CONFIG_CMA_SIZE_MBYTES=16
CONFIG_CMA_SIZE_SEL_MBYTES=y
CONFIG_DMABUF_HEAPS=y
CONFIG_DMABUF_HEAPS_CMA=y' | gzip >"$root/proc/config.gz"
	ln -s /sys/firmware/devicetree/base "$root/proc/device-tree"
	heaps system
	areas linux,cma
	run -0 map
	[ "$(jq -c .findings <<<"$output")" = '[]' ]
	[ "$(jq -c '[.map[] | select(.heaps == []) | .state] | unique' <<<"$output")" = '["open"]' ]
	run ! grep -q 'kernel makes none' <<<"$output"
}

# docker run --device /dev/dma_heap/system: the class in sysfs is the machine's
@test "a device node that is not there, of a heap that the kernel has, is udev's or the container's doing" {
	requires command dtc
	requires command jq
	tree "video@50000000 { $pool reg = <0x50000000 0x2000000>; };"
	areas video@50000000
	heaps system
	registered system video@50000000
	local release
	for release in 7.2.0 6.12.0; do # the second by a backport
		kernel "$release"
		run -3 --separate-stderr map
		[[ $(jq -r '.findings[] | select(.heap == "video@50000000").message' <<<"$output") == \
			"missing: the kernel has video@50000000 (/sys/class/dma_heap), the device node is not there: udev "*container* ]]
	done
	run -0 --separate-stderr "$DMAHEAP" --sysroot "$root" list
	[[ $stderr == "dmaheap list: the kernel has video@50000000 (/sys/class/dma_heap), but not as a device node: udev "* ]]
	rm -r "${root:?}/dev"
	run -4 --separate-stderr "$DMAHEAP" --sysroot "$root" list
	[[ $stderr == *"no such directory, but the kernel has heaps (/sys/class/dma_heap: system, video@50000000): udev "* ]]
}

# rockchip-linux/mpp#626, JeffyCN/mirrors#18: heaps of Rockchip's kernels 5.10 and 6.1
@test "Rockchip's cma and cma-uncached are the default CMA area, and nothing is missing" {
	requires command dtc
	requires command jq
	kernel 5.10.160
	tree "frames { $pool linux,cma-default; size = <0x2000000>; };"
	heaps cma cma-uncached system system-dma32 system-uncached system-uncached-dma32
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	[ "$(jq -c '[.list[] | [.name, .kind, .size, .provenance, .buffers.contiguous, .buffers.cacheable, [.aliases[].name]]]' <<<"$output")" = \
		"$(jq -c . <<<'[["cma","cma",33554432,"kernel",true,true,["cma-uncached"]],
			["cma-uncached","cma",33554432,"kernel",true,false,["cma"]],
			["system","pages",null,"kernel",false,true,[]],
			["system-dma32","pages",null,"kernel",false,true,[]],
			["system-uncached","pages",null,"kernel",false,false,[]],
			["system-uncached-dma32","pages",null,"kernel",false,false,[]]]')" ]
	run -0 map
	[ "$(jq -c '[.findings, [.map[] | select(.region) | .region, .size, .state, [.heaps[] | .name, .link]]]' <<<"$output")" = \
		'[[],["frames",33554432,"heap",["cma","alias","cma-uncached","alias"]]]' ]
	run -0 "$DMAHEAP" --sysroot "$root" info cma-uncached
	[[ $output == *"Rockchip's kernel, drivers/dma-buf/heaps/rk_cma_heap.c"* ]]
	# with cma= no region is the default area
	kernel 5.10.160 cma=64M
	run -0 map
	[ "$(jq -c '[.map[] | select(.region) | .heaps]' <<<"$output")" = '[[]]' ]
	[ "$("$DMAHEAP" --sysroot "$root" list -J | jq -c '.list[0] | [.kind, .size]')" = '["cma",null]' ]
}

# NXP's drivers/dma-buf/heaps/cma_heap.c: two heaps of each name
@test "NXP's heaps that end in -uncached have the memory of the heap without that word" {
	requires command dtc
	requires command jq
	kernel 6.6.36
	tree "linux,cma { $pool linux,cma-default; size = <0x2000000>; };"
	areas linux,cma
	heaps linux,cma linux,cma-uncached other-uncached system
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	[ "$(jq -c '[.list[] | [.name, .kind, .size, .free, .buffers.cacheable, [.aliases[].name]]]' <<<"$output")" = \
		'[["linux,cma","cma",33554432,32505856,true,["linux,cma-uncached"]],["linux,cma-uncached","cma",33554432,32505856,false,["linux,cma"]],["other-uncached",null,null,null,null,[]],["system","pages",null,null,true,[]]]' ]
	run -0 map
	[ "$(jq -c '[.map[] | select(.region) | [.heaps[].name]]' <<<"$output")" = '[["linux,cma","linux,cma-uncached"]]' ]
	[[ $("$DMAHEAP" --sysroot "$root" info linux,cma-uncached) == *"name: a driver makes the heap's of it"* ]]
	[[ $("$DMAHEAP" --sysroot "$root" info linux,cma) == *"name: the same as the heap's"* ]]
}

# qcom/kalama-dma-heaps.dtsi: a name of a reusable pool; and what the driver makes without the tree
@test "Qualcomm's heap of a reusable pool has the pool's CMA area, with what is free" {
	requires command dtc
	requires command jq
	kernel 6.12.38
	tree "seecom: seecom_region { $pool size = <0x2000000>; };
		cdsp: cdsp@50000000 { no-map; reg = <0x50000000 0x800000>; };" \
		'heaps { compatible = "qcom,dma-heaps";
			a { qcom,dma-heap-name = "qcom,qseecom"; memory-region = <&seecom>; };
			b { qcom,dma-heap-name = "qcom,ta"; memory-region = <&seecom>; };
			c { qcom,dma-heap-name = "qcom,secure-cdsp"; memory-region = <&cdsp>; }; };'
	areas seecom_region
	heaps qcom,qseecom qcom,secure-cdsp qcom,secure-pixel qcom,system qcom,system-uncached qcom,ta system
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	[ "$(jq -c '[.list[] | [.name, .kind, .free, .buffers.contiguous, .buffers.cacheable, .buffers.protected]]' <<<"$output")" = \
		"$(jq -c . <<<'[["qcom,qseecom","cma",32505856,true,null,null],
			["qcom,secure-cdsp","carve-out",null,null,null,null],
			["qcom,secure-pixel","protected",null,null,null,true],
			["qcom,system","pages",null,false,true,false],
			["qcom,system-uncached","pages",null,false,false,false],
			["qcom,ta","cma",32505856,true,null,null],
			["system","pages",null,false,true,false]]')" ]
	run -0 map
	[ "$(jq -c '[.map[] | select(.region) | [.region, .state, [.heaps[] | .name, .link]]]' <<<"$output")" = \
		'[["cdsp@50000000","heap",["qcom,secure-cdsp","property"]],["seecom_region","heap",["qcom,qseecom","property","qcom,ta","property"]]]' ]
}

# linaro-swg/linux#101; Samsung's dma_heap,secure
@test "heaps of secure memory are named as the drivers of Linaro and Samsung do" {
	requires command dtc
	requires command jq
	dts 'sdp@7e800000 { compatible = "linaro,secure-heap"; no-map; reg = <0x7e800000 0x400000>; };
		stream: stream@50000000 { reg = <0x50000000 0x800000>; };' \
		'one { compatible = "samsung,dma-heap-carveout"; dma_heap,name = "vstream"; memory-region = <&stream>; };
		two { compatible = "samsung,dma-heap-carveout"; dma_heap,name = "vframe"; dma_heap,secure; memory-region = <&stream>; };' |
		dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/tree.dtb"
	run -0 "$DMAHEAP" regions -J "$BATS_TEST_TMPDIR/tree.dtb"
	[[ $(jq -r '.regions[0].fate' <<<"$output") == "heaps vstream"*"vstream-uncached"*"vframe-secure if the vendor's driver is loaded"* ]]
	[[ $(jq -r '.regions[1].fate' <<<"$output") == "heap sdp if the vendor's driver is loaded"* ]]
	[ "$(jq -c '[.regions[].findings[].id] | unique' <<<"$output")" = '["binding-vendor"]' ]
}

# drivers/dma-buf/heaps/samsung/samsung_heap.c, newer: a node for each heap, several of one region
@test "Samsung's nodes that point at one region are heaps of it, with what they say of buffers" {
	requires command dtc
	requires command jq
	kernel 6.1.75
	tree "crypto: crypto_region { $pool size = <0x2000000>; };
		vstream: vstream@50000000 { $pool reg = <0x50000000 0x2000000>; };" \
		'a { compatible = "samsung,dma-heap-cma"; dma-heap,name = "crypto"; memory-region = <&crypto>; };
		b { compatible = "samsung,dma-heap-cma"; dma-heap,name = "crypto-bare"; dma-heap,uncached; memory-region = <&crypto>; };
		c { compatible = "samsung,dma-heap-cma"; dma-heap,name = "vstream"; dma-heap,secure; memory-region = <&vstream>; };'
	areas crypto_region vstream@50000000
	heaps crypto crypto-bare vstream
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	local all='[.list[] | [.name, .kind, .size, .buffers.cacheable, .buffers.protected, [.aliases[].name]]]'
	[ "$(jq -c "$all" <<<"$output")" = "$(jq -c . <<<'[["crypto","cma",33554432,null,null,["crypto-bare"]],
		["crypto-bare","cma",33554432,false,false,["crypto"]],["vstream","cma",33554432,null,true,[]]]')" ]
	run -0 map
	[ "$(jq -c '[.map[] | [.region, .size, [.heaps[] | .name, .link]]]' <<<"$output")" = \
		'[["vstream@50000000",33554432,["vstream","property"]],["crypto_region",33554432,["crypto","property","crypto-bare","property"]]]' ]
	# the version of Google's kernels adds a word to the same property
	heaps crypto-uncached vstream-secure
	rm "$root/dev/dma_heap/vstream" "$root/dev/dma_heap/crypto-bare"
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	[ "$(jq -c "$all" <<<"$output")" = "$(jq -c . <<<'[["crypto","cma",33554432,null,null,["crypto-uncached"]],
		["crypto-uncached","cma",33554432,false,false,["crypto"]],["vstream-secure","cma",33554432,null,true,[]]]')" ]
}

# drivers/dma-buf/heaps/mtk_system_heap.c and mtk_sec_heap.c
@test "MediaTek's heaps are pages, or memory that is protected" {
	requires command jq
	kernel 6.1.75
	heaps mtk_mm mtk_mm-uncached mtk_mm_else mtk_prot_page-uncached mtk_svp_region-aligned system-uncached
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	[ "$(jq -c '[.list[] | [.name, .kind, .buffers.contiguous, .buffers.cacheable, .buffers.protected]]' <<<"$output")" = \
		"$(jq -c . <<<'[["mtk_mm","pages",false,true,false],["mtk_mm-uncached","pages",false,false,false],
			["mtk_mm_else",null,null,null,null],["mtk_prot_page-uncached","protected",null,null,true],
			["mtk_svp_region-aligned","protected",null,null,true],["system-uncached","pages",false,false,false]]')" ]
}

# drivers/media/common/dma-buf-heaps/amlogic_heap_cma.c and amlogic_heap_codec_mm.c
@test "Amlogic's heaps have the area of their name, or contiguous memory of which none is named" {
	requires command dtc
	requires command jq
	kernel 5.15.137
	tree "heap-gfx { $pool size = <0x2000000>; };
		codec_mm_cma { $pool size = <0x2000000>; };"
	areas heap-gfx codec_mm_cma
	heaps heap-cached-codecmm heap-codecmm heap-gfx heap-secure-codecmm
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	[ "$(jq -c '[.list[] | [.name, .kind, .size, .buffers.contiguous, .buffers.cacheable, .buffers.protected]]' <<<"$output")" = \
		"$(jq -c . <<<'[["heap-cached-codecmm",null,null,true,true,false],["heap-codecmm",null,null,true,false,false],
			["heap-gfx","cma",33554432,true,null,null],["heap-secure-codecmm","protected",null,null,null,true]]')" ]
	run -0 map
	[ "$(jq -c '[.map[] | select(.region) | [.region, .state]]' <<<"$output")" = '[["heap-gfx","heap"],["codec_mm_cma","none"]]' ]
	run -0 "$DMAHEAP" regions -J --kernel 5.15 "$root/sys/firmware/fdt"
	[ "$(jq -r '.regions[0].fate' <<<"$output")" = "heap heap-gfx if the vendor's driver is loaded (mainline has none)" ]
	# mainline gives the region of the same name the same heap
	run -0 "$DMAHEAP" regions -J --kernel 7.2 "$root/sys/firmware/fdt"
	[ "$(jq -r '.regions[0].fate' <<<"$output")" = "heap heap-gfx" ]
}

# LuckfoxTECH/luckfox-pico#79: Rockchip's RV1103 and RV1106
@test "heaps of Rockchip's own class are named, with their size on the command line" {
	kernel 5.10.110 'console=ttyFIQ0 coherent_pool=0 rk_dma_heap_cma=24M quiet'
	mkdir "$root/dev/rk_dma_heap"
	echo 'char 600 root root 251:0' >"$root/dev/rk_dma_heap/rk-dma-heap-cma"
	run -0 --separate-stderr "$DMAHEAP" --sysroot "$root" list
	[[ $stderr == *$'\n'"dmaheap list: heaps of Rockchip's own class are in /dev/rk_dma_heap "* ||
		$stderr == "dmaheap list: heaps of Rockchip's own class are in /dev/rk_dma_heap "* ]]
	rmdir "$root/dev/dma_heap"
	local command
	for command in list map lint-names; do
		run -4 --separate-stderr "$DMAHEAP" --sysroot "$root" $command
		[ "$stderr" = "dmaheap $command: /dev/dma_heap: no such directory; heaps of Rockchip's own class are in \
/dev/rk_dma_heap (rk-dma-heap-cma; rk_dma_heap_cma=24M is on the kernel's command line), which dmaheap does not read" ]
	done
	rm -r "$root/dev/rk_dma_heap"
	echo 'char 600 root root 10:61' >"$root/dev/ion"
	run -4 --separate-stderr "$DMAHEAP" --sysroot "$root" list
	[[ $stderr == *"/dev/ion is ION, which heaps replaced in Linux 5.6, "* ]]
}

# qualcomm-linux/kernel#839: 6.18 with the heap per region of 6.19
@test "a kernel before 6.19 that has the heap of one region is not said to make none of another" {
	requires command dtc
	requires command jq
	kernel 6.18.7
	tree "audio@50000000 { $pool reg = <0x50000000 0x2000000>; };
		video@54000000 { $pool reg = <0x54000000 0x2000000>; };
		linux,cma { $pool linux,cma-default; size = <0x2000000>; };"
	areas audio@50000000 video@54000000 linux,cma
	heaps audio@50000000 default_cma_region linux,cma system
	run -0 map
	[ "$(jq -c '[.map[] | select(.region) | [.region, .state]]' <<<"$output")" = \
		'[["audio@50000000","heap"],["video@54000000","open"],["linux,cma","heap"]]' ]
	[[ $(jq -r '.map[1].reason' <<<"$output") == "open: the kernel is older than 6.19, but has the heap audio@50000000 by a backport"* ]]
	# without a sign of a backport the version decides
	rm "$root/dev/dma_heap/audio@50000000"
	run -0 map
	[ "$(jq -r '.map[1].reason' <<<"$output")" = "no heap: before Linux 6.19 only the default CMA area becomes one" ]
}

# ikwzm/udmabuf#142: an overlay for an FPGA brings its own reserved memory
@test "a region that an overlay added on the running system was added after the boot" {
	requires command dtc
	requires command jq
	kernel 7.2.0 cma=64M
	tree 'firmware@7ff00000 { no-map; reg = <0x7ff00000 0x100000>; };'
	dts "firmware@7ff00000 { no-map; reg = <0x7ff00000 0x100000>; };
		frames: frames@50000000 { $pool reg = <0x50000000 0x2000000>; };" \
		'dma { memory-region = <&frames>; };' |
		dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/now.dtb"
	unflatten "$BATS_TEST_TMPDIR/now.dtb" "$root/sys/firmware/devicetree/base"
	ln -s /sys/firmware/devicetree/base "$root/proc/device-tree"
	areas reserved
	heaps default_cma_region reserved system
	for _ in symlink file; do
		run -0 map
		[ "$(jq -c '[.map[] | select(.region) | [.region, .state, .base, [.devices[].node]]]' <<<"$output")" = \
			'[["firmware@7ff00000","none","0x7ff00000",[]],["frames@50000000","none","0x50000000",["/dma"]]]' ]
		[[ $(jq -r '.map[1].reason' <<<"$output") == "no heap: added after the boot: "*"reserved at boot only"* ]]
		# captured without symbolic links
		rm "$root/proc/device-tree"
		echo /sys/firmware/devicetree/base >"$root/proc/device-tree"
	done
	# who may not read the tree of the boot cannot know
	rm "$root/sys/firmware/fdt"
	run -0 map
	[ "$(jq -c '[.map[] | select(.region) | [.region, .state]]' <<<"$output")" = \
		'[["frames@50000000","open"],["firmware@7ff00000","none"]]' ]
	[[ $(jq -r '.map[0].reason' <<<"$output") == "open: the kernel made no CMA area of it: it refused it "*" an overlay added the node after the boot "* ]]
}

# openings: how much map opens of the device tree of /proc other than the regions
openings() {
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=openat2 -o "$BATS_TEST_TMPDIR/trace" \
		"$DMAHEAP" map --sysroot "$root" >/dev/null
	grep '"/sys/firmware/devicetree/' "$BATS_TEST_TMPDIR/trace" | grep -vc /base/reserved-memory || true
}

@test "without regions of an overlay only /reserved-memory of /proc/device-tree is read" {
	requires command dtc
	requires command strace
	kernel 7.2.0
	local nodes='firmware@7ff00000 { no-map; reg = <0x7ff00000 0x100000>; };'
	tree "$nodes" 'a { b { c; }; }; d { e; };'
	unflatten "$root/sys/firmware/fdt" "$root/sys/firmware/devicetree/base"
	# the kernel adds it to each node
	printf 'reserved-memory\0' >"$root/sys/firmware/devicetree/base/reserved-memory/name"
	heaps system
	[ "$(openings)" -eq 0 ]
	mkdir "$root/sys/firmware/devicetree/base/reserved-memory/frames"
	[ "$(openings)" -gt 5 ]
}

# on arm and riscv the area of Kconfig is made first, and a static region takes its place as the default one
@test "of the areas of Kconfig and of a region with linux,cma-default the region's is the default one" {
	requires command dtc
	requires command jq
	kernel 7.2.0
	tree "frames@50000000 { $pool linux,cma-default; reg = <0x50000000 0x2000000>; };"
	areas frames@50000000 reserved
	heaps default_cma_region frames@50000000 reserved
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	[ "$(jq -c '[.list[] | [.name, [.aliases[].name]]]' <<<"$output")" = \
		'[["default_cma_region",["frames@50000000"]],["frames@50000000",["default_cma_region"]],["reserved",[]]]' ]
	rm -r "$root/sys/kernel/mm/cma/frames@50000000" "$root/dev/dma_heap/frames@50000000"
	run -0 "$DMAHEAP" --sysroot "$root" list -J
	[ "$(jq -c '.list[0].aliases[0].name' <<<"$output")" = '"reserved"' ]
}

# as seen on 7.2 after "CMA area … could not be activated": the area is there, and has no pages
# on the board, with a region over the end of ZONE_DMA: 6.12 has an area of 0 pages, 7.2 lists none
@test "a heap whose CMA area the kernel has not activated is dead, which list and map say" {
	requires command dtc
	requires command jq
	kernel 7.2.13
	tree "frames@4f000000 { $pool reg = <0x4f000000 0x2000000>; };"
	areas frames@4f000000
	echo 0 | tee "$root/sys/kernel/mm/cma/frames@4f000000/"{total,available}_pages
	heaps frames@4f000000 system
	for _ in "of 0 pages" "not there"; do
		run -0 "$DMAHEAP" --sysroot "$root" list
		[[ $output == *"frames@4f000000: every allocation fails: the kernel has not activated its CMA area (it shows no pages of it)"* ]]
		run -3 "$DMAHEAP" --sysroot "$root" map
		[[ $output == *"frames@4f000000: error: every allocation fails: the kernel has not activated the CMA area (it shows no pages of it), which lies in two zones of memory [heap-dead]"* ]]
		[[ $output == *"frames@4f000000 (name)"*" 32M "* ]]
		[[ $output == *$'\n'"next: see what 'dmaheap regions' says of the region" ]]
		rm -rf "$root/sys/kernel/mm/cma/frames@4f000000"
	done
	# a kernel that shows no area has not hidden one
	rmdir "$root/sys/kernel/mm/cma"
	run -0 "$DMAHEAP" --sysroot "$root" map
}
