# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # `result` is for the verbs
#
# One boot: device tree, initramfs, emulator, and how the output of the command gets to the caller.

# Makes the directory of this run, and removes those of runs that have ended without doing so.
run_directory()
{
	local dir lock all
	mkdir -p "$cache/run"
	# A directory that another run has made and not yet locked must not be removed.
	exec {all}<"$cache/run"
	flock "$all"
	for dir in "$cache/run"/*; do
		[[ -d $dir ]] || continue
		if exec {lock}<"$dir" && flock -n "$lock"; then
			rm -rf "$dir"
		fi
		exec {lock}<&-
	done
	run=$(mktemp -d "$cache/run/XXXXXXXX")
	exec {run_lock}<"$run"
	flock "$run_lock"
	exec {all}<&-
}

# device_tree: prints the path of the board's device tree, nothing for a machine without one.
device_tree()
{
	local source=$tree base=$run/virt.dtb
	[[ $arch != amd64 ]] || return 0
	[[ $source == */* || -e $source ]] || source=$here/boards/$tree.dtso
	[[ -r $source ]] || die "no device tree $tree; boards are: $(board_names)"
	case $source in
	*.dtb)
		printf '%s\n' "$source"
		return
		;;
	*.dtso | *.dts) ;;
	*) die "$source: neither .dtb nor .dtso" ;;
	esac
	"$qemu" -M "$machine_type,dumpdtb=${base//,/,,}" "${machine[@]:2}" \
		>"$run/dumpdtb.log" 2>&1 </dev/null || die_log "$run/dumpdtb.log" "QEMU shows no device tree"
	dtc -q -@ -I dts -O dtb -o "$run/overlay.dtbo" "$source" || die "$source: does not compile"
	fdtoverlay -i "$base" -o "$run/board.dtb" "$run/overlay.dtbo" >"$run/fdtoverlay.log" 2>&1 ||
		die_log "$run/fdtoverlay.log" "$source: cannot be applied over the virt machine's tree"
	[[ $coherent == yes ]] || take_coherence "$run/board.dtb"
	printf '%s\n' "$run/board.dtb"
}

# take_coherence TREE: its devices are not cache-coherent any more, as the kernel sees it.
take_coherence()
{
	local node
	fdtget -l "$1" / | while read -r node; do
		fdtput -d "$1" "/$node" dma-coherent 2>/dev/null || true
	done
	fdtput -d "$1" / dma-coherent 2>/dev/null || true
}

# blob_library: prints the path of a library for QEMU, which wants a /dev/udmabuf for blob resources that
# come from the host. Here all come from the guest, so that any file will do.
blob_library()
{
	local library=$cache/blob/any-udmabuf.so
	if [[ ! -e $library || $here/any-udmabuf.c -nt $library ]]; then
		mkdir -p "$cache/blob"
		cc -O1 -fPIC -shared -o "$library.$$" "$here/any-udmabuf.c" || die "any-udmabuf.c does not compile"
		mv "$library.$$" "$library"
	fi
	printf '%s\n' "$library"
}

board_names()
{
	local file names=
	for file in "$here"/boards/*.dtso; do
		file=${file##*/}
		names+=" ${file%.dtso}"
	done
	printf '%s\n' "${names# }"
}

# Sets kernel_image, kernel_modules (a cpio archive, or empty), kernel_name and kernel_home.
kernel_find()
{
	case $kernel in
	new | old | 6.1 | 5.10)
		kernel_home=$(kernel_dir "$kernel")
		make_once "$kernel_home" kernel_build "$kernel"
		kernel_built
		;;
	debian*)
		[[ $kernel =~ $images ]] || die "no kernel $kernel: debian, debian-6.12, debian-6.1, debian-5.10"
		kernel_home=$(debian_dir "$kernel")
		make_once "$kernel_home" debian_build "$kernel"
		kernel_built
		;;
	*)
		[[ -r $kernel ]] || die "no kernel $kernel: new, old, 6.1, 5.10, one of debian…, or an image"
		kernel_image=$kernel
		kernel_home=$(cd "$(dirname "$kernel")" && pwd -P)
		kernel_name=$kernel
		kernel_modules=
		if [[ -e $kernel_home/modules.cpio ]]; then
			kernel_modules=$kernel_home/modules.cpio
		elif [[ -d $kernel_home/lib/modules ]]; then
			kernel_modules=$run/modules.cpio
			mkdir -p "$run/modules/usr"
			cp -r "$kernel_home/lib" "$run/modules/usr/"
			pack_cpio "$run/modules" "$kernel_modules"
		fi
		;;
	esac
}

kernel_built()
{
	kernel_image=$kernel_home/Image
	kernel_modules=$kernel_home/modules.cpio
	kernel_name=$(<"$kernel_home/release")
}

# Modules of our own, built for the kernel that is booted: /lib/modules/extra/NAME.ko on the board.
own_modules()
{
	local source
	[[ -e $kernel_home/tree/Module.symvers ]] || return 0
	for source in "$here"/modules/*/; do
		[[ -e $source/Kbuild || -e $source/Makefile ]] || continue
		module_make "$source"
		mkdir -p "$run/job/usr/lib/modules/extra"
		cp "$module"/*.ko "$run/job/usr/lib/modules/extra/"
	done
}

# module_make SOURCE: builds the module if needed and sets `module` to the directory with the result.
module_make()
{
	local key
	key=$({
		echo "$kernel_home"
		find "$1" -type f -print0 | LC_ALL=C sort -z | xargs -0 cat
		declare -f module_build
	} | sha256sum)
	module=$cache/modules/${key:0:16}
	make_once "$module" module_build "$kernel_home" "$1"
}

# program_build: builds dmaheap for the board from the sources as they are now.
program_build()
{
	local log=$cache/program-$arch${project//\//-}.log
	[[ -e $project/CMakeLists.txt && -e $project/CMakePresets.json ]] || return 0
	sysroot=$(sysroot_dir)
	make_once "$sysroot" sysroot_build
	with_lock "program-$arch${project//\//-}" program_make "$log" "$(program_dir)"
}

# The directory of that build: for arm64 that of the preset.
program_dir()
{
	if [[ $arch == arm64 ]]; then
		printf '%s\n' "$project/build/arm64"
	else
		printf '%s\n' "$project/build/board-$arch"
	fi
}

program_make()
{
	local configure=(--preset arm64) variable=DMAHEAP_ARM64_SYSROOT
	if [[ $arch != arm64 ]]; then
		variable=DMAHEAP_SYSROOT
		configure=(-G Ninja -S . -B "$2" --toolchain cmake/cross.cmake -DCMAKE_BUILD_TYPE=RelWithDebInfo
			-DDMAHEAP_WERROR=ON -DDMAHEAP_TRIPLET="$triplet" -DDMAHEAP_SYSROOT:PATH="$sysroot")
		# Libraries of a later release want a later C library than the compiler's.
		[[ $(guest_codename) == "$(debian_codename)" ]] ||
			configure+=("-DCMAKE_EXE_LINKER_FLAGS=-Wl,--allow-shlib-undefined")
	fi
	if [[ ! -e $2/build.ninja ]] || ! grep -qsxF "$variable:PATH=$sysroot" "$2/CMakeCache.txt"; then
		say "configuring dmaheap for $arch"
		(cd "$project" && DMAHEAP_ARM64_SYSROOT=$sysroot cmake "${configure[@]}" --fresh) >"$1" 2>&1 </dev/null ||
			die_log "$1" "dmaheap: cannot configure for $arch"
	fi
	cmake --build "$2" --target dmaheap holders losers >"$1" 2>&1 </dev/null || die_log "$1" "dmaheap does not build for $arch"
}

# initramfs COMMAND…: prints the archives of the guest, of the modules and of this run's command.
initramfs()
{
	local job=$run/job guest program name
	program=$(program_dir)/dmaheap
	guest=$(guest_dir)
	make_once "$guest" guest_build
	mkdir -p "$job/board" "$job/usr/local/bin"
	own_modules
	[[ $interactive == no ]] || : >"$job/board/interactive"
	printf '%s\0' "$@" >"$job/board/argv"
	printf '%s\0' PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		USER=root LOGNAME=root SHELL=/bin/bash LANG=C.UTF-8 "TERM=${TERM:-dumb}" \
		"DMAHEAP_BOARD=$kernel" "${guest_environment[@]}" >"$job/board/environment"
	# A copy, because an ordinary user of the guest may not read a checkout below a private home.
	if [[ -e $program ]]; then
		install -m 755 "$program" "$job/usr/local/bin/dmaheap"
		for name in holders losers; do
			install -m 755 "${program%/*}/$name" "$job/usr/local/bin/dmaheap-$name"
		done
	fi
	# A kernel without 9p gets the tests in its memory.
	if [[ -e $kernel_home/config ]] && ! grep -q '^CONFIG_9P_FS=' "$kernel_home/config"; then
		mkdir -p "$job/project"
		cp -r "$project/tests" "$job/project/"
	fi
	pack_cpio "$job" "$run/job.cpio"
	cat "$guest/guest.cpio" ${kernel_modules:+"$kernel_modules"} "$run/job.cpio"
}

# boot COMMAND…: boots the board, runs the command, and sets `result` to its status. Not to be called in
# a subshell: what ends the script must end the emulator.
boot()
{
	local dtb status=0
	run_directory
	set_machine
	kernel_find
	program_build
	dtb=$(device_tree)
	initramfs "$@" >"$run/initramfs"
	[[ $verbose == no ]] || say "Linux $kernel_name"

	# norandmaps: QEMU does not translate a program again that is loaded at the same address, which halves
	# the time of a run of many small programs.
	local -a time=(-accel "tcg,thread=multi,tb-size=512")
	[[ $exact == no ]] || time=(-accel "tcg,tb-size=512" -icount "shift=0,sleep=off")
	local -a preload=()
	local graphics=
	if [[ $blob == yes ]]; then
		preload=(env "LD_PRELOAD=$(blob_library)")
		graphics=,blob=on
	fi
	local -a command=(setpriv --pdeathsig KILL "${preload[@]}" "$qemu" "${machine[@]}" "${time[@]}"
		-no-reboot
		-kernel "$kernel_image" -initrd "$run/initramfs" ${dtb:+-dtb "$dtb"}
		-append "console=$console quiet panic=-1 norandmaps $append"
		-fsdev "local,id=project,path=${project//,/,,},security_model=none,readonly=on"
		-device "virtio-9p-$bus,fsdev=project,mount_tag=project"
		-device "virtio-gpu-$bus$graphics")
	if [[ -n $disk ]]; then
		need_tools mke2fs
		mke2fs -q -t ext4 "$run/disk" "$disk" >"$run/mke2fs.log" 2>&1 ||
			die_log "$run/mke2fs.log" "the disk cannot be made"
		command+=(-drive "file=${run//,/,,}/disk,format=raw,if=none,id=disk" -device "virtio-blk-$bus,drive=disk")
	fi
	[[ $bus != device ]] || command+=(-global virtio-mmio.force-legacy=false)

	if [[ $interactive == yes ]]; then
		setpriv --pdeathsig KILL timeout --foreground -k 2 "$limit" \
			"${command[@]}" -chardev stdio,id=console,signal=off -serial chardev:console || status=$?
		result=$status
		return
	fi

	local name
	command+=(-serial "file:$run/console" -device "virtio-serial-$bus,max_ports=4")
	for name in out err status; do
		: >"$run/$name"
		command+=(-chardev "file,id=$name,path=${run//,/,,}/$name"
			-device "virtserialport,chardev=$name,name=board.$name")
	done
	# pdeathsig reaches children only, so it is set twice: what kills this script kills them all.
	setpriv --pdeathsig KILL timeout -k 2 "$limit" "${command[@]}" </dev/null >"$run/qemu.log" 2>&1 &
	emulator=$!
	# The output goes through files, so that a slow reader cannot make the board lose any of it.
	setpriv --pdeathsig KILL tail -q -c +1 -f -s 0.05 --pid="$emulator" "$run/out" &
	local tail_out=$!
	setpriv --pdeathsig KILL tail -q -c +1 -f -s 0.05 --pid="$emulator" "$run/err" >&2 &
	local tail_err=$!
	wait "$emulator" || status=$?
	emulator=
	wait "$tail_out" "$tail_err" || true
	boot_status "$status"
}

# boot_status STATUS: sets `result` from what the guest wrote; STATUS is that of QEMU.
boot_status()
{
	local word number
	while read -r word number; do
		case $word in
		exit) result=$number && return ;;
		signal) result=$((128 + number)) && return ;;
		esac
	done <"$run/status"
	if grep -q 'Kernel panic' "$run/console" 2>/dev/null; then
		grep -m 1 -B 15 -A 10 'Kernel panic' "$run/console" | sed 's/^/  /' >&2
		die "Linux $kernel_name panicked (see above)"
	elif (($1 == 124 || $1 == 137)); then
		tail -n 5 "$run/console" | sed 's/^/  /' >&2
		say "not done after $limit s: the board was switched off (--timeout gives it longer)"
		result=124
		return
	fi
	cat "$run/qemu.log" >&2
	tail -n 15 "$run/console" 2>/dev/null | sed 's/^/  /' >&2
	die "the board went off before the command ended"
}
