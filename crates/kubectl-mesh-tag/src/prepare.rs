//! Everything a change by istioctl needs before anybody is asked: istioctl, the objects, the gates, the
//! impact, the way back.

use mesh_common::{
    check::{Backups, Cve, IstioctlFacts, Serving, Waiver},
    error::{Error, Kind, Result},
    istioctl::{self, Istioctl, Places, Search, Version},
    journal::{Action, Image},
    mesh::{Mesh, Raw, Wiring, impact::Impact, label, live},
    shell,
};

use crate::{
    cli::ChildArgs,
    facts,
    objects::{self, TagSet},
    plan::{Plan, Versions, WayBack},
    restore, screen,
    session::Session,
    wired,
};

/// What is to be done to which tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) action: Action,
    pub(crate) tag: &'a str,
    /// Revisions behind it now.
    pub(crate) from: &'a [String],
    pub(crate) to: &'a str,
    /// What this machine knows of backups.
    pub(crate) backups: &'a Backups,
    pub(crate) cve: Option<&'a Cve>,
    pub(crate) waivers: &'a [Waiver],
}

/// A plan with what is needed to carry it out.
pub(crate) struct Prepared {
    pub(crate) plan: Plan,
    /// What the search for istioctl saw; none in a rehearsal.
    pub(crate) search: Option<Search>,
    /// What istioctl will write.
    pub(crate) set: TagSet,
    /// The objects the plan rests on.
    pub(crate) raw: Raw,
}

impl Prepared {
    /// Makes the plan of a tag that istioctl is to set.
    ///
    /// # Errors
    /// What the plan must rest on cannot be read, or istioctl would refuse it.
    pub(crate) async fn make(
        session: &Session<'_>,
        child: &ChildArgs,
        ask: Ask<'_>,
    ) -> Result<Self> {
        let raw = session.mesh.raw()?.clone();
        let wanted = wanted_version(&session.mesh, ask.to)?;
        let set = objects::tag_set(
            &raw,
            &session.mesh.istio_namespace,
            ask.tag,
            ask.to,
            wanted.semver.minor,
        )?;
        let mut mesh = session.mesh.clone();
        let (search, serving) = match &session.live {
            None => (None, Serving::NotEvaluated),
            Some(live) => {
                let places = Places::of_this_process();
                let search = istioctl::search(&child.istioctl, &places, &wanted);
                let serving = facts::serving(session, &live.client, ask.to);
                let versions = live::versions(live.connection, &live.client, &session.mesh);
                let (search, serving, versions) =
                    futures::future::join3(search, serving, versions).await;
                mesh.tell(versions);
                (Some(search?), serving)
            }
        };
        let istioctl = search
            .as_ref()
            .map_or(IstioctlFacts::NotEvaluated, IstioctlFacts::from);
        let after = wired::wiring_after(&raw, &set.images, &session.wiring, &session.mesh)?;
        let impact = Impact::between(&session.mesh, &session.wiring, &after).map_err(|gap| {
            Error::new(
                Kind::Unknown,
                format!("what this does to the workloads is unknown: {}", gap.detail),
            )
            .hint(format!("this needs get and list on {}", gap.what))
        })?;
        let mut gates = facts::gates(
            &mesh,
            &session.wiring,
            &after,
            &ask,
            istioctl,
            serving,
            restore::unrestorable(ask.tag, &session.mesh.istio_namespace, &set.images, &raw),
        );
        gates.waive(ask.waivers)?;
        let versions = versions(&session.mesh);
        let plan = Plan {
            action: ask.action,
            tag: ask.tag.to_owned(),
            from: ask.from.to_vec(),
            to: Some(ask.to.to_owned()),
            inferred: None,
            istioctl: search
                .as_ref()
                .and_then(Search::chosen)
                .map(|i| format!("{} ({})", i.path().display(), i.version())),
            outcome: gates.outcome(),
            way_back: way_back(&ask, &impact, &versions, &set.images),
            findings: gates.findings.clone(),
            notes: notes(&ask, &set.images),
            images: set.images.clone(),
            gates,
            impact,
            versions,
            header: session.header(),
        };
        Ok(Self {
            plan,
            search,
            set,
            raw,
        })
    }

    /// The istioctl to run, or the refusal that says what was found where and how to get the right one.
    ///
    /// # Errors
    /// None fits.
    pub(crate) fn istioctl(&self) -> Result<Istioctl> {
        let search = self
            .search
            .clone()
            .ok_or_else(|| Error::internal("a rehearsal runs no istioctl"))?;
        Ok(search.into_found()?.binary)
    }
}

/// The version that istioctl must have: the target istiods'.
///
/// # Errors
/// No istiod of the revision is known, or its image does not tell.
pub(crate) fn wanted_version(mesh: &Mesh, revision: &str) -> Result<Version> {
    let istiods = mesh.istiods.items().map_err(|gap| {
        Error::new(
            Kind::Unknown,
            format!("istiods of {revision} are not known: {}", gap.detail),
        )
    })?;
    let of: Vec<_> = istiods.iter().filter(|i| i.revision == revision).collect();
    if of.is_empty() {
        return Err(
            Error::refused(format!("revision {revision} has no istiod")).hint(shell::command(
                "kubectl -n {} get deployments -l app=istiod -L istio.io/rev",
                &[&mesh.istio_namespace],
            )),
        );
    }
    of.iter()
        .find_map(|i| Version::parse(i.version.as_deref()?))
        .ok_or_else(|| {
            Error::new(
                Kind::Unknown,
                format!(
                    "the version of istiod {revision} is not known: its image is {}",
                    of[0].image
                ),
            )
        })
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

/// A dry-run pod in a namespace that uses the tag: which revision injects it now.
pub(crate) fn witnesses(wiring: &Wiring, tag: &str) -> Vec<String> {
    let by_label = wiring.namespaces.values().filter(|n| {
        !n.terminating && n.rev() == Some(tag) && !n.labels.contains_key(label::INJECTION)
    });
    let by_default = wiring.namespaces.values().filter(|n| {
        tag == objects::DEFAULT
            && n.labels
                .get(label::INJECTION)
                .is_some_and(|v| v == "enabled")
    });
    by_label.chain(by_default).map(|n| n.name.clone()).collect()
}

/// The command that takes it back, and what that does not bring back.
fn way_back(ask: &Ask<'_>, impact: &Impact, versions: &Versions, images: &[Image]) -> WayBack {
    let changing = images.iter().filter(|i| i.changes()).count();
    let to = ask.to;
    let proxy = versions
        .get(to)
        .map_or_else(String::new, |v| format!(" ({v})"));
    let mut means = vec![match ask.action {
        Action::Create => format!(
            "deletes the {} that this makes",
            screen::count(changing, "object")
        ),
        _ => format!(
            "restores {} to exactly what stands there now",
            screen::count(changing, "object")
        ),
    }];
    if !impact.changes.is_empty() {
        means.push(format!(
            "pods that restart before then keep the proxy of {to}{proxy} and its istiod, until they restart \
             again: istiod {to} must stay until then"
        ));
    }
    if !impact.rolls_now.is_empty() {
        means.push(match impact.rolls_now.len() {
            1 => "the gateway above rolls again, as it does now".to_owned(),
            n => format!("the {n} gateways above roll again, as they do now"),
        });
    }
    WayBack {
        command: shell::command("kubectl mesh-tag rollback {}", &[ask.tag]),
        means,
    }
}

fn notes(ask: &Ask<'_>, images: &[Image]) -> Vec<String> {
    let mut notes = Vec::new();
    if ask.from.len() > 1 {
        notes.push(format!(
            "tag {} is owned by two revisions today ({}): an older istioctl moved its webhook and left its Service. This mends it.",
            ask.tag,
            ask.from.join(", ")
        ));
    }
    if ask.tag == objects::DEFAULT {
        notes.push(
            "tag default also decides who validates objects without a revision label, and which istiod leads \
             the controllers of the cluster"
                .into(),
        );
        if images
            .iter()
            .any(|i| objects::goal(i).starts_with("switched off"))
        {
            notes.push(
                "the un-revisioned injector is switched off by this; istioctl cannot switch it on again, rollback can"
                    .into(),
            );
        }
    }
    notes
}
