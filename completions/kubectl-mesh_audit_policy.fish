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
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "lint" -d 'Find what the API server accepts and people regret'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "list" -d 'List policies: which are enforced, and which are only watched'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "convert" -d 'Make copies of policies that can be watched without blocking'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "watch" -d 'Watch what a policy in dry run would deny, and block nothing'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "promote" -d 'Enforce a policy that was watched'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "rollback" -d 'Bring a policy back to how it was before it was enforced or copied'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "resume" -d 'Finish what an interrupted command began'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "replay" -d 'What would policies, as proposed, have done to recorded traffic?'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "completion" -d 'Set up TAB completion in your shell'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "version" -d 'Say the versions of this suite, kubectl, every istioctl, and the cluster'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -s f -l filename -d 'File or folder of policies, or - for stdin; may be repeated' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l fail-on -d 'What makes the exit code 2' -r -f -a "warning\t'A warning or an error'
error\t'An error'
unknown\t'An error, or something that is not known'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -s o -l output -d 'How to print the result' -r -f -a "table\t'What was found, for a person'
wide\t'Every check, with every finding, as with --full'
short\t'Only what is not OK; nothing when all is'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
junit\t'JUnit XML, for CI'
sarif\t'SARIF 2.1.0, for the lines of a pull request'
name\t'The code of each check that warns or fails, for a script'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l istioctl -d 'The istioctl to run; without it the pinned one, then PATH, whichever matches' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l parity -d 'How closely istioctl must match the istiod it speaks for' -r -f -a "exact\t'To the patch; a vendor\'s suffix is set aside'
minor\t'Same major and minor'
off\t'Any version that answers; needs a waiver'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l offline -d 'Ask no cluster: only what the files say by themselves is judged'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -l full -d 'Show every check and every finding'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand lint" -s h -l help -d 'Print help (see more with \'--help\')'
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
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l for -d 'How long to watch, such as 30m or 12h' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l every -d 'How often the proxies are asked' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l dry-run -d 'Stop before the first write: after the plan, or after a dry-run on the API server' -r -f -a "client\t'Print the plan and stop'
server\t'Send every object to the API server as a dry-run, and stop'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -l enable-access-log -d 'Log every request of these workloads while it lasts: a Telemetry is made, and removed at the end'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l min -d 'How long it has to have been watched, such as 30m or 12h' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l max-unknown -d 'How many percent of the requests may be unknown' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l accept -d 'A caller that may be denied, or was not seen, and why; repeatable' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand promote" -l watch-after -d 'How long to see whom it refuses then, such as 5m; 0 for not at all' -r
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
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -s f -l filename -d 'File or folder with policies as proposed, or - for stdin; may be repeated' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l log -d 'Log to read, or - for stdin; may be repeated. Without, the proxies\' own logs are read from the cluster' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l since -d 'Judge only requests of this long until now, such as 24h' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l workload -d 'Workload that the lines are of: NAMESPACE/KIND/NAME. By default the pod\'s name or address on each line tells it' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l workload-labels -d 'Without a mesh: labels of the workload\'s pods, such as app=web' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l istio-version -d 'Without a mesh: version of istiod' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l trust-domain -d 'Without a mesh: its trust domain [default: cluster.local]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l root-namespace -d 'Without a mesh: its root namespace [default: istio-system]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l map -d 'Fields of JSON lines that are elsewhere than Istio puts them: `path=request_path,method=verb`' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l logged-paths -d 'Whether logged paths are those that policies saw' -r -f -a "auto\t'Yes, unless a route of the mesh rewrites paths'
trust\t'Yes'
unknown\t'No: they are not known'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l accept-blocked -d 'So many newly blocked requests are accepted' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l threads -d 'Threads that judge; by default one for each processor' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l shard -d 'Judge one of several parts of the logs, such as 1/8; see -o partial' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l shards -d 'Parts of the Job' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l image -d 'Image that has kubectl-mesh_audit_policy on its PATH' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l claim -d 'Claim of the volume with the logs' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
html\t'One static HTML page'
partial\t'A part of a result, for `replay merge`'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l whole-log -d 'Say that the log is neither filtered nor sampled'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l emit-job -d 'Print a Kubernetes Job that judges the logs of a volume in parts; paths of --log and --from are those in its pods, below /logs'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -a "merge" -d 'Put the parts of a result together'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and not __fish_seen_subcommand_from merge help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l accept-blocked -d 'So many newly blocked requests are accepted' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -s o -l output -d 'How to print the result' -r -f -a "table\t'Aligned columns, for a person'
wide\t'The table with more columns'
json\t'JSON, the public contract'
yaml\t'The same document as YAML'
markdown\t'Markdown, for a ticket'
html\t'One static HTML page'
partial\t'A part of a result, for `replay merge`'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l kubeconfig -d 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l context -d 'Context of the kubeconfig to use [default: the current one]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l cluster -d 'Cluster of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l user -d 'User of the kubeconfig to use instead of the context\'s' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -s n -l namespace -d 'Namespace to work in [default: the context\'s, else "default"]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -s i -l istio-namespace -d 'Namespace Istio runs in' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l as -d 'User name to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l as-group -d 'Group to impersonate; may be repeated' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l as-uid -d 'UID to impersonate' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l request-timeout -d 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]' -r
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l from -d 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)' -r -F
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l color -d 'When to use colour' -r -f -a "auto\t'On a terminal, unless `NO_COLOR`, `CLICOLOR` or `TERM` say otherwise'
always\t'Always'
never\t'Never'"
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -l full -d 'Show every row of long lists'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -s v -d 'Show requests on stderr; -vv shows more'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -s q -l quiet -d 'Print no notes on stderr; results, prompts and errors stay'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -s y -l yes -d 'Answer yes to the confirmation'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from merge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from help" -f -a "merge" -d 'Put the parts of a result together'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand replay; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
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
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "lint" -d 'Find what the API server accepts and people regret'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "list" -d 'List policies: which are enforced, and which are only watched'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "convert" -d 'Make copies of policies that can be watched without blocking'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "watch" -d 'Watch what a policy in dry run would deny, and block nothing'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "promote" -d 'Enforce a policy that was watched'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "rollback" -d 'Bring a policy back to how it was before it was enforced or copied'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "resume" -d 'Finish what an interrupted command began'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "replay" -d 'What would policies, as proposed, have done to recorded traffic?'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "completion" -d 'Set up TAB completion in your shell'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "version" -d 'Say the versions of this suite, kubectl, every istioctl, and the cluster'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and not __fish_seen_subcommand_from lint list convert watch promote rollback resume replay completion version help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from replay" -f -a "merge" -d 'Put the parts of a result together'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "bash" -d 'Print the script that completes kubectl-mesh_audit_policy in bash'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "zsh" -d 'Print the script that completes kubectl-mesh_audit_policy in zsh'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "fish" -d 'Print the script that completes kubectl-mesh_audit_policy in fish'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "powershell" -d 'Print the script that completes kubectl-mesh_audit_policy in PowerShell'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "install" -d 'Let kubectl complete every installed plugin of the suite'
complete -c kubectl-mesh_audit_policy -n "__fish_kubectl_mesh_audit_policy_using_subcommand help; and __fish_seen_subcommand_from completion" -f -a "uninstall" -d 'Remove the helpers that `install` made'
