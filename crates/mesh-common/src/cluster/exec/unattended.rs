//! A child that nobody watches: it has so long, and is killed then. One that went on would open its login page over a
//! terminal where a person only pressed TAB.

use std::{
    io::{self, Read},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

/// More than this is no credential.
const MOST: u64 = 1024 * 1024;
/// Between two looks at whether it has ended.
const LOOK: Duration = Duration::from_millis(5);

/// As [`Command::output`], within the limit.
pub(super) fn output(command: &mut Command, limit: Duration) -> io::Result<Output> {
    let until = Instant::now() + limit;
    command.stderr(Stdio::null());
    // In the background of the terminal: what it would read there stops it, and its children end with it.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let mut child = command.spawn()?;
    let (send, receive) = mpsc::sync_channel(1);
    if let Some(stdout) = child.stdout.take() {
        thread::spawn(move || {
            let mut text = Vec::new();
            let read = stdout.take(MOST).read_to_end(&mut text);
            let _late = send.send(read.map(|_| text));
        });
    }
    let late = || io::Error::from(io::ErrorKind::TimedOut);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        if Instant::now() >= until {
            kill(&mut child)?;
            return Err(late());
        }
        thread::sleep(LOOK);
    };
    // A grandchild may hold the pipe open.
    let left = until.saturating_duration_since(Instant::now());
    let stdout = receive.recv_timeout(left).map_err(|_| late())??;
    Ok(Output {
        status,
        stdout,
        stderr: Vec::new(),
    })
}

/// Ends it and what it started.
fn kill(child: &mut Child) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(group) = rustix::process::Pid::from_raw(child.id().cast_signed()) {
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL)?;
    }
    #[cfg(not(unix))]
    child.kill()?;
    child.wait().map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn sh(script: &str, limit: Duration) -> io::Result<Output> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).stdin(Stdio::null());
        output(command.stdout(Stdio::piped()), limit)
    }

    #[test]
    fn what_it_says_in_time_is_heard() {
        let out = sh("echo yes; echo no >&2; exit 3", Duration::from_secs(60)).unwrap();
        assert_eq!(
            (out.status.code(), &*out.stdout, &*out.stderr),
            (Some(3), &b"yes\n"[..], &b""[..])
        );
    }

    #[test]
    fn what_does_not_end_is_ended_with_its_children() {
        // Hours: the test would never come to its end.
        for script in ["sleep 9999", "sleep 9999 & wait", "exec sleep 9999"] {
            let error = sh(script, Duration::from_millis(50)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut, "{script}");
        }
    }
}
