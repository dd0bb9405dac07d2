#compdef kubectl-mesh_precheck

autoload -U is-at-least

_kubectl-mesh_precheck() {
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--to=[The release to go to\: 1.28.1, or 1.28]:VERSION:_default' \
'--fail-on=[What makes the exit code 2]:LEVEL:((warning\:"A warning or an error"
error\:"An error"
unknown\:"An error, or something that is not known"))' \
'--support-table=[Another table of releases and their support, as istio.io'\''s supportStatus.yml]:FILE:_files' \
'--baseline=[Findings that were accepted\: a YAML list of code, object (* at its end for any), reason and until (a day)]:FILE:_files' \
'--wait=[Look again for this long while something may heal by itself\: 5m]:DURATION:_default' \
'-o+[How to print the result]:FORMAT:((table\:"Every check, for a person"
wide\:"The table with every finding, as with --full"
short\:"Only what is not OK; nothing when all is"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
junit\:"JUnit XML, for CI"
rbac\:"The roles that the plugins need, to be applied; no cluster is read"
name\:"The code of each check that warns or fails, for a script"))' \
'--output=[How to print the result]:FORMAT:((table\:"Every check, for a person"
wide\:"The table with every finding, as with --full"
short\:"Only what is not OK; nothing when all is"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
junit\:"JUnit XML, for CI"
rbac\:"The roles that the plugins need, to be applied; no cluster is read"
name\:"The code of each check that warns or fails, for a script"))' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'--full[Show every finding, those to be known and those accepted too]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_kubectl-mesh_precheck_commands" \
"*::: :->kubectl-mesh_precheck" \
&& ret=0
    case $state in
    (kubectl-mesh_precheck)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_precheck-command-$line[1]:"
        case $line[1] in
            (run)
_arguments "${_arguments_options[@]}" : \
'--to=[The release to go to\: 1.28.1, or 1.28]:VERSION:_default' \
'--fail-on=[What makes the exit code 2]:LEVEL:((warning\:"A warning or an error"
error\:"An error"
unknown\:"An error, or something that is not known"))' \
'--support-table=[Another table of releases and their support, as istio.io'\''s supportStatus.yml]:FILE:_files' \
'--baseline=[Findings that were accepted\: a YAML list of code, object (* at its end for any), reason and until (a day)]:FILE:_files' \
'--wait=[Look again for this long while something may heal by itself\: 5m]:DURATION:_default' \
'-o+[How to print the result]:FORMAT:((table\:"Every check, for a person"
wide\:"The table with every finding, as with --full"
short\:"Only what is not OK; nothing when all is"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
junit\:"JUnit XML, for CI"
rbac\:"The roles that the plugins need, to be applied; no cluster is read"
name\:"The code of each check that warns or fails, for a script"))' \
'--output=[How to print the result]:FORMAT:((table\:"Every check, for a person"
wide\:"The table with every finding, as with --full"
short\:"Only what is not OK; nothing when all is"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
junit\:"JUnit XML, for CI"
rbac\:"The roles that the plugins need, to be applied; no cluster is read"
name\:"The code of each check that warns or fails, for a script"))' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'--full[Show every finding, those to be known and those accepted too]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(completion)
_arguments "${_arguments_options[@]}" : \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
":: :_kubectl-mesh_precheck__subcmd__completion_commands" \
"*::: :->completion" \
&& ret=0

    case $state in
    (completion)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_precheck-completion-command-$line[1]:"
        case $line[1] in
            (bash)
_arguments "${_arguments_options[@]}" : \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(zsh)
_arguments "${_arguments_options[@]}" : \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(fish)
_arguments "${_arguments_options[@]}" : \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(powershell)
_arguments "${_arguments_options[@]}" : \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(install)
_arguments "${_arguments_options[@]}" : \
'--dir=[The directory of the helpers \[default\: ~/.local/bin\]]:DIR:_files -/' \
'-o+[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
name\:"One name per line, for a script"))' \
'--output=[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
name\:"One name per line, for a script"))' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'--dry-run[Say what would be done, and do nothing]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(uninstall)
_arguments "${_arguments_options[@]}" : \
'--dir=[The directory of the helpers \[default\: ~/.local/bin\]]:DIR:_files -/' \
'-o+[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
name\:"One name per line, for a script"))' \
'--output=[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
name\:"One name per line, for a script"))' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'--dry-run[Say what would be done, and do nothing]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_kubectl-mesh_precheck__subcmd__completion__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_precheck-completion-help-command-$line[1]:"
        case $line[1] in
            (bash)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(zsh)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(fish)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(powershell)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(install)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(uninstall)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(version)
_arguments "${_arguments_options[@]}" : \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'-o+[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
name\:"One name per line, for a script"))' \
'--output=[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
name\:"One name per line, for a script"))' \
'--kubeconfig=[Kubeconfig file to use instead of \$KUBECONFIG or ~/.kube/config]:FILE:_files' \
'--context=[Context of the kubeconfig to use \[default\: the current one\]]:NAME:_default' \
'--cluster=[Cluster of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'--user=[User of the kubeconfig to use instead of the context'\''s]:NAME:_default' \
'-n+[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'--namespace=[Namespace to work in \[default\: the context'\''s, else "default"\]]:NAME:_default' \
'-i+[Namespace Istio runs in]:NAME:_default' \
'--istio-namespace=[Namespace Istio runs in]:NAME:_default' \
'--as=[User name to impersonate]:NAME:_default' \
'*--as-group=[Group to impersonate; may be repeated]:NAME:_default' \
'--as-uid=[UID to impersonate]:UID:_default' \
'--request-timeout=[How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit \[default\: 60s of silence\]]:DURATION:_default' \
'--from=[Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal\: nothing is written)]:FILE:_files' \
'--color=[When to use colour]:WHEN:((auto\:"On a terminal, unless \`NO_COLOR\`, \`CLICOLOR\` or \`TERM\` say otherwise"
always\:"Always"
never\:"Never"))' \
'--client[Ask no cluster]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_kubectl-mesh_precheck__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_precheck-help-command-$line[1]:"
        case $line[1] in
            (run)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(completion)
_arguments "${_arguments_options[@]}" : \
":: :_kubectl-mesh_precheck__subcmd__help__subcmd__completion_commands" \
"*::: :->completion" \
&& ret=0

    case $state in
    (completion)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_precheck-help-completion-command-$line[1]:"
        case $line[1] in
            (bash)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(zsh)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(fish)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(powershell)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(install)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(uninstall)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(version)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
}

(( $+functions[_kubectl-mesh_precheck_commands] )) ||
_kubectl-mesh_precheck_commands() {
    local commands; commands=(
'run:Check whether this mesh may be upgraded (the default)' \
'completion:Set up TAB completion in your shell' \
'version:Say the versions of this suite, kubectl, every istioctl, and the cluster' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_precheck commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_precheck in bash' \
'zsh:Print the script that completes kubectl-mesh_precheck in zsh' \
'fish:Print the script that completes kubectl-mesh_precheck in fish' \
'powershell:Print the script that completes kubectl-mesh_precheck in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_precheck completion commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__bash_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__fish_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__help_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__help_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_precheck in bash' \
'zsh:Print the script that completes kubectl-mesh_precheck in zsh' \
'fish:Print the script that completes kubectl-mesh_precheck in fish' \
'powershell:Print the script that completes kubectl-mesh_precheck in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_precheck completion help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__bash_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion help bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__fish_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion help fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__install_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion help install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__powershell_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion help powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__uninstall_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion help uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__zsh_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__help__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion help zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__install_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__powershell_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__uninstall_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__completion__subcmd__zsh_commands] )) ||
_kubectl-mesh_precheck__subcmd__completion__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck completion zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help_commands] )) ||
_kubectl-mesh_precheck__subcmd__help_commands() {
    local commands; commands=(
'run:Check whether this mesh may be upgraded (the default)' \
'completion:Set up TAB completion in your shell' \
'version:Say the versions of this suite, kubectl, every istioctl, and the cluster' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_precheck help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__completion_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__completion_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_precheck in bash' \
'zsh:Print the script that completes kubectl-mesh_precheck in zsh' \
'fish:Print the script that completes kubectl-mesh_precheck in fish' \
'powershell:Print the script that completes kubectl-mesh_precheck in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
    )
    _describe -t commands 'kubectl-mesh_precheck help completion commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__bash_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help completion bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__fish_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help completion fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__install_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help completion install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__powershell_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help completion powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__uninstall_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help completion uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__zsh_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__completion__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help completion zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__run_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__run_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help run commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__help__subcmd__version_commands] )) ||
_kubectl-mesh_precheck__subcmd__help__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck help version commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__run_commands] )) ||
_kubectl-mesh_precheck__subcmd__run_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck run commands' commands "$@"
}
(( $+functions[_kubectl-mesh_precheck__subcmd__version_commands] )) ||
_kubectl-mesh_precheck__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_precheck version commands' commands "$@"
}

if [ "$funcstack[1]" = "_kubectl-mesh_precheck" ]; then
    _kubectl-mesh_precheck "$@"
else
    compdef _kubectl-mesh_precheck kubectl-mesh_precheck
fi
