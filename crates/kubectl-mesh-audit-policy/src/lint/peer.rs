//! `PeerAuthentication`, and the mode that a workload ends up with: `pilot/pkg/security/authn/policy_applier.go`
//! (`ComposePeerAuthentication`) and `pilot/pkg/model/authentication.go` at 1.28.1.

use std::collections::BTreeMap;

use jiff::Timestamp;
use mesh_common::mesh::Labels;
use serde_json::Value;

use super::facts::{Spot, Subject};

/// How a port takes callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    Disable,
    Permissive,
    Strict,
}

impl Mode {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Disable => "DISABLE",
            Self::Permissive => "PERMISSIVE",
            Self::Strict => "STRICT",
        }
    }
}

/// One object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Peer {
    pub(crate) at: Subject,
    pub(crate) selector: Labels,
    /// None is UNSET: as what stands above it.
    pub(crate) mode: Option<Mode>,
    pub(crate) ports: BTreeMap<u16, Option<Mode>>,
    /// When it was made; one from a file is younger than all.
    pub(crate) created: Option<Timestamp>,
    /// What Istio's API refuses in it, or does not know, by field.
    pub(crate) refused: Vec<(String, String)>,
}

impl Peer {
    /// Reads an object.
    pub(crate) fn of(at: Subject, object: &Value) -> Self {
        let spec = &object["spec"];
        let mut refused = Vec::new();
        let mut mode = |mtls: &Value, field: &str| match mtls["mode"].as_str() {
            None | Some("UNSET") => None,
            Some("DISABLE") => Some(Mode::Disable),
            Some("PERMISSIVE") => Some(Mode::Permissive),
            Some("STRICT") => Some(Mode::Strict),
            Some(other) => {
                refused.push((
                    field.to_owned(),
                    format!("mode {other:?} is none of Istio's"),
                ));
                None
            }
        };
        let own = mode(&spec["mtls"], "spec.mtls.mode");
        let mut ports = BTreeMap::new();
        let mut odd = Vec::new();
        for (port, mtls) in spec["portLevelMtls"].as_object().into_iter().flatten() {
            let field = format!("spec.portLevelMtls.{port}");
            let of_port = mode(mtls, &field);
            match port.parse::<u16>() {
                Ok(number) if number > 0 => {
                    ports.insert(number, of_port);
                }
                _ => odd.push((field, format!("{port:?} is no port"))),
            }
        }
        refused.append(&mut odd);
        let labels = spec["selector"]["matchLabels"].as_object();
        let selector: Labels = labels
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        let has_ports = spec["portLevelMtls"].is_object();
        if has_ports && selector.is_empty() {
            let why = "portLevelMtls counts only with a selector";
            refused.push(("spec.portLevelMtls".into(), why.into()));
        } else if has_ports && ports.is_empty() && refused.is_empty() {
            refused.push(("spec.portLevelMtls".into(), "portLevelMtls is empty".into()));
        }
        Self {
            at,
            selector,
            mode: own,
            ports,
            created: object["metadata"]["creationTimestamp"]
                .as_str()
                .and_then(|text| text.parse().ok()),
            refused,
        }
    }

    /// Oldest first, as Istio sorts; what is not there yet is the youngest.
    fn age(&self) -> (bool, Option<Timestamp>, &str, &str) {
        let at = &self.at;
        (
            self.created.is_none(),
            self.created,
            &at.name,
            &at.namespace,
        )
    }
}

/// What a workload ends up with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effective {
    pub(crate) mode: Mode,
    pub(crate) ports: BTreeMap<u16, Mode>,
}

impl Effective {
    /// Whether every port takes only callers with an identity.
    pub(crate) fn is_strict(&self) -> bool {
        self.all().all(|mode| mode == Mode::Strict)
    }

    /// Whether no port of it ever sees an identity.
    pub(crate) fn is_off(&self) -> bool {
        self.all().all(|mode| mode == Mode::Disable)
    }

    fn all(&self) -> impl Iterator<Item = Mode> {
        std::iter::once(self.mode).chain(self.ports.values().copied())
    }
}

/// The scope of an object: of several in one scope the oldest wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    Mesh,
    Namespace,
    Workload,
    /// With a selector in the root namespace: it never counts.
    Never,
}

pub(crate) fn scope(peer: &Peer, root: &str) -> Scope {
    match (peer.selector.is_empty(), peer.at.namespace == root) {
        (true, true) => Scope::Mesh,
        (true, false) => Scope::Namespace,
        (false, false) => Scope::Workload,
        (false, true) => Scope::Never,
    }
}

/// The one that counts for a workload in a scope.
pub(crate) fn winner<'a>(
    peers: &'a [Peer],
    spot: &Spot,
    root: &str,
    of: Scope,
) -> Option<&'a Peer> {
    let here = |peer: &&Peer| {
        scope(peer, root) == of
            && (of == Scope::Mesh || peer.at.namespace == spot.namespace)
            && spot.has(&peer.selector)
    };
    peers
        .iter()
        .filter(here)
        .min_by(|a, b| a.age().cmp(&b.age()))
}

/// What counts for a workload.
pub(crate) fn effective(peers: &[Peer], spot: &Spot, root: &str) -> Effective {
    let at = |of| winner(peers, spot, root, of);
    let mut mode = Mode::Permissive;
    for peer in [at(Scope::Mesh), at(Scope::Namespace), at(Scope::Workload)] {
        mode = peer.and_then(|peer| peer.mode).unwrap_or(mode);
    }
    let ports = at(Scope::Workload).map(|peer| &peer.ports);
    let ports = ports.into_iter().flatten();
    Effective {
        mode,
        ports: ports
            .map(|(port, own)| (*port, own.unwrap_or(mode)))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::needless_pass_by_value,
        reason = "values of tables are written where they are used"
    )]

    use serde_json::json;

    use super::*;
    use crate::lint::made;

    fn peer(namespace: &str, name: &str, created: &str, spec: Value) -> Peer {
        let object = json!({"metadata": {"creationTimestamp": created}, "spec": spec});
        Peer::of(
            made::subject("PeerAuthentication", namespace, name),
            &object,
        )
    }

    #[test]
    fn the_narrowest_scope_counts_and_of_several_the_oldest() {
        use Mode::{Disable, Permissive, Strict};
        let mode = |mode: &str| json!({"mtls": {"mode": mode}});
        let of_a = |mode: &str, ports: Value| json!({"selector": {"matchLabels": {"app": "a"}}, "mtls": {"mode": mode}, "portLevelMtls": ports});
        let (old, new) = ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z");
        for (what, peers, want, ports) in [
            ("none", vec![], Permissive, vec![]),
            (
                "mesh",
                vec![peer("root", "m", old, mode("STRICT"))],
                Strict,
                vec![],
            ),
            (
                "namespace over mesh",
                vec![
                    peer("root", "m", old, mode("STRICT")),
                    peer("shop", "n", old, mode("DISABLE")),
                ],
                Disable,
                vec![],
            ),
            (
                "unset is as above",
                vec![
                    peer("root", "m", old, mode("STRICT")),
                    peer("shop", "n", old, mode("UNSET")),
                ],
                Strict,
                vec![],
            ),
            (
                "the oldest",
                vec![
                    peer("shop", "y", new, mode("DISABLE")),
                    peer("shop", "x", old, mode("STRICT")),
                ],
                Strict,
                vec![],
            ),
            (
                "a file is youngest",
                vec![
                    peer("shop", "a", "", mode("DISABLE")),
                    peer("shop", "x", new, mode("STRICT")),
                ],
                Strict,
                vec![],
            ),
            (
                "another namespace",
                vec![peer("other", "x", old, mode("STRICT"))],
                Permissive,
                vec![],
            ),
            (
                "with a selector in the root",
                vec![peer("root", "x", old, of_a("STRICT", json!(null)))],
                Permissive,
                vec![],
            ),
            (
                "ports",
                vec![
                    peer("shop", "n", old, mode("STRICT")),
                    peer(
                        "shop",
                        "w",
                        old,
                        of_a("UNSET", json!({"80": {"mode": "DISABLE"}, "81": {}})),
                    ),
                ],
                Strict,
                vec![(80, Disable), (81, Strict)],
            ),
        ] {
            let spot = made::spot("shop", "deployment/a", &[("app", "a")]);
            let got = effective(&peers, &spot, "root");
            assert_eq!(
                (got.mode, got.ports.into_iter().collect::<Vec<_>>()),
                (want, ports),
                "{what}"
            );
        }
    }
}
