#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Surroundings that are not as a program expects them; with strange files in /dev/dma_heap, see
# sysroot.bats, with closed and full descriptors cli.bats, in options usage.bats.
bats_require_minimum_version 1.5.0
load helpers

machine=$BATS_TEST_DIRNAME/fixtures/machines/virt-7.2

teardown() {
	# no such program may be left
	[ -z "${directory-}" ] || rm -r "$directory"
}

@test "a reader that goes away early ends the program quietly" {
	local status
	bash -o pipefail -c '"$1" test --list 2>"$2" | head -n 1' - "$DMAHEAP" "$BATS_TEST_TMPDIR/err" || status=$?
	# SIGPIPE, or done before the reader was
	[ "${status-0}" -eq 141 ] || [ "${status-0}" -eq 0 ]
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	# a parent that ignores SIGPIPE: the write fails, with a message of one line
	status=0
	bash -o pipefail -c 'trap "" PIPE; "$1" test --list 2>"$2" | true' - "$DMAHEAP" "$BATS_TEST_TMPDIR/err" || status=$?
	[ "$status" -eq 1 ]
	[ "$(cat "$BATS_TEST_TMPDIR/err")" = "dmaheap: standard output: broken pipe" ]
}

@test "language and time zone change nothing that programs read" {
	local language
	"$DMAHEAP" list --json --sysroot "$machine" >"$BATS_TEST_TMPDIR/want"
	"$DMAHEAP" list --sysroot "$machine" >"$BATS_TEST_TMPDIR/want.text"
	for language in C POSIX C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8 no_SUCH ../../etc/passwd '%n%s'; do
		echo "$language"
		LANG=$language LC_ALL=$language TZ=$language "$DMAHEAP" list --json --sysroot "$machine" |
			diff "$BATS_TEST_TMPDIR/want" -
		LANG=$language LC_ALL=$language TZ=/no/such "$DMAHEAP" list --sysroot "$machine" |
			diff "$BATS_TEST_TMPDIR/want.text" -
	done
}

@test "thousands of open descriptors do no harm" {
	requires command perl # a shell takes seconds to open so many
	run -0 bash -c 'ulimit -n 10100 2>/dev/null || ulimit -n "$(ulimit -Hn)"
		exec perl -MPOSIX -e "dup2(0, \$_) for 20 .. sysconf(_SC_OPEN_MAX) - 40; exec @ARGV" "$@"' - \
		"$DMAHEAP" list -n -r -o NAME --sysroot "$machine" </dev/null
	[[ $output == *video@42000000* ]]
}

@test "with more rights than its caller has it refuses to run" {
	requires root
	local place
	directory=
	# where everybody can enter, and where the kernel heeds it: no mount with nosuid
	for place in /tmp /var/tmp /dev/shm; do
		directory=$(mktemp -d "$place/dmaheap-setuid-XXXXXX") || continue
		chmod 755 "$directory"
		install -m 4755 "$(command -v id)" "$directory/id"
		[ "$(run_as_user "$directory/id" -u)" != 0 ] || break
		rm -r "$directory"
		directory=
	done
	[ -n "$directory" ] || skip "set-user-ID has no effect in /tmp, /var/tmp and /dev/shm (nosuid)"
	install -m 4755 "${DMAHEAP_RECORDED-$DMAHEAP}" "$directory/dmaheap"
	# a file capability does the same; run_as_user leaves none that it could give
	if command -v setcap >/dev/null; then
		install -m 755 "${DMAHEAP_RECORDED-$DMAHEAP}" "$directory/capable"
		setcap cap_net_raw+ep "$directory/capable" || rm "$directory/capable"
	fi
	for place in "$directory"/dmaheap "$directory"/capable; do
		[ -e "$place" ] || continue
		# LeakSanitizer can't look at such a process
		run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups -- \
			env ASAN_OPTIONS=detect_leaks=0 "$place" list
		echo "$place: $status $stderr"
		[ "$status" -eq 4 ]
		[ -z "$output" ]
		[[ $stderr == "dmaheap: refuses to run with more rights than its caller has: set-user-ID, "* ]]
		[[ $stderr == *"file capabilities"*"security module"* ]]
	done
}

@test "names of arguments and of standard input don't reach the terminal raw" {
	local name=$'a\e[31m\x9b31m\xff\x07b'
	run "$DMAHEAP" lint-names "$name"
	LC_ALL=C
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
	[[ $output == *'\x1b[31m\x9b31m\xff\x07b'* ]]
	run "$DMAHEAP" lint-names - <<<"$name"
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
	run "$DMAHEAP" info "$name" --sysroot "$machine"
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
	run "$DMAHEAP" regions "/no/such$name"
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
	run "$DMAHEAP" "$name"
	[[ $output != *[$'\e\x9b\xff\x07']* ]]
}

@test "what changes the direction of text reaches no reader, in no format" {
	local name=$'video\u202e@4200\u2066\u200f\u061c' format
	for format in text json sarif github junit tap; do
		"$DMAHEAP" lint-names --format $format "$name" >"$BATS_TEST_TMPDIR/out" || [ $? -eq 3 ]
		# U+061C, 200E, 200F, 2028 to 202E, 2066 to 2069, as bytes: any locale will do
		run -1 env LC_ALL=C grep -P '\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' "$BATS_TEST_TMPDIR/out"
	done
	# JSON keeps the name
	[ "$("$DMAHEAP" lint-names --json --fail-on never "$name" | jq -r '.names[0].name')" = "$name" ]
}

