//! Installation from a mirror with faults, from files, and what comes after. Nothing here leaves this machine.

#![cfg(unix)]

mod local;
mod server;
mod user;

use std::{process::Stdio, sync::mpsc};

use rustix::process::{Pid, Signal, kill_process};
use server::{Asked, Reply, Server};
use user::{Ran, User, archive, name, sha256};

/// A mirror that has the sum of an archive, and for the archive itself this.
fn mirror(bytes: &[u8], answer: impl Fn(&Asked, &[u8]) -> Reply + Send + Sync + 'static) -> Server {
    let (sum, bytes) = (sha256(bytes), bytes.to_vec());
    Server::start(move |asked| {
        let name = name("1.28.1");
        if asked.method == "CONNECT" {
            Reply::ok(b"")
        } else if asked.path == format!("/1.28.1/{name}.sha256") {
            Reply::ok(format!("{sum}  {name}\n").as_bytes())
        } else if asked.path == format!("/1.28.1/{name}") {
            answer(asked, &bytes)
        } else {
            Reply::status("404 Not Found")
        }
    })
}

#[test]
fn from_a_mirror() {
    let user = User::new();
    let bytes = archive("1.28.1");
    let server = mirror(&bytes, |_, bytes| Reply::ok(bytes));
    let said = user.install(&server.url()).ok();
    let path = user.store().join("1.28.1/istioctl");
    assert!(said.contains(&path.display().to_string()), "{said}");
    assert_eq!(user.stored(), ["1.28.1"]);
    let binary = std::fs::read(&path).unwrap();
    let recorded = std::fs::read_to_string(path.with_file_name("istioctl.sha256")).unwrap();
    assert_eq!(recorded, format!("{}  istioctl\n", sha256(&binary)));
    // Once more: nothing is fetched.
    let before = server.asked().len();
    let again = user.install(&server.url()).ok();
    assert!(again.contains("it was there already"), "{again}");
    assert_eq!(server.asked().len(), before);
}

#[test]
fn what_a_mirror_may_answer_instead() {
    const PAGE: &[u8] = b"<!DOCTYPE html><html><body>Accept the terms of this hotel</body></html>";
    type Answer = fn(&Asked, &[u8]) -> Reply;
    let cases: &[(Answer, i32, &str)] = &[
        (
            |_, _| Reply::status("404 Not Found"),
            1,
            "there is no such file (404)",
        ),
        (
            |_, _| Reply::status("403 Forbidden"),
            1,
            "the answer is 403 Forbidden",
        ),
        (
            |_, _| Reply::status("503 Service Unavailable"),
            1,
            "503 Service Unavailable",
        ),
        (
            |_, _| Reply::ok(PAGE),
            1,
            "a web page came in place of the file",
        ),
        (
            |_, _| Reply::ok(b"Log in").header("Content-Type: text/html; charset=utf-8"),
            1,
            "a web page came in place of the file",
        ),
        (
            |_, bytes| Reply::ok(&bytes[1..]),
            2,
            "is wrong: nothing was installed",
        ),
        (|_, _| Reply::ok(b""), 2, "is wrong: nothing was installed"),
        (
            |_, bytes| Reply::ok(bytes).claiming(1 << 40),
            1,
            "it has more than 256.0 MiB",
        ),
        (|_, bytes| Reply::ok(bytes).cut(0), 1, "cannot fetch"),
        (
            |_, bytes| Reply::ok(bytes).cut(1000),
            1,
            "after 1 KiB of istioctl-1.28.1",
        ),
        (
            |asked, _| Reply::redirect(&asked.path),
            1,
            "it redirects in a circle",
        ),
        (
            |_, _| Reply::status("302 Found"),
            1,
            "it redirects to nowhere",
        ),
    ];
    let bytes = archive("1.28.1");
    for (answer, code, says) in cases {
        let user = User::new();
        let server = mirror(&bytes, answer);
        user.install(&server.url()).failed(&user, *code, says);
    }
}

#[test]
fn what_may_stand_for_a_sum() {
    for (sum, code, says) in [
        ("<html>Log in</html>", 1, "a web page came in place"),
        ("Not a sum", 2, "holds no SHA-256"),
        (
            "0000000000000000000000000000000000000000000000000000000000000000  istioctl-1.28.1-win.zip",
            2,
            "is for another file",
        ),
    ] {
        let user = User::new();
        let server = Server::start(move |_| Reply::ok(sum.as_bytes()));
        user.install(&server.url()).failed(&user, code, says);
    }
    let user = User::new();
    let server = Server::start(|_| Reply::status("404 Not Found"));
    user.install(&server.url())
        .failed(&user, 2, "there is no sum to check");
}

#[test]
fn what_is_in_the_archive() {
    let whole = archive("1.28.1");
    for (bytes, says) in [
        (archive("1.28.2"), "says that it is 1.28.2"),
        (whole[..whole.len() / 2].to_vec(), "it is truncated"),
        (b"no archive".to_vec(), "cannot be used"),
    ] {
        let user = User::new();
        let server = mirror(&bytes, |_, bytes| Reply::ok(bytes));
        user.install(&server.url()).failed(&user, 2, says);
    }
}

#[test]
fn a_cut_connection_is_resumed() {
    let bytes = archive("1.28.1");
    let user = User::new();
    let server = mirror(&bytes, |asked, bytes| match asked.from() {
        None => Reply::ok(bytes).header("ETag: \"one\"").cut(100_000),
        Some(from) if from < 200_000 => Reply::rest(bytes, from)
            .header("ETag: \"one\"")
            .cut(200_000 - from),
        Some(from) => Reply::rest(bytes, from),
    });
    user.install(&server.url()).ok();
    assert_eq!(user.stored(), ["1.28.1"]);
    let asked = server.asked();
    let resumed: Vec<_> = asked.iter().filter(|a| a.from().is_some()).collect();
    assert_eq!(resumed.len(), 2, "{asked:?}");
    for one in resumed {
        assert_eq!(one.header("if-range"), Some("\"one\""));
    }
}

#[test]
fn a_server_that_cannot_resume_begins_anew() {
    let bytes = archive("1.28.1");
    let user = User::new();
    let server = mirror(&bytes, |asked, bytes| match asked.from() {
        None => Reply::ok(bytes).cut(100_000),
        Some(_) => Reply::ok(bytes),
    });
    user.install(&server.url()).ok();
    assert_eq!(user.stored(), ["1.28.1"]);
}

#[test]
fn a_rest_that_is_not_the_rest_is_not_taken() {
    let bytes = archive("1.28.1");
    let user = User::new();
    let server = mirror(&bytes, |asked, bytes| match asked.from() {
        None => Reply::ok(bytes).cut(100_000),
        // Of another place: joined, it would be another file.
        Some(_) => Reply::rest(bytes, 0),
    });
    let ran = user.install(&server.url());
    assert_ne!(ran.code, Some(0));
    assert!(user.stored().is_empty(), "{:?}", user.stored());
}

#[test]
fn a_login_stays_with_its_host() {
    let bytes = archive("1.28.1");
    let user = User::new();
    let other = mirror(&bytes, |_, bytes| Reply::ok(bytes));
    let elsewhere = format!("{}/1.28.1/{}", other.url(), name("1.28.1"));
    let server = mirror(&bytes, move |_, _| Reply::redirect(&elsewhere));
    let url = format!("http://me:s3cret@127.0.0.1:{}", server.port());
    let ran = user.install(&url);
    assert!(!format!("{ran:?}").contains("s3cret"), "{ran:?}");
    ran.ok();
    for one in server.asked() {
        assert_eq!(one.header("authorization"), Some("Basic bWU6czNjcmV0"));
    }
    for one in other.asked() {
        assert_eq!(one.header("authorization"), None);
    }
    assert_eq!(other.asked().len(), 1);
}

#[test]
fn through_a_proxy() {
    let bytes = archive("1.28.1");
    let proxy = mirror(&bytes, |_, bytes| Reply::ok(bytes));
    let through = |address: String| {
        let user = User::new();
        let mut command = user.command(&["install", "1.28.1", "--mirror", "http://m.invalid"]);
        let output = command.env("HTTP_PROXY", address).output();
        (Ran::of(&output.expect("it is built")), user)
    };
    let (ran, user) = through(format!("http://me:s3cret@127.0.0.1:{}", proxy.port()));
    ran.ok();
    assert_eq!(user.stored(), ["1.28.1"]);
    let first = &proxy.asked()[0];
    assert_eq!((&*first.method, &*first.path), ("CONNECT", "m.invalid:80"));
    assert_eq!(
        first.header("proxy-authorization"),
        Some("Basic bWU6czNjcmV0")
    );

    let closed = Server::start(|_| Reply::status("407 Proxy Authentication Required"));
    let (ran, user) = through(format!("http://me:s3cret@127.0.0.1:{}", closed.port()));
    ran.failed(&user, 1, "the proxy wants a user name and password");
    assert!(!ran.err.contains("s3cret"), "{ran:?}");
}

#[test]
fn an_interrupted_download_leaves_nothing() {
    let bytes = archive("1.28.1");
    let user = User::new();
    let (send, half) = mpsc::channel();
    let server = mirror(&bytes, move |_, bytes| {
        send.send(()).expect("the test waits");
        Reply::ok(bytes).hang(1000)
    });
    let child = user
        .command(&["install", "1.28.1", "--mirror", &server.url()])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it is built");
    half.recv().expect("it asks");
    let pid = i32::try_from(child.id()).expect("it is a pid");
    kill_process(Pid::from_raw(pid).expect("not 0"), Signal::INT).expect("it runs");
    let ran = Ran::of(&child.wait_with_output().expect("it ends"));
    ran.failed(&user, 130, "interrupted; nothing was changed");
}
