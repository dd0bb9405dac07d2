# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_kubectl_mesh_istioctl_global_optspecs
    string join \n kubeconfig= context= cluster= user= n/namespace= i/istio-namespace= as= as-group= as-uid= request-timeout= v from= color= q/quiet y/yes h/help V/version
end

function __fish_kubectl_mesh_istioctl_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_kubectl_mesh_istioctl_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_kubectl_mesh_istioctl_using_subcommand
    set -l cmd (__fish_kubectl_mesh_istioctl_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -s V -l version -d 'Print version'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "install" -d 'Get an istioctl, check it, and keep it beside the others'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "list" -d 'List the installed istioctl, and which revision each matches'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "which" -d 'Print the path of the istioctl that matches a revision'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "exec" -d 'Run the istioctl that matches a revision'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "verify" -d 'Check the installed istioctl against their recorded sums'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "pin" -d 'Write a version and its sums to .mesh.toml, for a team to commit'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "remove" -d 'Remove an installed istioctl'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "completion" -d 'Set up TAB completion in your shell'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "version" -d 'Say the versions of this suite, kubectl, every istioctl, and the cluster'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l from-file -d 'Take the archive from this file, or from this directory; nothing is fetched' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l mirror -d 'Where releases are: VERSION/ARCHIVE is below it [default: Istio\'s releases on GitHub]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l client -d 'Ask no cluster'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l revision -d 'Revision to match [default: the only one that runs]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l istioctl -d 'The istioctl to run; without it the pinned one, then PATH, whichever matches' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l parity -d 'How closely istioctl must match the istiod it speaks for' -r -f -a "exact\t'To the patch; a vendor\'s suffix is set aside'
minor\t'Same major and minor'
off\t'Any version that answers; needs a waiver'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand which" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l revision -d 'Revision to match [default: the only one that runs]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l istioctl -d 'The istioctl to run; without it the pinned one, then PATH, whichever matches' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l parity -d 'How closely istioctl must match the istiod it speaks for' -r -f -a "exact\t'To the patch; a vendor\'s suffix is set aside'
minor\t'Same major and minor'
off\t'Any version that answers; needs a waiver'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l from-file -d 'Take the archive from this file, or from this directory; nothing is fetched' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l mirror -d 'Where releases are: VERSION/ARCHIVE is below it [default: Istio\'s releases on GitHub]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand pin" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "bash" -d 'Print the script that completes kubectl-mesh_istioctl in bash'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_istioctl in zsh'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "fish" -d 'Print the script that completes kubectl-mesh_istioctl in fish'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_istioctl in PowerShell'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "uninstall" -d 'Remove the helpers that `install` made'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from bash" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from fish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l dir -d 'The directory of the helpers [default: ~/.local/bin]' -r -f -a "(__fish_complete_directories)"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l dry-run -d 'Say what would be done, and do nothing'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l dir -d 'The directory of the helpers [default: ~/.local/bin]' -r -f -a "(__fish_complete_directories)"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Say what would be done, and do nothing'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "bash" -d 'Print the script that completes kubectl-mesh_istioctl in bash'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_istioctl in zsh'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "fish" -d 'Print the script that completes kubectl-mesh_istioctl in fish'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_istioctl in PowerShell'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "uninstall" -d 'Remove the helpers that `install` made'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l istioctl -d 'The istioctl to run; without it the pinned one, then PATH, whichever matches' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l parity -d 'How closely istioctl must match the istiod it speaks for' -r -f -a "exact\t'To the patch; a vendor\'s suffix is set aside'
minor\t'Same major and minor'
off\t'Any version that answers; needs a waiver'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l client -d 'Ask no cluster'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "install" -d 'Get an istioctl, check it, and keep it beside the others'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "list" -d 'List the installed istioctl, and which revision each matches'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "which" -d 'Print the path of the istioctl that matches a revision'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "exec" -d 'Run the istioctl that matches a revision'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "verify" -d 'Check the installed istioctl against their recorded sums'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "pin" -d 'Write a version and its sums to .mesh.toml, for a team to commit'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "remove" -d 'Remove an installed istioctl'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "completion" -d 'Set up TAB completion in your shell'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "version" -d 'Say the versions of this suite, kubectl, every istioctl, and the cluster'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and not __fish_seen_subcommand_from install list which exec verify pin remove completion version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "bash" -d 'Print the script that completes kubectl-mesh_istioctl in bash'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_istioctl in zsh'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "fish" -d 'Print the script that completes kubectl-mesh_istioctl in fish'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_istioctl in PowerShell'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_istioctl -n "__fish_kubectl_mesh_istioctl_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "uninstall" -d 'Remove the helpers that `install` made'
