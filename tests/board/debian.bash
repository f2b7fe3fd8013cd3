# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Debian's own kernels, as they are: of their packages the image, the configuration and the modules that
# the board needs are kept, in the form in which kernel.bash keeps those that it builds, but without tree/.

# What the board's machines and the tests need; with all that these depend on.
debian_modules=(virtio_mmio virtio_pci virtio_console 9pnet_virtio 9p vgem virtio-gpu udmabuf)

# debian_dir NAME: prints the directory of that kernel, unpacked or not.
debian_dir()
{
	local package version key
	read -r package version < <(kernel_resolve "$1") || exit 125
	key=$({
		echo "$package $version ${debian_modules[*]}"
		declare -f debian_build debian_image pack_cpio
	} | sha256sum)
	printf '%s\n' "$cache/kernel/${package#linux-image-}-${key:0:16}"
}

# debian_build NAME DIR: unpacks it into DIR.
debian_build()
{
	local package version release apt name deb all=$2/all modules root=$2/root/usr
	local -a parts
	read -r package version < <(kernel_resolve "$1")
	release=${package#linux-image-}
	apt=$(kernel_apt "$1")
	say "kernel $1: downloading $package $version"
	# Since 7.2 the package has parts.
	mapfile -t parts < <(apt_in "$apt" apt-cache depends "$package" |
		awk '$1 == "Depends:" && $2 ~ /^linux-(base|binary|modules)-[0-9]/ { print $2 }')
	for name in "$package" "${parts[@]}"; do
		deb=$(with_lock apt kernel_download "$apt" "$name" "$version")
		mkdir -p "$all"
		dpkg-deb -x "$deb" "$all" || die "cannot unpack $deb"
		rm -f "$deb"
	done
	# Before Debian 13 modules were in /lib.
	if [[ -d $all/lib ]]; then
		mkdir -p "$all/usr/lib"
		cp -r "$all/lib/." "$all/usr/lib/"
	fi
	modules=$all/usr/lib/modules/$release
	debian_image "$all/boot/vmlinuz-$release" "$modules/vmlinuz" >"$2/Image"
	cat "$all/boot/config-$release" "$modules/config" >"$2/config" 2>/dev/null || true
	printf '%s\n' "$release" >"$2/release"

	depmod -b "$all/usr" "$release" || die "depmod fails for $release"
	mkdir -p "$root/lib/modules/$release"
	cp "$modules"/modules.{builtin,order} "$root/lib/modules/$release/"
	[[ ! -e $modules/modules.builtin.modinfo ]] || cp "$modules/modules.builtin.modinfo" "$root/lib/modules/$release/"
	for name in "${debian_modules[@]}"; do
		modprobe -d "$all/usr" -S "$release" --show-depends "$name" 2>/dev/null || true
	done | awk '$1 == "insmod" { print $2 }' | sort -u | while read -r name; do
		install -D -m 644 "$name" "$root/${name#"$all/usr/"}"
	done
	depmod -b "$root" "$release" || die "depmod fails for $release"
	pack_cpio "$2/root" "$2/modules.cpio"
	rm -rf "$2/root" "$all"
}

# debian_image FILE…: prints the first image that is there, unpacked if it is a compressed image of the
# EFI kind or one of gzip.
debian_image()
{
	local file offset size
	for file; do
		[[ -e $file ]] || continue
		if [[ $(od -A n -t x1 -j 4 -N 4 "$file") == ' 7a 69 6d 67' ]]; then # "zimg"
			read -r offset size < <(od -A n -t u4 -j 8 -N 8 "$file")
			tail -c "+$((offset + 1))" "$file" | head -c "$size" |
				case $(head -c 30 "$file" | tail -c 6 | tr -d '\0') in
				gzip) zcat ;;
				xz*) xz -dc ;;
				zstd*) zstd -dc ;;
				*) die "the kernel image is compressed in an unknown way" ;;
				esac
		elif [[ $(od -A n -t x1 -N 2 "$file") == ' 1f 8b' ]]; then
			zcat "$file"
		else
			cat "$file"
		fi
		return
	done
	die "the package has no kernel image"
}
