#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# io: the contents of files in buffers, by every way, and all that can come between.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	local way
	cd "$BATS_TEST_TMPDIR" || return
	# a board with a disk is there for that (tests/board/board --disk)
	if [ -n "${DMAHEAP_BOARD-}" ] && [ -b /dev/vda ]; then
		mountpoint -q /mnt || { mkdir -p /mnt && mount /dev/vda /mnt; } || return
		cd "$(mktemp -d /mnt/XXXXXX)" || return
	fi
	# where the file system has direct I/O, a mapping of page frames has not
	if [ "$(stat -f -c %T .)" = ext2/ext3 ] && version_at_least "$(uname -r)" 5.11; then
		refusal[direct:in]=EFAULT refusal[direct:out]=EFAULT
		refusal[uring-direct:in]=EFAULT refusal[uring-direct:out]=EFAULT
	fi
	# since 6.6 tmpfs takes O_DIRECT
	if ! version_at_least "$(uname -r)" 6.6 && [ "$(stat -f -c %T .)" = tmpfs ]; then
		for way in direct bounce uring-direct udmabuf; do
			refusal[$way:in]=EINVAL refusal[$way:out]=EINVAL
		done
	fi
	# before 5.11 the system heap maps struct pages
	if ! version_at_least "$(uname -r)" 5.11; then
		unset 'refusal[vmsplice:out]'
		refusal[uring-fixed:in]=EOPNOTSUPP refusal[uring-fixed:out]=EOPNOTSUPP
	fi
}

# each page of it is different
make_file() { # NAME SIZE
	seq 1 $(($2 / 3 + 9)) | head -c "$2" >"$1"
	[ "$(stat -c %s "$1")" -eq "$2" ]
}

ways() {
	"$DMAHEAP" --complete io | awk -F '\t' '$1 == "--way" { gsub("[|]", "\n", $3); print $3 }'
}

# run_io ARG...: with the heap, but for the way that has none
run_io() {
	if [[ " $* " == *" --way udmabuf "* ]]; then
		run --separate-stderr "$DMAHEAP" io "$@"
	else
		run --separate-stderr "$DMAHEAP" io --heap system "$@"
	fi
}

# What a way is refused with, by its direction.
declare -gA refusal=([uring-fixed:in]=EFAULT [uring-fixed:out]=EFAULT [uring-dmabuf:in]=EINVAL [uring-dmabuf:out]=EINVAL
	[copy_file_range:in]=EINVAL [copy_file_range:out]=EINVAL [sendfile:in]=EINVAL [sendfile:out]='(EINVAL|ESPIPE)'
	[splice:in]=EINVAL [splice:out]=EINVAL [vmsplice:out]=EFAULT)

# by_way WAY FILE SIZE: there and back, or a refusal that is known
by_way() {
	local way=$1 file=$2 size=$3 in out write=()
	in=${refusal[$way:in]-} out=${refusal[$way:out]-}
	# a call that has nothing to move is not refused
	((size)) || [[ $way == @(uring-*|direct|bounce|udmabuf) ]] || in='' out=''
	# less than a block is written through the page cache
	if [[ $way == @(direct|uring-direct) ]]; then
		[ "$size" -ge 512 ] || [ "$out" != EFAULT ] || out=''
		((size)) || [ "$in" != EFAULT ] || in=''
	fi
	rm -f back
	[[ $way == mmap* || -n $out ]] || write=(--write back)
	run_io --read "$file" "${write[@]}" --way "$way" -nrb -o DIRECTION,WAY,SIZE
	echo "$way $size: $status $output $stderr"
	if [ -n "$in" ]; then
		[ "$status" -eq 4 ]
		[[ $stderr == "dmaheap io: $file: --way $way: "*"($in): "* ]]
		[ -z "$output" ]
		return
	fi
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "in $way $size" || $way == auto ]]
	[ ${#write[@]} -eq 0 ] && return
	[[ ${lines[1]} == "out $way $size" || $way == auto ]]
	cmp "$file" back
}

@test "every way moves any number of bytes exactly, or says what refuses it" {
	requires heap system
	local way size count=0
	for size in 0 1 4095 2097151; do
		make_file file "$size"
		for way in $(ways); do
			by_way "$way" file "$size"
			count=$((count + 1))
		done
	done
	[ "$count" -eq 60 ]
}

@test "what refuses to write says why, and leaves no file" {
	requires heap system
	local key
	for key in "${!refusal[@]}"; do
		[[ $key == *:out ]] || continue
		run_io --size 64K --write back --way "${key%:out}"
		echo "$key $status $stderr"
		[ "$status" -eq 4 ]
		[[ $stderr == "dmaheap io: back: --way ${key%:out}: "* && $stderr =~ \(${refusal[$key]}\):\  ]]
		[ ! -e back ]
	done
}

@test "a file of 12345678 bytes comes back with 12345678, from every heap that has room" {
	requires heap
	local heap
	make_file file 12345678
	for heap in $("$DMAHEAP" list -nr -o NAME); do
		rm -f back
		run --separate-stderr "$DMAHEAP" io --heap "$heap" --read file --write back
		echo "$heap: $status $stderr"
		[ "$status" -eq 0 ] || [[ $stderr == *"cannot allocate memory"* ]] || return
		[ "$status" -ne 0 ] || cmp file back
	done
	cmp file back
	[ "$(stat -c %s back)" -eq 12345678 ]
}

@test "a way that only reads puts the bytes where they belong" {
	requires heap system
	local way
	make_file file 2097151
	for way in mmap mmap-populate vmsplice; do
		# shellcheck disable=SC2016 # the command's shell expands it
		run -0 "$DMAHEAP" alloc --heap system --size 2M --fill 255 -- sh -c '
			"$DMAHEAP" io --fd $DMAHEAP_FDS --read file --way '$way' &&
				"$DMAHEAP" io --fd $DMAHEAP_FDS --write back'
		cmp -n 2097151 file back
		# what the file did not reach is as it was
		[ "$(tail -c 1 back | od -An -tu1)" -eq 255 ]
	done
}

@test "a mapping of struct pages takes direct I/O, and is not registered" {
	requires heap linux,cma
	requires kernel-before 6.8
	requires board
	local file=$BATS_TEST_FILENAME size
	size=$(stat -c %s "$file")
	# shellcheck disable=SC2016 # the command's shell expands it
	run -0 "$DMAHEAP" alloc --heap linux,cma --size 1M -- sh -c '
		"$DMAHEAP" io --fd $DMAHEAP_FDS --read "$1" --way direct && "$DMAHEAP" io --fd $DMAHEAP_FDS --write back' - "$file"
	cmp -n "$size" "$file" back
	# it would run for ever
	run -4 --separate-stderr "$DMAHEAP" io --heap linux,cma --read "$file" --way uring-fixed
	[[ $stderr == *": IORING_REGISTER_BUFFERS, not called: operation not supported (EOPNOTSUPP): the mapping is of struct pages"* ]]
}

@test "a sparse file is moved with its holes" {
	requires heap system
	local way
	truncate -s 3M sparse
	printf x | dd of=sparse bs=1 seek=2000001 conv=notrunc status=none
	for way in auto buffered mmap direct bounce uring uring-direct udmabuf; do
		by_way "$way" sparse 3145728
	done
}

@test "a comparison has each way into a heap and out of it, what is refused as a row" {
	requires heap system
	local direction way count error wanted rows=0 before time=3s
	mkdir here # bats has files of its own above it
	cd here || return
	make_file file 65537
	before=$(stat -c '%i %s %y' file; cksum file; ls -A)
	[ "$(stat -f -c %T .)" = tmpfs ] || time=30s
	run --separate-stderr "$DMAHEAP" io --compare file --heap system --heap system --time "$time" --json
	echo "$status $stderr"
	[ "$status" -eq 0 ]
	[ "$(stat -c '%i %s %y' file; cksum file; ls -A)" = "$before" ]
	while read -r direction way count error; do
		echo "$direction $way $count $error"
		rows=$((rows + 1))
		wanted=${refusal[$way:$direction]-}
		if [ -n "$wanted" ]; then
			[[ $count == 0 && $error =~ :\ $wanted$ ]]
		else
			[[ $count -ge 1 && $error == null ]]
		fi
	done < <(jq -r '.io_compare.ways[] | select(.heap == "system" or .heap == "udmabuf") |
		"\(.direction) \(.way) \(.count) \(.error)"' <<<"$output")
	# 14 ways in and 12 out, and a second row for each state in which they are not refused
	[ "$rows" -ge 32 ]
	jq -e '.io_compare | .size == 65537 and .unmeasured == 0 and .written >= .size and
		all(.ways[]; (.reason != null) == (.error != null)) and
		.filesystem as $there | (if $there == "tmpfs" then ["warm", "new", "again"] else ["cold", "warm", "new", "again"] end) as $states |
		([.best[] | select(.heap == "system") | .state] == $states) and
		([.best[] | select(.heap == "system") | .auto] | length >= 3 and all(.[]; . == "buffered"))' <<<"$output"
}

@test "a usual heap that may not be opened is no error of a comparison" {
	requires heap system
	requires root
	requires user
	[ "$(stat -c %a /dev/dma_heap/system)" = 600 ] || skip "the user may open the heap"
	run -0 --separate-stderr run_as_user "$DMAHEAP" io --compare "$DMAHEAP" --direction in --size 4K --time 1s -nr -o HEAP
	[[ $stderr == *"dmaheap io: the heap 'system': permission denied: anonymous memory stands in for one (--heap)"* ]]
	run -4 --separate-stderr run_as_user "$DMAHEAP" io --compare "$DMAHEAP" --heap system --direction in --size 4K --time 1s
	[ -z "$output" ]
}

@test "what does not fit is an error, and nothing is written" {
	requires heap system
	make_file file 65537
	run_io --read file --size 64K --write back
	[ "$status" -eq 1 ]
	[ "$stderr" = "dmaheap io: file: its 65537 bytes do not fit into the 64K of --size" ]
	run --separate-stderr "$DMAHEAP" io --heap system --read - --size 64K --write back < <(cat file)
	[ "$status" -eq 1 ]
	[ "$stderr" = "dmaheap io: standard input: it has more than fits into the 64K of --size" ]
	# shellcheck disable=SC2016
	run -0 "$DMAHEAP" alloc --heap system --size 64K -q -- sh -c '
		! "$DMAHEAP" io --fd $DMAHEAP_FDS --read file --write back && ! "$DMAHEAP" io --fd $DMAHEAP_FDS --size 65K --write back'
	[[ $output == *"dmaheap io: file: its 65537 bytes do not fit into the 64K of the buffer"* ]]
	[[ $output == *": the buffer has only 65536 bytes" ]]
	[ ! -e back ]
	# one byte less fits
	truncate -s 65536 file
	run -0 "$DMAHEAP" io --heap system --read file --size 64K --write back
	cmp file back
}

@test "standard input and output, from where they are" {
	requires heap system
	make_file file 70001
	run -0 sh -c 'cat file | "$DMAHEAP" io --heap system --read - --size 1M --write - -q | cmp file'
	run -0 sh -c '{ head -c 1 >/dev/null; "$DMAHEAP" io --heap system --read - --write - -q; } <file | cmp -i 1:0 file'
	# what comes after the contents goes after them
	run -0 sh -c '{ echo before; "$DMAHEAP" io --heap system --read file --write -; echo after; } >out'
	[ "$output" = "$(grep -E '^dmaheap io: (file|standard output): 70001 bytes in ' <<<"$output")" ]
	[ "$(head -n 1 out)" = before ]
	[ "$(tail -c 6 out)" = after ]
	cmp -n 70001 -i 7:0 out file
	run_io --read - </dev/null --size 4K --write back
	[ "$status" -eq 0 ]
	[ ! -s back ]
	# what is appended to has no offsets: requests beside each other would change their order
	echo before >out
	run -0 sh -c '"$DMAHEAP" io --heap system --read file --write - -q >>out'
	cmp -n 70001 -i 7:0 out file
	run -4 --separate-stderr sh -c '"$DMAHEAP" io --heap system --read file --write - --way uring >>out'
	[ "$stderr" = "dmaheap io: standard output: --way uring needs a regular file or a block device, not open to append" ]
	[ "$(stat -c %s out)" -eq 70008 ]
	# a size of 0 is what the kernel says also of files that have more
	: >empty
	run_io --read empty --size 4K --way mmap -nrb -o DIRECTION,SIZE
	[ "$status" -eq 0 ]
	[ "$output" = "in 0" ]
	run -2 --separate-stderr sh -c 'cat file | "$DMAHEAP" io --heap system --read -'
	[ "$stderr" = "dmaheap io: standard input: how much it has is not known before it is read: --size is needed" ]
	run_io --read /proc/self/status
	[ "$status" -eq 1 ]
	[[ $stderr == *": it has more than the 0 bytes that the kernel tells: --size is needed" ]]
	run_io --read /proc/version --size 4K --write back
	[ "$status" -eq 0 ]
	cmp /proc/version back
	run_io --read /dev/zero --size 4K --way mmap
	[ "$status" -eq 4 ]
	[ "$stderr" = "dmaheap io: /dev/zero: --way mmap needs a regular file or a block device" ]
}

@test "what is not there, or is no file, is said" {
	requires heap system
	run_io --read missing
	[ "$status" -eq 1 ]
	[ "$stderr" = "dmaheap io: missing: no such file or directory" ]
	run_io --read .
	[ "$status" -eq 1 ]
	[ "$stderr" = "dmaheap io: .: is a directory" ]
	run_io --size 4K --write /no/such/directory/file
	[ "$status" -eq 1 ]
	[ "$stderr" = "dmaheap io: /no/such/directory/file: no such file or directory" ]
	run --separate-stderr "$DMAHEAP" io --fd 9 --write back 9<"$BATS_TEST_FILENAME"
	[ "$status" -eq 1 ]
	[ "$stderr" = "dmaheap io: --fd 9: not a dma-buf" ]
	run --separate-stderr "$DMAHEAP" io --fd 200 --write back
	[ "$status" -eq 1 ]
	[ "$stderr" = "dmaheap io: --fd 200: bad file descriptor" ]
	# by any way: the mapping cannot be written
	make_file file 2097152
	# shellcheck disable=SC2016
	run -1 --separate-stderr "$DMAHEAP" alloc --heap system --size 2M --access ro -q -- sh -c \
		'"$DMAHEAP" io --fd $DMAHEAP_FDS --read file'
	[[ $stderr == "dmaheap io: --fd "*": the descriptor is open for reading only" ]]
	# shellcheck disable=SC2016
	run -0 "$DMAHEAP" alloc --heap system --size 4K --access ro -q -- sh -c \
		'"$DMAHEAP" io --fd $DMAHEAP_FDS --write read-only -q'
	rm read-only
	[ ! -e back ]
}

# stopped_at CALL WAY COMMAND: begins to read the file, runs the command while the program is stopped in its
# first such call on that file, and lets it go on. Its message goes to err.
stopped_at() {
	local status=0 strace
	rm -f trace pid
	strace -f -o trace -P "$PWD/file" -e trace="$1" -e inject="$1:signal=STOP:when=1" \
		sh -c 'echo $$ >pid; exec "$DMAHEAP" io --heap system --read "$PWD/file" --way '"$2" >out 2>err 3>&- &
	strace=$!
	until grep -q 'stopped by SIGSTOP' trace 2>/dev/null; do
		kill -0 $strace || return
		sleep 0.02
	done
	eval "$3"
	kill -CONT "$(<pid)"
	wait $strace || status=$?
	cat err
	return $status
}

@test "a file that becomes shorter or longer while it is read is an error" {
	requires heap system
	requires command strace
	local call way
	while read -r call way; do
		[ -z "${refusal[$way:in]-}" ] || continue
		make_file file 3145728
		run -1 stopped_at "$call" "$way" 'truncate -s 2000000 file'
		[[ $output == "dmaheap io: $PWD/file: it became shorter while it was read: "*" of 3145728 bytes were there" ]]
		[ ! -s out ]
		make_file file 3145728
		run -1 stopped_at "$call" "$way" 'echo more >>file'
		[ "$output" = "dmaheap io: $PWD/file: it became longer while it was read: more than 3145728 bytes" ]
		make_file file 3145728
		run -0 stopped_at "$call" "$way" true
	done <<-EOF
		pread64 buffered
		pread64 direct
		mmap mmap
	EOF
	# within the last page, where there is no SIGBUS
	make_file file 8192
	run -1 stopped_at mmap mmap 'truncate -s 8000 file'
	[ "$output" = "dmaheap io: $PWD/file: it became shorter while it was read: 8000 of 8192 bytes were there" ]
}

@test "calls that signals interrupt, or that move only a part, are continued" {
	requires heap system
	requires command strace
	local call way
	make_file file 3145729
	while read -r call way; do
		[ -z "${refusal[$way:in]-}" ] || continue
		rm -f back
		run -0 strace -o trace -e trace="$call" -e inject="$call:error=EINTR:when=3..40+2" \
			"$DMAHEAP" io --heap system --read file --write back --way "$way"
		grep -q 'EINTR.*INJECTED' trace
		cmp file back
	done <<-EOF
		pread64 buffered
		pwrite64 buffered
		pread64 direct
		io_uring_enter bounce
		io_uring_enter uring
	EOF
	# a pipe gives less than is asked for
	run -0 sh -c '{ head -c 1000000; sleep 0.1; cat; } <file | "$DMAHEAP" io --heap system --read - --size 4M --write back'
	cmp file back
}

@test "a full disk leaves nothing behind, and an old file as it was" {
	requires heap system
	requires root
	local disk=$BATS_TEST_TMPDIR/disk way count=0
	mkdir "$disk"
	mount -t tmpfs -o size=1M tmpfs "$disk" || skip "no tmpfs may be mounted"
	echo before >"$disk/old"
	for way in buffered direct bounce uring uring-direct udmabuf; do
		[ -z "${refusal[$way:out]-}" ] || continue
		count=$((count + 1))
		for file in old new; do
			run_io --size 4M --write "$disk/$file" --way $way
			echo "$way $status $stderr"
			[ "$status" -eq 1 ] && [ "$stderr" = "dmaheap io: $disk/$file: no space left on device" ] || break 2
		done
		cat "$disk/old"
		ls -A "$disk"
	done >"$BATS_TEST_TMPDIR/left"
	# what fits replaces it
	"$DMAHEAP" io --heap system --size 64K --write "$disk/old" || true
	stat -c '%n %s' "$disk"/* >>"$BATS_TEST_TMPDIR/left"
	umount "$disk"
	cat "$BATS_TEST_TMPDIR/left"
	[ "$count" -ge 2 ]
	[ "$(grep -cx before "$BATS_TEST_TMPDIR/left")" -eq "$count" ]
	[ "$(grep -cx old "$BATS_TEST_TMPDIR/left")" -eq "$count" ]
	run ! grep -x 'new\|\.dmaheap.*' "$BATS_TEST_TMPDIR/left"
	[ "$(tail -n 1 "$BATS_TEST_TMPDIR/left")" = "$disk/old 65536" ]
}

@test "a signal ends a wait for input, with nothing written" {
	requires heap system
	local pid
	mkfifo slow
	"$DMAHEAP" io --heap system --read - --size 1M --write back <slow >out 2>err 3>&- &
	pid=$!
	exec 4>slow
	# it waits for input once it has its buffer
	until [[ $(readlink "/proc/$pid/fd/"*) == *dmabuf* ]]; do sleep 0.02; done
	sleep 0.1
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	exec 4>&-
	[ "$status" -eq 143 ]
	[ ! -s out ] && [ ! -s err ] && [ ! -e back ]
}

@test "a move that takes long is shown as a bar on a terminal, which is wiped" {
	requires heap system
	requires command script
	local output
	mkfifo slow
	{ sleep 0.5; cat; } <slow >copy 3>&- &
	output=$(SHELL=$BASH script -qec "'$DMAHEAP' io --heap system --size 4M --write slow" /dev/null </dev/null)
	wait $!
	printf '%q\n' "$output"
	# a pipe takes less than a piece
	[[ $output == *$'\r\e[K['*'/4M slow'$'\r\e[K'* ]]
	[ "$(stat -c %s copy)" -eq 4194304 ]
}
