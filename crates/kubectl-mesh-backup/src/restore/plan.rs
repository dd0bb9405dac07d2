//! The plan of a restore: every object with its verdict, made by looking through the archive beside what is there.

use std::collections::{BTreeMap, BTreeSet};

use mesh_common::{
    Error, Result,
    mesh::{Owner, archive::ReadList},
};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    judge::{Judged, Verdict, Wishes, judge},
    key::{Api, EXTENSIONS, Key, is_mesh_group},
    live::{Live, Wanted},
    object::World,
    place::{Phase, owners, place},
    schema,
    survey::{Survey, parse},
};
use crate::opened::Opened;

/// One object of the archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entry {
    /// Which.
    #[serde(flatten)]
    pub(crate) key: Key,
    /// Its step.
    pub(crate) phase: Phase,
    /// What is to be done with it.
    #[serde(flatten)]
    pub(crate) verdict: Verdict,
    /// What has to be said about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    /// What is written, so that a file that changes meanwhile is noticed.
    #[serde(skip)]
    pub(crate) digest: [u8; 32],
}

/// Every object, in the order of the steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Entries {
    pub(crate) objects: Vec<Entry>,
    /// Objects to be deleted by `--prune`.
    pub(crate) prune: Vec<Key>,
    /// Why a kind is not pruned.
    pub(crate) not_pruned: Vec<String>,
    /// Planned webhooks, Services of the Istio namespace and namespaces: what decides who injects whom.
    pub(crate) wiring: Vec<Value>,
}

impl Entries {
    /// What is written.
    pub(crate) fn writes(&self) -> impl Iterator<Item = &Entry> {
        self.objects.iter().filter(|e| e.verdict.writes())
    }

    /// Whether nothing is to be done.
    pub(crate) fn is_nothing(&self) -> bool {
        self.writes().next().is_none() && self.prune.is_empty()
    }

    /// How a second look differs from the first, one line per object.
    pub(crate) fn changed_since(&self, before: &Self) -> Vec<String> {
        let by_key = |entries: &Self| -> BTreeMap<Key, (Verdict, [u8; 32])> {
            entries
                .objects
                .iter()
                .map(|e| (e.key.clone(), (e.verdict.clone(), e.digest)))
                .collect()
        };
        let (was, is) = (by_key(before), by_key(self));
        let mut lines = Vec::new();
        for key in was.keys().chain(is.keys()).collect::<BTreeSet<_>>() {
            let word = |side: &BTreeMap<Key, (Verdict, [u8; 32])>| {
                side.get(key).map_or("not in the plan", |(v, _)| word(v))
            };
            if was.get(key) != is.get(key) {
                lines.push(format!(
                    "{key} was to be: {}; now: {}",
                    word(&was),
                    word(&is)
                ));
            }
        }
        if self.prune != before.prune {
            lines.push("what would be deleted is not the same any more".into());
        }
        lines
    }
}

/// A verdict in a word or two.
pub(crate) fn word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Create => "create",
        Verdict::Change { .. } => "change",
        Verdict::Same => "same",
        Verdict::Owned { .. } => "owned by others",
        Verdict::Conflict { .. } => "conflict",
        Verdict::Impossible { .. } => "not restorable",
    }
}

/// What is needed besides the archive.
pub(crate) struct Beside<'a> {
    pub(crate) survey: &'a Survey,
    pub(crate) apis: &'a BTreeMap<(String, String), Api>,
    pub(crate) live: &'a Live,
    pub(crate) live_crds: &'a BTreeMap<(String, String), Value>,
    pub(crate) world: &'a World,
    pub(crate) wishes: Wishes,
    pub(crate) prune: bool,
}

/// What has to be read of the cluster.
pub(crate) fn wanted(
    survey: &Survey,
    apis: &BTreeMap<(String, String), Api>,
    wishes: Wishes,
    prune: bool,
) -> Vec<Wanted> {
    let mut wanted: BTreeMap<&(String, String), Wanted> = BTreeMap::new();
    for key in &survey.keys {
        let of = (key.group.clone(), key.kind.clone());
        let Some((of, api)) = apis.get_key_value(&of) else {
            continue;
        };
        let entry = wanted.entry(of).or_insert_with(|| Wanted {
            api: api.clone(),
            namespaces: BTreeSet::new(),
            names: BTreeSet::new(),
        });
        entry.add(key);
    }
    for Wanted {
        api, namespaces, ..
    } in wanted.values_mut()
    {
        // Addresses are of the whole cluster; so is what is not in the archive.
        if api.kind == "Service" || ((prune || wishes.crds) && is_mesh_group(&api.group)) {
            namespaces.clear();
        }
    }
    wanted.into_values().collect()
}

impl Beside<'_> {
    /// Judges one object.
    pub(crate) fn judge(&self, key: &Key, archived: &Value) -> Judged {
        let of = (key.group.clone(), key.kind.clone());
        let live = self.live.get(key);
        let mut judged = judge(
            key,
            archived,
            live.as_ref(),
            self.apis.get(&of),
            self.world,
            self.wishes,
        );
        if key.group == EXTENSIONS
            && let (Verdict::Change { .. }, Some(live), Some(api)) =
                (&judged.verdict, &live, Api::of_crd(archived))
        {
            let stored: Vec<Value> = self.live.of_kind(&api.group, &api.kind).collect();
            if let Err(why) = schema::may_replace(live, archived, stored.iter()) {
                judged = Judged {
                    verdict: Verdict::Impossible {
                        why: format!("does not take the place of the CRD here: {why}"),
                    },
                    planned: None,
                    notes: Vec::new(),
                };
            }
        }
        judged
    }

    /// The whole plan.
    ///
    /// # Errors
    /// The archive cannot be read any more.
    pub(crate) fn plan(&self, file: &Opened) -> Result<Entries> {
        let mut plan = Entries::default();
        self.each(file, |key, phase, archived| {
            let judged = self.judge(&key, archived);
            let mut digest = [0; 32];
            if let Some(object) = &judged.planned {
                digest = digest_of(object);
                if decides_wiring(&key, &self.survey.bounds.istio_namespace) {
                    plan.wiring.push(object.clone());
                }
            }
            plan.objects.push(Entry {
                key,
                phase,
                verdict: judged.verdict,
                notes: judged.notes,
                digest,
            });
            Ok(())
        })?;
        plan.objects
            .sort_by(|a, b| (a.phase, &a.key).cmp(&(b.phase, &b.key)));
        if self.prune {
            self.prune(&mut plan);
        }
        Ok(plan)
    }

    /// Shows every object that is meant, and its step.
    ///
    /// # Errors
    /// The archive cannot be read any more, or is another; what `each` says.
    pub(crate) fn each(
        &self,
        file: &Opened,
        mut each: impl FnMut(Key, Phase, &Value) -> Result<(), String>,
    ) -> Result<()> {
        let whole = file.visit(|object| {
            let Some(value) = parse(&object)? else {
                return Ok(());
            };
            let Some(key) = Key::of(&value).filter(|k| self.survey.keys.contains(k)) else {
                return Ok(());
            };
            match place(&key, &value, &self.survey.bounds) {
                Ok(phase) => each(key, phase, &value),
                Err(_) => Ok(()),
            }
        })?;
        if whole.sha256 != self.survey.whole.sha256 {
            return Err(Error::refused(format!(
                "{} changed while it was read",
                file.name()
            )));
        }
        Ok(())
    }

    /// What is here and not in the archive, of kinds that the archive has all of.
    fn prune(&self, plan: &mut Entries) {
        let lists = &self.survey.whole.index.lists;
        let complete: BTreeSet<String> = lists
            .iter()
            .filter(|l| is_whole(l))
            .map(|l| l.what.clone())
            .collect();
        for (of, crd) in self.live_crds {
            let Some(api) = Api::of_crd(crd) else {
                continue;
            };
            let what = api.what();
            if !complete.contains(&what) {
                plan.not_pruned
                    .push(format!("{what}: the archive does not have all of them"));
                continue;
            }
            for object in self.live.of_kind(&of.0, &of.1) {
                let Some(key) = Key::of(&object) else {
                    continue;
                };
                if self.survey.keys.contains(&key) {
                    continue;
                }
                let owner = Owner::of_object(&object);
                if owner.is_owned() || owners(&object).next().is_some() {
                    plan.not_pruned.push(format!("{key}: somebody owns it"));
                } else {
                    plan.prune.push(key);
                }
            }
        }
        plan.prune.sort();
    }
}

fn is_whole(list: &ReadList) -> bool {
    list.namespace.is_none() && list.is_complete()
}

/// Whether an object is part of who injects whom.
pub(crate) fn decides_wiring(key: &Key, istio_namespace: &str) -> bool {
    key.kind.ends_with("WebhookConfiguration")
        || key.is("", "Namespace")
        || (key.is("", "Service") && key.namespace.as_deref() == Some(istio_namespace))
}

/// SHA-256 of an object as it is written.
pub(crate) fn digest_of(object: &Value) -> [u8; 32] {
    Sha256::digest(object.to_string().as_bytes()).into()
}
