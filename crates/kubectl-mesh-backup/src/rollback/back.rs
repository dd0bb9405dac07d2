//! What has to be done to be back.

use std::collections::BTreeSet;

use mesh_common::{Result, cluster::Ask, journal::Version, shell};

use crate::restore::{
    key::Key,
    live::Live,
    local::{Contents, Item, Local, Secret, secrets::Does},
    standing::{Standing, standing},
};

/// What has to be done to be back.
#[derive(Debug, Default)]
pub(super) struct Back {
    /// To be as before: changed, or made again.
    pub(super) writes: Vec<Item>,
    /// To be gone.
    pub(super) deletes: Vec<Item>,
    /// Secrets to be gone whose values are in no archive.
    pub(super) secrets: Vec<Secret>,
    /// What somebody else changed: the object, and where.
    pub(super) foreign: Vec<(String, Vec<String>)>,
    /// What the restore made and stays.
    pub(super) stays: Vec<String>,
    /// Secrets that stay as they are.
    pub(super) lost: Vec<Lost>,
}

/// A Secret that is not brought back, and what can be done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lost {
    pub(super) key: Key,
    pub(super) why: &'static str,
    pub(super) command: Option<String>,
}

impl Back {
    pub(super) fn plan(local: &Local, contents: &Contents, live: &Live) -> Result<Self> {
        let mut back = Self::default();
        crate::restore::local::each(&local.planned, |item, planned| {
            let now = live.get(&item.key);
            let (before, after) = (
                contents.before.get(&item.key),
                contents.after.get(&item.key),
            );
            match standing(&item.key, before, Some(&planned), after, now.as_ref()) {
                Standing::AsBefore => {}
                Standing::Foreign(places) if before.is_none() && now.is_none() => drop(places),
                Standing::Foreign(places) if !lasting(&item.key) || before.is_some() => {
                    back.foreign.push((item.key.to_string(), places));
                }
                _ if before.is_some() => back.writes.push(item),
                _ if lasting(&item.key) => back.stays.push(item.key.to_string()),
                _ => back.deletes.push(item),
            }
        })?;
        for item in &contents.deletes {
            let now = live.get(&item.key);
            match standing(
                &item.key,
                contents.before.get(&item.key),
                None,
                None,
                now.as_ref(),
            ) {
                Standing::AsBefore => {}
                Standing::AsPlanned => back.writes.push(item.clone()),
                Standing::Foreign(places) => back.foreign.push((item.key.to_string(), places)),
            }
        }
        for secret in &contents.withheld {
            let now = live.get(&secret.key).as_ref().and_then(Version::of);
            back.secret(secret, now);
        }
        back.writes
            .sort_by(|a, b| (a.phase, &a.key).cmp(&(b.phase, &b.key)));
        Ok(back)
    }

    pub(super) fn is_nothing(&self) -> bool {
        self.many() == 0
    }

    pub(super) fn rights(&self, live: &Live) -> BTreeSet<Ask> {
        let ask = |verb, item: &Item| {
            Ask::new(
                verb,
                &item.api.group,
                &item.api.resource,
                item.key.namespace.as_deref(),
            )
        };
        let write = |i: &Item| if live.has(&i.key) { "update" } else { "create" };
        let writes = self.writes.iter().map(|i| ask(write(i), i));
        writes
            .chain(self.deletes.iter().map(|i| ask("delete", i)))
            .chain(self.secrets.iter().map(|s| ask("delete", &s.item())))
            .collect()
    }

    /// How many objects it writes and deletes.
    pub(super) fn many(&self) -> usize {
        self.writes.len() + self.deletes.len() + self.secrets.len()
    }

    /// By which record it was done, and what was not.
    pub(super) fn by(&self, record: &str) -> String {
        let lost: Vec<_> = self.lost.iter().map(|l| l.key.to_string()).collect();
        if lost.is_empty() {
            return record.to_owned();
        }
        format!("{record}; not undone: {}", lost.join(", "))
    }

    /// What becomes of a Secret of which nothing is known but what the API server called it.
    fn secret(&mut self, secret: &Secret, now: Option<Version>) {
        let lost = |why, command: Option<String>| Lost {
            key: secret.key.clone(),
            why,
            command,
        };
        let place = [
            secret.key.name.as_str(),
            secret.key.namespace.as_deref().unwrap_or_default(),
        ];
        match (secret.does, now) {
            (Does::Create, None) => {}
            (_, now) if now.is_some() && now == secret.was => {}
            (Does::Create, Some(now)) if secret.written.as_ref() == Some(&now) => {
                self.secrets.push(Secret::delete(&secret.key, now));
            }
            (Does::Create, Some(_)) => self.lost.push(lost(
                "it was absent; who wrote what is there now is not known",
                Some(shell::command("kubectl delete secret {} -n {}", &place)),
            )),
            (_, None) => self.lost.push(lost(
                "it was deleted since, and what it was before is kept nowhere",
                None,
            )),
            (_, Some(_)) => self.lost.push(lost(
                "it was written over, and what it was before is kept nowhere; a backup of that time has it",
                Some(format!(
                    "kubectl mesh-backup restore FILE --include-secrets --identity KEY --only {}",
                    shell::command("secrets/{}/{}", &[place[1], place[0]])
                )),
            )),
        }
    }
}

/// Deleting it would delete whatever is in it by then.
fn lasting(key: &Key) -> bool {
    key.is("", "Namespace")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_which_no_value_is_kept_goes_only_as_it_was_written() {
        let version = |n: &str| Version {
            uid: "u".into(),
            resource_version: n.into(),
        };
        let (v1, v2, v3) = (version("1"), version("2"), version("3"));
        let some = |v: &Version| Some(v.clone());
        // What it did, what was there before, as what it was written, what is there now; whether it goes, whether it is lost.
        let table = [
            ("never made", Does::Create, None, None, None, 0, 0),
            ("made", Does::Create, None, some(&v2), some(&v2), 1, 0),
            (
                "made, and gone since",
                Does::Create,
                None,
                some(&v2),
                None,
                0,
                0,
            ),
            (
                "made, and changed since",
                Does::Create,
                None,
                some(&v2),
                some(&v3),
                0,
                1,
            ),
            (
                "killed before it was noted",
                Does::Create,
                None,
                None,
                some(&v2),
                0,
                1,
            ),
            (
                "never changed",
                Does::Change,
                some(&v1),
                None,
                some(&v1),
                0,
                0,
            ),
            (
                "changed",
                Does::Change,
                some(&v1),
                some(&v2),
                some(&v2),
                0,
                1,
            ),
            (
                "changed, and gone since",
                Does::Change,
                some(&v1),
                some(&v2),
                None,
                0,
                1,
            ),
        ];
        for (name, does, was, written, now, goes, lost) in table {
            let secret = Secret {
                key: Key::new("", "Secret", Some("edge"), "shop"),
                does,
                was,
                written,
                planned: None,
            };
            let mut back = Back::default();
            back.secret(&secret, now);
            assert_eq!(
                (back.secrets.len(), back.lost.len()),
                (goes, lost),
                "{name}"
            );
            for lost in back.lost {
                let command = lost.command.unwrap_or_default();
                let good = command.is_empty()
                    || command.starts_with("kubectl delete secret shop -n edge")
                    || command.ends_with("--only secrets/edge/shop");
                assert!(good, "{name}: {command}");
            }
        }
    }
}
