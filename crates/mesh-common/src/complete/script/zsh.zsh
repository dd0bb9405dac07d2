#compdef PROGRAM
# Completes PROGRAM in zsh. Load it, after compinit, with: source <(TYPED completion zsh)
# `TYPED <TAB>` is completed by kubectl, once a helper is there: TYPED completion install

_FUNCTION() {
    local directive line value about
    local -a answer described
    answer=("${(@f)$(COMPLETE=zsh ${(Q)~words[1]} -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null </dev/null)}")
    directive=${answer[-1]#:}
    [[ $directive == <-> ]] || return 1
    answer[-1]=()
    for line in "${answer[@]}"; do
        [[ -n $line ]] || continue
        value=${line%%$'\t'*}
        about=${line#*$'\t'}
        value=${value//:/\\:}
        if [[ $line == *$'\t'* ]]; then
            described+=("$value:$about")
        else
            described+=("$value")
        fi
    done
    if (( $#described )); then
        if (( directive & 2 )); then
            _describe -V "TYPED" described -S ''
        else
            _describe -V "TYPED" described
        fi
    elif (( directive & 16 )); then
        compset -P '--[^=]##='
        _path_files -/
    elif (( ! (directive & 4) )); then
        compset -P '--[^=]##='
        _files
    fi
}

if [[ ${funcstack[1]} == _PROGRAM ]]; then
    # As a file of $fpath.
    _FUNCTION "$@"
else
    compdef _FUNCTION PROGRAM
fi
