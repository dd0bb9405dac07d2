//! Where objects end up, whichever thread parses them: each is written as it comes, and looked at once.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Progress, Watch, own::Own};
use crate::{
    error::{Error, Result},
    mesh::{
        archive::{Unread, format::object_path, reader::Count, writer::Writer},
        wire::dotted,
    },
};

/// How often progress is told while one list comes in, in objects.
const EVERY: usize = 250;

/// The archive being written, and what is known so far.
pub(super) struct Sink {
    pub(super) writer: Writer,
    pub(super) objects: BTreeMap<String, BTreeMap<String, Count>>,
    pub(super) own: Own,
    /// Whether the CA's Secret is in it.
    pub(super) ca: bool,
    /// Why writing stopped.
    pub(super) failure: Option<Error>,
    pub(super) progress: Progress,
    pub(super) watch: Watch,
}

/// The list an object came with.
pub(super) struct Of {
    group: String,
    resource: String,
    what: String,
    head: Head,
    /// Whether only what is Istio's own is kept.
    select: bool,
}

impl Of {
    pub(super) fn new(group: &str, version: &str, resource: &str, kind: &str) -> Self {
        Self {
            group: group.to_owned(),
            resource: resource.to_owned(),
            what: dotted(group, resource),
            head: Head::new(group, version, kind),
            select: false,
        }
    }

    pub(super) fn selecting(mut self, select: bool) -> Self {
        self.select = select;
        self
    }
}

/// `apiVersion` and `kind`, which the items of a list leave out.
struct Head(String);

impl Head {
    fn new(group: &str, version: &str, kind: &str) -> Self {
        let api = if group.is_empty() {
            version.to_owned()
        } else {
            format!("{group}/{version}")
        };
        // Names of groups, versions and kinds need no escape, and if they did the index would not be worth much.
        let quoted = |text: &str| serde_json::Value::from(text).to_string();
        Self(format!(
            "{{\"apiVersion\":{},\"kind\":{},",
            quoted(&api),
            quoted(kind)
        ))
    }

    /// The object as served, with its head where it has none.
    fn put_on(&self, item: &str, has_kind: bool) -> Vec<u8> {
        match item.strip_prefix('{') {
            Some(rest) if !has_kind => [self.0.as_bytes(), rest.as_bytes()].concat(),
            _ => item.as_bytes().to_vec(),
        }
    }
}

/// What an item says of itself.
#[derive(Deserialize)]
struct Ident {
    kind: Option<String>,
    metadata: Name,
}

#[derive(Deserialize)]
struct Name {
    name: String,
    namespace: Option<String>,
}

impl Sink {
    /// One object; says whether it is new in the archive.
    pub(super) fn object(&mut self, of: &Of, item: &str) -> bool {
        if self.failure.is_some() || (of.select && !self.own.wants(&of.what, item)) {
            return false;
        }
        match self.write(of, item) {
            Ok(true) => {
                self.own.see(&of.what, item);
                true
            }
            Ok(false) => false,
            Err(e) => {
                self.failure = Some(e);
                false
            }
        }
    }

    fn write(&mut self, of: &Of, item: &str) -> Result<bool> {
        let ident: Ident = serde_json::from_str(item).map_err(|e| {
            Error::cluster(format!("one of the {} has no name", of.resource)).caused_by(e)
        })?;
        let namespace = ident.metadata.namespace.filter(|n| !n.is_empty());
        let name = &ident.metadata.name;
        let path = object_path(&of.group, &of.resource, namespace.as_deref(), name);
        let content = of.head.put_on(item, ident.kind.is_some());
        if !self.writer.file(path, &content)? {
            return Ok(false);
        }
        let bytes = content.len() as u64;
        *self
            .objects
            .entry(of.what.clone())
            .or_default()
            .entry(namespace.unwrap_or_default())
            .or_default() += Count { objects: 1, bytes };
        self.progress.objects += 1;
        self.progress.bytes += bytes;
        if self.progress.objects.is_multiple_of(EVERY) {
            self.tell(&of.what);
        }
        Ok(true)
    }

    /// Notes something that could not be read.
    pub(super) fn unread(&mut self, unread: Unread) {
        self.writer.unread(unread);
    }

    pub(super) fn tell(&mut self, what: &str) {
        what.clone_into(&mut self.progress.what);
        self.watch.tell(&self.progress);
    }
}
