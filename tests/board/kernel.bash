# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The board's kernels: Debian's kernel source, cross-built with tinyconfig and kernel.config. Kept for
# each kernel: Image, config, release, modules.cpio (the modules for the guest) and tree/ (for building
# out-of-tree modules).

cross=aarch64-linux-gnu-

# The machine's own mirror is also asked for suites that the machine does not use.
kernel_sources()
{
	local codename
	codename=$(debian_codename)
	apt_sources "$codename $codename-backports stable stable-backports testing unstable" \
		"$codename-security stable-security"
}

# kernel_resolve new|old: prints "PACKAGE VERSION". It is looked up once and kept, so that a board that
# is built needs no network; `build --update` asks again.
kernel_resolve()
{
	local stamp=$cache/resolved/kernel-$1
	if [[ ! -s $stamp ]]; then
		with_lock apt kernel_ask "$1" "$stamp"
	fi
	cat "$stamp"
}

kernel_ask()
{
	local pattern package version
	say "asking Debian for the $1 kernel's source"
	mkdir -p "$cache/resolved"
	if [[ ! -e $cache/apt/kernel/updated ]] ||
		[[ -n $(find "$cache/apt/kernel/updated" -mmin +60) ]]; then
		kernel_sources | apt_private kernel amd64
		apt_update kernel
		touch "$cache/apt/kernel/updated"
	fi
	case $1 in
	new) pattern='^linux-source-([7-9]|[1-9][0-9]+)\.[0-9]+$' ;;
	old) pattern='^linux-source-6\.12$' ;;
	esac
	package=$(apt_in kernel apt-cache pkgnames linux-source- | { grep -E "$pattern" || true; } | sort -V |
		tail -n 1)
	[[ -n $package ]] || {
		rm "$cache/apt/kernel/updated"
		sed -n 's/^[EW]: /  /p' "$cache/apt/kernel/update.log" >&2
		die "no suite of this machine's Debian mirror has a kernel source like $pattern"
	}
	version=$(apt_in kernel apt-cache madison "$package" | awk -F ' *[|] *' '{ print $2 }' |
		sort -V | tail -n 1)
	printf '%s %s\n' "$package" "$version" >"$2.tmp"
	mv "$2.tmp" "$2"
}

# kernel_dir new|old|64k: prints the directory of that kernel, built or not. Its name has a sum of all
# that goes into the kernel.
kernel_dir()
{
	local package version key
	read -r package version < <(kernel_resolve "${1/64k/new}") || exit 125
	key=$({
		echo "$package $version"
		"${cross}gcc" -dumpfullversion
		cat "$here/kernel.config"
		[[ $1 != 64k ]] || cat "$here/kernel-64k.config"
		declare -f kernel_build kernel_prune pack_cpio
	} | sha256sum)
	printf '%s\n' "$cache/kernel/${package#linux-source-}-${key:0:16}"
}

# kernel_build new|old DIR: builds it into DIR.
kernel_build()
{
	local package version work=$2 deb tree log
	read -r package version < <(kernel_resolve "$1")
	tree=$work/tree
	log=$work/build.log
	mkdir -p "$tree"
	say "kernel $1: $package $version"

	say "kernel $1: downloading the source"
	deb=$(with_lock apt kernel_download "$package" "$version")
	say "kernel $1: unpacking"
	# The register descriptions of one GPU family are a quarter of the tree and are not needed here.
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" | xz -dc -T 0 |
		tar -x -C "$tree" --strip-components=1 \
			--exclude='*/drivers/gpu/drm/amd/include/asic_reg' --exclude='*/tools/testing' \
			--exclude='*/arch/*/boot/dts/*/*.dts*' || die "cannot unpack $deb"

	local -a make=(make -C "$tree" ARCH=arm64 CROSS_COMPILE="$cross" KBUILD_BUILD_USER=board
		KBUILD_BUILD_HOST=dmaheap KBUILD_BUILD_VERSION=1 KBUILD_BUILD_TIMESTAMP=1970-01-01)
	say "kernel $1: configuring"
	{
		"${make[@]}" tinyconfig &&
			(cd "$tree" && scripts/kconfig/merge_config.sh -m .config "$here/kernel.config") &&
			"${make[@]}" olddefconfig
	} >"$log" 2>&1 </dev/null || die_log "$log" "cannot configure the kernel"
	kernel_unset "$tree/.config"
	build_with_progress "kernel $1" 1500 "$log" "${make[@]}" -j "$(nproc)" Image modules ||
		die_log "$log" "the kernel does not build"

	cp "$tree/arch/arm64/boot/Image" "$tree/.config" "$work/"
	mv "$work/.config" "$work/config"
	kernel_release "$tree" >"$work/release"
	say "kernel $1: installing the modules"
	"${make[@]}" INSTALL_MOD_PATH="$work/root/usr" INSTALL_MOD_STRIP=1 modules_install >>"$log" 2>&1 ||
		die_log "$log" "the kernel's modules do not install"
	rm -f "$work/root/usr/lib/modules"/*/{build,source}
	pack_cpio "$work/root" "$work/modules.cpio"
	rm -rf "$work/root"
	kernel_prune "$tree"
}

# The new kernel with pages of 64 KiB. It is not a part of kernel_build, because the directories of the
# other kernels are named by the text of that function: they would all be built again.
kernel_build_64k()
{
	local fragments=$2/fragments
	mkdir -p "$fragments"
	cat "$here/kernel.config" "$here/kernel-64k.config" >"$fragments/kernel.config"
	here=$fragments kernel_build new "$2"
}

kernel_release()
{
	cat "$1/include/config/kernel.release"
}

kernel_download()
{
	local archives=$cache/debs
	mkdir -p "$archives"
	# apt checks a file that is already there against the signed lists as well.
	(cd "$archives" && apt_in kernel apt-get download "$1=$2" >/dev/null 2>"$cache/apt/kernel/download.log" </dev/null) || {
		cat "$cache/apt/kernel/download.log" >&2
		die "cannot download $1 $2: an older version may be gone, 'board build --update' asks anew"
	}
	printf '%s\n' "$archives/$1_${2//:/%3a}_all.deb"
}

# Prints the options of kernel.config that this kernel does not know. Kernels differ, so this is not an
# error.
kernel_unset()
{
	local line missing=
	while read -r line; do
		grep -qxF "$line" "$1" || missing+=" ${line#CONFIG_}"
	done < <(grep -E '^CONFIG_[A-Z0-9_]+=[ym]$' "$here/kernel.config")
	[[ -z $missing ]] || say "kernel: not taken from kernel.config:$missing"
}

# Removes all but what is needed to build an out-of-tree module: headers, scripts, symbols.
kernel_prune()
{
	(
		cd "$1" || exit
		find . -mindepth 1 -maxdepth 1 \
			! -name Makefile ! -name Kbuild ! -name Kconfig ! -name .config ! -name Module.symvers \
			! -name include ! -name scripts ! -name arch ! -name tools -exec rm -rf {} +
		find arch -mindepth 1 -maxdepth 1 ! -name arm64 ! -name arm -exec rm -rf {} +
		find arch -mindepth 2 -maxdepth 2 ! -name include ! -name 'Makefile*' ! -name tools \
			! -name kernel -exec rm -rf {} +
		find arch/*/kernel tools -type f ! -name '*.h' ! -name '*.lds*' ! -name 'Makefile*' -delete
		find . -name '.*.cmd' ! -path './scripts/*' -delete
		find . -type d -empty -delete
	)
}

# module_build KERNELDIR SOURCE OUT: builds the out-of-tree module in SOURCE and copies the .ko to OUT.
module_build()
{
	local tree=$1/tree source=$2 out=$3 work
	work=$(mktemp -d "$run/module.XXXXXX")
	cp -r "$source/." "$work/"
	rm -rf "$work/build" # where 'board module' leaves its results
	make -C "$tree" ARCH=arm64 CROSS_COMPILE="$cross" M="$work" modules >"$work/build.log" 2>&1 ||
		die_log "$work/build.log" "the module in $source does not build for $(<"$1/release")"
	mkdir -p "$out"
	find "$work" -name '*.ko' -exec cp -t "$out" {} +
	rm -rf "$work"
}
