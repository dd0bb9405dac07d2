#compdef kubectl-mesh_audit_policy

autoload -U is-at-least

_kubectl-mesh_audit_policy() {
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
":: :_kubectl-mesh_audit_policy_commands" \
"*::: :->kubectl-mesh_audit_policy" \
&& ret=0
    case $state in
    (kubectl-mesh_audit_policy)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_audit_policy-command-$line[1]:"
        case $line[1] in
            (lint)
_arguments "${_arguments_options[@]}" : \
'*-f+[File or folder of policies, or - for stdin; may be repeated]:FILE:_files' \
'*--filename=[File or folder of policies, or - for stdin; may be repeated]:FILE:_files' \
'--fail-on=[What makes the exit code 2]:LEVEL:((warning\:"A warning or an error"
error\:"An error"
unknown\:"An error, or something that is not known"))' \
'-o+[How to print the result]:FORMAT:((table\:"What was found, for a person"
wide\:"Every check, with every finding, as with --full"
short\:"Only what is not OK; nothing when all is"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
junit\:"JUnit XML, for CI"
sarif\:"SARIF 2.1.0, for the lines of a pull request"
name\:"The code of each check that warns or fails, for a script"))' \
'--output=[How to print the result]:FORMAT:((table\:"What was found, for a person"
wide\:"Every check, with every finding, as with --full"
short\:"Only what is not OK; nothing when all is"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
junit\:"JUnit XML, for CI"
sarif\:"SARIF 2.1.0, for the lines of a pull request"
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
'--offline[Ask no cluster\: only what the files say by themselves is judged]' \
'--full[Show every check and every finding]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
&& ret=0
;;
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
&& ret=0
;;
(convert)
_arguments "${_arguments_options[@]}" : \
'*-f+[Read the policies from a file, a folder or stdin (-) instead of the cluster; repeatable]:FILE:_files' \
'*--filename=[Read the policies from a file, a folder or stdin (-) instead of the cluster; repeatable]:FILE:_files' \
'--mode=[How to watch (default\: by what enforces the policy)]:MODE:((dry-run\:"A copy with istio.io/dry-run\: evaluated and counted, and nothing is blocked"
audit\:"A copy with action AUDIT\: marks requests, and needs an access log that shows the marks"
replay\:"No copy\: recorded traffic is judged"))' \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
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
'(-n --namespace)-A[All namespaces]' \
'(-n --namespace)--all-namespaces[All namespaces]' \
'--apply[Make the copies in the cluster, after a plan and a confirmation]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::names -- The policies (default\: all DENY policies of the namespace):_default' \
&& ret=0
;;
(watch)
_arguments "${_arguments_options[@]}" : \
'--for=[How long to watch, such as 30m or 12h]:DURATION:_default' \
'--every=[How often the proxies are asked]:DURATION:_default' \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
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
'--enable-access-log[Log every request of these workloads while it lasts\: a Telemetry is made, and removed at the end]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':name -- The policy whose copy is watched:_default' \
&& ret=0
;;
(promote)
_arguments "${_arguments_options[@]}" : \
'--min=[How long it has to have been watched, such as 30m or 12h]:DURATION:_default' \
'--max-unknown=[How many percent of the requests may be unknown]:PERCENT:_default' \
'*--accept=[A caller that may be denied, or was not seen, and why; repeatable]:CALLER=REASON:_default' \
'--watch-after=[How long to see whom it refuses then, such as 5m; 0 for not at all]:DURATION:_default' \
'-f+[The policy as it is to be enforced, instead of a copy in the cluster; goes with --replay]:FILE:_files' \
'--filename=[The policy as it is to be enforced, instead of a copy in the cluster; goes with --replay]:FILE:_files' \
'--replay=[The result of replay -o json]:FILE:_files' \
'--replay-digest=[Digest of that result as replay printed it, sha256\:…]:DIGEST:_default' \
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
':name -- The policy to enforce:_default' \
&& ret=0
;;
(rollback)
_arguments "${_arguments_options[@]}" : \
'--to-record=[The record to undo (default\: the newest of the policy that is not undone)]:ID:_default' \
'--dry-run=[Stop before the first write\: after the plan, or after a dry-run on the API server]::HOW:((client\:"Print the plan and stop"
server\:"Send every object to the API server as a dry-run, and stop"))' \
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
':name -- The policy to bring back:_default' \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
'--record=[The record to finish (default\: the unfinished one)]:ID:_default' \
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
&& ret=0
;;
(replay)
_arguments "${_arguments_options[@]}" : \
'*-f+[File or folder with policies as proposed, or - for stdin; may be repeated]:FILE:_files' \
'*--filename=[File or folder with policies as proposed, or - for stdin; may be repeated]:FILE:_files' \
'*--log=[Log to read, or - for stdin; may be repeated. Without, the proxies'\'' own logs are read from the cluster]:FILE:_files' \
'(--emit-job)--since=[Judge only requests of this long until now, such as 24h]:DURATION:_default' \
'(--workload-labels)--workload=[Workload that the lines are of\: NAMESPACE/KIND/NAME. By default the pod'\''s name or address on each line tells it]:WORKLOAD:_default' \
'--workload-labels=[Without a mesh\: labels of the workload'\''s pods, such as app=web]:LABELS:_default' \
'--istio-version=[Without a mesh\: version of istiod]:VERSION:_default' \
'--trust-domain=[Without a mesh\: its trust domain \[default\: cluster.local\]]:DOMAIN:_default' \
'--root-namespace=[Without a mesh\: its root namespace \[default\: istio-system\]]:NAMESPACE:_default' \
'*--map=[Fields of JSON lines that are elsewhere than Istio puts them\: \`path=request_path,method=verb\`]:FIELD=KEY:_default' \
'--logged-paths=[Whether logged paths are those that policies saw]:HOW:((auto\:"Yes, unless a route of the mesh rewrites paths"
trust\:"Yes"
unknown\:"No\: they are not known"))' \
'--accept-blocked=[So many newly blocked requests are accepted]:N:_default' \
'--threads=[Threads that judge; by default one for each processor]:N:_default' \
'--shard=[Judge one of several parts of the logs, such as 1/8; see -o partial]:I/N:_default' \
'--shards=[Parts of the Job]:N:_default' \
'--image=[Image that has kubectl-mesh_audit_policy on its PATH]:IMAGE:_default' \
'--claim=[Claim of the volume with the logs]:CLAIM:_default' \
'-o+[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
html\:"One static HTML page"
partial\:"A part of a result, for \`replay merge\`"))' \
'--output=[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
html\:"One static HTML page"
partial\:"A part of a result, for \`replay merge\`"))' \
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
'--whole-log[Say that the log is neither filtered nor sampled]' \
'--emit-job[Print a Kubernetes Job that judges the logs of a volume in parts; paths of --log and --from are those in its pods, below /logs]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::policies -- A policy of the mesh, NAME or NAMESPACE/NAME, judged as if it were enforced:_default' \
":: :_kubectl-mesh_audit_policy__subcmd__replay_commands" \
"*::: :->replay" \
&& ret=0

    case $state in
    (replay)
        words=($line[2] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_audit_policy-replay-command-$line[2]:"
        case $line[2] in
            (merge)
_arguments "${_arguments_options[@]}" : \
'--accept-blocked=[So many newly blocked requests are accepted]:N:_default' \
'-o+[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
html\:"One static HTML page"
partial\:"A part of a result, for \`replay merge\`"))' \
'--output=[How to print the result]:FORMAT:((table\:"Aligned columns, for a person"
wide\:"The table with more columns"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
html\:"One static HTML page"
partial\:"A part of a result, for \`replay merge\`"))' \
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
'*::parts -- A part:_files' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_kubectl-mesh_audit_policy__subcmd__replay__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_audit_policy-replay-help-command-$line[1]:"
        case $line[1] in
            (merge)
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
":: :_kubectl-mesh_audit_policy__subcmd__completion_commands" \
"*::: :->completion" \
&& ret=0

    case $state in
    (completion)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_audit_policy-completion-command-$line[1]:"
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
":: :_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_audit_policy-completion-help-command-$line[1]:"
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
":: :_kubectl-mesh_audit_policy__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_audit_policy-help-command-$line[1]:"
        case $line[1] in
            (lint)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(convert)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(watch)
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
(replay)
_arguments "${_arguments_options[@]}" : \
":: :_kubectl-mesh_audit_policy__subcmd__help__subcmd__replay_commands" \
"*::: :->replay" \
&& ret=0

    case $state in
    (replay)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_audit_policy-help-replay-command-$line[1]:"
        case $line[1] in
            (merge)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(completion)
_arguments "${_arguments_options[@]}" : \
":: :_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion_commands" \
"*::: :->completion" \
&& ret=0

    case $state in
    (completion)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_audit_policy-help-completion-command-$line[1]:"
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

(( $+functions[_kubectl-mesh_audit_policy_commands] )) ||
_kubectl-mesh_audit_policy_commands() {
    local commands; commands=(
'lint:Find what the API server accepts and people regret' \
'list:List policies\: which are enforced, and which are only watched' \
'convert:Make copies of policies that can be watched without blocking' \
'watch:Watch what a policy in dry run would deny, and block nothing' \
'promote:Enforce a policy that was watched' \
'rollback:Bring a policy back to how it was before it was enforced or copied' \
'resume:Finish what an interrupted command began' \
'replay:What would policies, as proposed, have done to recorded traffic?' \
'completion:Set up TAB completion in your shell' \
'version:Say the versions of this suite, kubectl, every istioctl, and the cluster' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_audit_policy commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_audit_policy in bash' \
'zsh:Print the script that completes kubectl-mesh_audit_policy in zsh' \
'fish:Print the script that completes kubectl-mesh_audit_policy in fish' \
'powershell:Print the script that completes kubectl-mesh_audit_policy in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_audit_policy completion commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__bash_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__fish_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_audit_policy in bash' \
'zsh:Print the script that completes kubectl-mesh_audit_policy in zsh' \
'fish:Print the script that completes kubectl-mesh_audit_policy in fish' \
'powershell:Print the script that completes kubectl-mesh_audit_policy in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_audit_policy completion help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__bash_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion help bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__fish_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion help fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__install_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion help install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__powershell_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion help powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__uninstall_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion help uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__zsh_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__help__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion help zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__install_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__powershell_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__uninstall_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__completion__subcmd__zsh_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__completion__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy completion zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__convert_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__convert_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy convert commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help_commands() {
    local commands; commands=(
'lint:Find what the API server accepts and people regret' \
'list:List policies\: which are enforced, and which are only watched' \
'convert:Make copies of policies that can be watched without blocking' \
'watch:Watch what a policy in dry run would deny, and block nothing' \
'promote:Enforce a policy that was watched' \
'rollback:Bring a policy back to how it was before it was enforced or copied' \
'resume:Finish what an interrupted command began' \
'replay:What would policies, as proposed, have done to recorded traffic?' \
'completion:Set up TAB completion in your shell' \
'version:Say the versions of this suite, kubectl, every istioctl, and the cluster' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_audit_policy help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_audit_policy in bash' \
'zsh:Print the script that completes kubectl-mesh_audit_policy in zsh' \
'fish:Print the script that completes kubectl-mesh_audit_policy in fish' \
'powershell:Print the script that completes kubectl-mesh_audit_policy in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
    )
    _describe -t commands 'kubectl-mesh_audit_policy help completion commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__bash_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help completion bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__fish_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help completion fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__install_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help completion install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__powershell_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help completion powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__uninstall_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help completion uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__zsh_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__completion__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help completion zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__convert_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__convert_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help convert commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__lint_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__lint_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help lint commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__list_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help list commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__promote_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__promote_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help promote commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__replay_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__replay_commands() {
    local commands; commands=(
'merge:Put the parts of a result together' \
    )
    _describe -t commands 'kubectl-mesh_audit_policy help replay commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__replay__subcmd__merge_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__replay__subcmd__merge_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help replay merge commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__resume_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help resume commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__rollback_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__rollback_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help rollback commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__version_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help version commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__help__subcmd__watch_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__help__subcmd__watch_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy help watch commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__lint_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__lint_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy lint commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__list_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy list commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__promote_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__promote_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy promote commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__replay_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__replay_commands() {
    local commands; commands=(
'merge:Put the parts of a result together' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_audit_policy replay commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__replay__subcmd__help_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__replay__subcmd__help_commands() {
    local commands; commands=(
'merge:Put the parts of a result together' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_audit_policy replay help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__replay__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__replay__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy replay help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__replay__subcmd__help__subcmd__merge_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__replay__subcmd__help__subcmd__merge_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy replay help merge commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__replay__subcmd__merge_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__replay__subcmd__merge_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy replay merge commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__resume_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy resume commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__rollback_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__rollback_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy rollback commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__version_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy version commands' commands "$@"
}
(( $+functions[_kubectl-mesh_audit_policy__subcmd__watch_commands] )) ||
_kubectl-mesh_audit_policy__subcmd__watch_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_audit_policy watch commands' commands "$@"
}

if [ "$funcstack[1]" = "_kubectl-mesh_audit_policy" ]; then
    _kubectl-mesh_audit_policy "$@"
else
    compdef _kubectl-mesh_audit_policy kubectl-mesh_audit_policy
fi
