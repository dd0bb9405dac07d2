//! What an istiod says its version is: `GET /version` on its monitoring port, through the API server.

use std::{collections::HashMap, time::Duration};

use futures::{StreamExt, stream};
use k8s_openapi::api::core::v1::Pod;
use kube::{Api, Client};

use crate::{
    cluster::{
        Connection, explain,
        forward::{Fetch, NotFetched},
    },
    mesh::{Gap, Istiod, Known, Mesh, Why},
    output::clean,
};

/// Long enough for a connection over a bad line; without an answer the image's tag still stands.
const DEADLINE: Duration = Duration::from_secs(5);
/// The answer is one short line.
const MAX_ANSWER: usize = 4 * 1024;
/// istiod's monitoring port (`--monitoringAddr`).
const PORT: u16 = 15014;
/// Port-forwards at once.
const AT_ONCE: usize = 4;

/// What istiod pods answered. To be put into the mesh they are of.
#[derive(Debug, Default)]
pub struct Versions(HashMap<String, Known<String>>);

/// Asks every ready istiod pod of the mesh; what does not answer stays unknown, with the reason.
///
/// Kept apart from the reading of lists so that a command can do something else meanwhile: a port-forward takes longer
/// than any of them.
pub async fn versions(conn: &Connection, client: &Client, mesh: &Mesh) -> Versions {
    let istiods = mesh.istiods.get().map_or(&[][..], Vec::as_slice);
    let pods: Api<Pod> = Api::namespaced(client.clone(), &conn.istio_namespace);
    let asked: Vec<(String, u16)> = istiods
        .iter()
        .flat_map(|istiod| {
            let port = port(istiod);
            let ready = istiod.pods.iter().filter(|pod| pod.ready);
            ready.map(move |pod| (pod.name.clone(), port))
        })
        .collect();
    let answers = stream::iter(asked)
        .map(|(name, port)| {
            let pods = &pods;
            async move {
                let answer = one(conn, pods, &name, port).await;
                (name, answer)
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    Versions(answers)
}

impl Mesh {
    /// Puts in what its istiods answered.
    pub fn tell(&mut self, mut answers: Versions) {
        let Known::Known(istiods) = &mut self.istiods else {
            return;
        };
        for pod in istiods.iter_mut().flat_map(|i| &mut i.pods) {
            pod.reported = answers.0.remove(&pod.name).unwrap_or_else(|| {
                Known::Unknown(gap(Why::NotRead, format!("{} is not ready", pod.name)))
            });
        }
    }
}

fn gap(why: Why, detail: String) -> Gap {
    Gap {
        what: "istiod versions".into(),
        why,
        detail,
    }
}

async fn one(conn: &Connection, pods: &Api<Pod>, name: &str, port: u16) -> Known<String> {
    let fetch = Fetch {
        pod: name,
        port,
        path: "/version",
        most: MAX_ANSWER,
        deadline: DEADLINE,
    };
    match fetch.from(pods).await {
        Ok(text) => Known::Known(version_in(&text)),
        Err(NotFetched::Refused(e)) => Known::Unknown(refused(&e, conn, name)),
        Err(NotFetched::Failed(why)) => Known::Unknown(gap(
            Why::Failed,
            format!("cannot ask {name} for its version: {}", clean(&why, 200)),
        )),
    }
}

/// Why there is no port-forward. Which verb is missing is the API server's to say: `get` for a WebSocket, and from
/// Kubernetes 1.35 on `create` too (kubernetes/kubernetes#134577).
fn refused(e: &kube::Error, conn: &Connection, name: &str) -> Gap {
    let words = explain(e, &format!("forward a port of {name}"), conn);
    gap(Why::of(e), words.to_string())
}

/// The monitoring port by `--monitoringAddr`, as `:15014` or `0.0.0.0:15014`.
fn port(istiod: &Istiod) -> u16 {
    let mut args = istiod.args.iter();
    while let Some(arg) = args.next() {
        let address = match arg.strip_prefix("--monitoringAddr") {
            Some("") => args.next().map(String::as_str),
            Some(rest) => rest.strip_prefix('='),
            None => continue,
        };
        return address
            .and_then(|a| a.rsplit(':').next())
            .and_then(|p| p.parse().ok())
            .unwrap_or(PORT);
    }
    PORT
}

/// The version in `1.28.1-<commit>-Clean` (`pkg/version/cobra.go`, `setServerInfoWithIstiodVersionInfo`): what is before the
/// last two parts, or before the last one of two.
fn version_in(text: &str) -> String {
    let text = clean(text.trim(), 200);
    let parts: Vec<_> = text.split('-').collect();
    let keep = match parts.len() {
        0 | 1 => parts.len(),
        2 => 1,
        n => n - 2,
    };
    parts[..keep].join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_istiods_answer() {
        for (text, version) in [
            ("1.28.1-0a1b2c-Clean\n", "1.28.1"),
            ("1.28.1-alpha.0-0a1b2c-Modified", "1.28.1-alpha.0"),
            ("1.28.1-Clean", "1.28.1"),
            ("1.28.1", "1.28.1"),
            ("", ""),
        ] {
            assert_eq!(version_in(text), version, "{text}");
        }
    }

    #[test]
    fn the_missing_verb_is_the_one_the_api_server_names() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config");
        let config = "clusters: [{name: c, cluster: {server: 'https://api:6443'}}]\n\
                      contexts: [{name: prod, context: {cluster: c}}]\ncurrent-context: prod\n";
        std::fs::write(&file, config).unwrap();
        let args = crate::cluster::ClusterArgs {
            kubeconfig: Some(file),
            ..Default::default()
        };
        let conn = args.resolve().unwrap();
        // A WebSocket needs `get`, from Kubernetes 1.35 on `create` as well: either may be the missing one.
        for verb in ["get", "create"] {
            let status = serde_json::json!({ "code": 403, "reason": "Forbidden", "message": format!(
                "pods \"istiod-x\" is forbidden: User \"jane\" cannot {verb} resource \"pods/portforward\" in API \
                 group \"\" in the namespace \"istio-system\""
            )});
            let status: kube::core::Status = serde_json::from_value(status).unwrap();
            let gap = refused(&kube::Error::Api(Box::new(status)), &conn, "istiod-x");
            assert_eq!(gap.why, Why::Forbidden);
            let want = format!("no right to {verb} pods/portforward in namespace \"istio-system\"");
            assert!(gap.detail.contains(&want), "{}", gap.detail);
        }
    }
}
