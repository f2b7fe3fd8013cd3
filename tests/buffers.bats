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
	printf 'Name:\tx\nUid:\t%d\t0\t0\t0\nNSpid:\t%d\t%d\n' $((1000 + $1)) "$1" $(($1 - 10)) >"$root/proc/$1/status"
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

# entry INODE SIZE COUNT EXPORTER NAME [LINE...]: one buffer of the listing
entry() {
	printf '%08d\t00000002\t02080007\t%08d\t%s\t%08d\t%b\n' "$2" "$3" "$4" "$1" "$5"
	printf '%s' "${@:6}"
}

# listed ARGUMENT...: adds an entry
listed() {
	entry "$@" >>"$root/sys/kernel/debug/dma_buf/bufinfo"
}

# relist SCRIPT [ARGUMENT...]: changes the listing with sed, and adds an entry; each look finds the old one or
# the new one whole
relist() {
	local listing=$root/sys/kernel/debug/dma_buf/bufinfo
	{
		sed "$1" "$listing"
		[ $# -eq 1 ] || entry "${@:2}"
	} >"$BATS_TEST_TMPDIR/next"
	mv "$BATS_TEST_TMPDIR/next" "$listing"
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
'[7,8192,"video@42000000","frame",2,4096,2,1,{"references":1,"devices":["vivid.0"]},{"write":1,"read":0,"other":0,"pending":["write fence:3:1 unbound vgem unsignalled"],"each":[{"usage":"write","driver":"vgem","timeline":"unbound","context":3,"seqno":1}]}]
[9,4096,"i915",null,0,null,0,0,{"references":1,"devices":[]},{"write":0,"read":0,"other":0,"pending":[],"each":[]}]' ]
	[ "$(jq -c '.buffers[0].children[] | [.type, .pid, .nspid, .user, .command, .unit, .fds, .maps, .how]' <<<"$output")" = \
'["process",12,2,"1012","camera","camera.service",2,0,["fd 4","fd 5"]]
["process",13,3,"1013","viewer","viewer.service",0,1,["mapping at 0x7f000000"]]' ]
	[ "$(jq -c .total <<<"$output")" = '{"buffers":2,"size":12288}' ]
	[ "$(buffers --by process --json | jq -c '.buffers[] | [.pid, .size, .share, .mapped, [.children[].inode]]')" = \
		$'[12,8192,4096,0,[7]]\n[13,8192,4096,8192,[7]]' ]
}

@test "MAPPED is the sum of the ranges, of a buffer, a process and a group" {
	process 12 camera
	process 13 viewer
	descriptor 12 4 7 65536 9 system
	descriptor 12 5 8 4096 9 system
	# twice the same half, and a page; then the whole
	printf '%s\n' '7f000000-7f008000 rw-s 00008000 00:09 7      /dmabuf:' \
		'7f010000-7f018000 rw-s 00008000 00:09 7      /dmabuf:' \
		'7f020000-7f021000 rw-s 00000000 00:09 8      /dmabuf:' >"$root/proc/12/maps"
	printf '%s\n' '7e000000-7e010000 rw-s 00000000 00:09 7      /dmabuf:' >"$root/proc/13/maps"
	run -0 buffers --json
	[ "$(jq -c '.buffers[] | [.inode, .mapped, [.children[].mapped]]' <<<"$output")" = \
		$'[7,131072,[65536,65536]]\n[8,4096,[4096]]' ]
	[ "$(buffers --by process -b -nr -o TYPE,MAPPED)" = \
		$'process 69632\nbuffer 65536\nbuffer 4096\nprocess 65536\nbuffer 65536' ]
	[ "$(buffers --by exporter -b -nr -o TYPE,MAPPED)" = $'exporter 135168\nbuffer 131072\nbuffer 4096' ]
}

@test "candidates are listed once, however many buffers have unexplained references" {
	local socket inode
	for inode in 7 8 9; do
		listed "$inode" 4096 2 system '<none>'
	done
	process 12 sender
	# what holds something else is described too
	descriptor 12 3 7 4096 2 system
	for socket in 4 5 6; do
		ln -s "socket:[10$socket]" "$root/proc/12/fd/$socket"
		printf 'pos:\t0\nflags:\t02\nmnt_id:\t8\nino:\t10%d\nscm_fds: %d\n' "$socket" $((socket - 4)) >"$root/proc/12/fdinfo/$socket"
	done
	run -0 buffers --json
	[ "$(jq -c '.buffers[] | [.id, .type, [.children[] | [.type, .pid, .how[0]]]]' <<<"$output")" = \
'["7","buffer",[["process",12,"fd 3"]]]
["8","buffer",[]]
["9","buffer",[]]
["candidates","candidates",[["candidate",12,"perhaps: fd 5, a socket with 1 descriptor in flight"],["candidate",12,"perhaps: fd 6, a socket with 2 descriptors in flight"]]]' ]
	LC_ALL=C run -0 --separate-stderr buffers
	grep -E '^\|-12 +sender +perhaps: fd 5, a socket with 1 descriptor in flight$' <<<"$output"
	# of what is shown everything is explained
	listed 10 4096 0 system '<none>'
	[ "$(buffers 10 --json | jq -c '[.buffers[].id]')" = '["10"]' ]
}

@test "DRM files are candidates for what their device has attached, sync files for pending fences" {
	local device
	process 12 app
	ln -s /dev/dri/card0 "$root/proc/12/fd/4"
	ln -s /dev/dri/renderD129 "$root/proc/12/fd/5"
	ln -s /dev/dri/card7 "$root/proc/12/fd/6"
	ln -s anon_inode:sync_file "$root/proc/12/fd/8"
	for device in card0:../../../fd000000.gpu renderD129:../../../vgem; do
		mkdir -p "$root/sys/class/drm/${device%:*}" "$root/sys/class/drm/${device#*../../../}"
		ln -s "${device#*:}" "$root/sys/class/drm/${device%:*}/device"
	done
	listed 7 4096 3 system '<none>' $'\twrite fence:3:1 a b signalled\n' $'\tAttached Devices:\n' $'\tfd000000.gpu\n'
	listed 8 4096 1 system '<none>' $'\twrite fence:3:1 a b unsignalled\n'
	listed 9 4096 0 system '<none>' $'\tAttached Devices:\n' $'\tvgem\n'
	run -0 buffers -nr -o TYPE,HOW
	echo "$output"
	[ "$(grep ^candidate <<<"$output" | sed 's/\\x20/ /g')" = \
$'candidates \ncandidate perhaps: fd 4, a DRM file of fd000000.gpu\ncandidate perhaps a fence: fd 8, a sync file' ]
	# of the buffers that are shown only
	[ "$(buffers 7 --json | jq -c '[.buffers[1].children[].how[0]]')" = '["perhaps: fd 4, a DRM file of fd000000.gpu"]' ]
	[ "$(buffers 8 --json | jq -c '[.buffers[1].children[].how[0]]')" = '["perhaps a fence: fd 8, a sync file"]' ]
	[ "$(buffers 9 --json | jq -c '[.buffers[].type]')" = '["buffer"]' ]
}

@test "of many descriptors the first are shown, and in JSON all" {
	local i
	process 12 camera
	for i in {4..13}; do
		descriptor 12 "$i" 7 4096 10 system
	done
	buffers | grep -E ' camera +fd 4,fd 5,fd 6,fd 7,fd 8,fd 9,fd 10,fd 11 and 2 others$'
	[ "$(buffers --json | jq -r '.buffers[0].children[0].how[9]')" = 'fd 13' ]
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
	process 12 $'e\vvil\n9999'
	descriptor 12 4 7 8192 1 system '\033[31mred\nsize:\t1\ncount:\t9'
	listed 7 8192 1 system '\033[31mred\n00000001\t00000002\t00000003'
	run -0 buffers
	[[ $output != *$'\e'* ]]
	[[ $output == *'\x1b[31mred\x0asize:\x091\x0acount:\x099'* ]]
	[[ $output == *'e\x0bvil\x0a9999'* ]]
	[ "$(buffers --json | jq -c '[.buffers[] | .inode, .size, .kernel.references]')" = '[7,8192,0]' ]
	# a number that is there twice is not believed
	listed 9 1 1 system x
	listed 9 2 2 system y
	[ "$(buffers --json | jq -c '[.buffers[].inode]')" = '[7]' ]
	# fields have eight digits or more and a tab: else it is no line of the kernel's, nor is one with more than 64 bits
	{
		printf '00004096\t00000002\t02080007\t00000001\tsystem\t%s\tx\n' 19 0000020 '00000021 ' 0000002a 18446744073709551616
		printf '%s\t00000002\t02080007\t%s\tsystem\t%08d\tx\n' 409600a 00000001 22 4096 00000001 23 0040960a 00000001 24 \
			00004096 0000000a 25 99999999999999999999 00000001 26 00004096 99999999999999999999 27
	} >>"$root/sys/kernel/debug/dma_buf/bufinfo"
	[ "$(buffers --json | jq -c '[.buffers[].inode]')" = '[7]' ]
	listed 28 4096 1 $'i9\e[31m15' x $'\tAttached Devices:\n' $'\tv\e[31mgem\n'
	run -0 buffers -o ID,EXPORTER,KERNEL
	[[ $output != *$'\e'* ]]
	[[ $output == *'i9\x1b[31m15 v\x1b[31mgem'* ]]
}

# What drivers with a scheduler, and many devices, look like in the listing of several kernels: before Linux
# 5.19 with exclusive and shared fences and without a column for the name, then with their uses and seqno,
# since 6.19 with context:seqno first and without the names of those that are signalled
# (drivers/dma-buf/dma-buf.c, dma-resv.c, dma-fence.c).
@test "listings of DRM and V4L2 drivers are read, of each kernel" {
	local file expected
	while read -r file expected; do
		cp "${BATS_TEST_FILENAME%/*}/fixtures/bufinfo/$file" "$root/sys/kernel/debug/dma_buf/bufinfo"
		echo "$file: $(buffers --json)"
		[ "$(buffers --json | jq -c '[.buffers[] | [.inode, .size, .exporter, .name, .kernel.references, (.kernel.devices | length),
			.fences.write, .fences.read, .fences.other, (.fences.pending | length)]]')" = "$expected" ]
	done <<-END
		etnaviv-5.10 [[21337,8294400,"etnaviv",null,4,1,1,0,0,1],[21340,8294400,"drm","scanout",3,2,0,2,0,2]]
		amdgpu-6.1 [[4711,33177600,"amdgpu",null,5,2,2,1,3,6],[123456789012,4294967296,"i915","upload pool",2,0,1,0,0,1]]
		many-devices-7.2 [[901,65536,"rcar-vin","ring 0",131,64,1,1,0,2]]
	END
	[ "$(buffers --json | jq -r '.buffers[0].kernel.devices[63]')" = fe03f000.isp ]
	while read -r file expected; do
		cp "${BATS_TEST_FILENAME%/*}/fixtures/bufinfo/$file" "$root/sys/kernel/debug/dma_buf/bufinfo"
		[ "$(buffers --json | jq -c '[.buffers[].fences.each[-1] | [.usage, .driver, .timeline, .context, .seqno]]')" = "$expected" ]
	done <<-END
		etnaviv-5.10 [["write","etnaviv","134000.gpu",null,null],["read","imx-drm","[CRTC:35:ipu1-di0]",null,null]]
		amdgpu-6.1 [["other","drm_sched","vcn_unified_0",null,12],["write","i915","gnome-shell[1733]:3",null,2]]
		many-devices-7.2 [["read","drm_sched","pan_js",7,1]]
	END
	[ "$(buffers --json | jq -r '.buffers[0].fences.pending[1]')" = 'read fence:7:1 pan_js drm_sched unsignalled' ]
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
	run -2 --separate-stderr buffers --pid 12,x
	[ "$stderr" = "dmaheap buffers: --pid takes the id of a process, not 'x'" ]
	run -2 --separate-stderr buffers --pid 12,
	[ "$stderr" = "dmaheap buffers: --pid takes the id of a process, not ''" ]
}

@test "processes are in the order of their ids, and several can be asked for in both ways" {
	local pid
	for pid in 9 12 100; do
		process "$pid" "c$pid"
		descriptor "$pid" 4 "$pid" 4096 1 system
	done
	[ "$(buffers --by process --json | jq -c '[.buffers[].pid]')" = '[9,12,100]' ]
	[ "$(buffers --pid 12,9 --json | jq -c '[.buffers[].inode]')" = '[9,12]' ]
	[ "$(buffers --pid 12 --pid 100 --json | jq -c '[.buffers[].inode]')" = '[12,100]' ]
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

# numbers FILE OFFSET BYTES NUMBER...: writes them, of so many bytes each, in the order of this machine
numbers() {
	local order byte text='' value
	order=$(seq 0 $(($3 - 1)))
	[ "$(printf '\1\0' | od -An -tu2)" -ne 1 ] || order=$(seq $(($3 - 1)) -1 0)
	for value in "${@:4}"; do
		value=$(printf "%0$((2 * $3))x" "$value")
		for byte in $order; do
			text+="\\x${value:byte*2:2}"
		done
	done
	printf '%b' "$text" | dd of="$1" bs=1 seek=$(($2)) conv=notrunc status=none
}

# pagemap PID ADDRESS ENTRY...: 8 bytes for each page of 4096, from that of ADDRESS on
pagemap() {
	numbers "$root/proc/$1/pagemap" $(($2 / 512)) 8 "${@:3}"
}

@test "the physical address is what mappings show, in the order of the buffer" {
	local file=$((0xa000 << 48)) copy=$((0x8000 << 48))
	mkdir "$root/proc/self"
	printf '1-2 r\nKernelPageSize:        4 kB\n' >"$root/proc/self/smaps"
	process 12 camera
	process 13 viewer
	descriptor 12 4 7 20480 2 udmabuf
	descriptor 12 5 8 8192 2 udmabuf
	descriptor 12 6 9 4096 2 udmabuf
	# the second half of 7, then the first half with a page that is there twice; of 8 one page is a copy
	printf '%s\n' '7f000000-7f003000 rw-s 00002000 00:09 7      /dmabuf:' \
		'7f010000-7f012000 rw-s 00000000 00:09 8      /dmabuf:' \
		'7f020000-7f021000 rw-s 00100000 00:09 9      /dmabuf:' >"$root/proc/12/maps"
	printf '%s\n' '7e000000-7e003000 rw-s 00000000 00:09 7      /dmabuf:' >"$root/proc/13/maps"
	pagemap 12 0x7f000000 $((file | 0x52)) $((file | 0x53)) $((file | 0x60))
	pagemap 12 0x7f010000 $((copy | 0x99)) $((file | 0x70))
	pagemap 12 0x7f020000 $((file | 0x80))
	pagemap 13 0x7e000000 $((file | 0x50)) $((file | 0x51)) $((file | 0x52))
	run -0 --separate-stderr buffers --json
	[ "$(jq -c '.buffers[] | [.inode, .address, .age]' <<<"$output")" = \
'[7,{"first":"0x50000","pieces":[{"offset":0,"address":"0x50000","size":16384},{"offset":16384,"address":"0x60000","size":4096}],"unknown":0},null]
[8,{"first":null,"pieces":[{"offset":4096,"address":"0x70000","size":4096}],"unknown":4096},null]
[9,null,null]' ]
	[ "$(buffers -nr -o TYPE,ADDRESS 2>/dev/null | grep ^buffer)" = \
$'buffer 0x50000\\x20and\\x201\\x20more\\x20piece\nbuffer ?,\\x20unknown:\\x204K\nbuffer ' ]
	# a caller who may not know sees page 0
	pagemap 12 0x7f000000 "$file" "$file" "$file"
	pagemap 13 0x7e000000 "$file" "$file" "$file"
	[ "$(buffers 7 --json 2>/dev/null | jq '.buffers[0].address')" = null ]
}

@test "a buffer is not looked for in more mappings than 64 times its size" {
	local file=$((0xa000 << 48)) i
	mkdir "$root/proc/self"
	printf '1-2 r\nKernelPageSize:        4 kB\n' >"$root/proc/self/smaps"
	process 12 camera
	descriptor 12 4 7 4096 2 system
	# only the last has been touched
	# found N: whether the address is known with N mappings
	found() {
		for ((i = 1; i <= $1; i++)); do
			printf '%x000-%x000 rw-s 00000000 00:09 7      /dmabuf:\n' "$i" $((i + 1))
		done >"$root/proc/12/maps"
		rm -f "$root/proc/12/pagemap"
		pagemap 12 $(($1 << 12)) $((file | 0x50))
		buffers --json 2>/dev/null | jq '.buffers[0].address.first'
	}
	[ "$(found 64)" = '"0x50000"' ]
	[ "$(found 129)" = null ]
}

# task PID TID STATE FUNCTION... then the line of syscall
task() {
	local directory=$root/proc/$1/task/$2
	mkdir -p "$directory"
	printf '%s (a) S b) %s 1 2 3\n' "$2" "$3" >"$directory/stat"
	printf 'thread-%s\n' "$2" >"$directory/comm"
	printf '[<0>] %s+0x1/0x2\n' "${@:4:$#-4}" >"$directory/stack"
	printf '%s\n' "${*: -1}" >"$directory/syscall"
}

# memory PID ADDRESS WORD...: 32-bit numbers, low half first
memory() {
	numbers "$root/proc/$1/mem" "$2" 4 "${@:3}"
}

# a pollfd is its descriptor and two halves: of the second word only the low half is the events
pollfd_events() {
	[ "$(printf '\1\0' | od -An -tu2)" -ne 1 ] && echo $(($1 << 16)) || echo "$1"
}

waiters() {
	buffers --waiters "$@" | jq -c '[.buffers[] | [.inode, [.children[] | [.type, .id, .command, .how[0]]], .how[0]?]]'
}

@test "who waits for a fence is told by its call and what the kernel does for it" {
	local in out
	in=$(pollfd_events 1)
	out=$(pollfd_events 4)
	process 12 app
	process 14 idle
	descriptor 12 4 7 8192 1 system
	descriptor 12 5 8 8192 1 system
	descriptor 12 6 9 8192 1 system
	ln -s anon_inode:sync_file "$root/proc/12/fd/8"
	mkdir -p "$root/proc/12/task/21"
	cp -r "$root/proc/12/fd" "$root/proc/12/task/21/fd"
	listed 7 8192 1 system '<none>' $'\tread fence:3:2 a timeline with blanks unsignalled\n' $'\twrite fence:3:1 line drv signalled\n'
	listed 8 8192 1 system '<none>'
	listed 9 8192 1 system '<none>'
	task 12 12 S dma_fence_default_wait dma_resv_wait_timeout dma_buf_ioctl '29 0x4 0x40086200 0x1 0x0 0x0 0x0 0x1 0x2'
	task 12 21 S do_sys_poll.constprop.0 __arm64_sys_ppoll '73 0x100 0x4 0x0 0x0 0x0 0x0 0x1 0x2'
	memory 12 0x100 5 "$in" 6 0 0xffffffff "$in" 8 "$out"
	task 12 22 S do_select '72 0x7 0x0 0x200 0x0 0x0 0x0 0x1 0x2'
	memory 12 0x200 0x40 0
	task 12 23 D dma_fence_wait_timeout some_driver_ioctl '29 0x9 0x6400 0x0 0x0 0x0 0x0 0x1 0x2'
	task 12 24 R dma_fence_wait_timeout '29 0x4 0x40086200 0x0 0x0 0x0 0x0 0x1 0x2'
	task 12 25 S hrtimer_nanosleep '101 0x4 0x40086200 0x0 0x0 0x0 0x0 0x1 0x2'
	# of this one the memory cannot be read, and of the next nobody cares
	task 12 26 S do_sys_poll '73 0xffffff000000 0x2 0x0 0x0 0x0 0x0 0x1 0x2'
	task 14 14 S do_sys_poll '73 0xffffff000000 0x2 0x0 0x0 0x0 0x0 0x1 0x2'
	run -0 --separate-stderr waiters --json
	[ "$output" = '[[7,[["fence","fence",null,"read fence:3:2 a timeline with blanks unsignalled"],["waiter","12","thread-12","waits in SYNC, fd 4 (dma_fence_default_wait)"]],null],'\
'[8,[["waiter","21","thread-21","waits in poll, fd 5 (do_sys_poll)"]],null],'\
'[9,[["waiter","22","thread-22","waits in select, fd 6 (do_select)"]],null],'\
'[null,[],"waits in poll, fd 8 (do_sys_poll), for a sync file"],'\
'[null,[],"waits in driver, fd 9 (dma_fence_wait_timeout), for an unknown fence"]]' ]
	run -0 --separate-stderr buffers --waiters
	[ "$stderr" = 'dmaheap buffers: 1 sleeping task could not be asked what it waits for' ] ||
		[ "$stderr" = 'dmaheap buffers: 1 sleeping task could not be asked what it waits for; root can' ]
	[ "$(buffers --waiters --json 2>/dev/null | jq .unreadable_tasks)" -eq 1 ]
	run -2 buffers --waiters --by heap
}

@test "of the descriptors that tasks wait for, 65536 are looked at" {
	process 12 app
	descriptor 12 4 7 8192 1 system
	listed 7 8192 1 system
	# descriptor 0x01010101, which is not there, for POLLIN; and then 4
	head -c 524288 /dev/zero | tr '\0' '\1' >"$root/proc/12/mem"
	memory 12 0x100000 4 "$(pollfd_events 1)"
	task 12 13 S do_sys_poll '73 0x100000 0x1 0x0 0x0 0x0 0x0 0x1 0x2'
	task 12 12 S do_sys_poll '73 0x0 0xffff 0x0 0x0 0x0 0x0 0x1 0x2'
	[ "$(waiters --json 2>/dev/null)" = '[[7,[["waiter","13","thread-13","waits in poll, fd 4 (do_sys_poll)"]],null]]' ]
	task 12 12 S do_sys_poll '73 0x0 0x10000 0x0 0x0 0x0 0x0 0x1 0x2'
	[ "$(buffers --waiters --json 2>/dev/null | jq -c '[.unreadable_tasks, .buffers]')" = '[1,[]]' ]
}

@test "list and info sum up the buffers of each heap, and say who holds them" {
	local heap
	mkdir -p "$root/dev/dma_heap"
	for heap in system vendor; do
		printf 'char 600 root root 250:%d\n' ${#heap} >"$root/dev/dma_heap/$heap"
	done
	printf 'Character devices:\n250 dma_heap\n' >"$root/proc/devices"
	process 12 camera
	process 13 viewer
	descriptor 12 4 7 8192 2 system
	descriptor 13 4 7 8192 2 system
	descriptor 13 5 8 4096 1 system
	# that another driver's heap made none would be a guess
	[ "$("$DMAHEAP" list --sysroot "$root" -nr -b -o NAME,USED,COUNT)" = $'system 0 0\nvendor  ' ]
	listed 7 8192 2 system '<none>'
	listed 8 4096 1 system '<none>'
	listed 9 512 1 system '<none>'
	listed 10 1024 1 i915 '<none>'
	[ "$("$DMAHEAP" list --sysroot "$root" --json | jq -c '.list[] | [.name, .used, .count]')" = \
		$'["system",12800,3]\n["vendor",null,null]' ]
	[ "$("$DMAHEAP" list --sysroot "$root" -nr -b -o NAME,USED,COUNT)" = $'system 12800 3\nvendor  ' ]
	[ "$("$DMAHEAP" info --sysroot "$root" system --json | jq -c '.info.holders')" = \
'{"processes":[{"buffers":2,"size":12288,"pid":13,"command":"viewer"},{"buffers":1,"size":8192,"pid":12,"command":"camera"}],"other":{"buffers":1,"size":512},"unknown":{"buffers":0,"size":0},"unreadable_processes":0}' ]
	[ "$("$DMAHEAP" info --sysroot "$root" system | grep ^holder | tr -s ' ')" = \
'holder 12K in 2 buffers: 13 (viewer) /proc
holder 8K in 1 buffer: 12 (camera) /proc
holder 512B in 1 buffer: no process that could be read /proc' ]
	# the listing does not say which heap: before 5.11, and before 5.13
	cp "$root/sys/kernel/debug/dma_buf/bufinfo" "$BATS_TEST_TMPDIR/listing"
	local module
	for module in heap_helpers system_heap cma_heap; do
		listed 11 1024 1 "$module" '<none>'
		[ "$("$DMAHEAP" list --sysroot "$root" --json | jq -c '[.list[].used]')" = '[null,null]' ]
		[ "$(buffers 11 --json | jq -c '[.buffers[].heap]')" = '[null]' ]
		run -0 --separate-stderr buffers --heap system -nr -o INODE,TYPE
		[ "$stderr" = 'dmaheap buffers: left out: 1 buffer whose heap is unknown' ]
		[ "$(grep -c buffer <<<"$output")" -eq 3 ]
		# other filters leave it out as well
		run -0 --separate-stderr buffers --heap system --min-size 2K -nr -o INODE,TYPE
		[ -z "$stderr" ]
		[ "$("$DMAHEAP" info --sysroot "$root" vendor --json | jq -c '.info.holders | del(.unreadable_processes)')" = \
			'{"processes":[],"other":{"buffers":0,"size":0},"unknown":{"buffers":1,"size":1024}}' ]
		[ "$("$DMAHEAP" info --sysroot "$root" vendor | grep ^holder | tr -s ' ')" = \
			'holder 1K in 1 buffer: unknown whether of this heap /proc' ]
		cp "$BATS_TEST_TMPDIR/listing" "$root/sys/kernel/debug/dma_buf/bufinfo"
	done
	# of a TEE's heaps it is not known which
	printf 'char 600 root root 250:9\n' >"$root/dev/dma_heap/protected,trusted-ui"
	listed 11 1024 1 tee '<none>'
	run -0 --separate-stderr buffers --heap protected,trusted-ui --json
	[ "$stderr" = 'dmaheap buffers: left out: 1 buffer whose heap is unknown' ]
	[ "$(jq -c .buffers <<<"$output")" = '[]' ]
	[ "$("$DMAHEAP" info --sysroot "$root" protected,trusted-ui --json | jq -c .info.holders.unknown)" = '{"buffers":1,"size":1024}' ]
	[ "$("$DMAHEAP" list --sysroot "$root" -nr -b -o NAME,USED)" = $'protected,trusted-ui \nsystem 12800\nvendor ' ]
	run -0 --separate-stderr buffers --heap system
	[ -z "$stderr" ]
	# two filters are both heeded
	[ "$(buffers --heap system --exporter i915 --json | jq -c .buffers)" = '[]' ]
	[ "$(buffers --heap system --exporter system --json | jq -c '[.buffers[] | select(.type == "buffer").inode]')" = '[7,8,9]' ]
	rm "$root/sys/kernel/debug/dma_buf/bufinfo"
	run -0 --separate-stderr "$DMAHEAP" list --sysroot "$root" -o NAME,USED
	[ "$stderr" = "dmaheap list: /sys/kernel/debug/dma_buf/bufinfo: no such file or directory: what is used is unknown" ]
	# not without need
	run -0 --separate-stderr "$DMAHEAP" list --sysroot "$root"
	[ -z "$stderr" ]
}

# area WORD...: video@42000000 with these words of the bitmap, and its heap and node
area() {
	local debugfs=$root/sys/kernel/debug/cma/video@42000000 sysfs=$root/sys/kernel/mm/cma/video@42000000
	mkdir -p "$root/dev/dma_heap" "$root/proc/self" "$debugfs/ranges/0" "$sysfs"
	printf '1-2 r\nKernelPageSize:        4 kB\n' >"$root/proc/self/smaps"
	printf 'char 600 root root 250:1\n' >"$root/dev/dma_heap/video@42000000"
	printf 'char 600 root root 250:2\n' >"$root/dev/dma_heap/system"
	printf 'Character devices:\n250 dma_heap\n' >"$root/proc/devices"
	echo 64 | tee "$debugfs/count" "$sysfs/total_pages" >/dev/null
	echo $((0x42000)) | tee "$debugfs/base_pfn" "$debugfs/ranges/0/base_pfn" >/dev/null
	echo 0 >"$debugfs/order_per_bit"
	printf '%u %u \n' "$1" "$2" >"$debugfs/bitmap"
}

@test "the name of a CMA area is escaped in the summary, and that of its heap in the picture" {
	local bad=$'v\e[31m\x9bx@42000000' shown='v\x1b[31m\x9bx@42000000' place
	area 0 0
	for place in dev/dma_heap sys/kernel/debug/cma sys/kernel/mm/cma; do
		mv "$root/$place/video@42000000" "$root/$place/$bad"
	done
	echo 54 >"$root/sys/kernel/mm/cma/$bad/available_pages"
	[ "$(buffers | tail -n 1)" = "$shown: 40K of the area is not explained by these buffers" ]
	buffers --draw >"$BATS_TEST_TMPDIR/drawn"
	cat "$BATS_TEST_TMPDIR/drawn"
	grep -qF "$shown" "$BATS_TEST_TMPDIR/drawn"
	run -1 env LC_ALL=C grep -a -P '[\x1b\x9b]' "$BATS_TEST_TMPDIR/drawn"
}

@test "what of a CMA area no buffer explains is said, but not of some buffers" {
	local sysfs=$root/sys/kernel/mm/cma/video@42000000 unexplained='video@42000000: 24K of the area is not explained by these buffers'
	area 0 0
	# of 64 pages ten are taken, four of them by a buffer
	echo 54 >"$sysfs/available_pages"
	listed 7 16384 1 video@42000000 '<none>'
	listed 8 4096 1 system '<none>'
	[ "$(buffers | tail -n 1)" = "$unexplained" ]
	[ "$(buffers --json | jq -c .unexplained)" = '[{"area":"video@42000000","size":24576}]' ]
	[ "$(buffers 7 | tail -n 1)" = '1 buffer, 16K' ]
	[ "$(buffers 7 --json | jq -c .unexplained)" = '[]' ]
	# open with O_PATH only
	process 12 camera
	ln -s /dmabuf: "$root/proc/12/fd/4"
	printf 'pos:\t0\nflags:\t010000002\nmnt_id:\t11\nino:\t9\n' >"$root/proc/12/fdinfo/4"
	[ "$(buffers | tail -n 1)" = "$unexplained, or belongs to one whose exporter is unknown" ]
	echo 60 >"$sysfs/available_pages"
	[ "$(buffers | tail -n 1)" = '3 buffers, 20K' ]
}

# drawn: address and words of each part of a picture
drawn() {
	sed -n 's/^\(0x[0-9a-f]*\) |.*|  */\1 /p'
}

@test "each buffer of a heap is drawn where it must lie, and no place is claimed that is not certain" {
	local svg=$BATS_TEST_TMPDIR/svg LC_ALL=C
	export LC_ALL
	# pages 0-3, 8-15, 16-17, 24-31; and 32-35
	area $((0xff03ff0f)) 15
	listed 7 16384 1 video@42000000 one
	listed 8 32768 1 video@42000000 big
	listed 9 32768 1 video@42000000 big2
	listed 10 8192 1 video@42000000 '<none>'
	listed 11 4096 1 system '<none>'
	process 12 camera
	run -0 --separate-stderr buffers --draw
	[ -z "$stderr" ]
	# 8 and 9 have 32 KiB: of pages 8-17 and 24-35 each has several places; 7 can be at 0, 32 and in these
	[ "$(drawn <<<"$output")" = \
'0x42000000 in use, for what is unknown  16K
0x42004000 free  16K
0x42008000 in use, for what is unknown  40K
0x42012000 free  24K
0x42018000 in use, for what is unknown  48K
0x42024000 free  112K  the largest hole' ]
	[[ $output == *$'152K free in 3 holes, the largest has 112K\n4 buffers, 88K: the place is unknown' ]]
	# as many places for a size as buffers; then for the next size
	area $((0xff00ff0f)) 0
	run -0 buffers --draw
	[ "$(drawn <<<"$output")" = \
'0x42000000 7 one  16K
0x42004000 free  16K
0x42008000 one of 8, 9  32K
0x42010000 free  32K
0x42018000 one of 8, 9  32K
0x42020000 free  128K  the largest hole' ]
	[[ $output == *$'## 10  8K\n'*$'176K free in 3 holes, the largest has 128K\n1 buffer, 8K: the place is unknown' ]]
	# they can lie nowhere else, in one order or the other
	printf '\nDma-buf Objects:\n' >"$root/sys/kernel/debug/dma_buf/bufinfo"
	listed 7 16384 1 video@42000000 one
	listed 8 32768 1 video@42000000 big
	area $((0x000fff00)) $((0x80000000))
	run -0 buffers --draw
	[ "$(drawn <<<"$output")" = \
'0x42000000 free  32K
0x42008000 8, 7: where in it is unknown  48K
0x42014000 free  172K  the largest hole
0x4203f000 in use, for what is unknown  4K' ]
	run -4 --separate-stderr buffers --draw --heap system
	[ "$stderr" = 'dmaheap buffers: there is no heap whose memory is a region with a known place' ]
	run -0 buffers --svg "$svg"
	python3 -c 'import sys, xml.dom.minidom as x; x.parse(sys.argv[1])' "$svg"
	grep -q '<title>0x42008000..0x42013fff  8, 7: where in it is unknown  48K</title>' "$svg"
	rm "$root/sys/kernel/debug/cma/video@42000000/bitmap"
	run -0 --separate-stderr buffers --draw
	[[ $stderr == *"video@42000000: the area's bitmap in debugfs: no such file or directory: which pages are free is unknown" ]]
	[ "$(drawn <<<"$output")" = '0x42000000 in use or free  256K' ]
	[[ $output != *hole* ]]
	[[ $output == *'2 buffers, 48K: the place is unknown' ]]
}

# watch TERM ARGUMENT...: on the screen of such a terminal with ten rows; sets pid
watch() {
	rm -f "$root.pid"
	# shellcheck disable=SC2016 # that shell's variables
	LC_ALL=C TERM=$1 SHELL=$BASH ROOT=$root WORDS="${*:2}" script -qfec 'stty rows 10 cols 60; tty >"$ROOT.tty"; echo $$ >"$ROOT.pid"
		exec "$DMAHEAP" --sysroot "$ROOT" buffers $WORDS' "$BATS_TEST_TMPDIR/screen" </dev/null >/dev/null 2>&1 3>&- &
	until [ -s "$root.pid" ]; do sleep 0.05; done
	pid=$(<"$root.pid")
}

@test "--watch takes the whole screen of a terminal, keeps to its size, and gives it back" {
	local screen=$BATS_TEST_TMPDIR/screen pid inode
	for inode in 11 12 13 14 15 16; do
		listed "$inode" 4096 9 system '<none>'
	done
	process 12 camera
	descriptor 12 4 16 4096 9 system
	watch vt100 --watch=1h -o ID,SIZE,COMMAND
	sees -F '6 buffers, 24K'
	# a heading, five rows, and how many are left out; below them a blank line and the sum
	[ "$(frame | wc -l)" -eq 9 ]
	[ "$(frame | grep -c '^1[1-6] ')" -eq 5 ]
	[ "$(frame | sed -n 7p)" = '2 more lines are not shown' ]
	# at once, and not with the next look
	stty rows 30 <"$(<"$root.tty")"
	sees -F '`-12'
	[ "$(frame | grep -c '^1[1-6] ')" -eq 6 ]
	# it stops and goes on as the terminal wants it
	kill -TSTP "$pid"
	until grep -q '^State:.T' "/proc/$pid/status"; do sleep 0.05; done
	# script(1) stops with its child, maybe only after the first of these
	until [ "$(grep -aoF $'\e[?1049h' "$screen" | wc -l)" -eq 2 ]; do
		kill -CONT "$!" "$pid"
		sleep 0.05
	done
	[ "$(grep -aoF $'\e[?7h\e[?25h\e[?1049l' "$screen" | wc -l)" -eq 1 ]
	kill -TERM "$pid"
	wait
	[[ $(sed '/^Script done/d' "$screen" | tail -c 40) == *$'\e[?7h\e[?25h\e[?1049l'* ]]
	# what is wrong is told where it stays
	SHELL=$BASH run -4 script -qec "TERM=vt100 '$DMAHEAP' --sysroot '$root' buffers --watch 99" /dev/null </dev/null
	[ "$output" = $'dmaheap buffers: there is no buffer 99\r' ]
	# a terminal that cannot do it gets lines
	watch dumb --watch=100ms -nr -o INODE,TYPE 12
	until grep -aq '^12 buffer' "$screen"; do sleep 0.05; done
	kill -TERM "$pid"
	wait
	run ! grep -aF $'\e' "$screen"
}

@test "--watch shows on the screen what came, what went, who holds what stays, and notes" {
	local pid
	listed 11 4096 9 system '<none>'
	listed 16 4096 9 system '<none>'
	process 12 camera
	descriptor 12 4 16 4096 9 system
	watch vt100 --watch=100ms -o ID,SIZE,COMMAND
	stty rows 30 <"$(<"$root.tty")"
	sees -F '`-12'
	relist '/\t00000011\t/d' 17 512 1 i915 new $'\tAttached Devices:\n\tvgem\n'
	showed -F '- 11 4K system -'
	showed -F '+ 17 512B i915 new'
	process 13 viewer
	descriptor 13 7 16 4096 9 system
	showed -F '= 16 4K system -: +13 (viewer)'
	rm "$root/proc/12/fd/4"
	showed -F '= 16 4K system -: -12 (camera)'
	relist 's/^\tvgem$/\tvivid/'
	showed -F '= 17 512B i915 new: -vgem, +vivid'
	rm "$root/sys/kernel/debug/dma_buf/bufinfo"
	sees -F '/sys/kernel/debug/dma_buf/bufinfo: no such file or directory: '
	kill -TERM "$pid"
	wait
}

@test "--watch shows what came and went since, ends with its reader or by a signal, and leaks nothing" {
	local out=$BATS_TEST_TMPDIR/out pid fds now
	process 12 $'\e[31mcam'
	listed 7 8192 1 system '\033[31mred'
	listed 8 4096 1 $'sys\e[31mtem' '<none>'
	"$DMAHEAP" --sysroot "$root" buffers -nr --watch=100ms -o ID,SIZE >"$out" 3>&- &
	pid=$!
	until [ -s "$out" ]; do sleep 0.05; done
	fds=(/proc/"$pid"/fd/*)
	relist '/\t00000008\|^00004096/d' 9 512 1 i915 new
	until grep -q '^+' "$out"; do sleep 0.05; done
	relist '/red/d'
	until grep -q '^- 7' "$out"; do sleep 0.05; done
	descriptor 12 4 9 512 1 i915
	until grep -q '^=' "$out"; do sleep 0.05; done
	now=(/proc/"$pid"/fd/*)
	[ ${#now[@]} -le $((${#fds[@]} + 1)) ] # it may be reading just now
	kill -TERM "$pid"
	wait "$pid"
	[ "$(cat "$out")" = $'7 8K\n8 4K\n- 8 4K sys\\x1b[31mtem -\n+ 9 512B i915 new\n- 7 8K system \\x1b[31mred\n= 9 512B i915 new: +12 (\\x1b[31mcam)' ]
	rm "$root/proc/12/fd/4"
	# nothing comes or goes, but nobody reads any more
	[ "$("$DMAHEAP" --sysroot "$root" buffers --watch=100ms -nr -o ID | head -n 1)" = 9 ]
	rm "$out"
	env --default-signal=INT "$DMAHEAP" --sysroot "$root" buffers --watch=100ms -nr -o ID >"$out" 3>&- &
	pid=$!
	until [ -s "$out" ]; do sleep 0.05; done
	kill -INT "$pid"
	wait "$pid"
	[ "$(<"$out")" = 9 ]
	# what is drawn was there as well
	area 3 0
	listed 10 8192 1 video@42000000 '<none>'
	"$DMAHEAP" --sysroot "$root" buffers --draw --watch=100ms >"$out" 3>&- &
	pid=$!
	until grep -q 'largest has' "$out"; do sleep 0.05; done
	relist '' 11 512 1 i915 new
	until grep -q '^+ 11' "$out"; do sleep 0.05; done
	kill -TERM "$pid"
	wait "$pid"
	[ "$(grep '^[-+]' "$out")" = '+ 11 512B i915 new' ]
	run -2 "$DMAHEAP" buffers --watch --json
	run -2 "$DMAHEAP" buffers --watch=1ms
}
