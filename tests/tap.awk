# SPDX-License-Identifier: GPL-2.0-or-later
#
# Reads TAP, passes it on, and counts: `awk -f tap.awk -v counts=FILE [-v allowed=FILE -v kernel=NAME]`.
# With a list of allowed skips, any other skip is a failure; a line "[NAME…] REASON" allows it on these
# kernels only. A test that was planned and never reported is a failure too. The counts are written as
# "PASSED FAILED SKIPPED".

function fail(text)
{
	print text
	fflush()
	failed++
}

BEGIN {
	while (allowed != "" && (getline line < allowed) > 0) {
		if (line ~ /^#/ || line ~ /^[ \t]*$/)
			continue
		if (match(line, /^\[[^]]*\] /)) {
			if (!index(" " substr(line, 2, RLENGTH - 3) " ", " " kernel " "))
				continue
			line = substr(line, RLENGTH + 1)
		}
		reasons[line] = 1
	}
}

/^1\.\.[0-9]+/ {
	planned = substr($0, 4) + 0
	print
	fflush()
	next
}

/^ok / {
	seen++
	# bats writes "# skip", or "# skip REASON"
	at = match($0, / # skip/)
	if (!at) {
		passed++
		print
		fflush()
		next
	}
	reason = substr($0, at + 8)
	sub(/^ +/, "", reason)
	if (allowed == "" || reason in reasons) {
		skipped++
		print
	} else {
		fail("not " $0 " (a skip that the list does not allow)")
	}
	next
}

/^not ok / {
	seen++
	fail($0)
	next
}

{ print }

# What is shown is shown at once: a test on the board may take a while.
{ fflush() }

END {
	for (; seen < planned; seen++)
		fail("not ok - a planned test did not report")
	if (seen == 0)
		fail("not ok - no test ran")
	if (counts != "")
		printf "%d %d %d\n", passed, failed, skipped > counts
	exit failed > 0
}
