//! Skipping, loudly: a test that could not run must be seen, and fails where everything has to run.

/// Says on stderr why a test does not run; under `CI=true` fails it instead.
///
/// Written past the test harness, which would keep the line to itself when the test passes.
#[track_caller]
pub fn skip(reason: &str) {
    use std::io::Write as _;
    let at = std::panic::Location::caller();
    assert!(
        !required(),
        "{reason} ({at}); with CI=true a skip is a failure"
    );
    let name = std::thread::current().name().unwrap_or("test").to_owned();
    drop(writeln!(std::io::stderr(), "SKIPPED {name}: {reason}"));
}

/// Whether every tier has to run here (`CI=true` or `CI=1`).
pub fn required() -> bool {
    std::env::var("CI").is_ok_and(|v| v == "true" || v == "1")
}
