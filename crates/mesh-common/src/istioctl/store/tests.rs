use std::fs;

use super::*;

const BODY: &[u8] = b"a binary of thirty-two bytes ....";

/// A store with one version in it.
fn store(version: &str) -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::at(dir.path().to_owned());
    add(&store, version);
    (dir, store)
}

fn add(store: &Store, version: &str) {
    let home = store.dir().join(version);
    fs::create_dir_all(&home).unwrap();
    let binary = home.join(binary_name());
    fs::write(&binary, BODY).unwrap();
    let sum = sha256_of(&binary).unwrap();
    fs::write(home.join(SUM), format!("{sum}  istioctl\n")).unwrap();
}

fn only(store: &Store) -> Installed {
    store.installed().remove(0)
}

#[test]
fn newest_first_and_nothing_else() {
    let (_dir, store) = store("1.26.1");
    for version in ["1.28.1", "1.28.1-solo", "1.9.0", ".install-x", "notes"] {
        add(&store, version);
    }
    fs::create_dir(store.dir().join("1.27.0")).unwrap();
    let names: Vec<_> = store
        .installed()
        .iter()
        .map(|i| i.version.to_string())
        .collect();
    assert_eq!(names, ["1.28.1", "1.28.1-solo", "1.26.1", "1.9.0"]);
}

#[test]
fn a_store_that_is_not_there_is_empty() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::at(dir.path().join("none"));
    assert!(store.installed().is_empty());
    assert!(store.get(&Version::parse("1.28.1").unwrap()).is_none());
}

#[test]
fn what_was_recorded_is_used_and_what_was_changed_is_not() {
    let (_dir, store) = store("1.28.1");
    let one = only(&store);
    assert_eq!(one.check(), Ok(()));
    // The same size, and as old as before.
    let modified = fs::metadata(&one.path).unwrap().modified().unwrap();
    let mut other = BODY.to_vec();
    other[0] ^= 1;
    fs::write(&one.path, &other).unwrap();
    let file = fs::File::options().write(true).open(&one.path).unwrap();
    file.set_modified(modified).unwrap();
    let said = one.check().unwrap_err();
    assert!(said.contains("not the recorded one"), "{said}");
    assert_eq!(one.verify(), Err(said));
}

#[cfg(unix)]
#[test]
fn a_file_is_not_read_while_its_stamp_is_right() {
    let (_dir, store) = store("1.28.1");
    let one = only(&store);
    one.check().unwrap();
    // A sum that the bytes do not have, under a stamp that says they have: only reading tells.
    let wrong = "0".repeat(64);
    let lie = stamp::of(&one.path, &wrong).unwrap();
    stamp::write(&one.path, &lie);
    assert_eq!(check(&one.path, &wrong), Ok(()));
    assert!(verify(&one.path, &wrong).is_err());
    // A stamp of another sum vouches for nothing.
    assert_eq!(one.check(), Ok(()));
    assert!(check(&one.path, &wrong).is_err());
}

#[cfg(unix)]
#[test]
fn a_wrong_file_gets_no_stamp() {
    let (_dir, store) = store("1.28.1");
    let one = only(&store);
    assert!(check(&one.path, &"0".repeat(64)).is_err());
    assert_eq!(stamp::read(&one.path), None);
    one.check().unwrap();
    assert!(stamp::read(&one.path).is_some());
}

#[test]
fn sums() {
    let (_dir, store) = store("1.28.1");
    let file = store.dir().join("1.28.1").join(SUM);
    for (text, says) in [
        ("", "cannot be read"),
        ("xyz", "cannot be read"),
        ("<!DOCTYPE html>", "cannot be read"),
    ] {
        fs::write(&file, text).unwrap();
        let said = only(&store).check().unwrap_err();
        assert!(said.contains(says), "{text}: {said}");
    }
    fs::remove_file(&file).unwrap();
    let said = only(&store).check().unwrap_err();
    assert!(said.contains("without a recorded sha256"), "{said}");
    fs::write(&file, "A".repeat(64)).unwrap();
    assert_eq!(only(&store).sha256, Ok("a".repeat(64)));
}
