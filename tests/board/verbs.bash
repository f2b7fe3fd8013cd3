# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # settings for the other parts
#
# What the verbs of the board do.

verb_build()
{
	local name names=(new old)
	case ${1-} in
	--update) forget ;;
	'') ;;
	*) usage_error "build: unknown argument $1" ;;
	esac
	need_build_tools
	[[ -z $kernel_given && $arch == arm64 ]] || names=("$kernel")
	run_directory
	for name in "${names[@]}"; do
		kernel=$name
		kernel_find
		say "kernel $name: Linux $kernel_name"
	done
	make_once "$(guest_dir)" guest_build
	program_build
	forget_unused
}

# Forgets what Debian answered, so that it is asked again.
forget()
{
	rm -rf "$cache/resolved" "$cache"/apt/*/updated
}

# Removes what no run of the last month has used, and sources that are built already.
forget_unused()
{
	find "$cache" -mindepth 3 -maxdepth 3 -name .used -mtime +30 -printf '%h\0' | xargs -0r rm -rf
	find "$cache/debs" -name '*.deb' -mmin +120 -delete 2>/dev/null || true
}

verb_run()
{
	[[ ${1-} != -- ]] || shift
	(($#)) || usage_error "run: no command"
	boot "$@"
	return "$result"
}

verb_shell()
{
	(($# == 0)) || usage_error "shell: takes no arguments"
	interactive=yes
	say "'exit' switches the board off"
	boot /bin/bash -il
	return "$result"
}

# verb_test [BATS OPTION…] FILE…: files are given by their paths on the host; on the board they are below
# /project.
verb_test()
{
	local name=$kernel argument path counts words=() awk=(awk) files=0 filter stdout passed failed skipped
	for argument in "$@"; do
		if [[ $argument == *.bats ]]; then
			path=$(realpath -e -- "$argument" 2>/dev/null) || usage_error "test: no file $argument"
			[[ $path == "$project"/* ]] || usage_error "test: $argument is not in $project"
			argument=/project/${path#"$project"/}
			files=$((files + 1))
		fi
		words+=("$argument")
	done
	((files)) || usage_error "test: no .bats file"
	[[ $arch == arm64 ]] || name=$arch-$kernel
	counts=${DMAHEAP_TEST_COUNTS:-$(mktemp)}
	# mawk, Debian's awk, would wait for a full buffer before it shows a line.
	! awk -W version 2>/dev/null </dev/null | grep -q mawk || awk=(awk -W interactive)
	exec {stdout}>&1 > >(exec "${awk[@]}" -v "counts=$counts" -v "allowed=$here/allowed-skips" \
		-v "kernel=$name" -f "$here/../tap.awk")
	filter=$!
	boot bats --tap "${words[@]}"
	exec >&"$stdout" {stdout}>&-
	wait "$filter" || true
	read -r passed failed skipped <"$counts"
	[[ -n ${DMAHEAP_TEST_COUNTS-} ]] || rm -f "$counts"
	say "$name kernel: $passed passed, $failed failed, $skipped skipped"
	((result < 124)) || return "$result"
	((result == 0 && failed == 0))
}

verb_tree()
{
	(($# == 1)) || usage_error "tree: give one file to write"
	local dtb
	run_directory
	set_machine
	dtb=$(device_tree)
	[[ -n $dtb ]] || die "a machine of $arch has no device tree"
	cp "$dtb" "$1"
}

# For tests/board/truth, which boots in its own way.
verb_describe()
{
	(($# == 0)) || usage_error "describe: takes no arguments"
	run_directory
	kernel_find
	printf '%s\n' "arch=$kernel_arch" "image=$kernel_image" "config=$kernel_home/config" "release=$kernel_name"
}

verb_source()
{
	local dir
	(($# == 0)) || usage_error "source: takes no arguments"
	[[ $kernel =~ $kernels ]] || die "$kernel: not built from Debian's source"
	dir=$(kernel_source_dir "$kernel")
	make_once "$dir" kernel_source "$kernel"
	printf '%s\n' "$dir"
}

verb_module()
{
	(($# == 1)) || usage_error "module: give one directory"
	need_build_tools
	run_directory
	kernel_find
	[[ -d $1 ]] || die "no directory $1"
	[[ -e $kernel_home/tree ]] || die "$kernel: no build tree beside this kernel"
	module_make "$1"
	printf '%s\n' "$module"/*.ko
}

verb_demo()
{
	(($# == 0)) || usage_error "demo: takes no arguments"
	"$here/../setup"
	need_run_tools
	need_build_tools
	# shellcheck disable=SC2016 # the board's shell expands it
	boot bash -c '
		exec 2>&1
		# show STATUS COMMAND: that this is its exit status as well
		show() {
			local status=0
			printf "# %s\n" "$2"
			eval "$2" || status=$?
			echo
			((status == $1)) || { echo "exit status $status"; exit 1; }
		}
		show 0 "dmaheap list"
		show 0 "dmaheap info video@42000000 | grep -v udev\$"
		show 0 "dmaheap regions -o NODE,SIZE,FATE"
		show 0 "dmaheap map -o REGION,BASE,SIZE,HEAPS"
		show 0 "dmaheap lint-names --fail-on never"
		show 0 "dmaheap alloc --heap video@42000000 --size 8M --map --fill random --verify"
		show 0 "dmaheap alloc --heap video@42000000 --size 12M --hold forever >/dev/null &"
		# it has begun when it has a buffer
		for _ in {1..100}; do
			[[ $(readlink "/proc/$!/fd/"*) != *dmabuf* ]] || break
			sleep 0.1
		done
		show 1 "dmaheap alloc --heap video@42000000 --size 8M"
		show 0 "dmaheap fence-test --heap video@42000000"
	'
	((result == 0)) || return "$result"
	if compgen -G '/dev/dma_heap/*' >/dev/null; then
		cat <<-END
			This machine has heaps of its own. To see them:
			  cmake --preset release && cmake --build --preset release
			  build/release/dmaheap list
		END
	fi
}
