#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The include rule finds what breaks it: small made-up trees.
bats_require_minimum_version 1.5.0

setup() {
	rule=$BATS_TEST_DIRNAME/include-rule
	src=$BATS_TEST_TMPDIR/src
	mkdir -p "$src"/{cli,commands,model,view,sys,base}
	file base/text.c base/text.h
	file sys/root.c sys/root.h base/text.h
	file view/table.c view/table.h base/text.h
	file model/heap.c model/heap.h sys/root.h base/text.h
	file cli/command.c cli/command.h model/heap.h
	file commands/list.c cli/command.h model/heap.h view/table.h base/text.h
}

# file PATH INCLUDED...: a source that includes these
file() {
	local path=$1
	shift
	printf '#include "%s"\n' "$@" >"$src/$path"
}

@test "what points down passes, and the project's own sources do" {
	run -0 "$rule" "$src"
	[ -z "$output" ]
	run -0 "$rule"
}

@test "each include that points up or sideways is found, with its line" {
	local path included
	while read -r path included; do
		setup
		file "$path" base/text.h "$included"
		echo "$path -> $included"
		run ! "$rule" "$src"
		echo "$output"
		[[ $output == "src/$path:2: "*"$included"* && ${#lines[@]} -eq 1 ]]
	done <<-END
		base/text.c sys/root.h
		base/text.c cli/command.h
		sys/root.c model/heap.h
		sys/root.c view/table.h
		view/table.c model/heap.h
		view/table.c sys/root.h
		model/heap.c view/table.h
		model/heap.c cli/command.h
		model/heap.c ../base/text.h
		commands/list.c sys/root.h
	END
}

@test "a room without a rule and a tree without sources are findings" {
	mkdir "$src/misc"
	file misc/all.c base/text.h
	run ! "$rule" "$src"
	[[ $output == "src/misc/all.c: "* ]]
	mkdir "$BATS_TEST_TMPDIR/empty"
	run ! "$rule" "$BATS_TEST_TMPDIR/empty"
	[ "$output" = "include-rule: no sources" ]
}
