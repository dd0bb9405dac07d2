//! Ways to go wrong, by `$MESH_STANDIN_FAULT`; several are joined by `+`.
//!
//! - `nothing`: says it is done, exit 0, and changes nothing
//! - `only:Service,MutatingWebhookConfiguration`: applies (or deletes) these kinds only, then fails; `+exit:0` for a
//!   half-applied success
//! - `exit:N`: does and says everything, then exits N
//! - `crash-after:N`: aborts after N objects, the Service being the first
//! - `hang`: before anything; `hang-after-apply`: before saying anything. A signal ends it.
//! - `wait-file:PATH`: changes nothing until the file exists; `wait-file-after:PATH`: says nothing until it exists
//! - `garbage`: ten megabytes of escapes and noise on both streams, exit 0, nothing changed

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::json;

/// What goes wrong in this call.
#[derive(Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "faults are independent and can be joined"
)]
pub(super) struct Fault {
    pub(super) nothing: bool,
    pub(super) only: Option<Vec<String>>,
    pub(super) exit: Option<u8>,
    pub(super) crash_after: Option<usize>,
    pub(super) hang: bool,
    pub(super) hang_after_apply: bool,
    pub(super) garbage: bool,
    wait_before: Option<PathBuf>,
    wait_after: Option<PathBuf>,
}

impl Fault {
    /// An unknown word is an error: a test with a typo must not pass.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut fault = Self::default();
        for word in text.split('+').filter(|word| !word.is_empty()) {
            let wrong = || format!("unknown fault {word}");
            match word.split_once(':').unwrap_or((word, "")) {
                ("nothing", "") => fault.nothing = true,
                ("hang", "") => fault.hang = true,
                ("hang-after-apply", "") => fault.hang_after_apply = true,
                ("garbage", "") => fault.garbage = true,
                ("only", kinds) => fault.only = Some(kinds.split(',').map(str::to_owned).collect()),
                ("exit", code) => fault.exit = Some(code.parse().map_err(|_| wrong())?),
                ("crash-after", n) => fault.crash_after = Some(n.parse().map_err(|_| wrong())?),
                ("wait-file", path) if !path.is_empty() => fault.wait_before = Some(path.into()),
                ("wait-file-after", path) if !path.is_empty() => {
                    fault.wait_after = Some(path.into());
                }
                _ => return Err(wrong()),
            }
        }
        Ok(fault)
    }

    pub(super) fn wait_before(&self) {
        wait_for(self.wait_before.as_deref());
    }

    pub(super) fn wait_after(&self) {
        wait_for(self.wait_after.as_deref());
    }
}

/// Looks until the file is there. Nothing depends on how often it looks.
fn wait_for(file: Option<&Path>) {
    let Some(file) = file else { return };
    super::record(&json!({"event": "waiting", "for": file}));
    while !file.exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Noise that tries to write on the terminal's title, colours and other lines.
pub(super) fn garbage() {
    let line = "\u{1b}[31m\u{1b}]0;owned\u{7}\u{202e}[{\"tag\": Error: panic: \u{1b}[2J\u{0}\n";
    let block = line.repeat(1000);
    for mut stream in [
        Box::new(std::io::stdout()) as Box<dyn Write>,
        Box::new(std::io::stderr()),
    ] {
        for _ in 0..(5_000_000 / block.len()) {
            let _ = stream.write_all(block.as_bytes());
        }
        let _ = stream.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::Fault;

    #[test]
    fn faults_are_joined_and_typos_are_errors() {
        let fault =
            Fault::parse("only:Service,MutatingWebhookConfiguration+exit:0+wait-file:/x").unwrap();
        assert_eq!(fault.only.unwrap().len(), 2);
        assert_eq!(fault.exit, Some(0));
        assert_eq!(Fault::parse("").unwrap(), Fault::default());
        for text in [
            "hangs",
            "exit:x",
            "exit:300",
            "crash-after",
            "wait-file:",
            "nothing:1",
        ] {
            assert!(Fault::parse(text).is_err(), "{text}");
        }
    }
}
