#compdef kubectl-mesh_tag

autoload -U is-at-least

_kubectl-mesh_tag() {
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
'-V[Print version]' \
'--version[Print version]' \
":: :_kubectl-mesh_tag_commands" \
"*::: :->kubectl-mesh_tag" \
&& ret=0
    case $state in
    (kubectl-mesh_tag)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_tag-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
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
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::tag -- Show only this tag:_default' \
&& ret=0
;;
(status)
_arguments "${_arguments_options[@]}" : \
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
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':tag -- The tag:_default' \
&& ret=0
;;
(move)
_arguments "${_arguments_options[@]}" : \
'(--undo)--to=[The tag or revision to put them on]:TAG|REVISION:_default' \
'-l+[Choose namespaces by label, as kubectl does\: team=payments,env!=dev]:SELECTOR:_default' \
'--selector=[Choose namespaces by label, as kubectl does\: team=payments,env!=dev]:SELECTOR:_default' \
'--percent=[Move only this share of the chosen namespaces, the same ones each time]:N:_default' \
'--to-record=[With --undo\: the record to undo]:ID:_default' \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
'*--waive=[Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable]:GATE=REASON:_default' \
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
'(--percent -l --selector)--undo[Give the namespaces back the labels they had before the last move]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::namespaces -- The namespaces to move:_default' \
&& ret=0
;;
(promote)
_arguments "${_arguments_options[@]}" : \
'--to=[The revision to move it to (default\: the one behind the tag canary)]:REVISION:_default' \
'--cve=[A security fix\: 24 hours of canary are enough. The reason goes into the record]:ID=REASON:_default' \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
'*--waive=[Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable]:GATE=REASON:_default' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--istioctl-timeout=[How long istioctl may take before it is stopped]:SECONDS:_default' \
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
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':tag -- The tag to move:_default' \
&& ret=0
;;
(rollback)
_arguments "${_arguments_options[@]}" : \
'--to-record=[The record to undo (default\: the newest of the tag that is not undone)]:ID:_default' \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
'*--waive=[Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable]:GATE=REASON:_default' \
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
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':tag -- The tag to bring back:_default' \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
'--record=[The record to finish (default\: the unfinished one)]:ID:_default' \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
'*--waive=[Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable]:GATE=REASON:_default' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--istioctl-timeout=[How long istioctl may take before it is stopped]:SECONDS:_default' \
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
(history)
_arguments "${_arguments_options[@]}" : \
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
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::tag -- Only this tag (default\: everything, moves of namespaces too):_default' \
&& ret=0
;;
(create)
_arguments "${_arguments_options[@]}" : \
'--to=[The revision that it is to point to]:REVISION:_default' \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
'*--waive=[Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable]:GATE=REASON:_default' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--istioctl-timeout=[How long istioctl may take before it is stopped]:SECONDS:_default' \
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
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':tag -- The tag to make:_default' \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
'*--waive=[Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable]:GATE=REASON:_default' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'--istioctl-timeout=[How long istioctl may take before it is stopped]:SECONDS:_default' \
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
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':tag -- The tag to remove:_default' \
&& ret=0
;;
(completion)
_arguments "${_arguments_options[@]}" : \
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
":: :_kubectl-mesh_tag__subcmd__completion_commands" \
"*::: :->completion" \
&& ret=0

    case $state in
    (completion)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_tag-completion-command-$line[1]:"
        case $line[1] in
            (bash)
_arguments "${_arguments_options[@]}" : \
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
":: :_kubectl-mesh_tag__subcmd__completion__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_tag-completion-help-command-$line[1]:"
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
":: :_kubectl-mesh_tag__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_tag-help-command-$line[1]:"
        case $line[1] in
            (list)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(status)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(move)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(promote)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rollback)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(history)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(create)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(remove)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(completion)
_arguments "${_arguments_options[@]}" : \
":: :_kubectl-mesh_tag__subcmd__help__subcmd__completion_commands" \
"*::: :->completion" \
&& ret=0

    case $state in
    (completion)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_tag-help-completion-command-$line[1]:"
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

(( $+functions[_kubectl-mesh_tag_commands] )) ||
_kubectl-mesh_tag_commands() {
    local commands; commands=(
'list:List revision tags, the revisions behind them, and who uses them' \
'status:Show where a tag points, who uses it, and what stands before its promotion' \
'move:Put namespaces on a tag or revision' \
'promote:Move a tag to another revision' \
'rollback:Bring a tag back to how it was before the last operation on it' \
'resume:Finish what an interrupted command began' \
'history:Show what was done to a tag, newest first' \
'create:Make a tag for a revision' \
'remove:Remove a tag that nothing uses' \
'completion:Set up TAB completion in your shell' \
'version:Say the versions of this suite, kubectl, every istioctl, and the cluster' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_tag commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion_commands] )) ||
_kubectl-mesh_tag__subcmd__completion_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_tag in bash' \
'zsh:Print the script that completes kubectl-mesh_tag in zsh' \
'fish:Print the script that completes kubectl-mesh_tag in fish' \
'powershell:Print the script that completes kubectl-mesh_tag in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_tag completion commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__bash_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__fish_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__help_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__help_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_tag in bash' \
'zsh:Print the script that completes kubectl-mesh_tag in zsh' \
'fish:Print the script that completes kubectl-mesh_tag in fish' \
'powershell:Print the script that completes kubectl-mesh_tag in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_tag completion help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__bash_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion help bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__fish_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion help fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__install_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion help install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__powershell_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion help powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__uninstall_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion help uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__zsh_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__help__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion help zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__install_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__powershell_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__uninstall_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__completion__subcmd__zsh_commands] )) ||
_kubectl-mesh_tag__subcmd__completion__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag completion zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__create_commands] )) ||
_kubectl-mesh_tag__subcmd__create_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag create commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help_commands] )) ||
_kubectl-mesh_tag__subcmd__help_commands() {
    local commands; commands=(
'list:List revision tags, the revisions behind them, and who uses them' \
'status:Show where a tag points, who uses it, and what stands before its promotion' \
'move:Put namespaces on a tag or revision' \
'promote:Move a tag to another revision' \
'rollback:Bring a tag back to how it was before the last operation on it' \
'resume:Finish what an interrupted command began' \
'history:Show what was done to a tag, newest first' \
'create:Make a tag for a revision' \
'remove:Remove a tag that nothing uses' \
'completion:Set up TAB completion in your shell' \
'version:Say the versions of this suite, kubectl, every istioctl, and the cluster' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_tag help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__completion_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__completion_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_tag in bash' \
'zsh:Print the script that completes kubectl-mesh_tag in zsh' \
'fish:Print the script that completes kubectl-mesh_tag in fish' \
'powershell:Print the script that completes kubectl-mesh_tag in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
    )
    _describe -t commands 'kubectl-mesh_tag help completion commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__bash_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help completion bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__fish_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help completion fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__install_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help completion install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__powershell_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help completion powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__uninstall_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help completion uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__zsh_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__completion__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help completion zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__create_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__create_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help create commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__history_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__history_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help history commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__list_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help list commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__move_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__move_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help move commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__promote_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__promote_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help promote commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__remove_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__remove_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help remove commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__resume_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help resume commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__rollback_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__rollback_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help rollback commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__status_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help status commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__help__subcmd__version_commands] )) ||
_kubectl-mesh_tag__subcmd__help__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag help version commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__history_commands] )) ||
_kubectl-mesh_tag__subcmd__history_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag history commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__list_commands] )) ||
_kubectl-mesh_tag__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag list commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__move_commands] )) ||
_kubectl-mesh_tag__subcmd__move_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag move commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__promote_commands] )) ||
_kubectl-mesh_tag__subcmd__promote_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag promote commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__remove_commands] )) ||
_kubectl-mesh_tag__subcmd__remove_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag remove commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__resume_commands] )) ||
_kubectl-mesh_tag__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag resume commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__rollback_commands] )) ||
_kubectl-mesh_tag__subcmd__rollback_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag rollback commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__status_commands] )) ||
_kubectl-mesh_tag__subcmd__status_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag status commands' commands "$@"
}
(( $+functions[_kubectl-mesh_tag__subcmd__version_commands] )) ||
_kubectl-mesh_tag__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_tag version commands' commands "$@"
}

if [ "$funcstack[1]" = "_kubectl-mesh_tag" ]; then
    _kubectl-mesh_tag "$@"
else
    compdef _kubectl-mesh_tag kubectl-mesh_tag
fi
