#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The files for Yocto and Buildroot, read by the languages they are written in: no build is made.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_DIRNAME/.." || return
	buildroot=packaging/buildroot/package/dmaheap
	recipe=packaging/yocto/dmaheap_git.bb
	for command in cmake make readelf /usr/bin/python3; do
		requires command "$command"
	done
}

# The packages, by the names of both distributions, of the libraries that the program was linked to. Only
# a program with all of them tells.
packages() {
	local library
	readelf -d "${DMAHEAP_RECORDED-$DMAHEAP}" | sed -n 's/.*(NEEDED).*\[\(.*\)\.so\..*/\1/p' | while read -r library; do
		case $library in
		libc | libm | ld-* | libasan | libubsan) ;;
		libfdt) echo dtc ;;
		libsmartcols) echo util-linux ;;
		libudev) echo udev ;;
		libz) echo zlib ;;
		*) echo "$library" ;;
		esac
	done
}

@test "Buildroot: Config.in is Kconfig, asks for nothing unknown, and selects no library without its needs" {
	requires library libdrm
	requires library libudev
	# what it may name of Buildroot 2024.02, with what that depends on there
	while read -r symbol needs; do
		printf 'config BR2_%s\n\tbool "%s"\n' "$symbol" "$symbol"
		[ -z "$needs" ] || printf '\tdepends on %s\n' "$needs"
	done >"$BATS_TEST_TMPDIR/Config.in" <<-'EOF'
		USE_MMU
		STATIC_LIBS
		TOOLCHAIN_HAS_THREADS
		TOOLCHAIN_HEADERS_AT_LEAST_5_6
		TOOLCHAIN_USES_GLIBC
		PACKAGE_HAS_UDEV
		PACKAGE_ARGP_STANDALONE !BR2_TOOLCHAIN_USES_GLIBC
		PACKAGE_DTC !BR2_STATIC_LIBS
		PACKAGE_LIBDRM BR2_TOOLCHAIN_HAS_THREADS
		PACKAGE_UTIL_LINUX
		PACKAGE_UTIL_LINUX_LIBSMARTCOLS BR2_PACKAGE_UTIL_LINUX && BR2_USE_MMU
		PACKAGE_ZLIB
	EOF
	echo "source \"$buildroot/Config.in\"" >>"$BATS_TEST_TMPDIR/Config.in"
	cat >"$BATS_TEST_TMPDIR/chosen.py" <<-'EOF'
		import sys, kconfiglib
		def chosen(*names):
		    tree = kconfiglib.Kconfig(sys.argv[1], warn_to_stderr=False)
		    for name in names:
		        tree.syms["BR2_" + name].set_value(2) # "y"
		    found = [s.name for s in tree.unique_defined_syms if s.str_value == "y"]
		    unknown = [s.name for s in tree.syms.values() if not s.nodes and s.name.startswith("BR2_")]
		    if tree.warnings or unknown:
		        sys.exit("with %s: %s %s" % (names, tree.warnings, unknown))
		    return found
		needs = ["USE_MMU", "TOOLCHAIN_HAS_THREADS", "TOOLCHAIN_HEADERS_AT_LEAST_5_6"]
		for absent in needs:
		    if "BR2_PACKAGE_DMAHEAP" in chosen(*(n for n in needs if n != absent), "PACKAGE_DMAHEAP"):
		        sys.exit("dmaheap is possible without " + absent)
		if "BR2_PACKAGE_DMAHEAP" in chosen(*needs, "STATIC_LIBS", "PACKAGE_DMAHEAP"):
		    sys.exit("dmaheap is possible with STATIC_LIBS")
		if "BR2_PACKAGE_ARGP_STANDALONE" in chosen(*needs, "TOOLCHAIN_USES_GLIBC", "PACKAGE_DMAHEAP"):
		    sys.exit("argp-standalone with glibc")
		print(*chosen(*needs, "PACKAGE_DMAHEAP", "PACKAGE_LIBDRM", "PACKAGE_HAS_UDEV"), sep="\n")
	EOF
	run /usr/bin/python3 "$BATS_TEST_TMPDIR/chosen.py" "$BATS_TEST_TMPDIR/Config.in"
	echo "$output"
	[ "$status" -eq 0 ]
	grep -x BR2_PACKAGE_UTIL_LINUX_LIBSMARTCOLS <<<"$output"
	grep -x BR2_PACKAGE_ARGP_STANDALONE <<<"$output"
	packages | grep -x dtc # there are some
	for package in $(packages); do
		[ "$package" != udev ] || package=has-udev
		package=${package^^}
		grep -x "BR2_PACKAGE_${package//-/_}" <<<"$output"
	done
	# the oldest that Buildroot 2024.02 takes of the host
	grep -x 'cmake_minimum_required(VERSION 3.18)' CMakeLists.txt
}

# Reads the makefile as Buildroot does, with more lines before it
makefile() { # LINE...
	{
		echo 'qstrip = $(strip $(subst ",,$(1)))'
		printf '%s\n' BR2_PACKAGE_DMAHEAP=y "$@" "include $buildroot/dmaheap.mk"
		cat <<-'EOF'
			DMAHEAP_SOURCE = made-by-buildroot.tar.gz
			all: ; @echo '$(DMAHEAP_SITE) $(DMAHEAP_VERSION) $(DMAHEAP_SITE_METHOD) $(DMAHEAP_LICENSE)'; \
				printf '%s\n' $(DMAHEAP_DEPENDENCIES) $(DMAHEAP_CONF_OPTS); echo unchecked $(BR_NO_CHECK_HASH_FOR)
		EOF
	} >"$BATS_TEST_TMPDIR/makefile"
	make --no-print-directory --warn-undefined-variables -f "$BATS_TEST_TMPDIR/makefile" \
		cmake-package='$(info cmake-package)'
}

@test "Buildroot: the makefile is one, and depends on all libraries" {
	requires library libdrm
	requires library libudev
	local place=('BR2_PACKAGE_DMAHEAP_REPOSITORY = "https://example.org/dmaheap.git"' 'BR2_PACKAGE_DMAHEAP_REVISION = "v1"')
	run -0 --separate-stderr makefile "${place[@]}" BR_BUILDING=y BR2_PACKAGE_ARGP_STANDALONE=y BR2_PACKAGE_LIBDRM=y BR2_PACKAGE_HAS_UDEV=y
	echo "$output"
	[ "$stderr" = "" ]
	[ "${lines[0]}" = cmake-package ]
	[ "${lines[1]}" = "https://example.org/dmaheap.git v1 git GPL-2.0-or-later" ]
	grep -x argp-standalone <<<"$output"
	grep -x -e -DDMAHEAP_DRM=ON <<<"$output"
	grep -x -e -DDMAHEAP_UDEV=ON <<<"$output"
	# of a revision that the user chooses no hash is known
	grep -x 'unchecked made-by-buildroot.tar.gz' <<<"$output"
	for package in $(packages); do
		grep -x "$package" <<<"$output"
	done
	[ "$(sed '/^#/d' "$buildroot/dmaheap.hash")" = \
		"sha256  $(sha256sum "$(sed -n 's/^DMAHEAP_LICENSE_FILES = //p' "$buildroot/dmaheap.mk")")" ]

	run -0 makefile "${place[@]}" BR_BUILDING=y BR2_PACKAGE_ARGP_STANDALONE= BR2_PACKAGE_LIBDRM= BR2_PACKAGE_HAS_UDEV=
	grep -x -e -DDMAHEAP_DRM=OFF <<<"$output"
	grep -x -e -DDMAHEAP_UDEV=OFF <<<"$output"
	run ! grep -xE 'libdrm|udev' <<<"$output"

	# without a place, no build begins; what only asks goes on
	local nowhere=('BR2_PACKAGE_DMAHEAP_REPOSITORY = ""' 'BR2_PACKAGE_DMAHEAP_REVISION = ""')
	run ! makefile "${nowhere[@]}" BR_BUILDING=y
	[[ $output =~ BR2_PACKAGE_DMAHEAP_REPOSITORY.*BR2_PACKAGE_DMAHEAP_REVISION ]]
	run ! makefile "${place[0]}" "${nowhere[1]}" BR_BUILDING=y
	run -0 makefile "${nowhere[@]}" BR_BUILDING=
}

@test "Yocto: the recipe has this version, this license and all libraries" {
	requires library libdrm
	requires library libudev
	value() { sed -n "s/^$1 [?]*= \"\(.*\)\"/\1/p" "$recipe"; }
	[ "$(value PV)" = "$(sed -n 's/^project(dmaheap VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)+git" ]
	[ "$(value LIC_FILES_CHKSUM)" = "file://LICENSE;md5=$(md5sum <LICENSE | cut -d ' ' -f 1)" ]
	for package in $(packages); do
		case $package in
		libdrm | udev)
			option=${package#lib}
			[ "$(value "PACKAGECONFIG\[$option\]")" = "-DDMAHEAP_${option^^}=ON,-DDMAHEAP_${option^^}=OFF,$package" ]
			grep -w "$option" <<<"$(value PACKAGECONFIG)"
			;;
		*) grep -w -e "$package" <<<"$(value DEPENDS)" ;;
		esac
	done
	# what is installed where no package looks by default
	for directory in zsh fish; do
		grep -F "\${datadir}/$directory" <<<"$(sed -n 's/^FILES:\${PN} += "\(.*\)"/\1/p' "$recipe")"
	done
	for class in bash-completion cmake manpages pkgconfig; do
		grep -w -e "$class" <<<"$(sed -n 's/^inherit //p' "$recipe")"
	done
}

@test "Yocto: an image gets no driver that is only for tests" {
	run ! grep -E 'vgem|RRECOMMENDS|RDEPENDS' "$recipe"
}

@test "no rule of udev is installed where it reads them" {
	run -1 grep -rnE 'rules\.d|dh_installudev' CMakeLists.txt cmake packaging
	[ -z "$(find packaging -name '*.udev' -o -name '*.rules')" ]
}

@test "the build for development has the sanitizers, and warnings are errors there" {
	local build=${DMAHEAP_RECORDED-$DMAHEAP}
	build=${build%/dmaheap}
	[[ $build == */build/dev ]] || skip "another build is tested"
	jq -e 'length > 100 and all(.[].command; contains(" -Werror ") and contains(" -fsanitize=address,undefined "))' \
		"$build/compile_commands.json"
}

# What Buildroot's utils/check-package wants of a makefile, of its rules those that can be broken here
@test "Buildroot: the header of the makefile is its first six lines" {
	local hashes
	hashes=$(printf '#%.0s' {1..80})
	[ "$(head -n 6 "$buildroot/dmaheap.mk")" = "$(printf '%s\n' "$hashes" '#' '# dmaheap' '#' "$hashes")" ]
	run ! grep -nE '[[:blank:]]$|^ ' "$buildroot"/*
}

@test "Yocto: the recipe follows no branch, and names the variables that must be set" {
	grep -F 'bb.parse.SkipRecipe("set DMAHEAP_REPOSITORY and DMAHEAP_REVISION")' "$recipe"
	grep '^SRC_URI = "git://${DMAHEAP_REPOSITORY};' "$recipe"
	grep -x 'SRCREV = "${DMAHEAP_REVISION}"' "$recipe"
	run ! grep -E 'AUTOREV|;branch=' "$recipe"
}

@test "the message about kernel headers that are too old differs from that about a missing library" {
	mkdir -p "$BATS_TEST_TMPDIR/headers/linux"
	echo '#error no heaps before Linux 5.6' >"$BATS_TEST_TMPDIR/headers/linux/dma-heap.h"
	run ! cmake -S . -B "$BATS_TEST_TMPDIR/build" -DBUILD_TESTING=OFF -DCMAKE_C_FLAGS="-I$BATS_TEST_TMPDIR/headers"
	[[ $output == *"kernel headers of Linux 5.6"* ]]
	grep -F '| the kernel headers | of Linux 5.6 |' packaging/README.md
}
