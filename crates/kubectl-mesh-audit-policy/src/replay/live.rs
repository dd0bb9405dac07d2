//! The logs of live proxies, as they stream from the API server: what the kubelets still keep.

use futures::{AsyncReadExt as _, StreamExt as _, stream};
use mesh_common::{Ctx, Error, Kind, Result, cluster::explain, output::count};

use super::{
    judge::Subject,
    lines::Lines,
    records::Records,
    stage::{Stage, Whose},
    summary::Summary,
    tally::Tally,
};

/// Logs on the wire at once: a kubelet reads each from disk.
const AT_ONCE: usize = 4;

/// The proxy's container.
const CONTAINER: &str = "istio-proxy";

/// Why a log could not be read.
struct Unread {
    forbidden: bool,
    error: Error,
}

/// Judges the logs of the proxies whose policies would change, or of the workload or namespace that was typed.
///
/// # Errors
/// No proxy is meant; none of their logs can be read.
pub(super) async fn judge(ctx: &Ctx, stage: &Stage, seconds: i64) -> Result<Summary> {
    let namespace = ctx.cluster.namespace.as_deref();
    let pods = selected(stage, namespace);
    if pods.is_empty() {
        return Err(Error::new(
            Kind::Unknown,
            "no proxy is selected: no workload with a sidecar or gateway has other policies as proposed",
        )
        .hint("--workload NAMESPACE/KIND/NAME names one; -n NAMESPACE takes all of a namespace"));
    }
    ctx.printer.note(format!(
        "reading the logs of {}, as far back as {seconds} s",
        count(pods.len(), "proxy")
    ));
    let mut summary = Summary::default();
    let mut failed: Vec<(String, Unread)> = Vec::new();
    let mut logs = stream::iter(pods.iter().copied())
        .map(|nth| async move { (nth, one(ctx, stage, nth, seconds).await) })
        .buffer_unordered(AT_ONCE);
    while let Some((nth, (part, unread))) = logs.next().await {
        summary = summary.merge(part);
        if let Some(unread) = unread {
            let name = stage
                .pods
                .list()
                .get(nth)
                .map(|pod| format!("{}/{}", pod.namespace, pod.name));
            failed.push((name.unwrap_or_default(), unread));
        }
    }
    failed.sort_by(|a, b| a.0.cmp(&b.0));
    if failed.len() == pods.len()
        && let Some((name, unread)) = failed.pop()
    {
        return Err(nothing(&name, unread));
    }
    let broken = failed
        .into_iter()
        .map(|(name, unread)| format!("{name}: {}", unread.error));
    summary.broken.extend(broken);
    Ok(summary)
}

/// What remains possible where no log can be read.
fn nothing(name: &str, unread: Unread) -> Error {
    let (namespace, pod) = name.split_once('/').unwrap_or(("", name));
    let read = mesh_common::shell::command(
        "kubectl logs -n {} {} -c istio-proxy > proxy.log",
        &[namespace, pod],
    );
    if unread.forbidden {
        return Error::cluster(
            "the log of no selected proxy may be read: that takes the right to get pods/log",
        )
        .caused_by(unread.error)
        .hint("docs/rbac/mesh-audit-policy.yaml has a role for it")
        .hint("what somebody else read can be judged: replay --log FILE")
        .hint(read);
    }
    unread.error
}

/// Pods whose logs are read.
fn selected(stage: &Stage, namespace: Option<&str>) -> Vec<usize> {
    let label = match stage.whose {
        Whose::One(nth) => stage
            .subjects
            .get(nth)
            .map(|subject| subject.label.as_str()),
        Whose::Pods => None,
    };
    let wanted = |nth: usize| {
        let (Some(pod), Some(Some(of))) = (stage.pods.list().get(nth), stage.of_pod.get(nth))
        else {
            return false;
        };
        let Some(subject) = stage.subjects.get(*of) else {
            return false;
        };
        if let Some(label) = label {
            return subject.label == label;
        }
        if namespace.is_some_and(|namespace| namespace != pod.namespace) {
            return false;
        }
        // With a namespace typed and nothing proposed, all of it is meant.
        let changed = |subject: &Subject| {
            let changes = |tcp| {
                let judge = subject.judge(tcp, &stage.policies);
                judge.is_some_and(|judge| !judge.is_unchanged())
            };
            changes(false) || changes(true)
        };
        let services = subject.services.iter().flat_map(|all| all.values());
        let mut behind = services.filter_map(|nth| stage.subjects.get(*nth));
        changed(subject) || behind.any(changed) || namespace.is_some() && !stage.proposes()
    };
    (0..stage.pods.list().len())
        .filter(|nth| wanted(*nth))
        .collect()
}

/// The log of one proxy.
async fn one(ctx: &Ctx, stage: &Stage, nth: usize, seconds: i64) -> (Summary, Option<Unread>) {
    let mut tally = Tally::new(stage, None);
    tally.of_pod(nth);
    let (mut lines, mut records) = (Lines::default(), Records::default());
    let unread = read(ctx, stage, nth, seconds, |bytes| {
        let long = lines.push(bytes, |line| records.push(line, |one| tally.line(one)));
        tally.too_long(long);
    })
    .await
    .err();
    let long = lines.finish(|line| records.push(line, |one| tally.line(one)));
    records.finish(|one| tally.line(one));
    tally.too_long(long);
    (tally.finish(), unread)
}

async fn read(
    ctx: &Ctx,
    stage: &Stage,
    nth: usize,
    seconds: i64,
    mut each: impl FnMut(&[u8]),
) -> Result<(), Unread> {
    let other = |error| Unread {
        forbidden: false,
        error,
    };
    let connection = ctx.connection().map_err(other)?;
    let client = ctx.client().map_err(other)?;
    let Some(pod) = stage.pods.list().get(nth) else {
        return Ok(());
    };
    let path = format!(
        "/api/v1/namespaces/{}/pods/{}/log?container={CONTAINER}&sinceSeconds={seconds}",
        pod.namespace, pod.name
    );
    let doing = format!("read the log of pod {} in {}", pod.name, pod.namespace);
    let request = http::Request::get(path)
        .body(Vec::new())
        .map_err(|e| other(Error::internal("a pod's name is no part of a path").caused_by(e)))?;
    let stream = client.request_stream(request).await.map_err(|e| Unread {
        forbidden: matches!(&e, kube::Error::Api(status) if status.code == 403),
        error: explain(&e, &doing, connection),
    })?;
    let mut stream = std::pin::pin!(stream);
    let mut room = vec![0; 64 << 10];
    loop {
        match stream.read(&mut room).await {
            Ok(0) => return Ok(()),
            Ok(n) => each(room.get(..n).unwrap_or_default()),
            Err(e) => {
                let error = Error::cluster(format!("{doing}: it broke off")).caused_by(e);
                return Err(other(error));
            }
        }
    }
}
