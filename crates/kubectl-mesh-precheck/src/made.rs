//! A small healthy mesh for tests, to be changed field by field.

use base64::{Engine, engine::general_purpose::STANDARD};
use mesh_common::mesh::{Known, Mesh, Source};

use crate::{
    check::{Check, Verdict},
    facts::{CaSecret, Facts, Installed, Target, Upgrade},
    support::Support,
    x509::certificates,
};

const HEALTHY: &str = include_str!("made/healthy.yaml");

/// A root certificate, O=cluster.local, from 2024-01-01 to 2034-01-01.
pub(crate) const ROOT: &str = include_str!("made/root.pem");

/// The healthy mesh; certificates are put in where it says so, which keeps them out of the reader's way.
fn healthy() -> String {
    HEALTHY
        .replace("not-a-certificate", &format!("{ROOT:?}"))
        .replace(
            "caBundle: Y2E=",
            &format!("caBundle: {}", STANDARD.encode(ROOT)),
        )
}

/// The mesh of `made/healthy.yaml` on 2025-11-20, and the facts of going to 1.28.1.
pub(crate) fn facts() -> Facts {
    with("")
}

/// The same with further objects.
pub(crate) fn with(objects: &str) -> Facts {
    let mut mesh = Mesh::from_yaml(
        [healthy().as_str(), objects]
            .into_iter()
            .filter(|t| !t.is_empty()),
        "istio-system",
        Source::Live {
            server: "https://127.0.0.1:6443".into(),
            context: Some("prod".into()),
        },
        "2025-11-20T12:00:00Z".parse().unwrap(),
    )
    .unwrap();
    mesh.kubernetes = Known::Known("v1.33.2".into());
    let support = Support::read(None).unwrap();
    let upgrade = Upgrade::of(&mesh, Target::parse("1.28.1"), &support);
    Facts {
        mesh,
        upgrade,
        support,
        ca: Known::Known(Some(ca())),
        installed: Installed {
            releases: Known::Known(Vec::new()),
            operators: Known::Known(Vec::new()),
        },
    }
}

/// The Secret of a CA that istiod made for itself.
fn ca() -> CaSecret {
    CaSecret {
        name: "istio-ca-secret".into(),
        signing: certificates(ROOT),
        roots: Vec::new(),
        chain: Vec::new(),
        renewed: false,
    }
}

/// Runs the check of this code among these.
pub(crate) fn run(checks: &[Check], code: &str, facts: &Facts) -> Verdict {
    let check = checks.iter().find(|c| c.code == code).unwrap();
    (check.run)(facts)
}
