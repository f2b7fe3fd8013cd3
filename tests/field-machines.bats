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
	echo 'KernelPageSize:        4 kB' >"$root/proc/self/smaps"
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
	[[ $stderr == "dmaheap list: video@50000000: the kernel has this heap (/sys/class/dma_heap), but there is no device node: udev "* ]]
	rm -r "${root:?}/dev"
	run -4 --separate-stderr "$DMAHEAP" --sysroot "$root" list
	[[ $stderr == *"no such directory, but the kernel has heaps (/sys/class/dma_heap: system, video@50000000): udev "* ]]
}
