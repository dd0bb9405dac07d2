//! With Secrets an archive is encrypted.

use super::*;

#[test]
fn with_secrets_it_is_encrypted_and_only_the_key_opens_it() {
    let Some(lab) = Lab::get() else { return };
    furnish(lab.api());
    let plugin = plugin(&lab);
    let dir = plugin.dir();
    let key = dir.join("id_ed25519");
    let (begin, end) = ("-----BEGIN OPENSSH PRIVATE", "-----END OPENSSH PRIVATE");
    fs::write(
        &key,
        format!("{begin} KEY-----\n{PRIVATE}\n{end} KEY-----\n"),
    )
    .unwrap();
    let file = dir.join("mesh.tar.zst").display().to_string();
    plugin
        .run(&format!("create {file} --include-secrets"))
        .assert_code(2)
        .says("Secrets are never written into a file that is not encrypted")
        .says("--include-secrets --encrypt-to age1...");
    assert!(!Path::new(&file).exists());
    plugin
        .run_args(&["create", &file, "--include-secrets", "--encrypt-to", PUBLIC])
        .assert_code(0)
        .says("whole, the CA too")
        .never_says("The CA is not in it");
    let bytes = fs::read(&file).unwrap();
    let header = fs::read_to_string(format!("{file}.header.json")).unwrap();
    for seen in [MARKER, ENCODED, "istio-system"] {
        assert!(
            !bytes.windows(seen.len()).any(|w| w == seen.as_bytes()),
            "{seen}"
        );
        assert!(!header.contains(seen), "{header}");
    }
    plugin
        .run(&format!("show {file}"))
        .assert_code(1)
        .says("it is encrypted; add --identity FILE");
    let shown = plugin.run(&format!("show {file} --identity {} -o json", key.display()));
    shown.assert_code(0);
    let secrets = &shown.json()["objects"]["secrets"];
    assert_eq!(secrets["istio-system"]["objects"], 2);
    assert_eq!(secrets["edge"]["objects"], 1);
    let listed = plugin.run(&format!("list {} -o json", dir.display()));
    let row = &listed.json()["items"][0];
    assert_eq!(
        (&row["encrypted"], &row["objects"]),
        (&json!(true), &Value::Null)
    );
    assert!(
        row["clusterUid"].is_string() && row["captured"].is_string(),
        "{row}"
    );
    assert!(header.contains(row["sha256"].as_str().unwrap()));
}
