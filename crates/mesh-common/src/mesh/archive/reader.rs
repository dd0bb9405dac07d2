//! Reads an archive that anybody may have made.
//!
//! One pass: entries are hashed and folded while they stream by, and what comes of it is given out only when
//! the index, which is last, agrees with all of it. Nothing is ever written to a path of the archive.

mod checks;
mod input;
mod limits;
mod summary;
mod unlock;

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs::File,
    io::{self, Read},
    path::Path,
};

use sha2::{Digest, Sha256};

pub(super) use self::checks::manifest_of;
pub(super) use self::summary::summary;
use self::{
    checks::{Kinds, agree, path_of},
    input::{Input, Refusal},
};
pub use self::{
    limits::Limits,
    summary::{Count, Summary},
    unlock::{Plain, Unlock},
};
use super::format::{INDEX, Index, MANIFEST, Manifest, Place, Unread, absent, namespace_part};
use crate::{
    error::{Error, Result},
    mesh::{
        Customs, Gap, Known, Mesh, Source, Tap, Why,
        fold::{About, Builder},
        live,
        wire::{Lean, List, Scope, dotted},
    },
    output::clean,
};

/// A mesh from an archive, its source still to be named.
pub(super) fn mesh(path: &Path, limits: &Limits, tap: Option<&dyn Tap>) -> Result<(Mesh, Customs)> {
    let mut building: Option<Builder> = None;
    let mut misfits: BTreeMap<List, String> = BTreeMap::new();
    let whole = scan(path, limits, &Plain, |event| {
        match event {
            Event::Manifest(manifest) => building = Some(Builder::new(&manifest.istio_namespace)),
            // Of some kinds a mesh is made only of what is in the Istio namespace, and an archive holds more.
            Event::Object(place, _) if building.as_ref().is_some_and(|b| b.passes_over(&place)) => {
            }
            Event::Object(place, json) => {
                if let Some(tap) = tap
                    && tap.wants(&place.what())
                    && let Ok(Lean(object)) = serde_json::from_slice(json)
                {
                    let kind = object["kind"].as_str().unwrap_or_default();
                    tap.see(&place.what(), kind, &object);
                }
                if let (Some(list), Some(builder)) = (place.list(), building.as_mut())
                    && let Err(e) = builder.add_json(list, json)
                {
                    // Not JSON at all is damage; JSON of another shape is a kind that we cannot read.
                    if !e.is_data() {
                        return Err(format!("an object of {} is not JSON", place.what()));
                    }
                    misfits.insert(list, clean(&e.to_string(), 200));
                }
            }
        }
        Ok(())
    })?;
    let Whole {
        manifest, index, ..
    } = whole;
    let mut builder = building.unwrap_or_else(|| Builder::new(&manifest.istio_namespace));
    for list in List::EVERY {
        account(&mut builder, *list, &manifest, &index);
    }
    for (list, why) in misfits {
        let what = list.api().name();
        builder.missing(
            list,
            Gap {
                detail: format!("one of the {what} in the archive cannot be read: {why}"),
                what,
                why: Why::Failed,
            },
        );
    }
    let mesh = builder.finish(About {
        source: Source::Archive {
            file: String::new(),
        },
        now: manifest.capture_time,
        cluster_uid: manifest.cluster_uid,
        kubernetes: match manifest.kubernetes_version {
            Some(version) => Known::Known(version),
            None => Known::Unknown(absent("version of the API server")),
        },
    });
    Ok((mesh, customs(&index)))
}

impl Builder {
    fn passes_over(&self, place: &Place<'_>) -> bool {
        place
            .list()
            .is_some_and(|list| list.api().scope == Scope::IstioNamespace)
            && place.namespace != Some(&namespace_part(self.istio_namespace()))
    }
}

/// The kinds beyond those that a mesh is made of, by the index.
fn customs(index: &Index) -> Customs {
    let other = |what: &str| {
        let (resource, group) = what.split_once('.').unwrap_or((what, ""));
        live::is_optional(group) && List::of_resource(group, resource).is_none()
    };
    Customs {
        read: index
            .lists
            .iter()
            .filter(|l| other(&l.what))
            .map(|l| (l.what.clone(), l.objects))
            .collect(),
        gaps: index
            .unread
            .iter()
            .filter(|u| other(&u.what))
            .map(|u| Gap {
                what: clean(&u.what, 100),
                why: u.why,
                detail: clean(&u.detail, 300),
            })
            .collect(),
    }
}

/// Whether a list is complete, by the index: what it does not speak of was not read.
fn account(builder: &mut Builder, list: List, manifest: &Manifest, index: &Index) {
    let api = list.api();
    let what = api.name();
    let unread = index.unread.iter().find(|u| u.what == what);
    let gap = unread.map_or_else(
        || absent(api.resource),
        |u| Gap {
            what: api.resource.into(),
            why: u.why,
            detail: clean(&u.detail, 300),
        },
    );
    let read: BTreeSet<Option<&str>> = index
        .lists
        .iter()
        // Of a selection nothing follows but that what is in it exists.
        .filter(|l| l.what == what && l.selection.is_none())
        .map(|l| l.namespace.as_deref())
        .collect();
    let everywhere = read.contains(&None);
    let locally = read.contains(&Some(manifest.istio_namespace.as_str()));
    if everywhere || (locally && api.scope == Scope::IstioNamespace) {
        builder.complete(list);
    } else if locally {
        builder.complete_locally(list, gap);
    } else {
        builder.missing(list, gap);
    }
}

/// The first entry alone.
pub(super) fn manifest(path: &Path, limits: &Limits, unlock: &dyn Unlock) -> Result<Manifest> {
    let mut found = None;
    let read = scan(path, limits, unlock, |event| match event {
        Event::Manifest(manifest) => {
            found = Some(manifest.clone());
            Err("far enough".into())
        }
        Event::Object(..) => Ok(()),
    });
    match (found, read) {
        (Some(manifest), _) => Ok(manifest),
        (None, Err(e)) => Err(e),
        (None, Ok(whole)) => Ok(whole.manifest),
    }
}

/// A reason not to read on, through whoever reads.
pub(super) fn refusal(why: impl Into<String>) -> io::Error {
    Refusal::new(why).into()
}

/// By its first bytes.
pub(super) fn is_encrypted(path: &Path) -> io::Result<bool> {
    let mut magic = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut magic)?;
    Ok(magic == input::AGE)
}

/// One object of an archive on its way past.
#[derive(Debug, Clone, Copy)]
pub struct Object<'a> {
    /// The path of its entry, as the index has it.
    pub path: &'a str,
    /// API group as its path has it; empty for core.
    pub group: &'a str,
    /// Plural.
    pub resource: &'a str,
    /// Namespace as its path has it, escaped where it was odd; none for objects without one.
    pub namespace: Option<&'a str>,
    /// The object as served. What it is called stands in it, and only there.
    pub json: &'a [u8],
}

impl Object<'_> {
    /// `pods`, `deployments.apps`.
    pub fn what(&self) -> String {
        dotted(self.group, self.resource)
    }
}

/// An archive that was read to its end and agrees with its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// What it is.
    pub manifest: Manifest,
    /// All that is in it, and what is not.
    pub index: Index,
    /// Bytes of the file.
    pub size: u64,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
}

/// Shows every object, in the order of the archive. What is seen is proven only when this has returned.
pub(super) fn visit(
    path: &Path,
    limits: &Limits,
    unlock: &dyn Unlock,
    mut each: impl FnMut(Object<'_>) -> Result<(), String>,
) -> Result<Whole> {
    scan(path, limits, unlock, |event| match event {
        Event::Manifest(_) => Ok(()),
        Event::Object(place, json) => each(Object {
            path: place.path,
            group: place.group,
            resource: place.resource,
            namespace: place.namespace,
            json,
        }),
    })
}

enum Event<'a> {
    Manifest(&'a Manifest),
    Object(Place<'a>, &'a [u8]),
}

fn scan(
    path: &Path,
    limits: &Limits,
    unlock: &dyn Unlock,
    each: impl FnMut(Event<'_>) -> Result<(), String>,
) -> Result<Whole> {
    let file = clean(&path.display().to_string(), 300);
    let input = Input::open(path, limits, unlock)
        .map_err(|e| Error::user(format!("cannot read {file}: {}", words(&e))))?;
    entries(input, limits, each).map_err(|why| {
        Error::user(format!("cannot use {file}: {why}"))
            .hint("make it again with kubectl mesh-backup create, or use another copy")
    })
}

/// Reads an archive that is in memory; one line for why it is none.
pub(super) fn check(bytes: Vec<u8>, limits: &Limits) -> Result<Whole, String> {
    let input = Input::of(io::Cursor::new(bytes), limits, &Plain).map_err(|e| words(&e))?;
    entries(input, limits, |_| Ok(()))
}

/// The lines that follow say what is wrong with an archive; none of them is one to try again on.
fn entries(
    mut input: Input,
    limits: &Limits,
    mut each: impl FnMut(Event<'_>) -> Result<(), String>,
) -> Result<Whole, String> {
    let mut manifest: Option<Manifest> = None;
    let mut index: Option<Index> = None;
    let mut seen: HashMap<String, (u64, [u8; 32])> = HashMap::new();
    let mut kinds = Kinds::default();
    let mut buffer = Vec::new();
    let mut tar = tar::Archive::new(&mut input);
    for entry in tar.entries().map_err(|e| words(&e))?.raw(true) {
        let mut entry = entry.map_err(|e| words(&e))?;
        let path = path_of(&entry)?;
        if index.is_some() {
            return Err(format!("{path} comes after the index"));
        }
        if seen.contains_key(&path) {
            return Err(format!("{path} is in it twice"));
        }
        if seen.len() >= limits.entries {
            return Err(format!("it has more than {} entries", limits.entries));
        }
        let most = if path == INDEX {
            limits.index
        } else {
            limits.entry
        };
        if entry.size() > most {
            return Err(format!("{path} is larger than {most} bytes"));
        }
        buffer.clear();
        entry.read_to_end(&mut buffer).map_err(|e| words(&e))?;
        if buffer.len() as u64 != entry.size() {
            return Err(truncated("in the middle of an entry"));
        }
        if path == INDEX {
            let parsed: Index = serde_json::from_slice(&buffer)
                .map_err(|e| format!("its index cannot be read: {}", clean(&e.to_string(), 200)))?;
            index = Some(parsed);
            continue;
        }
        match &manifest {
            None if path == MANIFEST => {
                let parsed = manifest_of(&buffer)?;
                each(Event::Manifest(&parsed))?;
                manifest = Some(parsed);
            }
            None => return Err("it does not begin with a manifest".into()),
            Some(_) => {
                let place =
                    Place::of(&path).ok_or_else(|| format!("{path} is no path of an archive"))?;
                kinds.fits(&place, &buffer)?;
                each(Event::Object(place, &buffer))?;
            }
        }
        let digest = Sha256::digest(&buffer).into();
        seen.insert(path, (buffer.len() as u64, digest));
    }
    let Some(manifest) = manifest else {
        return Err("it is empty".into());
    };
    let index = index.ok_or_else(|| truncated("it has no index"))?;
    nothing_left(&mut input).map_err(|e| words(&e))?;
    agree(&index, seen)?;
    Ok(Whole {
        manifest,
        index,
        size: input.size(),
        sha256: input.sha256(),
    })
}

fn truncated(how: &str) -> String {
    format!("it is truncated: {how}")
}

/// After the end of the tar there are zeros only, and the compressed stream ends well.
fn nothing_left(input: &mut Input) -> io::Result<()> {
    let mut block = [0; 8192];
    loop {
        match input.read(&mut block)? {
            0 => return Ok(()),
            n if block[..n].iter().all(|b| *b == 0) => {}
            _ => return Err(Refusal::new("there is something after its end").into()),
        }
    }
}

/// A failed read in words: ours, a truncation, or damage.
fn words(e: &io::Error) -> String {
    if let Some(refusal) = Refusal::of(e) {
        return refusal.to_string();
    }
    match e.kind() {
        io::ErrorKind::UnexpectedEof => truncated("it ends in the middle of its data"),
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::PermissionDenied => "it may not be read".into(),
        io::ErrorKind::IsADirectory => "it is a directory".into(),
        _ => format!("it is damaged: {}", clean(&e.to_string(), 200)),
    }
}
