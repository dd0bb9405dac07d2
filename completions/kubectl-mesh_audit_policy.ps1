
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'kubectl-mesh_audit_policy' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'kubectl-mesh_audit_policy'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'kubectl-mesh_audit_policy' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Find what the API server accepts and people regret')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List policies: which are enforced, and which are only watched')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Make copies of policies that can be watched without blocking')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Watch what a policy in dry run would deny, and block nothing')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Enforce a policy that was watched')
            [CompletionResult]::new('rollback', 'rollback', [CompletionResultType]::ParameterValue, 'Bring a policy back to how it was before it was enforced or copied')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Finish what an interrupted command began')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'What would policies, as proposed, have done to recorded traffic?')
            [CompletionResult]::new('completion', 'completion', [CompletionResultType]::ParameterValue, 'Set up TAB completion in your shell')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Say the versions of this suite, kubectl, every istioctl, and the cluster')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'kubectl-mesh_audit_policy;lint' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File or folder of policies, or - for stdin; may be repeated')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File or folder of policies, or - for stdin; may be repeated')
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'What makes the exit code 2')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--istioctl', '--istioctl', [CompletionResultType]::ParameterName, 'The istioctl to run; without it the pinned one, then PATH, whichever matches')
            [CompletionResult]::new('--parity', '--parity', [CompletionResultType]::ParameterName, 'How closely istioctl must match the istiod it speaks for')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no cluster: only what the files say by themselves is judged')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every check and every finding')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;list' {
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;convert' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Read the policies from a file, a folder or stdin (-) instead of the cluster; repeatable')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'Read the policies from a file, a folder or stdin (-) instead of the cluster; repeatable')
            [CompletionResult]::new('--mode', '--mode', [CompletionResultType]::ParameterName, 'How to watch (default: by what enforces the policy)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Stop before the first write: after the plan, or after a dry-run on the API server')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-A', '-A ', [CompletionResultType]::ParameterName, 'All namespaces')
            [CompletionResult]::new('--all-namespaces', '--all-namespaces', [CompletionResultType]::ParameterName, 'All namespaces')
            [CompletionResult]::new('--apply', '--apply', [CompletionResultType]::ParameterName, 'Make the copies in the cluster, after a plan and a confirmation')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;watch' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'How long to watch, such as 30m or 12h')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'How often the proxies are asked')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Stop before the first write: after the plan, or after a dry-run on the API server')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--enable-access-log', '--enable-access-log', [CompletionResultType]::ParameterName, 'Log every request of these workloads while it lasts: a Telemetry is made, and removed at the end')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;promote' {
            [CompletionResult]::new('--min', '--min', [CompletionResultType]::ParameterName, 'How long it has to have been watched, such as 30m or 12h')
            [CompletionResult]::new('--max-unknown', '--max-unknown', [CompletionResultType]::ParameterName, 'How many percent of the requests may be unknown')
            [CompletionResult]::new('--accept', '--accept', [CompletionResultType]::ParameterName, 'A caller that may be denied, or was not seen, and why; repeatable')
            [CompletionResult]::new('--watch-after', '--watch-after', [CompletionResultType]::ParameterName, 'How long to see whom it refuses then, such as 5m; 0 for not at all')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'The policy as it is to be enforced, instead of a copy in the cluster; goes with --replay')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'The policy as it is to be enforced, instead of a copy in the cluster; goes with --replay')
            [CompletionResult]::new('--replay', '--replay', [CompletionResultType]::ParameterName, 'The result of replay -o json')
            [CompletionResult]::new('--replay-digest', '--replay-digest', [CompletionResultType]::ParameterName, 'Digest of that result as replay printed it, sha256:…')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Stop before the first write: after the plan, or after a dry-run on the API server')
            [CompletionResult]::new('--waive', '--waive', [CompletionResultType]::ParameterName, 'Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;rollback' {
            [CompletionResult]::new('--to-record', '--to-record', [CompletionResultType]::ParameterName, 'The record to undo (default: the newest of the policy that is not undone)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Stop before the first write: after the plan, or after a dry-run on the API server')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;resume' {
            [CompletionResult]::new('--record', '--record', [CompletionResultType]::ParameterName, 'The record to finish (default: the unfinished one)')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Stop before the first write: after the plan, or after a dry-run on the API server')
            [CompletionResult]::new('--waive', '--waive', [CompletionResultType]::ParameterName, 'Pass a required gate that is closed or unknown; the reason goes into the record. Repeatable')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;replay' {
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'File or folder with policies as proposed, or - for stdin; may be repeated')
            [CompletionResult]::new('--filename', '--filename', [CompletionResultType]::ParameterName, 'File or folder with policies as proposed, or - for stdin; may be repeated')
            [CompletionResult]::new('--log', '--log', [CompletionResultType]::ParameterName, 'Log to read, or - for stdin; may be repeated. Without, the proxies'' own logs are read from the cluster')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Judge only requests of this long until now, such as 24h')
            [CompletionResult]::new('--workload', '--workload', [CompletionResultType]::ParameterName, 'Workload that the lines are of: NAMESPACE/KIND/NAME. By default the pod''s name or address on each line tells it')
            [CompletionResult]::new('--workload-labels', '--workload-labels', [CompletionResultType]::ParameterName, 'Without a mesh: labels of the workload''s pods, such as app=web')
            [CompletionResult]::new('--istio-version', '--istio-version', [CompletionResultType]::ParameterName, 'Without a mesh: version of istiod')
            [CompletionResult]::new('--trust-domain', '--trust-domain', [CompletionResultType]::ParameterName, 'Without a mesh: its trust domain [default: cluster.local]')
            [CompletionResult]::new('--root-namespace', '--root-namespace', [CompletionResultType]::ParameterName, 'Without a mesh: its root namespace [default: istio-system]')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'Fields of JSON lines that are elsewhere than Istio puts them: `path=request_path,method=verb`')
            [CompletionResult]::new('--logged-paths', '--logged-paths', [CompletionResultType]::ParameterName, 'Whether logged paths are those that policies saw')
            [CompletionResult]::new('--accept-blocked', '--accept-blocked', [CompletionResultType]::ParameterName, 'So many newly blocked requests are accepted')
            [CompletionResult]::new('--threads', '--threads', [CompletionResultType]::ParameterName, 'Threads that judge; by default one for each processor')
            [CompletionResult]::new('--shard', '--shard', [CompletionResultType]::ParameterName, 'Judge one of several parts of the logs, such as 1/8; see -o partial')
            [CompletionResult]::new('--shards', '--shards', [CompletionResultType]::ParameterName, 'Parts of the Job')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Image that has kubectl-mesh_audit_policy on its PATH')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Claim of the volume with the logs')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--whole-log', '--whole-log', [CompletionResultType]::ParameterName, 'Say that the log is neither filtered nor sampled')
            [CompletionResult]::new('--emit-job', '--emit-job', [CompletionResultType]::ParameterName, 'Print a Kubernetes Job that judges the logs of a volume in parts; paths of --log and --from are those in its pods, below /logs')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Put the parts of a result together')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'kubectl-mesh_audit_policy;replay;merge' {
            [CompletionResult]::new('--accept-blocked', '--accept-blocked', [CompletionResultType]::ParameterName, 'So many newly blocked requests are accepted')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;replay;help' {
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Put the parts of a result together')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'kubectl-mesh_audit_policy;replay;help;merge' {
            break
        }
        'kubectl-mesh_audit_policy;replay;help;help' {
            break
        }
        'kubectl-mesh_audit_policy;completion' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('bash', 'bash', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in bash')
            [CompletionResult]::new('zsh', 'zsh', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in zsh')
            [CompletionResult]::new('fish', 'fish', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in fish')
            [CompletionResult]::new('powershell', 'powershell', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in PowerShell')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Let kubectl complete every installed plugin of the suite')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Remove the helpers that `install` made')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'kubectl-mesh_audit_policy;completion;bash' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;completion;zsh' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;completion;fish' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;completion;powershell' {
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;completion;install' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the helpers [default: ~/.local/bin]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do nothing')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;completion;uninstall' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The directory of the helpers [default: ~/.local/bin]')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Say what would be done, and do nothing')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;completion;help' {
            [CompletionResult]::new('bash', 'bash', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in bash')
            [CompletionResult]::new('zsh', 'zsh', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in zsh')
            [CompletionResult]::new('fish', 'fish', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in fish')
            [CompletionResult]::new('powershell', 'powershell', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in PowerShell')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Let kubectl complete every installed plugin of the suite')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Remove the helpers that `install` made')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'kubectl-mesh_audit_policy;completion;help;bash' {
            break
        }
        'kubectl-mesh_audit_policy;completion;help;zsh' {
            break
        }
        'kubectl-mesh_audit_policy;completion;help;fish' {
            break
        }
        'kubectl-mesh_audit_policy;completion;help;powershell' {
            break
        }
        'kubectl-mesh_audit_policy;completion;help;install' {
            break
        }
        'kubectl-mesh_audit_policy;completion;help;uninstall' {
            break
        }
        'kubectl-mesh_audit_policy;completion;help;help' {
            break
        }
        'kubectl-mesh_audit_policy;version' {
            [CompletionResult]::new('--istioctl', '--istioctl', [CompletionResultType]::ParameterName, 'The istioctl to run; without it the pinned one, then PATH, whichever matches')
            [CompletionResult]::new('--parity', '--parity', [CompletionResultType]::ParameterName, 'How closely istioctl must match the istiod it speaks for')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'How to print the result')
            [CompletionResult]::new('--kubeconfig', '--kubeconfig', [CompletionResultType]::ParameterName, 'Kubeconfig file to use instead of $KUBECONFIG or ~/.kube/config')
            [CompletionResult]::new('--context', '--context', [CompletionResultType]::ParameterName, 'Context of the kubeconfig to use [default: the current one]')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Cluster of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'User of the kubeconfig to use instead of the context''s')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('--namespace', '--namespace', [CompletionResultType]::ParameterName, 'Namespace to work in [default: the context''s, else "default"]')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--istio-namespace', '--istio-namespace', [CompletionResultType]::ParameterName, 'Namespace Istio runs in')
            [CompletionResult]::new('--as', '--as', [CompletionResultType]::ParameterName, 'User name to impersonate')
            [CompletionResult]::new('--as-group', '--as-group', [CompletionResultType]::ParameterName, 'Group to impersonate; may be repeated')
            [CompletionResult]::new('--as-uid', '--as-uid', [CompletionResultType]::ParameterName, 'UID to impersonate')
            [CompletionResult]::new('--request-timeout', '--request-timeout', [CompletionResultType]::ParameterName, 'How long one request may take, such as 30s or 1m30s; a bare number is seconds, 0 is no limit [default: 60s of silence]')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'Read the mesh from a mesh-backup archive instead of the cluster (a rehearsal: nothing is written)')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour')
            [CompletionResult]::new('--client', '--client', [CompletionResultType]::ParameterName, 'Ask no cluster')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show every row of long lists')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Show requests on stderr; -vv shows more')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notes on stderr; results, prompts and errors stay')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to the confirmation')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'kubectl-mesh_audit_policy;help' {
            [CompletionResult]::new('lint', 'lint', [CompletionResultType]::ParameterValue, 'Find what the API server accepts and people regret')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List policies: which are enforced, and which are only watched')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Make copies of policies that can be watched without blocking')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Watch what a policy in dry run would deny, and block nothing')
            [CompletionResult]::new('promote', 'promote', [CompletionResultType]::ParameterValue, 'Enforce a policy that was watched')
            [CompletionResult]::new('rollback', 'rollback', [CompletionResultType]::ParameterValue, 'Bring a policy back to how it was before it was enforced or copied')
            [CompletionResult]::new('resume', 'resume', [CompletionResultType]::ParameterValue, 'Finish what an interrupted command began')
            [CompletionResult]::new('replay', 'replay', [CompletionResultType]::ParameterValue, 'What would policies, as proposed, have done to recorded traffic?')
            [CompletionResult]::new('completion', 'completion', [CompletionResultType]::ParameterValue, 'Set up TAB completion in your shell')
            [CompletionResult]::new('version', 'version', [CompletionResultType]::ParameterValue, 'Say the versions of this suite, kubectl, every istioctl, and the cluster')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'kubectl-mesh_audit_policy;help;lint' {
            break
        }
        'kubectl-mesh_audit_policy;help;list' {
            break
        }
        'kubectl-mesh_audit_policy;help;convert' {
            break
        }
        'kubectl-mesh_audit_policy;help;watch' {
            break
        }
        'kubectl-mesh_audit_policy;help;promote' {
            break
        }
        'kubectl-mesh_audit_policy;help;rollback' {
            break
        }
        'kubectl-mesh_audit_policy;help;resume' {
            break
        }
        'kubectl-mesh_audit_policy;help;replay' {
            [CompletionResult]::new('merge', 'merge', [CompletionResultType]::ParameterValue, 'Put the parts of a result together')
            break
        }
        'kubectl-mesh_audit_policy;help;replay;merge' {
            break
        }
        'kubectl-mesh_audit_policy;help;completion' {
            [CompletionResult]::new('bash', 'bash', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in bash')
            [CompletionResult]::new('zsh', 'zsh', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in zsh')
            [CompletionResult]::new('fish', 'fish', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in fish')
            [CompletionResult]::new('powershell', 'powershell', [CompletionResultType]::ParameterValue, 'Print the script that completes kubectl-mesh_audit_policy in PowerShell')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Let kubectl complete every installed plugin of the suite')
            [CompletionResult]::new('uninstall', 'uninstall', [CompletionResultType]::ParameterValue, 'Remove the helpers that `install` made')
            break
        }
        'kubectl-mesh_audit_policy;help;completion;bash' {
            break
        }
        'kubectl-mesh_audit_policy;help;completion;zsh' {
            break
        }
        'kubectl-mesh_audit_policy;help;completion;fish' {
            break
        }
        'kubectl-mesh_audit_policy;help;completion;powershell' {
            break
        }
        'kubectl-mesh_audit_policy;help;completion;install' {
            break
        }
        'kubectl-mesh_audit_policy;help;completion;uninstall' {
            break
        }
        'kubectl-mesh_audit_policy;help;version' {
            break
        }
        'kubectl-mesh_audit_policy;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
