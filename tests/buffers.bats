#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# buffers, on machines that are written here: what a process shows is text of its choice.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/proc" "$root/sys/kernel/debug/dma_buf"
	printf '\nDma-buf Objects:\n' >"$root/sys/kernel/debug/dma_buf/bufinfo"
}

# process PID COMMAND
process() {
	mkdir -p "$root/proc/$1"/{fd,fdinfo}
	printf '%s\n' "$2" >"$root/proc/$1/comm"
	printf 'Name:\tx\nUid:\t%d\t0\t0\t0\n' $((1000 + $1)) >"$root/proc/$1/status"
	printf '0::/system.slice/%s.service\n' "$2" >"$root/proc/$1/cgroup"
	: >"$root/proc/$1/maps"
}

# descriptor PID FD INODE SIZE COUNT EXPORTER [NAME]
descriptor() {
	ln -s "/dmabuf:${7-}" "$root/proc/$1/fd/$2"
	printf 'pos:\t0\nflags:\t02\nmnt_id:\t11\nino:\t%s\nsize:\t%s\ncount:\t%s\nexp_name:\t%s\n' "${@:3:4}" \
		>"$root/proc/$1/fdinfo/$2"
	[ -z "${7-}" ] || printf 'name:\t%b\n' "$7" >>"$root/proc/$1/fdinfo/$2"
}

# listed INODE SIZE COUNT EXPORTER NAME [LINE...]
listed() {
	{
		printf '%08d\t00000002\t02080007\t%08d\t%s\t%08d\t%b\n' "$2" "$3" "$4" "$1" "$5"
		printf '%s' "${@:6}"
	} >>"$root/sys/kernel/debug/dma_buf/bufinfo"
}

buffers() {
	"$DMAHEAP" --sysroot "$root" buffers "$@"
}

@test "descriptors, mappings and the listing are joined by the inode" {
	process 12 camera
	process 13 viewer
	descriptor 12 4 7 8192 4 video@42000000 frame
	descriptor 12 5 7 8192 4 video@42000000 frame
	printf '%s\n' '7f000000-7f002000 rw-s 00000000 00:09 7                              /dmabuf:frame' \
		'7e000000-7e001000 r--p 00000000 fe:00 99                             /usr/lib/libc.so.6' >"$root/proc/13/maps"
	listed 7 8192 4 video@42000000 frame $'\twrite fence:3:1 unbound vgem unsignalled\n' \
		$'\tread fence:3:2 unbound vgem signalled\n' $'\tAttached Devices:\n' $'\tvivid.0\n'
	listed 9 4096 1 i915 '<none>' $'\tAttached Devices:\n'
	run -0 --separate-stderr buffers --json
	[ -z "$stderr" ]
	[ "$(jq -c '.buffers[] | [.inode, .size, .exporter, .name, .holders, .share, .fds, .maps, .kernel, .fences]' <<<"$output")" = \
'[7,8192,"video@42000000","frame",2,4096,2,1,{"references":1,"devices":["vivid.0"]},{"write":1,"read":0,"other":0,"pending":["write fence:3:1 unbound vgem unsignalled"]}]
[9,4096,"i915",null,0,null,0,0,{"references":1,"devices":[]},{"write":0,"read":0,"other":0,"pending":[]}]' ]
	[ "$(jq -c '.buffers[0].children[] | [.type, .pid, .user, .command, .unit, .fds, .maps, .how]' <<<"$output")" = \
'["process",12,"1012","camera","camera.service",2,0,["fd 4","fd 5"]]
["process",13,"1013","viewer","viewer.service",0,1,["mapping at 0x7f000000"]]' ]
	[ "$(jq -c .total <<<"$output")" = '{"buffers":2,"size":12288}' ]
	[ "$(buffers --by process --json | jq -c '.buffers[] | [.pid, .size, .share, [.children[].inode]]')" = \
		$'[12,8192,4096,[7]]\n[13,8192,4096,[7]]' ]
}

@test "what only looks like a buffer is none" {
	process 12 liar
	ln -s /dmabuf:file "$root/proc/12/fd/3"
	printf 'pos:\t0\nflags:\t0100002\nmnt_id:\t11\nino:\t5\n' >"$root/proc/12/fdinfo/3"
	ln -s '/tmp/dmabuf:x' "$root/proc/12/fd/4"
	printf '%s\n' '7f000000-7f001000 rw-s 00000000 00:09 8      /tmp//dmabuf:x' \
		'7f002000-7f001000 rw-s 00000000 00:09 8      /dmabuf:x' 'junk /dmabuf:x' '/dmabuf:' >"$root/proc/12/maps"
	run -0 buffers --json
	[ "$(jq -c '.buffers' <<<"$output")" = '[]' ]
}

@test "names with line ends fake neither a buffer nor a field, and are escaped" {
	process 12 $'e\vvil'
	descriptor 12 4 7 8192 1 system '\033[31mred\nsize:\t1\ncount:\t9'
	listed 7 8192 1 system '\033[31mred\n00000001\t00000002\t00000003'
	run -0 buffers
	[[ $output != *$'\e'* ]]
	[[ $output == *'\x1b[31mred\x0asize:\x091\x0acount:\x099'* ]]
	[[ $output == *'e\x0bvil'* ]]
	[ "$(buffers --json | jq -c '[.buffers[] | .inode, .size, .kernel.references]')" = '[7,8192,0]' ]
	# a number that is there twice is not believed
	listed 9 1 1 system x
	listed 9 2 2 system y
	[ "$(buffers --json | jq -c '[.buffers[].inode]')" = '[7]' ]
}

@test "what could not be read is said, and does not look like nothing" {
	rm "$root/sys/kernel/debug/dma_buf/bufinfo"
	process 12 camera
	descriptor 12 4 7 8192 3 system
	run -0 --separate-stderr buffers
	[ "$stderr" = "dmaheap buffers: /sys/kernel/debug/dma_buf/bufinfo: no such file or directory: devices, fences, and buffers that no process holds are unknown" ]
	[ "$(buffers --json 2>/dev/null | jq -c '[.kernel_listing, .buffers[0].fences, .buffers[0].kernel.references]')" = '[false,null,2]' ]
	run -0 --separate-stderr buffers -q
	[ -z "$stderr" ]
	run -4 --separate-stderr buffers 8
	[ -z "$output" ]
	[[ $stderr == *'there is no buffer 8 that you may see' ]]
	rm -r "$root/proc"
	run -4 --separate-stderr buffers
	[ -z "$output" ]
	[[ $stderr == 'dmaheap buffers: /proc: no such file or directory' ]]
}

@test "numbers that are none are usage errors" {
	run -2 --separate-stderr buffers x
	[ "$stderr" = "dmaheap buffers: a buffer is named by its inode number, not by 'x'" ]
	run -2 --separate-stderr buffers --pid 0
	[ "$stderr" = "dmaheap buffers: --pid takes the id of a process, not '0'" ]
	run -4 --separate-stderr buffers --heap none
}

@test "a process that ends in the middle is left out" {
	process 12 camera
	descriptor 12 4 7 8192 1 system
	process 13 gone
	ln -s /dmabuf: "$root/proc/13/fd/4"
	mkdir "$root/proc/14"
	run -0 --separate-stderr buffers --json
	[ -z "$stderr" ]
	[ "$(jq -c '[.buffers[] | [.inode, (.children | length)]]' <<<"$output")" = '[[7,1]]' ]
}
