#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Wrong usage: one line on stderr that says which option is wrong and what it takes, exit status 2,
# nothing on stdout, and nothing that a terminal acts on, whatever was typed.
bats_require_minimum_version 1.5.0
load helpers

# a colour, line ends, a bell, C1 in both forms, what is not UTF-8, and what turns the direction
hostile=$'\e[31m\r\n\a\x9b\xc2\x9b\xff\xe2\x80\xae'

commands() {
	"$DMAHEAP" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

# "--size=SIZE", "--json", "--color[=WHEN]": one line for each option of a command
options() {
	"$DMAHEAP" "$@" --help |
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
		[[ $message == "$name: ambiguous option '--ver': "*"--verbose, --version" ]]
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

# The options whose values are checked
checked=(
	"alloc --size --count --total --access --fill --set-name --hold --timeout"
	"bench --case --size --time --confidence --count --fail-over --cpu --threads"
	"fence-test --size --source --repeat --timeout --allow"
	"io --fd --way --size --timeout --direction --time"
	"lint-names --kernel --page-size --convention --format --fail-on --disable --severity --explain"
	"regions --kernel --page-size --fail-on"
	"test --suite --allow --format"
)

@test "a value that an option does not take is named with it, and what it takes" {
	local line command option value message
	for line in "${checked[@]}"; do
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
		info x --measure --sysroot / | --measure and --sysroot must not be combined
		info a b | unexpected argument 'b': one HEAP at a time
		info x -o NAME | --output: this command has no columns
		list -o NAME,FROB | --output: unknown column 'FROB'; 'dmaheap list --help' lists them
		map -o FROB | --output
		regions -o FROB | --output
		fence-test -o FROB | --output
		fence-test --sysroot / | --sysroot: this command needs the live machine
		fence-test --size 0 | --size takes a size from 1 to 64M, not '0'
		fence-test --size 65M | --size takes
		fence-test --size -1 | --size takes
		fence-test --repeat 0 | --repeat takes a number from 1 to 100000, not '0'
		fence-test --repeat 100001 | --repeat takes
		fence-test --timeout 0 | --timeout takes
		bench system | unexpected argument 'system'
		bench -o FROB | --output
		bench --case frob | --case takes alloc|free|map|fault|fill|read|copy|load|sync|import|sync-imported|fence|stat|cacheable|flushed, separated by commas, not 'frob'
		bench --case alloc,,free | --case takes alloc|
		bench --size 4K,0 | --size takes sizes from 1 to 1G, separated by commas, not '0'
		bench --size 4K, | --size takes sizes
		bench --size 2G | --size takes sizes
		bench --size 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17 | --size takes at most 16 sizes, not '17'
		bench --time 0 | --time takes
		bench --confidence 100 | --confidence takes a number from 50 to 99, not '100'
		bench --samples | --samples needs --json
		bench --save - --json | --json and --save - must not be combined
		bench --save - --svg - | --save - and --svg - must not be combined
		bench --histogram --svg - | --histogram and --svg - must not be combined
		bench --histogram --json | --json and --histogram must not be combined
		bench --threads 0 | --threads takes a number from 1 to 256, not '0'
		bench --cpu 1024 | --cpu takes a number from 0 to 1023, not '1024'
		bench --fail-over 3 | --fail-over needs --compare
		fence-test --allow oom | --allow takes taint, not 'oom'
		alloc --size 4K | --heap is missing
		alloc --heap system | --size is missing
		alloc --heap system --size 0 | --size takes a size such as 4096, 8M or 8MB, not '0'
		alloc --heap system --size -1 | --size takes
		alloc --heap system --size 99999999999999999999 | --size takes a size of less than 16E, not '9
		alloc --heap system --size 8E --count 1000 | --count times --size is too large
		alloc --heap system --size 4K --count 0 | --count takes a number from 1 to 1000000, not '0'
		alloc --heap system --size 4K --count 9999999 | --count takes
		alloc --heap system --size 4K --fill 256 | --fill takes
		alloc --heap system --size 4K --fill 0xabc | --fill takes a byte, 0x with at most 64 bytes, random or random:SEED
		alloc --heap system --size 4K --fill random:x | --fill takes
		alloc --heap system --size 4K --verify | --verify needs --fill
		alloc --heap system --size 4K --timeout 1x | --timeout takes a time such as 10s or 500ms, not '1x'
		alloc --heap system --size 4K --timeout 0 | --timeout takes a time of more than 0
		alloc --heap system --size 4K --set-name 12345678901234567890123456789012 | --set-name takes at most 31 printable bytes
		alloc --heap system --size 4K --hold 1s -- true | --hold and COMMAND must not be combined
		alloc --heap system --size 4K --access wo --map | --access wo
		alloc --heap system --size 4K --access ro --fill 1 | --access ro and --fill must not be combined
		alloc --heap system --total 2M --count 2 | --total and --count must not be combined
		alloc --heap system --size 4K -o FROB | --output: unknown column 'FROB'
		alloc --heap system --size 4K --sysroot / | --sysroot
		alloc --heap system --size 4K --until-full --set-name x | --until-full and --set-name must not be combined
		alloc --heap system --size 4K --until-full --access ro | --until-full and --access must not be combined
		alloc --heap system --size 4K --until-full --timeout 1s | --until-full and --timeout must not be combined
		alloc --heap system --size 4K --until-full --count 1 | --until-full and --count must not be combined
		alloc --heap system --total 4K --until-full | --until-full and --total must not be combined
		alloc --heap system --size 4K --until-full -- true | --until-full and COMMAND must not be combined
		io --read x | --heap is missing
		io --heap system | --read is missing
		io --heap system --fd 5 --read x | --heap and --fd must not be combined
		io --heap system --write x | --write without --read or --fd needs --size
		io --heap system --read x --way frob | --way takes auto, buffered, mmap,
		io --heap system --read x --write y --way mmap | --way mmap and --write must not be combined: it only reads
		io --heap system --read x --way udmabuf | --way udmabuf and --heap must not be combined: it has a buffer of its own
		io --fd 5 --read x --way udmabuf | --way udmabuf and --fd must not be combined
		io --fd 2 --read x | --fd takes a number from 3 to
		io --heap system --read x --write - --json | --json and --write - must not be combined
		alloc --receive socket --access ro | --receive and --access must not be combined
		alloc --receive socket --force | --receive and --force must not be combined
		alloc --receive socket --until-full | --until-full and --receive must not be combined
		alloc --receive socket --count 1 | --receive and --count must not be combined
		alloc --receive socket --send socket | --send and --receive must not be combined
		regions --svg x a b | --svg needs one tree, not several
		regions --svg - --json | --svg - and --json must not be combined
		regions --svg - --draw | --svg - and --draw must not be combined
		--raw list --json | --raw and --json must not be combined
		regions --format sarif --draw | --format sarif and --draw must not be combined
		regions --format tap --svg - | --svg - and --format must not be combined
		regions --svg - --bytes | --svg - and --bytes must not be combined
		regions --svg - -o NODE | --svg - and --output must not be combined
		regions --svg - --all | --svg - and --all must not be combined
		regions --draw --all | --draw and --all must not be combined
		regions --format junit --all | --format junit and --all must not be combined
		regions --format json --raw | --format json and --raw must not be combined
		regions --format json --draw | --format json and --draw must not be combined
		test --format ktap --raw | --format ktap and --raw must not be combined
		test --format junit --noheadings | --format junit and --noheadings must not be combined
		test --format text --json | --format text and --json must not be combined
		map --format tap -r | --format tap and --raw must not be combined
		map --format github -o REGION | --format github and --output must not be combined
		map --json --format junit | --format junit and --json must not be combined
		regions --draw --json | --draw and --json must not be combined
		--json regions --draw | --draw and --json must not be combined
		regions --draw -o NODE | --draw and --output must not be combined
		regions --kernel 5.4 | --kernel takes 5.6 (the first with heaps) or later, not '5.4'
		regions --page-size 5K | --page-size takes
		map --prove --sysroot / | --prove and --sysroot must not be combined
		map --log x --prove | --log and --prove must not be combined
		map --log x -o LINE | --log and --output must not be combined
		map --dtb x | --dtb needs --log
		test heap.no-such-statement | unknown test 'heap.no-such-statement'
		test --suite mpa | --suite takes a suite, not 'mpa'; did you mean 'map'?
		test --suite map heap.allocates | heap.allocates is in no suite that --suite names
		test --suite inventory -o ID | --output needs --list
		test --json --format ktap | --format ktap and --json must not be combined
		test --sysroot / | --sysroot needs --list
		lint-names --disable alocator-name video | --disable takes a rule, not 'alocator-name'; did you mean 'allocator-name'?
		lint-names --severity allocator-name video | --severity takes ID=LEVEL, not 'allocator-name'
		lint-names --severity allocator-name=bad video | --severity takes
		lint-names --severity frob=error video | --severity takes a rule, not 'frob'
		lint-names --allow video:frob video | --allow takes a rule, not 'frob'
		lint-names --allow : video | --allow takes
		lint-names -J --format sarif video | --format sarif and --json must not be combined
		lint-names --output ID video | --output needs --list-rules
		lint-names --list-rules --output FROB | --output: unknown column 'FROB'
		lint-names --kernel 6.12 video | --kernel needs --dtb
		lint-names --overlay /dev/null | --overlay needs --dtb
		lint-names --memory 0+1G video | --memory needs --dtb
		lint-names --taken 0+1G video | --taken needs --dtb
		lint-names --backport video | --backport needs --dtb
		lint-names --cmdline cma=64M video | --cmdline needs --dtb
		lint-names --kconfig /dev/null video | --kconfig needs --dtb
		lint-names --page-size 64K - | --page-size needs --dtb
		lint-names --explain no-region --json | --explain and --json must not be combined
		lint-names --explain no-region --list-rules | --explain and --list-rules must not be combined
		lint-names --explain no-region video | --explain and NAME must not be combined
		lint-names --list-rules --dtb /dev/null | --list-rules and --dtb must not be combined
		lint-names --baseline - - | '-', standard input, can be read for one thing only
		lint-names --baseline - --rules - video | '-', standard input
		lint-names --rules - --rules - video | '-', standard input
		lint-names --rules - - | '-', standard input
		lint-names --dtb - --overlay - | '-', standard input
		lint-names --dtb - - | '-', standard input
		lint-names --dtb x --overlay - --overlay - | '-', standard input
		lint-names --dtb - --baseline - | '-', standard input
		lint-names --save-baseline - x | --save-baseline takes a file, not '-'
		regions - - | '-', standard input
		regions --kconfig - - | '-', standard input
		regions --overlay - - | '-', standard input
		lint-names --list-rules video | --list-rules and NAME must not be combined
		lint-names --list-rules --format sarif | --list-rules and --format must not be combined
		lint-names --list-rules --convention v1 | --list-rules and --convention must not be combined
		lint-names --list-rules --severity no-region=note | --list-rules and --severity must not be combined
		lint-names --explain no-region --fail-on note | --explain and --fail-on must not be combined
		lint-names --list-rules --sysroot / | --list-rules and --sysroot must not be combined
		lint-names --sysroot / video | NAME and --sysroot must not be combined
		lint-names --sysroot / --dtb /dev/null | --dtb and --sysroot must not be combined
		regions --sysroot / /dev/null | FILE and --sysroot must not be combined
		lint-names --list-rules --baseline /dev/null | --list-rules and --baseline must not be combined
		lint-names --list-rules --save-baseline /nonexistent/file | --list-rules and --save-baseline must not be combined
	EOF2
	[ ! -e socket ]
}

# Which are in a command's help is what its manual page says: documentation.bats.
@test "a common option that is not in a command's help is refused, on both sides of it" {
	local command option message value refusals=0
	for command in $(commands); do
		for option in --json --output --noheadings --raw --bytes --sysroot --quiet --verbose --color; do
			! options "$command" | grep -q "^$option\([=[]\|$\)" || continue
			((++refusals))
			value=()
			case $option in
			--output) value=(NAME) ;;
			--sysroot) value=(/) ;;
			esac
			refused "$command" "$option" "${value[@]}"
			[[ $message == "dmaheap $command: $option: "* ]]
			refused "$option" "${value[@]}" "$command"
			[[ $message == "dmaheap $command: $option: "* ]]
		done
	done
	[ "$refusals" -ge 10 ]
	said "dmaheap lint-names: --bytes: it has no effect in this command" -b lint-names video
	said "dmaheap lint-names: --raw needs --list-rules" -r lint-names video
	said "dmaheap lint-names: --noheadings needs --list-rules" lint-names -n video
	said "dmaheap list: --verbose: it has no effect in this command" list -v
	said "dmaheap info: --output: this command has no columns to choose" info -o NAME x
	said "dmaheap alloc: --verbose: it has no effect in this command" -v alloc
}

@test "a line of a file of options is named, and as harmless" {
	local config=$BATS_TEST_TMPDIR/config option message
	printf '# fine\ndisable allocator-name\nfrobnicate x\n' >"$config"
	said "dmaheap lint-names: $config:3: unknown option 'frobnicate' for a file; 'man dmaheap-lint-names' lists them" \
		lint-names --rules "$config" video
	printf 'convention\n' >"$config"
	said "dmaheap lint-names: $config:1: --convention needs a value" lint-names --rules "$config" video
	printf 'convention =\n' >"$config"
	said "dmaheap lint-names: $config:1: --convention needs a value" lint-names --rules "$config" video
	printf 'fail-on fatal\n' >"$config"
	said "dmaheap lint-names: $config:1: --fail-on takes note, warning, error or never, not 'fatal'" \
		lint-names --rules "$config" video
	for option in rules explain list-rules save-baseline; do
		echo "$option written" >"$config"
		said "dmaheap lint-names: $config:1: --$option is for the command line only" \
			lint-names --rules "$config" --fail-on never video
	done
	[ ! -e written ]
	for option in frob fail-on disable severity allow kernel format; do
		printf '%s %s\n' "$option" $':\e[31m\a\x9b\xff' >"$config"
		refused lint-names --rules "$config" video
	done
}

@test "a socket has a path: neither none nor an abstract name" {
	local option name
	cd "$BATS_TEST_TMPDIR"
	for option in send receive; do
		refused alloc --heap system --size 4K "--$option="
		[ "$message" = "dmaheap alloc: --$option takes the path of a socket, not ''" ]
		for name in @ @name; do
			refused alloc --heap system --size 4K --$option "$name"
			[ "$message" = "dmaheap alloc: --$option takes the path of a socket (./@NAME where it begins so), not '$name'" ]
		done
	done
	# of this name a file is made
	run -1 --separate-stderr "$DMAHEAP" alloc --receive ./@name --timeout 1ms
	[[ $stderr == "dmaheap alloc: ./@name: the other process was not there, or not done, within 1"*" ms (--timeout)" ]]
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

@test "what is right is taken: abbreviations, options between and after arguments, --" {
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
