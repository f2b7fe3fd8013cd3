#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The board's own script: what it passes on, and what is left after it.
# shellcheck disable=SC2030,SC2031 # run sets output and lines where it is called
bats_require_minimum_version 1.5.0

board=$BATS_TEST_DIRNAME/board/board
parts=$BATS_TEST_DIRNAME/board
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dmaheap/board

# A board that is not built yet would take minutes to build.
requires_built() {
	command -v qemu-system-aarch64 >/dev/null || skip "no emulator"
	compgen -G "$cache/kernel/*/Image" >/dev/null || skip "the board is not built (tests/board/board build)"
}

# wait_until COMMAND...: for what happens soon, at the latest after a minute
wait_until() {
	local tries
	for ((tries = 600; tries; tries--)); do
		if "$@" >/dev/null 2>&1; then
			return
		fi
		sleep 0.1
	done
	return 1
}

# part COMMAND...: a function of the board's parts
part() {
	bash -c 'set -euo pipefail; for part in util apt; do . "$0/$part.bash"; done; "$@"' "$parts" "$@"
}

@test "wrong usage exits 2 and says so on stderr only" {
	local arguments
	while read -r arguments; do
		# shellcheck disable=SC2086 # several words
		run --separate-stderr "$board" $arguments
		echo "$arguments: $status $stderr"
		[ "$status" -eq 2 ]
		[ -z "$output" ]
		[[ $stderr == "board: "* ]]
	done <<-END

		frobnicate
		--frobnicate run -- true
		--timeout soon run -- true
		--kernel
		--config
		--kernel Image --config 64k run -- true
		--kernel debian --config 64k run -- true
		--arch mips run -- true
		--arch amd64 --kernel old run -- true
		--arch amd64 --tree virt run -- true
		--memory much run -- true
		--disk much run -- true
		run
		run --
		test
		test nothing.bats
		shell now
	END
	run -0 --separate-stderr "$board" --help
	[[ $output == *"--kernel new|old|6.1|5.10|debian…|IMAGE"* && -z $stderr ]]
}

@test "exit status and both streams come back byte by byte, also to a slow reader" {
	requires_built
	local got=$BATS_TEST_TMPDIR
	{
		echo before
		# shellcheck disable=SC2094 # the position in the file is what is tested
		"$board" run -- bash -c 'head -c 3000000 /dev/urandom >/tmp/data; printf "a\0\377\r\n\n" >&2
			cat /tmp/data; sha256sum </tmp/data >&2; printf no-newline >&2; exit 37' \
			2>"$got/err" || echo $? >"$got/status"
		echo after
	} >"$got/out"
	[ "$(cat "$got/status")" -eq 37 ]
	[ "$(head -n 1 "$got/out")" = before ]
	[ "$(tail -n 1 "$got/out" | tail -c 6)" = after ]
	tail -c +8 "$got/out" | head -c 3000000 | sha256sum >"$got/sum"
	printf 'a\0\377\r\n\n%s\nno-newline' "$(cat "$got/sum")" | cmp - "$got/err"

	"$board" run -- sh -c 'yes | head -c 1000000; kill -9 $$' | { sleep 4; cat; } >"$got/out" &&
		[ "${PIPESTATUS[0]}" -eq 137 ]
	[ "$(stat -c %s "$got/out")" -eq 1000000 ]
}

@test "a run that waits for another one's build says nothing of it among the command's messages" {
	requires_built
	local project lock
	project=$(cd "$parts/../.." && pwd -P)
	lock=$cache/lock/program${project//\//-}
	flock "$lock" sleep 3 3>&- &
	sleep 0.5
	run -0 --separate-stderr "$board" run -- echo ready
	wait
	[ "$output" = ready ]
	[ -z "$stderr" ]
}

@test "a command that takes too long: 124, and no emulator stays" {
	requires_built
	run --separate-stderr "$board" --timeout 4 run -- sleep 100
	echo "$stderr"
	[ "$status" -eq 124 ]
	[ -z "$output" ]
	[[ $stderr == *"switched off"* ]]
}

@test "a board that cannot start: 125, and its last words" {
	requires_built
	run --separate-stderr "$board" --append "rdinit=/nowhere init=/nowhere" run -- true
	echo "$stderr"
	[ "$status" -eq 125 ]
	[[ $stderr == *"panicked"* ]]
	run --separate-stderr "$board" --tree nowhere run -- true
	[ "$status" -eq 125 ]
	[[ $stderr == *"boards are:"*virt* ]]
	echo broken >"$BATS_TEST_TMPDIR/broken.dtso"
	run --separate-stderr "$board" --tree "$BATS_TEST_TMPDIR/broken.dtso" run -- true
	[ "$status" -eq 125 ]
	[[ $stderr == *"broken.dtso"* ]]
	run --separate-stderr "$board" --config nowhere run -- true
	[ "$status" -eq 125 ]
	[[ $stderr == *"no configuration nowhere; there are:"" 16k 64k disk nozone" ]]
	run --separate-stderr "$board" --kernel nowhere run -- true
	[ "$status" -eq 125 ]
	[[ $stderr == *"no kernel nowhere"* ]]
}

@test "kill -9 of the script ends the emulator; two boards at once do not meet" {
	requires_built
	local first second third emulator
	mkdir -p "$BATS_TEST_DIRNAME/../build"
	own=$(mktemp "$BATS_TEST_DIRNAME/../build/XXXXXX.bats")
	echo '@test "long" { sleep 100; }' >"$own"
	"$board" run -- sh -c 'echo ready; sleep 100' >"$BATS_TEST_TMPDIR/first" 3>&- &
	first=$!
	"$board" --kernel old run -- uname -r >"$BATS_TEST_TMPDIR/second" 3>&- &
	second=$!
	"$board" test "$own" >"$BATS_TEST_TMPDIR/third" 3>&- &
	third=$!
	wait_until grep ready "$BATS_TEST_TMPDIR/first"
	wait "$second"
	[[ $(cat "$BATS_TEST_TMPDIR/second") == 6.12* ]]
	emulator=$(pgrep -P "$(pgrep -P "$first" timeout)" qemu)
	kill -KILL "$first"
	gone() { ! kill -0 "$emulator"; }
	wait_until gone

	wait_until grep -F 1..1 "$BATS_TEST_TMPDIR/third"
	emulator=$(pgrep -P "$(pgrep -P "$third" timeout)" qemu)
	kill -KILL "$third"
	wait_until gone
	rm "$own"
}

@test "a device tree and a kernel image of one's own" {
	requires_built
	local image
	# not one with larger pages, for which the region below is too small
	image=$(grep -lx CONFIG_ARM64_4K_PAGES=y "$cache"/kernel/7.*-arm64-*[0-9a-f]/config | head -n 1)
	image=${image%config}Image
	cat >"$BATS_TEST_TMPDIR/own.dtso" <<-'END'
		/dts-v1/;
		/plugin/;
		&{/} {
			reserved-memory {
				#address-cells = <2>;
				#size-cells = <2>;
				ranges;
				sensor@44000000 {
					compatible = "shared-dma-pool";
					reg = <0x0 0x44000000 0x0 0x00400000>;
					reusable;
				};
			};
		};
	END
	run -0 --separate-stderr "$board" --kernel "$image" --tree "$BATS_TEST_TMPDIR/own.dtso" \
		run -- sh -c 'ls /dev/dma_heap; ls /dev/dri; id -un; pwd; su user -c "id -un; groups"; touch x 2>/dev/null || echo read-only'
	echo "$output"
	[[ $output == *sensor@44000000*card1*root*/project*$'\nuser\nuser\n'*read-only ]]
	[[ $output != *video@* ]]
}

# A kernel of Debian's own is downloaded by the first run that wants it.
requires_image() {
	requires_built
	compgen -G "$cache/kernel/$1/Image" >/dev/null || skip "kernel $1 is not here (tests/board/board build)"
}

@test "Debian's own arm64 kernels boot as they are, and tell what became of each region" {
	local kernel pattern
	requires_image '[7-9]*-cloud-arm64-*'
	requires_image '6.12.*-cloud-arm64-*'
	requires_image '6.1.*-cloud-arm64-*'
	while read -r kernel pattern; do
		run -0 --separate-stderr "$board" --kernel "$kernel" run -- sh -c 'uname -r; pwd; ls
			ls /dev/dma_heap; dmesg | grep "created CMA memory pool at 0x0*46000000,"
			ls /sys/kernel/debug/memblock; grep "Kernel code" /proc/iomem; dmesg | grep -c "Bad page" || true'
		echo "$kernel: $output $stderr"
		# shellcheck disable=SC2053 # it is a pattern
		[[ ${lines[0]} == $pattern ]]
		[ "${lines[1]} ${lines[2]}" = "/project tests" ]
		[[ $output == *"size 16 MiB"*memory*reserved*"Kernel code"*0 ]]
		[[ $stderr == *"/dev/dma_heap"* ]]
	done <<-END
		debian [7-9].*-cloud-arm64
		debian-6.12 6.12.*-cloud-arm64
		debian-6.1 6.1.*-cloud-arm64
	END
}

@test "Debian's own amd64 kernel boots on a PC: one heap, no device tree, the checkout" {
	command -v qemu-system-x86_64 >/dev/null || skip "no emulator of amd64"
	requires_image '[7-9]*-amd64-*'
	run -0 --separate-stderr "$board" --arch amd64 run -- sh -c 'uname -rm; ls /dev/dma_heap; pwd
		ls /sys/firmware/devicetree; ls -d CMakeLists.txt /sys/module/vgem /sys/kernel/btf/vmlinux
		dmaheap list -o NAME -n'
	echo "$output $stderr"
	[[ ${lines[0]} == [7-9].*"-amd64 x86_64" ]]
	[ "${lines[*]:1}" = "system /project /sys/kernel/btf/vmlinux /sys/module/vgem CMakeLists.txt system" ]
	run -125 --separate-stderr "$board" --arch amd64 tree "$BATS_TEST_TMPDIR/tree.dtb"
}

# kernel_of ARCH: prints the directory of the kernel `new` for ARCH, built or not
kernel_of() {
	# shellcheck disable=SC2016 # expanded there
	here=$parts cache=$cache arch=$1 kernel=new bash -c 'set -euo pipefail; configs=() tree=
		for part in util apt machine kernel; do . "$here/$part.bash"; done; architecture; kernel_dir new'
}

# heaps_of ARCH MACHINE VIDEO: the heaps of that architecture's kernel, and an allocation from each
heaps_of() {
	requires_built
	[ -e "$(kernel_of "$1")/Image" ] || skip "the $1 kernel is not built"
	run -0 --separate-stderr "$board" --arch "$1" run -- sh -c 'uname -m; ls /dev/dma_heap
		for heap in $(ls /dev/dma_heap); do dmaheap alloc --heap $heap --size 1M --check-zero -q || echo $?; done'
	echo "$output $stderr"
	[ "${lines[*]}" = "$2 default_cma_region linux,cma system $3" ]
}

@test "armhf: heaps of the same kinds, and an allocation from each" {
	heaps_of armhf armv7l video@42000000
}

@test "riscv64: heaps of the same kinds, and an allocation from each" {
	heaps_of riscv64 riscv64 video@86000000
}

@test "memory of another size, also above 4 GiB; banks of the tree on riscv64" {
	requires_built
	ram() { "$board" "$@" run -- sh -c 'sed -n "s/ : System RAM$//p" /proc/iomem'; }
	run -0 --separate-stderr ram --memory 256M
	[[ ${lines[-1]} == *-4fffffff ]]
	run -0 --separate-stderr ram --memory 4G
	[[ ${lines[-1]} == *-13fffffff ]]
	requires_image '[7-9]*-riscv64-*'
	cat >"$BATS_TEST_TMPDIR/banks.dtso" <<-'END'
		/dts-v1/;
		/plugin/;
		&{/memory@80000000} { reg = <0x0 0x80000000 0x0 0x10000000>, <0x0 0xa0000000 0x0 0x10000000>; };
	END
	run -0 --separate-stderr ram --arch riscv64 --kernel debian --memory 1G --tree "$BATS_TEST_TMPDIR/banks.dtso"
	echo "$output"
	[[ ${lines[0]} == *-8fffffff && ${lines[-1]} == a0000000-afffffff ]]
}

@test "what is interrupted while it is made is not there; two at once make it once" {
	local dir=$BATS_TEST_TMPDIR/cache/thing/key
	export cache=$BATS_TEST_TMPDIR/cache
	make() {
		bash -c 'set -euo pipefail; . "$0/util.bash"
			slowly() { echo made >>"$cache/log"; echo half >"$1/file"; sleep "$wait"; echo whole >"$1/file"; }
			make_once "$1" slowly' "$parts" "$dir" 3>&-
	}
	mkdir -p "$cache"
	wait=3 make &
	wait_until test -s "$dir.tmp/file"
	pkill -KILL -P $!
	wait
	[ ! -e "$dir" ]
	rm "$cache/log"
	mkdir "$cache/thing/other.tmp"
	: >"$cache/lock/other"
	wait=0.5 make 2>/dev/null &
	wait=0.5 make 2>/dev/null
	wait
	[ ! -e "$cache/thing/other.tmp" ]
	[ "$(cat "$dir/file")" = whole ]
	[ "$(cat "$cache/log")" = made ]
	[ ! -e "$dir.tmp" ]
}

@test "the machine's own Debian mirror is found in both notations, and no other archive" {
	local etc=$BATS_TEST_TMPDIR/apt
	export DMAHEAP_APT_ETC=$etc DMAHEAP_APT_LISTS=$BATS_TEST_TMPDIR/lists
	mkdir -p "$etc/sources.list.d" "$DMAHEAP_APT_LISTS"
	# release HOST PATH SUITE ORIGIN LABEL: a Release file in the machine's lists
	release() {
		printf 'Origin: %s\nLabel: %s\nSuite: x\n' "$4" "$5" >"$DMAHEAP_APT_LISTS/${1}_${2}_dists_${3}_InRelease"
	}
	release debian.other.example debian trixie Debian-like Debian-like
	release mirror.example pool trixie Debian Debian
	release mirror.example debian trixie Debian Debian
	release security.example debian-security trixie-security Debian Debian-Security
	cat >"$etc/sources.list" <<-'END'
		# deb http://commented.example/debian trixie main
		deb-src http://source.example/debian trixie main
		deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://debian.other.example/debian trixie main
		deb [arch=amd64 signed-by=/usr/share/keyrings/own.gpg] http://mirror.example/pool/ trixie main contrib # near
		deb http://security.example/debian-security trixie-security main
	END
	[ "$(part apt_debian_entry trixie Debian)" = $'http://mirror.example/pool\t/usr/share/keyrings/own.gpg' ]
	[ "$(part apt_debian_entry '.*-security' Debian-Security)" = $'http://security.example/debian-security\t' ]

	rm "$etc/sources.list"
	cat >"$etc/sources.list.d/debian.sources" <<-'END'
		Enabled: no
		Types: deb
		URIs: http://disabled.example/debian
		Suites: trixie
		Components: main

		# a comment
		Types: deb deb-src
		URIs: http://mirror.example/debian
		Suites: trixie trixie-updates
		Components: main contrib
		Signed-By:
		 -----BEGIN PGP PUBLIC KEY BLOCK-----
		 .
		 abc
		 -----END PGP PUBLIC KEY BLOCK-----
	END
	run -0 part apt_stanza "$(part apt_debian_entry trixie Debian)" sid forky
	[ "$output" = "$(cat <<-'END'
		Types: deb
		URIs: http://mirror.example/debian
		Suites: sid forky
		Components: main
		Signed-By: 
		 -----BEGIN PGP PUBLIC KEY BLOCK-----
		 .
		 abc
		 -----END PGP PUBLIC KEY BLOCK-----
	END
	)" ]
}

@test "a package in the cache that was changed is not unpacked" {
	local cache=$BATS_TEST_TMPDIR/cache archives=$BATS_TEST_TMPDIR/cache/apt/guest-arm64/cache/archives
	mkdir -p "$archives" "$cache/resolved" "$BATS_TEST_TMPDIR/package/DEBIAN"
	printf 'Package: thing\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.org>\nDescription: x\n' \
		>"$BATS_TEST_TMPDIR/package/DEBIAN/control"
	echo genuine >"$BATS_TEST_TMPDIR/package/file"
	dpkg-deb -b "$BATS_TEST_TMPDIR/package" "$archives/thing_1_all.deb" >/dev/null
	unpack() {
		bash -c 'set -euo pipefail; cache=$1 arch=arm64 here=$0; for part in util guest; do . "$0/$part.bash"; done
			eval "packages_resolve() { echo \"$2 thing_1_all.deb\"; }"
			packages_unpack guest "$3"' "$parts" "$cache" "$@"
	}
	sum=$(sha256sum <"$archives/thing_1_all.deb" | cut -d ' ' -f 1)
	run -0 unpack "$sum" "$BATS_TEST_TMPDIR/first"
	[ "$(cat "$BATS_TEST_TMPDIR/first/file")" = genuine ]
	printf x | dd of="$archives/thing_1_all.deb" bs=1 seek=200 conv=notrunc status=none
	run -125 unpack "$sum" "$BATS_TEST_TMPDIR/second"
	[[ $output == *"thing_1_all.deb in the cache is not the package that Debian has signed"* ]]
	[ ! -e "$BATS_TEST_TMPDIR/second/file" ]
	[ ! -e "$archives/thing_1_all.deb" ]
}

@test "a kernel whose release has left Debian's mirror is named with that release" {
	local cache=$BATS_TEST_TMPDIR/cache
	ask() {
		bash -c 'set -euo pipefail; cache=$1 arch=arm64; for part in util apt kernel; do . "$0/$part.bash"; done
			apt_sources() { printf "%s\n" "$*" >>"$cache/asked"; }
			apt_private() { cat; mkdir -p "$cache/apt/$1"; }
			eval "$2"
			kernel_resolve "$3"' "$parts" "$cache" "$@"
	}
	mkdir -p "$cache"
	run -125 ask 'apt_update() { return 1; }' 5.10
	[[ $output == *"the release bullseye is gone from this machine's Debian mirror"*"kernel 5.10"* ]]
	run -125 ask 'apt_update() { : >"$cache/apt/$1/update.log"; }; apt_in() { echo linux-source-6.1-not; }' 6.1
	[[ $output == *"the release bookworm is gone from"*"linux-source-6"* ]]
	[ "$(cat "$cache/asked")" = $'bullseye bullseye-security\nbookworm bookworm-security' ]
}

@test "counting: a skip that is not allowed, a test that never reports and no test at all are failures" {
	local tap=$BATS_TEST_DIRNAME/tap.awk counts=$BATS_TEST_TMPDIR/counts
	count() { awk -v "counts=$counts" "$@" -f "$tap"; }
	run -0 count <<<$'1..2\nok 1 a\nok 2 b # skip no heaps'
	[ "$(cat "$counts")" = "1 0 1" ]
	echo "heaps are here" >"$BATS_TEST_TMPDIR/allowed"
	run -0 count -v "allowed=$BATS_TEST_TMPDIR/allowed" <<<$'1..1\nok 1 a # skip heaps are here'
	[ "$(cat "$counts")" = "0 0 1" ]
	run -1 count -v "allowed=$BATS_TEST_TMPDIR/allowed" <<<$'1..2\nok 1 a\nok 2 b # skip no heaps'
	[ "$(cat "$counts")" = "1 1 0" ]
	run -1 count <<<$'1..3\nok 1 a\nnot ok 2 b'
	[ "$(cat "$counts")" = "1 2 0" ]
	run -1 count </dev/null
	[ "$(cat "$counts")" = "0 1 0" ]
}

@test "an exact board counts instructions, and two runs count the same" {
	requires_built
	run -0 --separate-stderr "$board" --exact --quiet run -- bash -c '
		for _ in 1 2; do
			dmaheap bench --heap system --case alloc,free,map,fault,fill --size 64K --count instructions \
				--time 200ms --json -q | jq -c "[.bench.counted, (.bench.sizes[] | [.case, .heap, .median])]"
		done'
	jq -se 'length == 2 and all(.[]; .[0] == "clock-instructions" and length == 11)
		and ([.[0][1:], .[1][1:]] | transpose | all(.[]; .[0][2] > 100 and .[0][:2] == .[1][:2]
			and (.[0][2] / .[1][2] - 1 | fabs) < 0.005))' <<<"$output"
}

@test "what no run wanted for a month is forgotten, and where there is nothing nothing goes wrong" {
	local cache=$BATS_TEST_TMPDIR/cache
	mkdir -p "$cache"/kernel/{old,new} "$cache/debs"
	touch "$cache"/kernel/new/.used
	touch -d '40 days ago' "$cache"/kernel/old/.used
	# a cache without other directories is that of a new machine
	run -0 bash -c 'set -euo pipefail; cache=$1; . "$0/verbs.bash"; forget_unused' "$parts" "$cache"
	[ "$output" = "" ]
	[ "$(ls "$cache/kernel")" = new ]
}
