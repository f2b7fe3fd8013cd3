#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong usage: one line on stderr that says which option is wrong and what it takes, exit status 2,
# nothing on stdout, and nothing that a terminal acts on, whatever was typed.
bats_require_minimum_version 1.5.0
load helpers

# a colour, line ends, a bell, C1 in both forms, what is no UTF-8, and what turns the direction
hostile=$'\e[31m\r\n\a\x9b\xc2\x9b\xff\xe2\x80\xae'

commands() {
	"$DMAHEAP" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

# "--size=SIZE", "--json", "--color[=WHEN]": one line for each option of a command
options() {
	env ARGP_HELP_FMT=opt-doc-col=70,rmargin=500 "$DMAHEAP" "$@" --help |
		sed -n 's/^ \{2,6\}\(-., \)\{0,1\}\(--[^ ]*\).*/\2/p'
}

# refused ARG...: the message goes to $message
refused() {
	local status=0 LC_ALL=C
	"$DMAHEAP" "$@" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null || status=$?
	message=$(<"$BATS_TEST_TMPDIR/err")
	printf '%q ' "$@"
	printf ': %d %q\n' "$status" "$message"
	[ "$status" -eq 2 ]
	[ ! -s "$BATS_TEST_TMPDIR/out" ]
	# one line, and of what was typed here nothing but ASCII may be shown as it is
	[[ -n $message && $message != *[^\ -~]* ]]
}

# said MESSAGE ARG...: refused with just these words
said() {
	local message
	refused "${@:2}"
	[ "$message" = "$1" ]
}

@test "each command: an option that is unknown, ambiguous, or anything that is hostile" {
	local command name message
	for command in '' $(commands); do
		name=dmaheap${command:+ $command}
		said "$name: unknown option '--frobnicate'; '$name --help' lists them" ${command:+"$command"} --frobnicate
		said "$name: unknown option '--frobnicate'; '$name --help' lists them" ${command:+"$command"} --frobnicate=x
		said "$name: unknown option '--'; '$name --help' lists them" ${command:+"$command"} --=x
		said "$name: unknown option '--verbsoe'; did you mean '--verbose'?" ${command:+"$command"} -J --verbsoe
		said "$name: unknown option '-x'; '$name --help' lists them" ${command:+"$command"} -Jx -n
		said "$name: unknown option '-x'; '$name --help' lists them" ${command:+"$command"} -o x=y -xn
		refused ${command:+"$command"} --ver
		[[ $message == "$name: ambiguous option '--ver': --version, "*"--verbose" ]]
		# argp's own, in no --help
		said "$name: unknown option '--program-name'; '$name --help' lists them" ${command:+"$command"} --program-name=x
		refused ${command:+"$command"} "--$hostile"
		[[ $message == "$name: unknown option '--\\x1b[31m\\x0d\\x0a\\x07\\x9b\\xc2\\x9b\\xff\\xe2\\x80\\xae'; "* ]]
		refused ${command:+"$command"} "--ver$hostile"
		refused ${command:+"$command"} "--$hostile=$hostile"
		refused ${command:+"$command"} "--ver=$hostile"
		refused ${command:+"$command"} "-$hostile"
		refused ${command:+"$command"} "-J$hostile"
		refused ${command:+"$command"} "-ü"
		refused ${command:+"$command"} "--color=$hostile"
	done
}

@test "each option of each command: no value where one is needed, one where none is" {
	local command option name message
	for command in '' $(commands); do
		while IFS= read -r option; do
			name=${option%%[=[]*}
			case $option in
			*'[='*) continue ;;
			*=*) said "dmaheap${command:+ $command}: $name needs a value" ${command:+"$command"} "$name" ;;
			*)
				refused ${command:+"$command"} "$name=$hostile"
				[[ $message == "dmaheap${command:+ $command}: $name takes no value, not '\\x1b"* ]]
				;;
			esac
		done < <(options ${command:+"$command"} | grep -vxFf <([ -z "$command" ] || options))
		said "dmaheap${command:+ $command}: -o needs a value" ${command:+"$command"} -no
	done
	[ "$(options alloc | wc -l)" -ge 20 ]
}

# The options whose values are judged
judged=(
	"alloc --size --count --total --access --fill --set-name --hold --timeout"
	"fence-test --size --source --repeat --timeout --allow"
	"lint-names --kernel --page-size --convention --format --fail-on --disable --severity --explain"
	"regions --kernel --page-size --fail-on"
	"test --suite --allow --format"
)

@test "a value that an option does not take is named with it, and what it takes" {
	local line command option value message
	for line in "${judged[@]}"; do
		command=${line%% *}
		for option in ${line#* }; do
			for value in frob-frob-frob-frob-frob-frob-frob "$hostile"; do
				refused "$command" "$option" "$value"
				[[ $message == "dmaheap $command: $option takes "*", not '"* ]]
			done
		done
	done
	refused lint-names --severity "allocator-name=$hostile"
	[[ $message == *": --severity takes "* ]]
	refused lint-names --allow "x:$hostile"
	[[ $message == *": --allow takes "* ]]
	refused list -o "$hostile"
	[[ $message == *": --output: unknown column "* ]]
}

# ARGUMENTS | what the message has
cases() {
	while IFS='|' read -r arguments words; do
		# shellcheck disable=SC2086 # several words on purpose
		refused $arguments
		[[ $message == "dmaheap "*": "*${words# }* ]]
	done
}

@test "what is missing, what is too much, and what does not go together" {
	local arguments words message
	said "dmaheap: COMMAND is missing; 'dmaheap --help' lists them"
	said "dmaheap: COMMAND is missing; 'dmaheap --help' lists them" --json
	said "dmaheap: unknown command 'lsit'; did you mean 'list'?" lsit
	said "dmaheap: unknown command 'frobnicate'; 'dmaheap --help' lists them" frobnicate
	refused "$hostile"
	said "dmaheap info: unknown option '--frobnicate'; 'dmaheap info --help' lists them" info x --frobnicate
	said "dmaheap list: unexpected argument 'x'" list x
	said "dmaheap list: unexpected argument 'x'" list -- x
	cases <<-'EOF2'
		map x | unexpected argument 'x'
		fence-test system | unexpected argument 'system'
		info | HEAP is missing
		info a b | unexpected argument 'b': one heap at a time
		info x -o NAME | --output: this command has no columns
		list -o NAME,FROB | --output: unknown column 'FROB'; 'dmaheap list --help' lists them
		map -o FROB | --output
		regions -o FROB | --output
		fence-test -o FROB | --output
		fence-test --sysroot / | --sysroot: this command needs the live machine
		fence-test --size 0 | --size takes a size up to 64M, not '0'
		fence-test --size 65M | --size takes
		fence-test --size -1 | --size takes
		fence-test --repeat 0 | --repeat takes a number from 1 to 100000, not '0'
		fence-test --repeat 100001 | --repeat takes
		fence-test --timeout 0 | --timeout takes
		fence-test --allow oom | --allow takes taint, not 'oom'
		alloc --size 4K | --heap is missing
		alloc --heap system | --size is missing
		alloc --heap system --size 0 | --size takes a size such as 4096, 8M or 8MB, not '0'
		alloc --heap system --size -1 | --size takes
		alloc --heap system --size 99999999999999999999 | --size takes less than 16E, not '9
		alloc --heap system --size 8E --count 1000 | --count times --size is too large
		alloc --heap system --size 4K --count 0 | --count takes a number from 1 to 1000000, not '0'
		alloc --heap system --size 4K --count 9999999 | --count takes
		alloc --heap system --size 4K --fill 256 | --fill takes
		alloc --heap system --size 4K --fill 0xabc | --fill takes a byte, 0x with at most 64 bytes, random or random:SEED
		alloc --heap system --size 4K --fill random:x | --fill takes
		alloc --heap system --size 4K --verify | --verify goes with --fill only
		alloc --heap system --size 4K --timeout 1x | --timeout takes a time such as 10s or 500ms, not '1x'
		alloc --heap system --size 4K --timeout 0 | --timeout takes more than 0
		alloc --heap system --size 4K --set-name 12345678901234567890123456789012 | --set-name takes at most 31 bytes
		alloc --heap system --size 4K --hold 1s -- true | --hold and a command exclude each other
		alloc --heap system --size 4K --access wo --map | --access wo
		alloc --heap system --size 4K --access ro --fill 1 | --access ro and --fill exclude each other
		alloc --heap system --size 4K --access ro --read x | --access ro and --read exclude each other
		alloc --heap system --total 2M --count 2 | --total and --count exclude each other
		alloc --heap system --size 4K -o FROB | --output: unknown column 'FROB'
		alloc --heap system --size 4K --sysroot / | --sysroot
		alloc --heap system --size 4K --until-full --set-name x | --until-full goes with
		alloc --heap system --size 4K --until-full --access ro | --until-full goes with
		alloc --heap system --size 4K --until-full --timeout 1s | --until-full goes with
		alloc --heap system --size 4K --until-full --count 1 | --until-full goes with
		alloc --heap system --total 4K --until-full | --until-full goes with
		alloc --heap system --size 4K --until-full -- true | --until-full goes with
		alloc --receive socket --access ro | --receive and --heap
		alloc --receive socket --force | --receive
		alloc --receive socket --until-full | --until-full
		alloc --receive socket --count 1 | --receive
		alloc --receive socket --send socket | --send and --receive exclude each other
		regions --svg x a b | --svg goes with one tree only
		regions --svg - --json | --svg - and --json must not be combined
		regions --svg - --draw | --svg - and --draw must not be combined
		regions --kernel 5.4 | --kernel takes 5.6, the first with heaps, and later, not '5.4'
		regions --page-size 5K | --page-size takes
		map --prove --sysroot / | --prove and --sysroot must not be combined
		test heap.no-such-statement | unknown statement 'heap.no-such-statement'
		test --suite mpa | --suite takes a suite, not 'mpa'; did you mean 'map'?
		test --suite map heap.allocates | heap.allocates is in no suite that --suite names
		test --suite inventory -o ID | --output goes with --list only
		test --json --format ktap | --json and --format ktap exclude each other
		test --sysroot / | --sysroot
		lint-names --disable alocator-name video | --disable takes a rule, not 'alocator-name'; did you mean 'allocator-name'?
		lint-names --severity allocator-name video | --severity takes ID=LEVEL, not 'allocator-name'
		lint-names --severity allocator-name=bad video | --severity takes
		lint-names --severity frob=error video | --severity takes a rule, not 'frob'
		lint-names --allow video:frob video | --allow takes a rule, not 'frob'
		lint-names --allow : video | --allow takes
		lint-names -J --format sarif video | --json and --format sarif must not be combined
		lint-names --output ID video | --output goes with --list-rules only
		lint-names --list-rules --output FROB | --output: unknown column 'FROB'
		lint-names --kernel 6.12 video | go with --dtb only
		lint-names --overlay /dev/null | go with --dtb only
		lint-names --cmdline cma=64M video | go with --dtb only
		lint-names --page-size 64K - | go with --dtb only
		lint-names --explain no-region --json | --explain and --json must not be combined
		lint-names --explain no-region --list-rules | --explain and --list-rules must not be combined
		lint-names --explain no-region video | --explain and NAME
		lint-names --list-rules --dtb /dev/null | --list-rules and NAME, --dtb
		lint-names --baseline - - | '-', standard input, can be read for one thing only
		lint-names --baseline - --config - video | '-', standard input
		lint-names --config - --config - video | '-', standard input
		lint-names --config - - | '-', standard input
		lint-names --dtb - --overlay - | '-', standard input
		lint-names --dtb - - | '-', standard input
		lint-names --dtb x --overlay - --overlay - | '-', standard input
		lint-names --dtb - --baseline - | '-', standard input
		lint-names --save-baseline - x | --save-baseline takes a file, not '-'
		regions - - | '-', standard input
		regions --config - - | '-', standard input
		regions --overlay - - | '-', standard input
		lint-names --list-rules video | --list-rules
		lint-names --list-rules --format sarif | --list-rules
		lint-names --list-rules --baseline /dev/null | --list-rules
		lint-names --list-rules --save-baseline /nonexistent/file | --list-rules
	EOF2
	[ ! -e socket ]
}

@test "a line of a file of options is named, and as harmless" {
	local config=$BATS_TEST_TMPDIR/config option message
	printf '# fine\ndisable allocator-name\nfrobnicate x\n' >"$config"
	said "dmaheap lint-names: $config:3: unknown option 'frobnicate' for a file; 'man dmaheap-lint-names' lists them" \
		lint-names --config "$config" video
	printf 'convention\n' >"$config"
	said "dmaheap lint-names: $config:1: --convention needs a value" lint-names --config "$config" video
	printf 'convention =\n' >"$config"
	said "dmaheap lint-names: $config:1: --convention needs a value" lint-names --config "$config" video
	printf 'fail-on fatal\n' >"$config"
	said "dmaheap lint-names: $config:1: --fail-on takes error, warning, note or never, not 'fatal'" \
		lint-names --config "$config" video
	for option in frob fail-on disable severity allow kernel format; do
		printf '%s %s\n' "$option" $':\e[31m\a\x9b\xff' >"$config"
		refused lint-names --config "$config" video
	done
}

@test "without a standard output it is the same" {
	local stream
	for stream in '>&-' '>/dev/full' '<&- >&-'; do
		run -2 bash -c '"$@" '"$stream" - "$DMAHEAP" list --frobnicate
		[ "$output" = "dmaheap list: unknown option '--frobnicate'; 'dmaheap list --help' lists them" ]
		run -2 bash -c '"$@" '"$stream" - "$DMAHEAP" alloc --size x
		[ "$output" = "dmaheap alloc: --size takes a size such as 4096, 8M or 8MB, not 'x'" ]
	done
}

@test "what is right is taken: abbreviations, options between and behind arguments, --" {
	run -0 "$DMAHEAP" lint-names --fail-on never cma-video -J
	jq -e '.names | length == 1' <<<"$output"
	run -0 "$DMAHEAP" lint-names --fail-o=never -- --frobnicate
	[[ $output == *frobnicate* ]]
	run -0 "$DMAHEAP" --col lint-names --fail-on never -q cma-video
	run -0 "$DMAHEAP" list -?
	run -0 "$DMAHEAP" list --he --frobnicate
	run -0 "$DMAHEAP" list -V --frobnicate
	POSIXLY_CORRECT=1 run -0 "$DMAHEAP" lint-names --fail-on never a --frobnicate
}
