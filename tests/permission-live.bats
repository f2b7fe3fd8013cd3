#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Why a heap may not be opened, and why there is none of a name, on a machine with heaps.
bats_require_minimum_version 1.5.0
load helpers

setup() {
	node=/dev/dma_heap/system
	rule=/etc/udev/rules.d/99-dmaheap-test.rules
}

teardown() {
	[ -n "${changed-}" ] || return 0
	rm -f "$rule"
	[ ! -e "$BATS_TEST_TMPDIR/group" ] || cat "$BATS_TEST_TMPDIR/group" >/etc/group
	set_acl "" || true
	chown root:root "$node"
	chmod 600 "$node"
}

# set_acl ENTRIES: "tag permissions id ..." in the kernel's numbers; none takes the list away
set_acl() {
	local number=5 # arm64
	[ "$(uname -m)" != x86_64 ] || number=188
	# shellcheck disable=SC2016,SC2086 # perl's; several words
	LC_ALL=C perl -e 'my ($n, $path, @e) = @ARGV; my $name = "system.posix_acl_access";
		my $v = pack("V(vvV)*", 2, map { $_ + 0 } @e);
		exit(@e ? syscall($n + 0, $path, $name, $v, length $v, 0) != 0
			: syscall($n + 9, $path, $name) != 0)' "$number" "$node" $1
}

# denied CAUSE [WORDS...]: what the ordinary user is told, by info, and by alloc in the same words
denied() {
	local cause=$1 word
	run_as_user "$DMAHEAP" info system --json >denied.json
	jq -e --arg cause "$cause" '.info | .access == false and .denied.cause == $cause' denied.json >/dev/null || {
		jq -c .info.denied denied.json
		return 1
	}
	run -4 --separate-stderr run_as_user "$DMAHEAP" alloc --heap system --size 4K
	echo "$stderr"
	[ -z "$output" ]
	shift
	for word in "$@" "$(jq -r .info.denied.message denied.json)" "$(jq -r .info.denied.remedy denied.json)"; do
		[[ $stderr == *"$word"* ]] || return 1
	done
}

@test "an ordinary user is told what keeps a heap closed, and the remedy that fits" {
	requires heap system
	requires root
	requires user
	requires board
	requires command perl
	cd "$BATS_TEST_TMPDIR"
	cp /etc/group .
	changed=1
	denied mode "permission denied (crw------- root root; may be opened by root)" 'GROUP="video"'

	# a group has it: no rule is missing, but a member
	chown root:video "$node"
	chmod 660 "$node"
	denied group "(crw-rw---- root video; you are not in group video)" "'usermod -aG video user'"
	[[ $stderr != *SUBSYSTEM* ]]
	sed -i 's/^video:.*/&user/' /etc/group
	denied inactive-group "this session began without it" newgrp
	run -0 setpriv --reuid user --regid user --groups video --bounding-set=-all -- \
		"$DMAHEAP" alloc --heap system --size 4K
	cat group >/etc/group

	# lists: another user; this one, whom the mask takes it from; a group
	chown root:root "$node"
	set_acl "1 6 -1 2 6 12345 4 0 -1 16 6 -1 32 0 -1"
	denied acl "lets 12345 and the owner, not you"
	set_acl "1 6 -1 2 6 $(id -u user) 4 0 -1 16 6 -1 32 0 -1"
	run -0 run_as_user "$DMAHEAP" alloc --heap system --size 4K
	chmod g-rw "$node"
	denied acl-mask setfacl
	set_acl "1 6 -1 4 0 -1 8 6 $(awk -F: '$1 == "video" { print $3 }' /etc/group) 16 6 -1 32 0 -1"
	denied group "you are not in group video"
	set_acl ""

	# a rule is there that nobody has applied
	chmod 600 "$node"
	mkdir -p "${rule%/*}"
	printf '%s\n' '# heaps' 'SUBSYSTEM=="dma_heap", KERNEL=="system", GROUP="video", MODE="0660"' >"$rule"
	denied mode "$rule:2" "udevadm trigger"
}

@test "a file system that is mounted with nodev keeps a heap closed" {
	requires heap system
	requires root
	requires user
	cd "$BATS_TEST_TMPDIR"
	local number
	number=$(stat -c '0x%t 0x%T' /dev/dma_heap/system)
	# shellcheck disable=SC2016,SC2086 # the inner shell's; two words
	run -4 --separate-stderr unshare -m bash -c 'mount -t tmpfs -o nodev none /dev/dma_heap &&
		mknod -m 666 /dev/dma_heap/system c $0 $1 && exec "$DMAHEAP" alloc --heap system --size 4K' $number
	[ -z "$output" ]
	[[ $stderr == *"permission denied"*"mounted with nodev"* ]]
}

@test "a name that no heap has is answered with what became of the region" {
	requires heap
	requires board
	local command
	for command in "info" "alloc --size 4K --heap"; do
		if version_at_least "$(uname -r)" 6.19; then
			# shellcheck disable=SC2086 # several words
			run -4 --separate-stderr "$DMAHEAP" $command reserved
			[[ $stderr == *": reserved: no such heap: the heap of the default CMA area is called "* ]]
		else
			# shellcheck disable=SC2086
			run -4 --separate-stderr "$DMAHEAP" $command video@42000000
			[[ $stderr == *": video@42000000: no such heap: before Linux 6.19 only the default CMA area"* ]]
		fi
		[ -z "$output" ]
	done
}
