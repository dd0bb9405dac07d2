//! A part of a result, and parts put together.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use mesh_common::{
    Error, Result,
    output::{Doc, Report, clean, document},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::blocks::Shard;
use super::{header::Header, summary::Summary};

/// Longest part that is read.
const MOST: u64 = 256 << 20;

const KIND: &str = "PolicyReplayPart";

/// What one run judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Part {
    pub(crate) header: Header,
    /// The shards that are in it, and how many there are.
    pub(crate) shards: BTreeSet<u32>,
    pub(crate) of: u32,
    pub(crate) summary: Summary,
}

impl Part {
    pub(super) fn new(header: Header, shard: Option<Shard>, summary: Summary) -> Self {
        let shard = shard.unwrap_or(Shard { index: 1, of: 1 });
        Self {
            header,
            shards: [shard.index].into(),
            of: shard.of,
            summary,
        }
    }

    /// Shards that are not in it.
    pub(crate) fn missing(&self) -> Vec<u32> {
        (1..=self.of).filter(|n| !self.shards.contains(n)).collect()
    }

    /// Both, if they are of one run.
    ///
    /// # Errors
    /// One line that says why they are not.
    pub(super) fn merge(mut self, other: Self) -> std::result::Result<Self, String> {
        if self.header != other.header || self.of != other.of {
            return Err(
                "it is of other policies, another mesh, other flags or another number of shards"
                    .into(),
            );
        }
        if let Some(twice) = self.shards.intersection(&other.shards).next() {
            return Err(format!("shard {twice} was given before"));
        }
        self.shards.extend(other.shards);
        self.summary = self.summary.merge(other.summary);
        Ok(self)
    }
}

impl Report for Part {
    fn doc(&self, _wide: bool) -> Doc {
        Doc::new()
    }

    fn json(&self) -> serde_json::Result<Value> {
        document(KIND, self)
    }

    fn names(&self) -> Vec<String> {
        Vec::new()
    }
}

/// Reads parts and puts them together.
pub(super) fn merge(paths: &[PathBuf]) -> Result<Part> {
    let mut whole: Option<Part> = None;
    for path in paths {
        let name = clean(&path.display().to_string(), 300);
        let part = read(path, &name)?;
        whole = Some(match whole {
            None => part,
            Some(whole) => whole.merge(part).map_err(|why| {
                Error::user(format!(
                    "{name} does not belong to the parts before it: {why}"
                ))
            })?,
        });
    }
    whole.ok_or_else(|| Error::user("no part was given"))
}

fn read(path: &Path, name: &str) -> Result<Part> {
    let unreadable = |e: std::io::Error| Error::user(format!("cannot read {name}")).caused_by(e);
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MOST)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    let no_part = |why: String| {
        Error::user(format!(
            "{name} is no part of a result: {}",
            clean(&why, 200)
        ))
        .hint("parts are what replay --shard I/N -o partial prints")
    };
    let mut fields: BTreeMap<String, Value> =
        serde_json::from_slice(&bytes).map_err(|e| no_part(e.to_string()))?;
    let kind = fields.remove("kind");
    fields.remove("apiVersion");
    if kind != Some(KIND.into()) {
        return Err(no_part("it is of another kind".into()));
    }
    let fields = fields.into_iter().collect();
    serde_json::from_value(Value::Object(fields)).map_err(|e| no_part(e.to_string()))
}
