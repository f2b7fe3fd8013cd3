# SPDX-License-Identifier: GPL-2.0-or-later
#
# Counts what a tree has in /reserved-memory, from the output of dtc alone: nodes, pools of each kind,
# flags, entries of memory-region that refer to a region, and the heaps that Linux 7.2 with 4 KiB pages
# makes of CMA pools, of whose rules only alignment is checked. Prints one line: name, then key=number.

function hex(text,   i, n) {
	n = 0
	for (i = 3; i <= length(text); i++)
		n = n * 16 + index("0123456789abcdef", substr(text, i, 1)) - 1
	return n
}

# the cells between < and > of a property's line
function cells(line,   n) {
	sub(/^[^<]*</, "", line)
	gsub(/>, *</, " ", line)
	sub(/>.*/, "", line)
	return split(line, cell, " ")
}

# whether it is a multiple of 2 MiB: the last cell alone shows that
function aligned(text) { return hex(text) % 2097152 == 0 }

function close_region(   pool, n) {
	nodes++
	pool = compatible ~ /"shared-dma-pool"/
	if (pool && reusable && !nomap) {
		cma++
		if (okay && ranges && fits)
			heaps++
		if (okay && ranges && fits && isdefault)
			twice = 1
	} else if (pool) {
		coherent++
	} else if (compatible ~ /"restricted-dma-pool"/) {
		restricted++
	}
	all_reusable += reusable
	all_nomap += nomap
	if (phandle != "")
		is_region[phandle] = 1
}

# a node begins
/\{$/ {
	depth++
	name = $1
	if (depth == 1) { address = 1; size = 1 }
	if (depth == 2) within = name == "reserved-memory" || name ~ /^reserved-memory@/
	if (depth == 2 && within) ranges = 0
	if (within && depth == 3) {
		compatible = phandle = ""
		reusable = nomap = isdefault = fits = 0
		okay = 1
	}
	next
}
/^[ \t]*\};$/ {
	if (within && depth == 3) close_region()
	if (depth == 2) within = 0
	depth--
	next
}
depth == 1 && $1 == "#address-cells" { cells($0); address = hex(cell[1]) }
depth == 1 && $1 == "#size-cells" { cells($0); size = hex(cell[1]) }
within && depth == 2 && $1 == "ranges;" { ranges = 1 }
within && depth == 3 {
	if ($1 == "compatible") compatible = $0
	else if ($1 == "phandle") { cells($0); phandle = hex(cell[1]) }
	else if ($1 == "reusable;") reusable = 1
	else if ($1 == "no-map;") nomap = 1
	else if ($1 == "linux,cma-default;") isdefault = 1
	else if ($1 == "status") okay = $0 ~ /"(okay|ok)"/
	else if ($1 == "reg") {
		n = cells($0)
		fits = n >= address + size && aligned(cell[address]) && aligned(cell[address + size])
		if (fits && hex(cell[address + size]) == 0) fits = 0
	} else if ($1 == "size") { n = cells($0); fits = aligned(cell[n]) }
}
$1 == "memory-region" { n = cells($0); for (i = 1; i <= n; i++) links[++link] = hex(cell[i]) }
END {
	consumers = 0
	for (i = 1; i <= link; i++) consumers += links[i] in is_region
	printf "%s nodes=%d cma=%d coherent=%d restricted=%d reusable=%d nomap=%d consumers=%d heaps=%d\n",
		file, nodes, cma, coherent, restricted, all_reusable, all_nomap, consumers, heaps + twice
}
