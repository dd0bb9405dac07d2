//! Closed networks, pins, and what lies in the store.

use std::fs;

use crate::{
    server::{Reply, Server},
    user::{User, archive, carry, name, sha256},
};

/// Somebody who has installed 1.28.1 from a directory.
fn installed() -> User {
    let user = User::new();
    carry(&user.work(), "1.28.1", &archive("1.28.1"));
    user.run(&["install", "1.28.1", "--from-file", "."]).ok();
    user
}

#[test]
fn from_files() {
    let bytes = archive("1.28.1");
    let file = name("1.28.1");
    for (dir, from) in [(".", "."), (".", &*file), ("m/1.28.1", "m")] {
        let user = User::new();
        let dir = user.work().join(dir);
        fs::create_dir_all(&dir).unwrap();
        carry(&dir, "1.28.1", &bytes);
        // A mirror in the environment is not asked.
        let mut command = user.command(&["install", "1.28.1", "--from-file", from]);
        let output = command.env("MESH_ISTIOCTL_MIRROR", "http://127.0.0.1:1");
        let status = output.output().unwrap().status;
        assert_eq!(status.code(), Some(0), "{from}");
        assert_eq!(user.stored(), ["1.28.1"], "{from}");
    }
}

#[test]
fn files_that_are_not_right() {
    let bytes = archive("1.28.1");
    let user = User::new();
    let install = |from: &str| user.run(&["install", "1.28.1", "--from-file", from]);
    install("none").failed(&user, 1, "there is no such file");
    install(".").failed(&user, 2, "there is no sum to check");
    carry(&user.work(), "1.28.1", &bytes);
    let archive = user.work().join(name("1.28.1"));
    fs::write(&archive, &bytes[1..]).unwrap();
    install(".").failed(&user, 2, "is wrong: nothing was installed");
    fs::remove_file(&archive).unwrap();
    install(".").failed(&user, 1, "gz: there is no such file");
}

#[test]
fn a_pin_is_above_what_a_mirror_says() {
    let user = User::new();
    let (right, other) = (archive("1.28.1"), archive("1.28.1-solo"));
    let linux = name("1.28.1");
    let (system, _) = linux["istioctl-1.28.1-".len()..].split_once('.').unwrap();
    let pin = |sum: &str| {
        let text = format!("[istioctl.\"1.28.1\"]\n{system} = \"{sum}\"\n");
        fs::write(user.work().join(".mesh.toml"), text).unwrap();
    };
    carry(&user.work(), "1.28.1", &right);
    let install = || user.run(&["install", "1.28.1", "--from-file", "."]);
    pin(&sha256(&other));
    install().failed(&user, 2, "is not the pinned one");
    pin("no sum");
    install().failed(&user, 1, "is no SHA-256");
    // Enough by itself.
    pin(&sha256(&right));
    fs::remove_file(user.work().join(format!("{linux}.sha256"))).unwrap();
    let said = install().ok();
    assert!(said.contains("Pinned by"), "{said}");
}

#[test]
fn pin_writes_what_is_published() {
    let user = User::new();
    let server = Server::start(|asked| {
        let file = asked.path.rsplit('/').next().unwrap_or_default();
        match file.strip_suffix(".sha256") {
            Some(archive) if !archive.contains("osx") => {
                let sum = sha256(archive.as_bytes());
                Reply::ok(format!("{sum}  {archive}\n").as_bytes())
            }
            _ => Reply::status("404 Not Found"),
        }
    });
    let file = user.work().join(".mesh.toml");
    fs::write(&file, "# of the team\n[other]\nx = 1\n").unwrap();
    user.run(&["pin", "1.28.1", "--mirror", &server.url()]).ok();
    let text = fs::read_to_string(&file).unwrap();
    assert!(
        text.starts_with("# of the team\n[other]\nx = 1\n"),
        "{text}"
    );
    let sum = sha256(b"istioctl-1.28.1-linux-arm64.tar.gz");
    assert!(text.contains(&format!("linux-arm64 = \"{sum}\"")), "{text}");
    assert!(text.contains("win = ") && !text.contains("osx"), "{text}");
    // A release that there is not changes nothing.
    let none = Server::start(|_| Reply::status("404 Not Found"));
    let ran = user.run(&["pin", "1.27.0", "--mirror", &none.url()]);
    ran.failed(&user, 1, "nothing was written");
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn a_changed_file_is_seen_and_replaced() {
    let user = installed();
    let binary = user.store().join("1.28.1/istioctl");
    user.run(&["verify"]).ok();
    user.run(&["list", "--client"]).ok();
    let mut bytes = fs::read(&binary).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&binary, &bytes).unwrap();
    for args in [
        &["list", "--client"][..],
        &["verify"],
        &["verify", "1.28.1"],
    ] {
        let ran = user.run(args);
        assert_eq!(ran.code, Some(2), "{args:?} {ran:?}");
        assert!(ran.out.contains("is not the recorded one"), "{ran:?}");
    }
    let ran = user.run(&["install", "1.28.1", "--from-file", "."]);
    assert!(ran.err.contains("what is there is replaced"), "{ran:?}");
    ran.ok();
    user.run(&["verify"]).ok();
    assert_eq!(user.stored(), ["1.28.1"]);
}

#[test]
fn removed() {
    let user = installed();
    let ran = user.run(&["remove", "1.26.1"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(user.stored(), ["1.28.1"]);
    user.run(&["remove", "1.28.1"]).ok();
    assert!(user.stored().is_empty(), "{:?}", user.stored());
}

#[test]
fn names_for_a_script() {
    let user = installed();
    let names = user.run(&["list", "--client", "-o", "name"]).ok();
    assert_eq!(names, "1.28.1\n");
    // No cluster: listed, and the question stays open.
    let ran = user.run(&["list", "-o", "name"]);
    assert_eq!((ran.code, &*ran.out), (Some(3), "1.28.1\n"), "{ran:?}");
}
