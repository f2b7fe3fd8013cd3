# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of dmaheap for fish. Commands, options, columns and words to choose from are what the
# program's own --help says, so that nothing is to be kept up here. The functions share the variables
# of __dmaheap_complete.

# --help of the program, or of its COMMAND: one line for each thing
function __dmaheap_help
    ARGP_HELP_FMT=opt-doc-col=70,rmargin=500 $argv --help 2>/dev/null
end

# The lines below a heading of --help ("Commands:"), as WORD<tab>DESCRIPTION
function __dmaheap_section --no-scope-shadowing
    printf '%s\n' $help | sed -n "/^$argv[1]:/,/^\$/s/^  \([A-Za-z_-][A-Za-z_-]*\)  *\(.*\)/\1\t\2/p"
end

# What the option takes ("FILE")
function __dmaheap_takes --no-scope-shadowing
    string match --regex --groups-only -- '^ {2,6}(?:-., )?'$argv[1]'\[?=([^] ]*)' $help
end

# The statements of test, the rules of lint-names
function __dmaheap_ids --no-scope-shadowing
    switch "$command"
        case test
            $program test --list -nr -o ID 2>/dev/null
        case lint-names
            $program lint-names --list-rules -nr -o ID 2>/dev/null
    end
end

# Offers what an argument can be that --help calls KIND (first argument) and that continues CURRENT
# (second); OPTION (third) is where it belongs to.
function __dmaheap_values --no-scope-shadowing
    switch $argv[3]:$argv[1]
        case '*:ID=*'
            if set -l id (string match --regex '^.*=' -- "$argv[2]")
                string split '|' -- (string replace --regex '^.*=' '' -- $argv[1]) | string replace --regex '^' $id
            else
                __dmaheap_ids | string replace --regex '$' =
            end
        case '*,...'
            set -l before (string match --regex -- '^.*,|^' "$argv[2]")
            for word in (string replace ',...' '' -- $argv[1] | string split '|')
                contains -- $word (string split ',' -- $before); or printf '%s%s\n' "$before" $word
            end
        case '*|*' '*:taint' # words are in small letters
            string split '|' -- $argv[1] | string match --invert --regex '[A-Z]'
        case '*:NAME[:ID'
            if set -l name (string match --regex '^.*:' -- "$argv[2]")
                __dmaheap_ids | string replace --regex '^' "$name"
            else
                path basename "$root"/dev/dma_heap/*
            end
        case '*:LIST'
            string replace --regex '^' (string match --regex -- '^.*,|^\+|^' "$argv[2]") (__dmaheap_section Columns)
        case '*:FILE*' '*:SOCKET'
            __fish_complete_path "$argv[2]"
        case '*:DIR*'
            __fish_complete_directories "$argv[2]"
        case '--suite:*'
            $program test --list -nr -o SUITE 2>/dev/null | sort -u
        case '*:HEAP*' '*:NAME*'
            path basename "$root"/dev/dma_heap/*
        case '*:ID*'
            __dmaheap_ids
    end
end

function __dmaheap_complete
    set -l words (commandline -opc)
    set -l program $words[1]
    set -l current (commandline -ct)
    set -l command
    set -l root
    set -l option
    set -l help (__dmaheap_help $program)

    for index in (seq 2 (count $words))
        set -l word $words[$index]
        if test -n "$option"
            test $option = --sysroot && set root $word
            set option
        else if test "x$word" = x--
            complete -C (string join ' ' -- (string escape -- $words[(math $index + 1)..]) $current)
            return
        else if string match -q -- '--sysroot=*' $word
            set root (string sub --start 11 -- $word)
        else if string match -q -- '-*' $word
            # an argument that may be left out stands behind = only
            set option (string match --regex --groups-only -- "^ {2,6}(?:-., )?($word)=|^ {2,6}$word, (--[a-z-]+)=" $help)
        else if test -z "$command"
            set command $word
            set help (__dmaheap_help $program $command)
        end
    end

    if test -n "$option"
        __dmaheap_values (__dmaheap_takes $option) "$current" $option
    else if set -l parts (string match --regex --groups-only -- '^(--[a-z-]+)=(.*)' "$current")
        __dmaheap_values (__dmaheap_takes $parts[1]) "$parts[2]" $parts[1] | while read -l value
            printf '%s=%s\n' $parts[1] $value
        end
    else if set -l parts (string match --regex --groups-only -- '^(-[A-Za-z])(.*)' "$current")
        and set -l long (string match --regex --groups-only -- "^ {2,6}$parts[1], (--[a-z-]+)=" $help)
        __dmaheap_values (__dmaheap_takes $long) "$parts[2]" $long | string replace --regex '^' -- $parts[1]
    else if string match -q -- '-*' "$current"
        printf '%s\n' $help | sed -n 's/^ \{2,6\}\(-., \)\{0,1\}\(--[a-z-]*\)[^ ]*  *\(.*\)/\2\t\3/p'
    else if test -z "$command"
        __dmaheap_section Commands
    else
        # the arguments that Usage names: "HEAP", "FILE..."; those of "--dtb FILE..." are for that option alone
        set -l more (string match --regex --groups-only -- '^ *or:.* (--[a-z-]+) ([A-Z]+)\.\.\.$' $help)
        if test -n "$more"; and string match -q --regex -- "^$more[1](=|\$)" $words
            __dmaheap_values $more[2] "$current" ''
            return
        end
        for kind in (printf '%s\n' $help | sed -n 's/--[a-z-]* [A-Z]*//g; s/^ *\(Usage\|or\):[^]]*]\(.*\)/\2/p' | string match --all --regex '[A-Z]+')
            __dmaheap_values $kind "$current" ''
        end
    end
end

complete -c dmaheap -f -a '(__dmaheap_complete)'
