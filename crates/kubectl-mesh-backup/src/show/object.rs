//! `kubectl mesh-backup show FILE KIND/NAME`: one object, or the names of a kind.

use std::collections::BTreeSet;

use mesh_common::{
    Ctx, Error, Kind, Outcome, Result,
    mesh::archive::Object,
    output::{Doc, Format, OutputArgs, Report, Table, clean, document, yaml},
};
use serde_json::{Value, json};
use similar::get_close_matches;

use crate::{kind::is_meant, noise::Noise, object::Id, opened::Opened, secret};

/// Rows that are shown without `--full`.
const ROWS: usize = 50;
/// Near names that are told.
const NEAR: usize = 3;
/// Names that are looked through for near ones, and the longest of them: no object of Kubernetes has a longer one.
const LOOKED_AT: usize = 5000;
const LONGEST: usize = 253;

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    kind: String,
    namespace: Option<String>,
    name: Option<String>,
}

impl Wanted {
    /// `KIND`, `KIND NAME`, `KIND/NAME`, `KIND/NAMESPACE/NAME`; `namespace` is that of `-n`.
    pub(super) fn typed(words: &[String], namespace: Option<&str>) -> Result<Self> {
        let wrong = || {
            Error::new(
                Kind::Usage,
                format!("{} is no KIND, KIND/NAME or KIND/NAMESPACE/NAME", clean(&words.join(" "), 300)),
            )
            .hint("show mesh.tar.zst virtualservice/payments/checkout, or show mesh.tar.zst vs checkout -n payments")
        };
        let parts: Vec<&str> = match words {
            [one] => one.split('/').collect(),
            [kind, name] if !kind.contains('/') && !name.contains('/') => vec![kind, name],
            _ => return Err(wrong()),
        };
        if parts.iter().any(|part| part.trim().is_empty()) {
            return Err(wrong());
        }
        let (kind, of, name) = match parts[..] {
            [kind] => (kind, None, None),
            [kind, name] => (kind, None, Some(name)),
            [kind, of, name] => (kind, Some(of), Some(name)),
            _ => return Err(wrong()),
        };
        if let (Some(a), Some(b)) = (of, namespace)
            && a != b
        {
            return Err(Error::new(
                Kind::Usage,
                format!(
                    "{} and -n {} are two namespaces",
                    clean(a, 100),
                    clean(b, 100)
                ),
            ));
        }
        Ok(Self {
            kind: kind.to_owned(),
            namespace: of.or(namespace).map(str::to_owned),
            name: name.map(str::to_owned),
        })
    }

    fn is(&self, id: &Id) -> bool {
        self.name.as_ref().is_none_or(|name| *name == id.name)
            // -n says nothing of what has no namespace, as for kubectl.
            && (self.namespace.is_none() || id.namespace.is_none() || self.namespace == id.namespace)
    }
}

/// What an archive holds of it.
#[derive(Default)]
struct Found {
    /// Of the kind.
    ids: Vec<Id>,
    /// The first that fits, and what else does.
    object: Option<Value>,
    fitting: Vec<Id>,
    /// Every kind there is, for near ones.
    kinds: BTreeSet<(String, String)>,
    /// Short names that CRDs give: `plural.group` and the name.
    short: BTreeSet<(String, String)>,
}

impl Found {
    fn see(&mut self, wanted: &Wanted, entry: &Object<'_>) -> Result<(), String> {
        let what = entry.what();
        let crd = what == "customresourcedefinitions.apiextensions.k8s.io";
        let head: Value = serde_json::from_slice(entry.json)
            .map_err(|_| format!("an object of {what} is not JSON"))?;
        if crd {
            self.learn(&head);
        }
        let id = Id::of(entry, &head);
        self.kinds.insert((what.clone(), id.kind.clone()));
        let short = (what.clone(), wanted.kind.to_ascii_lowercase());
        if !is_meant(&wanted.kind, &what, &id.kind) && !self.short.contains(&short) {
            return Ok(());
        }
        if wanted.is(&id) {
            if self.object.is_none() {
                self.object = Some(head);
            }
            self.fitting.push(id.clone());
        }
        self.ids.push(id);
        Ok(())
    }

    fn learn(&mut self, crd: &Value) {
        let names = &crd["spec"]["names"];
        let (Some(plural), Some(group)) = (names["plural"].as_str(), crd["spec"]["group"].as_str())
        else {
            return;
        };
        let short = names["shortNames"].as_array().into_iter().flatten();
        let all = short.chain([&names["singular"]]).filter_map(Value::as_str);
        self.short
            .extend(all.map(|name| (format!("{plural}.{group}"), name.to_ascii_lowercase())));
    }

    /// Why nothing fits, and what comes near.
    fn none(&self, wanted: &Wanted, file: &str) -> Error {
        if self.ids.is_empty() {
            let error = Error::user(format!("{file} holds no {}", clean(&wanted.kind, 200)));
            let kinds: Vec<&str> = self
                .kinds
                .iter()
                .flat_map(|(what, kind)| [what.as_str(), kind.as_str()])
                .collect();
            return hinted(error, &wanted.kind, kinds);
        }
        let name = wanted.name.as_deref().unwrap_or_default();
        let at = match &wanted.namespace {
            Some(namespace) => format!(" in {}", clean(namespace, 100)),
            None => String::new(),
        };
        let error = Error::user(format!(
            "{file} holds no {}{}{at}",
            clean(&wanted.kind, 200),
            clean(&format!(" {name}"), 300)
        ));
        let elsewhere: Vec<_> = self
            .ids
            .iter()
            .filter(|id| id.name == name)
            .take(NEAR)
            .map(ToString::to_string)
            .collect();
        if !elsewhere.is_empty() {
            return error.hint(format!("it holds {}", elsewhere.join(", ")));
        }
        hinted(
            error,
            name,
            self.ids.iter().map(|id| id.name.as_str()).collect(),
        )
    }
}

fn hinted(error: Error, typed: &str, names: Vec<&str>) -> Error {
    let names: Vec<&str> = names
        .into_iter()
        .filter(|n| n.len() <= LONGEST)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .take(LOOKED_AT)
        .collect();
    let typed: String = typed.chars().take(LONGEST).collect();
    let near: Vec<String> = get_close_matches(typed.as_str(), &names, NEAR, 0.6)
        .into_iter()
        .map(|n| clean(n, LONGEST))
        .collect();
    if near.is_empty() {
        error
    } else {
        error.hint(format!("near it: {}", near.join(", ")))
    }
}

/// Shows it.
pub(super) fn run(
    ctx: &Ctx,
    file: &Opened,
    wanted: &Wanted,
    all: bool,
    output: OutputArgs,
) -> Result<Outcome> {
    let mut found = Found::default();
    file.visit(|entry| found.see(wanted, &entry))?;
    if wanted.name.is_none() && !found.fitting.is_empty() {
        let names = Names {
            file: file.name(),
            ids: found.fitting,
        };
        ctx.printer.print(&output, &names)?;
        return Ok(Outcome::Done);
    }
    let (mut object, id) = match (found.object.take(), &found.fitting[..]) {
        (Some(object), [id]) => (object, id.clone()),
        (_, []) => return Err(found.none(wanted, &file.name())),
        (_, several) => {
            let several: Vec<_> = several.iter().map(ToString::to_string).collect();
            return Err(Error::user(format!(
                "{} objects are meant by that: {}",
                several.len(),
                several
                    .iter()
                    .take(10)
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            ))
            .hint("say the namespace with -n, and the kind with its group"));
        }
    };
    if !all {
        Noise::new(false).out_of(&mut object);
    }
    if secret::is_secret(&id.what, &object) {
        secret::redact(&mut object);
    }
    match output.output {
        Format::Table | Format::Wide | Format::Yaml => ctx.printer.raw(&yaml(&object)?)?,
        _ => ctx.printer.print(&output, &One { id, object })?,
    }
    Ok(Outcome::Done)
}

/// One object: itself, not in a document of ours, so that it can be applied.
struct One {
    id: Id,
    object: Value,
}

impl Report for One {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        doc.heading(self.id.to_string());
        if let Ok(text) = yaml(&self.object) {
            doc.verbatim(text);
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        Ok(self.object.clone())
    }

    fn names(&self) -> Vec<String> {
        vec![self.id.to_string()]
    }
}

/// The objects of a kind.
struct Names {
    file: String,
    ids: Vec<Id>,
}

impl Report for Names {
    fn doc(&self, _wide: bool) -> Doc {
        let mut table = Table::new(&["Kind", "Namespace", "Name"]).limit(ROWS);
        for id in &self.ids {
            let namespace = id.namespace.as_deref().unwrap_or("-");
            table.row([id.what.as_str(), namespace, &id.name]);
        }
        let mut doc = Doc::new();
        doc.table(table);
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        document(
            "MeshBackupObjects",
            json!({ "file": self.file, "objects": self.ids }),
        )
    }

    fn names(&self) -> Vec<String> {
        self.ids.iter().map(ToString::to_string).collect()
    }
}

#[cfg(test)]
mod tests;
