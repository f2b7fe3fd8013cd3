#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# capture on this machine, and archives in the place of a directory for --sysroot.
bats_require_minimum_version 1.5.0
load helpers

machine=$BATS_TEST_DIRNAME/fixtures/machines/virt-7.2

setup() {
	export TMPDIR=$BATS_TEST_TMPDIR/tmp
	mkdir "$TMPDIR"
	cd "$BATS_TEST_TMPDIR" || return
}

# Nothing of what was unpacked may stay.
teardown() {
	local i
	for ((i = 0; i < 100; i++)); do
		[ -n "$(ls -A "$TMPDIR")" ] || return 0
		sleep 0.1
	done
	ls -A "$TMPDIR"
	return 1
}

# member NAME TYPE [CONTENT [LINK]]: prints a member of a tar archive, whatever it says; end: its end
member() {
	python3 - "$@" <<-'PY'
		import sys
		name, kind, content, link = (sys.argv[1:] + ["", ""])[:4]
		data = content.encode()
		def field(text, size):
		    return text.encode()[:size].ljust(size, b"\0")
		header = bytearray(field(name, 100) + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % len(data) + b"0" * 11 + b"\0" +
		    b" " * 8 + kind.encode() + field(link, 100) + b"ustar\00000" + bytes(64) + b"0000001\0" * 2 + bytes(167))
		header[148:156] = b"%06o\0 " % sum(header)
		sys.stdout.buffer.write(bytes(header) + data + bytes(-len(data) % 512))
	PY
}
end() { head -c 1024 /dev/zero; }

# refused WORDS: list names the archive in one line that ends so, prints nothing, and fails
refused() {
	run --separate-stderr "$DMAHEAP" list --sysroot bad.tar
	echo "$status: $stderr"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$stderr" = "dmaheap list: bad.tar: $1" ]
}

@test "an archive shows what its directory shows, plain, with gzip, from GNU tar, from standard input" {
	local command
	tar -C "$machine" -cf plain.tar .
	tar -C "$machine" -czf packed.tar.gz --format=posix dev proc sys
	for command in list "info video@42000000" map regions lint-names buffers "test --list"; do
		# shellcheck disable=SC2086 # words
		{
			run "$DMAHEAP" $command --json --sysroot "$machine"
			local expected="$status $output"
			run "$DMAHEAP" $command --json --sysroot plain.tar
			[ "$status $output" = "$expected" ]
			run "$DMAHEAP" $command --json --sysroot packed.tar.gz
			[ "$status $output" = "$expected" ]
			run "$DMAHEAP" $command --json --sysroot - <packed.tar.gz
			[ "$status $output" = "$expected" ]
		}
	done
}

@test "nodes in an archive that tar made of a machine are heaps" {
	mkdir -p proc
	echo '254 dma_heap' >proc/devices
	{
		member proc/devices 0 $'Character devices:\n  1 dma_heap\n'
		member dev/dma_heap/system 3
		end
	} >node.tar
	[ "$("$DMAHEAP" list -nr -o NAME,DEVICE,MODE --sysroot node.tar)" = "system 1:1 crw-r--r--" ]
}

@test "names of a hundred characters and more, and links, are what they were" {
	local long
	long=$(printf 'd%.0s' {1..90})
	mkdir -p "root/proc/$long/$long/$long" root/dev/dma_heap
	echo 7.2.0 >"root/proc/$long/$long/$long/release"
	mkdir -p root/proc/sys/kernel
	ln -s "/proc/$long/$long/$long/release" root/proc/sys/kernel/osrelease
	echo char 600 root root 1:1 >root/dev/dma_heap/system
	for format in gnu posix; do
		tar -C root -cf long.tar --format=$format .
		run -0 --separate-stderr "$DMAHEAP" profile record --sysroot long.tar
		[[ $output == *"kernel = 7.2.0"*"[heap system]"* ]]
		[ "$("$DMAHEAP" capture --list -nr -o TARGET long.tar | grep .)" = "/proc/$long/$long/$long/release" ]
	done
}

@test "a hostile archive is refused with one line, and leaves nothing" {
	{ member /etc/passwd 0 x; end; } >bad.tar
	refused "'/etc/passwd' in the archive has an absolute name"
	{ member dev/../../x 0 x; end; } >bad.tar
	refused "'dev/../../x' in the archive leads out of it"
	{ member dev 2 '' "$BATS_TEST_TMPDIR"; member dev/x 0 x; end; } >bad.tar
	refused "'dev/x' in the archive is no path of a capture"
	[ ! -e x ]
	{ member dev/x 0 x; member dev/x 0 y; end; } >bad.tar
	refused "'dev/x' is in the archive twice"
	{ member dev/x 1 '' /etc/passwd; end; } >bad.tar
	refused "'dev/x' is a hard link, which no capture has"
	{ member dev/x 6; end; } >bad.tar
	refused "'dev/x' is a FIFO or a block device, which no capture has"
	{ member dev/x 4; end; } >bad.tar
	refused "'dev/x' is a FIFO or a block device, which no capture has"
	{ member dev/x S x; end; } >bad.tar
	refused "a member of a kind that is not known, or damaged"
	{ member "$(printf 'd/%.0s' {1..49})x" 0 x; member L L "$(printf 'd/%.0s' {1..65})"; member x 5; end; } >bad.tar
	refused "'$(printf 'd/%.0s' {1..65})' in the archive is too deep"
	{ member x 0 x; end; } | head -c 700 >bad.tar
	refused "the archive is cut or damaged"
	member x 0 x >bad.tar
	refused "the archive is cut or damaged"
	{ member x 0 x; end; } | gzip | head -c 60 >bad.tar
	refused "the archive is cut or damaged"
	{ member x 0 x; member y 0 y | tr y z; end; } >bad.tar
	refused "the archive is cut or damaged"
	head -c 5000 /dev/urandom >bad.tar
	refused "neither a directory nor an archive of tar, plain or with gzip"
	: >bad.tar
	refused "neither a directory nor an archive of tar, plain or with gzip"
}

@test "a link out of an archive leads nowhere" {
	mkdir secret
	echo char 600 root root 1:1 >secret/system
	{ member dev/dma_heap 2 '' "$BATS_TEST_TMPDIR/secret"; end; } >links.tar
	run --separate-stderr "$DMAHEAP" list --sysroot links.tar
	[ "$status" -eq 4 ]
	[ -z "$output" ]
}

@test "an archive that unpacks to too much is refused before that is written" {
	{ member x 0; end; } >zero.tar
	python3 - <<-'PY'
		import gzip, tarfile, io
		with tarfile.open("bad.tar", "w:gz", compresslevel=1) as tar:
		    info = tarfile.TarInfo("proc/devices")
		    info.size = 300 << 20
		    class Zeros(io.RawIOBase):
		        def read(self, size=-1):
		            return bytes(size)
		    tar.addfile(info, Zeros())
	PY
	refused "longer than 256M, more than is taken"
}

@test "an archive of too many members is refused" {
	python3 - <<-'PY'
		import gzip
		with gzip.open("bad.tar", "wb", compresslevel=1) as out:
		    for i in range(0, 200001):
		        header = bytearray((b"x%d" % i).ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"0" * 11 + b"\0" + b"0" * 11 + b"\0" +
		            b" " * 8 + b"5" + bytes(100) + b"ustar\00000" + bytes(247))
		        header[148:156] = b"%06o\0 " % sum(header)
		        out.write(header)
		    out.write(bytes(1024))
	PY
	run --separate-stderr "$DMAHEAP" capture --list bad.tar
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[ "$stderr" = "dmaheap capture: bad.tar: more than 200000 members, more than are taken" ]
}

@test "what was unpacked is removed when the program is killed" {
	mkfifo pipe
	{ tar -C "$machine" -c . | head -c -1024 && exec sleep 100; } >pipe 3>&- &
	local writer=$! reader
	"$DMAHEAP" list --sysroot pipe >out 2>&1 3>&- &
	reader=$!
	until compgen -G "$TMPDIR/dmaheap-*/sys" >/dev/null; do sleep 0.1; done
	[ "$(stat -c %a "$TMPDIR"/dmaheap-*)" = 700 ]
	kill -KILL $reader
	wait $reader || true
	kill $writer
	wait $writer || true
	# teardown looks
}

@test "where no directory can be made, a line says so" {
	tar -C "$machine" -cf plain.tar .
	TMPDIR=/no/such run --separate-stderr "$DMAHEAP" list --sysroot plain.tar
	[ "$status" -ne 0 ]
	[ -z "$output" ]
	[[ $stderr == "dmaheap list: plain.tar: /no/such/dmaheap-"*": no such file or directory" ]]
}

@test "capture: the archive is tar's as well, its manifest first, and --list names what is in it" {
	requires command tar
	run -0 --separate-stderr "$DMAHEAP" capture here.tar.gz
	[[ ${stderr_lines[0]} == "dmaheap capture: here.tar.gz: "*" entries, "*"; 'dmaheap capture --list' shows them" ]]
	[ -z "$output" ]
	[ "$(tar -tf here.tar.gz | head -n 1)" = dmaheap-capture.json ]
	diff <(tar -tf here.tar.gz | sed 's,/$,,') <("$DMAHEAP" capture --list -nr -o PATH here.tar.gz)
	tar -xOf here.tar.gz dmaheap-capture.json >manifest
	jq -e '.manifest.kernel == $kernel and (.manifest.missing | all(.error and .reason))' --arg kernel "$(uname -r)" manifest
	[ "$(tar -tf here.tar.gz | wc -l)" -eq "$(jq '.manifest.entries + 1' manifest)" ]
	"$BATS_TEST_DIRNAME/json/validate" manifest
	mkdir unpacked
	tar -C unpacked -xf here.tar.gz
	diff unpacked/proc/version /proc/version
	diff unpacked/proc/devices /proc/devices
	[ "$("$DMAHEAP" capture 2>/dev/null | tar -t | head -n 1)" = dmaheap-capture.json ]
}

@test "capture: of a process there is nothing but what concerns its buffers" {
	SECRET=in-environment "$DMAHEAP" capture -q here.tar
	run ! grep -E '^proc/[0-9]+/(cmdline|environ|mem|exe|cwd)' <<<"$(tar -tf here.tar)"
	run ! grep -a in-environment here.tar
}

@test "capture: not to a terminal, and nothing is left where it cannot be written" {
	requires command script
	SHELL=$BASH run script -qec "'$DMAHEAP' capture" /dev/null </dev/null
	[ "$status" -eq 2 ]
	[[ $output == *"not for a terminal"* ]]
	run -2 --separate-stderr "$DMAHEAP" capture --list
	[[ $stderr == *"--list needs the FILE"* ]]
	run -1 --separate-stderr "$DMAHEAP" capture no/such/file.tar
	[[ $stderr == "dmaheap capture: no/such/file.tar: no such file or directory" ]]
	echo before >old.tar
	ulimit -f 1
	run -1 --separate-stderr "$DMAHEAP" capture old.tar
	[ "$stderr" = "dmaheap capture: old.tar: file too large" ]
	[ "$(cat old.tar)" = before ]
	run -1 --separate-stderr "$DMAHEAP" capture new.tar
	[ ! -e new.tar ]
}

@test "where the unpacked archive finds no room, a line says where" {
	requires root
	tar -C "$machine" -cf plain.tar .
	run --separate-stderr unshare -m bash -c 'mount -t tmpfs -o size=16k none "$TMPDIR" && "$DMAHEAP" list --sysroot plain.tar; status=$?
		ls -A "$TMPDIR"; exit $status'
	echo "$stderr"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == "dmaheap list: plain.tar: '"*"' in the archive finds no room in TMPDIR: no space left on device" ]]
}
