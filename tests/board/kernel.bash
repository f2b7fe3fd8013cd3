# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # settings for the other parts
#
# The board's kernels: Debian's kernel source, cross-built with tinyconfig and fragments of a configuration. Kept for
# each kernel: Image, config, release, modules.cpio (the modules for the guest) and tree/ (for building
# out-of-tree modules).

# The kernels that are built here, and those that Debian has built.
kernels='^(new|old|6\.1|5\.10)$'
images='^debian(-6\.12|-6\.1|-5\.10)?$'

# kernel_suite NAME: the release of Debian whose archive is asked for a kernel that only older releases
# have.
kernel_suite()
{
	case ${1#debian-} in
	6.1) echo bookworm ;;
	5.10) echo bullseye ;;
	esac
}

# kernel_sources NAME: the machine's own mirror is also asked for suites that the machine does not use.
kernel_sources()
{
	local codename suite
	suite=$(kernel_suite "$1")
	if [[ -n $suite ]]; then
		apt_sources "$suite" "$suite-security"
	else
		codename=$(debian_codename)
		apt_sources "$codename $codename-backports stable stable-backports testing unstable" \
			"$codename-security stable-security"
	fi
}

# kernel_apt NAME: the private apt that knows this kernel. Source packages are the same for all
# architectures.
kernel_apt()
{
	local suite
	suite=$(kernel_suite "$1")
	[[ ! $1 =~ $images ]] || suite=${suite:+$suite-}$arch
	printf 'kernel%s\n' "${suite:+-$suite}"
}

# kernel_pattern NAME: prints the pattern of the package's name; the last of those that match is taken.
kernel_pattern()
{
	local flavour=$arch name
	case $arch in
	arm64) flavour=cloud-arm64 ;;
	armhf) flavour=armmp ;;
	esac
	case $1 in
	new) echo '^linux-source-([7-9]|[1-9][0-9]+)\.[0-9]+$' ;;
	old) echo '^linux-source-6\.12$' ;;
	debian) echo "^linux-image-([7-9]|[1-9][0-9]+)\.[0-9.]+[0-9](\+deb[0-9.]+)?(-[0-9]+)?-$flavour\$" ;;
	debian-*)
		name=${1#debian-}
		echo "^linux-image-${name//./\\.}\.[0-9.]*[0-9](\+deb[0-9.]+)?(-[0-9]+)?-$flavour\$"
		;;
	*) echo "^linux-source-${1//./\\.}\$" ;;
	esac
}

# kernel_resolve NAME: prints "PACKAGE VERSION". It is looked up once and kept, so that a board that is
# built needs no network; `build --update` asks again.
kernel_resolve()
{
	local stamp=$cache/resolved/kernel-$1
	[[ ! $1 =~ $images ]] || stamp+=-$arch
	if [[ ! -s $stamp ]]; then
		with_lock apt kernel_ask "$1" "$stamp"
	fi
	cat "$stamp"
}

kernel_ask()
{
	local pattern package version apt suite gone deb_arch=amd64
	[[ ! $1 =~ $images ]] || deb_arch=$arch
	say "asking Debian for the kernel $1"
	mkdir -p "$cache/resolved"
	apt=$(kernel_apt "$1")
	suite=$(kernel_suite "$1")
	gone="no suite of this machine's Debian mirror has"
	[[ -z $suite ]] || gone="the release $suite is gone from this machine's Debian mirror, or has no longer"
	if [[ ! -e $cache/apt/$apt/updated ]] ||
		[[ -n $(find "$cache/apt/$apt/updated" -mmin +60) ]]; then
		kernel_sources "$1" | apt_private "$apt" "$deb_arch"
		apt_update "$apt" || die "$gone the kernel $1"
		touch "$cache/apt/$apt/updated"
	fi
	pattern=$(kernel_pattern "$1")
	package=$(apt_in "$apt" apt-cache pkgnames linux- | { grep -E "$pattern" || true; } | sort -V |
		tail -n 1)
	[[ -n $package ]] || {
		rm "$cache/apt/$apt/updated"
		sed -n 's/^[EW]: /  /p' "$cache/apt/$apt/update.log" >&2
		die "$gone a package like $pattern"
	}
	version=$(apt_in "$apt" apt-cache madison "$package" | awk -F ' *[|] *' '{ print $2 }' |
		sort -V | tail -n 1)
	printf '%s %s\n' "$package" "$version" >"$2.tmp"
	mv "$2.tmp" "$2"
}

# kernel_fragments NAME: prints the files that are merged over tinyconfig for this kernel, in this order.
kernel_fragments()
{
	local name file
	printf '%s\n' "$here/kernel.config" "$here/kernel-$arch.config"
	case $1 in
	6.1 | 5.10) printf '%s\n' "$here/kernel-inet.config" ;;
	esac
	for name in "${configs[@]}"; do
		file=$name
		[[ $name == */* || -e $name ]] || file=$here/kernel-$name.config
		[[ -r $file ]] || die "no configuration $name; there are: $(config_names)"
		printf '%s\n' "$file"
	done
}

# The names for --config: all but what is merged by itself.
config_names()
{
	local file names=
	for file in "$here"/kernel-*.config; do
		file=${file##*/kernel-}
		file=${file%.config}
		[[ " $architectures inet " == *" $file "* ]] || names+=" $file"
	done
	printf '%s\n' "${names# }"
}

# kernel_dir NAME: prints the directory of that kernel, built or not. Its name has a sum of all that goes
# into the kernel.
kernel_dir()
{
	local package version fragments key
	read -r package version < <(kernel_resolve "$1") || exit 125
	fragments=$(kernel_fragments "$1")
	key=$({
		echo "$package $version $arch"
		"${cross}gcc" -dumpfullversion
		xargs -d '\n' cat <<<"$fragments"
		declare -f kernel_build kernel_prune pack_cpio
	} | sha256sum)
	printf '%s\n' "$cache/kernel/${package#linux-source-}-$arch-${key:0:16}"
}

# kernel_build NAME DIR: builds it into DIR.
kernel_build()
{
	local package version work=$2 deb tree log
	local -a fragments
	read -r package version < <(kernel_resolve "$1")
	mapfile -t fragments < <(kernel_fragments "$1")
	tree=$work/tree
	log=$work/build.log
	mkdir -p "$tree"
	say "kernel $1: $package $version for $arch"

	say "kernel $1: downloading the source"
	deb=$(with_lock apt kernel_download "$(kernel_apt "$1")" "$package" "$version")
	say "kernel $1: unpacking"
	# The register descriptions of one GPU family are a quarter of the tree and are not needed here.
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" | xz -dc -T 0 |
		tar -x -C "$tree" --strip-components=1 \
			--exclude='*/drivers/gpu/drm/amd/include/asic_reg' --exclude='*/tools/testing' \
			--exclude='*/arch/*/boot/dts/*/*.dts*' || die "cannot unpack $deb"

	local -a make=(make -C "$tree" ARCH="$kernel_arch" CROSS_COMPILE="$cross" KBUILD_BUILD_USER=board
		KBUILD_BUILD_HOST=dmaheap KBUILD_BUILD_VERSION=1 KBUILD_BUILD_TIMESTAMP=1970-01-01)
	say "kernel $1: configuring"
	{
		"${make[@]}" tinyconfig &&
			(cd "$tree" && scripts/kconfig/merge_config.sh -m .config "${fragments[@]}") &&
			"${make[@]}" olddefconfig
	} >"$log" 2>&1 </dev/null || die_log "$log" "cannot configure the kernel"
	kernel_unset "$tree/.config" "${fragments[@]}"
	build_with_progress "kernel $1" 1500 "$log" "${make[@]}" -j "$(nproc)" "${kernel_target##*/}" modules ||
		die_log "$log" "the kernel does not build"

	cp "$tree/arch/$kernel_arch/boot/$kernel_target" "$work/Image"
	cp "$tree/.config" "$work/config"
	kernel_release "$tree" >"$work/release"
	say "kernel $1: installing the modules"
	"${make[@]}" INSTALL_MOD_PATH="$work/root/usr" INSTALL_MOD_STRIP=1 modules_install >>"$log" 2>&1 ||
		die_log "$log" "the kernel's modules do not install"
	rm -f "$work/root/usr/lib/modules"/*/{build,source}
	pack_cpio "$work/root" "$work/modules.cpio"
	rm -rf "$work/root"
	kernel_prune "$tree"
}

kernel_release()
{
	cat "$1/include/config/kernel.release"
}

# kernel_download APT PACKAGE VERSION: prints the path of the package file.
kernel_download()
{
	local archives=$cache/debs
	mkdir -p "$archives"
	# apt checks a file that is already there against the signed lists as well.
	(cd "$archives" && apt_in "$1" apt-get download "$2=$3" >/dev/null 2>"$cache/apt/$1/download.log" </dev/null) || {
		cat "$cache/apt/$1/download.log" >&2
		die "cannot download $2 $3: an older version may be gone, 'board build --update' asks anew"
	}
	compgen -G "$archives/$2_${3//:/%3a}_*.deb"
}

# kernel_source_dir NAME: prints the directory of kernel_source, unpacked or not.
kernel_source_dir()
{
	local package version key
	read -r package version < <(kernel_resolve "$1") || exit 125
	key=$({ echo "$package $version"; declare -f kernel_source; } | sha256sum)
	printf '%s\n' "$cache/source/${package#linux-source-}-${key:0:16}"
}

# kernel_source NAME DIR: unpacks into DIR what the kernel has for user space: its own tests of what
# `dmaheap test` is about, the headers that these need, and the parser of KTAP; and the parts of its source that
# the tests of `dmaheap test` cite.
kernel_source()
{
	local package version deb
	read -r package version < <(kernel_resolve "$1")
	say "kernel $1: downloading the source"
	deb=$(with_lock apt kernel_download "$(kernel_apt "$1")" "$package" "$version")
	dpkg-deb --fsys-tarfile "$deb" | tar -xO "./usr/src/$package.tar.xz" | xz -dc -T 0 |
		tar -x -C "$2" --strip-components=1 --wildcards --no-wildcards-match-slash '*/tools/testing/kunit' \
			'*/drivers/dma-buf' '*/drivers/media/common/videobuf2' '*/drivers/gpu/drm/drm_*.c' '*/drivers/gpu/drm/vgem' \
			'*/fs/*.c' '*/fs/proc' \
			'*/kernel/*.c' '*/kernel/futex*' '*/kernel/module*' '*/lib/iov_iter.c' '*/mm' '*/net/core' '*/net/unix' \
			'*/tools/testing/selftests/dmabuf-heaps' '*/tools/testing/selftests/drivers/dma-buf' \
			'*/tools/testing/selftests/sync' '*/tools/testing/selftests/kselftest.h' \
			'*/include/uapi/linux/dma-*' '*/include/uapi/linux/udmabuf.h' \
			'*/include/uapi/drm/drm*.h' || die "cannot unpack $deb"
}

# kernel_unset CONFIG FRAGMENT…: prints the options of the fragments that this kernel did not take. Kernels
# differ, so this is not an error.
kernel_unset()
{
	local line missing='' config=$1
	shift
	while read -r line; do
		grep -qxF "$line" "$config" || missing+=" ${line#CONFIG_}"
	done < <(awk -F = '/^CONFIG_[A-Z0-9_]+=/ { last[$1] = $2 }
		END { for (name in last) if (last[name] ~ /^[ym]$/) print name "=" last[name] }' "$@" | sort)
	[[ -z $missing ]] || say "kernel: not taken:$missing"
}

# Removes all but what is needed to build an out-of-tree module: headers, scripts, symbols.
kernel_prune()
{
	(
		cd "$1" || exit
		find . -mindepth 1 -maxdepth 1 \
			! -name Makefile ! -name Kbuild ! -name Kconfig ! -name .config ! -name Module.symvers \
			! -name include ! -name scripts ! -name arch ! -name tools -exec rm -rf {} +
		find arch -mindepth 1 -maxdepth 1 ! -name "$kernel_arch" ! -name arm -exec rm -rf {} +
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
	make -C "$tree" ARCH="$kernel_arch" CROSS_COMPILE="$cross" M="$work" modules >"$work/build.log" 2>&1 ||
		die_log "$work/build.log" "the module in $source does not build for $(<"$1/release")"
	mkdir -p "$out"
	find "$work" -name '*.ko' -exec cp -t "$out" {} +
	rm -rf "$work"
}
