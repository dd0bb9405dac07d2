//! A rule file: a list of rules, all of one release.

use mesh_common::check::Severity;
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    Minor,
    condition::{Condition, MeshWide},
    document::Place,
    path::Path,
};

/// A rule file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RulesError {
    /// It is no YAML, or no list of rules.
    #[error("rules/{file}.yaml: {reason}")]
    File {
        /// Name of the file, without its extension.
        file: String,
        /// What the parser says, with the line.
        reason: String,
    },
    /// A rule says something that makes no sense.
    #[error("rules/{file}.yaml: rule {rule}: {reason}")]
    Rule {
        /// Name of the file, without its extension.
        file: String,
        /// The rule's name in its file.
        rule: String,
        /// What is wrong with it.
        reason: String,
    },
}

/// What a release did to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// It is no longer there.
    Removed,
    /// It is called otherwise.
    Renamed,
    /// It works, and will not for ever.
    Deprecated,
    /// What it is when nobody sets it.
    Default,
    /// It means something else.
    Behaviour,
}

/// One change of a release that can touch a mesh.
#[derive(Debug, Clone)]
pub struct Rule {
    /// `<release>/<name>` or `always/<name>`, unique and never reused for something else.
    pub id: String,
    /// The first release that has the change; none for what holds at any upgrade.
    pub release: Option<Minor>,
    /// What the release did.
    pub change: Change,
    /// How much it matters to what it touches.
    pub severity: Severity,
    /// Where it looks.
    pub place: Place,
    /// The kinds (for [`Place::Values`] charts) it looks at; any when empty.
    pub kinds: Vec<String>,
    /// What changed, in one sentence or two.
    pub why: String,
    /// What to do; [`super::Hit::hint`] fills in the object.
    pub todo: String,
    /// Where istio/istio says so: a path in the release's tag, or a number of an issue.
    pub source: String,
    pub(super) at: Option<Path>,
    pub(super) main: Condition,
    pub(super) all: Vec<Condition>,
    pub(super) none: Vec<Condition>,
    pub(super) with: Vec<MeshWide>,
    pub(super) unless: Vec<MeshWide>,
}

/// In place of a minor, for the file of rules that hold at any upgrade.
pub(super) const ALWAYS: u64 = 0;

/// Name of a rule file.
pub(super) fn name(minor: u64) -> String {
    match minor {
        ALWAYS => "always".to_owned(),
        minor => format!("1.{minor}"),
    }
}

/// The rules of a file.
pub(super) fn parse(minor: u64, text: &str) -> Result<Vec<Rule>, RulesError> {
    let raw: Vec<Raw> = serde_saphyr::from_str(text).map_err(|e| RulesError::File {
        file: name(minor),
        reason: e.to_string().lines().next().unwrap_or_default().to_owned(),
    })?;
    raw.into_iter()
        .map(|raw| {
            let rule = raw.id.clone();
            raw.rule(minor).map_err(|reason| RulesError::Rule {
                file: name(minor),
                rule,
                reason,
            })
        })
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    id: String,
    change: Change,
    severity: Level,
    #[serde(rename = "where")]
    place: Place,
    #[serde(default, deserialize_with = "one_or_more")]
    kind: Vec<String>,
    at: Option<String>,
    #[serde(deserialize_with = "one_or_more")]
    what: Vec<String>,
    #[serde(default)]
    absent: bool,
    #[serde(default, deserialize_with = "one_or_more")]
    is: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    not: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    starts: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    contains: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    lists: Vec<String>,
    #[serde(default)]
    all: Vec<RawCondition>,
    #[serde(default)]
    none: Vec<RawCondition>,
    #[serde(default)]
    with: Vec<RawMeshWide>,
    #[serde(default)]
    unless: Vec<RawMeshWide>,
    why: String,
    #[serde(rename = "do")]
    todo: String,
    source: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Level {
    Info,
    Warning,
    Error,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCondition {
    #[serde(deserialize_with = "one_or_more")]
    what: Vec<String>,
    #[serde(default)]
    absent: bool,
    #[serde(default, deserialize_with = "one_or_more")]
    is: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    not: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    starts: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    contains: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    lists: Vec<String>,
}

/// A condition on istiod's environment or the mesh config; one of the two is named.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMeshWide {
    env: Option<String>,
    mesh: Option<String>,
    #[serde(default)]
    absent: bool,
    #[serde(default, deserialize_with = "one_or_more")]
    is: Vec<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    not: Vec<String>,
}

impl Raw {
    fn rule(self, minor: u64) -> Result<Rule, String> {
        let place = self.place;
        let slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || !self.id.chars().all(slug) {
            return Err("id: lower-case words joined by dashes are wanted".into());
        }
        for (name, text) in [
            ("why", &self.why),
            ("do", &self.todo),
            ("source", &self.source),
        ] {
            if text.trim().is_empty() {
                return Err(format!("{name}: empty"));
            }
        }
        if place == Place::Resource && self.kind.is_empty() {
            return Err("kind: a rule on whole objects must say of which kind".into());
        }
        let main = RawCondition {
            what: self.what,
            absent: self.absent,
            is: self.is,
            not: self.not,
            starts: self.starts,
            contains: self.contains,
            lists: self.lists,
        };
        let conditions =
            |of: Vec<RawCondition>| of.into_iter().map(|c| c.condition(place)).collect();
        let mesh_wide = |of: Vec<RawMeshWide>| of.into_iter().map(RawMeshWide::condition).collect();
        Ok(Rule {
            id: format!("{}/{}", name(minor), self.id),
            release: (minor != ALWAYS).then_some((1, minor)),
            change: self.change,
            severity: match self.severity {
                Level::Info => Severity::Info,
                Level::Warning => Severity::Warning,
                Level::Error => Severity::Error,
            },
            place,
            kinds: self.kind,
            why: one_line(&self.why),
            todo: one_line(&self.todo),
            source: self.source,
            at: self.at.map(|at| path(place, &at)).transpose()?,
            main: main.condition(place)?,
            all: Result::from_iter::<Vec<_>>(conditions(self.all))?,
            none: Result::from_iter::<Vec<_>>(conditions(self.none))?,
            with: Result::from_iter::<Vec<_>>(mesh_wide(self.with))?,
            unless: Result::from_iter::<Vec<_>>(mesh_wide(self.unless))?,
        })
    }
}

impl RawCondition {
    fn condition(self, place: Place) -> Result<Condition, String> {
        if self.what.is_empty() {
            return Err("what: no path".into());
        }
        let asks = [
            &self.is,
            &self.not,
            &self.starts,
            &self.contains,
            &self.lists,
        ];
        if self.absent && asks.iter().any(|of| !of.is_empty()) {
            return Err("absent: nothing can be asked of what is not there".into());
        }
        Ok(Condition {
            what: self
                .what
                .iter()
                .map(|what| path(place, what))
                .collect::<Result<_, _>>()?,
            absent: self.absent,
            is: self.is,
            not: self.not,
            starts: self.starts,
            contains: self.contains,
            lists: self.lists,
        })
    }
}

impl RawMeshWide {
    fn condition(self) -> Result<MeshWide, String> {
        let (place, what) = match (self.env, self.mesh) {
            (Some(name), None) => (Place::Env, name),
            (None, Some(path)) => (Place::MeshConfig, path),
            _ => return Err("with, unless: one of env and mesh is wanted".into()),
        };
        let condition = RawCondition {
            what: vec![what],
            absent: self.absent,
            is: self.is,
            not: self.not,
            starts: vec![],
            contains: vec![],
            lists: vec![],
        };
        Ok(MeshWide {
            place,
            condition: condition.condition(place)?,
        })
    }
}

fn path(place: Place, text: &str) -> Result<Path, String> {
    if place.flat() {
        return Ok(Path::key(text));
    }
    Path::parse(text).ok_or_else(|| format!("`{text}` is no path"))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A string, or a list of them.
fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum OneOrMore {
        One(String),
        More(Vec<String>),
    }
    Ok(match OneOrMore::deserialize(from)? {
        OneOrMore::One(one) => vec![one],
        OneOrMore::More(more) => more,
    })
}
