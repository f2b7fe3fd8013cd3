#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The files for Yocto and Buildroot, read by the languages they are written in: no build is made.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	buildroot=packaging/buildroot/package/dmaheap
	recipe=packaging/yocto/dmaheap_git.bb
}

# The packages, by the names of both distributions, of the libraries that the program was linked to.
packages() {
	local library
	readelf -d "$DMAHEAP" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so\..*/\1/p' | while read -r library; do
		case $library in
		libc | libm | ld-* | libasan | libubsan) ;;
		libfdt) echo dtc ;;
		libjson-c) echo json-c ;;
		libsmartcols) echo util-linux ;;
		libudev) echo udev ;;
		libz) echo zlib ;;
		*) echo "$library" ;;
		esac
	done
}

@test "Buildroot: Config.in is Kconfig, asks for nothing unknown, and selects all libraries" {
	# what it may name of Buildroot 2024.02
	for symbol in PACKAGE_HAS_UDEV TOOLCHAIN_HAS_THREADS USE_MMU TOOLCHAIN_USES_MUSL \
		TOOLCHAIN_USES_UCLIBC PACKAGE_ARGP_STANDALONE PACKAGE_DTC PACKAGE_JSON_C PACKAGE_LIBDRM \
		PACKAGE_UTIL_LINUX PACKAGE_UTIL_LINUX_LIBSMARTCOLS PACKAGE_ZLIB; do
		printf 'config BR2_%s\n\tbool "%s"\n' "$symbol" "$symbol"
	done >"$BATS_TEST_TMPDIR/Config.in"
	echo "source \"$buildroot/Config.in\"" >>"$BATS_TEST_TMPDIR/Config.in"
	cat >"$BATS_TEST_TMPDIR/chosen.py" <<-'EOF'
		import sys, kconfiglib
		tree = kconfiglib.Kconfig(sys.argv[1], warn_to_stderr=False)
		for symbol in tree.unique_defined_syms:
		    for node in symbol.nodes:
		        for name in kconfiglib.expr_items(node.dep) | kconfiglib.expr_items(symbol.rev_dep):
		            if not name.nodes and not name.is_constant:
		                tree.warnings.append("unknown: " + name.name)
		    for target, _ in symbol.selects:
		        if not target.nodes:
		            tree.warnings.append("unknown: " + target.name)
		for name in sys.argv[2:]:
		    tree.syms[name].set_value(2) # "y"
		print(*(s.name for s in tree.unique_defined_syms if s.str_value == "y"), *tree.warnings, sep="\n")
	EOF
	run -0 /usr/bin/python3 "$BATS_TEST_TMPDIR/chosen.py" "$BATS_TEST_TMPDIR/Config.in" BR2_PACKAGE_DMAHEAP
	[ "$output" = "" ] # without its needs it can't be chosen
	run -0 /usr/bin/python3 "$BATS_TEST_TMPDIR/chosen.py" "$BATS_TEST_TMPDIR/Config.in" BR2_PACKAGE_HAS_UDEV \
		BR2_TOOLCHAIN_HAS_THREADS BR2_USE_MMU BR2_TOOLCHAIN_USES_MUSL BR2_PACKAGE_DMAHEAP
	echo "$output"
	[[ ! $output =~ unknown|warning ]]
	grep -x BR2_PACKAGE_DMAHEAP <<<"$output"
	grep -x BR2_PACKAGE_ARGP_STANDALONE <<<"$output"
	grep -x BR2_PACKAGE_UTIL_LINUX_LIBSMARTCOLS <<<"$output"
	for package in $(packages); do
		[ "$package" != udev ] || package=has-udev
		package=${package^^}
		grep -x "BR2_PACKAGE_${package//-/_}" <<<"$output"
	done
}

@test "Buildroot: the makefile is one, and depends on all libraries" {
	cat >"$BATS_TEST_TMPDIR/makefile" <<-EOF
		qstrip = \$(strip \$(subst ",,\$(1)))
		BR2_PACKAGE_DMAHEAP_REPOSITORY = "https://example.org/dmaheap.git"
		BR2_PACKAGE_DMAHEAP_REVISION = "v1"
		BR2_PACKAGE_ARGP_STANDALONE = y
		include $buildroot/dmaheap.mk
		all: ; @echo '\$(DMAHEAP_SITE) \$(DMAHEAP_VERSION) \$(DMAHEAP_SITE_METHOD) \$(DMAHEAP_LICENSE)'; \
			printf '%s\n' \$(DMAHEAP_DEPENDENCIES)
	EOF
	run -0 --separate-stderr make --no-print-directory --warn-undefined-variables \
		-f "$BATS_TEST_TMPDIR/makefile" cmake-package='$(info cmake-package)'
	echo "$output"
	[ "$stderr" = "" ]
	[ "${lines[0]}" = cmake-package ]
	[ "${lines[1]}" = "https://example.org/dmaheap.git v1 git GPL-2.0-or-later" ]
	grep -x argp-standalone <<<"$output"
	for package in $(packages); do
		grep -x "$package" <<<"$output"
	done
	[ -e "$(sed -n 's/^DMAHEAP_LICENSE_FILES = //p' "$buildroot/dmaheap.mk")" ]
}

@test "Yocto: the recipe has this version, this license and all libraries" {
	value() { sed -n "s/^$1 = \"\(.*\)\"/\1/p" "$recipe"; }
	[ "$(value PV)" = "$(sed -n 's/^project(dmaheap VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)+git" ]
	[ "$(value LIC_FILES_CHKSUM)" = "file://LICENSE;md5=$(md5sum <LICENSE | cut -d ' ' -f 1)" ]
	for package in $(packages); do
		grep -w -e "$package" <<<"$(value DEPENDS)"
	done
	# what is installed, and where its packages don't look
	for folder in dmaheap bash-completion zsh fish; do
		grep -F "\${datadir}/$folder" "$recipe"
	done
}
