//! Which rules of a set may match at all: found by looking texts of the request up, not by asking every rule.
//!
//! For each rule one clause is chosen whose alternatives all ask for a text that can be looked up: a path, an identity
//! or a host, whole or by its beginning or end. Where none of them is found the rule is certainly false and is not
//! looked at. Where that text is not known every rule that hangs on it is looked at, and so is every rule without such
//! a clause. The index takes nothing away from a verdict: a false rule says nothing.

use std::collections::HashMap;

use rustc_hash::FxBuildHasher;

use crate::compile::{Clause, Cond, Rule, Test};
use crate::matcher::{Ask, Key};
use crate::request::Known;

use super::View;

/// Sets with fewer rules are faster read through.
const FEW: usize = 8;

/// Rules of one page: their marks are on the stack.
const PAGE: usize = 4096;

type Words = [u64; PAGE / 64];

/// What can be looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Path,
    Principal,
    Host,
}

/// The rules of a set by the texts that they ask for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Index {
    pages: Vec<Page>,
}

/// At most [`PAGE`] rules.
#[derive(Debug, Clone, Default)]
struct Page {
    rules: usize,
    always: Marks,
    path: Texts,
    principal: Texts,
    host: Texts,
}

/// Rules by number, a bit for each.
#[derive(Debug, Clone, Default)]
struct Marks(Vec<(u16, u64)>);

impl Marks {
    fn add(&mut self, rule: usize) {
        let (word, bit) = (
            u16::try_from(rule / 64).unwrap_or(u16::MAX),
            1 << (rule % 64),
        );
        match self.0.iter_mut().find(|(at, _)| *at == word) {
            Some((_, bits)) => *bits |= bit,
            None => self.0.push((word, bit)),
        }
    }

    fn mark(&self, words: &mut Words) {
        for (word, bits) in &self.0 {
            if let Some(into) = words.get_mut(usize::from(*word)) {
                *into |= bits;
            }
        }
    }
}

type Map = HashMap<Box<[u8]>, Marks, FxBuildHasher>;

/// Rules by one text of a request.
#[derive(Debug, Clone, Default)]
struct Texts {
    /// All of them: for a text that is not known.
    all: Marks,
    whole: Map,
    /// By length.
    begins: Vec<(usize, Map)>,
    ends: Vec<(usize, Map)>,
    /// By what stands between `/ns/` and the next slash.
    namespaces: Map,
}

impl Texts {
    fn add(&mut self, key: &Key, rule: usize) {
        self.all.add(rule);
        let map = match key.ask {
            Ask::Whole => &mut self.whole,
            Ask::Begins => of_length(&mut self.begins, key.text.len()),
            Ask::Ends => of_length(&mut self.ends, key.text.len()),
            Ask::Namespace => &mut self.namespaces,
        };
        map.entry(key.text.clone()).or_default().add(rule);
    }

    fn mark(&self, text: Known<&[u8]>, words: &mut Words) {
        let text = match text {
            Known::Value(text) => text,
            Known::Absent => return,
            Known::Unknown => return self.all.mark(words),
        };
        let mut find = |map: &Map, key: Option<&[u8]>| {
            if let Some(marks) = key.and_then(|key| map.get(key)) {
                marks.mark(words);
            }
        };
        if !self.whole.is_empty() {
            find(&self.whole, Some(text));
        }
        for (length, map) in &self.begins {
            find(map, text.get(..*length));
        }
        for (length, map) in &self.ends {
            find(
                map,
                text.len()
                    .checked_sub(*length)
                    .and_then(|at| text.get(at..)),
            );
        }
        if !self.namespaces.is_empty() {
            let mut rest = text;
            while let Some(at) = memchr::memmem::find(rest, b"/ns/") {
                // The slash that ends one may begin the next.
                rest = rest.get(at + 3..).unwrap_or_default();
                let name = rest.get(1..).unwrap_or_default();
                find(
                    &self.namespaces,
                    memchr::memchr(b'/', name).and_then(|end| name.get(..end)),
                );
            }
        }
    }
}

fn of_length(maps: &mut Vec<(usize, Map)>, length: usize) -> &mut Map {
    let at = maps.iter().position(|(of, _)| *of == length);
    let at = at.unwrap_or_else(|| {
        maps.push((length, Map::default()));
        maps.len() - 1
    });
    &mut maps[at].1
}

impl Index {
    /// None where it would not pay.
    pub(crate) fn new(rules: &[Rule]) -> Option<Self> {
        if rules.len() < FEW {
            return None;
        }
        let pages = rules.chunks(PAGE).map(Page::new).collect();
        Some(Self { pages })
    }

    /// Calls for the number of every rule that may match, in order, until it is told to stop.
    pub(crate) fn each(&self, view: &View<'_, '_>, mut call: impl FnMut(usize) -> bool) {
        let mut first = 0;
        for page in &self.pages {
            let mut words: Words = [0; PAGE / 64];
            page.mark(view, &mut words);
            for (nth, word) in words.iter().take(page.rules.div_ceil(64)).enumerate() {
                let mut left = *word;
                while left != 0 {
                    let rule = first + nth * 64 + left.trailing_zeros() as usize;
                    left &= left - 1;
                    if !call(rule) {
                        return;
                    }
                }
            }
            first += page.rules;
        }
    }
}

impl Page {
    fn new(rules: &[Rule]) -> Self {
        let mut page = Self {
            rules: rules.len(),
            ..Self::default()
        };
        for (nth, rule) in rules.iter().enumerate() {
            let Some(keys) = rule.clauses.iter().filter_map(keys).min_by_key(worst) else {
                page.always.add(nth);
                continue;
            };
            for (field, key) in &keys {
                match field {
                    Field::Path => &mut page.path,
                    Field::Principal => &mut page.principal,
                    Field::Host => &mut page.host,
                }
                .add(key, nth);
            }
        }
        page
    }

    fn mark(&self, view: &View<'_, '_>, words: &mut Words) {
        self.always.mark(words);
        if !self.path.all.0.is_empty() {
            self.path.mark(view.path, words);
        }
        if !self.principal.all.0.is_empty() {
            self.principal
                .mark(view.request.principal.map(str::as_bytes), words);
        }
        if !self.host.all.0.is_empty() {
            let mut room = [0; 256];
            self.host.mark(lower(view.request.host, &mut room), words);
        }
    }
}

/// In lower case; unknown where there is no room for it.
fn lower<'r>(text: Known<&'r [u8]>, room: &'r mut [u8; 256]) -> Known<&'r [u8]> {
    let Known::Value(text) = text else {
        return text;
    };
    let Some(lower) = room.get_mut(..text.len()) else {
        return Known::Unknown;
    };
    lower.copy_from_slice(text);
    lower.make_ascii_lowercase();
    Known::Value(lower)
}

type Keys = Vec<(Field, Key)>;

/// What a clause asks for; none if one of its alternatives asks for nothing that can be looked up.
fn keys(clause: &Clause) -> Option<Keys> {
    let mut keys = Keys::new();
    for conditions in clause {
        let found = conditions.iter().filter_map(of_condition);
        let (field, found) = found.min_by_key(|(field, _)| *field)?;
        keys.extend(found.into_iter().map(|key| (field, key)));
    }
    Some(keys)
}

/// The least telling of the fields.
fn worst(keys: &Keys) -> Option<Field> {
    keys.iter().map(|(field, _)| *field).max()
}

fn of_condition(cond: &Cond) -> Option<(Field, Vec<Key>)> {
    if cond.not {
        return None;
    }
    Some(match &cond.test {
        Test::Path(paths) if paths.templates.is_empty() => (Field::Path, paths.strings.keys()?),
        Test::Principal(identities) => (Field::Principal, identities.keys()?),
        Test::Host(set) => (Field::Host, set.keys()?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
