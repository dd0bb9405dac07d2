# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_kubectl_mesh_audit_policy_global_optspecs
    string join \n kubeconfig= context= cluster= user= n/namespace= i/istio-namespace= as= as-group= as-uid= request-timeout= v from= color= q/quiet y/yes h/help V/version
end

function __fish_kubectl_mesh_audit_policy_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_kubectl_mesh_audit_policy_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_kubectl_mesh_audit_policy_using_subcommand
    set -l cmd (__fish_kubectl_mesh_audit_policy_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -s V -l version -d 'Print version'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "list" -d 'List policies: which are enforced, and which are only watched'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "convert" -d 'Make copies of policies that can be watched without blocking'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "promote" -d 'Enforce a policy that was watched'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "rollback" -d 'Bring a policy back to how it was before it was enforced or copied'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "resume" -d 'Finish what an interrupted command began'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "completion" -d 'Set up TAB completion in your shell'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "version" -d 'Say the versions of this suite, kubectl, every istioctl, and the cluster'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s f -l filename -d 'Read the policies from a file, a folder or stdin (-) instead of the cluster; repeatable' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l mode -d 'How to watch (default: by what enforces the policy)' -r -f -a "dry-run\t'A copy with istio.io/dry-run: evaluated and counted, and nothing is blocked'
audit\t'A copy with action AUDIT: marks requests, and needs an access log that shows the marks'
replay\t'No copy: recorded traffic is judged'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l dry-run -d 'Stop before the first write: after the plan, or after a dry-run on the API server' -r -f -a "client\t'Print the plan and stop'
server\t'Send every object to the API server as a dry-run, and stop'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s A -l all-namespaces -d 'All namespaces'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l apply -d 'Make the copies in the cluster, after a plan and a confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand convert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l min -d 'How long it has to have been watched, such as 30m or 12h' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l max-unknown -d 'How many percent of the requests may be unknown' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l accept -d 'A caller that may be denied, or was not seen, and why; repeatable' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -s f -l filename -d 'The policy as it is to be enforced, instead of a copy in the cluster; goes with --replay' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l replay -d 'The result of replay -o json' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l replay-digest -d 'Digest of that result as replay printed it, sha256:…' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l dry-run -d 'Stop before the first write: after the plan, or after a dry-run on the API server' -r -f -a "client\t'Print the plan and stop'
server\t'Send every object to the API server as a dry-run, and stop'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l waive -d 'Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l to-record -d 'The record to undo (default: the newest of the policy that is not undone)' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l dry-run -d 'Stop before the first write: after the plan, or after a dry-run on the API server' -r -f -a "client\t'Print the plan and stop'
server\t'Send every object to the API server as a dry-run, and stop'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand rollback" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l record -d 'The record to finish (default: the unfinished one)' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l dry-run -d 'Stop before the first write: after the plan, or after a dry-run on the API server' -r -f -a "client\t'Print the plan and stop'
server\t'Send every object to the API server as a dry-run, and stop'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l waive -d 'Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "bash" -d 'Print the script that completes kubectl-mesh_audit_policy in bash'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_audit_policy in zsh'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "fish" -d 'Print the script that completes kubectl-mesh_audit_policy in fish'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_audit_policy in PowerShell'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "uninstall" -d 'Remove the helpers that `install` made'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and not __fish_seen_subcommand_from bash zsh fish powershell install uninstall help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from bash" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from zsh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from fish" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from powershell" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l dir -d 'The directory of the helpers [default: ~/.local/bin]' -r -f -a "(__fish_complete_directories)"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l dry-run -d 'Say what would be done, and do nothing'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l dir -d 'The directory of the helpers [default: ~/.local/bin]' -r -f -a "(__fish_complete_directories)"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l dry-run -d 'Say what would be done, and do nothing'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "bash" -d 'Print the script that completes kubectl-mesh_audit_policy in bash'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_audit_policy in zsh'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "fish" -d 'Print the script that completes kubectl-mesh_audit_policy in fish'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_audit_policy in PowerShell'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "uninstall" -d 'Remove the helpers that `install` made'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand completion; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l istioctl -d 'The istioctl to run; without it the pinned one, then PATH, whichever matches' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l parity -d 'How closely istioctl must match the istiod it speaks for' -r -f -a "exact\t'To the patch; a vendor\'s suffix is set aside'
minor\t'Same major and minor'
off\t'Any version that answers; needs a waiver'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
name\t'One name per line, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l client -d 'Ask no cluster'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from list convert promote rollback resume completion version help" -f -a "list" -d 'List policies: which are enforced, and which are only watched'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from list convert promote rollback resume completion version help" -f -a "convert" -d 'Make copies of policies that can be watched without blocking'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from list convert promote rollback resume completion version help" -f -a "promote" -d 'Enforce a policy that was watched'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from list convert promote rollback resume completion version help" -f -a "rollback" -d 'Bring a policy back to how it was before it was enforced or copied'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from list convert promote rollback resume completion version help" -f -a "resume" -d 'Finish what an interrupted command began'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from list convert promote rollback resume completion version help" -f -a "completion" -d 'Set up TAB completion in your shell'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from list convert promote rollback resume completion version help" -f -a "version" -d 'Say the versions of this suite, kubectl, every istioctl, and the cluster'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from list convert promote rollback resume completion version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "bash" -d 'Print the script that completes kubectl-mesh_audit_policy in bash'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_audit_policy in zsh'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "fish" -d 'Print the script that completes kubectl-mesh_audit_policy in fish'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_audit_policy in PowerShell'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "uninstall" -d 'Remove the helpers that `install` made'
