//! Compares two archives without holding either: by the digests of their indexes first, then only what differs.

use std::{
    collections::{BTreeSet, HashMap},
    io,
};

use mesh_common::{
    Error, Result,
    mesh::archive::{Object, Whole},
};
use serde_json::Value;

use super::{
    coverage::{self, Gap},
    spool::Spool,
};
use crate::{
    noise::{self, Noise},
    object::Id,
    only::Only,
    opened::Opened,
    secret,
};

/// An archive and what it is called on the screen.
pub(super) struct Side<'a> {
    pub(super) opened: &'a Opened,
    pub(super) name: String,
}

/// What is compared.
pub(super) struct Question<'a> {
    pub(super) only: &'a Only,
    /// What controllers make and write too.
    pub(super) all: bool,
}

impl Question<'_> {
    fn leaves_out(&self, what: &str) -> bool {
        !self.all && noise::is_derived_kind(what)
    }
}

/// An object that differs: as it was, as it is; none where it is not. What is noise is set aside, and a Secret's values.
pub(super) struct Pair {
    pub(super) id: Id,
    /// Where the archives have it.
    pub(super) path: String,
    pub(super) was: Option<Value>,
    pub(super) is: Option<Value>,
}

/// What was compared.
#[derive(Debug)]
pub(super) struct Compared {
    pub(super) a: Whole,
    pub(super) b: Whole,
    /// Kinds of which one side does not know all.
    pub(super) gaps: Vec<Gap>,
    /// Objects that one side has and the other cannot know of.
    pub(super) unknown: usize,
}

/// Gives every object that differs to `each`, in the order of B, and last those that are in A alone.
///
/// # Errors
/// An archive that cannot be read, or was changed while it was read; what `each` says.
pub(super) fn compare(
    a: &Side<'_>,
    b: &Side<'_>,
    question: &Question<'_>,
    mut each: impl FnMut(Pair) -> Result<()>,
) -> Result<Compared> {
    let mut noise = Noise::new(question.all);
    let first = learn(a.opened, question, &mut noise)?;
    let second = learn(b.opened, question, &mut noise)?;
    let gaps = gaps((a, &first), (b, &second), question);
    must_be_met(question, &gaps)?;
    let both_hold_secrets = [&first, &second]
        .iter()
        .all(|w| w.index.lists.iter().any(|l| l.what == "secrets"));
    noise.secrets_are_compared(both_hold_secrets);
    let mut work = Work {
        question,
        noise,
        differing: differing(&first, &second, question.all),
        spool: Spool::new(),
        unknown: 0,
        failure: None,
    };
    let again = a.opened.visit(|object| work.keep(&object))?;
    unchanged(a, &first, &again)?;
    let again = b.opened.visit(|object| {
        work.met(&object, (&first, &second), &mut each)
            .map_err(|e| {
                let why = e.to_string();
                work.failure = Some(e);
                why
            })
    });
    if let Some(failure) = work.failure.take() {
        return Err(failure);
    }
    unchanged(b, &second, &again?)?;
    work.gone((&first, &second), &mut each)?;
    Ok(Compared {
        unknown: work.unknown,
        a: first,
        b: second,
        gaps,
    })
}

/// What the two do not know, of what is asked about.
fn gaps(a: (&Side<'_>, &Whole), b: (&Side<'_>, &Whole), question: &Question<'_>) -> Vec<Gap> {
    let skip = |what: &str| question.leaves_out(what) || !question.only.may_be(what);
    let mut gaps = coverage::gaps(&a.0.name, &a.1.index, &b.1.index, skip);
    gaps.extend(coverage::gaps(&b.0.name, &b.1.index, &a.1.index, skip));
    gaps
}

/// A filter that means nothing at all would make "nothing differs" of a slip of the fingers.
fn must_be_met(question: &Question<'_>, gaps: &[Gap]) -> Result<()> {
    let unmet = question.only.unmet();
    let Some(filter) = unmet.first().filter(|_| gaps.is_empty()) else {
        return Ok(());
    };
    let error = Error::user(format!(
        "neither holds an object that --only {filter} means"
    ));
    Err(if question.all {
        error
    } else {
        error.hint(format!(
            "{} are compared with --all only",
            noise::DERIVED_WORDS
        ))
    })
}

/// What an object says of itself.
#[derive(serde::Deserialize)]
struct Head {
    #[serde(default)]
    kind: String,
    metadata: Named,
}

#[derive(serde::Deserialize)]
struct Named {
    name: String,
    namespace: Option<String>,
}

/// Reads an archive to its end, and what noise and filters depend on.
fn learn(opened: &Opened, question: &Question<'_>, noise: &mut Noise) -> Result<Whole> {
    opened.visit(|object| {
        let what = object.what();
        if !question.only.is_everything() && !question.leaves_out(&what) {
            let head: Head = serde_json::from_slice(object.json)
                .map_err(|_| format!("an object of {what} has no name"))?;
            let Named { name, namespace } = head.metadata;
            question
                .only
                .matches(&what, &head.kind, namespace.as_deref(), &name);
        }
        if object.resource == "horizontalpodautoscalers" {
            noise.learn(&parsed(&object)?);
        }
        Ok(())
    })
}

fn parsed(object: &Object<'_>) -> Result<Value, String> {
    serde_json::from_slice(object.json)
        .map_err(|_| format!("an object of {} is not JSON", object.what()))
}

/// Paths that one of the two does not have, or has with another digest.
fn differing(a: &Whole, b: &Whole, all: bool) -> BTreeSet<String> {
    let of = |whole: &Whole| -> HashMap<String, String> {
        whole
            .index
            .files
            .iter()
            .filter(|f| f.path.starts_with("objects/"))
            .map(|f| (f.path.clone(), f.sha256.clone()))
            .collect()
    };
    let (a, b) = (of(a), of(b));
    let skipped = |path: &str| {
        let mut parts = path.split('/').skip(1);
        let (group, resource) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let what = match group {
            "core" => resource.to_owned(),
            group => format!("{resource}.{group}"),
        };
        !all && noise::is_derived_kind(&what)
    };
    a.keys()
        .chain(b.keys())
        .filter(|path| a.get(*path) != b.get(*path) && !skipped(path))
        .cloned()
        .collect()
}

fn unchanged(side: &Side<'_>, before: &Whole, after: &Whole) -> Result<()> {
    if before.sha256 == after.sha256 {
        return Ok(());
    }
    Err(Error::user(format!(
        "{} was changed while it was read",
        side.name
    )))
}

struct Work<'a> {
    question: &'a Question<'a>,
    noise: Noise,
    differing: BTreeSet<String>,
    /// Objects of A that differ, whole: who manages a field is part of the comparison.
    spool: Spool,
    unknown: usize,
    failure: Option<Error>,
}

impl Work<'_> {
    /// An object of A.
    fn keep(&mut self, entry: &Object<'_>) -> Result<(), String> {
        if !self.differing.contains(entry.path) {
            return Ok(());
        }
        let object = parsed(entry)?;
        if !self.is_meant(&Id::of(entry, &object), &object) {
            return Ok(());
        }
        let private = secret::is_secret(&entry.what(), &object);
        self.spool
            .put(entry.path, entry.json, private)
            .map_err(|e| format!("what differs cannot be kept: {e}"))
    }

    /// An object of B.
    fn met(
        &mut self,
        entry: &Object<'_>,
        (a, b): (&Whole, &Whole),
        each: &mut impl FnMut(Pair) -> Result<()>,
    ) -> Result<()> {
        if !self.differing.contains(entry.path) {
            return Ok(());
        }
        let is = parsed(entry).map_err(Error::user)?;
        let id = Id::of(entry, &is);
        if !self.is_meant(&id, &is) {
            return Ok(());
        }
        let Some(was) = self.taken(entry.path)? else {
            return self.lone(entry.path, id, is, (b, a), |is| (None, Some(is)), each);
        };
        let (mut was, mut is) = (was, is);
        self.noise.out_of_both(&mut was, &mut is);
        if was == is {
            return Ok(());
        }
        if secret::is_secret(&id.what, &is) {
            secret::redact_both(&mut was, &mut is);
        }
        each(Pair {
            id,
            path: entry.path.to_owned(),
            was: Some(was),
            is: Some(is),
        })
    }

    /// What only A has.
    fn gone(
        &mut self,
        (a, b): (&Whole, &Whole),
        each: &mut impl FnMut(Pair) -> Result<()>,
    ) -> Result<()> {
        for path in self.spool.left() {
            let Some(was) = self.taken(&path)? else {
                continue;
            };
            let id = id_at(&path, &was);
            self.lone(&path, id, was, (a, b), |was| (Some(was), None), each)?;
        }
        Ok(())
    }

    fn lone(
        &mut self,
        path: &str,
        id: Id,
        mut object: Value,
        (own, other): (&Whole, &Whole),
        pair: impl FnOnce(Value) -> (Option<Value>, Option<Value>),
        each: &mut impl FnMut(Pair) -> Result<()>,
    ) -> Result<()> {
        if !coverage::knows(&other.index, &own.index, &id.what, id.namespace.as_deref()) {
            self.unknown += 1;
            return Ok(());
        }
        self.noise.out_of(&mut object);
        if secret::is_secret(&id.what, &object) {
            secret::redact(&mut object);
        }
        let (was, is) = pair(object);
        each(Pair {
            id,
            path: path.to_owned(),
            was,
            is,
        })
    }

    fn is_meant(&self, id: &Id, object: &Value) -> bool {
        let Id {
            what,
            kind,
            namespace,
            name,
        } = id;
        (self.question.all || !noise::is_derived(object))
            && self
                .question
                .only
                .matches(what, kind, namespace.as_deref(), name)
    }

    fn taken(&mut self, path: &str) -> Result<Option<Value>> {
        let lost = |e: io::Error| Error::internal("what differs cannot be read back").caused_by(e);
        let Some(json) = self.spool.take(path).map_err(lost)? else {
            return Ok(None);
        };
        serde_json::from_slice(&json)
            .map(Some)
            .map_err(|e| lost(e.into()))
    }
}

/// What an object is called that is known by the path of its entry.
fn id_at(path: &str, object: &Value) -> Id {
    let mut parts = path.split('/').skip(1);
    let (group, resource) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    Id::of(
        &Object {
            path,
            group: if group == "core" { "" } else { group },
            resource,
            namespace: None,
            json: &[],
        },
        object,
    )
}
