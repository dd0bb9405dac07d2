//! `--emit-job`: the same replay as a Kubernetes Indexed Job, a shard for each of its pods.
//!
//! The pods read files of a volume and nothing else: the mesh comes from a backup there or was typed, the policies from
//! a `ConfigMap`. They ask the API server for nothing, so that no role is needed; their account has no token.

use mesh_common::{Error, Kind, Result, output::yaml};
use serde_json::{Value, json};

use super::Replay;
use crate::files::Written;

const NAME: &str = "mesh-audit-policy-replay";

/// Where the volume is in the pods.
const LOGS: &str = "/logs";

/// Where the policies are in the pods.
const POLICIES: &str = "/policies/policies.json";

/// More parts than that are no help.
const SHARDS: u32 = 1_000;

/// What is typed for a Job.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct JobArgs {
    /// Print a Kubernetes Job that judges the logs of a volume in parts;
    /// paths of --log and --from are those in its pods, below /logs
    #[arg(long, requires_all = ["image", "claim"], help_heading = HEADING)]
    pub(super) emit_job: bool,

    /// Parts of the Job
    #[arg(long, value_name = "N", default_value_t = 4, requires = "emit_job",
        value_parser = clap::value_parser!(u32).range(1..=i64::from(SHARDS)), help_heading = HEADING)]
    pub(super) shards: u32,

    /// Image that has kubectl-mesh_audit_policy on its PATH
    #[arg(long, value_name = "IMAGE", requires = "emit_job", help_heading = HEADING)]
    pub(super) image: Option<String>,

    /// Claim of the volume with the logs
    #[arg(long, value_name = "CLAIM", requires = "emit_job", help_heading = HEADING)]
    pub(super) claim: Option<String>,
}

const HEADING: &str = "Job options";

/// The objects, as YAML.
pub(super) fn emit(
    replay: &Replay,
    namespace: Option<&str>,
    from: Option<&str>,
    files: Vec<Written>,
) -> Result<String> {
    let usage = |text: &str| Error::new(Kind::Usage, text);
    if from.is_none() && replay.workload_labels.is_none() {
        return Err(
            usage("a Job reads no cluster: give --from FILE, or --workload-labels")
                .hint("kubectl mesh-backup create, and copy the file to the volume"),
        );
    }
    let inside = |path: &str| path.starts_with(&format!("{LOGS}/")) && !path.contains("..");
    let logs: Vec<&str> = replay.log.iter().filter_map(|path| path.to_str()).collect();
    let outside = logs.iter().chain(from.iter()).find(|path| !inside(path));
    if let Some(path) = outside {
        let path = mesh_common::output::clean(path, 200);
        return Err(usage(&format!(
            "{path} is not below {LOGS}, where the pods see the volume"
        )));
    }
    if logs.is_empty() || logs.len() != replay.log.len() {
        return Err(usage("--log names no file of the volume"));
    }
    let mut args: Vec<String> = vec![
        "replay".into(),
        "-o=partial".into(),
        format!("--shard=+$(JOB_COMPLETION_INDEX)/{}", replay.job.shards),
    ];
    let mut add = |flag: &str, value: Option<String>| {
        // `$(NAME)` in an argument would be replaced; `$$` is a dollar.
        args.extend(value.map(|value| format!("{flag}={}", value.replace('$', "$$"))));
    };
    add("--from", from.map(str::to_owned));
    add("--namespace", namespace.map(str::to_owned));
    for log in logs {
        add("--log", Some(log.to_owned()));
    }
    add(
        "--filename",
        (!files.is_empty()).then(|| POLICIES.to_owned()),
    );
    add("--workload", replay.workload.clone());
    add("--workload-labels", replay.workload_labels.clone());
    add(
        "--istio-version",
        replay.istio_version.map(|version| version.to_string()),
    );
    add("--trust-domain", replay.trust_domain.clone());
    add("--root-namespace", replay.root_namespace.clone());
    for map in &replay.map {
        add("--map", Some(map.clone()));
    }
    add(
        "--logged-paths",
        replay.logged_paths.typed().map(str::to_owned),
    );
    if replay.whole_log {
        args.push("--whole-log".into());
    }
    args.extend(replay.policies.iter().map(|name| name.replace('$', "$$")));
    let objects: Vec<Value> = files.into_iter().map(|written| written.object).collect();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects});
    let documents = [account(), policies(&list)?, job(replay, &args)];
    let mut text = String::from(
        "# Apply this in the namespace of the claim. When the Job is complete, put its parts together:\n\
         #   for pod in $(kubectl get pods -l job-name=mesh-audit-policy-replay -o name); do\n\
         #     kubectl logs $pod > part-${pod##*-}.json\n\
         #   done\n\
         #   kubectl mesh-audit-policy replay merge part-*.json\n",
    );
    for (nth, document) in documents.iter().enumerate() {
        if nth > 0 {
            text.push_str("---\n");
        }
        text.push_str(&yaml(document)?);
    }
    Ok(text)
}

fn meta() -> Value {
    json!({"name": NAME, "labels": {"app.kubernetes.io/name": NAME}})
}

fn account() -> Value {
    json!({
        "apiVersion": "v1", "kind": "ServiceAccount", "metadata": meta(),
        "automountServiceAccountToken": false,
    })
}

fn policies(list: &Value) -> Result<Value> {
    // With its newline YAML has it as a block, without escapes.
    let text = serde_json::to_string_pretty(list)
        .map(|text| text + "\n")
        .map_err(|e| Error::internal("cannot write the policies").caused_by(e))?;
    // etcd's own limit is 1.5 MiB for a request.
    if text.len() > 900 << 10 {
        return Err(Error::user(
            "the policies of -f do not fit into a ConfigMap",
        ));
    }
    Ok(json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": meta(),
        "data": {"policies.json": text},
    }))
}

fn job(replay: &Replay, args: &[String]) -> Value {
    json!({
        "apiVersion": "batch/v1", "kind": "Job", "metadata": meta(),
        "spec": {
            "completionMode": "Indexed",
            "completions": replay.job.shards,
            "parallelism": replay.job.shards,
            "backoffLimit": replay.job.shards,
            "template": {
                "metadata": {"labels": {"app.kubernetes.io/name": NAME, "sidecar.istio.io/inject": "false"}},
                "spec": {
                    "restartPolicy": "Never",
                    "serviceAccountName": NAME,
                    "automountServiceAccountToken": false,
                    "securityContext": {"runAsNonRoot": true, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}},
                    "containers": [{
                        "name": "replay",
                        "image": replay.job.image,
                        "command": ["kubectl-mesh_audit_policy"],
                        "args": args,
                        "resources": {"requests": {"cpu": "1", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
                        "securityContext": {
                            "allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true,
                            "capabilities": {"drop": ["ALL"]},
                        },
                        "volumeMounts": [
                            {"name": "logs", "mountPath": LOGS, "readOnly": true},
                            {"name": "policies", "mountPath": "/policies", "readOnly": true},
                        ],
                    }],
                    "volumes": [
                        {"name": "logs", "persistentVolumeClaim": {"claimName": replay.job.claim, "readOnly": true}},
                        {"name": "policies", "configMap": {"name": NAME}},
                    ],
                },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Typed {
        #[command(flatten)]
        replay: Replay,
    }

    fn emitted(args: &[&str], from: Option<&str>) -> Result<String> {
        let job = ["replay", "--emit-job", "--image", "img", "--claim", "logs"];
        let typed = Typed::parse_from(job.iter().chain(args));
        let file = json!({"kind": "AuthorizationPolicy", "metadata": {"name": "a$(B)"}});
        let written = Written {
            object: file,
            file: "a".into(),
        };
        emit(&typed.replay, Some("shop"), from, vec![written])
    }

    #[test]
    fn a_job_has_a_shard_for_each_pod_and_no_rights() {
        let text = emitted(
            &[
                "--log",
                "/logs/a.gz",
                "--shards",
                "8",
                "--map",
                "path=$(HOME)",
            ],
            Some("/logs/mesh.tar.zst"),
        )
        .unwrap();
        let documents: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
        let [account, policies, job] = documents.as_slice() else {
            panic!("{text}")
        };
        assert_eq!(account["automountServiceAccountToken"], false);
        let list: Value =
            serde_json::from_str(policies["data"]["policies.json"].as_str().unwrap()).unwrap();
        assert_eq!(list["items"][0]["metadata"]["name"], "a$(B)");
        assert_eq!(job["spec"]["completionMode"], "Indexed");
        assert_eq!(job["spec"]["completions"], 8);
        let args = &job["spec"]["template"]["spec"]["containers"][0]["args"];
        assert_eq!(
            args,
            &json!([
                "replay",
                "-o=partial",
                "--shard=+$(JOB_COMPLETION_INDEX)/8",
                "--from=/logs/mesh.tar.zst",
                "--namespace=shop",
                "--log=/logs/a.gz",
                "--filename=/policies/policies.json",
                "--map=path=$$(HOME)"
            ])
        );
    }

    #[test]
    fn what_no_pod_could_read_is_refused() {
        for (args, from, want) in [
            (vec!["--log", "/logs/a"], None, "a Job reads no cluster"),
            (vec!["--log", "a"], Some("/logs/m"), "is not below /logs"),
            (
                vec!["--log", "/logs/../etc/passwd"],
                Some("/logs/m"),
                "is not below /logs",
            ),
            (vec!["--log", "/logs/a"], Some("m"), "is not below /logs"),
        ] {
            let error = emitted(&args, from).unwrap_err();
            assert!(error.to_string().contains(want), "{error}");
        }
    }
}
