//! Secrets beside the local archives of an operation: to whom these are encrypted; and where nobody is, which Secrets
//! they hold no value of.

use std::collections::BTreeMap;

use mesh_common::{
    Result,
    journal::{Files, Version, Withheld},
    mesh::archive::{Manifest, OWN_GROUP},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Item, Part};
use crate::{
    age_key::{Own, Recipients},
    restore::{
        key::{Api, Key},
        place::Phase,
    },
};

/// How a note of a manifest begins that names a recipient.
const TO: &str = "encrypted to ";

/// The documents that name what is withheld.
const RESOURCE: &str = "withheldsecrets";
const KIND: &str = "WithheldSecret";
const API_VERSION: &str = "kubectl-mesh/v1alpha1";

/// To whom the local archives of an operation are encrypted. Where that is nobody, no Secret's value goes into them.
#[derive(Clone)]
pub(crate) struct Keepers {
    typed: Vec<String>,
    pub(super) own: Own,
}

impl Keepers {
    /// As typed.
    ///
    /// # Errors
    /// One that is no public key.
    pub(crate) fn new(typed: &[String]) -> Result<Self> {
        Recipients::keys(typed)?;
        Ok(Self {
            typed: typed.iter().map(|key| key.trim().to_owned()).collect(),
            own: Own::new(),
        })
    }

    /// Those of an archive that was written before.
    ///
    /// # Errors
    /// It names one that is no public key.
    pub(crate) fn of(manifest: &Manifest) -> Result<Self> {
        let typed: Vec<String> = manifest
            .notes
            .iter()
            .filter_map(|note| note.strip_prefix(TO).map(str::to_owned))
            .collect();
        Self::new(&typed)
    }

    /// Whether nothing is encrypted.
    pub(crate) fn is_nobody(&self) -> bool {
        self.typed.is_empty()
    }

    /// What encrypts; this process can read it too.
    pub(super) fn lock(&self) -> Result<Option<Recipients>> {
        if self.is_nobody() {
            return Ok(None);
        }
        Recipients::keys_and(&self.typed, &self.own).map(Some)
    }

    /// A manifest that says so: whoever goes on encrypts to the same.
    pub(super) fn noted(&self, manifest: &Manifest) -> Manifest {
        let mut manifest = manifest.clone();
        let notes = self.typed.iter().map(|key| format!("{TO}{key}"));
        manifest.notes.extend(notes);
        manifest
    }
}

/// What is done with a Secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Does {
    Create,
    Change,
    Delete,
}

/// A Secret that is written or deleted and whose value is in no file.
#[derive(Debug, Clone)]
pub(crate) struct Secret {
    pub(crate) key: Key,
    pub(crate) does: Does,
    /// Which it was before.
    pub(crate) was: Option<Version>,
    /// As which it was written, once it was.
    pub(crate) written: Option<Version>,
    /// As it is meant to be: only the process that planned it knows.
    pub(crate) planned: Option<Value>,
}

/// What only the process that planned it knows of such Secrets: as it was, and as it is meant to be.
pub(crate) type Images = BTreeMap<Key, (Option<Value>, Value)>;

/// Whether an object is a Secret.
pub(crate) fn is_secret(key: &Key) -> bool {
    key.is("", "Secret")
}

/// Where Secrets are served.
pub(crate) fn api() -> Api {
    Api {
        group: String::new(),
        versions: vec!["v1".into()],
        resource: "secrets".into(),
        kind: "Secret".into(),
        namespaced: true,
    }
}

impl Secret {
    /// One that is to be written over what is there now.
    pub(crate) fn write(key: &Key, now: Option<&Value>) -> Self {
        Self {
            key: key.clone(),
            does: if now.is_some() {
                Does::Change
            } else {
                Does::Create
            },
            was: now.and_then(Version::of),
            written: None,
            planned: None,
        }
    }

    /// One that is to go as it is now.
    pub(crate) fn delete(key: &Key, now: Version) -> Self {
        Self {
            key: key.clone(),
            does: Does::Delete,
            was: Some(now),
            written: None,
            planned: None,
        }
    }

    /// As a write.
    pub(crate) fn item(&self) -> Item {
        Item {
            key: self.key.clone(),
            phase: Phase::Config,
            api: api(),
        }
    }

    /// As the record has it.
    pub(crate) fn noted(&self) -> Withheld {
        Withheld {
            namespace: self.key.namespace.clone().unwrap_or_default(),
            name: self.key.name.clone(),
            written: self.written.clone(),
        }
    }

    /// As the document that stands in an archive in its place.
    pub(super) fn add_to(&self, part: &mut Part) -> Result<()> {
        let api = Api {
            group: OWN_GROUP.into(),
            resource: RESOURCE.into(),
            ..api()
        };
        let key = Key {
            group: OWN_GROUP.into(),
            ..self.key.clone()
        };
        let was = self
            .was
            .as_ref()
            .map(|v| json!({ "uid": v.uid, "resourceVersion": v.resource_version }));
        let document = json!({ "apiVersion": API_VERSION, "kind": KIND,
            "metadata": { "name": self.key.name, "namespace": self.key.namespace },
            "does": self.does, "was": was });
        part.add(&api, &key, &document)
    }

    /// Of such a document.
    pub(super) fn of(document: &Value) -> Option<Self> {
        if document["apiVersion"] != API_VERSION || document["kind"] != KIND {
            return None;
        }
        let key = Key::of(&json!({ "apiVersion": "v1", "kind": "Secret",
            "metadata": document["metadata"] }))?;
        Some(Self {
            key: key.namespace.is_some().then_some(key)?,
            does: serde_json::from_value(document["does"].clone()).ok()?,
            was: Version::of(&json!({ "metadata": document["was"] })),
            written: None,
            planned: None,
        })
    }

    /// Takes what the record says of it.
    pub(super) fn learn(&mut self, files: &Files) {
        let own = self.noted();
        let of = |s: &&Withheld| (&s.namespace, &s.name) == (&own.namespace, &own.name);
        self.written = files
            .secrets
            .iter()
            .find(of)
            .and_then(|s| s.written.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recipients_are_found_again_in_a_manifest() {
        let key = "age1v5u8xthup9ns3kp99s2unumgtae0wehke2cmnc2gg6wnp65ud4cqw9j93z";
        let manifest: Manifest =
            serde_json::from_value(json!({ "formatVersion": 1, "suiteVersion": "0",
            "captureTime": "2026-11-21T06:00:00Z", "clusterUid": null, "kubernetesVersion": null,
            "istioNamespace": "istio-system", "istioVersions": [], "notes": ["as it was"] }))
            .unwrap();
        let keepers = Keepers::new(&[format!(" {key}\n")]).unwrap();
        let noted = keepers.noted(&manifest);
        assert_eq!(noted.notes, ["as it was", &format!("{TO}{key}")]);
        assert_eq!(Keepers::of(&noted).unwrap().typed, [key]);
        assert!(Keepers::of(&manifest).unwrap().is_nobody());
        assert!(Keepers::new(&["age1nonsense".to_owned()]).is_err());
    }

    #[test]
    fn a_document_of_a_withheld_secret_names_a_secret_and_nothing_else() {
        let document = |name: &str, does: &str| {
            json!({ "apiVersion": API_VERSION, "kind": KIND, "does": does,
                "metadata": { "name": name, "namespace": "edge" },
                "was": { "uid": "u", "resourceVersion": "7" } })
        };
        let secret = Secret::of(&document("shop", "change")).unwrap();
        assert_eq!(secret.key, Key::new("", "Secret", Some("edge"), "shop"));
        assert_eq!(secret.does, Does::Change);
        assert_eq!(secret.was.unwrap().resource_version, "7");
        assert!(Secret::of(&document("../x", "change")).is_none());
        assert!(Secret::of(&document("shop", "explode")).is_none());
        let mut other = document("shop", "create");
        other["kind"] = "SecretSummary".into();
        assert!(Secret::of(&other).is_none());
    }
}
