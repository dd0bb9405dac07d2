use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::{KEPT, Output, Target, execute, full_argv, is_istioctl_setting};

const LONG: Duration = Duration::from_secs(60);

async fn sh(script: &str, deadline: Duration, cancelled: impl Future<Output = ()>) -> Output {
    let argv = ["-c", script].map(OsString::from);
    execute(Path::new("/bin/sh"), &argv, None, deadline, cancelled)
        .await
        .expect("sh runs")
}

fn is_gone(pid: &str) -> bool {
    !Path::new("/proc").join(pid.trim()).exists()
}

#[test]
fn the_connection_is_in_the_flags() {
    let target = Target {
        kubeconfig: Path::new("/tmp/k"),
        istio_namespace: "istio-system",
    };
    assert_eq!(
        full_argv(target, &["tag", "list"]),
        [
            "tag",
            "list",
            "--kubeconfig",
            "/tmp/k",
            "--istioNamespace",
            "istio-system"
        ]
    );
}

#[test]
fn istioctl_settings_do_not_get_through() {
    for name in [
        "ISTIOCTL_PREFER_EXPERIMENTAL",
        "ISTIOCTL_ISTIONAMESPACE",
        "istioctl_x",
        "ISTIOCONFIG",
        "KUBECONFIG",
    ] {
        assert!(is_istioctl_setting(name.as_ref()), "{name}");
    }
    for name in ["HOME", "PATH", "HTTPS_PROXY", "ISTIOCTL", "KUBECONFIG2"] {
        assert!(!is_istioctl_setting(name.as_ref()), "{name}");
    }
}

#[tokio::test]
async fn a_run_keeps_streams_and_code_apart() {
    let out = sh(
        "echo out; echo err >&2; exit 7",
        LONG,
        std::future::pending(),
    )
    .await;
    assert_eq!((out.code, out.signal), (Some(7), None));
    assert_eq!(
        (out.stdout.text.as_str(), out.stderr.text.as_str()),
        ("out\n", "err\n")
    );
    assert!(!out.timed_out && !out.cancelled);
}

#[tokio::test]
async fn stdin_is_closed_and_the_defaults_file_is_empty() {
    let out = sh(
        "cat; wc -c < \"$ISTIOCONFIG\"; echo \"$KUBECONFIG\"",
        LONG,
        std::future::pending(),
    )
    .await;
    assert_eq!(
        out.stdout.text.split_whitespace().collect::<Vec<_>>(),
        ["0", "/dev/null"]
    );
}

#[tokio::test]
async fn output_is_bounded_and_counted() {
    let out = sh(
        "head -c 3000000 /dev/zero; head -c 10 /dev/zero >&2",
        LONG,
        std::future::pending(),
    )
    .await;
    assert_eq!(out.stdout.text.len(), KEPT);
    assert_eq!(out.stdout.dropped, 3_000_000 - KEPT as u64);
    assert_eq!((out.stderr.text.len(), out.stderr.dropped), (10, 0));
}

#[tokio::test]
async fn a_child_that_hangs_is_interrupted_at_its_deadline() {
    let out = sh(
        "echo $$; exec sleep 1000",
        Duration::from_millis(1500),
        std::future::pending(),
    )
    .await;
    assert!(out.timed_out && !out.cancelled);
    assert_eq!((out.code, out.signal), (None, Some(2)));
    assert!(is_gone(&out.stdout.text), "reaped");
}

#[tokio::test]
async fn a_child_that_ignores_the_interrupt_is_killed() {
    let out = sh(
        "trap '' INT; echo $$; while :; do sleep 1; done",
        Duration::from_millis(1500),
        std::future::pending(),
    )
    .await;
    assert!(out.timed_out);
    assert_eq!(out.signal, Some(9));
    assert!(out.elapsed < Duration::from_secs(30));
    assert!(is_gone(&out.stdout.text), "reaped");
}

#[tokio::test]
async fn ctrl_c_stops_the_child_and_keeps_what_it_said() {
    let dir = tempfile::tempdir().expect("a directory");
    let ready = dir.path().join("ready");
    let made = std::process::Command::new("mkfifo").arg(&ready).status();
    assert!(made.is_ok_and(|status| status.success()));
    let script = format!(
        "trap 'echo stopped; exit 5' INT; echo started; echo > '{}'; while :; do sleep 0.05; done",
        ready.display()
    );
    let cancelled = async {
        // Opening the other end of the fifo waits until the child is there: no sleep needed.
        let ready = ready.clone();
        let read = tokio::task::spawn_blocking(move || std::fs::read(ready)).await;
        assert!(read.is_ok_and(|read| read.is_ok()));
    };
    let out = sh(&script, LONG, cancelled).await;
    assert!(out.cancelled && !out.timed_out);
    assert_eq!(
        (out.code, out.stdout.text.as_str()),
        (Some(5), "started\nstopped\n")
    );
}

#[tokio::test]
async fn a_child_that_dies_of_an_interrupt_counts_as_cancelled() {
    let out = sh("kill -INT $$; sleep 1000", LONG, std::future::pending()).await;
    assert!(out.cancelled);
    assert_eq!(out.code, None);
}

#[tokio::test]
async fn a_grandchild_holding_the_pipe_does_not_hold_us() {
    let out = sh("echo $$; sleep 30 & echo $!", LONG, std::future::pending()).await;
    assert_eq!(out.code, Some(0));
    assert!(out.elapsed < Duration::from_secs(20));
    let mut pids = out.stdout.text.lines();
    assert!(pids.next().is_some());
    let left = pids.next().expect("the grandchild's pid");
    let killed = std::process::Command::new("kill").arg(left).status();
    assert!(killed.is_ok());
}

#[tokio::test]
async fn a_program_that_cannot_start_is_an_error() {
    let result = execute(
        Path::new("/nonexistent"),
        &[],
        None,
        LONG,
        std::future::pending(),
    )
    .await;
    assert!(result.is_err());
}
