# Completes PROGRAM in fish. Load it with: TYPED completion fish | source
# `TYPED <TAB>` is completed by kubectl, once a helper is there: TYPED completion install

function __FUNCTION_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l answer (COMPLETE=fish $words[1] -- $words[2..-1] "$word" 2>/dev/null </dev/null)
    set -l directive (string match -r '^:(\d+)$' -- $answer[-1])[2]
    test -n "$directive"; or return
    set -e answer[-1]
    if test (count $answer) -gt 0
        printf '%s\n' $answer
        return
    end
    # Nothing of its own: files, or no files. A flag keeps its --name=.
    test (math "bitand($directive, 4)") -eq 0; or return
    set -l flag (string match -r '^--[^=]+=' -- $word)
    set -l path (string replace -r '^--[^=]+=' '' -- $word)
    if test (math "bitand($directive, 16)") -ne 0
        __fish_complete_directories "$path" '' | string replace -r '^' -- "$flag"
    else
        __fish_complete_path "$path" | string replace -r '^' -- "$flag"
    end
end

complete --command PROGRAM --no-files --keep-order --arguments '(__FUNCTION_complete)'
