# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Every .bats file loads this (`load helpers`). The same files run on the board, on machines with heaps and
# on machines without: a test says what it needs, and is skipped if that is missing.

# The program under test: $DMAHEAP, else this checkout's build, else the installed one.
if [ -z "${DMAHEAP-}" ]; then
	DMAHEAP=$(command -v dmaheap || true)
	if [ -z "${DMAHEAP_BOARD-}" ]; then
		for candidate in dev release; do
			candidate=${BASH_SOURCE[0]%/*}/../build/$candidate/dmaheap
			if [ -x "$candidate" ]; then
				DMAHEAP=$(realpath "$candidate")
				break
			fi
		done
	fi
	export DMAHEAP
fi
if [ ! -x "$DMAHEAP" ]; then
	echo "no dmaheap to test: build it (cmake --preset dev && cmake --build --preset dev) or set DMAHEAP" >&2
	exit 1
fi
# The JSON documents that the program prints are kept in the directory $DMAHEAP_JSON, if that is set.
if [ -n "${DMAHEAP_JSON-}" ] && [ -z "${DMAHEAP_RECORDED-}" ]; then
	export DMAHEAP_RECORDED=$DMAHEAP
	DMAHEAP=$(realpath "${BASH_SOURCE[0]%/*}")/json/record
fi
# A leak is found at exit, where its status would replace the program's own.
export LSAN_OPTIONS=${LSAN_OPTIONS-exitcode=99}

# The ordinary user: the board's, else the one that called sudo, else nobody.
ordinary_user() {
	if [ "$(id -u)" -ne 0 ]; then
		id -un
	elif id user >/dev/null 2>&1; then
		echo user
	else
		echo "${SUDO_USER-nobody}"
	fi
}

# run_as_user COMMAND...: runs it without root's rights and groups, if the tests have these.
run_as_user() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	else
		local user
		user=$(ordinary_user)
		setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups --inh-caps=-all \
			--bounding-set=-all -- env HOME=/ USER="$user" LOGNAME="$user" "$@"
	fi
}

# version_at_least HAVE WANTED: X.Y compared as numbers
version_at_least() {
	local have wanted
	IFS=. read -r -a have <<<"${1%%[!0-9.]*}"
	IFS=. read -r -a wanted <<<"$2"
	((have[0] > wanted[0] || (have[0] == wanted[0] && ${have[1]-0} >= ${wanted[1]-0})))
}

# requires WHAT [ARG]: skips the test, with the reason, if the machine lacks it.
#   heap [NAME]      a heap, or this one
#   no-heaps         a machine without any
#   root | user      the rights of root; an ordinary account to drop to
#   module NAME      a kernel module (or the same built in)
#   cma-area         a CMA heap, $(cma_heap), whose area shows how much is free
#   sysfs-cma        the free pages of CMA areas in sysfs (since 6.15)
#   debugfs | tracefs
#   kernel X.Y       that version or a later one; kernel-before X.Y: an earlier one
#   command NAME     a program
#   board            the project's own board
requires() {
	local what=$1 name=${2-}
	case $what in
	heap)
		if [ -n "$name" ]; then
			[ -e "/dev/dma_heap/$name" ] || skip "no heap $name"
		else
			compgen -G '/dev/dma_heap/*' >/dev/null || skip "no heaps"
		fi
		;;
	no-heaps) ! compgen -G '/dev/dma_heap/*' >/dev/null || skip "heaps are here" ;;
	root) [ "$(id -u)" -eq 0 ] || skip "needs root" ;;
	user)
		if [ "$(id -u)" -eq 0 ]; then
			run_as_user test -x "$DMAHEAP" 2>/dev/null ||
				skip "no ordinary user who may run $DMAHEAP"
		fi
		;;
	library)
		[[ $("$DMAHEAP" --version) != *"without $name"* ]] || skip "this dmaheap was built without $name"
		;;
	module)
		[ "$name" != vgem ] || requires library libdrm
		[ -d "/sys/module/${name//-/_}" ] || modprobe -q "$name" 2>/dev/null || skip "no module $name"
		;;
	cma-area) [ -n "$(cma_heap)" ] || skip "no CMA heap whose area can be read" ;;
	sysfs-cma)
		compgen -G '/sys/kernel/mm/cma/*/available_pages' >/dev/null || skip "no CMA counters in sysfs"
		;;
	debugfs) [ -d /sys/kernel/debug/dma_buf ] || skip "no debugfs to read" ;;
	tracefs) [ -w /sys/kernel/tracing/trace ] || skip "no tracefs to write" ;;
	kernel) version_at_least "$(uname -r)" "$name" || skip "needs Linux $name" ;;
	kernel-before) ! version_at_least "$(uname -r)" "$name" || skip "needs Linux before $name" ;;
	command) command -v "$name" >/dev/null || skip "needs the program $name" ;;
	board) [ -n "${DMAHEAP_BOARD-}" ] || skip "needs the board" ;;
	*)
		echo "requires: unknown need '$what'" >&2
		return 1
		;;
	esac
}

# cma_debugfs AREA: prints the directory of a CMA area in debugfs, which before Linux 6.1 is "cma-AREA", cut
cma_debugfs() {
	local directory=/sys/kernel/debug/cma/$1 old=cma-$1
	[ -e "$directory" ] || directory=/sys/kernel/debug/cma/${old:0:15}
	echo "$directory"
}

# available AREA: prints the free pages of a CMA area; on kernels before 6.15 from debugfs
available() {
	local area=$1 debugfs
	if [ -r "/sys/kernel/mm/cma/$area/available_pages" ]; then
		cat "/sys/kernel/mm/cma/$area/available_pages"
	else
		debugfs=$(cma_debugfs "$area")
		echo $(($(<"$debugfs/count") - $(<"$debugfs/used")))
	fi
}

# cma_heap: prints a CMA heap with an area of the same name that available() can read
cma_heap() {
	local name
	for name in video@42000000 linux,cma; do
		if [ -e "/dev/dma_heap/$name" ] && { [ -r "/sys/kernel/mm/cma/$name/available_pages" ] ||
			[ -r "$(cma_debugfs "$name")/used" ]; }; then
			echo "$name"
			return
		fi
	done
}

# What the schema of SARIF 2.1.0 demands of all that is written: required members, no others; and what
# GitHub demands beside it: a place and a line of each result, relative to a base, and fingerprints.
sarif_is_valid() {
	jq -e '
	def only($allowed): (keys_unsorted - $allowed) == [];
	def text: type == "object" and only(["text"]) and (.text | type == "string");
	only(["$schema", "version", "runs"]) and .version == "2.1.0"
	and (."$schema" | startswith("https://docs.oasis-open.org/sarif/"))
	and (.runs | length == 1) and (.runs[0] | only(["tool", "originalUriBaseIds", "columnKind", "results",
		"invocations"]) and .columnKind == "unicodeCodePoints"
		and (.originalUriBaseIds | keys == ["%SRCROOT%", "ROOT"])
		and (.invocations | length == 1) and (.invocations[0] | only(["executionSuccessful"])
			and (.executionSuccessful | type == "boolean"))
		and (.tool | only(["driver"]) and (.driver
			| only(["name", "fullName", "version", "informationUri", "rules"]) and (.name | type == "string")
			and (.informationUri | startswith("https://"))
			and ([.rules[].id] | length == (unique | length))
			and all(.rules[]; only(["id", "name", "shortDescription", "fullDescription", "help",
				"helpUri", "defaultConfiguration"]) and (.shortDescription | text)
				and (.name == null or (.name | test("^([A-Z][a-z0-9]*){2,}$"))) and (.helpUri | startswith("https://"))
				and (.fullDescription | text) and (.help | text)
				and (.defaultConfiguration | only(["level"])
					and (.level | IN("none", "note", "warning", "error"))))))
		and ([.tool.driver.rules[].id] as $ids | all(.results[];
			only(["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints",
				"properties"])
			and (.partialFingerprints | keys == ["dmaheap/v1"]
				and (.["dmaheap/v1"] | test("^[0-9a-f]{16}$")))
			and .ruleId == $ids[.ruleIndex] and (.level | IN("note", "warning", "error"))
			and (.message | text) and (.locations | length == 1)
			and all(.locations[]; only(["logicalLocations", "physicalLocation"])
				and all(.logicalLocations[]; only(["name", "fullyQualifiedName", "kind"]))
				and (.physicalLocation | only(["artifactLocation", "region"])
					and (.region | only(["startLine"]) and .startLine >= 1)
					and (.artifactLocation | only(["uri", "uriBaseId"])
					and (.uriBaseId | IN("%SRCROOT%", "ROOT"))
					and (.uri | test("^[A-Za-z0-9._~%-][A-Za-z0-9/._~%-]*$")))))))
		and ([.results[].partialFingerprints["dmaheap/v1"]] | length == (unique | length)))' >/dev/null
}

# tap_results: "TESTS FAILED" of the report on stdin, as TAP's own reader counts them; fails where it is
# not TAP. The reader knows versions up to 13, of which a report needs no more.
tap_results() {
	sed '1s/^TAP version 14$/TAP version 13/' | perl -MTAP::Parser -e '
		my $parser = TAP::Parser->new({source => \*STDIN});
		$parser->run;
		die join("\n", $parser->parse_errors) if $parser->parse_errors or not $parser->plan;
		printf "%d %d\n", $parser->tests_run, scalar $parser->failed'
}

# unflatten BLOB DIR: the files that the kernel shows, by fdtget
unflatten() {
	local path=${3-/} name
	mkdir -p "$2$path"
	while read -r name; do
		fdtget -t bx "$1" "$path" "$name" 2>/dev/null | tr ' ' '\n' | while read -r byte; do
			[ -z "$byte" ] || printf '%b' "\\x$byte"
		done >"$2$path/$name"
	done < <(fdtget -p "$1" "$path")
	while read -r name; do
		unflatten "$1" "$2" "${path%/}/$name"
	done < <(fdtget -l "$1" "$path")
}

# frame: the last whole screen of the terminal that script(1) writes to $BATS_TEST_TMPDIR/screen
frame() {
	tr -d '\r' <"$BATS_TEST_TMPDIR/screen" | awk 'BEGIN { RS = "\033\\[H" } /\033\[J/ { last = $0 } END { printf "%s", last }' |
		sed -e 's/\x1b\[K//' -e 's/\x1b\[J.*//'
}

# sees -E|-F PATTERN: waits until the screen has a line with it
sees() {
	local i
	for ((i = 0; i < 400; i++)); do
		! frame | grep "$1" -- "$2" || return 0
		sleep 0.05
	done
	frame
	return 1
}

# showed -E|-F PATTERN: waits until one of the screens had such a line: what has changed is there until
# the next look
showed() {
	local i
	for ((i = 0; i < 400; i++)); do
		! tr -d '\r\033' <"$BATS_TEST_TMPDIR/screen" | sed -e 's/.*\[H//' -e 's/\[K$//' | grep -a "$1" -- "$2" || return 0
		sleep 0.05
	done
	return 1
}
