# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# The programs of the board, Debian's packages of this machine's own release, and the sysroot for the cross
# build of dmaheap. Both are lists of packages that are resolved by apt and unpacked, never
# configured.

package_list()
{
	grep -v '^[#!]' "$here/$1.packages"
}

# The release that the guest has: this machine's, or the first that has the architecture.
guest_codename()
{
	local codename
	codename=$(debian_codename)
	[[ $arch != riscv64 || $codename != bookworm ]] || codename=trixie
	printf '%s\n' "$codename"
}

guest_sources()
{
	local codename
	codename=$(guest_codename)
	apt_sources "$codename $codename-updates" "$codename-security"
}

# packages_resolve LIST: prints the package files that the list needs, with the sums that Debian has signed.
# apt is asked once for each list.
packages_resolve()
{
	local key stamp
	key=$({ guest_codename; package_list "$1"; declare -f packages_sums; } | sha256sum)
	stamp=$cache/resolved/$1-$arch-${key:0:16}
	if [[ ! -s $stamp ]]; then
		with_lock apt packages_ask "$1" "$stamp"
	fi
	cat "$stamp"
}

# Also downloads, so that the files can be unpacked.
packages_ask()
{
	local -a packages
	local apt=guest-$arch archives log name version file
	archives=$cache/apt/$apt/cache/archives
	log=$cache/apt/$apt/download.log
	[[ ! -s $2 ]] || return 0
	mkdir -p "$cache/resolved"
	if [[ ! -e $cache/apt/$apt/updated ]] ||
		[[ -n $(find "$cache/apt/$apt/updated" -mmin +60) ]]; then
		say "$1: asking Debian for its $arch packages"
		guest_sources | apt_private "$apt" "$arch"
		apt_update "$apt" || die "apt brought no package lists (see above)"
		touch "$cache/apt/$apt/updated"
	fi
	mapfile -t packages < <(package_list "$1")
	say "$1: downloading"
	apt_in "$apt" apt-get install --print-uris -qq -y "${packages[@]}" >"$2.uris" 2>"$log" </dev/null ||
		die_log "$log" "$1: Debian's archive does not have them all"
	apt_in "$apt" apt-get install --download-only -qq -y "${packages[@]}" >"$log" 2>&1 </dev/null ||
		die_log "$log" "$1: cannot download"
	rm -f "$2.uris"
	apt_in "$apt" apt-get install --simulate -qq "${packages[@]}" 2>>"$log" |
		awk '$1 == "Inst" { sub(/:.*/, "", $2); print $2 "=" substr($3, 2) }' |
		packages_sums "$apt" "$archives" >"$2.tmp"
	[[ -s $2.tmp ]] || die_log "$log" "$1: nothing was downloaded"
	mv "$2.tmp" "$2"
}

# packages_sums APT ARCHIVES: reads NAME=VERSION; prints the sum in apt's lists and the name of the file.
packages_sums()
{
	local name version sum file
	xargs -r -d '\n' env APT_CONFIG="$cache/apt/$1/apt.conf" apt-cache show --no-all-versions |
		awk '$1 == "Package:" { name = $2 } $1 == "Version:" { version = $2 }
			$1 == "SHA256:" { print name, version, $2 }' | while read -r name version sum; do
		file=$(compgen -G "$2/${name}_${version//:/%3a}_*.deb")
		printf '%s %s\n' "$sum" "${file##*/}"
	done
}

# packages_unpack LIST ROOT
packages_unpack()
{
	local sum file dir unwanted archives=$cache/apt/guest-$arch/cache/archives
	unwanted=$(sed -n 's/^!//p' "$here/$1.packages")
	for dir in bin sbin lib; do
		mkdir -p "$2/usr/$dir"
		ln -s "usr/$dir" "$2/$dir"
	done
	while read -r sum file; do
		! package_unwanted "${file%%_*}" "$unwanted" || continue
		sha256sum --quiet --check <<<"$sum  $archives/$file" >/dev/null 2>&1 || {
			rm -f "$archives/$file" "$cache/resolved/$1-$arch"-*
			die "$file in the cache is not the package that Debian has signed: it has been removed, try again"
		}
		# dpkg-deb -x would replace the links /bin, /lib and /sbin by directories.
		dpkg-deb --fsys-tarfile "$archives/$file" |
			tar -x --keep-directory-symlink -C "$2" || die "cannot unpack $file"
	done < <(packages_resolve "$1")
}

package_unwanted()
{
	local pattern
	for pattern in $2; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $1 != $pattern ]] || return 0
	done
	return 1
}

guest_dir()
{
	local key
	key=$({
		packages_resolve guest
		echo "$arch"
		grep '^!' "$here/guest.packages"
		cat "$here/init.c"
		declare -f guest_build guest_accounts guest_su packages_unpack pack_cpio
	} | sha256sum)
	printf '%s\n' "$cache/guest/${key:0:16}"
}

guest_build()
{
	local root=$1/root
	mkdir -p "$root"/{board,dev,proc,sys,run,tmp,root,project,etc,home/user,usr/local/bin}
	packages_unpack guest "$root"
	say "guest: packing"
	rm -rf "$root"/usr/share/{doc,man,info,locale,lintian,bug,bash-completion,zsh,initramfs-tools} \
		"$root"/usr/lib/udev/hwdb.d "$root""/usr/lib/$triplet/gconv"
	guest_accounts "$root"
	guest_su "$root"
	[[ -e $root/usr/bin/sh ]] || ln -s dash "$root/usr/bin/sh"
	[[ -e $root/usr/bin/awk ]] || ln -s mawk "$root/usr/bin/awk"
	ln -sf /proc/self/mounts "$root/etc/mtab"
	"${cross}gcc" -std=gnu17 -static -O2 -Wall -Wextra -Werror -o "$root/init" "$here/init.c" ||
		die "the board's init does not build"
	"${cross}strip" "$root/init"
	pack_cpio "$root" "$1/guest.cpio"
	rm -rf "$root"
}

# Debian's own accounts and groups, so that udev rules that give a heap to a group work, and one user who
# is in none of these groups.
guest_accounts()
{
	local base=$1/usr/share/base-passwd name id=900
	{
		sed 's/:\*:/:x:/' "$base/passwd.master"
		echo 'user:x:1000:1000:ordinary user:/home/user:/bin/bash'
	} >"$1/etc/passwd"
	{
		sed 's/:\*:/:x:/' "$base/group.master"
		for name in input sgx kvm render; do
			printf '%s:x:%d:\n' "$name" "$((id++))"
		done
		echo 'user:x:1000:'
	} >"$1/etc/group"
	printf 'board\n' >"$1/etc/hostname"
	printf 'passwd: files\ngroup: files\n' >"$1/etc/nsswitch.conf"
}

# `su USER` for root, without the rest of PAM's modules.
guest_su()
{
	find "$1/usr/lib" -path '*/security/pam_*.so' ! -name pam_rootok.so ! -name pam_permit.so -delete
	mkdir -p "$1/etc/pam.d"
	printf '%s\n' 'auth sufficient pam_rootok.so' 'account required pam_permit.so' \
		'session required pam_permit.so' >"$1/etc/pam.d/su"
	cp "$1/etc/pam.d/su" "$1/etc/pam.d/su-l"
}

sysroot_dir()
{
	local key
	key=$({
		packages_resolve sysroot
		declare -f sysroot_build packages_unpack
	} | sha256sum)
	printf '%s\n' "$cache/sysroot/${key:0:16}"
}

sysroot_build()
{
	packages_unpack sysroot "$1"
	rm -rf "$1"/usr/share/{doc,man,info,locale}
	# Absolute links in development packages would lead to this machine's libraries.
	find "$1/usr/lib" -type l -lname '/*' -print0 | while IFS= read -r -d '' link; do
		ln -sfnr "$1$(readlink "$link")" "$link"
	done
}
