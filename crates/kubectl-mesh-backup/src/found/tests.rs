//! Folders with backups, and with what is none.

use mesh_common::mesh::archive::{Target, Writer};
use serde_json::json;

use super::*;

/// An archive without objects.
pub(crate) fn backup(path: &Path, uid: &str, time: &str) {
    let manifest: Manifest = serde_json::from_value(json!({
        "formatVersion": 1, "captureTime": time, "istioNamespace": "istio-system", "clusterUid": uid,
        "istioVersions": ["1.28.1"],
    }))
    .unwrap();
    let writer = Writer::create(Target::typed(path, false), &manifest).unwrap();
    writer.finish().unwrap();
}

#[test]
fn newest_first_and_what_is_broken_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    backup(&at("old.tar.zst"), "one", "2026-11-01T00:00:00Z");
    backup(&at("new.tgz"), "one", "2026-11-02T00:00:00Z");
    fs::write(at("text.tar.zst"), "text").unwrap();
    fs::write(at("empty.tar.gz"), "").unwrap();
    fs::write(at("locked.tar.zst"), "age-encryption.org/v1\n").unwrap();
    fs::write(at("other.txt"), "text").unwrap();
    fs::write(at(".mesh-backup-x.tar.zst"), "unfinished").unwrap();
    let bytes = fs::read(at("old.tar.zst")).unwrap();
    fs::write(at("half.tar.zst"), &bytes[..20]).unwrap();
    let found = in_folder(dir.path()).unwrap();
    let names: Vec<_> = found
        .iter()
        .map(|f| f.path.file_name().unwrap().to_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "new.tgz",
            "old.tar.zst",
            "empty.tar.gz",
            "half.tar.zst",
            "locked.tar.zst",
            "text.tar.zst"
        ]
    );
    assert_eq!(found[0].cluster(), Some("one"));
    let why = |at: usize| match &found[at].what {
        What::Broken(why) => why.as_str(),
        other => panic!("{other:?}"),
    };
    assert_eq!(why(2), "it is empty");
    assert!(why(3).starts_with("it is truncated"), "{}", why(3));
    assert_eq!(found[4].what, What::Locked(None));
    assert_eq!(why(5), "it is no archive of kubectl mesh-backup");
    assert!(in_folder(&at("none")).is_err());
}
