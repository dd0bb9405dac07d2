//! A backup with Secrets, and what may be seen of them: nothing.

use std::{collections::BTreeMap, fmt::Write as _, fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mesh_common::mesh::archive::{self, Plain};
use mesh_testkit::{Api, Plugin, Ran};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::backup;
use crate::{
    backup::{ENCODED, MARKER, PRIVATE, PUBLIC},
    kit::{records, text},
};

/// A value that nobody restores, and that nobody may see either.
pub(super) const OTHER: &str = "another-value-that-nobody-may-see";

/// Where the mesh's own Secrets are.
const NAMESPACES: [&str; 2] = ["istio-system", "edge"];

pub(super) fn other() -> String {
    STANDARD.encode(OTHER)
}

pub(super) struct Sealed {
    pub(super) sandbox: Plugin,
    pub(super) file: String,
    pub(super) key: String,
}

/// A Gateway with a credential, a way to another cluster, and a CA with its key.
pub(super) fn furnish(api: &Api) {
    let secret = |namespace: &str, name: &str, labels: Value| {
        json!({ "apiVersion": "v1", "kind": "Secret", "type": "Opaque",
            "metadata": { "name": name, "namespace": namespace, "labels": labels },
            "data": { "tls.key": ENCODED, "plain": ENCODED } })
    };
    for object in [
        secret(
            "istio-system",
            "istio-remote-secret-west",
            json!({ "istio/multiCluster": "true" }),
        ),
        secret("edge", "shop-cert", json!({})),
        json!({ "apiVersion": "networking.istio.io/v1", "kind": "Gateway",
            "metadata": { "name": "tls", "namespace": "edge" }, "spec": {
                "selector": { "app": "edge-gateway" },
                "servers": [{ "port": { "number": 443, "name": "https", "protocol": "HTTPS" }, "hosts": ["*"],
                    "tls": { "mode": "SIMPLE", "credentialName": "shop-cert" } }] } }),
    ] {
        api.create(&object).unwrap();
    }
    let key = json!({ "data": { "ca-key.pem": ENCODED } });
    api.patch("Secret", "istio-system", "istio-ca-secret", &key)
        .unwrap();
}

impl Sealed {
    /// A backup of the mesh as it is, Secrets included.
    pub(super) fn make(kubeconfig: &Path) -> Self {
        let sandbox = backup(kubeconfig);
        let dir = sandbox.dir();
        let key = dir.join("id_ed25519");
        let (begin, end) = ("-----BEGIN OPENSSH PRIVATE", "-----END OPENSSH PRIVATE");
        fs::write(
            &key,
            format!("{begin} KEY-----\n{PRIVATE}\n{end} KEY-----\n"),
        )
        .unwrap();
        let file = dir.join("mesh.tar.zst").display().to_string();
        let key = key.display().to_string();
        let sealed = Self { sandbox, file, key };
        let mut args = vec!["create", &sealed.file, "--include-secrets"];
        args.extend(["--encrypt-to", PUBLIC]);
        sealed.args(&args).assert_code(0).says("the CA too");
        sealed
    }

    /// Runs it, and sees to it that no value is on the screen, in a file or in a record.
    #[track_caller]
    pub(super) fn run(&self, line: &str) -> Ran {
        self.args(&line.split_whitespace().collect::<Vec<_>>())
    }

    #[track_caller]
    fn args(&self, args: &[&str]) -> Ran {
        let mut all = args.to_vec();
        all.push("-vvv");
        let ran = self.sandbox.run_args(&all);
        assert_hidden(&ran.stdout, "stdout");
        assert_hidden(&ran.stderr, "stderr");
        self.assert_no_file_shows();
        ran
    }

    /// `restore FILE` with the key and the Secrets, and what else is typed.
    #[track_caller]
    pub(super) fn restore(&self, more: &[&str]) -> Ran {
        let mut args = vec!["restore", &self.file, "--identity", &self.key];
        args.push("--include-secrets");
        args.extend(more);
        self.args(&args)
    }

    /// Nothing below the sandbox shows a value, however it is compressed.
    #[track_caller]
    fn assert_no_file_shows(&self) {
        let mut dirs = vec![self.sandbox.dir().to_owned()];
        while let Some(dir) = dirs.pop() {
            for entry in fs::read_dir(&dir).unwrap().flatten() {
                let path = entry.path();
                let kind = entry.file_type().unwrap();
                if kind.is_dir() {
                    dirs.push(path);
                } else if kind.is_file() {
                    let bytes = fs::read(&path).unwrap();
                    let name = path.display().to_string();
                    assert_hidden(&String::from_utf8_lossy(&bytes), &name);
                    let plain = name.ends_with(".tar.zst") && !bytes.starts_with(b"age-");
                    if plain {
                        archive::visit(&path, &Plain, |object| {
                            assert_hidden(&String::from_utf8_lossy(object.json), &name);
                            assert_ne!(object.what(), "secrets", "{name}");
                            Ok(())
                        })
                        .unwrap();
                    }
                }
            }
        }
    }
}

/// Neither a value nor a hash of one.
#[track_caller]
pub(super) fn assert_hidden(text: &str, place: &str) {
    for value in [MARKER, OTHER] {
        let encoded = STANDARD.encode(value);
        for form in [value, &encoded] {
            let mut hash = String::new();
            for byte in Sha256::digest(form) {
                write!(hash, "{byte:02x}").unwrap();
            }
            // The last of base64 depends on what follows.
            for seen in [&form[..form.len() - 4], &hash] {
                assert!(!text.contains(seen), "{seen} is in {place}");
            }
        }
    }
}

/// No record shows a value.
#[track_caller]
pub(super) fn assert_records_hide(api: &Api) {
    for record in records(api) {
        assert_hidden(&serde_json::to_string(&record).unwrap(), &record.id);
    }
    for map in api.list("ConfigMap", "istio-system") {
        assert_hidden(&map.to_string(), "a ConfigMap");
    }
}

/// The mesh's Secrets, values and types.
pub(super) fn secrets(api: &Api) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    for namespace in NAMESPACES {
        for secret in api.list("Secret", namespace) {
            let metadata = &secret["metadata"];
            let seen = json!({ "data": secret["data"], "type": secret["type"], "labels": metadata["labels"] });
            found.insert(format!("{namespace}/{}", text(&metadata["name"])), seen);
        }
    }
    found
}

/// Puts another value into the gateway's credential, as the one that wrote it.
pub(super) fn change_credential(api: &Api) {
    api.patch(
        "Secret",
        "edge",
        "shop-cert",
        &json!({ "data": { "tls.key": other() } }),
    )
    .unwrap();
}
