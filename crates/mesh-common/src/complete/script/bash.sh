# Completes PROGRAM in bash. Load it with: source <(TYPED completion bash)
# `TYPED <TAB>` is completed by kubectl, once a helper is there: TYPED completion install

_FUNCTION() {
    local i gap word='' words=() rest=${COMP_LINE:0:COMP_POINT}
    # bash cuts words at = and : too. What stands together on the line is one word.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap=${rest%%[![:space:]]*}
        rest=${rest:${#gap}}
        if [[ $i -gt 0 && -n $gap ]]; then
            words+=("$word")
            word=''
        fi
        if [[ $i -eq $COMP_CWORD ]]; then
            word+=$rest
        else
            word+=${COMP_WORDS[i]}
            rest=${rest:${#COMP_WORDS[i]}}
        fi
    done
    words+=("$word")

    local answer directive value about line
    local values=() abouts=() longest=0
    COMPREPLY=()
    answer=$(COMPLETE=bash "${1/#\~\//$HOME/}" -- "${words[@]:1}" 2>/dev/null </dev/null) || return
    directive=${answer##*:}
    [[ $directive =~ ^[0-9]+$ ]] || return
    while IFS= read -r line; do
        value=${line%%$'\t'*}
        about=
        [[ $line != *$'\t'* ]] || about=${line#*$'\t'}
        # Only what bash takes for the word is replaced.
        [[ $value == "$word"* ]] || continue
        value=${value#"${word%"$2"}"}
        values+=("$value")
        abouts+=("$about")
        ((${#value} > longest)) && longest=${#value}
    done < <(printf '%s' "${answer%:*}")

    if ((${#values[@]} == 0)); then
        # Nothing of its own: files, or no files.
        ((directive & 16)) && compopt -o dirnames 2>/dev/null
        ((directive & 20)) || compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$2"))
        return
    fi
    ((directive & 2)) && compopt -o nospace 2>/dev/null
    # Words about the candidates, where there is a choice; the one that is taken comes without.
    local width=$((${COLUMNS:-80} - longest - 6))
    for ((i = 0; i < ${#values[@]}; i++)); do
        if ((${#values[@]} == 1 || width < 10)) || [[ -z ${abouts[i]} || $COMP_TYPE == 37 ]]; then
            COMPREPLY+=("${values[i]}")
        else
            printf -v line '%-*s  (%s)' "$longest" "${values[i]}" "${abouts[i]:0:width}"
            COMPREPLY+=("$line")
        fi
    done
}

complete -o nosort -F _FUNCTION PROGRAM 2>/dev/null || complete -F _FUNCTION PROGRAM
