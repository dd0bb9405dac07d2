#compdef kubectl-mesh_backup

autoload -U is-at-least

_kubectl-mesh_backup() {
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
":: :_kubectl-mesh_backup_commands" \
"*::: :->kubectl-mesh_backup" \
&& ret=0
    case $state in
    (kubectl-mesh_backup)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_backup-command-$line[1]:"
        case $line[1] in
            (create)
_arguments "${_arguments_options[@]}" : \
'--keep=[Keep only the newest N backups of this cluster in the folder of the file]:N:_default' \
'*--encrypt-to=[Encrypt to a public key of age or SSH; may be repeated \[default with Secrets\: a passphrase\]]:KEY:_default' \
'*--note=[A note for the manifest; may be repeated]:TEXT:_default' \
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
'--overwrite[Replace a file that is there]' \
'--allow-partial[Exit 0 even if something could not be read]' \
'--include-secrets[Save the mesh'\''s own Secrets too\: the CA, the ways to other clusters, gateways'\'' certificates]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::file -- File to write\: zstd, or gzip if it ends in .tar.gz or .tgz; - is standard output:_files' \
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
'()-A[Those of all clusters]' \
'()--all-clusters[Those of all clusters]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::dir -- Folder to look into:_files' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'*--identity=[File with an age identity or a private SSH key, for an encrypted backup; may be repeated]:FILE:_files' \
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
'--all[Show the object as it was stored]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':file -- File to read:_files' \
'*::object -- An object\: KIND/NAMESPACE/NAME, KIND/NAME or KIND NAME; or a KIND. Plural, singular or short name, with its group or without:_default' \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
'*--only=[Compare these objects only\: KIND, KIND/NAMESPACE, KIND/NAMESPACE/NAME, KIND/NAME without namespace; may be repeated]:KIND/NS/NAME:_default' \
'*--identity=[File with an age identity or a private SSH key, for an encrypted backup; may be repeated]:FILE:_files' \
'-o+[How to print the result]:FORMAT:((table\:"Every field that differs, for a person"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
patch\:"A unified diff of YAML"
name\:"One name per line of what differs, for a script"))' \
'--output=[How to print the result]:FORMAT:((table\:"Every field that differs, for a person"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
patch\:"A unified diff of YAML"
name\:"One name per line of what differs, for a script"))' \
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
'--all[Compare what controllers make and write too]' \
'--full[Show every object and every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::a -- File to compare \[default\: the newest backup of this cluster on this machine\]:_files' \
'::b -- File to compare it with, or "live" for the cluster:_files' \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
'--expect-digest=[Digest that the file had when it was made \[default\: the one in the journal of this machine\]]:sha256:HEX:_default' \
'--istioctl=[The istioctl to run; without it the pinned one, then PATH, whichever matches]:PATH:_files' \
'--parity=[How closely istioctl must match the istiod it speaks for]:HOW:((exact\:"To the patch; a vendor'\''s suffix is set aside"
minor\:"Same major and minor"
off\:"Any version that answers; needs a waiver"))' \
'*--identity=[File with an age identity or a private SSH key, for an encrypted backup; may be repeated]:FILE:_files' \
'-o+[How to print the result]:FORMAT:((table\:"Every check, for a person"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
junit\:"JUnit XML, for CI"
name\:"The code of each check that is not OK, for a script"))' \
'--output=[How to print the result]:FORMAT:((table\:"Every check, for a person"
json\:"JSON, the public contract"
yaml\:"The same document as YAML"
markdown\:"Markdown, for a ticket"
junit\:"JUnit XML, for CI"
name\:"The code of each check that is not OK, for a script"))' \
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
'--offline[Use no cluster\: no rehearsal]' \
'--full[Show every finding]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::file -- File to verify \[default\: the newest backup of this cluster on this machine\]:_files' \
&& ret=0
;;
(restore)
_arguments "${_arguments_options[@]}" : \
'*--only=[Only these\: KIND, KIND/NAMESPACE or KIND/NAMESPACE/NAME; may be repeated]:KIND/NS/NAME:_default' \
'--istiod-timeout=[How long to wait for istiod'\''s endpoints]:SECONDS:_default' \
'*--encrypt-to=[Keep what is changed encrypted to a public key of age or SSH, Secrets among it; may be repeated. Without it a Secret that is written over cannot be undone]:KEY:_default' \
'*--identity=[File with an age identity or a private SSH key, for an encrypted backup; may be repeated]:FILE:_files' \
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
'--crds[Replace CRDs that differ too, where no stored field or version is lost]' \
'--istiod[Restore istiod and the other workloads of the mesh too, and wait for istiod'\''s endpoints]' \
'(--only)--prune[Delete resources of the mesh that the file does not have]' \
'--force-conflicts[Write over fields that somebody else set since]' \
'--include-secrets[Restore the mesh'\''s own Secrets too, where the file has them\: the CA, the ways to other clusters, gateways'\'' certificates]' \
'(--only --crds --istiod --prune --force-conflicts --include-secrets --encrypt-to)--resume[Go on with a restore that was interrupted]' \
'--full[Show every row of long lists]' \
'*-v[Show requests on stderr; -vv shows more]' \
'-q[Print no notes on stderr; results, prompts and errors stay]' \
'--quiet[Print no notes on stderr; results, prompts and errors stay]' \
'-y[Answer yes to the confirmation]' \
'--yes[Answer yes to the confirmation]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'::file -- File to read:_files' \
&& ret=0
;;
(rollback)
_arguments "${_arguments_options[@]}" : \
'*--identity=[File with an age identity or a private SSH key, for an encrypted backup; may be repeated]:FILE:_files' \
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
'::record -- The record to undo \[default\: the newest restore that is not undone\]:_default' \
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
":: :_kubectl-mesh_backup__subcmd__completion_commands" \
"*::: :->completion" \
&& ret=0

    case $state in
    (completion)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_backup-completion-command-$line[1]:"
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
":: :_kubectl-mesh_backup__subcmd__completion__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_backup-completion-help-command-$line[1]:"
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
":: :_kubectl-mesh_backup__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_backup-help-command-$line[1]:"
        case $line[1] in
            (create)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(list)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(diff)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(verify)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(restore)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rollback)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(completion)
_arguments "${_arguments_options[@]}" : \
":: :_kubectl-mesh_backup__subcmd__help__subcmd__completion_commands" \
"*::: :->completion" \
&& ret=0

    case $state in
    (completion)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:kubectl-mesh_backup-help-completion-command-$line[1]:"
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

(( $+functions[_kubectl-mesh_backup_commands] )) ||
_kubectl-mesh_backup_commands() {
    local commands; commands=(
'create:Save everything the mesh needs to a file' \
'list:List the backups in a folder, newest first' \
'show:Show what is in a file' \
'diff:Show what differs between two files, or a file and the cluster' \
'verify:Prove that a file can bring a mesh back' \
'restore:Bring back what is in a file' \
'rollback:Take a restore back' \
'completion:Set up TAB completion in your shell' \
'version:Say the versions of this suite, kubectl, every istioctl, and the cluster' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_backup commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion_commands] )) ||
_kubectl-mesh_backup__subcmd__completion_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_backup in bash' \
'zsh:Print the script that completes kubectl-mesh_backup in zsh' \
'fish:Print the script that completes kubectl-mesh_backup in fish' \
'powershell:Print the script that completes kubectl-mesh_backup in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_backup completion commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__bash_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__fish_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__help_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__help_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_backup in bash' \
'zsh:Print the script that completes kubectl-mesh_backup in zsh' \
'fish:Print the script that completes kubectl-mesh_backup in fish' \
'powershell:Print the script that completes kubectl-mesh_backup in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_backup completion help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__bash_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion help bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__fish_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion help fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__install_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion help install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__powershell_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion help powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__uninstall_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion help uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__zsh_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__help__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion help zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__install_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__powershell_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__uninstall_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__completion__subcmd__zsh_commands] )) ||
_kubectl-mesh_backup__subcmd__completion__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup completion zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__create_commands] )) ||
_kubectl-mesh_backup__subcmd__create_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup create commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__diff_commands] )) ||
_kubectl-mesh_backup__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup diff commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help_commands] )) ||
_kubectl-mesh_backup__subcmd__help_commands() {
    local commands; commands=(
'create:Save everything the mesh needs to a file' \
'list:List the backups in a folder, newest first' \
'show:Show what is in a file' \
'diff:Show what differs between two files, or a file and the cluster' \
'verify:Prove that a file can bring a mesh back' \
'restore:Bring back what is in a file' \
'rollback:Take a restore back' \
'completion:Set up TAB completion in your shell' \
'version:Say the versions of this suite, kubectl, every istioctl, and the cluster' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'kubectl-mesh_backup help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__completion_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__completion_commands() {
    local commands; commands=(
'bash:Print the script that completes kubectl-mesh_backup in bash' \
'zsh:Print the script that completes kubectl-mesh_backup in zsh' \
'fish:Print the script that completes kubectl-mesh_backup in fish' \
'powershell:Print the script that completes kubectl-mesh_backup in PowerShell' \
'install:Let kubectl complete every installed plugin of the suite' \
'uninstall:Remove the helpers that \`install\` made' \
    )
    _describe -t commands 'kubectl-mesh_backup help completion commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__bash_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__bash_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help completion bash commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__fish_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__fish_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help completion fish commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__install_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__install_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help completion install commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__powershell_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__powershell_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help completion powershell commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__uninstall_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__uninstall_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help completion uninstall commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__zsh_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__completion__subcmd__zsh_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help completion zsh commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__create_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__create_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help create commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__diff_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__diff_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help diff commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__help_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help help commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__list_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help list commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__restore_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__restore_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help restore commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__rollback_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__rollback_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help rollback commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__show_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help show commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__verify_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help verify commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__help__subcmd__version_commands] )) ||
_kubectl-mesh_backup__subcmd__help__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup help version commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__list_commands] )) ||
_kubectl-mesh_backup__subcmd__list_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup list commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__restore_commands] )) ||
_kubectl-mesh_backup__subcmd__restore_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup restore commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__rollback_commands] )) ||
_kubectl-mesh_backup__subcmd__rollback_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup rollback commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__show_commands] )) ||
_kubectl-mesh_backup__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup show commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__verify_commands] )) ||
_kubectl-mesh_backup__subcmd__verify_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup verify commands' commands "$@"
}
(( $+functions[_kubectl-mesh_backup__subcmd__version_commands] )) ||
_kubectl-mesh_backup__subcmd__version_commands() {
    local commands; commands=()
    _describe -t commands 'kubectl-mesh_backup version commands' commands "$@"
}

if [ "$funcstack[1]" = "_kubectl-mesh_backup" ]; then
    _kubectl-mesh_backup "$@"
else
    compdef _kubectl-mesh_backup kubectl-mesh_backup
fi
