# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# shellcheck disable=SC2034 # variables for the end of the script
#
# Messages, locks, progress: what every part of the board uses.

say()
{
	printf 'board: %s\n' "$*" >&2
}

# The board itself failed, not the command on it: 125, as with env and timeout.
die()
{
	say "$*"
	exit 125
}

die_log()
{
	local log=$1
	shift
	tail -n 30 "$log" | sed 's/^/  /' >&2
	keep=$cache/failed.log
	cp "$log" "$keep" 2>/dev/null && say "the whole log: $keep"
	die "$*"
}

# with_lock NAME COMMAND…: runs one such COMMAND at a time for the whole cache. Children inherit the lock,
# so it is held until the last of them has ended.
with_lock()
{
	local name=$1 lock
	shift
	mkdir -p "$cache/lock"
	exec {lock}>"$cache/lock/$name"
	if ! flock -n "$lock"; then
		# a run's standard error is its command's
		[[ ${verbose-} == no ]] || say "waiting for another board that is making $name"
		flock "$lock"
	fi
	# No `||` here: it would turn errexit off in the whole command.
	"$@"
	exec {lock}>&-
}

# make_once DIR COMMAND…: makes DIR with COMMAND, in a directory beside it that is renamed when it is
# complete, so that DIR is never found incomplete.
make_once()
{
	if [[ ! -e $1 ]]; then
		with_lock "${1##*/}" make_locked "$@"
	fi
	# The time of last use shows `build` what is no longer used.
	touch -c "$1/.used" 2>/dev/null || true
}

make_locked()
{
	local dir=$1
	shift
	[[ ! -e $dir ]] || return 0
	remove_abandoned "${dir%/*}"
	rm -rf "$dir.tmp"
	mkdir -p "$dir.tmp"
	making=$dir.tmp
	"$@" "$dir.tmp"
	touch "$dir.tmp/.used"
	mv -T "$dir.tmp" "$dir"
	making=
}

# Removes incomplete directories of a run that was killed: their lock is free.
remove_abandoned()
{
	local dir lock
	for dir in "$1"/*.tmp; do
		[[ -d $dir ]] || continue
		lock=$cache/lock/$(basename "$dir" .tmp)
		[[ ! -e $lock ]] || flock -n "$lock" rm -rf "$dir" || true
	done
}

# pack_cpio DIRECTORY FILE: makes a cpio archive as the kernel reads it; root owns all files in it.
pack_cpio()
{
	(cd "$1" && find . -mindepth 1 -print0 | LC_ALL=C sort -z |
		cpio --null --quiet -o -H newc -R 0:0 --reproducible) >"$2"
}

# build_with_progress WHAT EXPECTED LOG COMMAND…: shows how many of about EXPECTED objects are built, on
# a terminal in one line that changes, elsewhere in a line every quarter of a minute.
build_with_progress()
{
	local what=$1 expected=$2 log=$3 started=$SECONDS pid status=0 shown=0
	shift 3
	# When make is ended it ends its compilers; the end of the script ends make.
	setpriv --pdeathsig TERM "$@" >>"$log" 2>&1 </dev/null &
	pid=$!
	building=$pid
	while kill -0 "$pid" 2>/dev/null; do
		if [[ -t 2 ]] || ((SECONDS - shown >= 15)); then
			progress_line "$what" "$expected" "$log" "$((SECONDS - started))"
			shown=$SECONDS
		fi
		sleep 0.5
	done
	wait "$pid" || status=$?
	building=
	[[ ! -t 2 ]] || printf '\r\e[K' >&2
	((status)) || say "$what: built in $((SECONDS - started)) s"
	return "$status"
}

progress_line()
{
	local made percent
	made=$(grep -cE '^  (CC|AS|LD|AR|HOSTCC|CC \[M\]) ' "$3" || true)
	percent=$((made * 100 / $2))
	((percent < 100)) || percent=99
	if [[ -t 2 ]]; then
		printf '\r\e[Kboard: %s: %d objects, %d%%, %d s' "$1" "$made" "$percent" "$4" >&2
	else
		say "$1: $made objects, $percent%, $4 s"
	fi
}
