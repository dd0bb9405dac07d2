//! Objects from files: `-f FILE`, `-f DIR`, `-f -`, as kubectl takes them.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use mesh_common::{Error, Kind, Result, output::clean};
use serde_json::Value;

/// Most bytes of one file.
const MOST: u64 = 64 << 20;

/// Endings of files that are read in a folder.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// An object, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Written {
    /// The object. One without a namespace has that of the command line.
    pub(crate) object: Value,
    /// The file as it was typed; `stdin` for `-`.
    pub(crate) file: String,
}

/// Reads every object. A folder gives its files by name, without those below it; a `List` gives its items.
///
/// # Errors
/// A file cannot be read, is too long or is no YAML; nothing is in any of them; stdin is asked for twice.
pub(crate) fn read(paths: &[PathBuf], namespace: &str) -> Result<Vec<Written>> {
    let mut all = Vec::new();
    let mut stdin = false;
    for path in paths {
        if path.as_os_str() == "-" {
            if std::mem::replace(&mut stdin, true) {
                return Err(Error::new(
                    Kind::Usage,
                    "-f - was given twice, and there is one stdin",
                ));
            }
            let text = text(io::stdin().lock(), "stdin")?;
            objects(&text, "stdin", namespace, &mut all)?;
            continue;
        }
        for file in files(path)? {
            let name = clean(&file.display().to_string(), 300);
            let opened = File::open(&file).map_err(|e| unreadable(&name, e))?;
            let text = text(opened, &name)?;
            objects(&text, &name, namespace, &mut all)?;
        }
    }
    Ok(all)
}

/// A file is itself; a folder is what lies in it.
fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let name = clean(&path.display().to_string(), 300);
    let entries = fs::read_dir(path).map_err(|e| unreadable(&name, e))?;
    let mut files = Vec::new();
    for entry in entries {
        let file = entry.map_err(|e| unreadable(&name, e))?.path();
        let ending = file.extension().and_then(|e| e.to_str());
        if ending.is_some_and(|e| ENDINGS.contains(&e)) && file.is_file() {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(Error::user(format!(
            "{name} holds no file that ends in .yaml, .yml or .json"
        )));
    }
    files.sort();
    Ok(files)
}

fn unreadable(name: &str, e: io::Error) -> Error {
    Error::user(format!("cannot read {name}")).caused_by(e)
}

fn text(from: impl io::Read, name: &str) -> Result<String> {
    let mut bytes = Vec::new();
    let read = from.take(MOST + 1).read_to_end(&mut bytes);
    read.map_err(|e| unreadable(name, e))?;
    if bytes.len() as u64 > MOST {
        return Err(Error::user(format!(
            "{name} is longer than {} MiB",
            MOST >> 20
        )));
    }
    String::from_utf8(bytes).map_err(|_| Error::user(format!("{name} is no UTF-8 text")))
}

fn objects(text: &str, file: &str, namespace: &str, all: &mut Vec<Written>) -> Result<()> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).map_err(|e| {
        let line = clean(&e.to_string(), 300);
        Error::user(format!("{file} is no YAML: {line}"))
    })?;
    for document in documents {
        if document.is_null() {
            continue;
        }
        flatten(document, file, namespace, all)?;
    }
    Ok(())
}

fn flatten(mut object: Value, file: &str, namespace: &str, all: &mut Vec<Written>) -> Result<()> {
    if !object.is_object() {
        return Err(Error::user(format!(
            "{file} has a document that is no object"
        )));
    }
    let is_list = object["kind"].as_str().is_some_and(|k| k.ends_with("List"));
    if is_list && let Value::Array(items) = object["items"].take() {
        for item in items {
            flatten(item, file, namespace, all)?;
        }
        return Ok(());
    }
    let placed = object["metadata"]["namespace"].as_str();
    if placed.is_none_or(str::is_empty)
        && let Some(metadata) = object["metadata"].as_object_mut()
    {
        metadata.insert("namespace".into(), namespace.into());
    }
    all.push(Written {
        object,
        file: file.to_owned(),
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<(String, String)>> {
        let mut all = Vec::new();
        objects(text, "policies.yaml", "shop", &mut all)?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(all
            .iter()
            .map(|w| {
                let meta = &w.object["metadata"];
                (text(&meta["namespace"]), text(&meta["name"]))
            })
            .collect())
    }

    fn pair(namespace: &str, name: &str) -> (String, String) {
        (namespace.to_owned(), name.to_owned())
    }

    #[test]
    fn documents_lists_and_namespaces() {
        let text = "kind: A\nmetadata: {name: a}\n---\n---\nkind: AList\nitems:\n- kind: A\n  metadata: {name: b, namespace: x}\n- kind: A\n  metadata: {name: c, namespace: ''}\n";
        let all = of(text).unwrap();
        assert_eq!(all, [pair("shop", "a"), pair("x", "b"), pair("shop", "c")]);
        assert!(of("").unwrap().is_empty());
    }

    #[test]
    fn what_is_no_object_is_refused_by_name() {
        for (text, says) in [
            (
                "just a word",
                "policies.yaml has a document that is no object",
            ),
            ("a: [", "policies.yaml is no YAML"),
            ("a: 1\na: 2", "policies.yaml is no YAML"),
        ] {
            let said = of(text).unwrap_err().to_string();
            assert!(said.contains(says), "{said}");
        }
    }

    #[test]
    fn a_folder_gives_its_files_by_name() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("b.yaml", "kind: A\nmetadata: {name: b}"),
            ("a.yml", "kind: A\nmetadata: {name: a}"),
            ("c.txt", "not read"),
        ] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        fs::create_dir(dir.path().join("below.yaml")).unwrap();
        let all = read(&[dir.path().to_owned()], "shop").unwrap();
        let names: Vec<_> = all
            .iter()
            .map(|w| w.object["metadata"]["name"].clone())
            .collect();
        assert_eq!(names, ["a", "b"]);
        let none = tempfile::tempdir().unwrap();
        assert!(read(&[none.path().to_owned()], "shop").is_err());
        assert!(read(&[none.path().join("gone.yaml")], "shop").is_err());
    }
}
