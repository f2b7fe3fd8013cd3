#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# That --help and the manual say the same, and that the manual is well made.
bats_require_minimum_version 1.5.0
load helpers

man=$BATS_TEST_DIRNAME/../man

commands() {
	"$DMAHEAP" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p'
}

# A manual page's source with the parts that it includes
page() {
	local line
	while IFS= read -r line; do
		if [[ $line == "; include "* ]]; then
			cat "$man/${line#; include }"
		elif [[ $line == "; options "* ]]; then
			awk -v names="${line#; options } help usage version" '
				BEGIN { RS = ""; ORS = "\n\n"; count = split(names, name, " ") }
				{ for (i = 1; i <= count; i++) if (index($1 $2, "*--" name[i] "*")) print }' "$man/common-options.scd"
		else
			printf '%s\n' "$line"
		fi
	done <"$man/$1"
}

# "-o, --output=LIST", "--color[=auto|always|never]": one line for each option
help_options() {
	"$DMAHEAP" "$@" --help | sed -n 's/^ \{2,6\}\(\(-., \)\{0,1\}--[^ ]*\).*/\1/p' | LC_ALL=C sort
}

manual_options() {
	page "$1" | sed -n '/^# OPTIONS/,/^# /{
		/^\*-/!d
		s/\*//g
		s/\(^\|[^a-zA-Z]\)_/\1/g
		s/_\($\|[^a-zA-Z]\)/\1/g
		s/\(--[a-z-]*\) \(.*\)/\1=\2/
		p
	}' | LC_ALL=C sort
}

@test "each command has a schema and a manual page, each page a command, and dmaheap(1) names them all" {
	local command
	for command in $(commands); do
		echo "$command"
		[ -e "$man/../schema/$command.schema.json" ]
		[ -e "$man/dmaheap-$command.1.scd" ]
		grep "^dmaheap-$command(1) " "$man/dmaheap-$command.1.scd"
		grep -F "*dmaheap-$command*(1)" "$man/dmaheap.1.scd"
	done
	[ "$(cd "$man" && printf '%s\n' dmaheap-*.1.scd)" = \
		"$(commands | sed 's/.*/dmaheap-&.1.scd/' | LC_ALL=C sort)" ]
	[ "$(sed -n '/^# COMMANDS/,/^# OPTIONS/s/^\*\([a-z-]*\)\*$/\1/p' "$man/dmaheap.1.scd")" = "$(commands)" ]
}

@test "help and manual name the same options with the same arguments" {
	local command
	diff <(help_options) <(manual_options dmaheap.1.scd)
	for command in $(commands); do
		echo "$command"
		diff <(help_options "$command") <(manual_options "dmaheap-$command.1.scd")
	done
	[ "$(manual_options dmaheap-alloc.1.scd | wc -l)" -ge 20 ]
}

@test "help fits 80 columns, and no line of its columns is broken" {
	local command
	for command in $(commands); do
		"$DMAHEAP" "$command" --help >"$BATS_TEST_TMPDIR/help"
		awk -v command="$command" 'length > 79 { print command ": " $0 }' "$BATS_TEST_TMPDIR/help"
		[ "$(wc -L <"$BATS_TEST_TMPDIR/help")" -lt 80 ]
		run ! grep -v '^  [A-Z]' <(sed -n '/^Columns:/,/^$/p' "$BATS_TEST_TMPDIR/help" | sed '1d;/^$/d')
	done
}

@test "help and manual name the same columns" {
	local command
	for command in $(commands); do
		echo "$command"
		diff <("$DMAHEAP" "$command" --help | sed -n '/^Columns:/,/^$/s/^  \([A-Z0-9_-]*\) .*/\1/p' | LC_ALL=C sort) \
			<(page "dmaheap-$command.1.scd" | sed -n '/^# COLUMNS/,/^# /{/^\*[A-Z]/!d; s/[*,]//g; s/ /\n/g; p}' | LC_ALL=C sort)
	done
}

@test "the manual's synopsis is the program's usage" {
	local command
	for command in $(commands); do
		diff <("$DMAHEAP" "$command" --help | sed -n 's/^\(Usage:\|  or: \) //p') \
			<(page "dmaheap-$command.1.scd" | sed -n '/^# SYNOPSIS/,/^# DESC/{/^\*dmaheap/!d; s/[*_]//g; s/++$//; p}')
	done
}

@test "what the manual has from the program is what the program says" {
	"$man/from-program" "$BATS_TEST_TMPDIR"
	local part
	for part in statements rules-names rules-regions json-fields; do
		diff "$BATS_TEST_TMPDIR/$part.scd" "$man/$part.scd" || {
			echo "run man/from-program"
			return 1
		}
	done
	[ "$(grep -c '^\*' "$man/statements.scd")" -ge 140 ]
}

@test "each page has all sections, once and in one order" {
	local page section wanted
	for page in "$man"/*.[0-9].scd; do
		wanted=()
		for section in NAME SYNOPSIS DESCRIPTION OPTIONS COLUMNS 'EXIT STATUS' FILES ENVIRONMENT SECURITY EXAMPLES 'SEE ALSO'; do
			case ${page##*/}:$section in
			# what takes no options: these are about those of other pages
			dmaheap-json.5.scd:OPTIONS | dmaheap-rules.7.scd:OPTIONS | dmaheap-statements.7.scd:OPTIONS) ;;
			*:COLUMNS) ! grep -qx '# COLUMNS' "$page" || wanted+=("$section") ;;
			*) wanted+=("$section") ;;
			esac
		done
		echo "$page"
		diff <(printf '# %s\n' "${wanted[@]}") <(page "${page##*/}" | grep -xF "$(printf '# %s\n' "${wanted[@]}")")
	done
}

@test "pages that belong together refer to each other" {
	local command page other
	also() { sed -n '/^# SEE ALSO/,$p' "$man/$1.scd"; }
	grep -F '*dmaheap*(1)' <<<"$(also dmaheap-json.5)"
	for command in $(commands); do
		grep -F '*dmaheap-json*(5)' <<<"$(also "dmaheap-$command.1")"
	done
	while read -r page other; do
		echo "$page $other"
		grep -F "*${other%.*}*(${other##*.})" <<<"$(also "$page")"
		grep -F "*${page%.*}*(${page##*.})" <<<"$(also "$other")"
	done <<-EOF
		dmaheap-regions.1 dmaheap-lint-names.1
		dmaheap-regions.1 dmaheap-map.1
		dmaheap-regions.1 dmaheap-rules.7
		dmaheap-lint-names.1 dmaheap-rules.7
		dmaheap-test.1 dmaheap-statements.7
	EOF
}

@test "the pages are made without a warning, and refer to pages that exist" {
	local source page name made=$BATS_TEST_TMPDIR
	for source in "$man"/*.[0-9].scd; do
		page=${source##*/}
		cmake -D SCDOC=scdoc -D SOURCE="$(realpath "$source")" -D RESULT="$made/${page%.scd}" -D VERSION=1.2.3 \
			-D SCHEMAS=/usr/share/dmaheap/schema -D EXAMPLES=/usr/share/doc/dmaheap/examples -P "$man/../cmake/scdoc.cmake"
	done
	for page in "$made"/*.[0-9]; do
		echo "$page"
		[ -z "$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings=all -l "$page" 2>&1 >/dev/null)" ]
		while read -r name; do
			[ -e "$made/$name" ]
		done < <(grep -oE 'dmaheap[a-z-]*\\fR\([0-9]\)' "$page" | sed 's/\\fR(\(.\))/.\1/')
	done
}

@test "every environment variable that the program reads is in the manual" {
	local name
	while read -r name; do
		echo "$name"
		grep -q "^\*.*$name" "$man"/*.scd
	done < <(grep -rhoE '[gs]etenv\("[A-Z_]+"' "$BATS_TEST_DIRNAME/../src" | grep -oE '[A-Z_]{4,}')
}

@test "nothing that others run or type writes to a name in /tmp that can be foreseen" {
	cd "$man/.."
	run -1 grep -rnE '/tmp/[[:alnum:]._$-]' README.md man doc packaging completions action.yml tests/setup tests/run tests/package tests/bench
}

@test "the examples that need no heap print what is written" {
	"$man/../doc/examples" --check host captured || {
		echo "run doc/examples --update host"
		return 1
	}
}

@test "without animation, the recording shows its last frame" {
	cd "$BATS_TEST_DIRNAME/../doc"
	[ -n "$(sed -n 's/.*100\.000%{transform:translateY(\(.*\)px)}.*/\1/p' demo.svg)" ]
	grep -qF "<g id=\"screen_view\" transform=\"translate(0 $(
		sed -n 's/.*100\.000%{transform:translateY(\(.*\)px)}.*/\1/p' demo.svg
	))\"" demo.svg
}
