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

# area [OPTION...]: base and size of the last row, the area of cma=
area() {
	"$DMAHEAP" regions -aJ "$@" t.dtb | jq -c '.regions[-1] | [.base, .size]'
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

# half of what was reported on the trees of Debian's arm64 kernel was about pages that nobody had asked about
@test "page sizes that nobody asked about are not mentioned" {
	local note='no heap with pages of 16 KiB (32 MiB) and 64 KiB (512 MiB): base or size is not a multiple of the CMA alignment'
	tree '0 0x40000000 1 0' "$(reserved "video@43000000 { $pool reg = <0 0x43000000 0 0x1000000>; };")"
	run -1 findings
	[ "$(findings -v)" = "video@43000000: note: $note [cma-alignment-pages]" ]
	[ "$(findings --page-size 64K)" = "video@43000000: error: base or size is not a multiple of 512 MiB, the CMA alignment with 64 KiB pages [cma-alignment]" ]
	run -1 findings -v --page-size 4K
	# the processor says that there are no others
	local cpu
	for cpu in '"sifive,u54", "riscv"' '"arm,cortex-a15"'; do
		tree '0 0x40000000 1 0' "$(reserved "video@43000000 { $pool reg = <0 0x43000000 0 0x1000000>; };")
			cpus { #address-cells = <1>; #size-cells = <0>; cpu-map { }; cpu@0 { compatible = $cpu; reg = <0>; }; };"
		run -1 findings -v
	done
	tree '0 0x40000000 1 0' "$(reserved "video@43000000 { $pool reg = <0 0x43000000 0 0x1000000>; };")
		cpus { #address-cells = <1>; #size-cells = <0>; cpu@0 { compatible = \"arm,cortex-a53\"; reg = <0>; }; };"
	[ "$(findings -v)" = "video@43000000: note: $note [cma-alignment-pages]" ]
	# a configuration without its page size, of an architecture that has several, or one
	printf '# Linux/arm64 7.2.0 Kernel Configuration\nCONFIG_DMA_CMA=y\n' >config
	[ "$(findings --kconfig config)" = "video@43000000: note: $note [cma-alignment-pages]" ]
	sed -i s/arm64/riscv/ config
	run -1 findings -v --kconfig config
}

# ikwzm/udmabuf#45: reserved-memory written below the bus of the programmable logic
@test "reserved-memory below a bus reserves nothing, with and without a device that uses it" {
	local text="frames: frames@400000000 { $pool reg = <4 0 0 0x400000>; };" device
	local lost='the kernel reads /reserved-memory only: what is here (1 region) is not reserved [reserved-memory-elsewhere]'
	for device in '' 'grabber { memory-region = <&frames>; };'; do
		tree '0 0 0 0x80000000>, <4 0 0 0x400000' "pl-bus { $(reserved "$text") $device };"
		run -3 --separate-stderr "$DMAHEAP" regions t.dtb
		[ "${lines[0]}" = "/pl-bus/reserved-memory: error: $lost" ]
		[ "$stderr" = "dmaheap regions: t.dtb has no /reserved-memory" ]
	done
}

# the same kind of mistake: the name is not the kernel's
@test "a misspelt reserved-memory reserves nothing, a node that is only called alike is none" {
	local name
	for name in reserved_memory reserved-mem reserved,memory Reserved-Memory@0; do
		tree '0 0x40000000 0 0x40000000' "$(reserved "a@48000000 { $pool reg = <0 0x48000000 0 0x400000>; };" | sed "s/^reserved-memory/$name/")"
		[[ $(findings) == "/$name: error: the kernel reads /reserved-memory only: "* ]]
	done
	# __local_fixups__: dtc's own nodes repeat the names of the tree's
	tree '0 0x40000000 0 0x40000000' "a { reserved-memory { status = \"disabled\"; a@0 { reg = <0>; }; }; };
		b { reserved_memory { a@0 { reg = <0>; }; }; }; c { reserved-memory { a { }; }; };
		__local_fixups__ { reserved-memory { a@0 { reg = <0>; }; }; };"
	run -1 findings
}

@test "a tree without regions says so" {
	tree '0 0x40000000 0 0x40000000' ''
	run -0 "$DMAHEAP" regions t.dtb
	[ "$output" = "dmaheap regions: t.dtb has no /reserved-memory" ]
	tree '0 0x40000000 0 0x40000000' "$(reserved '')"
	run -0 "$DMAHEAP" regions t.dtb
	[ "$output" = "dmaheap regions: /reserved-memory of t.dtb has no regions" ]
	run -0 "$DMAHEAP" regions -q t.dtb
	[ -z "$output" ]
}

# OpenIPC/firmware#2392, OpenIPC/linux#56: mem= leaves the upper part of the RAM to the media driver
@test "a pool above the RAM that mem= leaves stops the boot" {
	tree '0 0x40000000 0 0x20000000' "$(reserved "media@55000000 { $pool reg = <0 0x55000000 0 0x2000000>; };")
		chosen { bootargs = \"mem=256M quiet\"; };"
	run -3 "$DMAHEAP" regions t.dtb
	run -0 fates
	[ "$output" = "media@55000000: no heap: a CMA area outside the RAM that mem= leaves stops the boot" ]
	[ "$(findings)" = "media@55000000: error: 0x55000000..0x56ffffff is in no memory bank that mem= leaves [cma-outside-ram]" ]
	[[ $(findings --cmdline mem=352M) == *"error: 0x1000000 bytes of 0x55000000..0x56ffffff are in no memory bank that mem= leaves [cma-outside-ram]" ]]
	# seen on 7.2 and 6.12: in 128 MiB of which a part is RAM there are page structures, and the boot goes on
	[[ $(fates --cmdline mem=320M) == "media@55000000: open: it is no RAM, which the kernel does not check"* ]]
	[[ $(fates --cmdline mem=352M) == "media@55000000: open: part of it is no RAM, which the kernel does not check"* ]]
	local word
	for word in quiet mem=368M mem=1G mem=0 mem=; do
		run -0 fates --cmdline $word
		[ "$output" = "media@55000000: heap media@55000000" ]
	done
	# the size is counted over the banks; on 32-bit Arm it begins where the word says
	tree '0 0x80000000 0 0x4000000>, <0 0x40000000 0 0x4000000' "$(reserved "a@82000000 { $pool reg = <0 0x82000000 0 0x1000000>; };")"
	[[ $(fates --cmdline mem=64M) == *"stops the boot" ]]
	[ "$(fates --cmdline mem=112M)" = "a@82000000: heap a@82000000" ]
	printf '# Linux/arm 7.2.0 Kernel Configuration\nCONFIG_DMA_CMA=y\nCONFIG_DMABUF_HEAPS=y\nCONFIG_DMABUF_HEAPS_CMA=y\n' >config
	[[ $(fates --kconfig config --cmdline mem=112M) == "a@82000000: open: a CMA area outside the RAM, which the kernel does not notice: the boot may stop" ]]
	[ "$(fates --kconfig config --cmdline mem=48M@0x80000000)" = "a@82000000: heap a@82000000" ]
	[[ $(fates --cmdline mem=48M@0x80000000) == "a@82000000: open: what several mem="* ]]
	[[ $(fates --cmdline 'mem=32M mem=48M') == "a@82000000: open: what several mem="* ]]
}

@test "a dynamic region finds no room in RAM that mem= takes away" {
	local kernel=0x40000000+16M
	tree '0 0x40000000 0 0x8000000' "$(reserved "media { $pool size = <0 0x5000000>; };")"
	[ "$(fates --cmdline quiet --taken $kernel)" = "media: heap media" ]
	[[ $(fates --cmdline quiet) == "media: open: there may be no room: the kernel, an initrd or the device tree may be in the way"* ]]
	[[ $(fates --cmdline mem=64M) == "media: open: no RAM is left that is large enough: the boot loader may add RAM"* ]]
	[[ $(fates --cmdline mem=64M --memory 0x40000000+128M --taken $kernel) == "media: dropped: no RAM is left that is large enough: 0x40000000..0x40ffffff is taken, the largest gap has 48 MiB" ]]
	# that it is no heap is known all the same
	tree '0 0x40000000 0 0x8000000' "$(reserved "log { size = <0 0x5000000>; }; vendor { compatible = \"linaro,secure-heap\"; size = <0 0x5000000>; };")"
	[[ $(fates --cmdline quiet) == "log: open: no heap in any case, but there may be no room: the kernel, an initrd or"*"
vendor: open: there may be no room: "* ]]
}

# config ARCHITECTURE VERSION LINE...: the file config of a kernel with all of CMA, and these lines
config() {
	printf '# Linux/%s %s Kernel Configuration\n' "$1" "$2"
	printf 'CONFIG_%s=y\n' 64BIT PAGE_SIZE_4KB HUGETLB_PAGE DMA_CMA CMA_SIZE_SEL_MBYTES DMABUF_HEAPS DMABUF_HEAPS_CMA
	printf '%s\n' "${@:3}"
} >config

# keystone-enclave/keystone#410, deepin-community/kernel#1751: the size is set, 0K are reserved
@test "a size of the default area without CONFIG_DMA_CMA has no effect, and that is said" {
	tree '0 0x80000000 0 0x40000000' ''
	config riscv 6.1.32 CONFIG_CMA_SIZE_MBYTES=32
	[ "$(fates --kconfig config --cmdline '')" = "reserved: heap reserved" ]
	sed -i '/DMA_CMA/d' config
	[ "$(fates --kconfig config --cmdline '')" = "reserved: no heap: CONFIG_CMA_SIZE_MBYTES=32 has no effect without CONFIG_DMA_CMA" ]
	[ "$(fates --kconfig config --cmdline cma=64M)" = "reserved: no heap: cma= has no effect without CONFIG_DMA_CMA" ]
	[ -z "$(fates --kconfig config --cmdline cma=0)" ]
}

# luckfox_rv1106_linux_defconfig has CONFIG_CMDLINE with CONFIG_CMDLINE_EXTEND
@test "cma= in the built-in command line counts where the configuration says that it does" {
	local default='linux,cma: heap linux,cma' other='linux,cma: dropped: cma= on the command line takes its place
reserved: heap reserved' line='CONFIG_CMDLINE="a=\"b c\" cma=64M"'
	tree '0 0x40000000 0 0x40000000' "$(reserved "linux,cma { $pool linux,cma-default; size = <0 0x2000000>; };")"
	config arm64 6.12.30 "$line" CONFIG_CMDLINE_FORCE=y
	[ "$(fates --kconfig config)" = "$other" ]
	[ "$(fates --kconfig config --cmdline quiet)" = "$other" ]
	[ "$(area --kconfig config)" = '[null,67108864]' ]
	config arm 6.12.30 "$line" CONFIG_CMDLINE_EXTEND=y
	[ "$(fates --kconfig config)" = "$(fates --kconfig config --cmdline cma=32M)" ]
	[ "$(area --kconfig config --cmdline cma=32M)" = '[null,67108864]' ]
	# else it is for a boot loader that says nothing
	config arm64 6.12.30 "$line"
	[ "$(fates --kconfig config --cmdline quiet)" = "$default" ]
	[ "$(fates --kconfig config --cmdline '')" = "$other" ]
	[ "$(fates --kconfig config)" = "$default, unless cma= is on the command line" ]
	# the running kernel's command line has it already
	mkdir -p root/sys/firmware root/proc/sys/kernel root/boot
	cp t.dtb root/sys/firmware/fdt
	cp config root/boot/config-6.12.30
	echo 6.12.30 >root/proc/sys/kernel/osrelease
	: >root/proc/cmdline
	[ "$("$DMAHEAP" --sysroot root regions -J | jq -r '.regions[].fate')" = "heap linux,cma" ]
}

# raspberrypi/linux#1210: cma=256M@512M on a board with 256 MiB, "cma: Failed to reserve"
@test "an area of cma= at an address outside the RAM is not made, and its address is shown" {
	tree '0 0 0 0x10000000' 'chosen { bootargs = "console=tty1 cma=256M@512M"; };'
	[ "$(fates)" = "reserved: no heap: 0x20000000..0x2fffffff of cma= is outside the RAM" ]
	[ "$(area)" = '["0x20000000",268435456]' ]
	run -3 "$DMAHEAP" regions t.dtb
	[[ $(findings) == "/chosen: error: no default CMA area: 0x20000000..0x2fffffff of cma= is outside the RAM [cma-refused]" ]]
	[[ $(fates --cmdline cma=64M@0xfffffffffc000000) == "reserved: no heap: 0xfffffffffc000000..0xffffffffffffffff of cma= is outside the RAM" ]]
	# at a place that is free, and in a gap that the kernel does not see
	[[ $(fates --cmdline cma=64M@64M) == "reserved: open: the kernel, an initrd or the device tree may be in the way"* ]]
	[ "$(fates --cmdline cma=64M@64M --taken 0+64M)" = "reserved: heaps default_cma_region and reserved, one region" ]
	[ "$(area --cmdline cma=64M@64M)" = '["0x4000000",67108864]' ]
	tree '0 0 0 0x4000000>, <0 0x8000000 0 0x4000000' ''
	[[ $(fates --cmdline cma=16M@0x5000000 --taken 0+1M) == "reserved: open: it is no RAM, which the kernel does not check"* ]]
}

# seen on 7.2 and 6.12: cma=256M@0x50000000 over a pool at 0x58000000, "Failed to reserve 256 MiB"
@test "an area of cma= over a region is not made, over one that was given back it is" {
	local kernel=0x40000000+32M
	tree '0 0x40000000 0 0x20000000' "$(reserved "media@58000000 { $pool reg = <0 0x58000000 0 0x2000000>; };")"
	[ "$(fates --taken $kernel --cmdline cma=128M@0x50000000 | tail -n 1)" = "reserved: heaps default_cma_region and reserved, one region" ]
	[ "$(fates --cmdline cma=256M@0x50000000 | tail -n 1)" = "reserved: no heap: the place of cma= overlaps media@58000000" ]
	[ "$(fates --taken 0x5e000000+32M --cmdline cma=64M@0x5c000000 | tail -n 1)" = "reserved: no heap: the place of cma= overlaps what lies at 0x5e000000" ]
	tree '0 0x40000000 0 0x20000000' "$(reserved "media@58000000 { $pool reg = <0 0x58000000 0 0x1f20000>; };")"
	[ "$(fates --taken $kernel --cmdline cma=160M@0x50000000 | tail -n 1)" = "reserved: heaps default_cma_region and reserved, one region" ]
	tree '0 0x40000000 0 0x20000000' "$(reserved "media@58000000 { no-map; reg = <0 0x58000000 0 0x2000000>; };")"
	[[ $(fates --taken $kernel --cmdline cma=160M@0x50000000 | tail -n 1) == "reserved: open: part of it is no-map"* ]]
	[[ $(fates --taken $kernel --cmdline cma=64M@0x5c000000 | tail -n 1) == "reserved: open: what the kernel allocates early"* ]]
	printf '/dts-v1/; /memreserve/ 0x50000000 0x1000; / { #address-cells = <1>; #size-cells = <1>; };' | dtc -q -I dts -O dtb -o t.dtb
	[ "$(fates --cmdline cma=64M@0x50000000)" = "reserved: no heap: the place of cma= overlaps /memreserve/" ]
}

@test "the size of cma= is in bytes and rounded up; at an address it has to be a multiple" {
	tree '0 0x40000000 0 0x20000000' ''
	config arm64 7.2.0
	[ "$(area --kconfig config --cmdline cma=128)" = '[null,2097152]' ]
	sed -i /HUGETLB/d config
	[ "$(area --kconfig config --cmdline cma=128)" = '[null,4194304]' ]
	[ "$(area --cmdline cma=128)" = '[null,null]' ]
	[[ $(fates --cmdline cma=3M@0x44000000) == "reserved: no heap: size 0x300000 is not a multiple of 2 MiB"* ]]
	[[ $(fates --cmdline cma=4M@0x44100000) == "reserved: no heap: base 0x44100000 is not a multiple of 2 MiB"* ]]
	# between two addresses, and below one
	[[ $(fates --cmdline cma=64M@0x44000000-0x4a000000) == "reserved: open: "* ]]
	[ "$(fates --taken 0x40000000+32M --cmdline cma=64M@0x44000000-0x4a000000)" = "reserved: heaps default_cma_region and reserved, one region" ]
	[ "$(area --cmdline cma=64M@0x44000000-0x4a000000)" = '[null,67108864]' ]
	[ "$(fates --cmdline cma=64M@0x44000000-0x47000000)" = "reserved: no heap: cma= asks for more than there is below 0x47000000" ]
	[ "$(fates --cmdline cma=64M@0)" = "reserved: no heap: no RAM is free that is large enough for cma= below 0x4000000 (the largest gap has 0 MiB)" ]
	# no size is 0, which takes the place of a default region as well
	[ -z "$(fates --cmdline cma=)" ]
}

# ikwzm/udmabuf#140: 128 KiB in the window of an external memory controller as a pool, Linux 6.12
@test "a pool that misses the alignment is given back, also where there is no RAM: the boot does not stop" {
	tree '0 0x80000000 0 0x40000000' "$(reserved "fifo@53000000 { $pool reg = <0 0x53000000 0 0x20000>; };")"
	diff <("$DMAHEAP" regions -n -o OUTCOME,FATE t.dtb) - <<-'END'
		dropped dropped: size 0x20000 is not a multiple of 2 MiB, the CMA alignment with 4 KiB pages
	END
	diff <(findings) - <<-'END'
		fifo@53000000: note: 0x53000000..0x5301ffff is in no memory bank [outside-ram]
		fifo@53000000: error: base or size is not a multiple of 2 MiB, the CMA alignment with 4 KiB pages [cma-alignment]
	END
	[[ $("$DMAHEAP" regions -v t.dtb) == *"a shared-dma-pool with no-map may be a coherent pool"* ]]
}

@test "where an area lies that the kernel places is not said for sure, nor is its heap counted" {
	tree '0 0x40000000 0 0xc2000000' "chosen { kaslr-seed = <0 1>; };
		$(reserved "video { $pool size = <0 0x4000000>; };")"
	config arm64 7.2.0 CONFIG_ZONE_DMA32=y CONFIG_CMA_SIZE_MBYTES=0
	[ "$(findings --kconfig config)" = "video: warning: the area may lie on both sides of 0x100000000, the end of ZONE_DMA32 [cma-may-cross-zones]" ]
	[ "$(findings --kconfig config --taken 0x40000000+0x100000)" = "video: error: the area lies on both sides of 0x100000000, the end of ZONE_DMA32 [cma-crosses-zones]" ]
	tree '0 0x40000000 0 0x20000000' ''
	run -0 "$DMAHEAP" regions --kconfig config --cmdline cma=64M@0x42000000 t.dtb t.dtb
	[[ ${lines[0]} == "2 trees, 0 failed; 0 regions, 0 heaps; "* ]]
}

# raspberrypi/linux#3536, OpenIPC/firmware#2067: CMA over the end of lowmem; and over that of ZONE_DMA on arm64
@test "an area that lies in two zones has a heap of which nothing can be allocated" {
	tree '0 0 0 0x40000000' "$(reserved "frames@2a000000 { $pool reg = <0 0x2a000000 0 0xc000000>; };")"
	config arm 7.2.0 CONFIG_HIGHMEM=y CONFIG_CMA_SIZE_MBYTES=0
	[ "$(fates --kconfig config)" = "frames@2a000000: heap frames@2a000000, but every allocation fails: the end of lowmem, 0x30000000, is inside" ]
	[ "$(findings --kconfig config)" = "frames@2a000000: error: the area lies on both sides of 0x30000000, the end of lowmem [cma-crosses-zones]" ]
	[ "$(fates --kconfig config --cmdline vmalloc=496M)" = "frames@2a000000: heap frames@2a000000" ]
	# where there is no heap, nothing of it fails; whether a vendor's driver is loaded makes no difference
	[ "$(fates --kconfig config --kernel 6.12)" = "frames@2a000000: no heap: before Linux 6.19 only the default CMA area becomes one" ]
	[[ $(findings --kconfig config --kernel 6.12) == *": error: the area lies on both sides of 0x30000000, "* ]]
	tree '0 0 0 0x40000000' "$(reserved "fb: frames@2a000000 { $pool reg = <0 0x2a000000 0 0xc000000>; };")
		heaps { compatible = \"qcom,dma-heaps\"; display { qcom,dma-heap-name = \"qcom,display\"; memory-region = <&fb>; }; };"
	[ "$(fates --kconfig config)" = "frames@2a000000: heap frames@2a000000; qcom,display as well if the vendor's driver is loaded (mainline has none), but every allocation fails: the end of lowmem, 0x30000000, is inside" ]
	[ "$(fates --kconfig config --kernel 6.12)" = "frames@2a000000: heap qcom,display if the vendor's driver is loaded (mainline has none), but every allocation fails: the end of lowmem, 0x30000000, is inside" ]
	tree '0 0x40000000 0 0x20000000' "$(reserved "frames@4f000000 { $pool reg = <0 0x4f000000 0 0x2000000>; };")
		soc { #address-cells = <1>; #size-cells = <1>; dma-ranges = <0 0 0x40000000 0x10000000>; };"
	config arm64 7.2.0 CONFIG_ZONE_DMA=y CONFIG_CMA_SIZE_MBYTES=0
	[[ $(fates --kconfig config) == *"but every allocation fails: the end of ZONE_DMA, 0x50000000, is inside" ]]
	# 6.1 has a number of bits; without the zone there is no border, without the configuration it is open
	[ "$(fates --kconfig config --kernel 6.1)" = "frames@4f000000: no heap: before Linux 6.19 only the default CMA area becomes one" ]
	[ "$(fates --kconfig <(grep -v ZONE config))" = "frames@4f000000: heap frames@4f000000" ]
	[[ $(fates) == "frames@4f000000: open: every allocation fails if the kernel has ZONE_DMA"* ]]
	[ "$(fates --kernel 6.12)" = "frames@4f000000: no heap: before Linux 6.19 only the default CMA area becomes one" ]
	[[ $(findings --kernel 6.12) == "frames@4f000000: warning: the area lies on both sides of 0x50000000, the end of ZONE_DMA, if the kernel has it"* ]]
}

# early_vmalloc() (arch/arm/mm/mmu.c), read in 5.10 to 7.2, not booted; next_arg() (lib/cmdline.c), booted
@test "vmalloc= has a least and a most, quotes are not part of a word" {
	local end=0x3e000000
	config arm 7.2.0 CONFIG_HIGHMEM=y CONFIG_CMA_SIZE_MBYTES=0
	tree '0 0 0 0x60000000' "$(reserved "frames@3d000000 { $pool reg = <0 0x3d000000 0 0x2000000>; };")"
	for word in vmalloc=16M vmalloc=1M vmalloc=0 '"vmalloc=16M"' 'vmalloc="16M"'; do
		[[ $(fates --kconfig config --cmdline "quiet $word") == *"the end of lowmem, $end, is inside" ]]
	done
	# 5.10 has no gap between lowmem and what vmalloc= says
	[[ $(findings --kconfig config --kernel 5.10 --cmdline vmalloc=24M) == *"on both sides of $end, the end of lowmem "* ]]
	tree '0 0 0 0x60000000' "$(reserved "frames@1000000 { $pool reg = <0 0x1000000 0 0x2000000>; };")"
	[[ $(fates --kconfig config --cmdline vmalloc=2G) == *"the end of lowmem, 0x2000000, is inside" ]]
	# -- ends what is the kernel's, also in quotes
	for word in '"cma=64M"' 'cma="64M"' '"cma=64M" "--" cma=32M' 'quiet "cma=64M"'; do
		[ "$(area --kconfig config --cmdline "$word")" = '[null,67108864]' ]
	done
}

# seen on 5.10, where the area of Kconfig is made as if there were no regions
@test "a reserved-memory with a unit address is not seen by old kernels" {
	tree '0 0x40000000 0 0x20000000' "reserved-memory@0 { #address-cells = <2>; #size-cells = <2>; ranges;
		linux,cma { $pool linux,cma-default; size = <0 0x2000000>; }; };"
	[ "$(fates --kernel 5.10)" = "linux,cma: dropped: before Linux 6.1 a /reserved-memory with a unit address is not looked at" ]
	[[ $(fates --kernel 6.1) != *dropped* ]]
}

# seen on Debian's 7.2, 6.12 and 6.1 for armhf: nothing is printed after "cma: Reserved"
@test "32-bit Arm maps areas anew, which stops the boot where it cannot" {
	local anew="32-bit Arm maps CMA areas anew, and" base='its base is not a multiple of 2 MiB, which stops the boot'
	config arm 7.2.0 CONFIG_CMA_SIZE_MBYTES=0
	tree '0 0x40000000 0 0x20000000' "$(reserved "video@50100000 { $pool reg = <0 0x50100000 0 0x2000000>; };")"
	[ "$(fates --kconfig config)" = "video@50100000: no heap: $anew $base" ]
	[ "$(fates --kconfig config --kernel 6.12)" = "video@50100000: no heap: $anew $base" ]
	# also where that is a multiple of the CMA alignment
	echo CONFIG_ARCH_FORCE_MAX_ORDER=7 >>config
	[ "$(findings --kconfig config)" = "video@50100000: error: $anew $base [cma-alignment]" ]
	sed -i '$d' config
	# it was refused before, and is where the memory is not mapped at all
	[[ $(fates --kconfig config --kernel 6.1) == "video@50100000: dropped: base 0x50100000 is not a multiple of "*pages ]]
	[[ $(fates --kconfig config --cmdline vmalloc=768M) == "video@50100000: dropped: base 0x50100000 is not a multiple of "*pages ]]
	tree '0 0x40000000 0 0x20000000' "$(reserved "video@50000000 { $pool reg = <0 0x50000000 0 0x2100000>; };")"
	[[ $(fates --kconfig config) == "video@50000000: dropped: size 0x2100000 is not a multiple of "*"; 32-bit Arm loses the mapping of what lies beside it in the same 2 MiB: the boot may stop" ]]
	tree '0 0x40000000 0 0x20000000' "$(reserved "
		video@50000000 { $pool reg = <0 0x50000000 0 0x2000000>; };
		audio@51000000 { $pool reg = <0 0x51000000 0 0x2000000>; };")"
	for kernel in 6.1 6.12 7.2; do
		[[ $(fates --kconfig config --kernel $kernel) == *"audio@51000000: no heap: $anew a part of video@50000000 a second time, which stops the boot"* ]]
	done
	[[ $(findings --kconfig config) == *"audio@51000000: error: $anew a part of video@50000000 a second time, which stops the boot [cma-over-others]" ]]
	# there is room for one area: that is the reason alone
	config arm64 7.2.0 CONFIG_CMA_AREAS=1
	[[ $(findings --page-size 4K --kconfig config) == *"audio@51000000: error: dropped: the kernel has room for 1 CMA area (CONFIG_CMA_AREAS), and others come first [too-many-areas]" ]]
	[[ $(findings --page-size 4K --kconfig config) != *"audio@51000000: "*" [cma-over-others]"* ]]
	config arm 7.2.0 CONFIG_CMA_SIZE_MBYTES=0
	# what begins below the RAM is not mapped, and the boot goes on
	tree '0 0x40000000 0 0x20000000' "$(reserved "video@3c204000 { $pool reg = <0 0x3c204000 0 0x4000000>; };")"
	[[ $(fates --kconfig config) == "video@3c204000: dropped: base 0x3c204000 is not a multiple of "*": the boot may stop" ]]
	# RAM that is not there is not noticed
	tree '0 0x40000000 0 0x10000000' "$(reserved "video@60000000 { $pool reg = <0 0x60000000 0 0x2000000>; };")"
	[ "$(fates --kconfig config --memory 0x40000000+256M)" = "video@60000000: open: a CMA area outside the RAM, which the kernel does not notice: the boot may stop" ]
}

# seen on 7.2 and 6.12: "Unable to handle kernel paging request", or a panic later
@test "a refused region gives back memory of an area beside it, and the boot may stop" {
	tree '0 0x40000000 0 0x20000000' "$(reserved "
		isp@50210000 { $pool reg = <0 0x50210000 0 0x200000>; };
		video@50400000 { $pool reg = <0 0x50400000 0 0x400000>; };")"
	[ "$(fates --taken 0x40000000+16M --page-size 4K | tail -n 1)" = "video@50400000: open: isp@50210000 is refused and gives back memory of it, which the kernel then uses as well: the boot may stop" ]
	[[ $(findings) == *"video@50400000: error: isp@50210000 is refused and gives back memory of it, which the kernel then uses as well: the boot may stop [cma-over-others]"* ]]
}

@test "a heap that is not made for its name is called as the kernel cuts the name" {
	local name=isp-of-the-camera-at-the-front-of-the-machine-and-its-own-encoder
	tree '0 0x40000000 0 0x20000000' "$(reserved "$name-a { $pool reg = <0 0x48000000 0 0x2000000>; };
		$name-b { $pool reg = <0 0x4a000000 0 0x2000000>; };")"
	[[ $(findings) == *"$name-b: error: another heap already has the name ${name:0:63} [name-collision]"* ]]
}

# bperez77/xilinx_axidma#95: 2 GiB below 4 GiB and 2 GiB at 32 GiB, cma=2048M "Failed to reserve", cma=1900M works
@test "the area of cma= lies as far as DMA reaches, unless 7.2 is told another limit" {
	local kernel='--taken 0x80000+32M' no='reserved: no heap: no RAM is free that is large enough for cma= below 0x100000000 (the largest gap has 2015 MiB)'
	tree '0 0 0 0x80000000>, <8 0 0 0x80000000' 'chosen { bootargs = "cma=2048M"; };'
	config arm64 7.2.0 CONFIG_ZONE_DMA32=y
	for version in 6.12 7.2; do
		# shellcheck disable=SC2086
		[ "$(fates --kernel $version $kernel --kconfig config)" = "$no" ]
		# shellcheck disable=SC2086
		[[ $(fates --kernel $version $kernel --kconfig config --cmdline cma=1900M) == "reserved: heap"* ]]
		# of a kernel without zones the range is another one
		[[ $(fates --kernel $version) == "reserved: open: no RAM is free that is large enough for cma= below 0x100000000 "*"(--kconfig tells)" ]]
	done
	# shellcheck disable=SC2086
	[[ $(fates $kernel --kconfig config --cmdline cma=1G@0x800000000) == "reserved: heaps"* ]]
	[[ $(findings --taken 0x80000+32M --kconfig config --cmdline cma=1G@0x800000000) == "/chosen: warning: the default area is above 4 GiB (0x800000000) [cma-default-high]" ]]
	# shellcheck disable=SC2086
	[ "$(fates --kernel 6.12 $kernel --kconfig config --cmdline cma=1G@0x800000000)" = "reserved: no heap: 0x800000000..0x83fffffff of cma= lies above 0x100000000, as far as DMA reaches" ]
}

# LuckfoxTECH/luckfox-pico#208 (10 MiB with FORCE_MAX_ZONEORDER=9), ikwzm's ZynqMP and Nuvoton-Israel/linux#162 (4 MiB)
@test "the CMA alignment follows version and configuration" {
	align() { printf '%s\n' "# Linux/$1 $2 Kernel Configuration" CONFIG_DMA_CMA=y "${@:3}" >config; fates --kconfig config; }
	tree '0 0x70000000 0 0x10000000' "$(reserved "a@70200000 { $pool reg = <0 0x70200000 0 0xa00000>; };")"
	[[ $(fates --kernel 5.10) == *"base 0x70200000 is not a multiple of 4 MiB"* ]]
	[[ $(align arm 5.10.110 CONFIG_FORCE_MAX_ZONEORDER=9) == "a@70200000: no heap: the kernel is built without CONFIG_DMABUF_HEAPS_CMA" ]]
	[[ $(align arm 5.10.110 CONFIG_FORCE_MAX_ZONEORDER=12) == *"base 0x70200000 is not a multiple of 8 MiB"* ]]
	[[ $(align arm64 5.15.71 CONFIG_ARM64_4K_PAGES=y CONFIG_HUGETLB_PAGE=y CONFIG_FORCE_MAX_ZONEORDER=11) == *"is not a multiple of 4 MiB"* ]]
	[[ $(align arm64 6.1.1 CONFIG_ARM64_4K_PAGES=y CONFIG_ARCH_FORCE_MAX_ORDER=11) == *"is not a multiple of 4 MiB"* ]]
	[[ $(align arm64 6.4.1 CONFIG_ARM64_4K_PAGES=y CONFIG_ARCH_FORCE_MAX_ORDER=11) == *"is not a multiple of 8 MiB"* ]]
	[[ $(align arm64 7.2.1 CONFIG_ARM64_4K_PAGES=y CONFIG_HUGETLB_PAGE=y CONFIG_64BIT=y CONFIG_ARCH_FORCE_MAX_ORDER=11) == *"without CONFIG_DMABUF_HEAPS_CMA" ]]
}

@test "percentages and rules of Kconfig give the size of the default area" {
	tree '0 0x40000000 0 0x40000000' ''
	config arm64 7.2.0 CONFIG_CMA_SIZE_MBYTES=16 CONFIG_CMA_SIZE_PERCENTAGE=10
	size() { sed -i "s/CMA_SIZE_SEL_[A-Z]*/CMA_SIZE_SEL_$1/" config; area --kconfig config --cmdline ''; }
	[ "$(size MBYTES)" = '[null,16777216]' ]
	[ "$(size PERCENTAGE)" = '[null,109051904]' ]
	[ "$(size MIN)" = '[null,16777216]' ]
	[ "$(size MAX)" = '[null,109051904]' ]
}

# kalama-dma-heaps.dtsi; qualcomm-linux/kernel#839
@test "a vendor's heap of a CMA pool comes beside mainline's, a backport makes the heap before 6.19" {
	tree '0 0x80000000 0 0x40000000' "$(reserved "see: secom { $pool size = <0 0x1000000>; };")
		heaps { a { qcom,dma-heap-name = \"qcom,qseecom\"; memory-region = <&see>; }; };"
	[ "$(fates --kernel 6.6)" = "secom: heap qcom,qseecom if the vendor's driver is loaded (mainline has none)" ]
	[ "$(fates --kernel 7.2)" = "secom: heap secom; qcom,qseecom as well if the vendor's driver is loaded (mainline has none)" ]
	[ "$(fates --kernel 6.6 --backport)" = "$(fates --kernel 7.2)" ]
}

# home-assistant/operating-system#4924, OpenCCU/OpenCCU#4100: initrd and tree lie in the middle of alloc-ranges
@test "a region that was not placed is explained by what was in the way and the largest gap" {
	tree '0 0x40000000 0 0x20000000' "$(reserved "linux,cma { $pool size = <0 0x6000000>; alloc-ranges = <0 0x44000000 0 0x8000000>; };")
		chosen { linux,initrd-start = <0x48000000>; linux,initrd-end = <0x4b79fe00>; };"
	[ "$(fates --taken 0x40200000+8M,0x4b800000+1M)" = "linux,cma: dropped: no memory of alloc-ranges is free and large enough: 0x48000000..0x4b79ffff, 0x4b800000..0x4b8fffff are taken, the largest gap has 64 MiB" ]
	mkdir -p root/sys/firmware root/proc/sys/kernel root/sys/kernel/mm/cma/reserved root/sys/kernel/debug/memblock root/dev/dma_heap
	cp t.dtb root/sys/firmware/fdt
	echo 7.2.13 >root/proc/sys/kernel/osrelease
	: >root/proc/cmdline
	printf '   0: 0x0000000040200000..0x00000000409fffff\n   1: 0x000000004b800000..0x000000004b808a79    0 NONE\n' >root/sys/kernel/debug/memblock/reserved
	local said='dropped: the kernel has found no place for it: 0x48000000..0x4b79ffff, 0x4b800000..0x4b808a79 are taken, the largest gap has 64 MiB'
	[ "$("$DMAHEAP" --sysroot root regions -J | jq -r '.regions[].fate')" = "$said" ]
	run --separate-stderr "$DMAHEAP" --sysroot root map -J
	[ "$(jq -r '.map[] | select(.region) | .reason' <<<"$output")" = "$said" ]
	# before 6.1 debugfs alone does not say which areas there are: what is in the way is the area itself
	tree '0 0x40000000 0 0x20000000' "$(reserved "video-of-the-camera { $pool size = <0 0x6000000>; alloc-ranges = <0 0x44000000 0 0x8000000>; };")"
	cp t.dtb root/sys/firmware/fdt
	echo 5.10.200 >root/proc/sys/kernel/osrelease
	mv root/sys/kernel/mm/cma root/sys/kernel/debug/cma
	mkdir root/sys/kernel/debug/cma/cma-video-of-th
	printf '   0: 0x0000000046000000..0x000000004bffffff\n' >root/sys/kernel/debug/memblock/reserved
	[[ $("$DMAHEAP" --sysroot root regions -J | jq -r '.regions[].fate') == 'open: there may be no room: '* ]]
}

# a random boot of Debian's 7.2 for armhf (seed 81010-211), and boots of each of these trees
@test "areas that 32-bit Arm maps anew stop the boot only where they are mapped in one piece" {
	local dropped='is not a multiple of * pages' beside='the mapping of what lies beside it in the same 2 MiB: the boot may stop'
	# video BASE NO-MAP...: the fate of 8 MiB at BASE, with ranges that are no-map
	video() {
		local nodes='' range
		for range in "${@:2}"; do
			nodes+=" a@${range% *} { no-map; reg = <0 0x${range% *} 0 ${range#* }>; };"
		done
		tree '0 0x40000000 0 0x20000000' "$(reserved "$nodes video@$1 { $pool reg = <0 0x$1 0 0x800000>; };")"
		fates --kconfig config | grep ^video
	}
	config arm 7.2.0 CONFIG_CMA_SIZE_MBYTES=0
	[[ $(video 50101000) == *"which stops the boot" ]]
	# all of it is no-map
	[[ $(video 50101000 '50000000 0x2000000') == *$dropped ]]
	# its last 2 MiB are mapped in pages
	[[ $(video 50101000 '50000000 0x101000' '509ff000 0x1000') == *$dropped ]]
	[[ $(video 50101000 '509ff000 0x1000') == *$beside ]]
	# … and not, but for CONFIG_ARM_LPAE
	[[ $(video 50100000 '50000000 0x100000' '50900000 0x100000') == *"which stops the boot" ]]
	echo CONFIG_ARM_LPAE=y >>config
	[[ $(video 50100000 '50000000 0x100000' '50900000 0x100000') == *$dropped ]]
	# nothing beside it, where the whole 2 MiB are no-map
	[[ $(video 50001000 '50000000 0x1000' '50801000 0x1ff000') == *$dropped ]]
	[[ $(video 50001000 '50000000 0x1000') == *"which stops the boot" ]]
}

# seen on Debian's 7.2 for armhf, in a boot of the trap no-map-in-section
@test "32-bit Arm cannot map the rest of 2 MiB whose first MiB is mapped in one piece" {
	local open='logo@46100000: open: it is no-map behind a whole MiB, and 32-bit Arm without CONFIG_ARM_LPAE cannot map the rest of the same 2 MiB: the boot may stop'
	# logo BASE SIZE [OPTION...]: the fate of a no-map region
	logo() {
		tree '0 0x40000000 0 0x20000000' "$(reserved "logo@$1 { no-map; reg = <0 0x$1 0 $2>; };")"
		fates --kconfig config "${@:3}"
	}
	config arm 7.2.0
	[ "$(logo 46100000 0x1000)" = "$open" ]
	[ "$(logo 46100000 0x1000 --kernel 6.1)" = "$open" ]
	# behind pages, to the end of the 2 MiB, and in the first MiB
	for range in '46101000 0x1000' '46100000 0x100000' '46000000 0x1000' '46000000 0x200000'; do
		# shellcheck disable=SC2086
		[ "$(logo $range)" = "logo@${range% *}: no heap: not a shared-dma-pool" ]
	done
	echo CONFIG_ARM_LPAE=y >>config
	[ "$(logo 46100000 0x1000)" = "logo@46100000: no heap: not a shared-dma-pool" ]
	config arm64 7.2.0
	[ "$(logo 46100000 0x1000)" = "logo@46100000: no heap: not a shared-dma-pool" ]
}

# a random boot of Debian's 7.2 for armhf (seed 81010-207): an abort in memory that the machine had not
@test "mem= beyond the banks may stop 32-bit Arm" {
	local adds='bytes that are in no memory bank: the boot may stop [mem-adds-ram]'
	tree '0 0x40000000 0 0x20000000' "$(reserved '')"
	config arm 7.2.0
	[ "$(findings --kconfig config --cmdline mem=513M)" = "/chosen: warning: mem= adds 0x100000 $adds" ]
	[ "$(findings --kconfig config --cmdline mem=256M@0x50000000)" = "" ]
	[ "$(findings --kconfig config --cmdline mem=256M@0x58000000)" = "/chosen: warning: mem= adds 0x8000000 $adds" ]
	[ "$(findings --kconfig config --cmdline mem=512M)" = "" ]
	[ "$(findings --kconfig config --cmdline mem=513M --memory 0x40000000+1G)" = "" ]
	# what cannot be addressed is left out
	[ "$(findings --kconfig config --cmdline mem=4G --memory 0x40000000+3G)" = "" ]
	config arm64 7.2.0
	[ "$(findings --kconfig config --cmdline mem=513M)" = "" ]
}

# seen on Debian's 7.2 for armhf: nothing is printed after "cma: Reserved"
@test "no-map memory in the same 2 MiB as the kernel may stop 32-bit Arm" {
	config arm 7.2.0
	tree '0 0x40000000 0 0x20000000' "$(reserved "logo@40000000 { reg = <0 0x40000000 0 0x203fc0>; no-map; };")"
	[ "$(fates --kconfig config --taken 0x40204000+24M)" = "logo@40000000: open: it is no-map in the same 2 MiB as the kernel, which 32-bit Arm may not map then: the boot may stop" ]
	[ "$(fates --kconfig config --taken 0x40404000+24M)" = "logo@40000000: no heap: not a shared-dma-pool" ]
	# the tree, and another architecture
	[ "$(fates --kconfig config --taken 0x40404000+24M,0x40300000+64K)" = "logo@40000000: no heap: not a shared-dma-pool" ]
	config arm64 7.2.0
	[ "$(fates --kconfig config --taken 0x40204000+24M)" = "logo@40000000: no heap: not a shared-dma-pool" ]
}

@test "on 32-bit Arm the kernel lies where the RAM begins" {
	tree '0 0x40000000 0 0x10000000' "$(reserved "video { $pool size = <0 0x4000000>; };")
		chosen { linux,initrd-start = <0x44000000>; linux,initrd-end = <0x44100000>; };"
	config arm 7.2.0
	[ "$(fates --kconfig config)" = "video: heap video" ]
	config arm64 7.2.0
	[[ $(fates --kconfig config --page-size 4K) == "video: open: "* ]]
}

@test "what is known of where others lie tells that there is room wherever they do" {
	local chosen='chosen { linux,initrd-start = <0x44000000>; linux,initrd-end = <0x44100000>; };'
	config arm64 7.2.0
	# with the kernel in the one gap and the tree in the other, the larger one has room beside either
	tree '0 0x40000000 0 0x12000000' "$(reserved "video { $pool size = <0 0x4000000>; };") $chosen"
	[ "$(fates --kconfig config --page-size 4K)" = "video: heap video" ]
	# the place of a is not known, but it is among its alloc-ranges
	chosen='chosen { linux,initrd-start = <0x40000000>; linux,initrd-end = <0x40100000>; };'
	local a='a { size = <0 0x100000>; alloc-ranges = <0 0x40100000 0 0x800000>; };'
	tree '0 0x40000000 0 0x14000000' "$(reserved "$a fw@40900000 { reg = <0 0x40900000 0 0xb00000>; };
		video { $pool size = <0 0x4000000>; };") $chosen"
	[ "$(fates --kconfig config --page-size 4K | tail -n 1)" = "video: heap video" ]
	tree '0 0x40000000 0 0x14000000' "$(reserved "${a/40100000/41400000} fw@40900000 { reg = <0 0x40900000 0 0xb00000>; };
		video { $pool size = <0 0x4000000>; };") $chosen"
	[[ $(fates --kconfig config --page-size 4K | tail -n 1) == "video: open: there may be no room: the kernel, "* ]]
	# … or at the end of the RAM
	tree '0 0x40000000 0 0x40000000' "$(reserved "a { size = <0 0x1000000>; };
		video { $pool size = <0 0x4000000>; alloc-ranges = <0 0x40000000 0 0x11800000>; };") $chosen"
	[ "$(fates --kconfig config --page-size 4K | tail -n 1)" = "video: heap video" ]
	tree '0 0x40000000 0 0x14000000' "$(reserved "a { size = <0 0x1000000>; };
		video { $pool size = <0 0x4000000>; alloc-ranges = <0 0x40000000 0 0x11800000>; };") $chosen"
	[[ $(fates --kconfig config --page-size 4K | tail -n 1) == "video: open: there may be no room: the kernel, "* ]]
}

# memblock's round_down() and round_up() take bits: an alignment of 3 MiB clears those of 1/2, 1/4 … and of 2 MiB
@test "a region with an alignment that is no power of two has the place that its bits give" {
	config arm64 7.2.0
	tree '0 0x40000000 0 0x700000' "$(reserved "dsp { size = <0 0x100000>; alignment = <0 0x300000>; };")"
	[ "$(fates --kconfig config --taken 0x40000000+4M)" = "dsp: no heap: not a shared-dma-pool" ]
	[[ $(fates --kconfig config --taken 0x40000000+5M --memory 0x40000000+7M) == "dsp: dropped: no RAM is left "* ]]
	# what may be added is RAM
	[[ $(fates --kconfig config --taken 0x40000000+5M) == *": the boot loader may add RAM (--memory states it)" ]]
}

# seen on Debian's 7.2 for riscv64: the tree is reserved after dynamic regions are placed, and mem= may leave out the kernel
@test "RISC-V places dynamic regions over the device tree, and does not keep the kernel" {
	local taken='--taken 0x80200000+32M,0x90000000+8K'
	tree '0 0x80000000 0 0x20000000' "$(reserved "isp { $pool size = <0 0x1000000>; alloc-ranges = <0 0x90000000 0 0x1000000>; };")"
	config riscv 7.2.0
	# shellcheck disable=SC2086 # an option and its value
	[ "$(fates --kconfig config $taken)" = "isp: open: it is placed over the device tree at 0x90000000, which RISC-V reserves later: the boot may stop, or later what uses both" ]
	# the second range is not needed
	[ "$(fates --kconfig config --taken 0x80200000+32M,0x91000000+8K)" = "isp: heap isp" ]
	# shellcheck disable=SC2086
	[ "$(findings --kconfig config $taken --cmdline mem=16M | tail -n 1)" = "/chosen: error: mem= leaves out what is loaded, which RISC-V does not keep: the boot may stop [no-ram-left]" ]
	config arm64 7.2.0
	# shellcheck disable=SC2086
	[[ $(fates --kconfig config --page-size 4K $taken) == "isp: dropped: no memory of alloc-ranges is free"* ]]
	# shellcheck disable=SC2086
	[[ $(findings --kconfig config $taken --cmdline mem=16M) != *"leaves out"* ]]
}

# random boots of Debian's 7.2 for riscv64 and armhf (60011-133, 80010-89): mem= ended in the last page of the initrd
@test "an initrd that mem= leaves out is not used, nor its memory kept, but by arm64" {
	local left='the initrd is not all RAM, because of mem=, and XXX does not use it then: the boot may stop [no-ram-left]'
	local taken='--taken 0x40200000+32M,0x4b000000+4M,0x4a000000+8K'
	tree '0 0x40000000 0 0x20000000' "$(reserved "isp { size = <0 0x300000>; alloc-ranges = <0 0x4b000000 0 0x400000>; };")
		chosen { linux,initrd-start = <0x4b000000>; linux,initrd-end = <0x4b3ff400>; };"
	for arch in riscv arm; do
		config $arch 7.2.0
		[ $arch = arm ] && name='32-bit Arm' || name=RISC-V
		[ "$(findings --kconfig config --taken 0x49200000+32M,0x4b000000+4M,0x4a000000+8K --cmdline '' | tail -n 1)" = "/chosen: error: ${left/is not all RAM, because of mem=, and XXX/overlaps the kernel, or what else is loaded, and $name}" ]
		# shellcheck disable=SC2086 # an option and its value
		[[ $(findings --kconfig config $taken --cmdline mem=188M) == "isp: error: "*"[alloc-ranges-small]" ]]
		# shellcheck disable=SC2086
		[ "$(fates --kconfig config $taken --cmdline mem=0xb3ff800)" = "isp: no heap: not a shared-dma-pool" ]
		# shellcheck disable=SC2086
		[ "$(findings --kconfig config $taken --cmdline mem=0xb3ff800)" = "/chosen: error: ${left/XXX/$name}" ]
	done
	config arm64 7.2.0
	# shellcheck disable=SC2086
	[[ $(findings --kconfig config --page-size 4K $taken --cmdline mem=0xb3ff800) != *initrd* ]]
	# the kernel's memory ends at the next 2 MiB on RISC-V: seed 81011-211
	tree '0 0x40000000 0 0x20000000' "$(reserved)
		chosen { linux,initrd-start = <0x4b100000>; linux,initrd-end = <0x4b300000>; };"
	taken='--taken 0x49200000+0x1e80000,0x4b100000+2M,0x4a000000+8K'
	for arch in arm64 arm riscv; do
		config $arch 7.2.0
		# shellcheck disable=SC2086
		[[ $(findings --kconfig config $taken --cmdline '') == $([ $arch = riscv ] && echo "*overlaps the kernel*") ]]
	done
}

# a random boot of Debian's 7.2 for riscv64 (80011-153), and the trap given-back-late
@test "RISC-V makes the area of cma= before a refused region gives its memory back" {
	local camera="camera@54010000 { $pool reg = <0 0x54010000 0 0x3000000>; };"
	local -a options=(--kconfig config --taken "0x40200000+32M,0x48000000+8K" --cmdline cma=16M@0x54000000-0x56000000)
	tree '0 0x40000000 0 0x20000000' "$(reserved "$camera")"
	config riscv 7.2.0
	[ "$(fates "${options[@]}" | tail -n 1)" = "reserved: no heap: no RAM is free that is large enough for cma= below 0x56000000 (the largest gap has 0 MiB)" ]
	[ "$("$DMAHEAP" regions -aJ "${options[@]}" t.dtb | jq '.regions[-1].area')" = null ]
	config arm64 7.2.0
	[ "$(fates "${options[@]}" --page-size 4K | tail -n 1)" = "reserved: heaps default_cma_region and reserved, one region" ]
}

# a random boot of Debian's 7.2 for riscv64 (80011-81), and the trap section-roots
@test "RISC-V of 64 bits stops without 32 MiB in one piece" {
	local text
	text=$(reserved "a@45000000 { reg = <0 0x45000000 0 0xb000000>; }; b@51c00000 { reg = <0 0x51c00000 0 0x400000>; };
		c@53c00000 { reg = <0 0x53c00000 0 0xc400000>; };")
	local -a options=(--kconfig config --memory 0x40000000+512M --taken "0x40200000+48M,0x43200000+8K" --cmdline '')
	local little='/reserved-memory: warning: the regions and areas leave the kernel XXX: the boot may stop [little-ram-left]'
	tree '0 0x40000000 0 0x20000000' "$text"
	config riscv 7.2.0 CONFIG_SPARSEMEM_EXTREME=y
	[ "$(findings "${options[@]}")" = "${little/XXX/29 MiB of RAM in one piece}" ]
	tree '0 0x40000000 0 0x20000000' "${text//51c/522}"
	[ -z "$(findings "${options[@]}")" ]
	# all that is left
	text=${text//45000000/43300000}
	tree '0 0x40000000 0 0x20000000' "${text/0xb000000/0xcd00000}"
	[ "$(findings "${options[@]}")" = "${little/XXX/58 MiB of RAM}" ]
	config riscv 7.2.0
	[ -z "$(findings "${options[@]}")" ]
}

@test "a heap of RISC-V that the device tree may lie under is open, and the initrd is not taken for the tree" {
	local open="isp: open: it may be placed over the device tree, which RISC-V reserves later (--taken states where that lies)"
	tree '0 0x80000000 0 0x20000000' "$(reserved "isp { $pool size = <0 0x1000000>; alloc-ranges = <0 0x80000000 0 0x20000000>; };")
		chosen { linux,initrd-start = <0x88000000>; linux,initrd-end = <0x88001000>; };"
	config riscv 7.2.0
	[ "$(fates --kconfig config)" = "$open" ]
	[ "$(fates --kconfig config --taken 0x80200000+32M,0x88000000+4K)" = "$open" ]
	[ "$(fates --kconfig config --taken 0x80200000+32M,0x88000000+4K,0x9fe00000+8K)" = "isp: open: it is placed over the device tree at 0x9fe00000, which RISC-V reserves later: the boot may stop, or later what uses both" ]
	[ "$(fates --kconfig config --taken 0x80200000+32M,0x88000000+4K,0x9ee00000+8K)" = "isp: heap isp" ]
	# in any case
	[ "$(fates --kconfig config --kernel 6.12)" = "isp: no heap: before Linux 6.19 only the default CMA area becomes one" ]
	config arm64 7.2.0
	[ "$(fates --kconfig config --page-size 4K)" = "isp: heap isp" ]
}

# a random boot of 6.1 (seed 50005-228), and the trap given-back-default
@test "the area of cma= may be made of what a refused region gives back of another area" {
	local isp='isp@58000000 { compatible = "shared-dma-pool"; reusable; reg = <0 0x58000000 0 0x4000000>; };'
	local trace='trace@5a080000 { compatible = "shared-dma-pool"; reusable; reg = <0 0x5a080000 0 0x1f80000>; };'
	local end='firmware@5c000000 { reg = <0 0x5c000000 0 0x4000000>; };'
	config arm64 6.1.0
	tree '0 0x40000000 0 0x20000000' "$(reserved "$isp $trace $end")"
	[ "$(fates --kconfig config --taken 0x40200000+8M --cmdline cma=16M | tail -n 1)" = "reserved: heap reserved; isp@58000000 may be made of a part of its memory as well: allocations may fail" ]
	[ "$(fates --kconfig config --taken 0x40200000+8M --cmdline cma=16M@0x50000000 | tail -n 1)" = "reserved: heap reserved" ]
	# what is given back is not of it, and where there is room above
	tree '0 0x40000000 0 0x20000000' "$(reserved "$isp ${trace//5a080000/5c080000} ${end/reg/no-map; reg}")"
	[ "$(fates --kconfig config --taken 0x40200000+8M --cmdline cma=16M | tail -n 1)" = "reserved: heap reserved" ]
	tree '0 0x40000000 0 0x20000000' "$(reserved "$isp $trace")"
	[ "$(fates --kconfig config --taken 0x40200000+8M --cmdline cma=16M | tail -n 1)" = "reserved: heap reserved" ]
}
