//! The recordings: one directory per version, one per case in it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::argv::{Call, Verb};

/// The recordings of one version.
pub(super) struct Recordings {
    dir: PathBuf,
    recorded: String,
    asked: String,
    number: Number,
}

type Number = (u64, u64, u64);

/// One recorded call.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) args: Vec<String>,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) exit: Exit,
    /// The objects that changed, as they were.
    pub(super) before: Vec<Value>,
    /// The objects that changed, as they became.
    pub(super) after: Vec<Value>,
}

/// How a recorded call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    Code(u8),
    /// Not within the recorder's patience.
    Hangs,
}

impl Recordings {
    /// The recordings of this version, else of the nearest older one, else of the oldest.
    pub(super) fn open(data: &Path, asked: &str) -> Result<Self, String> {
        let wanted = number(asked).ok_or_else(|| format!("{asked} is no version"))?;
        let entries = std::fs::read_dir(data).map_err(|e| format!("{}: {e}", data.display()))?;
        let mut recorded: Vec<(Number, String)> = entries
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                Some((number(&name)?, name))
            })
            .collect();
        recorded.sort();
        let nearest = recorded
            .iter()
            .rfind(|(number, _)| *number <= wanted)
            .or(recorded.first())
            .ok_or_else(|| format!("no recordings in {}", data.display()))?;
        Ok(Self {
            dir: data.join(&nearest.1),
            recorded: nearest.1.clone(),
            asked: asked.to_owned(),
            number: nearest.0,
        })
    }

    /// The version that was recorded.
    pub(super) fn recorded(&self) -> &str {
        &self.recorded
    }

    /// From 1.28 a tag has a Service too.
    pub(super) fn has_tag_services(&self) -> bool {
        self.number >= (1, 28, 0)
    }

    /// How a refused write is worded: from some version after 1.20 with the verb.
    pub(super) fn words_patch(&self) -> bool {
        self.number >= (1, 21, 0)
    }

    pub(super) fn case(&self, name: &str) -> Result<Case, String> {
        let dir = self.dir.join(name);
        let text = |file: &str| {
            let path = dir.join(file);
            std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))
        };
        let objects = |file: &str| match std::fs::read_to_string(dir.join(file)) {
            Ok(yaml) => serde_saphyr::from_multiple::<Value>(&yaml)
                .map(|all| all.into_iter().filter(Value::is_object).collect())
                .map_err(|e| format!("{name}/{file}: {e}")),
            Err(_) => Ok(Vec::new()),
        };
        let exit = text("exit")?;
        let mut case = Case {
            name: name.to_owned(),
            args: text("args")?.lines().map(str::to_owned).collect(),
            stdout: text("stdout")?,
            stderr: text("stderr")?,
            exit: match exit.trim() {
                "timeout" => Exit::Hangs,
                code => Exit::Code(code.parse().map_err(|_| format!("{name}: exit {code}"))?),
            },
            before: objects("before.yaml")?,
            after: objects("after.yaml")?,
        };
        // Only what it says of itself changes with its name; what it saw in a cluster was there.
        if name.starts_with("version-client-") {
            case.stdout = case.stdout.replace(&self.recorded, &self.asked);
        }
        Ok(case)
    }

    /// The case that was recorded about the same objects with the same flags: a file is known by what is in it.
    pub(super) fn by_objects(&self, args: &[String]) -> Option<String> {
        let (file, flags) = args.split_last()?;
        let asked = objects_of(Path::new(file))?;
        let mut entries = std::fs::read_dir(&self.dir).ok()?.flatten();
        entries.find_map(|entry| {
            if objects_of(&entry.path().join("objects.yaml"))? != asked {
                return None;
            }
            let name = entry.file_name().into_string().ok()?;
            let case = self.case(&name).ok()?;
            let recorded = Call::parse(&case.args).args;
            (recorded.split_last()?.1 == flags).then_some(name)
        })
    }

    /// The case with these arguments. Several differ by the cluster they met: the sample mesh comes first, then a call that
    /// ended well; `$MESH_STANDIN_CASE` names any other.
    pub(super) fn by_args(&self, args: &[String]) -> Option<String> {
        let mut cases: Vec<(u8, String)> = std::fs::read_dir(&self.dir)
            .ok()?
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                let case = self.case(&name).ok()?;
                let rank = match case.exit {
                    _ if name.ends_with("-mesh") || name.contains("-proxies-connected") => 0,
                    Exit::Code(0) => 1,
                    _ => 2,
                };
                (Call::parse(&case.args).args == args).then_some((rank, name))
            })
            .collect();
        cases.sort();
        cases.into_iter().next().map(|(_, name)| name)
    }
}

/// The objects in a file.
fn objects_of(file: &Path) -> Option<Vec<Value>> {
    let text = std::fs::read_to_string(file).ok()?;
    let all = serde_saphyr::from_multiple::<Value>(&text).ok()?;
    Some(all.into_iter().filter(Value::is_object).collect())
}

impl Case {
    /// The recorded names and what to put in their place.
    pub(super) fn names(&self, call: &Call) -> Vec<(String, String)> {
        match (&Call::parse(&self.args).verb, &call.verb) {
            (
                Verb::Set {
                    tag,
                    revision,
                    webhook_name,
                    ..
                },
                Verb::Set {
                    tag: new_tag,
                    revision: new_revision,
                    webhook_name: new_name,
                    ..
                },
            ) => {
                let service = |revision: &str| match revision {
                    "default" => "istiod".to_owned(),
                    revision => format!("istiod-{revision}"),
                };
                let mut names = vec![
                    (service(revision), service(new_revision)),
                    (tag.clone(), new_tag.clone()),
                    (revision.clone(), new_revision.clone()),
                ];
                if let (Some(name), Some(new)) = (webhook_name, new_name) {
                    names.push((name.clone(), new.clone()));
                }
                names
            }
            (Verb::Remove { tag, .. }, Verb::Remove { tag: new_tag, .. }) => {
                vec![(tag.clone(), new_tag.clone())]
            }
            _ => Vec::new(),
        }
    }

    /// With the names asked for in what it says.
    pub(super) fn renamed(mut self, call: &Call) -> Self {
        let names = self.names(call);
        self.stdout = substitute(&self.stdout, &names);
        self.stderr = substitute(&self.stderr, &names);
        self
    }
}

/// Replaces all names in one pass, so that no replacement is replaced again. Earlier pairs win.
pub(super) fn substitute(text: &str, names: &[(String, String)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let found = names
            .iter()
            .find(|(from, _)| !from.is_empty() && rest.starts_with(from.as_str()));
        if let Some((from, to)) = found {
            out.push_str(to);
            rest = &rest[from.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// Major, minor, patch; whatever follows is a vendor's.
fn number(text: &str) -> Option<Number> {
    let core = text.split('-').next()?;
    let mut parts = core.split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??, parts.next()??))
}

#[cfg(test)]
mod tests {
    use super::{number, substitute};

    #[test]
    fn names_are_replaced_in_one_pass() {
        let names =
            [("stable", "1-26-1"), ("1-26-1", "1-28-1")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(
            substitute("tag stable -> 1-26-1, istio-revision-tag-stable", &names),
            "tag 1-26-1 -> 1-28-1, istio-revision-tag-1-26-1"
        );
    }

    #[test]
    fn numbers() {
        assert_eq!(number("1.28.1-solo"), Some((1, 28, 1)));
        assert_eq!(number("states"), None);
    }
}
