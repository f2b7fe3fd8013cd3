#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
bats_require_minimum_version 1.5.0
load helpers

fixtures=$BATS_TEST_DIRNAME/fixtures

lint() {
	"$DMAHEAP" lint-names "$@"
}

# rules JSON: the ids of the findings, sorted
rules() {
	jq -r '.findings[].rule' <<<"$1" | LC_ALL=C sort
}

@test "the convention's own examples" {
	lint video@42000000 memory@42000000-cacheable-contiguous
	lint --convention linux memory@42000000-contiguous
	run -3 --separate-stderr lint cma-video
	[ -z "$stderr" ]
	[[ ${lines[0]} == "cma-video: error: "*" [allocator-name]" ]]
	[ "${lines[1]}" = "    cma-video" ]
	[ "${lines[2]}" = "    ^~~" ]
	[ "${lines[3]}" = "    better: video-contiguous" ]
	[ "${lines[4]}" = "1 name: 1 error, 0 warnings, 0 notes" ]
	# the rule itself on demand
	run -3 --separate-stderr lint -v cma-video
	[[ ${lines[3]} == "    rule:   The name does not name the allocator: "*"dma-buf-heaps.rst"* ]]
	[ "${lines[4]}" = "    better: video-contiguous" ]
}

@test "real names are found good or bad as readers find them, under every convention" {
	local convention names
	mapfile -t names < <(sed -n '/^#/!s/\t.*//p' "$fixtures/names/heaps.tsv")
	[ "${#names[@]}" -ge 100 ]
	for convention in v1 v2 linux; do
		# names of different machines need not be unique among each other
		lint --convention "$convention" --disable not-unique --format json --fail-on never \
			"${names[@]}" | jq -r --rawfile verdicts "$fixtures/names/heaps.tsv" '
			($verdicts | split("\n") | map(select(test("^[^#]")) | split("\t"))) as $verdicts
			| .findings as $findings | $verdicts[] | .[0] as $name | .[1] as $verdict
			| ([$findings[] | select(.name == $name)
				| {note: 1, warning: 2, error: 3}[.severity]] | max // 0) as $level
			| select(($verdict == "good" and $level > 1) or ($verdict == "bad" and $level < 2)
				or ($verdict == "legacy" and $level < 1))
			| "\($name): \($verdict), but level \($level)"'
	done >"$BATS_TEST_TMPDIR/wrong"
	cat "$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ]
}

@test "names come from standard input, one a line" {
	run -3 --separate-stderr lint --format json - video@42000000 <<<$'cma-video\n\nvideo@52000000'
	[ "$(jq -r '[.names[].name] | join(" ")' <<<"$output")" = "cma-video video@52000000 video@42000000" ]
	[ "$(rules "$output")" = allocator-name ]
	# without a line end, and with bytes that no C string holds
	run -3 --separate-stderr bash -c 'printf "a\0b" | "$DMAHEAP" lint-names -J -'
	[ "$(jq -r '.names[0].name' <<<"$output")" = 'a\x00b' ]
	[ "$(rules "$output")" = characters ]
}

@test "a name that is given twice is reported once" {
	run -3 --separate-stderr lint -J video@1000 video@1000 video@1000 VIDEO@1000
	[ "$(rules "$output" | uniq -c | xargs)" = "2 not-unique" ]
	[ "$(jq '.names | length' <<<"$output")" -eq 3 ]
}

@test "--fail-on decides the exit status" {
	lint --fail-on never cma-video
	lint frob
	run -3 lint --fail-on warning frob
	lint --fail-on warning video
	run -3 lint --fail-on note video
	lint --fail-on note video@42000000
}

@test "--disable, --severity, --allow and the same in a file" {
	local config=$BATS_TEST_TMPDIR/config
	lint --disable allocator-name cma-video@1000
	lint --severity allocator-name=warning cma-video
	run -3 lint --severity vendor-prefix=error qcom,video@1000
	lint --allow cma-video cma-video
	lint --allow cma-video:allocator-name cma-video
	run -3 lint --allow cma-audio cma-video
	run -3 lint --allow cma-video:no-region cma-video
	cat >"$config" <<-'EOF2'
		# what our last release can't change
		allow cma-video:allocator-name

		--severity vendor-prefix=error
		convention=linux
		fail-on = error
	EOF2
	lint --rules "$config" cma-video
	lint --rules <(echo "fail-on = never") cma-video
	lint --rules - cma-video <<<"fail-on = never"
	run -3 --separate-stderr lint -J --rules "$config" qcom,video@1000-cacheable
	[ "$(rules "$output" | xargs)" = "unknown-attribute vendor-prefix" ]
}

@test "a file that can't be read is a failed operation, and none is read for ever" {
	run -1 --separate-stderr lint --rules /nonexistent video
	[ "$stderr" = "dmaheap lint-names: /nonexistent: no such file or directory" ]
	[ -z "$output" ]
	run -1 --separate-stderr lint --rules /dev/zero video
	[ "$stderr" = "dmaheap lint-names: /dev/zero: file too large" ]
	[ -z "$output" ]
	run -1 --separate-stderr lint --baseline /dev/zero video
	[ "$stderr" = "dmaheap lint-names: /dev/zero: file too large" ]
	[ -z "$output" ]
	run -1 --separate-stderr lint --json - </dev/zero
	[ "$stderr" = "dmaheap lint-names: standard input: more than 64 MiB" ]
}

@test "--explain and --list-rules know every rule that is named in the manual" {
	local id
	for id in allocator-name implementation-detail not-unique no-region unit-address \
		unknown-attribute attribute-conflict attribute-repeated attribute-false \
		attribute-missing unstable-name vendor-prefix redundant-word characters baseline; do
		run -0 --separate-stderr lint --explain "$id"
		[[ $output == "$id ("*Good:*Bad:* ]]
		lint --list-rules --raw --noheadings -o ID | grep -qx "$id"
	done
	[ "$(lint --list-rules --json | jq '.rules | length')" -eq "$(lint --list-rules -n | wc -l)" ]
}

# names that every format has to escape in its own way
nasty=($'a\x1b[31m' $'b\nc' 'd<&">' 'e%f:g,h' 'i#j\k' $'\xff\xc2\x9b' 'cma-video' 'video@42000000')

@test "no format lets control characters through" {
	local format
	for format in text json sarif github junit tap; do
		run -3 --separate-stderr lint --format "$format" "${nasty[@]}"
		[ -z "$stderr" ]
		# all that is left is printable or ends a line
		run -1 env LC_ALL=C grep -qP '[^\n\x20-\x7e\xc2-\xf4\x80-\xbf]|\xc2[\x80-\x9f]' <<<"$output"
	done
}

@test "json: findings point at the part, names say what was looked at" {
	run -3 --separate-stderr lint --json "${nasty[@]}"
	jq -e '.dmaheap and (.names | length) == 8' <<<"$output"
	jq -e 'all(.findings[]; has("name") and has("rule") and has("severity") and has("message")
		and has("start") and has("length") and has("suggestion"))' <<<"$output"
	jq -e '.findings[] | select(.name == "cma-video")
		| .start == 0 and .length == 3 and .suggestion == "video-contiguous"' <<<"$output"
	run -0 --separate-stderr lint --json video@42000000
	jq -e '.findings == [] and .names[0].name == "video@42000000" and .names[0].base == null' <<<"$output"
}

@test "sarif: version 2.1.0, with a help text for every rule" {
	run -3 --separate-stderr lint --format sarif "${nasty[@]}"
	sarif_is_valid <<<"$output"
	[ "$(jq '.runs[0].tool.driver.rules | length' <<<"$output")" -eq "$(lint --list-rules -n | wc -l)" ]
	[ "$(jq '.runs[0].results | length' <<<"$output")" -ge 7 ]
	run -0 --separate-stderr lint --format sarif video@42000000
	sarif_is_valid <<<"$output"
	jq -e '.runs[0].results == []' <<<"$output"
	# the check itself finds what is wrong
	run ! sarif_is_valid <<<'{"version": "2.1.0", "$schema": "https://docs.oasis-open.org/sarif/", "runs": [{"results": []}]}'
}

@test "github: one annotation a finding, with its escapes" {
	run -3 --separate-stderr lint --format github "${nasty[@]}"
	[ "${#lines[@]}" -eq "$(lint --format json "${nasty[@]}" | jq '.findings | length')" ]
	local line
	for line in "${lines[@]}"; do
		[[ $line =~ ^::(notice|warning|error)\ title=[a-z-]+::. ]]
	done
	[[ $output == *"e%25f:g,h: "* ]]
}

@test "junit: well-formed, counted, what reaches the threshold has failed" {
	requires command xmllint
	run -3 --separate-stderr lint --format junit "${nasty[@]}"
	xmllint --noout - <<<"$output"
	[ "$(xmllint --xpath 'string(//testsuite/@tests)' - <<<"$output")" -eq 8 ]
	[ "$(xmllint --xpath 'count(//testcase)' - <<<"$output")" -eq 8 ]
	[ "$(xmllint --xpath 'count(//failure)' - <<<"$output")" = "$(xmllint --xpath 'string(//testsuite/@failures)' - <<<"$output")" ]
	[ "$(xmllint --xpath 'string(//testcase[@name="cma-video"]/failure/@type)' - <<<"$output")" = allocator-name ]
	[ "$(xmllint --xpath 'count(//testcase[@name="video@42000000"]/failure)' - <<<"$output")" -eq 0 ]
	[ "$(xmllint --xpath 'string(//testcase[3]/@name)' - <<<"$output")" = 'd<&">' ]
}

@test "tap: one result a name, and the plan" {
	run -3 --separate-stderr lint --format tap "${nasty[@]}"
	[ "${lines[0]}" = "TAP version 14" ]
	[ "${lines[-1]}" = "1..8" ]
	[ "$(grep -cE '^(not )?ok [0-9]+ - ' <<<"$output")" -eq 8 ]
	grep -qx 'ok 8 - video@42000000' <<<"$output"
	grep -qF 'not ok 5 - i\#j\\k' <<<"$output"
	[ "$(tap_results <<<"$output")" = "8 $(grep -c '^not ok' <<<"$output")" ]
}

@test "colours only where they are wanted" {
	run -3 lint --color=always cma-video
	[[ $output == *$'\033[1;31m'* ]]
	run -3 lint cma-video
	[[ $output != *$'\033'* ]]
	run -3 lint --quiet cma-video
	[[ $output != *"1 name:"* ]]
}

@test "--quiet leaves notes and the count out, as in regions" {
	run -0 --separate-stderr lint --quiet video-region@42000000 video@43000000
	[ -z "$output" ]
	run -3 --separate-stderr lint --quiet qcom,cma-video@1000
	[[ $output == *"[allocator-name]"* && $output != *": note: "* ]]
	run -3 --separate-stderr lint qcom,cma-video@1000
	[[ $output == *": note: "* ]]
}

# tree NAME: compiles a fixture and prints where the blob is
tree() {
	dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/$1.dtb" "$fixtures/names/trees/$1.dts"
	echo "$BATS_TEST_TMPDIR/$1.dtb"
}

@test "--dtb: names are compared with the regions" {
	local blob
	blob=$(tree lies)
	run -3 --separate-stderr lint --json --disable attribute-missing --dtb "$blob"
	# the addresses are those that another program reads
	[ "$(fdtget -t x "$blob" /reserved-memory/video@42000000 reg)" = "0 44000000 0 1000000" ]
	jq -e '.findings | map([.name, .rule, .severity]) | sort == [
		["audio@4a000000-uncacheable", "attribute-false", "error"],
		["camera@46000000", "unit-address", "warning"],
		["display@48000000-protected", "attribute-false", "error"],
		["video@42000000", "unit-address", "error"]]' <<<"$output"
	jq -e --arg blob "$blob" 'all(.findings[]; .source == $blob)
		and (.names[] | select(.name == "video@42000000")
			| .base == "0x44000000" and .size == 16777216 and .dynamic == false)
		and (.names[] | select(.name == "camera@46000000") | .base == null and .dynamic)' <<<"$output"
	jq -e '.findings[] | select(.name == "video@42000000")
		| .suggestion == "video@44000000-cacheable-contiguous"' <<<"$output"
	# without the tree nobody knows
	lint video@42000000 camera@46000000 display@48000000-protected audio@4a000000-uncacheable
}

@test "--dtb: several trees in one run, each for itself" {
	local one two
	one=$(tree release-1) two=$(tree lies)
	run -3 --separate-stderr lint --dtb "$one" "$two"
	[[ $output == *"$two:"* && $output != *not-unique* ]]
	[[ ${lines[-1]} == "7 names: "* ]]
	run -3 --separate-stderr lint --format sarif --dtb "$one" "$two"
	sarif_is_valid <<<"$output"
	run -3 --separate-stderr lint --format github --dtb "$one" "$two"
	[[ $output == *",file=$two::video@42000000: "* ]]
	# before 6.19 these regions have no heaps
	run -0 --separate-stderr lint --kernel 6.12 --dtb "$one" "$two"
	[ "$output" = "0 names: 0 errors, 0 warnings, 0 notes" ]
	# one that can't be read does not stop the others
	run -1 --separate-stderr lint --dtb /dev/null "$one"
	[[ $stderr == *"/dev/null: "* && $output == *"3 names"* ]]
}

@test "--dtb: an overlay is read once, also from standard input, and applied to each tree" {
	local one two overlay=$BATS_TEST_TMPDIR/overlay.dtbo
	one=$(tree release-1) two=$(tree lies)
	dtc -q -I dts -O dtb -o "$overlay" - <<-'EOF2'
		/dts-v1/; /plugin/;
		&{/reserved-memory} { radio@60000000 { compatible = "shared-dma-pool"; reusable; reg = <0 0x60000000 0 0x1000000>; }; };
	EOF2
	run -3 --separate-stderr lint --json --overlay - --dtb "$one" "$two" <"$overlay"
	[ -z "$stderr" ]
	jq -e --arg one "$one" --arg two "$two" '.complete
		and ([.names[] | select(.name == "radio@60000000").source] == [$one, $two])' <<<"$output"
	# an overlay that does not apply, and a file that is not an overlay
	printf '/dts-v1/; /plugin/; &nowhere { no-map; };' | dtc -q -I dts -O dtb -o "$overlay"
	run -1 --separate-stderr lint --overlay "$overlay" --dtb "$one"
	[[ $stderr == "dmaheap lint-names: $one: $overlay does not apply: "*FDT_ERR_* ]]
	run -1 --separate-stderr lint --overlay /dev/null --dtb "$one" "$two"
	[[ $stderr == "dmaheap lint-names: /dev/null: "*FDT_ERR_* && ${#stderr_lines[@]} -eq 1 ]]
}

# heaps_of OPTION... BLOB: sets `checked` to the names that are checked, `predicted` to those of regions
heaps_of() {
	checked=$(lint --json --fail-on never "${@:1:$#-1}" --dtb "${@: -1}" | jq -r '.names[].name' | sort | xargs)
	predicted=$("$DMAHEAP" regions --all --json --fail-on never "$@" | jq -r '.regions[].heaps[]?' | sort | xargs)
}

@test "--dtb: the heaps of a tree are those of regions, also with bootargs" {
	local blob=$BATS_TEST_TMPDIR/bootargs.dtb checked predicted
	dtc -q -I dts -O dtb -o "$blob" - < <(cat "$fixtures/names/trees/release-1.dts" -<<-'EOF2'
		/ {
			chosen { bootargs = "quiet cma=64M"; };
			reserved-memory { video@42000000 { linux,cma-default; }; };
		};
	EOF2
	)
	[ "$(fdtget "$blob" /chosen bootargs)" = "quiet cma=64M" ]
	# cma= takes the place of the node: rmem_cma_setup(), kernel/dma/contiguous.c
	heaps_of "$blob"
	[ "$checked" = "$predicted" ]
	[[ $checked == *default_cma_region* && $checked != *video@42000000* ]]
	heaps_of --cmdline quiet "$blob"
	[ "$checked" = "$predicted" ]
	[[ $checked == *video@42000000* ]]
}

@test "--dtb: --kconfig says which heaps that kernel builds, as for regions" {
	local blob kconfig=$BATS_TEST_TMPDIR/kconfig checked predicted
	blob=$(tree release-1)
	printf 'CONFIG_DMA_CMA=y\nCONFIG_DMABUF_HEAPS=y\nCONFIG_DMABUF_HEAPS_CMA=y\n' >"$kconfig"
	heaps_of --kconfig "$kconfig" "$blob"
	[ "$checked" = "$predicted" ]
	[[ $checked == *video@42000000* ]]
	printf 'CONFIG_DMA_CMA=y\n# CONFIG_DMABUF_HEAPS_CMA is not set\n' >"$kconfig"
	heaps_of --kconfig "$kconfig" "$blob"
	[ "$checked" = "$predicted" ]
	[[ $checked != *video@42000000* ]]
	# the same in a file of options
	[ "$(lint --rules <(echo "kconfig $kconfig") --dtb "$blob")" = "$(lint --kconfig "$kconfig" --dtb "$blob")" ]
	# … which can name the tree, and what is for trees does not bind those who check a name
	[ "$(lint --rules <(echo "dtb $blob") --kconfig "$kconfig")" = "$(lint --kconfig "$kconfig" --dtb "$blob")" ]
	lint --rules <(echo "kconfig $kconfig") --fail-on never video
	run -1 --separate-stderr lint --kconfig "$blob" --dtb "$blob"
	[ "$stderr" = "dmaheap lint-names: $blob: not a kernel configuration: there is no CONFIG_ in it" ]
}

@test "--baseline: what is gone, renamed or moved fails, what is new is a note" {
	local saved=$BATS_TEST_TMPDIR/saved one two
	one=$(tree release-1) two=$(tree release-2)
	lint --save-baseline "$saved" --dtb "$one"
	diff "$saved" - <<-'EOF2'
		# dmaheap lint-names baseline, version 1: NAME, PLACE, SIZE
		camera@44000000-contiguous	0x44000000	0x1000000
		display@46000000	0x46000000	0x1000000
		video@42000000	0x42000000	0x1000000
	EOF2
	lint --fail-on warning --baseline "$saved" --dtb "$one"
	lint --fail-on warning --baseline - --dtb "$one" <"$saved"
	run -3 lint --baseline - --dtb "$two" <"$saved"
	run -3 --separate-stderr lint --json --baseline "$saved" --dtb "$two"
	jq -e '.findings | map(select(.rule == "baseline") | [.name, .severity, (.message | split(":")[0])])
		| sort == [
		["audio@4a000000", "note", "new"],
		["camera@44000000-contiguous", "error", "disappeared"],
		["codec@42000000", "note", "new"],
		["display@46000000", "error", "moved"],
		["video@42000000", "error", "renamed"]]' <<<"$output"
	jq -e '.findings[] | select(.name == "video@42000000") | .message | test("'"'codec@42000000'"'")' <<<"$output"
	# a list of names has no regions: it can only be complete
	lint --baseline "$saved" video@42000000 camera@44000000-contiguous display@46000000
	run -3 lint --baseline "$saved" video@42000000 camera@44000000-contiguous
	lint --baseline "$saved" --allow display@46000000:baseline video@42000000 camera@44000000-contiguous
	lint --baseline "$saved" --disable baseline video@42000000
	# a comment is not a name, and a name is not a comment
	lint --fail-on never --save-baseline "$saved" '#x' '[y]' 'a#b' '#'
	echo '# what somebody wrote' >>"$saved"
	run lint --baseline "$saved" --json '#x' '[y]' 'a#b' '#'
	jq -e 'all(.findings[]; .rule != "baseline")' <<<"$output"
	run lint --baseline "$saved" --json '[y]' 'a#b'
	[ "$(jq -r '.findings[] | select(.rule == "baseline") | .name' <<<"$output" | xargs)" = "# #x" ]

	# names that look like the file's own escapes
	local -a names=('\x23foo' '#foo' '\x5cx23foo' '\foo' '\x5c' '\x')
	lint --fail-on never --save-baseline "$saved" "${names[@]}"
	[ "$(wc -l <"$saved")" -eq 7 ]
	run lint --baseline "$saved" --json "${names[@]}"
	jq -e 'all(.findings[]; .rule != "baseline")' <<<"$output"
	run lint --baseline "$saved" --json "${names[@]:1}"
	[ "$(jq -r '.findings[] | select(.rule == "baseline") | .name' <<<"$output")" = '\x23foo' ]
}

@test "--baseline: trees are compared each with its own, wherever they lie" {
	local saved=$BATS_TEST_TMPDIR/saved one two
	one=$(tree release-1) two=$(tree lies)
	mkdir -p "$BATS_TEST_TMPDIR"/{old,new}/acme
	cp "$one" "$two" "$BATS_TEST_TMPDIR/old/acme"
	cp "$one" "$BATS_TEST_TMPDIR/new/acme"
	run -3 lint --save-baseline "$saved" --dtb "$BATS_TEST_TMPDIR"/old/acme/*.dtb
	grep -qxF '[acme/lies.dtb]' "$saved"
	# the other tree is not looked at, so nothing of it is missing
	lint --fail-on warning --baseline "$saved" --dtb "$BATS_TEST_TMPDIR"/new/acme/*.dtb
}

@test "--baseline: the message about a damaged file has its line, about a missing one its name" {
	local saved=$BATS_TEST_TMPDIR/saved
	run -1 --separate-stderr lint --baseline "$saved" video
	[ "$stderr" = "dmaheap lint-names: $saved: no such file or directory" ]
	[ -z "$output" ]
	: >"$saved"
	run -1 --separate-stderr lint --baseline "$saved" video
	[[ $stderr == *"$saved:1: "* ]]
	lint --save-baseline "$saved" video@42000000
	printf 'frob\n' >>"$saved"
	run -1 --separate-stderr lint --baseline "$saved" video
	[[ $stderr == *"$saved:3: "* ]]
	run -1 --separate-stderr lint --save-baseline /nonexistent/file video@42000000
	[[ $stderr == *"/nonexistent/file: "* ]]
	run -1 --separate-stderr lint --save-baseline /dev/full video@42000000
	[[ $stderr == *"/dev/full: no space left on device" ]]
}

@test "--save-baseline: the old one stays until the new one is whole" {
	local saved=$BATS_TEST_TMPDIR/saved link=$BATS_TEST_TMPDIR/link new=$BATS_TEST_TMPDIR/new path
	local -a names
	mapfile -t names < <(printf 'name%s\n' {1..200})
	lint --fail-on never --save-baseline "$saved" video@42000000 "${names[@]}"
	chmod 640 "$saved"
	ln -s saved "$link"
	ln -s new "$BATS_TEST_TMPDIR/dangling"
	cp "$saved" "$BATS_TEST_TMPDIR/before"
	for path in "$saved" "$link" "$new" "$BATS_TEST_TMPDIR/dangling"; do
		# shellcheck disable=SC2016
		run -1 bash -c 'trap "" XFSZ; ulimit -f 1; "$@" >/dev/null' - "$DMAHEAP" lint-names \
			--fail-on never --save-baseline "$path" "${names[@]}"
		[[ $output == *"$path: file too large"* ]]
		cmp "$saved" "$BATS_TEST_TMPDIR/before"
		[ ! -e "$new" ]
	done
	[ -z "$(find "$BATS_TEST_TMPDIR" -name '.dmaheap*')" ]
	lint --fail-on never --save-baseline "$link" video@42000000
	[ -L "$link" ]
	[ "$(wc -l <"$saved")" -eq 2 ]
	[ "$(stat -c %a "$saved")" = 640 ]
	# a file that is not regular is written to
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	cat "$BATS_TEST_TMPDIR/fifo" >"$new" &
	lint --fail-on never --save-baseline "$BATS_TEST_TMPDIR/fifo" video@42000000
	wait $!
	cmp "$new" "$saved"
	[ -p "$BATS_TEST_TMPDIR/fifo" ]
	if [ "$(id -u)" -eq 0 ]; then
		chown 4711:4712 "$saved"
		lint --fail-on never --save-baseline "$saved" video@43000000
		[ "$(stat -c %u:%g:%a "$saved")" = 4711:4712:640 ]
	else
		chmod 440 "$saved"
		run -1 lint --fail-on never --save-baseline "$saved" video@43000000
	fi
}

@test "--save-baseline: stdout's own file and one with two names are written to" {
	local out=$BATS_TEST_TMPDIR/out saved=$BATS_TEST_TMPDIR/saved path
	lint --save-baseline "$saved" video@42000000
	lint video@42000000 >"$BATS_TEST_TMPDIR/report"
	[ -s "$BATS_TEST_TMPDIR/report" ]
	for path in /dev/stdout "$out"; do
		{ echo before; lint --save-baseline "$path" video@42000000; echo after; } >"$out"
		diff <(sort "$out") <({ echo before; cat "$saved" "$BATS_TEST_TMPDIR/report"; echo after; } | sort)
		[ "$(sed -n '1p;$p' "$out" | xargs)" = "before after" ]
	done
	lint --save-baseline /dev/stderr video@42000000 2>"$out" >/dev/null
	cmp "$out" "$saved"

	ln "$saved" "$saved.too"
	lint --save-baseline "$saved" video@43000000
	[ "$saved" -ef "$saved.too" ]
	[ "$(tail -n 1 "$saved.too" | cut -f 1)" = video@43000000 ]
}

@test "--sysroot: a captured machine's heaps" {
	local root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root/dev/dma_heap" "$root/proc" "$root/sys"
	echo 'char 0600 root root 251:0' >"$root/dev/dma_heap/system"
	echo 'char 0600 root root 251:1' >"$root/dev/dma_heap/cma-video"
	run -3 --separate-stderr lint --json --sysroot "$root"
	jq -e '[.names[].name] == ["cma-video", "system"]' <<<"$output"
	[ "$(rules "$output")" = allocator-name ]
	rm -r "${root:?}/dev"
	run -4 --separate-stderr lint --sysroot "$root"
	[[ $stderr == "dmaheap lint-names: /dev/dma_heap: no such directory"* ]]
}

@test "what could not be read leaves no report that looks clean" {
	local one root=$BATS_TEST_TMPDIR/root arguments expected
	one=$(tree release-1)
	mkdir "$root"
	# as with one tree that is not there: a machine without heaps, a baseline, standard input
	while read -r expected arguments; do
		# shellcheck disable=SC2086  # several words on purpose
		set -- $arguments
		run -"$expected" --separate-stderr lint "$@" </
		[ -z "$output" ]
		[ -n "$stderr" ]
		run -"$expected" --separate-stderr lint --format github "$@" </
		[[ $output == "::error title=incomplete::"* ]]
		run -"$expected" --separate-stderr lint --json "$@" </
		jq -e '.complete == false and .names == [] and .findings == []' <<<"$output"
		run -"$expected" --separate-stderr lint --format sarif "$@" </
		sarif_is_valid <<<"$output"
		jq -e '.runs[0].invocations[0].executionSuccessful == false' <<<"$output"
		run -"$expected" --separate-stderr lint --format tap "$@" </
		[[ ${lines[-1]} == "Bail out! "* && $output != *1..* ]]
		run -"$expected" --separate-stderr lint --format junit "$@" </
		[[ $output == *' tests="1" failures="0" errors="1" '*"<error "* ]]
	done <<-EOF2
		1 --dtb $BATS_TEST_TMPDIR/missing
		4 --sysroot $root
		1 --baseline $BATS_TEST_TMPDIR/missing video
		1 video -
	EOF2
	# the report has the findings of the others, and says that it is incomplete
	run -1 --separate-stderr lint --dtb "$one" /dev/null
	[[ ${lines[-1]} == "3 names: "*"; not all names could be read: "* ]]
	run -1 --separate-stderr lint --json --dtb "$one" /dev/null
	jq -e '.complete == false and (.names | length) == 3' <<<"$output"
	run -1 --separate-stderr lint --format tap --dtb "$one" /dev/null
	[[ $output == *"ok 3 - "*"Bail out! "* ]]
	run -0 --separate-stderr lint --json --dtb "$one"
	jq -e '.complete' <<<"$output"
	run -0 --separate-stderr lint --format sarif --dtb "$one"
	jq -e '.runs[0].invocations[0].executionSuccessful' <<<"$output"
}

# The commands of the manual's snippets for CI: the text after "run:", and the lines of script:
ci_commands() {
	sed -n '/^# CONTINUOUS/,/^# EXAMPLES/s/^ *\(run: \|- \|\)\(dmaheap lint-names .*\)/\2/p' \
		"$BATS_TEST_DIRNAME/../man/dmaheap-lint-names.1.scd"
}

@test "the manual's snippets for GitHub and GitLab do what they say" {
	local commands command
	requires command xmllint
	mapfile -t commands < <(ci_commands)
	[ "${#commands[@]}" -eq 4 ]
	mkdir -p "$BATS_TEST_TMPDIR"/{bin,dtbs}
	ln -s "$DMAHEAP" "$BATS_TEST_TMPDIR/bin/dmaheap"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	cp "$(tree release-1)" "$BATS_TEST_TMPDIR/dtbs/board.dtb"
	cd "$BATS_TEST_TMPDIR"
	# the last one makes the baseline
	bash -c "${commands[3]}"
	for command in "${commands[@]:0:3}"; do
		bash -c "$command"
	done
	sarif_is_valid <heap-names.sarif
	[ "$(xmllint --xpath 'string(//testsuite/@failures)' heap-names.xml)" -eq 0 ]
	# the next release renames, moves and loses heaps: the build fails, and says where
	cp "$(tree release-2)" dtbs/board.dtb
	run -3 bash -c "${commands[0]}"
	[[ $output == *"::error title=baseline::video@42000000: renamed"* ]]
	bash -c "${commands[1]}"
	run -3 bash -c "${commands[2]}"
	[ "$(xmllint --xpath 'string(//testsuite/@failures)' heap-names.xml)" -eq 3 ]
}
