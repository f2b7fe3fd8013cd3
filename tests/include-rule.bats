#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The include rule finds what breaks it: small made-up trees.
bats_require_minimum_version 1.5.0

setup() {
	rule=$BATS_TEST_DIRNAME/include-rule
	src=$BATS_TEST_TMPDIR/src
	mkdir -p "$src"/{cli,commands/test,conformance/engine,view,sys,base} \
		"$src"/model/{devicetree,boot,heap,name}
	file base/text.c base/text.h
	file base/text.h
	file sys/root.c sys/root.h base/text.h
	file view/table.c view/table.h base/text.h
	file model/devicetree/tree.c model/devicetree/tree.h sys/root.h
	file model/boot/fate.c model/boot/fate.h model/devicetree/tree.h
	file model/heap/heap.c model/heap/heap.h sys/root.h base/text.h
	file model/name/words.c model/name/words.h model/heap/heap.h
	file conformance/engine/run.c conformance/engine/run.h model/heap/heap.h sys/root.h
	file cli/command.c cli/command.h model/heap/heap.h view/table.h
	file commands/list.c cli/command.h commands/columns.h model/heap/heap.h view/table.h
	file commands/test/test.c commands/test/output.h conformance/engine/run.h
	file main.c cli/command.h commands/commands.h
}

# file PATH INCLUDED...: a source that includes these
file() {
	local path=$1
	shift
	(($# == 0)) || printf '#include "%s"\n' "$@" >"$src/$path"
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
		[[ ${lines[0]} == "src/$path:2: "*"\"$included\""* ]]
		# most of these close a circle as well
		[ "$(grep -vc '^src/: a circle of includes: ' <<<"$output")" -eq 1 ]
	done <<-END
		base/text.c sys/root.h
		base/text.c cli/command.h
		sys/root.c model/heap/heap.h
		sys/root.c view/table.h
		view/table.c model/heap/heap.h
		view/table.c sys/root.h
		model/heap/heap.c view/table.h
		model/heap/heap.c cli/command.h
		model/heap/heap.c ../base/text.h
		conformance/engine/run.c view/table.h
		conformance/engine/run.c commands/columns.h
		cli/command.c commands/columns.h
		commands/list.c sys/root.h
		main.c model/heap/heap.h
	END
}

@test "a subject of model/ does not include a later one" {
	file model/devicetree/tree.c base/text.h model/boot/fate.h
	run ! "$rule" "$src"
	[[ ${lines[0]} == 'src/model/devicetree/tree.c:2: '*'"model/boot/fate.h"'*later* ]]
	setup
	file model/heap/heap.c base/text.h model/name/words.h
	run ! "$rule" "$src"
	[[ ${lines[0]} == 'src/model/heap/heap.c:2: '*'"model/name/words.h"'*later* ]]
}

@test "a command does not include another command's file" {
	file commands/list.c base/text.h commands/test/output.h
	run ! "$rule" "$src"
	[[ $output == 'src/commands/list.c:2: "commands/test/output.h" belongs to another command' ]]
}

@test "a circle of includes is found, through headers and through sources" {
	file base/text.h base/number.h
	file base/number.c base/text.h
	run ! "$rule" "$src"
	[ "$output" = 'src/: a circle of includes: base/number -> base/text -> base/number' ]
	setup
	rm "$src"/base/{number.c,text.h}
	file model/heap/area.c model/heap/heap.h
	file model/heap/heap.c model/heap/link.h
	file model/heap/link.h model/heap/area.h
	run ! "$rule" "$src"
	[ "$output" = 'src/: a circle of includes: model/heap/heap -> model/heap/link -> model/heap/area -> model/heap/heap' ]
}

@test "two files of one name, a room and a subject without a rule, a tree without sources" {
	file view/heap.c base/text.h
	run ! "$rule" "$src"
	[[ $output == 'src/view/heap.c: heap is the name of another file: src/model/heap/heap' ]]
	rm "$src/view/heap.c"
	mkdir "$src/misc" "$src/model/misc"
	file misc/all.c base/text.h
	run ! "$rule" "$src"
	[[ $output == 'src/misc/all.c: '* ]]
	rm "$src/misc/all.c"
	file model/misc/some.c base/text.h
	run ! "$rule" "$src"
	[[ $output == 'src/model/misc/some.c: '* ]]
	mkdir "$BATS_TEST_TMPDIR/empty"
	run ! "$rule" "$BATS_TEST_TMPDIR/empty"
	[ "$output" = "include-rule: no sources" ]
}
