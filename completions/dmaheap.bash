# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of dmaheap for bash. Commands, options, columns and words to choose from are what the
# program prints with --complete, so that nothing has to be updated here.

# Offers the lines of standard input that continue the current word. They are matched by hand:
# compgen -W would run what a heap's name says, such as $(reboot).
_dmaheap_offer()
{
	local word
	while IFS= read -r word; do
		word=$prefix$word
		[[ $word != "$prefix" && $word == "$current"* ]] || continue
		word=${word#"$untouched"}
		[[ $word != *[^A-Za-z0-9_,.@=:+/-]* ]] || printf -v word '%q' "$word"
		COMPREPLY+=("$word")
	done
}

# The words of a list with | between them, one a line. No other program is run for it: PATH may have the
# current directory in it.
_dmaheap_split()
{
	local -a list
	IFS='|' read -ra list <<<"$1"
	((${#list[@]} == 0)) || printf '%s\n' "${list[@]}"
}

_dmaheap_files() # -f: files, -d: directories
{
	local file
	compopt -o filenames
	while IFS= read -r file; do
		file=$prefix$file
		COMPREPLY+=("${file#"$untouched"}")
	done < <(compgen "$1" -- "${current#"$prefix"}")
}

_dmaheap_heaps()
{
	local node
	for node in "${root%/}"/dev/dma_heap/*; do
		[[ ! -e $node && ! -L $node ]] || printf '%s\n' "${node##*/}"
	done
}

# Reads what the program, or its COMMAND, can be given: the kind of each option ("value?": it may be
# left out, so that it stands only after =), the words to choose from, and the argument's.
_dmaheap_read()
{
	local names kind choices name
	options=() columns='' commands='' kinds=() words=()
	while IFS=$'\t' read -r names kind choices _; do
		[[ $choices != - ]] || choices=
		case $kind:$names in
		command:*) commands+=$names$'|' ;;
		column:*) columns+=$names$'|' ;;
		*:-*)
			options+=("${names##* }")
			for name in $names; do
				kinds["$name"]=$kind words["$name"]=$choices
			done
			;;
		*) kinds[argument]=$kind words[argument]=$choices ;;
		esac
	done < <("$program" --complete "$@" 2>/dev/null)
}

# Offers what NAME, an option or the argument, can be.
_dmaheap_values()
{
	local choices=${words["$1"]} word
	local -a given
	case ${kinds["$1"]} in
	columns | choices)
		[[ $choices ]] || choices=$columns
		if [[ $current == "$prefix"*,* ]]; then
			word=${current#"$prefix"}
			IFS=, read -ra given <<<"${word%,*}"
			[[ ${words["$1"]} ]] || given=()
			for word in "${given[@]}"; do
				choices="|$choices|"
				choices=${choices//"|$word|"/|}
			done
			prefix=${current%,*},
		elif [[ ${kinds["$1"]} == columns && $current == "$prefix"+* ]]; then
			prefix+=+
		fi
		_dmaheap_offer < <(_dmaheap_split "$choices")
		;;
	choice*) _dmaheap_offer < <(_dmaheap_split "$choices") ;;
	heap)
		if [[ $choices && $current == "$prefix"*:* ]]; then
			prefix=${current%:*}:
			_dmaheap_offer < <(_dmaheap_split "$choices")
		else
			_dmaheap_offer < <(_dmaheap_heaps)
		fi
		;;
	file*) _dmaheap_files -f ;;
	directory) _dmaheap_files -d ;;
	program)
		_dmaheap_offer < <(compgen -c -- "$current")
		[[ $current != */* ]] || _dmaheap_files -f
		;;
	esac
}

_dmaheap()
{
	local program=$1 line=${COMP_LINE:0:COMP_POINT} typed word
	local options columns commands command='' root='' option='' rest='' prefix='' untouched='' current
	local -A kinds words
	COMPREPLY=()
	read -ra typed <<<"$line"
	[[ $line != *[[:space:]] ]] || typed+=('')
	current=${typed[-1]}
	# readline replaces only what follows the last = or :, or what begins with the last @
	[[ $current != *[=:@]* ]] || untouched=${current%"${current##*[=:@]}"}
	untouched=${untouched%@}

	_dmaheap_read
	for word in "${typed[@]:1:${#typed[@]}-2}"; do
		if [[ $option ]]; then
			[[ $option != --sysroot ]] || root=$word
			option=
		elif [[ $word == -- ]]; then
			rest=yes
			break
		elif [[ $word == -* ]]; then
			[[ $word != --sysroot=* ]] || root=${word#*=}
			[[ ${kinds["${word%%=*}"]} != files ]] || kinds[argument]=files
			[[ $word == *=* || ${kinds["$word"]} == @(|flag|*\?) ]] || option=$word
		elif [[ -z $command ]]; then
			command=$word
			_dmaheap_read "$command"
		fi
	done

	if [[ $rest ]]; then
		_dmaheap_values argument
	elif [[ $option ]]; then
		_dmaheap_values "$option"
	elif [[ $current == --*=* ]]; then
		prefix=${current%%=*}=
		_dmaheap_values "${prefix%=}"
	elif [[ $current == -[A-Za-z]* && ${kinds["${current:0:2}"]} != @(|flag) ]]; then
		prefix=${current:0:2}
		_dmaheap_values "$prefix"
	elif [[ $current == -* ]]; then
		_dmaheap_offer < <(printf '%s\n' "${options[@]}")
	elif [[ -z $command ]]; then
		_dmaheap_offer < <(_dmaheap_split "$commands")
	elif [[ ${kinds[argument]} != program ]]; then # that is after -- only
		_dmaheap_values argument
	fi
}

complete -F _dmaheap dmaheap
