# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Completion of dmaheap for bash. Commands, options, columns and words to choose from are what the
# program's own --help says, so that nothing is to be kept up here.

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

_dmaheap_files() # -f: files, -d: folders
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

# The statements of test, the rules of lint-names.
_dmaheap_ids()
{
	case $command in
	test) "$program" test --list -nr -o ID 2>/dev/null ;;
	lint-names) "$program" lint-names --list-rules -nr -o ID 2>/dev/null ;;
	esac
}

# Reads --help of the program, or of its COMMAND, into help, options and takes.
_dmaheap_read_help()
{
	local line
	options=() takes=()
	help=$(ARGP_HELP_FMT=opt-doc-col=70,rmargin=500 "$program" "$@" --help 2>/dev/null)
	while IFS= read -r line; do
		[[ $line =~ ^\ {2,6}((-.),\ )?(--[a-z-]+)(\[?)(=([^]\ ]*))? ]] || continue
		options+=("${BASH_REMATCH[3]}")
		takes["${BASH_REMATCH[3]}="]=${BASH_REMATCH[6]}
		[[ ${BASH_REMATCH[4]} ]] && continue # the argument may be left out: only behind =
		takes["${BASH_REMATCH[3]}"]=${BASH_REMATCH[6]}
		takes["${BASH_REMATCH[2]:-none}"]=${BASH_REMATCH[6]}
	done <<<"$help"
}

# The first words of the lines below a heading of --help ("Commands:").
_dmaheap_section()
{
	sed -n "/^$1:/,/^\$/s/^  \([A-Za-z_-][A-Za-z_-]*\) .*/\1/p" <<<"$help"
}

# The arguments that Usage names: "HEAP", "FILE...". Those of "--dtb FILE..." are for that option alone.
_dmaheap_arguments()
{
	local more
	more=$(sed -n 's/^ *or:.* \(--[a-z-]* [A-Z]*\)\.\.\.$/\1/p' <<<"$help")
	[[ -z $more || " ${words[*]}" != *" ${more% *}"[\ =]* ]] || { echo "${more#* }" && return; }
	sed -n 's/--[a-z-]* [A-Z]*//g; s/^ *\(Usage\|or\):[^]]*]\(.*\)/\2/p' <<<"$help"
}

# Offers what an argument can be that --help calls KIND; OPTION is where it belongs to.
_dmaheap_values()
{
	local kind=$1 option=$2 given word
	case $option:$kind in
	*:ID=*)
		if [[ $current != "$prefix"*=* ]]; then
			_dmaheap_offer < <(_dmaheap_ids | sed 's/$/=/')
		else
			prefix=${current%=*}=
			_dmaheap_values "${kind#*=}" "$option"
		fi
		;;
	*',...')
		kind="|${kind%,...}|"
		if [[ $current == "$prefix"*,* ]]; then
			given=${current#"$prefix"}
			given=${given%,*}
			for word in ${given//,/ }; do
				kind=${kind/"|$word|"/|}
			done
			prefix=${current%,*},
		fi
		_dmaheap_values "$kind" "$option"
		;;
	*'|'* | *:taint) # words are in small letters
		_dmaheap_offer < <(tr '|' '\n' <<<"$kind" | sed '/[A-Z]/d')
		;;
	*':NAME[:ID')
		if [[ $current == "$prefix"*:* ]]; then
			prefix=${current%:*}:
			_dmaheap_offer < <(_dmaheap_ids)
		else
			_dmaheap_offer < <(_dmaheap_heaps)
		fi
		;;
	*:LIST)
		[[ $current != "$prefix"*,* ]] || prefix=${current%,*},
		[[ $current != "$prefix"+* ]] || prefix+=+
		_dmaheap_offer < <(_dmaheap_section Columns)
		;;
	*:FILE* | *:SOCKET) _dmaheap_files -f ;;
	*:DIR*) _dmaheap_files -d ;;
	--suite*:*) _dmaheap_offer < <("$program" test --list -nr -o SUITE 2>/dev/null | sort -u) ;;
	*:HEAP* | *:NAME*) _dmaheap_offer < <(_dmaheap_heaps) ;;
	*:ID*) _dmaheap_offer < <(_dmaheap_ids) ;;
	:COMMAND*)
		_dmaheap_offer < <(compgen -c -- "$current")
		[[ $current != */* ]] || _dmaheap_files -f
		;;
	esac
}

_dmaheap()
{
	local program=$1 line=${COMP_LINE:0:COMP_POINT} words word kind
	local help options command='' root='' option='' rest='' prefix='' untouched='' current
	local -A takes
	COMPREPLY=()
	read -ra words <<<"$line"
	[[ $line != *[[:space:]] ]] || words+=('')
	current=${words[-1]}
	# readline replaces only what follows the last = or :, or what begins with the last @
	[[ $current != *[=:@]* ]] || untouched=${current%"${current##*[=:@]}"}
	untouched=${untouched%@}

	_dmaheap_read_help
	for word in "${words[@]:1:${#words[@]}-2}"; do
		if [[ $option ]]; then
			[[ $option != --sysroot ]] || root=$word
			option=
		elif [[ $word == -- ]]; then
			rest=COMMAND
			break
		elif [[ $word == --sysroot=* ]]; then
			root=${word#*=}
		elif [[ $word == -* ]]; then
			[[ -z ${takes["$word"]} ]] || option=$word
		elif [[ -z $command ]]; then
			command=$word
			_dmaheap_read_help "$command"
		fi
	done

	if [[ $rest ]]; then
		_dmaheap_values "$rest" ''
	elif [[ $option ]]; then
		_dmaheap_values "${takes["$option"]}" "$option"
	elif [[ $current == --*=* ]]; then
		prefix=${current%%=*}=
		_dmaheap_values "${takes["$prefix"]}" "$prefix"
	elif [[ $current == -[A-Za-z]* && ${takes["${current:0:2}"]} ]]; then
		prefix=${current:0:2}
		_dmaheap_values "${takes["$prefix"]}" "$prefix"
	elif [[ $current == -* ]]; then
		_dmaheap_offer < <(printf '%s\n' "${options[@]}")
	elif [[ -z $command ]]; then
		_dmaheap_offer < <(_dmaheap_section Commands)
	else
		for kind in $(_dmaheap_arguments); do
			_dmaheap_values "${kind#[}" ''
		done
	fi
}

complete -F _dmaheap dmaheap
