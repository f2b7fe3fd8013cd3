#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# regions, on trees compiled here. What a boot really makes of them: tests/board/truth.
bats_require_minimum_version 1.5.0
load helpers

trees=$BATS_TEST_DIRNAME/fixtures/trees

setup_file() {
	requires command dtc
	local file
	cd "$BATS_TEST_DIRNAME/fixtures/trees" || exit
	for file in bad/*.dts good/*.dts; do
		mkdir -p "$BATS_FILE_TMPDIR/${file%/*}"
		dtc -q -@ -I dts -O dtb -o "$BATS_FILE_TMPDIR/${file%.dts}.dtb" "$file"
	done
}

setup() {
	cd "$BATS_FILE_TMPDIR" || exit
}

# ids [OPTION...] FILE: the findings, each once; fails without a report
ids() {
	"$DMAHEAP" regions -J "$@" | jq -er '[.regions[].findings[].id, .findings[].id] | unique | join(" ")'
}

# fates OPTION... FILE: "node: fate" lines
fates() {
	"$DMAHEAP" regions -J "$@" | jq -r '.regions[] | "\(.node): \(.fate)"'
}

# reserved CHILDREN: a tree with these nodes in /reserved-memory, as t.dtb
reserved() {
	printf '/dts-v1/;\n/include/ "%s"\n/ { reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges; %s }; %s };\n' \
		"$trees/machine.dtsi" "$1" "${2-}" | dtc -q -@ -I dts -O dtb -o t.dtb
}

pool='compatible = "shared-dma-pool"; reusable;'

@test "each bad tree triggers exactly the finding that it is named after" {
	local file id
	for file in bad/*.dtb; do
		id=${file#bad/}
		id=${id%.dtb}
		[ "$(ids -v "$file")" = "$id" ] || { echo "$file: $(ids -v "$file")"; return 1; }
	done
	for file in good/*.dtb; do
		run -0 ids -v "$file"
		[ -z "$output" ] || { echo "$file: $output"; return 1; }
	done
}

@test "of base and size, what misses the CMA alignment for sure is named, else the base" {
	reserved "a@42200000 { $pool reg = <0 0x42200000 0 0x200000>; }; b@44200000 { $pool reg = <0 0x44200000 0 0x100000>; };"
	run -0 fates t.dtb
	[[ ${lines[0]} == "a@42200000: open: base 0x42200000 "* ]]
	[[ ${lines[1]} == "b@44200000: dropped: size 0x100000 "* ]]
}

@test "each property that a restricted pool must not have drops it" {
	local property address=0x42000000 nodes=
	for property in reusable no-map linux,cma-default linux,dma-default; do
		nodes+="p@$(printf %x $((address))) { compatible = \"restricted-dma-pool\"; $property; reg = <0 $((address)) 0 0x200000>; };"
		address=$((address + 0x200000))
	done
	reserved "$nodes"
	diff - <(fates t.dtb) <<-END
		p@42000000: dropped: a restricted pool cannot be reusable
		p@42200000: dropped: a restricted pool cannot be no-map; no-map memory that is given back has no mapping, and the kernel uses it: the boot may stop
		p@42400000: dropped: a restricted pool cannot be linux,cma-default
		p@42600000: dropped: a restricted pool cannot be linux,dma-default
	END
	[ "$(ids t.dtb)" = restricted-pool-misused ]
	# 6.1 refuses it before the RAM is mapped
	[[ $(fates --kernel 6.1 t.dtb) == *"a restricted pool cannot be no-map"$'\n'* ]]
}

@test "a default pool that cma= takes the place of gives back no memory of another since 7.0" {
	reserved "a@42000000 { $pool linux,cma-default; reg = <0 0x42000000 0 0x2000000>; }; b@43000000 { $pool reg = <0 0x43000000 0 0x400000>; };"
	[[ $(fates --cmdline cma=16M t.dtb) == *"b@43000000: heap b@43000000" ]]
	[[ $(fates --kernel 6.12 --cmdline cma=16M t.dtb) == *"b@43000000: dropped: another region has given its memory back before" ]]
}

@test "an area of cma= with a base and no RAM is made wherever the kernel lies, which stops the boot" {
	reserved "a@42000000 { $pool reg = <0 0x42000000 0 0x400000>; };"
	[[ $(fates --all --memory 0x40000000+512M --cmdline cma=16M@16M t.dtb) == *"reserved: no heap: a CMA area outside the tree's RAM stops the boot"* ]]
	[[ $(fates --all --memory 0x40000000+512M --cmdline cma=32M@1008M t.dtb) == *"reserved: open: the kernel, an initrd or the device tree may be in the way (--taken states where they lie); if it is made: a CMA area outside the tree's RAM stops the boot"* ]]
	[[ $(fates --all --memory 0x40000000+248M,0x50000000+256M --cmdline cma=16M@1264M t.dtb) == *"; if it is made: part of it is no RAM, "*" may stop the machine" ]]
	[[ $(fates --all --memory 0x40000000+512M --cmdline cma=32M@1104M t.dtb) == *"reserved: open: the kernel, an initrd or the device tree may be in the way (--taken states where they lie)" ]]
	[ "$(ids --memory 0x40000000+512M --cmdline cma=32M@1008M t.dtb)" = cma-outside-ram ]
	[ -z "$(ids --memory 0x40000000+512M --cmdline cma=32M@1104M t.dtb)" ]
}

@test "no-map memory that ends inside a page may stop some kernels, but not one that runs" {
	local version root=$BATS_TEST_TMPDIR/root end
	end='r@13f000000: open: it begins or ends inside a page, of which some kernels do not map the rest, but use it: the boot may stop'
	# at the end of the RAM, where the kernel allocates first
	reserved 'r@13f000000 { reg = <1 0x3f000000 0 0xfff200>; no-map; };'
	for version in 5.10.263 6.6 6.12 6.12.117 7.1 7.2.14; do
		[ "$(fates --kernel $version t.dtb)" = "$end" ]
	done
	for version in 5.10 6.1 6.2 6.12.116 7.2; do
		[ "$(fates --kernel $version t.dtb)" = "r@13f000000: no heap: not a shared-dma-pool" ]
	done
	mkdir -p "$root"/{sys/firmware,proc/sys/kernel}
	cp t.dtb "$root/sys/firmware/fdt"
	echo 6.12.117 >"$root/proc/sys/kernel/osrelease"
	[ "$(fates --sysroot "$root")" = "r@13f000000: no heap: not a shared-dma-pool" ]
	# to the end of the page, and far below
	reserved 'r@13f000000 { reg = <1 0x3f000000 0 0xfff000>; no-map; };'
	[ "$(fates --kernel 6.12 t.dtb)" = "r@13f000000: no heap: not a shared-dma-pool" ]
	reserved 'r@50000000 { reg = <0 0x50000000 0 0xfff200>; no-map; };'
	[ "$(fates --kernel 6.12 t.dtb)" = "r@50000000: no heap: not a shared-dma-pool" ]
}

@test "before 5.14 a static no-map region that is refused keeps its memory" {
	local version
	reserved "a@42000000 { $pool no-map; reg = <0 0x42000000 0 0x400000>; };"
	for version in 5.10 5.13; do
		[ "$(fates --kernel $version t.dtb)" = "a@42000000: no heap: reusable and no-map must not be combined" ]
	done
	[[ $(fates --kernel 5.14 t.dtb) == "a@42000000: dropped: reusable and no-map must not be combined"* ]]
	# what is no RAM has no mark, and is made RAM
	[[ $(fates --kernel 5.10 --memory 0x50000000+64M t.dtb) == "a@42000000: dropped: reusable and no-map must not be combined; it is added to the RAM, and a part of it is none: "* ]]
	# it never had the mark, as others were there before; a dynamic one is taken out of the RAM
	reserved "b@42000000 { reg = <0 0x42000000 0 0x400000>; }; a@42000000 { $pool no-map; reg = <0 0x42000000 0 0x400000>; };
		c { $pool no-map; size = <0 0x400000>; };"
	[[ $(fates --kernel 5.10 t.dtb) == *"a@42000000: dropped: "*"c: dropped: reusable and no-map must not be combined"* ]]
}

@test "before 5.15 no-map is refused over others outside the RAM as well" {
	reserved "a@70000000 { reg = <0 0x70000000 0 0x400000>; }; b@70000000 { no-map; reg = <0 0x70000000 0 0x400000>; };"
	[[ $(fates --kernel 5.10 --memory 0x40000000+512M t.dtb) == *"b@70000000: dropped: no-map, but its memory is reserved already" ]]
	[[ $(fates --kernel 6.1 --memory 0x40000000+512M t.dtb) == *"b@70000000: no heap: not a shared-dma-pool" ]]
	[[ $(fates --kernel 6.1 --memory 0x40000000+1G t.dtb) == *"b@70000000: dropped: no-map, but its memory is reserved already" ]]
}

@test "where a region stops the boot, what else would become of a heap is said whole" {
	reserved "a@42000000 { $pool linux,cma-default; reg = <0 0x42000000 0 0x2000000>; }; b@43000000 { $pool reg = <0 0x43000000 0 0x400000>; };
		c@70000000 { $pool reg = <0 0x70000000 0 0x400000>; };"
	[[ $(fates --kernel 6.1 --memory 0x40000000+512M t.dtb) == "a@42000000: no heap: c@70000000 stops the boot; but for that: heap a@42000000"*"; b@43000000 may be made of a part of its memory as well: allocations may fail"* ]]
}

@test "little RAM is no fault of regions where the machine has no more" {
	reserved "a@42000000 { $pool reg = <0 0x42000000 0 0x400000>; };"
	[ -z "$(ids --memory 0x40000000+64M t.dtb)" ]
	[ "$(ids --memory 0x40000000+68M t.dtb)" = little-ram-left ]
}

# a random boot of Debian's 7.2 (80007-98), and the trap bounce-buffers
@test "RAM beyond what DMA reaches costs 64 MiB for bounce buffers" {
	reserved "a@46000000 { reg = <0 0x46000000 0 0x1a000000>; };"
	[ -z "$(ids --memory 0x40000000+512M,0xf0000000+16M --taken 0x40000000+16M t.dtb)" ]
	[ "$(ids --memory 0x40000000+512M,0x100000000+16M --taken 0x40000000+16M t.dtb)" = little-ram-left ]
}

@test "no-map memory inside a page is mapped around twice, which may stop the boot" {
	local twice='open: it lies inside a page, and kernels that map the rest do so twice: the boot may stop'
	reserved 'r { size = <0 1>; no-map; alignment = <0 0x40>; }; s@50000200 { reg = <0 0x50000200 0 0x200>; no-map; };'
	[ "$(fates --kernel 6.1 t.dtb)" = "s@50000200: $twice"$'\n'"r: $twice" ]
	# a part of it at the begin of a page
	reserved 's@50000000 { reg = <0 0x50000000 0 0x200>; no-map; };'
	[ "$(fates --kernel 6.1 t.dtb)" = "s@50000000: no heap: not a shared-dma-pool" ]
	# 32-bit Arm: the last page of a section, as in the trap no-map-in-page; another one
	printf '# Linux/arm 7.2.0 Kernel Configuration\nCONFIG_DMA_CMA=y\n' >config
	reserved 'r@500fffc0 { reg = <0 0x500fffc0 0 1>; no-map; }; s@50000200 { reg = <0 0x50000200 0 0x200>; no-map; };'
	[ "$(fates --kconfig config t.dtb)" = "s@50000200: no heap: not a shared-dma-pool"$'\n'"r@500fffc0: $twice" ]
}

@test "of two areas with the same memory the first one may have none to give" {
	reserved "a@42000000 { $pool linux,cma-default; reg = <0 0x42000000 0 0x2000000>; }; b@43000000 { $pool reg = <0 0x43000000 0 0x400000>; };"
	[[ $(fates --kernel 6.1 t.dtb) == "a@42000000: heap a@42000000"*"; b@43000000 may be made of a part of its memory as well: allocations may fail"* ]]
}

@test "a dynamic region that leaves no RAM stops the boot, and nothing is a heap then" {
	reserved "a@40400000 { $pool reg = <0 0x40400000 0 0x2000000>; }; all { size = <0 0x1dc00000>; };"
	[[ $(fates --memory 0x40000000+512M --taken 0x40000000+4M t.dtb) == "a@40400000: no heap: lack of RAM stops the boot; but for that: heap a@40400000"* ]]
	[ "$(ids --memory 0x40000000+512M --taken 0x40000000+4M t.dtb)" = no-ram-left ]
	[ "$(ids --memory 0x40000000+520M --taken 0x40000000+4M t.dtb)" = little-ram-left ]
	[ -z "$(ids --memory 0x40000000+580M --taken 0x40000000+4M t.dtb)" ]
	# a placeholder of RAM
	[ -z "$(ids t.dtb)" ]
}

@test "before 5.14 no-map memory that is refused takes what others have reserved with it" {
	reserved "a@42000000 { $pool no-map; reg = <0 0x42000000 0 0x800000>; }; b@42400000 { $pool reg = <0 0x42400000 0 0x400000>; };"
	[[ $(fates --kernel 5.13 t.dtb) == *"b@42400000: dropped: another region has given its memory back before"* ]]
	[[ $(fates --kernel 5.14 t.dtb) != *"given its memory back"* ]]
}

@test "of a pool whose base some kernels refuse, what the others make of it is said as well" {
	reserved "a@3a200000 { $pool reg = <0 0x3a200000 0 0x400000>; };"
	[[ $(fates --memory 0x40000000+512M t.dtb) == *"of some kernels "*"; if it is made: a CMA area outside the tree's RAM stops the boot" ]]
	[ "$(ids --memory 0x40000000+512M t.dtb)" = cma-outside-ram ]
}

# setup_arch() of arm and riscv calls dma_contiguous_reserve() before unflatten_device_tree()
@test "arm and riscv make the area of the configuration before a region is the default one" {
	local architecture
	reserved "video@42000000 { $pool linux,cma-default; reg = <0 0x42000000 0 0x2000000>; };"
	for architecture in arm riscv arm64; do
		printf '# Linux/%s 7.2.0 Kernel Configuration\nCONFIG_DMA_CMA=y\nCONFIG_CMA_SIZE_MBYTES=16\n' $architecture >config
		"$DMAHEAP" regions --all -J --kconfig config t.dtb | jq -r '.regions[].area | select(. == "reserved")' >area
		[ $architecture = arm64 ] || [ "$(cat area)" = reserved ]
	done
	[ ! -s area ]
}

@test "each finding has its bad tree, each tree a finding of the list" {
	# the trees of four are below
	diff <(printf '%s\n' bad/{*,too-many-areas,too-many-regions,cma-crosses-zones,mem-adds-ram}.dtb |
		sed 's:bad/\(.*\)\.dtb:\1:' | LC_ALL=C sort) \
		<("$DMAHEAP" regions --format sarif good/one-of-each.dtb | jq -r '.runs[0].tool.driver.rules[].id' | LC_ALL=C sort)
	printf 'CONFIG_DMA_CMA=y\nCONFIG_DMABUF_HEAPS=y\nCONFIG_DMABUF_HEAPS_CMA=y\nCONFIG_CMA_AREAS=8\n' >config
	[ "$(ids --kconfig config --page-size 64K bad/many-areas.dtb)" = too-many-areas ]
	run -0 ids --kconfig <(sed s/8/9/ config) --page-size 64K bad/many-areas.dtb
	[ -z "$output" ]
	# up to 6.8 the kernel has room for one more than is configured
	[ "$(ids --kernel 6.9 --kconfig config --page-size 64K bad/many-areas.dtb)" = too-many-areas ]
	run -0 ids --kernel 6.8 --kconfig config --page-size 64K bad/many-areas.dtb
	[ -z "$output" ]
	sed -i '1i # Linux/arm64 7.2.0 Kernel Configuration\nCONFIG_ZONE_DMA32=y' config
	[ "$(ids --kconfig config --page-size 64K bad/cma-may-cross-zones.dtb)" = cma-crosses-zones ]
	printf '# Linux/arm 7.2.0 Kernel Configuration\nCONFIG_DMA_CMA=y\n' >config
	reserved 'logo@42000000 { reg = <0 0x42000000 0 0x200000>; };'
	[ "$(ids --kconfig config --memory 0x40000000+512M --cmdline mem=1G t.dtb)" = mem-adds-ram ]

	reserved "$(for ((i = 0; i < 4097; i++)); do printf 'r@%x { reg = <0 %#x 0 0x1000>; };' $((0x40000000 + 4096 * i)) $((0x40000000 + 4096 * i)); done)"
	[ "$(ids t.dtb)" = too-many-regions ] || { ids t.dtb; return 1; }
}

# device memory and carve-outs of firmware lie outside the banks, boards enable what a .dtsi disables: on purpose
@test "what is on purpose more often than not is said with -v only" {
	local part no_map='compatible = "shared-dma-pool"; no-map;'
	for part in 'vram@18000000 { no-map; reg = <0 0x18000000 0 0x800000>; };' \
		"vram@18000000 { $no_map reg = <0 0x18000000 0 0x800000>; };" \
		'video@42000000 { status = "disabled"; reg = <0 0x42000000 0 0x2000000>; };'; do
		reserved "$part"
		run -0 "$DMAHEAP" regions --fail-on note t.dtb
		[[ $output == *"not shown: 1 note (-v shows it)" ]] || { echo "$output"; return 1; }
		[[ $(ids -v t.dtb) == @(outside-ram|status-disabled) ]]
	done
	# what cannot be meant: half in RAM, a pool that Linux has to map, RAM that mem= takes away
	reserved 'half@3ff00000 { reg = <0 0x3ff00000 0 0x200000>; };'
	[ "$(ids t.dtb)" = outside-ram ]
	reserved 'wifi@18000000 { compatible = "restricted-dma-pool"; reg = <0 0x18000000 0 0x800000>; };'
	[ "$(ids t.dtb)" = outside-ram ]
	reserved 'firmware@48000000 { no-map; reg = <0 0x48000000 0 0x800000>; };'
	run -0 ids t.dtb
	[ -z "$output" ]
	[ "$(ids --cmdline mem=64M t.dtb)" = outside-ram ]
}

@test "severity decides the exit status, --fail-on moves the threshold" {
	run -3 "$DMAHEAP" regions bad/overlap.dtb
	run -0 "$DMAHEAP" regions bad/overlap-nested.dtb
	run -3 "$DMAHEAP" regions --fail-on warning bad/overlap-nested.dtb
	run -0 "$DMAHEAP" regions --fail-on warning bad/overlap-memreserve.dtb
	run -3 "$DMAHEAP" regions --fail-on note bad/overlap-memreserve.dtb
	run -0 "$DMAHEAP" regions --fail-on never bad/overlap.dtb
	run -0 "$DMAHEAP" regions --fail-on note good/one-of-each.dtb
	run -2 "$DMAHEAP" regions --fail-on fatal good/one-of-each.dtb
}

@test "regions come by address, dynamic ones last, with all that the tree says" {
	run "$DMAHEAP" regions -nr -o NODE good/one-of-each.dtb
	[ "$output" = "$(printf '%s\n' firmware@40000000 display@50000000 wifi@52000000 \
		global@53000000 video@60000000 linux,cma iova)" ]
	[ "$("$DMAHEAP" regions -J good/one-of-each.dtb | jq -c '.regions[] | select(.node == "video@60000000")')" = \
		'{"file":"good/one-of-each.dtb","node":"video@60000000","base":"0x60000000","size":536870912,"end":"0x7fffffff","placement":"static","alignment":null,"alloc_ranges":null,"kind":"CMA pool","flags":["reusable"],"status":null,"compatible":["shared-dma-pool"],"labels":["video_mem"],"consumers":[{"node":"/camera@8000000","name":"frames","enabled":true}],"outcome":"heap","fate":"heap video@60000000","heaps":["video@60000000"],"area":"video@60000000","findings":[],"properties":[]}' ]
	[ "$("$DMAHEAP" regions -J good/one-of-each.dtb | jq -c '.regions[] | select(.node == "linux,cma") | [.base, .size, .alignment, .alloc_ranges, .placement]')" = \
		'[null,536870912,8192,[{"base":"0x40000000","size":3221225472,"end":"0xffffffff"}],"dynamic"]' ]
	run "$DMAHEAP" regions -v good/one-of-each.dtb
	[[ $output == *"firmware@40000000: ecc-correction-bits = <00000002>"* ]]
}

@test "fates follow the kernel: version, page size, command line, configuration" {
	reserved "video@42000000 { $pool reg = <0 0x42000000 0 0x2000000>; }; linux,cma { $pool linux,cma-default; size = <0 0x4000000>; };"
	[ "$(fates --cmdline '' t.dtb)" = "video@42000000: heap video@42000000
linux,cma: heaps default_cma_region and linux,cma, one region" ]
	[ "$(fates t.dtb | tail -n 1)" = "linux,cma: heaps default_cma_region and linux,cma, one region, unless cma= is on the command line" ]
	[ "$(fates --cmdline 'quiet cma=64M' t.dtb | tail -n 1)" = "linux,cma: dropped: cma= on the command line takes its place" ]
	[ "$(fates --cmdline 'xcma=1 -- cma=64M' t.dtb | tail -n 1)" = "linux,cma: heaps default_cma_region and linux,cma, one region" ]
	[ "$(fates --kernel 6.18 --cmdline '' t.dtb)" = "video@42000000: no heap: before Linux 6.19 only the default CMA area becomes one
linux,cma: heap default_cma_region; linux,cma as well with CONFIG_DMABUF_HEAPS_CMA_LEGACY" ]
	[ "$(fates --kernel 6.12.117 --cmdline '' t.dtb | tail -n 1)" = "linux,cma: heap linux,cma" ]
	[ "$(fates --page-size 16K t.dtb | head -n 1)" = "video@42000000: heap video@42000000" ]
	[ "$(fates --page-size 64K t.dtb | head -n 1)" = "video@42000000: dropped: base 0x42000000 is not a multiple of 512 MiB, the CMA alignment with 64 KiB pages" ]

	printf '# Linux/arm64 6.12.1 Kernel Configuration\nCONFIG_ARM64_16K_PAGES=y\nCONFIG_DMA_CMA=y\nCONFIG_ARCH_FORCE_MAX_ORDER=12\nCONFIG_CMA_AREAS=2\nCONFIG_DMABUF_HEAPS=y\nCONFIG_DMABUF_HEAPS_CMA=y\n' >config
	gzip -kf config
	for file in config config.gz; do
		[ "$(fates --kconfig $file --cmdline '' t.dtb)" = "video@42000000: dropped: base 0x42000000 is not a multiple of 64 MiB, the CMA alignment with 16 KiB pages
linux,cma: heap linux,cma" ] ||
			{ fates --kconfig $file --cmdline '' t.dtb; return 1; }
	done
	[ "$(fates --kconfig - --cmdline '' t.dtb <config)" = "$(fates --kconfig config --cmdline '' t.dtb)" ]
	run "$DMAHEAP" regions --kconfig <(grep -v HEAPS_CMA config) t.dtb
	[[ $output == *"no heap: the kernel is built without CONFIG_DMABUF_HEAPS_CMA"* ]]
	run -1 "$DMAHEAP" regions --kconfig t.dtb t.dtb
	run -2 "$DMAHEAP" regions --kernel 5.4 t.dtb
	run -2 "$DMAHEAP" regions --page-size 5K t.dtb
}

@test "bootargs of the tree are its command line" {
	reserved "linux,cma { $pool linux,cma-default; size = <0 0x4000000>; };" 'chosen { bootargs = "quiet cma=8M"; };'
	[ "$(fates t.dtb)" = "linux,cma: dropped: cma= on the command line takes its place" ]
	[ "$(fates --cmdline quiet t.dtb)" = "linux,cma: heaps default_cma_region and linux,cma, one region" ]
	[ "$(fates --all t.dtb | tail -n 1)" = "reserved: heaps default_cma_region and reserved, one region" ]
}

@test "--all adds RAM and /memreserve/, by address" {
	run "$DMAHEAP" regions --all -nr -o NODE,BASE,END,KIND good/touching.dtb
	[ "$(awk '{ print $1, $2, $3 }' <<<"$output")" = "memory@40000000 0x40000000 0x13fffffff
one@42000000 0x42000000 0x43ffffff
two@44000000 0x44000000 0x45ffffff
/memreserve/ 0x46000000 0x460fffff
last@13fe00000 0x13fe00000 0x13fffffff" ]
}

@test "the end of an address space, an empty reg and an empty range are shown as they are" {
	reserved "
		top@ffffffffffffffff { reg = <0xffffffff 0xffffffff 0xffffffff 0xffffffff>; };
		nothing { reg; };
		anywhere { $pool size = <0 0x800000>; alloc-ranges = <0 0 0 0>; };"
	run -0 "$DMAHEAP" regions -n -o NODE,END,ALLOC-RANGES --fail-on never t.dtb
	[ "$(tr -s ' ' <<<"$output")" = "top@ffffffffffffffff 0xffffffffffffffff -
anywhere - 0x0 (empty)
nothing - -" ]
	[ "$(fates --fail-on never t.dtb | grep nothing)" = "nothing: dropped: reg is empty" ]
}

@test "the first string of a status counts, for regions, consumers and memory alike" {
	reserved "
		on: on@42000000 { reg = <0 0x42000000 0 0x400000>; status = \"okay\", \"x\"; };
		off@43000000 { reg = <0 0x43000000 0 0x400000>; status = \"x\", \"okay\"; };
		empty@44000000 { reg = <0 0x44000000 0 0x400000>; status; };" \
		'user { memory-region = <&on>; status = "okay", "x"; };
		memory@200000000 { device_type = "memory"; reg = <2 0 0 0x10000000>; status = "ok", "x"; };
		memory@300000000 { device_type = "memory"; reg = <3 0 0 0x10000000>; status; };'
	[ "$(fates --all --fail-on never t.dtb | grep -v memory@4)" = 'on@42000000: no heap: not a shared-dma-pool
off@43000000: dropped: status is "x"
empty@44000000: dropped: status is ""
memory@200000000: null' ]
	[ "$("$DMAHEAP" regions -J t.dtb | jq -c '.regions[0].consumers[].enabled')" = true ]
}

@test "all of the RAM is too much with alloc-ranges as without, and leaves room for the next" {
	local ranges
	for ranges in '' 'alloc-ranges = <0 0x40000000 0 0x20000000>;' 'alloc-ranges = <0 0x40000000 0 0x40000000>;'; do
		dtc -q -I dts -O dtb -o t.dtb - <<-END
			/dts-v1/; / { #address-cells = <2>; #size-cells = <2>;
			memory@40000000 { device_type = "memory"; reg = <0 0x40000000 0 0x20000000>; };
			reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges;
			large { $pool size = <0 0x20000000>; $ranges };
			small { $pool size = <0 0x1000000>; }; }; };
		END
		run -3 "$DMAHEAP" regions -J --memory 0x40000000+512M t.dtb
		[ "$(jq -r '.regions[] | [.node, .outcome, (.findings[].id | select(. == "no-room" or test("^alloc-")))] | join(" ")' <<<"$output")" = \
			$'large dropped no-room\nsmall heap' ]
	done
}

@test "only one of two documents may go to standard output" {
	reserved "video@60000000 { $pool reg = <0 0x60000000 0 0x1000000>; };"
	run -2 --separate-stderr "$DMAHEAP" regions --svg - --json t.dtb
	[ -z "$output" ]
	[[ $stderr == *"must not be combined"* ]]
	run -2 --separate-stderr "$DMAHEAP" regions --svg - --draw t.dtb
	[ -z "$output" ]
}

@test "a picture is well-formed, whatever the tree says" {
	requires command xmllint
	dtc -q -I dts -O dtb -o t.dtb - <<-'END'
		/dts-v1/; / { model = "a<b>&\xef\xbf\xbe\e"; #address-cells = <2>; #size-cells = <2>; };
	END
	"$DMAHEAP" regions --svg - --fail-on never t.dtb | xmllint --noout -
}

@test "overlays are applied in order, and their symbols with them" {
	reserved ''
	cat >first.dtso <<-'END'
		/dts-v1/; /plugin/;
		&{/reserved-memory} { added: added@50000000 { reg = <0 0x50000000 0 0x100000>; }; };
	END
	cat >second.dtso <<-'END'
		/dts-v1/; /plugin/;
		&added { no-map; };
	END
	dtc -q -@ -I dts -O dtb -o first.dtbo first.dtso
	dtc -q -@ -I dts -O dtb -o second.dtbo second.dtso
	[ "$("$DMAHEAP" regions -J --overlay first.dtbo --overlay second.dtbo t.dtb | jq -c '.regions[] | [.node, .labels, .flags]')" = \
		'["added@50000000",["added"],["no-map"]]' ]
	# without the overlay no tree was read, and every format says so
	run -1 --separate-stderr "$DMAHEAP" regions --overlay missing.dtbo --format github t.dtb t.dtb
	[ "$output" = "::error title=incomplete::not all regions could be read: standard error says why" ]
	[ "$("$DMAHEAP" regions --overlay missing.dtbo -J t.dtb t.dtb 2>/dev/null | jq -c '[.summary.trees, .summary.failed]')" = '[0,2]' ]
	run -1 --separate-stderr "$DMAHEAP" regions --overlay second.dtbo t.dtb
	[[ $stderr == *"t.dtb: second.dtbo does not apply: "*FDT_ERR_* ]]
	run -0 --separate-stderr "$DMAHEAP" regions first.dtbo
	[[ $stderr == *"is an overlay"* ]]
}

@test "a file that is not a tree gets one line, and the others are read" {
	head -c 200 good/one-of-each.dtb >cut.dtb
	: >empty.dtb
	echo "no tree at all, only a few words that fill a header" >words.dtb
	{ printf '/dts-v1/;/ {'; for ((i = 0; i < 70; i++)); do printf 'n { '; done
		for ((i = 0; i < 70; i++)); do printf '}; '; done; printf '};'; } | dtc -q -I dts -O dtb -o deep.dtb
	run -1 --separate-stderr "$DMAHEAP" regions cut.dtb empty.dtb words.dtb deep.dtb missing.dtb good/touching.dtb
	[ "$stderr" = "dmaheap regions: cut.dtb: truncated (FDT_ERR_TRUNCATED)
dmaheap regions: empty.dtb: truncated (FDT_ERR_TRUNCATED)
dmaheap regions: words.dtb: not a flattened device tree (FDT_ERR_BADMAGIC)
dmaheap regions: deep.dtb: nodes nested deeper than 64
dmaheap regions: missing.dtb: no such file or directory" ]
	[[ $output == *"last@13fe00000"* ]]
	[[ ${lines[-1]} == "1 tree, 5 failed; 3 regions, 0 heaps; 0 errors, 0 warnings, 0 notes" ]]
}

@test "standard input is a file like any other" {
	[ "$("$DMAHEAP" regions -nr -o NODE - <good/touching.dtb)" = "$("$DMAHEAP" regions -nr -o NODE good/touching.dtb)" ]
	[ "$("$DMAHEAP" regions -J - <good/touching.dtb | jq -r '.regions[0].file')" = - ]
}

# on_terminal COMMAND: what a terminal gets of it
on_terminal() {
	SHELL=$BASH script -qec "$1" /dev/null </dev/null
}

# slowly FIFO: a tree that takes 0.3 s from when it is opened, however late that is
slowly() {
	mkfifo "$1"
	timeout 60 sh -c 'exec >"$0"; sleep 0.3; cat good/touching.dtb' "$1" 3>&- &
}

@test "what takes long shows a bar on a terminal, and wipes it" {
	requires command script
	local output
	slowly slow
	output=$(on_terminal "'$DMAHEAP' regions good/touching.dtb slow good/one-of-each.dtb")
	[[ $output == *$'\r\e[K[####################          ] 2/3 good/one-of-each.dtb\r\e[K'* ]]
	# a single tree, -q, and no terminal
	slowly single; slowly quiet; slowly away
	output=$(on_terminal "'$DMAHEAP' regions single; '$DMAHEAP' regions -q good/touching.dtb quiet good/one-of-each.dtb
		'$DMAHEAP' regions good/touching.dtb away good/one-of-each.dtb 2>&1 | cat")
	[[ -n $output && $output != *$'\e'* ]]
}

@test "the flattened /proc/device-tree gives the same answer as the blob" {
	mkdir -p root/sys/firmware root/proc
	cp good/one-of-each.dtb root/sys/firmware/fdt
	# dtc reads and writes trees of files, as the kernel shows them
	dtc -q -I dtb -O dts good/one-of-each.dtb >/dev/null
	unflatten good/one-of-each.dtb root/proc/device-tree
	"$DMAHEAP" --sysroot root regions -J | jq 'del(.regions[].file)' >blob.json
	mv root/sys/firmware/fdt elsewhere
	"$DMAHEAP" --sysroot root regions -J | jq 'del(.regions[].file)' >directory.json
	cmp blob.json directory.json
	[ "$(jq '.regions | length' blob.json)" -eq 7 ]
}

# of MACHINE OPTION...: the fate of its one region
of() {
	"$DMAHEAP" --sysroot "$1" regions -J --fail-on never "${@:2}" | jq -r '.regions[0].fate'
}

@test "what an option does not say of another kernel stays as it is on the machine" {
	local title='# Linux/arm 6.19.3 Kernel Configuration'
	mkdir -p machine/sys/firmware machine/proc/self machine/proc/sys/kernel
	reserved "video@42000000 { $pool reg = <0 0x42000000 0 0x1000000>; };"
	cp t.dtb machine/sys/firmware/fdt
	echo 6.19.3 >machine/proc/sys/kernel/osrelease
	printf '0-1 r\nKernelPageSize:       64 kB\n' >machine/proc/self/smaps
	unaligned='dropped: base 0x42000000 is not a multiple of 512 MiB, the CMA alignment with 64 KiB pages'
	[ "$(of machine)" = "$unaligned" ]
	# what no pageblock has is not believed
	for option in 0 3 1000 18446744073709551615 281474976710656 99999999999999999999; do
		echo "Pages per block:  $option" >machine/proc/pagetypeinfo
		[ "$(of machine)" = "$unaligned" ]
	done
	rm machine/proc/pagetypeinfo
	[ "$(of machine --kernel 7.2)" = "$unaligned" ]
	[ "$(of machine --kconfig <(printf 'CONFIG_DMA_CMA=y\nCONFIG_DMABUF_HEAPS=y\nCONFIG_DMABUF_HEAPS_CMA=y\n'))" = "$unaligned" ]
	# unless an option says so
	[ "$(of machine --page-size 4K)" = "heap video@42000000" ]
	[ "$(of machine --kconfig <(printf 'CONFIG_ARM64_4K_PAGES=y\nCONFIG_CMA_AREAS=7\nCONFIG_DMA_CMA=y\nCONFIG_DMABUF_HEAPS=y\nCONFIG_DMABUF_HEAPS_CMA=y\n'))" = "heap video@42000000" ]
	# the version: before 6.19 only the default area has a heap
	echo 6.12.1 >machine/proc/sys/kernel/osrelease
	[[ $(of machine --page-size 4K) == "no heap: "* ]]
	[ "$(of machine --page-size 4K --kernel 6.19)" = "heap video@42000000" ]
	# and the architecture, which the configuration shows
	reserved 'pool@42000000 { compatible = "shared-dma-pool"; reg = <0 0x42000000 0 0x1000000>; };'
	cp t.dtb machine/sys/firmware/fdt
	gzip -c <<<"$title" >machine/proc/config.gz
	for option in "" "--kernel=7.2" "--page-size=4K"; do
		[[ $(of machine $option) == "dropped: 32-bit Arm "* ]]
	done
	[ "$(of machine --kconfig <(echo "${title/arm/arm64}"; echo CONFIG_DMA_CMA=y))" = "no heap: not reusable" ]
}

@test "names from a tree cannot reach the terminal as they are" {
	printf '/dts-v1/;\n/ { #address-cells = <2>; #size-cells = <2>; reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges; evilXX31m@40000000 { reg = <0 0x40000000 0 0x1000>; }; }; };' |
		dtc -q -I dts -O dtb -o evil.dtb
	LC_ALL=C sed -i 's/evilXX/evil\x1b[/' evil.dtb
	run "$DMAHEAP" regions evil.dtb
	[[ $output == *'evil\x1b[31m@40000000'* ]]
	[[ $output != *$'\x1b'* ]]
	"$DMAHEAP" regions -J evil.dtb | jq -e '.regions[0].node == "evil\u001b[31m@40000000"'
}

@test "a finding is a line as in lint-names, with the kernel's rule and what to write on demand" {
	run -3 "$DMAHEAP" regions bad/overlap.dtb
	[[ ${lines[-1]} == "next: "* && ${lines[-2]} == "two@43000000: error: 0x43000000..0x43ffffff belongs to one@42000000 "*" [overlap]" ]]
	run -3 "$DMAHEAP" regions -v bad/overlap.dtb
	[[ ${lines[-4]} == "two@43000000: error: "*" [overlap]" ]]
	[[ ${lines[-3]} == "    rule:   the kernel logs OVERLAP DETECTED "*"(drivers/of/of_reserved_mem.c, __rmem_check_for_overlap)" ]]
	[ "${lines[-2]}" = "    write:  ranges that do not touch" ]
	run -3 "$DMAHEAP" regions --color=always bad/overlap.dtb
	[[ ${lines[-2]} == $'\e[1mtwo@43000000: \e[1;31merror: \e[m'* ]]
	# of the tree: the node's path
	run -3 "$DMAHEAP" regions bad/memory-region-dangling.dtb
	[[ ${lines[-2]} == "/device@8000000: error: "*" [memory-region-dangling]" ]]
}

@test "an equal finding of several trees is one, and what is not shown is counted" {
	local i
	cp bad/overlap.dtb "$BATS_TEST_TMPDIR/again.dtb"
	run -3 "$DMAHEAP" regions bad/overlap.dtb "$BATS_TEST_TMPDIR/again.dtb" good/touching.dtb
	[ "$(grep -c '\[overlap\]' <<<"$output")" -eq 1 ]
	[[ $output == *"    2 trees: bad/overlap.dtb, $BATS_TEST_TMPDIR/again.dtb"* ]]
	[[ ${lines[-2]} == "3 trees, 0 failed; "* && ${lines[-1]} == "next: "* ]]
	# unequal ones stay apart
	for i in 4 5; do
		sed "s/0x0 0x44000000/0x0 0x4${i}000000/" "$BATS_TEST_DIRNAME/fixtures/names/trees/lies.dts" |
			dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/$i.dtb"
	done
	run -0 "$DMAHEAP" regions "$BATS_TEST_TMPDIR"/{4,5}.dtb
	[ "$(grep -c '^video@42000000: .*\[unit-address-wrong\]' <<<"$output")" -eq 2 ]
	# three pools that are aligned for pages of 4 KiB only
	dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/pools.dtb" "$BATS_TEST_DIRNAME/fixtures/names/trees/release-1.dts"
	run -0 "$DMAHEAP" regions "$BATS_TEST_TMPDIR/pools.dtb"
	[ "${lines[-1]}" = "not shown: 3 notes (-v shows them)" ]
	[[ $output != *"next: "* ]]
	run -0 "$DMAHEAP" regions -v "$BATS_TEST_TMPDIR/pools.dtb"
	[ "$(grep -c '\[cma-alignment-pages\]' <<<"$output")" -eq 3 ]
	[[ $output != *"not shown"* ]]
	run -3 "$DMAHEAP" regions -q bad/overlap.dtb good/touching.dtb
	[[ $output != *"next: "* && $output != *"not shown"* ]]
	# a picture on standard output stays one
	run -3 --separate-stderr "$DMAHEAP" regions --svg - bad/overlap.dtb
	[ "${lines[-1]}" = "</svg>" ]
}

# two trees with a finding each, of a region and of another node, and one without
three=(bad/overlap.dtb good/touching.dtb bad/memory-region-dangling.dtb)

@test "sarif: what is wrong in several trees, with file and node; nothing of a clean one" {
	run -3 --separate-stderr "$DMAHEAP" regions --format sarif "${three[@]}"
	sarif_is_valid <<<"$output"
	jq -e '.runs[0].results | map([.ruleId, .level,
		.locations[0].physicalLocation.artifactLocation.uri,
		.locations[0].logicalLocations[0].fullyQualifiedName]) == [
		["overlap", "error", "bad/overlap.dtb", "/reserved-memory/two@43000000"],
		["memory-region-dangling", "error", "bad/memory-region-dangling.dtb", "/device@8000000"]]' <<<"$output"
	run -0 --separate-stderr "$DMAHEAP" regions --format sarif good/touching.dtb
	sarif_is_valid <<<"$output"
	jq -e '.runs[0].results == [] and .runs[0].invocations[0].executionSuccessful' <<<"$output"
	run -1 --separate-stderr "$DMAHEAP" regions --format sarif good/touching.dtb /dev/null
	jq -e '.runs[0].invocations[0].executionSuccessful == false' <<<"$output"
}

@test "github: one annotation a finding" {
	run -3 --separate-stderr "$DMAHEAP" regions --format github "${three[@]}"
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == "::error title=overlap,file=bad/overlap.dtb::two@43000000: "* ]]
	[[ ${lines[1]} == "::error title=memory-region-dangling,file=bad/memory-region-dangling.dtb::/device@8000000: "* ]]
	run -0 --separate-stderr "$DMAHEAP" regions --format github good/touching.dtb
	[ -z "$output" ]
	run -0 --separate-stderr "$DMAHEAP" regions --format github bad/overlap-memreserve.dtb
	[[ $output == "::notice title=overlap-memreserve,"* ]]
	run -1 --separate-stderr "$DMAHEAP" regions --format github /dev/null
	[ "$output" = "::error title=incomplete::not all regions could be read: standard error says why" ]
}

@test "junit: each region is a test, and each other node with a finding" {
	requires command xmllint
	run -3 --separate-stderr "$DMAHEAP" regions --format junit "${three[@]}"
	# 2 of the first tree, 3 of the second, 1 and the device of the last one
	[ "$(xmllint --xpath 'string(//testsuite/@tests)' - <<<"$output")" -eq 7 ]
	[ "$(xmllint --xpath 'string(//testsuite/@failures)' - <<<"$output")" -eq 2 ]
	[ "$(xmllint --xpath 'count(//testcase)' - <<<"$output")" -eq 7 ]
	[ "$(xmllint --xpath 'string(//testcase[@name="two@43000000"]/failure/@type)' - <<<"$output")" = overlap ]
	[ "$(xmllint --xpath 'string(//testcase[failure][2]/@classname)' - <<<"$output")" = bad/memory-region-dangling.dtb ]
	run -0 --separate-stderr "$DMAHEAP" regions --format junit good/touching.dtb
	[ "$(xmllint --xpath 'string(//testsuite/@failures)' - <<<"$output")" -eq 0 ]
	# what does not reach the threshold is reported, but is not a failure
	run -0 --separate-stderr "$DMAHEAP" regions --format junit --fail-on never bad/overlap.dtb
	[ "$(xmllint --xpath 'count(//failure)' - <<<"$output")" -eq 0 ]
	[[ $(xmllint --xpath 'string(//system-out)' - <<<"$output") == "error: "*"[overlap]"* ]]
}

@test "tap: each region is a test, and the plan" {
	run -3 --separate-stderr "$DMAHEAP" regions --format tap "${three[@]}"
	[ "$(tap_results <<<"$output")" = "7 2" ]
	grep -qx 'not ok 2 - bad/overlap.dtb: two@43000000' <<<"$output"
	run -0 --separate-stderr "$DMAHEAP" regions --format tap good/touching.dtb
	[ "$(tap_results <<<"$output")" = "3 0" ]
	run -1 --separate-stderr "$DMAHEAP" regions --format tap good/touching.dtb /dev/null
	[[ ${lines[-1]} == "Bail out! "* ]]
}

@test "text and json as formats are what they are without" {
	diff <("$DMAHEAP" regions --fail-on never "${three[@]}") <("$DMAHEAP" regions --fail-on never --format text "${three[@]}")
	diff <("$DMAHEAP" regions --fail-on never --json "${three[@]}") <("$DMAHEAP" regions --fail-on never --format json "${three[@]}")
	run -0 "$DMAHEAP" regions --format json good/touching.dtb
	jq -e '.findings == [] and .summary.errors == 0 and (.regions | length) == 3' <<<"$output"
	run -2 "$DMAHEAP" regions --format frob good/touching.dtb
	run -2 "$DMAHEAP" regions --format tap --json good/touching.dtb
	run -2 "$DMAHEAP" regions --format tap --draw good/touching.dtb
	run -2 "$DMAHEAP" regions --format tap -o NODE good/touching.dtb
}
