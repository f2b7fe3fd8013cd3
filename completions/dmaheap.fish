# SPDX-License-Identifier: GPL-2.0-or-later
# Completion of dmaheap for fish. Commands, options, columns and words to choose from are what the
# program prints with --complete, so that nothing has to be updated here: lines of names, kind, words
# with | between and description. The functions share the variables of __dmaheap_complete.

# The second and third field of the line of an option
function __dmaheap_takes --no-scope-shadowing
    string match --regex --groups-only -- "^(?:\S+ )?"$argv[1]"(?: \S+)?\t([^\t]*)\t([^\t]*)" $lines
end

# The lines of a kind, as WORD<tab>DESCRIPTION
function __dmaheap_words --no-scope-shadowing
    string replace --filter --regex -- "^(\S+)\t$argv[1]\t[^\t]*\t" '$1\t' $lines
end

# Offers what a value of a kind (first argument) can be, of these words (second), that continues
# CURRENT (third)
function __dmaheap_values --no-scope-shadowing
    set -l words (string split '|' -- $argv[2] | string match --invert -- -)
    switch $argv[1]
        case choices
            set -l before (string match --regex -- '^.*,|^' "$argv[3]")
            for word in $words
                contains -- $word (string split ',' -- $before); or printf '%s%s\n' "$before" $word
            end
        case columns
            string replace --regex '^' (string match --regex -- '^.*,|^\+|^' "$argv[3]") (__dmaheap_words column)
        case 'choice*'
            printf '%s\n' $words
        case heap
            set -l name (string match --regex '^.*:' -- "$argv[3]")
            if test -n "$words" -a -n "$name"
                printf "$name%s\n" $words
            else
                # a control character would act on the terminal, or part the name from a description
                path basename "$root"/dev/dma_heap/* | string match --invert --regex '[[:cntrl:]]'
            end
        case file files
            __fish_complete_path "$argv[3]"
        case directory
            __fish_complete_directories "$argv[3]"
    end
end

function __dmaheap_complete
    set -l typed (commandline -opc)
    set -l program $typed[1]
    set -l current (commandline -ct)
    set -l command
    set -l root
    set -l option
    set -l files
    set -l lines ($program --complete 2>/dev/null)

    set -l index 1
    for word in $typed[2..]
        set index (math $index + 1)
        set -l kind (__dmaheap_takes (string replace --regex '=.*' '' -- $word))[1]
        if test -n "$option"
            test $option = --sysroot && set root $word
            set option
        else if test "x$word" = x--
            complete -C (string join ' ' -- (string escape -- $typed[(math $index + 1)..]) $current)
            return
        else if string match -q -- '-*' $word
            string match -q -- '--sysroot=*' $word && set root (string sub --start 11 -- $word)
            test "$kind" = files && set files file -
            # an argument that may be left out stands after = only
            string match -q --regex -- '=|^-[^-].' $word; or contains -- "$kind" '' flag 'choice?'; or set option $word
        else if test -z "$command"
            set command $word
            set lines ($program --complete $command 2>/dev/null)
        end
    end

    if test -n "$option"
        __dmaheap_values (__dmaheap_takes $option) "$current"
    else if set -l parts (string match --regex --groups-only -- '^(--[a-z-]+)=(.*)' "$current")
        __dmaheap_values (__dmaheap_takes $parts[1]) "$parts[2]" | while read -l value
            printf '%s=%s\n' $parts[1] $value
        end
    else if set -l parts (string match --regex --groups-only -- '^(-[A-Za-z])(.*)' "$current")
        and not contains -- (__dmaheap_takes $parts[1])[1] '' flag
        __dmaheap_values (__dmaheap_takes $parts[1]) "$parts[2]" | string replace --regex '^' -- $parts[1]
    else if string match -q -- '-*' "$current"
        string replace --filter --regex -- '^(?:-. )?(--[a-z-]+)\t.*\t' '$1\t' $lines
    else if test -z "$command"
        __dmaheap_words command
    else
        # the arguments; what alone can be given after -- is not one of them
        test -n "$files"; or set files (string match --regex --groups-only -- '^[A-Z]+\t(heap|choice|file)\t([^\t]*)' $lines)
        test -z "$files"; or __dmaheap_values $files "$current"
    end
end

complete -c dmaheap -f -a '(__dmaheap_complete)'
