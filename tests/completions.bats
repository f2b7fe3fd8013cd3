#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What real shells offer: interactive bash and zsh in a pseudo-terminal, fish by complete -C.
bats_require_minimum_version 1.5.0
load helpers

commands() {
	"$DMAHEAP" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

options() { # [COMMAND]
	"$DMAHEAP" "$@" --help | sed -n 's/^ \{2,6\}\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p'
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p machine/dev/dma_heap bin some-directory
	# shellcheck disable=SC2016 # a heap's name must not be run
	touch machine/dev/dma_heap/{system,video@42000000,'linux,cma','$(pwned)'} some-file
	ln -s "${DMAHEAP_RECORDED-$DMAHEAP}" bin/dmaheap
	printf '#!/bin/sh\ntouch pwned\n' >bin/pwned
	chmod +x bin/pwned
	export PATH=$PWD/bin:$PATH
}

# what LINE is to be completed to: EXPECTED, any number of words
expect() {
	lines+=("$1")
	{
		printf '== %s\n' "$1"
		shift
		printf '%s\n' "$@" | LC_ALL=C sort -u
	} >>expected
}

complete_in() { # SHELL
	local shell=$1 lines=() command
	requires command zsh # it has the pseudo-terminal for bash, too
	requires command "$shell"
	# shellcheck disable=SC2046 # words
	expect 'dmaheap ' $(commands)
	expect 'dmaheap lis' list
	expect 'dmaheap --json lis' list
	expect 'dmaheap map --col' --color
	expect 'dmaheap map --color=' --color=auto --color=always --color=never
	expect 'dmaheap list -o NAME,B' NAME,BASE NAME,BUFFERS
	expect 'dmaheap list --output=+PRO' --output=+PROVENANCE
	expect 'dmaheap info --sysroot machine ' system video@42000000 linux,cma "\$(pwned)"
	expect 'dmaheap --sysroot machine info video@4' video@42000000
	expect 'dmaheap alloc --sysroot=machine --heap v' video@42000000
	expect 'dmaheap alloc --sysroot=machine --heap=v' --heap=video@42000000
	expect 'dmaheap list --sysroot some-' some-directory some-file
	expect 'dmaheap lint-names --bas' --baseline
	expect 'dmaheap --co' --color
	expect 'dmaheap regions --overlay=x some-fi' some-file
	expect 'dmaheap lint-names --kc' --kconfig
	expect 'dmaheap alloc --heap x -- pwne' pwned
	expect 'dmaheap lint-names --explain allocator-' allocator-name
	expect 'dmaheap lint-names --severity=allocator-name=w' --severity=allocator-name=warning
	expect 'dmaheap lint-names --dtb some-fi' some-file
	expect 'dmaheap test --suite shar' share
	expect 'dmaheap test --allow oom,t' oom,taint
	expect 'dmaheap test map.offset-pa' map.offset-past-end
	expect 'dmaheap test --allow oom,' oom,taint oom,noise oom,crash
	expect 'dmaheap fence-test --allow t' taint
	expect 'dmaheap alloc --send some-fi' some-file
	expect 'dmaheap alloc --receive=some-fi' --receive=some-file
	expect 'dmaheap alloc --hold ' forever
	expect 'dmaheap alloc --fill=r' --fill=random
	expect 'dmaheap list -oNA' -oNAME
	expect 'dmaheap list -oNAME,B' -oNAME,BASE -oNAME,BUFFERS
	expect 'dmaheap lint-names --dtb some-file some-fi' some-file
	expect 'dmaheap lint-names --dtb=some-file some-file some-fi' some-file
	expect 'dmaheap lint-names --sysroot machine ' system video@42000000 linux,cma "\$(pwned)"
	expect 'dmaheap lint-names --sysroot machine --allow v' video@42000000
	expect 'dmaheap lint-names --allow cma:allocator-' cma:allocator-name
	expect 'dmaheap lint-names --allow=cma:allocator-' --allow=cma:allocator-name
	for command in $(commands); do
		# shellcheck disable=SC2046
		expect "dmaheap $command --" $(options "$command")
	done
	# a directory of others that is first in PATH is no reason to run what lies there; the script for zsh needs tr
	for command in tr grep seq; do
		[ "$shell $command" != "zsh tr" ] || continue
		printf '#!/bin/sh\ntouch "%s/ran"\nexec /usr/bin/%s "$@"\n' "$PWD" "$command" >"bin/$command"
		chmod +x "bin/$command"
	done
	timeout 120 "$BATS_TEST_DIRNAME/completions/$shell" "$BATS_TEST_DIRNAME/../completions" "${lines[@]}" |
		awk '/^== / { close(sort); print; fflush(); next } NF { gsub(/\\/, ""); sub(/\/$/, ""); print | sort }' \
			sort='LC_ALL=C sort -u' >offered
	diff expected offered
	[ ! -e pwned ]
	[ ! -e ran ]
}

@test "bash offers what the program, the heaps and the files say" {
	complete_in bash
}

@test "zsh offers what the program, the heaps and the files say" {
	complete_in zsh
}

@test "fish offers what the program, the heaps and the files say" {
	complete_in fish
}
