# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_kubectl_mesh_backup_global_optspecs
    string join \n kubeconfig= context= cluster= user= n/namespace= i/istio-namespace= as= as-group= as-uid= request-timeout= v from= color= q/quiet y/yes h/help V/version
end

function __fish_kubectl_mesh_backup_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_kubectl_mesh_backup_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_kubectl_mesh_backup_using_subcommand
    set -l cmd (__fish_kubectl_mesh_backup_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -s V -l version -d 'Print version'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "create" -d 'Save everything the mesh needs to a file'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "list" -d 'List the backups in a folder, newest first'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "show" -d 'Show what is in a file'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "diff" -d 'Show what differs between two files, or a file and the cluster'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "verify" -d 'Prove that a file can bring a mesh back'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "restore" -d 'Bring back what is in a file'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "rollback" -d 'Take a restore back'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "completion" -d 'Set up TAB completion in your shell'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "version" -d 'Say the versions of this suite, kubectl, every istioctl, and the cluster'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l keep -d 'Keep only the newest N backups of this cluster in the folder of the file' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l encrypt-to -d 'Encrypt to a public key of age or SSH; may be repeated [default with Secrets: a passphrase]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l note -d 'A note for the manifest; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l overwrite -d 'Replace a file that is there'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l allow-partial -d 'Exit 0 even if something could not be read'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l include-secrets -d 'Save the mesh\'s own Secrets too: the CA, the ways to other clusters, gateways\' certificates'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -s A -l all-clusters -d 'Those of all clusters'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l identity -d 'File with an age identity or a private SSH key, for an encrypted backup; may be repeated' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l all -d 'Show the object as it was stored'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l only -d 'Compare these objects only: KIND, KIND/NAMESPACE, KIND/NAMESPACE/NAME, KIND/NAME without namespace; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l identity -d 'File with an age identity or a private SSH key, for an encrypted backup; may be repeated' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -s o -l output -d 'How to print the result' -r -f -a "table\t'Every field that differs, for a person'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
patch\t'A unified diff of YAML'
name\t'One name per line of what differs, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l all -d 'Compare what controllers make and write too'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -l full -d 'Show every object and every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l expect-digest -d 'Digest that the file had when it was made [default: the one in the journal of this machine]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l istioctl -d 'The istioctl to run; without it the pinned one, then PATH, whichever matches' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l parity -d 'How closely istioctl must match the istiod it speaks for' -r -f -a "exact\t'To the patch; a vendor\'s suffix is set aside'
minor\t'Same major and minor'
off\t'Any version that answers; needs a waiver'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l identity -d 'File with an age identity or a private SSH key, for an encrypted backup; may be repeated' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -s o -l output -d 'How to print the result' -r -f -a "table\t'Every check, for a person'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
junit\t'JUnit XML, for CI'
name\t'The code of each check that is not OK, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l offline -d 'Use no cluster: no rehearsal'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -l full -d 'Show every finding'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l only -d 'Only these: KIND, KIND/NAMESPACE or KIND/NAMESPACE/NAME; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l istiod-timeout -d 'How long to wait for istiod\'s endpoints' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l encrypt-to -d 'Keep what is changed encrypted to a public key of age or SSH, Secrets among it; may be repeated. Without it a Secret that is written over cannot be undone' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l identity -d 'File with an age identity or a private SSH key, for an encrypted backup; may be repeated' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l dry-run -d 'Stop before the first write: after the plan, or after a dry-run on the API server' -r -f -a "client\t'Print the plan and stop'
server\t'Send every object to the API server as a dry-run, and stop'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l waive -d 'Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l crds -d 'Replace CRDs that differ too, where no stored field or version is lost'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l istiod -d 'Restore istiod and the other workloads of the mesh too, and wait for istiod\'s endpoints'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l prune -d 'Delete resources of the mesh that the file does not have'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l force-conflicts -d 'Write over fields that somebody else set since'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l include-secrets -d 'Restore the mesh\'s own Secrets too, where the file has them: the CA, the ways to other clusters, gateways\' certificates'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l resume -d 'Go on with a restore that was interrupted'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand restore" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l identity -d 'File with an age identity or a private SSH key, for an encrypted backup; may be repeated' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l dry-run -d 'Stop before the first write: after the plan, or after a dry-run on the API server' -r -f -a "client\t'Print the plan and stop'
server\t'Send every object to the API server as a dry-run, and stop'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l waive -d 'Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand rollback" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "bash" -d 'Print the script that completes kubectl-mesh_backup in bash'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_backup in zsh'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "fish" -d 'Print the script that completes kubectl-mesh_backup in fish'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_backup in PowerShell'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "uninstall" -d 'Remove the helpers that `install` made'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from bash" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from fish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l dir -d 'The directory of the helpers [default: ~/.local/bin]' -r -f -a "(__fish_complete_directories)"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l dry-run -d 'Say what would be done, and do nothing'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l dir -d 'The directory of the helpers [default: ~/.local/bin]' -r -f -a "(__fish_complete_directories)"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Say what would be done, and do nothing'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "bash" -d 'Print the script that completes kubectl-mesh_backup in bash'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_backup in zsh'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "fish" -d 'Print the script that completes kubectl-mesh_backup in fish'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_backup in PowerShell'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "uninstall" -d 'Remove the helpers that `install` made'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l istioctl -d 'The istioctl to run; without it the pinned one, then PATH, whichever matches' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l parity -d 'How closely istioctl must match the istiod it speaks for' -r -f -a "exact\t'To the patch; a vendor\'s suffix is set aside'
minor\t'Same major and minor'
off\t'Any version that answers; needs a waiver'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l client -d 'Ask no cluster'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "create" -d 'Save everything the mesh needs to a file'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "list" -d 'List the backups in a folder, newest first'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "show" -d 'Show what is in a file'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "diff" -d 'Show what differs between two files, or a file and the cluster'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "verify" -d 'Prove that a file can bring a mesh back'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "restore" -d 'Bring back what is in a file'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "rollback" -d 'Take a restore back'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "completion" -d 'Set up TAB completion in your shell'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "version" -d 'Say the versions of this suite, kubectl, every istioctl, and the cluster'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and not __fish_seen_subcommand_from create list show diff verify restore rollback completion version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "bash" -d 'Print the script that completes kubectl-mesh_backup in bash'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_backup in zsh'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "fish" -d 'Print the script that completes kubectl-mesh_backup in fish'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_backup in PowerShell'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_backup -n "__fish_kubectl_mesh_backup_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "uninstall" -d 'Remove the helpers that `install` made'
