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
	local convention
	local -A foreign=([default]='[16]' [linux]='[16]' [v1]='[16,26]' [v2]='[]')
	# what one of the three texts gives as good has no finding under any
	for convention in "" v1 v2 linux; do
		run -0 --separate-stderr lint --fail-on note ${convention:+--convention "$convention"} video@42000000 \
			memory@42000000 memory@42000000-contiguous memory@42000000-cacheable-contiguous \
			memory@42000000-uncacheable video@42000000-protected
		[ "${lines[0]}" = "6 names: 0 errors, 0 warnings, 0 notes" ]
		lint -v --fail-on note ${convention:+--convention "$convention"} video@42000000 memory@42000000
		run -3 lint ${convention:+--convention "$convention"} cma-video
		# with -v where the words of another text are: v1 has none, the merged one has no cacheable
		[ "$(lint -v --json ${convention:+--convention "$convention"} memory@42000000-cacheable-contiguous |
			jq -c '[.findings[] | select(.rule == "unknown-attribute" and .severity == "note").start]')" = \
			"${foreign[${convention:-default}]}" ]
	done
	run -3 --separate-stderr lint cma-video
	[ -z "$stderr" ]
	[[ ${lines[0]} == "cma-video: error: "*" [allocator-name]" ]]
	[ "${lines[1]}" = "    cma-video" ]
	[ "${lines[2]}" = "    ^~~" ]
	[ "${lines[3]}" = "    better: video-contiguous" ]
	[ "${lines[4]}" = "1 name: 1 error, 0 warnings, 0 notes" ]
	[[ ${lines[5]} == "next: rename the node, or "*"--allow NAME"* ]]
	[ "${#lines[@]}" -eq 6 ]
	# the rule itself on demand
	run -3 --separate-stderr lint -v cma-video
	[[ ${lines[3]} == "    rule:   The name does not name the allocator: "*"dma-buf-heaps.rst"* ]]
	[ "${lines[4]}" = "    better: video-contiguous" ]
}

@test "real names are found good or bad as readers find them, under every convention" {
	local convention names report=$BATS_TEST_TMPDIR/report
	mapfile -t names < <(sed -n '/^#/!s/\t.*//p' "$fixtures/names/heaps.tsv")
	[ "${#names[@]}" -ge 100 ]
	for convention in v1 v2 linux; do
		# names of different machines need not be unique among each other
		lint -v --convention "$convention" --disable not-unique --format json --fail-on never \
			"${names[@]}" >"$report"
		[ "$(jq '.names | length' "$report")" -eq "${#names[@]}" ]
		jq -r --rawfile verdicts "$fixtures/names/heaps.tsv" '
			($verdicts | split("\n") | map(select(test("^[^#]")) | split("\t"))) as $verdicts
			| .findings as $findings | $verdicts[] | .[0] as $name | .[1] as $verdict
			| ([$findings[] | select(.name == $name)
				| {note: 1, warning: 2, error: 3}[.severity]] | max // 0) as $level
			| select(($verdict == "good" and $level > 1) or ($verdict == "bad" and $level < 2)
				or ($verdict == "legacy" and $level < 1))
			| "\($name): \($verdict), but level \($level)"' "$report"
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
	# also one that nobody can change
	run -3 --separate-stderr lint -J linux,cma linux,cma
	[ "$(rules "$output" | xargs)" = "fixed-name fixed-name not-unique" ]
}

# suggestions NAME...: the better names of the findings, in order
suggestions() {
	lint -v --json --fail-on never "$@" | jq -c '[.findings[] | [.rule, .suggestion]]'
}

@test "a better name is none that the list has already, and nobody is asked to rename for what only -v shows" {
	[ "$(suggestions cma-video@42000000 video@43000000)" = '[["allocator-name","video@42000000"]]' ]
	[ "$(suggestions cma-video@42000000 video@42000000)" = '[["allocator-name",null]]' ]
	[ "$(suggestions cma-video@42000000 VIDEO-heap@42000000 | jq -c '.[0]')" = '["allocator-name",null]' ]
	[ "$(suggestions video-region@42000000)" = '[["redundant-word",null]]' ]
	[ "$(suggestions cma-video-region@42000000)" = '[["allocator-name","video@42000000"],["redundant-word",null]]' ]
}

@test "--fail-on decides the exit status" {
	lint --fail-on never cma-video
	lint frob
	run -3 lint --fail-on warning frob
	lint --fail-on warning video
	run -3 lint -v --fail-on note video
	lint --fail-on note video
	run -3 lint --severity no-region=note --fail-on note video
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
	run -3 --separate-stderr lint -J --rules "$config" qcom,video@1000-contig
	[ "$(rules "$output" | xargs)" = "unknown-attribute vendor-prefix" ]
	run -3 --separate-stderr lint -J --rules <(echo strict) linux,cma
	[ "$(rules "$output" | xargs)" = "allocator-name unstable-name" ]
}

@test "a file that can't be read is a failed operation, and none is read for ever" {
	run -1 --separate-stderr lint --rules /nonexistent video
	[ "$stderr" = "dmaheap lint-names: /nonexistent: no such file or directory" ]
	[ -z "$output" ]
	run -1 --separate-stderr lint --rules /dev/zero video
	[ "$stderr" = "dmaheap lint-names: /dev/zero: more than 1 MiB" ]
	[ -z "$output" ]
	run -1 --separate-stderr lint --baseline /dev/zero video
	[ "$stderr" = "dmaheap lint-names: /dev/zero: more than 64 MiB" ]
	[ -z "$output" ]
	run -1 --separate-stderr lint --json - </dev/zero
	[ "$stderr" = "dmaheap lint-names: standard input: more than 64 MiB" ]
}

@test "--explain and --list-rules know every rule that is named in the manual" {
	local id
	for id in allocator-name implementation-detail not-unique no-region unit-address \
		unknown-attribute attribute-conflict attribute-repeated attribute-false \
		attribute-missing unstable-name vendor-prefix redundant-word characters baseline \
		fixed-name vendor-name; do
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
	for format in text json sarif github gitlab junit tap; do
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
	run -3 --separate-stderr lint -v --format sarif cma-video frob video
	jq -e '.runs[0].results | map(.level) == ["error", "warning", "note"]' <<<"$output"
	jq -e '.runs[0].tool.driver.rules | map({key: .id, value: .}) | from_entries
		| (.["allocator-name"].help.text | test("cma-video@42000000") and test("carveout"))
		and ([.["allocator-name", "no-region", "fixed-name"].defaultConfiguration.level] == ["error", "warning", "note"])' <<<"$output"
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
	[[ $output == *"e%25f:g,h: "* && $output == *"; better: video-contiguous"* ]]
	run -0 --separate-stderr lint --format github frob
	[[ $output == "::warning title=no-region::frob: "* ]]
	# in a property more has to be escaped
	cp "$(tree lies)" "$BATS_TEST_TMPDIR/a,b:c.dtb"
	run -3 --separate-stderr lint --format github --dtb "$BATS_TEST_TMPDIR/a,b:c.dtb"
	[[ ${lines[0]} == *"/a%2Cb%3Ac.dtb::video@42000000: "* ]]
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
	[[ $(xmllint --xpath 'string(//testcase[@name="cma-video"]/failure)' - <<<"$output") == *"better: video-contiguous"* ]]
}

@test "tap: one result a name, and the plan" {
	run -3 --separate-stderr lint --format tap "${nasty[@]}"
	[ "${lines[0]}" = "TAP version 14" ]
	[ "${lines[-1]}" = "1..8" ]
	[ "$(grep -cE '^(not )?ok [0-9]+ - ' <<<"$output")" -eq 8 ]
	grep -qx 'ok 8 - video@42000000' <<<"$output"
	grep -qx '# better: video-contiguous' <<<"$output"
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
	run -0 --separate-stderr lint --quiet linux,cma video-region@42000000 video@43000000 qcom,audio@44000000
	[ -z "$output" ]
	run -3 --separate-stderr lint --quiet qcom,cma-video@1000
	[[ $output == *"[allocator-name]"* && $output != *": note: "* ]]
	run -3 --separate-stderr lint qcom,cma-video@1000
	[[ $output == *": note: "* ]]
}

@test "the text ends with what to do next, and the number of notes that are not shown" {
	local copy=$BATS_TEST_TMPDIR/copy.dtb blob
	run -0 lint frob
	[[ ${lines[-1]} == "next: "* && $output != *"not shown"* ]]
	# there is nothing to do about a note
	run -0 lint linux,cma video-region@42000000
	[ "${lines[-1]}" = "not shown: 1 note (-v shows it)" ]
	[[ $output != *"next: "* ]]
	run -3 lint cma-video@42000000 video-region@43000000 audio-pool@44000000
	[[ ${lines[-2]} == "next: "* && ${lines[-1]} == "not shown: 2 notes (-v shows them)" ]]
	run -0 lint -v video-region@42000000
	[[ $output == *"[redundant-word]"* && $output != *"not shown"* ]]
	# equal ones of several trees are one: of two of the names that do not say contiguous
	blob=$(tree release-1)
	cp "$blob" "$copy"
	run -0 lint --dtb "$blob" "$copy"
	[ "${lines[-1]}" = "not shown: 2 notes (-v shows them)" ]
}

# tree NAME: compiles a fixture and prints where the blob is
tree() {
	dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/$1.dtb" "$fixtures/names/trees/$1.dts"
	echo "$BATS_TEST_TMPDIR/$1.dtb"
}

@test "--measured: what bench has measured of a heap is evidence" {
	local run=$BATS_TEST_TMPDIR/run
	# the control takes 20 times as long as anonymous memory, slow 15 times, fast 1.1 times, between 4 times
	{
		printf '%s\n' 'dmaheap-bench 1' $'kernel\t7.2.13' $'machine\taarch64' $'processors\t1' $'page_size\t4096' \
			$'confidence\t95' $'clock_step\t1' $'cpu\t-' $'threads\t1' $'cold\t0' $'counted\ttime' $'importer\t-' \
			$'case\theap\tsize\tcount\tmin\tlow\tmedian\thigh\tp90\tp99'
		while read -r kind heap median; do
			printf '%s\t%s\t-\t40\t%d\t%d\t%d\t%d\t%d\t%d\n' "$kind" "$heap" $((median - 9)) $((median - 5)) "$median" \
				$((median + 5)) $((median + 9)) $((median + 9))
		done <<-EOF
			cacheable anonymous 1000
			cacheable slow@44000000-cacheable 15000
			cacheable fast@48000000-uncacheable 1100
			cacheable between@4c000000-cacheable 4000
			flushed anonymous 20000
		EOF
	} >"$run"
	names=(slow@44000000-cacheable fast@48000000-uncacheable between@4c000000-cacheable other@50000000-cacheable)
	run -3 --separate-stderr lint --convention v2 --measured "$run" --json "${names[@]}"
	[ "$(jq -c '[.names[] | [.name, .cacheable]]' <<<"$output")" = \
		'[["slow@44000000-cacheable",false],["fast@48000000-uncacheable",true],["between@4c000000-cacheable",null],["other@50000000-cacheable",null]]' ]
	[ "$(jq -r '.findings[] | select(.rule == "attribute-false").name' <<<"$output")" = "slow@44000000-cacheable
fast@48000000-uncacheable" ]
	# where no cache is seen, or something else was counted, nothing is known
	sed 's/^flushed\tanonymous.*/flushed\tanonymous\t-\t40\t1000\t9000\t9500\t10000\t10000\t10000/' "$run" >"$run.emulator"
	sed $'s/^counted\\ttime/counted\\tinstructions/' "$run" >"$run.instructions"
	grep -v '^flushed' "$run" >"$run.uncontrolled"
	for file in "$run".*; do
		run -0 --separate-stderr lint --convention v2 --measured "$file" --json "${names[@]}"
		jq -e 'all(.names[]; .cacheable == null)' <<<"$output"
	done
	echo more >>"$run"
	run -1 --separate-stderr lint --measured "$run" video
	[ "$stderr" = "dmaheap lint-names: $run:19: a case with its figures was expected" ]
}

@test "--measured: where the buffers of a heap lay is evidence" {
	local run=$BATS_TEST_TMPDIR/import
	names=(whole@44000000-contiguous pieces@48000000-contiguous other@4c000000-contiguous)
	cat >"$run" <<-EOF
		dmaheap-import 1
		kernel	7.2.13
		heap	contiguous	buffers	in_one_piece
		whole@44000000-contiguous	yes	9	9
		pieces@48000000-contiguous	no	9	8
	EOF
	run -3 --separate-stderr lint --convention v2 --measured "$run" --json "${names[@]}"
	[ "$(jq -c '[.names[].contiguous]' <<<"$output")" = '[true,false,null]' ]
	[ "$(jq -r '.findings[] | select(.rule == "attribute-false").name' <<<"$output")" = pieces@48000000-contiguous ]
	# one kind of file does not take the place of the other
	run -1 --separate-stderr lint --measured "$run" --measured "$run" video
	[ "$stderr" = "dmaheap lint-names: $run:1: a second file of the same command" ]
	run -1 --separate-stderr "$DMAHEAP" list --measured "$BATS_TEST_TMPDIR"
	[ -z "$output" ]
	[ "$stderr" = "dmaheap list: $BATS_TEST_TMPDIR: is a directory" ]
	while IFS='|' read -r line words text; do
		sed "${line}c\\$text" "$run" >"$run.wrong"
		run -1 --separate-stderr lint --measured "$run.wrong" video
		echo "$text: $stderr"
		[ "$stderr" = "dmaheap lint-names: $run.wrong:$line: $words" ]
	done <<-EOF
		1|this is no file that dmaheap bench or dmaheap import has saved|dmaheap-import 2
		2|the kernel is missing or wrong|kernel
		3|the headings are missing or wrong|heap
		4|a heap with its figures was expected|whole	yes	9
		4|a heap with its figures was expected|whole	maybe	9	9
		4|a heap with its figures was expected|whole	yes	9	8
		4|a heap with its figures was expected|whole	no	9	9
		4|a heap with its figures was expected|whole	no	0	0
		4|a heap with its figures was expected|	yes	9	9
		5|this heap has been there before|whole@44000000-contiguous	no	9	8
	EOF
	printf 'cut	yes	9	9' >>"$run"
	run -1 --separate-stderr lint --measured "$run" video
	[ "$stderr" = "dmaheap lint-names: $run:6: the line has no end: the file was cut off" ]
	sed -i '4,$d' "$run"
	seq -f 'heap%g	yes	1	1' 257 >>"$run"
	run -1 --separate-stderr lint --measured "$run" video
	[ "$stderr" = "dmaheap lint-names: $run:260: more than 256 heaps" ]
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
		| .suggestion == "video@44000000" and .node == "/reserved-memory/video@42000000"' <<<"$output"
	# without the tree nobody knows
	lint video@42000000 camera@46000000 display@48000000-protected audio@4a000000-uncacheable
}

@test "--dtb: several trees in one run, each for itself" {
	local one two
	one=$(tree release-1) two=$(tree lies)
	run -3 --separate-stderr lint --dtb "$one" "$two"
	[[ $output == *"    1 tree: $two"* && $output != *not-unique* && $output == *$'\n7 names: '* ]]
	run -3 --separate-stderr lint --format sarif --dtb "$one" "$two"
	sarif_is_valid <<<"$output"
	# a file that is not below the working directory
	jq -e --arg uri "${two#/}" 'all(.runs[0].results[]; .locations[0].physicalLocation.artifactLocation
		== {uri: $uri, uriBaseId: "ROOT"}) and .runs[0].originalUriBaseIds.ROOT.uri == "file:///"' <<<"$output"
	run -3 --separate-stderr lint --format github --dtb "$one" "$two"
	[[ $output == *",file=$two::video@42000000: "* ]]
	# before 6.19 these regions have no heaps
	run -0 --separate-stderr lint --kernel 6.12 --dtb "$one" "$two"
	[ "$output" = "0 names: 0 errors, 0 warnings, 0 notes" ]
	# one that can't be read does not stop the others
	run -1 --separate-stderr lint --dtb /dev/null "$one"
	[[ $stderr == *"/dev/null: "* && $output == *"3 names"* ]]
}

@test "--dtb: an equal finding of many trees is one, with their number; formats for programs have each" {
	local i
	local -a trees=()
	for i in {1..7}; do
		trees+=("$BATS_TEST_TMPDIR/$i.dtb")
		sed 's/display@46000000/linux,cma/; s/camera@44000000-contiguous/cma-camera@44000000/' \
			"$fixtures/names/trees/release-1.dts" | dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/$i.dtb"
	done
	run -3 --separate-stderr lint --dtb "${trees[@]}"
	[ "$(grep -c '\[allocator-name\]' <<<"$output")" -eq 1 ]
	[ "$(grep -c '^linux,cma: note: .*libcamera' <<<"$output")" -eq 1 ]
	[ "$(grep -c "^    7 trees: ${trees[0]}, ${trees[1]}, ${trees[2]}, … (-v: all)\$" <<<"$output")" -eq 2 ]
	[[ $output == *$'\n21 names: 1 error, 0 warnings, 1 note\n'* ]]
	run -3 --separate-stderr lint -v --dtb "${trees[@]}"
	[ "$(grep -cxF "        ${trees[6]}" <<<"$output")" -ge 2 ]
	run -3 --separate-stderr lint --json --dtb "${trees[@]}"
	jq -e '([.findings[] | select(.rule == "allocator-name").source] | length) == 7
		and ([.findings[].fingerprint] | length == (unique | length))' <<<"$output"
	# the same tree twice has the same findings: once where a fingerprint tells
	run -3 --separate-stderr lint --format sarif --dtb "${trees[@]}" "${trees[@]}"
	sarif_is_valid <<<"$output"
	jq -e '.runs[0].results | map(select(.ruleId == "allocator-name")) | length == 7' <<<"$output"
	run -3 --separate-stderr lint --format gitlab --dtb "${trees[@]}" "${trees[@]}"
	jq -e 'map(select(.check_name == "allocator-name")) | length == 7' <<<"$output"
	run -3 --separate-stderr lint --format github --dtb "${trees[@]}" "${trees[@]}"
	[ "$(grep -c 'title=allocator-name,' <<<"$output")" -eq 7 ]
	# notes of trees are left out as well
	run -3 --separate-stderr lint --quiet --dtb "${trees[@]}"
	[[ $output == *"[allocator-name]"* && $output != *": note: "* ]]
	[ "$(grep -c ' 7 trees: ' <<<"$output")" -eq 1 ]
	# JSON has what it is given; what is not equal stays apart
	run -3 --separate-stderr lint --json --dtb "${trees[@]}" "${trees[@]}"
	jq -e '[.findings[] | select(.rule == "allocator-name").fingerprint] | length == 14 and (unique | length == 7)' <<<"$output"
	for i in 4 5; do
		sed "s/0x0 0x44000000/0x0 0x4${i}000000/" "$fixtures/names/trees/lies.dts" | dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/$i.dtb"
	done
	run -3 --separate-stderr lint --dtb "$BATS_TEST_TMPDIR"/{4,5}.dtb
	[ "$(grep -c '^video@42000000: error: .*\[unit-address\]' <<<"$output")" -eq 2 ]
}

# fingerprints OPTION...: those of the JSON report, in order, of four findings
fingerprints() {
	lint --json --fail-on never "$@" | jq -ce '[.findings[].fingerprint] | unique | select(length == 4)'
}

@test "a fingerprint stays in another build directory, checkout and line, and tells findings apart" {
	local blob
	blob=$(tree lies)
	cd "$BATS_TEST_TMPDIR"
	mkdir -p {here,there}/{out,build}
	cp "$blob" here/out/board.dtb
	cp "$blob" there/build/board.dtb
	[ "$(fingerprints --dtb here/out/board.dtb)" = "$(fingerprints --dtb there/build/board.dtb)" ]
	cp "$fixtures/names/trees/lies.dts" here/board.dts
	sed '1s/^/\n/' here/board.dts >there/board.dts
	[ "$(cd here && fingerprints --source . --dtb out/board.dtb)" = "$(cd there && fingerprints --source . --dtb build/board.dtb)" ]
	[ "$(cd here && lint --format github --fail-on never --source . --dtb out/board.dtb)" != \
		"$(cd there && lint --format github --fail-on never --source . --dtb build/board.dtb)" ]
}

@test "gitlab: the more severe a finding, the more severe the issue" {
	run -3 --separate-stderr lint -v --format gitlab cma-video frob video
	jq -e '[.[] | select(.check_name | IN("allocator-name", "no-region")) | .severity as $is
		| ["blocker", "critical", "major", "minor", "info"] | index($is)] | length == 3 and . == (sort | unique)' <<<"$output"
	# a line is wanted where none is known, and a place that says that the report is not whole
	jq -e 'all(.[]; .location.lines.begin == 1)' <<<"$output"
	run -1 --separate-stderr lint --format gitlab --dtb /nonexistent
	jq -e 'length == 1 and .[0].severity == "blocker"' <<<"$output"
}

@test "a device tree that is given as a name is wrong usage, with what was meant" {
	local blob
	blob=$(tree release-1)
	run -2 --separate-stderr lint "$blob"
	[ "$stderr" = "dmaheap lint-names: $blob is a file, but arguments are names of heaps: for the names that a device tree makes, write --dtb $blob" ]
	[ -z "$output" ]
	cd "$BATS_TEST_TMPDIR"
	run -2 lint release-1.dtb
	# a heap may be called as a file that is no tree
	: >video
	lint video
	rm release-1.dtb
	run -3 --separate-stderr lint --json release-1.dtb --fail-on warning
	[ -z "$stderr" ]
}

@test "names that nobody can change are one note, which fails only who asks for it" {
	local name
	for name in linux,cma reserved default_cma_region default-pool system_cc_shared protected,secure-video; do
		run -0 --separate-stderr lint --json --fail-on warning "$name"
		jq -e '[.findings[] | [.rule, .severity]] == [["fixed-name", "note"]]' <<<"$output"
		# who opens it, and what would break
		jq -e '.findings[0] | .suggestion == null and (.message | test(" opens? it|programs have no other name")
			and test("would (find no|not find)"))' <<<"$output"
		run -3 lint --severity fixed-name=error "$name"
	done
	[ "$(lint --json linux,cma reserved system_cc_shared | jq -c '[.findings[].message | capture("(?<who>libcamera|rdma-core)").who]')" = \
		'["libcamera","libcamera","rdma-core"]' ]
	for name in linux,cma reserved default_cma_region; do
		run -3 lint --strict "$name"
	done
	lint --strict system
	[ "$(rules "$(lint --strict --json --fail-on never cma-uncached)" | xargs)" = "allocator-name no-region unknown-attribute" ]
	# a vendor's driver has a message of its own; what nobody has shipped fails
	run -0 --separate-stderr lint --json cma cma-uncached system-uncached qcom,system linux,cma-uncached \
		mtk_mm heap-codecmm
	jq -e '[.findings[].rule] == [range(7) | "vendor-name"]
		and all(.findings[]; .message | test("(Amlogic.s|MediaTek.s|Rockchip.s|NXP.s|Qualcomm.s) kernel|kernels of vendors"))' <<<"$output"
	for name in cma-something linux,cma@80000000 my_cma cma0; do
		run -3 lint "$name"
	done
	# in a device tree a vendor's name is the author's own
	sed 's/display@46000000/cma/' "$fixtures/names/trees/release-1.dts" |
		dtc -q -I dts -O dtb -o "$BATS_TEST_TMPDIR/own.dtb"
	run -3 --separate-stderr lint --json --dtb "$BATS_TEST_TMPDIR/own.dtb"
	jq -e '[.findings[] | select(.severity == "error") | .rule] == ["allocator-name"]' <<<"$output"
}

# Twenty names with what is found in each by default, as v1, v2 and linux see it: "-": nothing.
@test "twenty names under each convention" {
	local name expected convention i
	while read -r name expected; do
		i=0
		for convention in v1 v2 linux; do
			run --separate-stderr lint --json --convention "$convention" "$name"
			[ "$(jq -r 'select(.complete) | [.findings[] | "\(.severity):\(.rule)"] | sort | join(",") | if . == "" then "-" else . end' <<<"$output")" = \
				"$(cut -d' ' -f$((++i)) <<<"$expected $expected $expected")" ] ||
				{ echo "$convention $name: $output"; return 1; }
		done
	done <<-'EOF2'
		system -
		video@42000000 -
		memory@42000000 -
		memory@42000000-contiguous -
		memory@42000000-cacheable-contiguous -
		dsp1-memory@99000000 -
		ethosu-region@88000000 -
		protected-video -
		framebuffer -
		linux,cma note:fixed-name
		reserved note:fixed-name
		default_cma_region note:fixed-name
		default-pool note:fixed-name
		system_cc_shared note:fixed-name
		protected,secure-video note:fixed-name
		system-uncached warning:vendor-name
		cma-video error:allocator-name
		ipu2_cma@95800000 error:allocator-name
		linux,cma@80000000 error:allocator-name,note:vendor-prefix
		mtk_svp_region-aligned warning:vendor-name
		mtk_vdec_region-aligned error:implementation-detail,note:vendor-prefix,warning:no-region
		qcom,display note:vendor-prefix,warning:no-region
		video-protection-region@0 warning:unit-address,warning:unknown-attribute
	EOF2
}

# The names that are found wrong, in trees: at an address, and placed by the kernel.
@test "a better name has no finding in lint-names, regions and dtc" {
	local i convention name better count bad=$BATS_TEST_TMPDIR/bad blob=$BATS_TEST_TMPDIR/a.dtb
	local report=$BATS_TEST_TMPDIR/report forest=$BATS_TEST_TMPDIR/trees
	local -a checks
	mapfile -t checks < <(strings "$(command -v dtc)" | grep -xE '[a-z][a-z0-9_]+' | sort -u | while read -r name; do
		case $name in always_fail | omit_unused_nodes) continue ;; esac
		! printf '/dts-v1/; / { };' | dtc -q -q -W "$name" -I dts -O dtb -o /dev/null - 2>&1 | grep -q Unrecog || continue
		printf '%s\n' -W "$name"
	done)
	[ "${#checks[@]}" -ge 100 ]
	{
		sed -n '/^#/!s/\t.*//p' "$fixtures/names/heaps.tsv"
		for name in cma ion carveout mmz dma32 cached secure uncached restricted contig pages 64k; do
			printf '%s\n' "video-$name" "$name,video@0x42000000" "${name}_dsp1@42000000" "qcom,$name-audio@1,200000" \
				"Camera_$name@4AC00000" "front.left+$name@42000000-cacheable-$name" "a-use-that-nobody-knows-$name" \
				"$name@42000000-v2" "video@42000000@$name" "very-long-words-in-the-name-of-a-$name-region@42000000"
		done
	} | grep -xE '[0-9a-zA-Z,._+@-]+' >"$bad"
	for convention in v1 v2 linux; do
		# of a list of names, and of regions at an address and without one
		lint --convention "$convention" --disable not-unique --json --fail-on never - <"$bad" >"$report"
		jq -e --argjson count "$(wc -l <"$bad")" '.complete and (.names | length) == $count' "$report"
		jq -r '.findings[].suggestion // empty' "$report" >>"$BATS_TEST_TMPDIR/of-list"
		{
			printf '%s' '/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; compatible = "dmaheap,names"; ' \
				'memory@0 { device_type = "memory"; reg = <0 0 8 0>; }; ' \
				'reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges; '
			i=1
			while read -r name; do
				[[ $name =~ ^[^@]+(@[^@]+)?$ ]] || continue
				# the region is where the tree says, whatever its name
				printf '%s { compatible = "shared-dma-pool"; reusable; ' "$name"
				if ((i % 3)); then printf 'reg = <0x1 0x%x 0 0x400000>; };\n' $((i * 0x400000)); else echo 'size = <0 0x400000>; };'; fi
				((++i))
			done < <(LC_ALL=C sort -u "$bad")
			echo '}; };'
		} | dtc -q -q -f -I dts -O dtb -o "$blob" -
		printf 'CONFIG_CMA_AREAS=1000\nCONFIG_DMA_CMA=y\nCONFIG_DMABUF_HEAPS=y\nCONFIG_DMABUF_HEAPS_CMA=y\nCONFIG_CMA=y\n' \
			>"$BATS_TEST_TMPDIR/kconfig"
		lint --convention "$convention" --json --fail-on never --kconfig "$BATS_TEST_TMPDIR/kconfig" --dtb "$blob" |
			jq -r '.findings[].suggestion // empty' >>"$BATS_TEST_TMPDIR/of-tree"
	done
	[ "$(sort -u "$BATS_TEST_TMPDIR/of-list" | wc -l)" -ge 50 ]
	[ "$(sort -u "$BATS_TEST_TMPDIR/of-tree" | wc -l)" -ge 150 ]
	LC_ALL=C sort -u "$BATS_TEST_TMPDIR"/of-{list,tree} >"$BATS_TEST_TMPDIR/better"
	count=$(wc -l <"$BATS_TEST_TMPDIR/better")
	for convention in v1 v2 linux; do
		lint --convention "$convention" --disable not-unique --json --fail-on never - <"$BATS_TEST_TMPDIR/better" >"$report"
		jq -e --argjson count "$count" '.complete and (.names | length) == $count' "$report"
		jq -r '.findings[] | "\(.name): \(.rule)"' "$report" >>"$BATS_TEST_TMPDIR/wrong"
	done
	# each as a region of a tree of its own: what every check of dtc, regions and lint-names say
	mkdir "$forest"
	while read -r better; do
		local address=${better#*@} node
		address=${address%%-*}
		if [[ $better == *@* ]]; then
			node="reg = <$(printf '0x%x 0x%x' $((16#$address >> 32)) $((16#$address & 0xffffffff))) 0 0x400000>;"
		else
			node='size = <0 0x400000>;'
		fi
		printf '%s' '/dts-v1/; / { #address-cells = <2>; #size-cells = <2>; compatible = "dmaheap,names"; ' \
			'model = "names"; reserved-memory { #address-cells = <2>; #size-cells = <2>; ranges; ' \
			"$better { compatible = \"shared-dma-pool\"; reusable; $node }; }; };" >"$BATS_TEST_TMPDIR/a.dts"
		dtc "${checks[@]}" -I dts -O dtb -o "$forest/$better.dtb" "$BATS_TEST_TMPDIR/a.dts" 2>&1 | sed "s|^|$better: |"
	done <"$BATS_TEST_TMPDIR/better" >>"$BATS_TEST_TMPDIR/wrong"
	# whether it is big enough for a CMA area is not its name's business
	"$DMAHEAP" regions --json --fail-on never "$forest"/*.dtb >"$report"
	jq -e --argjson count "$count" '.summary.trees == $count and (.regions | length) == $count' "$report"
	jq -r '.regions[].findings[], .findings[] | select(.id | test("^cma-alignment") | not)
		| "\(.message): regions \(.id)"' "$report" >>"$BATS_TEST_TMPDIR/wrong"
	# what the name of a list says of its buffers may be true elsewhere
	lint --json --fail-on never --dtb "$forest"/*.dtb >"$report"
	jq -e --argjson count "$count" '.complete and (.names | length) == $count' "$report"
	jq -r --rawfile listed "$BATS_TEST_TMPDIR/of-list" '($listed | split("\n")) as $listed | .findings[]
		| select((.rule == "attribute-false" and (.name | IN($listed[]))) | not)
		| "\(.name): in a tree \(.rule)"' "$report" >>"$BATS_TEST_TMPDIR/wrong"
	cat "$BATS_TEST_TMPDIR/wrong"
	[ ! -s "$BATS_TEST_TMPDIR/wrong" ]
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

# heaps_of OPTION... BLOB: sets `checked` to the names that are checked, `predicted` to those of regions; fails where
# either report is not whole
heaps_of() {
	checked=$(lint --json --fail-on never "${@:1:$#-1}" --dtb "${@: -1}" |
		jq -er 'select(.complete) | [.names[].name] | sort | join(" ")')
	predicted=$("$DMAHEAP" regions --all --json --fail-on never "$@" |
		jq -er 'select(.summary.failed == 0) | [.regions[].heaps[]?] | sort | join(" ")')
}

@test "--dtb: a heap that is open has the name that the kernel gives it, once" {
	local blob=$BATS_TEST_TMPDIR/open.dtb long=isp-of-the-camera-at-the-front-of-the-machine-and-its-own-encoder pool='compatible = "shared-dma-pool"; reusable;'
	# open twice: 2 MiB miss the alignment of some kernels, and there may be no room
	dtc -q -I dts -O dtb -o "$blob" - <<-END
		/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; memory@40000000 { device_type = "memory"; reg = <0x40000000 0xc000000>; };
		reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges; video { $pool size = <0x200000>; };
		$long { $pool size = <0x2000000>; }; }; };
	END
	run -0 --separate-stderr lint --json --fail-on never --kernel 7.2 --dtb "$blob"
	[ "$(jq -r '.names[].name' <<<"$output" | LC_ALL=C sort)" = "${long:0:63}
video" ]
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
	[ "$stderr" = "dmaheap lint-names: $blob: not a kernel configuration: it is no text, or no CONFIG_ is in it" ]
}

# source DIR: the source of two boards below DIR, compiled to DIR/out
source_tree() {
	local name
	mkdir -p "$1"/{arch/acme,arch/common,out/acme}
	cat >"$1/arch/common/soc.dtsi" <<-'EOF2'
		// what both have: { "
		#define PLACE 48000000
		/ {
			#address-cells = <1>;
			#size-cells = <1>;
			compatible = "dmaheap,source";

			reserved-memory {
				#address-cells = <1>; #size-cells = <1>; ranges; // vid: cma-video@42000000 {

				/* a comment {
				 */
				vid: cma-video@42000000 {
					compatible = "shared-dma-pool";
					reusable;
					reg = <0x42000000 0x1000000>;
				};
				made: cma@PLACE {
					compatible = "shared-dma-pool"; reusable; reg = <0x48000000 0x1000000>;
				};
				gone: cma-gone@4a000000 { reg = <0x4a000000 0x1000000>; };
			};
		};
	EOF2
	for name in one two; do
		cat >"$1/arch/acme/$name.dts" <<-'EOF2'
			/dts-v1/;
			#include <common/soc.dtsi>
			/ {
				memory@40000000 { device_type = "memory"; reg = <0x40000000 0x40000000>; };
			};
			/delete-node/ &gone;
			&vid {
				status = "okay";
				no-map;
			};
			&{/reserved-memory} {
				carveout@46000000 { compatible = "shared-dma-pool"; reusable; reg = <0x46000000 0x1000000>; };
			};
		EOF2
	done
	sed -i '/no-map/d' "$1/arch/acme/two.dts"
	for name in one two; do
		cpp -nostdinc -undef -I "$1/arch" -x assembler-with-cpp "$1/arch/acme/$name.dts" >"$1/out/$name.cpp"
		dtc -q -@ -I dts -O dtb -o "$1/out/acme/$name.dtb" "$1/out/$name.cpp"
		dtc -q -T -T -I dts -O dts -o "$1/out/$name.map" "$1/out/$name.cpp"
		dtc -q -T -I dts -O dts -o "$1/out/$name.short" "$1/out/$name.cpp"
	done
}

# places: "RULE FILE:LINE" of each finding in the SARIF report on stdin
places() {
	jq -r '.runs[0].results[] | .locations[0].physicalLocation
		| "\(.artifactLocation.uri):\(.region.startLine)"' | LC_ALL=C sort
}

@test "--source: a finding is at the line of its node, also in a file that others include" {
	local map
	cd "$BATS_TEST_TMPDIR"
	source_tree "$PWD/src"
	run -3 --separate-stderr lint --format sarif --source src/arch --dtb src/out/acme/one.dtb
	sarif_is_valid <<<"$output"
	# one.dts line 12; soc.dtsi: the macro's node, found by its label
	[ "$(places <<<"$output" | uniq -c | sed 's/^ *//')" = "1 src/arch/acme/one.dts:12
1 src/arch/common/soc.dtsi:18" ]
	sed -n 12p src/arch/acme/one.dts | grep -q carveout@46000000
	sed -n 18p src/arch/common/soc.dtsi | grep -q cma@PLACE
	# two boards with one line: once
	run -3 --separate-stderr lint --format sarif --source src/arch --dtb src/out/acme/{one,two}.dtb
	sarif_is_valid <<<"$output"
	[ "$(places <<<"$output" | grep -c soc.dtsi:18)" -eq 1 ]
	[ "$(places <<<"$output" | grep -c soc.dtsi:13)" -eq 1 ]
	run -3 --separate-stderr lint --format github --source src/arch --dtb src/out/acme/one.dtb
	[[ $output == *"::error title=allocator-name,file=src/arch/common/soc.dtsi,line=18::cma@48000000: "* ]]
	[[ $output != *"(node "* ]] # which a line tells
	run -3 --separate-stderr lint --format gitlab --source src/arch --dtb src/out/acme/one.dtb
	[ "$(jq -r '.[].location | "\(.path):\(.lines.begin)"' <<<"$output" | LC_ALL=C sort -u | xargs)" = \
		"src/arch/acme/one.dts:12 src/arch/common/soc.dtsi:18" ]
	run -3 --separate-stderr lint --source src/arch --dtb src/out/acme/one.dtb
	[[ $output == *"    at:     src/arch/acme/one.dts:12"* ]]
	run -3 --separate-stderr lint --json --source src/arch --dtb src/out/acme/one.dtb
	jq -e '.findings[] | select(.name == "carveout@46000000")
		| .file == "src/arch/acme/one.dts" and .line == 12 and .node == "/reserved-memory/carveout@46000000"' <<<"$output"
	# regions: a property is where it was set last; no-map is set in the board's file, but is not what the finding is about
	run -3 --separate-stderr "$DMAHEAP" regions --format sarif --source src/arch src/out/acme/one.dtb
	sarif_is_valid <<<"$output"
	[ "$(places <<<"$output")" = "src/arch/common/soc.dtsi:15" ]
	sed -n 15p src/arch/common/soc.dtsi | grep -q reusable
	run -3 --separate-stderr "$DMAHEAP" regions --format sarif --source-map src/out/one.map src/out/acme/one.dtb
	[ "$(places <<<"$output")" = "src/arch/common/soc.dtsi:15" ]
	# without a source of that name the place is the tree, and the node is named
	run -3 --separate-stderr lint --format sarif --source "$BATS_TEST_DIRNAME/fixtures" --dtb src/out/acme/one.dtb
	[ "$(places <<<"$output" | uniq)" = src/out/acme/one.dtb:1 ]
	jq -e 'all(.runs[0].results[]; .message.text | test("[(]node /reserved-memory/[a-z]+@4[68]000000[)]"))' <<<"$output"
	# what dtc -T writes says the same; with one -T files have short names, which the source has to complete
	for map in "src/out/one.map" "src/out/one.short --source src/arch"; do
		# shellcheck disable=SC2086 # several words on purpose
		run -3 --separate-stderr lint --format sarif --source-map $map --dtb src/out/acme/one.dtb
		sarif_is_valid <<<"$output"
		[ "$(places <<<"$output" | xargs)" = "src/arch/acme/one.dts:12 src/arch/common/soc.dtsi:18" ]
	done
	# the map of another tree says nothing
	run -3 --separate-stderr lint --format sarif --source-map src/out/two.map --dtb src/out/acme/one.dtb
	[ "$(places <<<"$output" | uniq)" = src/out/acme/one.dtb:1 ]
	for map in --source --source-map; do
		run -1 --separate-stderr lint "$map" nowhere --dtb src/out/acme/one.dtb
		[ "$stderr" = "dmaheap lint-names: nowhere: no such file or directory" ]
		run -2 lint "$map" src video
	done
	# the board says once more what the file that it includes said
	sed -i 's/^no-map;/&\nreusable;/' src/arch/acme/one.dts
	run -3 --separate-stderr "$DMAHEAP" regions --format sarif --source src/arch src/out/acme/one.dtb
	[ "$(places <<<"$output")" = "src/arch/acme/one.dts:10" ]
	sed -n 10p src/arch/acme/one.dts | grep -q reusable
}

@test "--source: /include/, properties that begin with #, what cpp leaves, and files that are called alike" {
	local place=$'src/arch/acme/one.dts:12\nsrc/arch/common/soc.dtsi:18'
	cd "$BATS_TEST_TMPDIR"
	source_tree "$PWD/src"
	sed -i 's|^#include .*|/include/ "../common/soc.dtsi"|' src/arch/acme/one.dts
	sed -i 's/^#address-cells = <1>; .*//; s/^made: /#line-cells = <1>; #address-cells = <1>; ranges; &/' src/arch/common/soc.dtsi
	run -3 --separate-stderr lint --format sarif --source src/arch --dtb src/out/acme/one.dtb
	[ "$(places <<<"$output")" = "$place" ]
	sed -n 18p src/arch/common/soc.dtsi | grep '^#line.*cma@PLACE'
	cp src/out/one.cpp src/arch/acme/one.dts
	run -3 --separate-stderr lint --format sarif --source src/arch --dtb src/out/acme/one.dtb
	[ "$(places <<<"$output")" = "$place" ]
	# none is nearer
	cp -R src/arch/acme src/arch/other
	mv src/arch/acme src/arch/another
	run -3 --separate-stderr lint --format sarif --source src/arch --dtb src/out/acme/one.dtb
	[ "$(places <<<"$output" | uniq)" = src/out/acme/one.dtb:1 ]
}

@test "--source: macros with arguments do not hide what follows; a region of an overlay is in its source" {
	cd "$BATS_TEST_TMPDIR"
	source_tree "$PWD/src"
	cat >src/arch/acme/three.dts <<-'EOF'
		/dts-v1/;
		#define POOL(label, bytes) label: label##-pool { compatible = "shared-dma-pool"; reusable; size = <(bytes)>; }
		#define NAMED(name, at) name@at
		#include <common/soc.dtsi>
		/ {
			memory@40000000 { device_type = "memory"; reg = <0x40000000 0x40000000>; };
		};
		&{/reserved-memory} {
			POOL(isp, 0x4000000);
			NAMED(npu, 47000000) {
				compatible = "shared-dma-pool"; reusable; reg = <0x47000000 0x1000000>;
			};
			ion@4a000000 { compatible = "shared-dma-pool"; reusable; reg = <0x4a000000 0x1000000>; };
		};
	EOF
	cpp -nostdinc -undef -I src/arch -x assembler-with-cpp src/arch/acme/three.dts | dtc -q -@ -I dts -O dtb -o src/out/acme/three.dtb -
	cat >src/arch/acme/extra.dtso <<-'EOF'
		/dts-v1/;
		/plugin/;
		&{/reserved-memory} {
			#address-cells = <1>;
			#size-cells = <1>;
			more: carveout@50000000 { compatible = "shared-dma-pool"; reusable; reg = <0x50000000 0x1000000>; };
		};
	EOF
	dtc -q -@ -I dts -O dtb -o src/out/extra.dtbo src/arch/acme/extra.dtso
	run -3 --separate-stderr lint --format sarif --source src/arch --dtb src/out/acme/three.dtb --overlay src/out/extra.dtbo
	sarif_is_valid <<<"$output"
	places <<<"$output" | grep -x src/arch/acme/three.dts:13
	sed -n 13p src/arch/acme/three.dts | grep ion@4a000000
	places <<<"$output" | grep -x src/arch/acme/extra.dtso:6
	# what only a macro names is at the board's file, with its node
	run -3 --separate-stderr lint -v --format github --source src/arch --dtb src/out/acme/three.dtb
	[[ $output == *",file=src/arch/acme/three.dts::npu@47000000: "*"(node /reserved-memory/npu@47000000)"* ]]
}

@test "--source: what is no source, or includes itself, ends" {
	cd "$BATS_TEST_TMPDIR"
	source_tree "$PWD/src"
	for text in '#include "one.dts"' '/include/ "one.dts"' '/ { a { b { "' '/*' '& &{ } } } { { {' '/delete-node/' \
		"$(printf 'a {%.0s' {1..500})" $'#\\\n' '/ { reserved-memory { carveout@46000000 = ' "'"; do
		printf '%s' "$text" >src/arch/acme/one.dts
		run -3 --separate-stderr lint --format sarif --source src/arch --dtb src/out/acme/one.dtb
		sarif_is_valid <<<"$output"
		jq -e 'all(.runs[0].results[]; .locations[0].physicalLocation.artifactLocation.uri == "src/arch/acme/one.dts")' <<<"$output"
	done
	head -c 100000 /dev/urandom >src/arch/acme/one.dts
	run -3 lint --source src/arch --dtb src/out/acme/one.dtb
}

@test "--baseline: what is gone, renamed or moved fails, what is new is a note" {
	local saved=$BATS_TEST_TMPDIR/saved one two
	one=$(tree release-1) two=$(tree release-2)
	lint --save-baseline "$saved" --dtb "$one"
	diff "$saved" - <<-'EOF2'
		# dmaheap lint-names baseline, version 1: NAME, PLACE, SIZE
		[release-1.dtb]
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
	# that a bad name has been shipped is one thing, that programs no longer find it another
	run -3 lint --baseline "$saved" --allow display@46000000 video@42000000 camera@44000000-contiguous
	lint --baseline "$saved" --disable baseline video@42000000
	# a comment is not a name, and a name is not a comment
	lint --fail-on never --save-baseline "$saved" '#x' '[y]' 'a#b' '#'
	echo '# what somebody wrote' >>"$saved"
	run -3 lint --baseline "$saved" --json '#x' '[y]' 'a#b' '#'
	jq -e '.complete and all(.findings[]; .rule != "baseline")' <<<"$output"
	run -3 lint --baseline "$saved" --json '[y]' 'a#b'
	[ "$(jq -r '.findings[] | select(.rule == "baseline") | .name' <<<"$output" | xargs)" = "# #x" ]

	# names that look like the file's own escapes
	local -a names=('\x23foo' '#foo' '\x5cx23foo' '\foo' '\x5c' '\x')
	lint --fail-on never --save-baseline "$saved" "${names[@]}"
	[ "$(wc -l <"$saved")" -eq 7 ]
	run -3 lint --baseline "$saved" --json "${names[@]}"
	jq -e '.complete and all(.findings[]; .rule != "baseline")' <<<"$output"
	run -3 lint --baseline "$saved" --json "${names[@]:1}"
	[ "$(jq -r '.findings[] | select(.rule == "baseline") | .name' <<<"$output")" = '\x23foo' ]
}

# release DIR [LINE OF SED]: two trees as a build makes them, DIR/acme/one.dtb and DIR/acme/two.dtb
release() {
	mkdir -p "$1/acme"
	sed "${2-}" "$fixtures/names/trees/release-1.dts" | dtc -q -I dts -O dtb -o "$1/acme/one.dtb"
	sed 's/video/audio/; s/display/screen/' "$fixtures/names/trees/release-1.dts" |
		dtc -q -I dts -O dtb -o "$1/acme/two.dtb"
}

# pools NAME...: a tree with regions of one size that the kernel places, as pools.dtb
pools() {
	printf '/dts-v1/; / { #address-cells = <1>; #size-cells = <1>; compatible = "dmaheap,pools";
		memory@40000000 { device_type = "memory"; reg = <0x40000000 0x40000000>; };
		reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges; %s }; };' \
		"$(printf '%s { compatible = "shared-dma-pool"; reusable; size = <0x4000000>; };' "$@")" |
		dtc -q -I dts -O dtb -o pools.dtb
}

# differences: what the baseline says of the JSON report on stdin, a line each
differences() {
	jq -r '.findings[] | select(.rule == "baseline")
		| "\(.severity) \(.name): \(.message | split(" ")[:4] | join(" "))"' | LC_ALL=C sort
}

@test "--baseline: another build directory and another checkout match, and a change in them fails" {
	local saved=$BATS_TEST_TMPDIR/saved place
	cd "$BATS_TEST_TMPDIR"
	release build
	lint --save-baseline "$saved" --dtb build/acme/*.dtb
	[ "$(grep -c '^\[' "$saved")" -eq 2 ]
	grep -qxF '[one.dtb]' "$saved"
	# the directory has another name, lies elsewhere, is given by its whole path, from another directory
	for place in renamed deep/er/than/before; do
		release "$place"
		lint --fail-on warning --baseline "$saved" --dtb "$place"/acme/*.dtb
		lint --fail-on warning --baseline "$saved" --dtb "$PWD/$place"/acme/*.dtb
		(cd "$place/acme" && lint --fail-on warning --baseline "$saved" --dtb one.dtb ./two.dtb)
		(cd / && lint --fail-on warning --baseline "$saved" --dtb "$BATS_TEST_TMPDIR/$place"/acme/{one,../acme/two}.dtb)
		# a region is renamed or moves there
		release "$place" 's/video@42000000/codec@42000000/'
		run -3 --separate-stderr lint --json --baseline "$saved" --dtb "$place"/acme/*.dtb
		[ "$(differences <<<"$output")" = $'error video@42000000: renamed: the same region
note codec@42000000: new: the baseline does' ]
		(cd "$place/acme" && run -3 lint --baseline "$saved" --dtb one.dtb two.dtb)
		(cd / && run -3 lint --baseline "$saved" --dtb "$BATS_TEST_TMPDIR/$place"/acme/*.dtb)
		release "$place" 's/0x42000000/0x4a000000/'
		run -3 --separate-stderr lint --json --disable unit-address --baseline "$saved" \
			--dtb "$PWD/$place"/acme/*.dtb
		[ "$(differences <<<"$output")" = "error video@42000000: moved: another region has" ]
	done
}

@test "--baseline: trees that moved, were not given or are new are reported" {
	local saved=$BATS_TEST_TMPDIR/saved
	cd "$BATS_TEST_TMPDIR"
	release build
	mkdir build/other
	cp build/acme/two.dtb build/other/two.dtb
	lint --save-baseline "$saved" --dtb build/*/*.dtb
	[ "$(grep '^\[' "$saved" | xargs)" = "[acme/one.dtb] [acme/two.dtb] [other/two.dtb]" ]
	# the missing tree
	run -3 --separate-stderr lint --json --baseline "$saved" --dtb build/acme/one.dtb build/other/two.dtb
	[ "$(differences <<<"$output")" = "error acme/two.dtb: the baseline has this" ]
	jq -e '.findings[] | select(.rule == "baseline").message | test("its 3 names are not compared")' <<<"$output"
	# one that cannot be read has lost nothing, nor is anything saved without it
	cp build/acme/two.dtb kept
	: >build/acme/two.dtb
	run -1 --separate-stderr lint --json --baseline "$saved" --save-baseline new --dtb build/*/*.dtb
	[ -z "$(differences <<<"$output")" ]
	[ ! -e new ]
	mv kept build/acme/two.dtb
	# the moved tree
	mv build/other build/moved
	run -3 --separate-stderr lint --json --baseline "$saved" --dtb build/*/*.dtb
	[ "$(differences <<<"$output")" = "error other/two.dtb: the baseline has this
note moved/two.dtb: new: the baseline does" ]
	# none of them: what was meant
	run -3 --separate-stderr lint --json --baseline "$saved" --dtb build/acme/*.dtb
	[ "$(differences <<<"$output")" = "error one.dtb: nothing is compared: the" ]
	jq -e '.findings[] | select(.rule == "baseline") | .message | test("--relative-to")' <<<"$output"
	run -3 --separate-stderr lint --json --relative-to build --baseline "$saved" --dtb build/acme/*.dtb
	[ "$(differences <<<"$output")" = "error other/two.dtb: the baseline has this" ]
	# nor are a machine's names those of several trees
	run -3 --separate-stderr lint --json --baseline "$saved" video@42000000
	[ "$(differences <<<"$output")" = "error acme/one.dtb: nothing is compared: the" ]
	run -2 --separate-stderr lint --relative-to build/acme --baseline "$saved" --dtb build/*/*.dtb
	[[ $stderr == *"build/moved/two.dtb is not below $PWD/build/acme"* && -z $output ]]
	run -2 lint --relative-to build/mov --baseline "$saved" --dtb build/moved/two.dtb
	# a tree that has no heaps is one all the same
	lint --kernel 6.12 --save-baseline "$saved" --dtb build/*/*.dtb
	[ "$(grep -c '^\[' "$saved")" -eq 3 ]
	[ "$(wc -l <"$saved")" -eq 4 ]
	run -3 --separate-stderr lint --json --kernel 6.12 --baseline "$saved" --dtb build/acme/*.dtb --relative-to build
	[ "$(differences <<<"$output")" = "error moved/two.dtb: the baseline has this" ]
	# annotations point at the file in which the tree is written
	run -3 lint --kernel 6.12 --format github --baseline "$saved" --dtb build/acme/*.dtb --relative-to build
	[[ $output == "::error title=baseline,file=saved::moved/two.dtb: "* ]]
}

@test "--baseline: a region is renamed in its own tree only, and moved where the kernel places it now" {
	local saved=$BATS_TEST_TMPDIR/saved
	cd "$BATS_TEST_TMPDIR"
	release build
	lint --save-baseline "$saved" --dtb build/acme/*.dtb
	# gone from one tree, renamed in the other
	release build '/camera@44000000/,/};/d'
	sed 's/video/audio/; s/display/screen/; s/camera/sensor/' "$fixtures/names/trees/release-1.dts" |
		dtc -q -I dts -O dtb -o build/acme/two.dtb
	run -3 --separate-stderr lint --json --baseline "$saved" --dtb build/acme/*.dtb
	jq -r '.findings[] | select(.rule == "baseline") | "\(.source) \(.message | split(":")[0])"' <<<"$output" >found
	diff <(LC_ALL=C sort found) - <<-'EOF2'
		build/acme/one.dtb disappeared
		build/acme/two.dtb new
		build/acme/two.dtb renamed
	EOF2
	release build 's/reg = <0x0 0x46000000/size = </'
	run -3 --separate-stderr lint --json --disable unit-address --baseline "$saved" --dtb build/acme/*.dtb
	[ "$(differences <<<"$output")" = "error display@46000000: moved: another region has" ]
	lint --fail-on never --save-baseline "$saved" --dtb build/acme/*.dtb
	release build
	run -3 --separate-stderr lint --json --baseline "$saved" --dtb build/acme/*.dtb
	[ "$(differences <<<"$output")" = "error display@46000000: moved: another region has" ]
	# without an address its size tells a region, where no second one has it
	pools isp
	lint --fail-on never --save-baseline "$saved" --dtb pools.dtb
	pools npu
	run -3 --separate-stderr lint --json --baseline "$saved" --dtb pools.dtb
	[[ $(differences <<<"$output") == "error isp: renamed: "* ]]
	pools npu vpu
	run -3 --separate-stderr lint --json --baseline "$saved" --dtb pools.dtb
	[[ $(differences <<<"$output") == "error isp: disappeared: "* ]]
}

@test "--baseline: two kernels of one tree: what is lost with the update" {
	local saved=$BATS_TEST_TMPDIR/saved blob=$BATS_TEST_TMPDIR/a.dtb
	dtc -q -I dts -O dtb -o "$blob" - <<-'EOF2'
		/dts-v1/;
		/ {
			#address-cells = <1>; #size-cells = <1>; compatible = "dmaheap,update";
			memory@40000000 { device_type = "memory"; reg = <0x40000000 0x40000000>; };
			reserved-memory {
				#address-cells = <1>; #size-cells = <1>; ranges;
				linux,cma { compatible = "shared-dma-pool"; reusable; linux,cma-default; size = <0x2000000>; };
				video@42000000 { compatible = "shared-dma-pool"; reusable; reg = <0x42000000 0x1000000>; };
			};
		};
	EOF2
	# 854acbe75ff4 (6.17) gives the default area a fixed name, and 4f5f8baf7341 (6.19) each area its own
	lint --kernel 6.16 --save-baseline "$saved" --dtb "$blob"
	printf 'CONFIG_DMABUF_HEAPS=y\nCONFIG_DMABUF_HEAPS_CMA=y\nCONFIG_DMA_CMA=y\n# CONFIG_DMABUF_HEAPS_CMA_LEGACY is not set\n' \
		>"$BATS_TEST_TMPDIR/kconfig"
	run -3 --separate-stderr lint --json --kernel 6.17 --kconfig "$BATS_TEST_TMPDIR/kconfig" \
		--baseline "$saved" --dtb "$blob"
	[ "$(differences <<<"$output")" = $'error linux,cma: renamed: a region of
note default_cma_region: new: the baseline does' ]
	run -0 --separate-stderr lint --json --kernel 7.2 --baseline "$saved" --dtb "$blob"
	[ "$(differences <<<"$output")" = "note default_cma_region: new: the baseline does
note video@42000000: new: the baseline does" ]
	# and back
	lint --kernel 7.2 --save-baseline "$saved" --dtb "$blob"
	run -3 --separate-stderr lint --json --kernel 6.16 --baseline "$saved" --dtb "$blob"
	[ "$(differences <<<"$output")" = "error default_cma_region: disappeared: the baseline has
error video@42000000: disappeared: the baseline has" ]
}

@test "--baseline: the message about a damaged file has its line, about a missing one its name" {
	local saved=$BATS_TEST_TMPDIR/saved
	run -1 --separate-stderr lint --baseline "$saved" video
	[ "$stderr" = "dmaheap lint-names: $saved: no such file or directory" ]
	[ -z "$output" ]
	: >"$saved"
	run -1 --separate-stderr lint --baseline "$saved" video
	[[ $stderr == *"$saved:1: "* ]]
	lint --fail-on never --save-baseline "$saved" video@42000000 video@42000000
	[ "$(wc -l <"$saved")" -eq 2 ]
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
	[[ $output == *"3 names: "*"; not all names could be read: "* ]]
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
	[[ $output == *"::error title=baseline,file=dtbs/board.dtb::video@42000000: renamed"* ]]
	bash -c "${commands[1]}"
	run -3 bash -c "${commands[2]}"
	[ "$(xmllint --xpath 'string(//testsuite/@failures)' heap-names.xml)" -eq 3 ]
}
