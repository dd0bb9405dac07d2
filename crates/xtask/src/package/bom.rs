//! The bill of materials of a binary, as `CycloneDX` 1.5.
//!
//! cargo-cyclonedx lists what the resolver could choose for the workspace; this lists what was compiled, which is why
//! it is made here. No serial number and no time: two builds give the same bytes.

use std::{collections::HashMap, fs, path::Path};

use serde_json::{Value, json};

use super::{
    Release,
    crates::{Contents, Crate},
    target::Target,
};
use crate::Result;

/// Checksums of crates by name and version, from Cargo.lock.
#[derive(Debug, Default)]
pub(crate) struct Checksums(HashMap<(String, String), String>);

impl Checksums {
    pub(crate) fn read(dir: &Path) -> Result<Self> {
        Ok(Self::parse(&fs::read_to_string(dir.join("Cargo.lock"))?))
    }

    /// Cargo writes one field a line, in this order.
    fn parse(lock: &str) -> Self {
        let mut sums = HashMap::new();
        let (mut name, mut version) = ("", "");
        for line in lock.lines() {
            let Some((key, value)) = line.split_once(" = ") else {
                continue;
            };
            let value = value.trim_matches('"');
            match key {
                "name" => name = value,
                "version" => version = value,
                "checksum" => {
                    sums.insert((name.to_owned(), version.to_owned()), value.to_owned());
                }
                _ => (),
            }
        }
        Self(sums)
    }
}

/// The document.
pub(crate) fn cyclonedx(
    contents: &Contents,
    sums: &Checksums,
    release: &Release,
    target: &Target,
) -> Result<Vec<u8>> {
    let reference = |id: &String| contents.reference(id);
    let components: Vec<Value> = contents
        .sorted()
        .into_iter()
        .map(|krate| component(krate, sums, "library"))
        .collect();
    let mut dependencies: Vec<(String, Vec<String>)> = contents
        .needs
        .iter()
        .map(|(id, needs)| {
            let mut needs: Vec<String> = needs.iter().map(reference).collect();
            needs.sort();
            (reference(id), needs)
        })
        .collect();
    dependencies.sort();
    let dependencies: Vec<Value> = dependencies
        .into_iter()
        .map(|(of, needs)| json!({"ref": of, "dependsOn": needs}))
        .collect();
    let mut application = component(&contents.root, sums, "application");
    application["properties"] = json!([
        {"name": "kubectl-mesh:commit", "value": release.commit},
        {"name": "kubectl-mesh:target", "value": target.triple},
    ]);
    let document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": application,
            "tools": {"components": [
                {"type": "application", "name": "rustc", "version": release.rustc},
            ]},
        },
        "components": components,
        "dependencies": dependencies,
    });
    let mut text = serde_json::to_vec_pretty(&document)?;
    text.push(b'\n');
    Ok(text)
}

fn component(krate: &Crate, sums: &Checksums, kind: &str) -> Value {
    let purl = purl(krate);
    let mut component = json!({
        "type": kind,
        "bom-ref": purl,
        "name": krate.name,
        "version": krate.version,
        "purl": purl,
        "licenses": [licence(krate)],
    });
    let key = (krate.name.clone(), krate.version.clone());
    if let Some(sum) = sums.0.get(&key) {
        component["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
    }
    component
}

fn licence(krate: &Crate) -> Value {
    match &krate.license {
        Some(expression) => json!({"expression": spdx(expression)}),
        None => json!({"license": {"name": "in the crate's own licence file"}}),
    }
}

/// Older crates write `MIT/Apache-2.0`, which SPDX writes with OR.
pub(crate) fn spdx(expression: &str) -> String {
    let parts: Vec<&str> = expression.split('/').map(str::trim).collect();
    parts.join(" OR ")
}

/// Ours are on no registry, where anybody may take their names.
fn purl(krate: &Crate) -> String {
    if krate.source.is_some() {
        format!("pkg:cargo/{}@{}", krate.name, krate.version)
    } else {
        let (version, name) = (&krate.version, &krate.name);
        format!("pkg:github/kubectl-mesh/kubectl-mesh@v{version}#crates/{name}")
    }
}

impl Contents {
    fn reference(&self, id: &String) -> String {
        purl(self.crates.get(id).unwrap_or(&self.root))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Checksums, cyclonedx};
    use crate::package::{Release, crates::tests::contents, target::Target};

    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\n\
        source = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"abc\"\n\
        dependencies = [\n \"derive\",\n]\n\n[[package]]\nname = \"mesh-common\"\nversion = \"1.0.0\"\n";

    #[test]
    fn a_bill_names_each_crate_where_it_is_from_and_under_which_terms() {
        let release = Release {
            version: "1.0.0".into(),
            commit: "0123456789ab".into(),
            rustc: "1.95.0".into(),
            epoch: 0,
        };
        let target = Target::cross("x86_64-unknown-linux-musl").unwrap();
        let bill = || cyclonedx(&contents(), &Checksums::parse(LOCK), &release, &target).unwrap();
        assert_eq!(bill(), bill());
        let bill: Value = serde_json::from_slice(&bill()).unwrap();
        let ours = "pkg:github/kubectl-mesh/kubectl-mesh@v1.0.0#crates/";
        assert_eq!(
            bill["components"],
            json!([
                {
                    "type": "library", "bom-ref": format!("{ours}mesh-common"), "name": "mesh-common",
                    "version": "1.0.0", "purl": format!("{ours}mesh-common"),
                    "licenses": [{"expression": "MIT OR Apache-2.0"}],
                },
                {
                    "type": "library", "bom-ref": "pkg:cargo/serde@1.0.0", "name": "serde", "version": "1.0.0",
                    "purl": "pkg:cargo/serde@1.0.0", "licenses": [{"expression": "MIT OR Apache-2.0"}],
                    "hashes": [{"alg": "SHA-256", "content": "abc"}],
                },
            ])
        );
        assert_eq!(
            bill["dependencies"],
            json!([
                {"ref": "pkg:cargo/serde@1.0.0", "dependsOn": []},
                {"ref": format!("{ours}kubectl-mesh-tag"), "dependsOn": [format!("{ours}mesh-common")]},
                {"ref": format!("{ours}mesh-common"), "dependsOn": ["pkg:cargo/serde@1.0.0"]},
            ])
        );
        let subject = &bill["metadata"]["component"];
        assert_eq!(subject["bom-ref"], format!("{ours}kubectl-mesh-tag"));
        assert!(bill.get("serialNumber").is_none() && bill["metadata"].get("timestamp").is_none());
    }
}
