//! Everything a change by istioctl needs before anybody is asked: istioctl, the objects, the gates, the
//! impact, the way back.

use mesh_common::{
    Outcome,
    check::{Cve, Facts, OverlapFacts, ParityFacts, SkewFacts, Waiver},
    error::{Error, Kind, Result},
    istioctl::{self, Istioctl, Places, Version},
    journal::Action,
    mesh::{
        Mesh, Wiring, label,
        impact::Impact,
        probe::{self, Probe},
        raw::Raw,
    },
};

use crate::{
    cli::ChildArgs,
    objects::{self, TagSet},
    plan::{Plan, Versions, WayBack},
    session::Session,
    wired,
};

/// What is to be done to which tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) action: Action,
    pub(crate) tag: &'a str,
    pub(crate) from: &'a [String],
    pub(crate) to: &'a str,
    pub(crate) cve: Option<&'a Cve>,
    pub(crate) waivers: &'a [Waiver],
}

/// A plan with what is needed to carry it out.
pub(crate) struct Prepared {
    pub(crate) plan: Plan,
    /// The istioctl that fits; none in a rehearsal, or when none was found (its gate is closed then).
    pub(crate) istioctl: Option<Istioctl>,
    /// What istioctl will write.
    pub(crate) set: TagSet,
    /// The objects the plan rests on.
    pub(crate) raw: Raw,
    /// The wiring afterwards.
    pub(crate) after: Wiring,
}

/// The minor of istioctl that the target's istiods ask for.
pub(crate) fn wanted_version(mesh: &Mesh, revision: &str) -> Option<Version> {
    let istiods = mesh.istiods.items().ok()?;
    istiods
        .iter()
        .filter(|i| i.revision == revision)
        .find_map(|i| Version::parse(i.version.as_deref()?))
}

/// Versions of all revisions, by revision.
pub(crate) fn versions(mesh: &Mesh) -> Versions {
    mesh.istiods
        .items()
        .unwrap_or_default()
        .iter()
        .filter_map(|i| Some((i.revision.clone(), i.version.clone()?)))
        .collect()
}
