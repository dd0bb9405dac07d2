//! What this user may do of all that the runbook will need, asked of the API server itself.

use std::collections::{BTreeMap, BTreeSet};

use kube::Client;
use mesh_common::{
    Result,
    cluster::rights::{Ask, Right, Verdict, can_i},
    mesh::{Known, Mesh},
};

use crate::roles::{self, Need};

/// A right that a role of a plugin has, and whether this user has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) plugin: &'static str,
    pub(crate) role: String,
    pub(crate) right: Right,
}

/// What was answered so far.
pub(super) struct Answers {
    needs: Vec<Need>,
    verdicts: BTreeMap<Ask, Verdict>,
}

/// Asks for every right once, whichever plugins need it. Nothing of the mesh is needed for that but where it is.
///
/// # Errors
/// A file of ours is no role.
pub(super) async fn ask(client: &Client, istio_namespace: &str) -> Result<Answers> {
    let needs = roles::needs(istio_namespace)?;
    let once: BTreeSet<&Ask> = needs.iter().map(|n| &n.ask).collect();
    let once: Vec<Ask> = once.into_iter().cloned().collect();
    let verdicts = answers(can_i(client, &once).await);
    Ok(Answers { needs, verdicts })
}

impl Answers {
    /// Who may not list everything of a group may well list each kind in it that is there: asks for these.
    pub(super) async fn with(self, client: &Client, mesh: &Mesh) -> Vec<Asked> {
        let Self {
            needs,
            mut verdicts,
        } = self;
        let denied: BTreeSet<&Ask> = needs
            .iter()
            .map(|n| &n.ask)
            .filter(|ask| is_denied(&verdicts, ask))
            .collect();
        let each: Vec<Ask> = denied
            .into_iter()
            .flat_map(|ask| kinds(ask, mesh).unwrap_or_default())
            .collect();
        verdicts.extend(answers(can_i(client, &each).await));
        let mut all = Vec::new();
        for need in needs {
            let asks = match kinds(&need.ask, mesh) {
                Some(each) if is_denied(&verdicts, &need.ask) => each,
                _ => vec![need.ask],
            };
            all.extend(asks.into_iter().map(|ask| {
                Asked {
                    plugin: need.plugin,
                    role: need.role.clone(),
                    right: Right {
                        verdict: verdicts
                            .get(&ask)
                            .cloned()
                            .unwrap_or_else(|| Verdict::Unknown("was not asked".into())),
                        ask,
                    },
                }
            }));
        }
        all
    }
}

fn answers(rights: Vec<Right>) -> BTreeMap<Ask, Verdict> {
    rights.into_iter().map(|r| (r.ask, r.verdict)).collect()
}

fn is_denied(answers: &BTreeMap<Ask, Verdict>, ask: &Ask) -> bool {
    matches!(answers.get(ask), Some(Verdict::Denied(_)))
}

/// The kinds that are there, for a right to all of a group; none for any other right, or where they are not known.
fn kinds(ask: &Ask, mesh: &Mesh) -> Option<Vec<Ask>> {
    if ask.resource != "*" {
        return None;
    }
    let Known::Known(crds) = &mesh.crds else {
        return None;
    };
    let of_group = crds.iter().filter_map(|crd| {
        let (plural, group) = crd.name.split_once('.')?;
        (group == ask.group).then(|| Ask {
            resource: plural.to_owned(),
            ..ask.clone()
        })
    });
    Some(of_group.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::facts;

    #[test]
    fn all_of_a_group_is_each_kind_that_is_there() {
        let mut mesh = facts().mesh;
        let all = Ask::new("list", "networking.istio.io", "*", None);
        let named = |mesh: &Mesh, ask: &Ask| {
            kinds(ask, mesh).map(|k| k.iter().map(Ask::text).collect::<Vec<_>>())
        };
        let crds = mesh.crds.get().unwrap().clone();
        let mut one = crds.first().unwrap().clone();
        one.name = "gateways.networking.istio.io".into();
        let mut other = one.clone();
        other.name = "gateways.gateway.networking.k8s.io".into();
        mesh.crds = Known::Known(vec![one, other]);
        assert_eq!(
            named(&mesh, &all),
            Some(vec!["list gateways.networking.istio.io".to_owned()])
        );
        // Nothing of the group is installed, so nothing is needed.
        assert_eq!(
            named(&mesh, &Ask::new("list", "telemetry.istio.io", "*", None)),
            Some(vec![])
        );
        assert_eq!(named(&mesh, &Ask::new("list", "", "pods", None)), None);
        mesh.crds = Known::not_read("crds");
        assert_eq!(named(&mesh, &all), None);
    }
}
