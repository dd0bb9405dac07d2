//! The local archives of an operation: everything that may change, as it was, as it is meant to be, and as it was read
//! back. Ordinary archives: `show` and `diff` read them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use mesh_common::{
    Error, Result, home,
    journal::{Files, Record},
    mesh::archive::{Manifest, OWN_GROUP, Target, Writer, object_path},
    output::clean,
};
use serde_json::Value;

use super::{
    key::{Api, Key, api_of},
    live::{Live, Wanted},
    place::Phase,
};
use crate::{age_key::Keys, opened::Opened};

pub(crate) mod secrets;
mod tidy;

pub(crate) use secrets::{Images, Keepers, Secret};

/// Where they are, who may read those that are written, and what opens those that are there.
#[derive(Clone)]
pub(crate) struct Folder {
    dir: PathBuf,
    pub(crate) keepers: Keepers,
    keys: Keys,
}

impl Folder {
    /// This user's.
    ///
    /// # Errors
    /// There is no place for it.
    pub(crate) fn of_this_process(keepers: Keepers, keys: &Keys) -> Result<Self> {
        let data = home::data().ok_or_else(|| {
            Error::user("there is no place for the way back: neither XDG_DATA_HOME nor HOME is set")
        })?;
        Ok(Self {
            dir: data.join("restores"),
            keys: keys.and(&keepers.own),
            keepers,
        })
    }

    /// The same, for whoever goes on with what is in these archives: encrypted to the same.
    ///
    /// # Errors
    /// They cannot be read.
    pub(crate) fn like(&self, local: &Local) -> Result<Self> {
        let keepers = Keepers::of(&local.planned.summary()?.manifest)?;
        Ok(Self {
            dir: self.dir.clone(),
            keys: self.keys.and(&keepers.own),
            keepers,
        })
    }

    /// As it is shown.
    pub(crate) fn name(&self) -> String {
        clean(&self.dir.display().to_string(), 300)
    }

    fn file(&self, id: &str, part: &str) -> PathBuf {
        self.dir.join(format!("{id}.{part}.tar.zst"))
    }

    /// Begins one of them. It appears when it is whole, durable and readable by this user alone.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn begin(&self, id: &str, part: &str, manifest: &Manifest) -> Result<Part> {
        private(&self.dir)?;
        if part == BEFORE {
            tidy::tidy(&self.dir);
        }
        let path = self.file(id, part);
        let target = Target::File {
            path,
            overwrite: part == AFTER,
        };
        let manifest = self.keepers.noted(manifest);
        let writer = match self.keepers.lock()? {
            Some(lock) => Writer::locked(target, &manifest, &lock)?,
            None => Writer::create(target, &manifest)?,
        };
        Ok(Part(writer))
    }

    /// Those of a record, each proven by its digest.
    ///
    /// # Errors
    /// They are elsewhere, or others.
    pub(crate) fn open(&self, record: &Record) -> Result<Local> {
        let files = record
            .files
            .as_ref()
            .ok_or_else(|| Error::refused(format!("record {} has no local archives", record.id)))?;
        let before = self.proven(record, files, BEFORE, &files.before)?;
        let planned = self.proven(record, files, PLANNED, &files.planned)?;
        let after = match &files.after {
            Some(digest) => Some(self.proven(record, files, AFTER, digest)?),
            None => None,
        };
        Ok(Local {
            before,
            planned,
            after,
        })
    }

    fn proven(&self, record: &Record, files: &Files, part: &str, digest: &str) -> Result<Opened> {
        let path = self.file(&record.id, part);
        let elsewhere = |what: String| {
            Error::refused(what)
                .hint(format!(
                    "it was made on {} in {}: copy the three files {}.*.tar.zst from there to {}",
                    clean(&files.host, 100),
                    clean(&files.folder, 300),
                    record.id,
                    self.name()
                ))
                .hint("the backup itself can be restored again in any case")
        };
        if !path.is_file() {
            return Err(elsewhere(format!(
                "the way back of record {} is not on this machine",
                record.id
            )));
        }
        let file = Opened::with(path, self.keys.clone());
        let summary = file.summary()?;
        if summary.sha256 != digest {
            return Err(elsewhere(format!(
                "{} is not the archive that record {} names",
                file.name(),
                record.id
            )));
        }
        Ok(file)
    }
}

pub(crate) const BEFORE: &str = "before";
pub(crate) const PLANNED: &str = "planned";
pub(crate) const AFTER: &str = "after";

fn private(dir: &Path) -> Result<()> {
    let made = fs::create_dir_all(dir);
    #[cfg(unix)]
    let made = made.and_then(|()| {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
    });
    made.map_err(|e| {
        Error::user(format!(
            "cannot make {}",
            clean(&dir.display().to_string(), 300)
        ))
        .caused_by(e)
    })
}

/// One being written.
pub(crate) struct Part(Writer);

impl Part {
    /// Adds an object.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn add(&mut self, api: &Api, key: &Key, object: &Value) -> Result<()> {
        let path = object_path(
            &key.group,
            &api.resource,
            key.namespace.as_deref(),
            &key.name,
        );
        self.0.file(path, object.to_string().as_bytes())?;
        Ok(())
    }

    /// Makes it durable and gives it its name; gives back its digest.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn finish(self) -> Result<String> {
        Ok(self.0.finish()?.sha256)
    }

    /// Names a Secret whose value is not in it.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn withhold(&mut self, secret: &Secret) -> Result<()> {
        secret.add_to(self)
    }
}

/// A manifest of such an archive.
pub(crate) fn manifest(like: &Manifest, cluster_uid: &str, what: &str) -> Manifest {
    Manifest {
        suite_version: env!("CARGO_PKG_VERSION").into(),
        capture_time: Timestamp::now(),
        cluster_uid: Some(cluster_uid.to_owned()),
        notes: vec![what.to_owned()],
        ..like.clone()
    }
}

/// The local archives of a record, proven.
#[derive(Debug, Clone)]
pub(crate) struct Local {
    pub(crate) before: Opened,
    pub(crate) planned: Opened,
    pub(crate) after: Option<Opened>,
}

/// An object to be written or deleted, and where.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub(crate) key: Key,
    pub(crate) phase: Phase,
    pub(crate) api: Api,
}

/// What an operation does, by its archives.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// In their order.
    pub(crate) writes: Vec<Item>,
    pub(crate) deletes: Vec<Item>,
    /// As it was, by key.
    pub(crate) before: BTreeMap<Key, Value>,
    /// As it was read back, by key.
    pub(crate) after: BTreeMap<Key, Value>,
    /// Secrets whose values are in none of them.
    pub(crate) withheld: Vec<Secret>,
}

/// An object of such an archive, and where it is served.
pub(crate) fn item(resource: &str, object: &Value) -> Option<Item> {
    let key = Key::of(object)?;
    let (group, version) = api_of(object)?;
    let api = Api {
        group: group.into(),
        versions: vec![version.into()],
        resource: resource.into(),
        kind: key.kind.clone(),
        namespaced: key.namespace.is_some(),
    };
    Some(Item {
        phase: Phase::of(&key)?,
        key,
        api,
    })
}

impl Local {
    /// What is in them.
    ///
    /// # Errors
    /// They cannot be read.
    pub(crate) fn contents(&self, record: &Record) -> Result<Contents> {
        let mut contents = Contents::default();
        self.planned.visit(|object| {
            if object.group == OWN_GROUP {
                let document: Value =
                    serde_json::from_slice(object.json).map_err(|e| e.to_string())?;
                contents.withheld.extend(Secret::of(&document));
            }
            Ok(())
        })?;
        if let Some(files) = &record.files {
            for secret in &mut contents.withheld {
                secret.learn(files);
            }
        }
        let mut all = Vec::new();
        each(&self.before, |item, object| {
            contents.before.insert(item.key.clone(), object);
            all.push(item);
        })?;
        let mut planned = BTreeSet::new();
        each(&self.planned, |item, _| {
            planned.insert(item.key.clone());
            contents.writes.push(item);
        })?;
        if let Some(after) = &self.after {
            each(after, |item, object| {
                contents.after.insert(item.key, object);
            })?;
        }
        contents.deletes = all
            .into_iter()
            .filter(|i| !planned.contains(&i.key))
            .collect();
        Ok(contents)
    }
}

/// Shows every object of such an archive.
///
/// # Errors
/// It cannot be read.
pub(crate) fn each(file: &Opened, mut each: impl FnMut(Item, Value)) -> Result<()> {
    file.visit(|object| {
        if object.group == OWN_GROUP {
            return Ok(());
        }
        let value: Value = serde_json::from_slice(object.json).map_err(|e| e.to_string())?;
        let item = item(object.resource, &value).ok_or("an object that no restore writes")?;
        each(item, value);
        Ok(())
    })?;
    Ok(())
}

impl Contents {
    /// The kinds to be read for it, and where.
    pub(crate) fn wanted(&self) -> Vec<Wanted> {
        let mut wanted: BTreeMap<(&str, &str), Wanted> = BTreeMap::new();
        for item in self.writes.iter().chain(&self.deletes) {
            let entry = wanted
                .entry((&item.api.group, &item.api.kind))
                .or_insert_with(|| Wanted {
                    api: item.api.clone(),
                    namespaces: BTreeSet::new(),
                    names: BTreeSet::new(),
                });
            entry.add(&item.key);
        }
        let mut wanted: Vec<Wanted> = wanted.into_values().collect();
        for secret in &self.withheld {
            wanted.push(Wanted::one(secrets::api(), &secret.key));
        }
        wanted
    }

    /// Takes what only the process that planned it knows of what is withheld.
    pub(crate) fn know(&mut self, images: Images) {
        for (key, (before, planned)) in images {
            if let Some(secret) = self.withheld.iter_mut().find(|s| s.key == key) {
                secret.planned = Some(planned);
            }
            if let Some(before) = before {
                self.before.insert(key, before);
            }
        }
    }

    /// Writes what stands there now of everything it names.
    ///
    /// # Errors
    /// It cannot be written.
    pub(crate) fn keep(&self, live: &Live, mut part: Part) -> Result<String> {
        for item in &self.writes {
            if let Some(object) = live.get(&item.key) {
                part.add(&item.api, &item.key, &object)?;
            }
        }
        part.finish()
    }
}
