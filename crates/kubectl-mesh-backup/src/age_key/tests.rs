//! Archives through locks and back: with keys of both kinds, with the wrong one, with none.

use std::{fs, path::Path};

use age::secrecy::ExposeSecret as _;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use mesh_common::mesh::archive::{self, Manifest, Target, Writer};

use super::*;

const MARKER: &str = "a value that must not be seen";

fn manifest() -> Manifest {
    serde_json::from_value(serde_json::json!({
        "formatVersion": 1, "captureTime": "2026-11-21T08:00:00Z", "istioNamespace": "istio-system",
    }))
    .unwrap()
}

fn archive(path: &Path, lock: &dyn Lock) {
    let target = Target::typed(path, false);
    let mut writer = Writer::locked(target, &manifest(), lock).unwrap();
    let secret =
        serde_json::json!({ "apiVersion": "v1", "kind": "Secret", "data": { "key": MARKER },
        "metadata": { "name": "cacerts", "namespace": "istio-system" } })
        .to_string();
    let path = archive::object_path("", "secrets", Some("istio-system"), "cacerts");
    writer.file(path, secret.as_bytes()).unwrap();
    writer.finish().unwrap();
}

fn keys(identities: &[&Path], passphrase: Option<&str>) -> Keys {
    let typed = OnceLock::new();
    if let Some(passphrase) = passphrase {
        typed
            .set(SecretString::from(passphrase.to_owned()))
            .unwrap();
    }
    Keys {
        own: None,
        asked: Arc::default(),
        identities: identities.iter().map(|p| (*p).to_owned()).collect(),
        printer: Printer::for_test(None, false, false),
        typed: Arc::new(typed),
    }
}

fn opens(path: &Path, keys: &Keys) -> Result<usize, String> {
    let mut found = 0;
    archive::visit(path, keys, |object| {
        found += usize::from(str::from_utf8(object.json).unwrap().contains(MARKER));
        Ok(())
    })
    .map_err(|e| e.to_string().rsplit("zst: ").next().unwrap().to_owned())?;
    Ok(found)
}

/// The key pair of RFC 8032, 7.1, test 1, as OpenSSH writes it.
fn ssh() -> (String, String) {
    let bytes = |hex: &str| -> Vec<u8> {
        (0..hex.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
            .collect()
    };
    let secret = bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let public = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    let string =
        |text: &[u8]| [&u32::try_from(text.len()).unwrap().to_be_bytes()[..], text].concat();
    let blob = [string(b"ssh-ed25519"), string(&public)].concat();
    let mut private = [
        vec![0, 0, 0, 7, 0, 0, 0, 7],
        blob.clone(),
        string(&[secret, public].concat()),
        string(b""),
    ]
    .concat();
    for pad in 1..=(8 - private.len() % 8) % 8 {
        private.push(u8::try_from(pad).unwrap());
    }
    let file = [
        b"openssh-key-v1\0".to_vec(),
        string(b"none"),
        string(b"none"),
        string(b""),
        vec![0, 0, 0, 1],
        string(&blob),
        string(&private),
    ]
    .concat();
    let (begin, end) = ("-----BEGIN OPENSSH PRIVATE", "-----END OPENSSH PRIVATE");
    let lines: Vec<String> = STANDARD
        .encode(file)
        .as_bytes()
        .chunks(70)
        .map(|line| String::from_utf8(line.to_vec()).unwrap())
        .collect();
    let pem = format!("{begin} KEY-----\n{}\n{end} KEY-----\n", lines.join("\n"));
    (
        pem,
        format!("ssh-ed25519 {} somebody@example.com", STANDARD.encode(blob)),
    )
}

#[test]
fn only_the_keys_it_was_made_for_open_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.tar.zst");
    let key = age::x25519::Identity::generate();
    let other = age::x25519::Identity::generate();
    let (pem, public) = ssh();
    let lock = Recipients::keys(&[key.to_public().to_string(), public]).unwrap();
    archive(&file, &lock);
    assert!(archive::is_encrypted(&file).unwrap());
    let bytes = fs::read(&file).unwrap();
    for seen in [
        &b"istio-system"[..],
        MARKER.as_bytes(),
        &[0x28, 0xb5, 0x2f, 0xfd],
    ] {
        assert!(!bytes.windows(seen.len()).any(|w| w == seen), "{seen:?}");
    }
    let write = |name: &str, text: &str| {
        let path = dir.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let mine = write(
        "mine",
        &format!("# mine\n{}\n", key.to_string().expose_secret()),
    );
    let theirs = write("theirs", other.to_string().expose_secret());
    let ssh = write("id_ed25519", &pem);
    let junk = write("junk", "no key\n");
    for good in [&mine, &ssh] {
        assert_eq!(opens(&file, &keys(&[good], None)), Ok(1));
        assert_eq!(opens(&file, &keys(&[&theirs, good], None)), Ok(1));
    }
    let said = |path: &Path| opens(&file, &keys(&[path], None)).unwrap_err();
    assert_eq!(
        said(&theirs),
        "it is encrypted, and none of the keys opens it"
    );
    assert!(said(&junk).ends_with("holds neither an age identity nor an SSH key"));
    assert!(said(&dir.path().join("none")).contains("cannot be read"));
    assert_eq!(
        opens(&file, &keys(&[], None)).unwrap_err(),
        "it is encrypted; add --identity FILE with the key that opens it"
    );
    // Every byte counts: none can be changed, none left out.
    for at in [3, 40, 100, bytes.len() / 2, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        fs::write(&file, &changed).unwrap();
        assert!(opens(&file, &keys(&[&mine], None)).is_err(), "byte {at}");
        fs::write(&file, &bytes[..at]).unwrap();
        assert!(opens(&file, &keys(&[&mine], None)).is_err(), "cut at {at}");
    }
}

#[test]
fn a_passphrase_opens_what_it_closed() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.tar.zst");
    let mut cheap = age::scrypt::Recipient::new("a long passphrase".to_owned().into());
    cheap.set_work_factor(2);
    archive(&file, &Recipients::Keys(vec![Box::new(cheap)]));
    assert_eq!(opens(&file, &keys(&[], Some("a long passphrase"))), Ok(1));
    assert_eq!(
        opens(&file, &keys(&[], Some("another"))).unwrap_err(),
        "it is encrypted, and what was given does not open it"
    );
    assert_eq!(
        opens(&file, &keys(&[], None)).unwrap_err(),
        "it is encrypted with a passphrase, which takes a terminal"
    );
}

#[test]
fn what_is_not_encrypted_passes() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["a.tar.zst", "a.tgz"] {
        let file = dir.path().join(name);
        archive(&file, &archive::Plain);
        assert!(!archive::is_encrypted(&file).unwrap());
        assert_eq!(opens(&file, &keys(&[], None)), Ok(1));
    }
}

#[test]
fn a_private_key_is_no_recipient_and_is_not_repeated() {
    let private = age::x25519::Identity::generate()
        .to_string()
        .expose_secret()
        .to_owned();
    for typed in ["age1nonsense", "ssh-dss AAAA", "", private.as_str()] {
        let Err(error) = Recipients::keys(&[typed.to_owned()]) else {
            panic!("{typed} was taken");
        };
        assert_eq!(error.kind(), mesh_common::Kind::Refused);
        assert!(!error.to_string().contains("SECRET"), "{error}");
    }
}
