//! Which crates are in a binary: those its code reaches, of those that were compiled for its target.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::{Path, PathBuf},
    process::Command,
};

use serde::Deserialize;

use super::target::{Plugin, Target};
use crate::{Result, run::cargo_path};

/// A crate, as cargo knows it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Crate {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    pub(crate) license_file: Option<PathBuf>,
    /// None: it is one of ours.
    pub(crate) source: Option<String>,
    pub(crate) manifest_path: PathBuf,
    targets: Vec<CrateTarget>,
}

#[derive(Debug, Clone, Deserialize)]
struct CrateTarget {
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Crate>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dep>,
}

#[derive(Debug, Deserialize)]
struct Dep {
    pkg: String,
    dep_kinds: Vec<DepKind>,
}

#[derive(Debug, Deserialize)]
struct DepKind {
    /// None: an ordinary dependency.
    kind: Option<String>,
}

/// All crates of the workspace for one target, and who needs whom.
#[derive(Debug)]
pub(crate) struct Graph {
    crates: HashMap<String, Crate>,
    edges: HashMap<String, BTreeSet<String>>,
}

/// The crates in one binary: the plugin's own, and each with what it needs.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) root: Crate,
    /// By id, the plugin's own not among them.
    pub(crate) crates: BTreeMap<String, Crate>,
    pub(crate) needs: BTreeMap<String, BTreeSet<String>>,
}

impl Crate {
    pub(crate) fn dir(&self) -> &Path {
        self.manifest_path.parent().unwrap_or(&self.manifest_path)
    }

    /// Runs in the compiler and leaves nothing of itself in the binary.
    fn in_compiler(&self) -> bool {
        let mut kinds = self.targets.iter().flat_map(|t| &t.kind);
        kinds.any(|kind| kind == "proc-macro")
    }
}

impl Graph {
    pub(crate) fn read(dir: &Path, target: &Target) -> Result<Self> {
        let output = Command::new(cargo_path())
            .args(["metadata", "--format-version=1", "--locked"])
            .args(["--filter-platform", &target.triple])
            .current_dir(dir)
            .output()?;
        if !output.status.success() {
            let why = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(format!("cargo metadata: {why}").into());
        }
        Ok(Self::new(serde_json::from_slice(&output.stdout)?))
    }

    fn new(metadata: Metadata) -> Self {
        let ordinary = |dep: &Dep| dep.dep_kinds.iter().any(|k| k.kind.is_none());
        let edges = metadata.resolve.nodes.into_iter().map(|node| {
            let deps = node.deps.into_iter().filter(ordinary);
            (node.id, deps.map(|dep| dep.pkg).collect())
        });
        Self {
            edges: edges.collect(),
            crates: metadata
                .packages
                .into_iter()
                .map(|c| (c.id.clone(), c))
                .collect(),
        }
    }

    /// cargo's graph has every dependency that somebody in the workspace may switch on; only what was compiled counts.
    pub(crate) fn contents(&self, plugin: Plugin, compiled: &BTreeSet<String>) -> Result<Contents> {
        let name = plugin.package();
        let root = self
            .crates
            .values()
            .find(|c| c.name == name && c.source.is_none());
        let root = root.ok_or_else(|| format!("{name} is not in the workspace"))?;
        let mut contents = Contents {
            root: root.clone(),
            crates: BTreeMap::new(),
            needs: BTreeMap::new(),
        };
        let mut open = vec![root.id.as_str()];
        while let Some(id) = open.pop() {
            if contents.needs.contains_key(id) {
                continue;
            }
            let deps = self.edges.get(id).into_iter().flatten();
            let deps: Vec<&Crate> = deps
                .filter(|dep| compiled.contains(*dep))
                .filter_map(|dep| self.crates.get(dep))
                .filter(|dep| !dep.in_compiler())
                .collect();
            let needs = deps.iter().map(|dep| dep.id.clone()).collect();
            contents.needs.insert(id.to_owned(), needs);
            for dep in deps {
                contents.crates.insert(dep.id.clone(), dep.clone());
                open.push(&dep.id);
            }
        }
        if contents.crates.is_empty() {
            return Err(format!("{name}: cargo named no crate that it was built from").into());
        }
        Ok(contents)
    }
}

impl Contents {
    /// Ours included, by name and version.
    pub(crate) fn sorted(&self) -> Vec<&Crate> {
        let mut all: Vec<&Crate> = self.crates.values().collect();
        all.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
        all
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::{Contents, Graph};
    use crate::package::target::PLUGINS;

    /// A plugin with a crate of ours, one of the registry, a macro, one that only tests need and one that is off.
    pub(crate) fn contents() -> Contents {
        let krate = |name: &str, source: Option<&str>, kind: &str| {
            json!({
                "id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0", "license_file": null,
                "source": source, "manifest_path": format!("/nowhere/{name}/Cargo.toml"),
                "targets": [{"kind": [kind]}],
            })
        };
        let dep =
            |name: &str, kind: Option<&str>| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let registry = Some("registry+https://github.com/rust-lang/crates.io-index");
        let metadata = json!({
            "packages": [
                krate("kubectl-mesh-tag", None, "bin"), krate("mesh-common", None, "lib"),
                krate("serde", registry, "lib"), krate("derive", registry, "proc-macro"),
                krate("syn", registry, "lib"), krate("tests-only", registry, "lib"),
                krate("switched-off", registry, "lib"), krate("build-only", registry, "lib"),
            ],
            "resolve": {"nodes": [
                {"id": "kubectl-mesh-tag", "deps": [
                    dep("mesh-common", None), dep("tests-only", Some("dev")), dep("build-only", Some("build")),
                ]},
                {"id": "mesh-common", "deps": [dep("serde", None), dep("switched-off", None)]},
                {"id": "serde", "deps": [dep("derive", None)]},
                {"id": "derive", "deps": [dep("syn", None)]},
            ]},
        });
        let compiled = [
            "kubectl-mesh-tag",
            "mesh-common",
            "serde",
            "derive",
            "syn",
            "tests-only",
            "build-only",
        ];
        let graph = Graph::new(serde_json::from_value(metadata).unwrap());
        let compiled = compiled.map(str::to_owned).into();
        graph.contents(PLUGINS[0], &compiled).unwrap()
    }

    #[test]
    fn only_what_is_in_the_binary_is_listed() {
        let contents = contents();
        let names: Vec<&str> = contents.sorted().iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["mesh-common", "serde"]);
        assert_eq!(contents.root.name, "kubectl-mesh-tag");
        assert!(contents.needs["serde"].is_empty());
    }
}
