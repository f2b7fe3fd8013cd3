#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# capture on this machine's heaps: what --sysroot shows of a capture is what the commands show here.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	chmod 777 .
}

teardown() {
	[ -z "${holder-}" ] || kill "$holder"
	[ -z "$(find "${TMPDIR-/tmp}" -maxdepth 1 -name 'dmaheap-*')" ]
}

# What only the machine itself can tell: REPLAY in dmaheap-capture(1).
live_only='walk(if type == "object" then
	del(.access, .denied, .properties, .age, .user, .sharing_known, .unreadable_processes) else . end)'

# replays RUN: each command, run by RUN, prints the same of this machine and of a capture that RUN makes
replays() {
	local command heap
	heap=$("$DMAHEAP" list -nr -o NAME | tail -n 1)
	"$@" "$DMAHEAP" capture -q here.tar.gz
	for command in list "list -o NAME,USED,COUNT" "info $heap" map "regions --all" lint-names buffers "buffers --by process"; do
		echo "$* $command"
		# shellcheck disable=SC2086 # words
		{
			"$@" "$DMAHEAP" $command --json >live 2>live.err && status=0 || status=$?
			"$@" "$DMAHEAP" $command --json --sysroot here.tar.gz >replay 2>replay.err && replayed=0 || replayed=$?
		}
		[ "$status" -eq "$replayed" ] && diff <(jq -S "$live_only" live) <(jq -S "$live_only" replay) || return 1
	done
}

@test "a capture shows what the machine shows: as root" {
	requires heap
	requires root
	requires command jq
	coproc "$DMAHEAP" alloc --json --heap system --size 64K --count 2 --map --set-name here --hold forever
	holder=$COPROC_PID
	IFS= read -r -n 1 -u "${COPROC[0]}"
	replays env
	jq -e '[.. | objects | select(.name == "here")] | length == 2' replay
	# the log is the kernel's own
	grep -q ';Linux version' <<<"$(tar -xzOf here.tar.gz dev/kmsg)"
	[ "$(tar -xzOf here.tar.gz dmaheap-capture.json | jq -c '[.manifest.missing[] | select(.error != "ENOENT")]')" = '[]' ]
}

@test "a capture shows what the machine shows: as an ordinary user, who is told what is missing" {
	requires heap
	requires root
	requires user
	requires command jq
	replays run_as_user
	tar -xzOf here.tar.gz dmaheap-capture.json | jq -e '.manifest.root == false and .manifest.unread_processes > 0 and
		([.manifest.missing[] | select(.error == "EACCES").path] | contains(["/sys/kernel/debug/cma", "/sys/kernel/debug/dma_buf/bufinfo"]))'
	[[ $(run_as_user "$DMAHEAP" capture - 2>&1 >/dev/null) == *"may not be read; root can; dmaheap-capture.json in the archive names"* ]]
}

@test "--redact leaves out what identifies the machine, and the heaps, regions and areas stay" {
	requires heap
	requires root
	requires command jq
	local command text
	"$DMAHEAP" capture -q whole.tar
	"$DMAHEAP" capture -q --redact bare.tar
	tar -xOf whole.tar dev/kmsg proc/version >text
	text=$(grep -m 1 -o 'Linux version [^ ]* ([^@)]*@[^)]*)' text)
	builder=${text##* (}
	[ ${#builder} -ge 3 ]
	run ! grep -aF "($builder" bare.tar
	grep -aqF "($builder" whole.tar
	# each value on the command line, but those about memory
	for text in $(tr ' ' '\n' </proc/cmdline | grep "=" | grep -v '^\(cma\|mem\|hugetlb_cma\|vmalloc\)='); do
		grep -aqF "$text" whole.tar
		run ! grep -aF "$text" bare.tar
	done
	[ "$(tar -xOf bare.tar dmaheap-capture.json | jq .manifest.redacted)" = true ]
	for command in list map "regions --all" lint-names; do
		# shellcheck disable=SC2086 # words
		diff <("$DMAHEAP" $command --json --sysroot whole.tar) <("$DMAHEAP" $command --json --sysroot bare.tar)
	done
}
