#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The GitHub Action, the GitLab include and the hook for pre-commit, as far as they run without their services.

bats_require_minimum_version 1.5.0
load helpers

setup() {
	top=$(realpath "$BATS_TEST_DIRNAME/..")
	mkdir -p "$BATS_TEST_TMPDIR"/{bin,work/out/acme}
	ln -s "$DMAHEAP" "$BATS_TEST_TMPDIR/bin/dmaheap"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	cd "$BATS_TEST_TMPDIR/work" || return
	cp "$top/tests/fixtures/names/trees/release-1.dts" board.dts
	dtc -q -I dts -O dtb -o out/acme/board.dtb board.dts
}

# break_it: the next release has another name and an overlap
break_it() {
	sed -i 's/video@42000000/cma-video@42000000/; s/0x0 0x44000000/0x0 0x42800000/' board.dts
	dtc -q -I dts -O dtb -o out/acme/board.dtb board.dts
}

@test "check: passes a good tree, fails a bad one, and writes both reports" {
	export DMAHEAP_TREES='out/**/*.dtb' DMAHEAP_SOURCE=. DMAHEAP_REPORT=sarif DMAHEAP_OUTPUT=report DMAHEAP_FORMAT=github
	dmaheap lint-names --save-baseline names --dtb out/acme/board.dtb
	DMAHEAP_BASELINE=names run -0 "$top/packaging/ci/check"
	[[ $output != *::error* ]]
	break_it
	DMAHEAP_BASELINE=names run -3 "$top/packaging/ci/check"
	[[ $output == *"::error title=allocator-name,file=board.dts,line=15::cma-video@42000000: "* ]]
	[[ $output == *"::error title=baseline,file=out/acme/board.dtb::video@42000000: renamed: "* ]]
	[[ $output == *"::error title=overlap,file=board.dts,line=21::"* ]]
	sarif_is_valid <report/lint-names.sarif
	sarif_is_valid <report/regions.sarif
	DMAHEAP_FAIL_ON=never run -0 "$top/packaging/ci/check"
	DMAHEAP_REPORT=gitlab run -3 "$top/packaging/ci/check"
	# what GitLab's documentation of the format demands
	jq -e 'type == "array" and length > 0 and all(.[]; (.description | type == "string") and .check_name and .fingerprint
		and (.severity | IN("info", "minor", "major", "critical", "blocker"))
		and .location.path == "board.dts" and .location.lines.begin >= 1)' report/{lint-names,regions}.gitlab
	# however deep they are
	mkdir -p out/some/where
	mv out/acme out/some/where
	DMAHEAP_OUTPUT=deep run -3 "$top/packaging/ci/check"
	jq -e '.runs[0].results | length > 0' deep/regions.sarif
	DMAHEAP_TREES='none/*.dtb' run -2 "$top/packaging/ci/check"
	[[ $output == *"no device tree matches 'none/*.dtb'"* ]]
}

# The steps of action.yml, run as the runner does; those that use another action are named.
action() {
	/usr/bin/python3 - "$top/action.yml" "$@" <<-'END'
		import os, re, subprocess, sys, yaml
		action = yaml.safe_load(open(sys.argv[1]))
		inputs = {k: str(v.get("default", "")) for k, v in action["inputs"].items()}
		inputs.update(a.split("=", 1) for a in sys.argv[2:])
		assert action["runs"]["using"] == "composite"
		values = lambda text: re.sub(r"\$\{\{ *([a-z.-]+) *\}\}", lambda m: "temp" if m[1] == "runner.temp"
		                             else inputs[m[1].removeprefix("inputs.")], text)
		failed, categories = 0, []
		for step in action["runs"]["steps"]:
		    if "uses" in step:
		        # also when the check has failed, and each report as one of its own
		        assert step["if"] == "always() && inputs.sarif == 'true'"
		        assert step["with"]["category"] not in categories
		        categories.append(step["with"]["category"])
		        path = values(step["with"]["sarif_file"])
		        print("uses", step["uses"], path, os.path.getsize(path) > 0)
		        continue
		    assert step["shell"] == "bash"
		    env = {k: values(v) for k, v in step["env"].items()}
		    env["GITHUB_ACTION_PATH"] = os.path.dirname(sys.argv[1])
		    if step["name"].startswith("Install"):  # needs root, and changes the machine
		        script = re.match(r'"\$GITHUB_ACTION_PATH"(/\S+)', step["run"])[1]
		        assert os.access(env["GITHUB_ACTION_PATH"] + script, os.X_OK)
		        continue
		    failed = subprocess.run(["bash", "-e", "-c", step["run"]], env={**os.environ, **env}).returncode
		sys.exit(failed)
	END
}

@test "action.yml: its steps check, write SARIF and upload it" {
	run -0 action 'trees=out/**/*.dtb'
	[[ $output == *"uses github/codeql-action/upload-sarif@v3 temp/dmaheap/lint-names.sarif True"* ]]
	[[ $output == *"upload-sarif@v3 temp/dmaheap/regions.sarif True"* ]]
	break_it
	run -3 action 'trees=out/**/*.dtb'
	[[ $output == *"::error title=allocator-name,file=./board.dts,line=15::"* ||
		$output == *"::error title=allocator-name,file=board.dts,line=15::"* ]]
	run -0 action 'trees=out/**/*.dtb' fail-on=never
	sarif_is_valid <temp/dmaheap/regions.sarif
}

@test "action.yml: the baseline, with trees below the directory that is named" {
	cp out/acme/board.dtb out/acme/other.dtb
	dmaheap lint-names --save-baseline names --relative-to . --dtb out/acme/*.dtb
	run -0 action 'trees=out/**/*.dtb' baseline=names relative-to=.
	break_it
	run -3 action 'trees=out/**/*.dtb' baseline=names relative-to=.
	[[ $output == *"::error title=baseline,file=out/acme/board.dtb::video@42000000: renamed: "* ]]
	[[ $output != *"nothing is compared"* ]]
}

@test "gitlab.yml: its script fails a bad tree, and keeps the reports" {
	break_it
	run -0 /usr/bin/python3 - "$top/packaging/ci/gitlab.yml" "$top" <<-'END'
		import sys, yaml
		job = yaml.safe_load(open(sys.argv[1]))[".dmaheap"]
		assert job["artifacts"]["when"] == "always"
		print("trap 'ls", *job["artifacts"]["reports"]["codequality"], "' EXIT")
		for name, value in job["variables"].items():
		    print(f"export {name}={value}")
		print(f"dmaheap={sys.argv[2]}")
		for line in job["script"]:
		    print(line)
	END
	run -3 bash -ec "export DMAHEAP_TREES='out/**/*.dtb'; $output"
	[[ $output == *dmaheap-report/lint-names.gitlab*dmaheap-report/regions.gitlab* ]]
	jq -e 'length > 0 and all(.[]; .location.path == "board.dts")' dmaheap-report/{lint-names,regions}.gitlab
}

@test "pre-commit: the script takes directories of #include, and fails what cannot be compiled" {
	requires command cpp
	mkdir include
	sed '/dts-v1/d' board.dts >include/board.dtsi
	printf '/dts-v1/;\n#include <board.dtsi>\n' >board.dts
	run -0 "$top/packaging/ci/pre-commit" -I include board.dts
	run -1 "$top/packaging/ci/pre-commit" board.dts
	[[ $output == *board.dtsi* ]]
	# the others are checked all the same
	sed -i 's/video@42000000/cma-video@42000000/' include/board.dtsi
	cp board.dts other.dts
	echo '#error' >board.dts
	run -3 "$top/packaging/ci/pre-commit" -I include board.dts other.dts
	[[ $output == *"cma-video@42000000: error: "* ]]
}

@test "pre-commit: the hook fails a bad tree, as source and compiled, and passes a good one" {
	requires command pre-commit
	requires command cpp
	# an own repository, because one that is not committed cannot be a hook
	git clone -q "$top" "$BATS_TEST_TMPDIR/hooks"
	cp "$top/.pre-commit-hooks.yaml" "$BATS_TEST_TMPDIR/hooks"
	cp -R "$top/packaging/ci" "$BATS_TEST_TMPDIR/hooks/packaging"
	export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b \
		PRE_COMMIT_HOME=$BATS_TEST_TMPDIR/home
	git -C "$BATS_TEST_TMPDIR/hooks" add -A
	git -C "$BATS_TEST_TMPDIR/hooks" commit -q --allow-empty -m hooks
	git init -q .
	git add -A
	run -0 pre-commit try-repo "$BATS_TEST_TMPDIR/hooks" dmaheap-trees --all-files
	break_it
	git add -A
	run -1 pre-commit try-repo "$BATS_TEST_TMPDIR/hooks" dmaheap-trees --files board.dts
	[[ $output == *"cma-video@42000000: error: "*"    at:     ./board.dts:15"* && $output == *"[overlap]"* ]]
	run -1 pre-commit try-repo "$BATS_TEST_TMPDIR/hooks" dmaheap-trees --files out/acme/board.dtb
	# a file that is not for it
	run -0 pre-commit try-repo "$BATS_TEST_TMPDIR/hooks" dmaheap-trees --files board.dtsi
}
