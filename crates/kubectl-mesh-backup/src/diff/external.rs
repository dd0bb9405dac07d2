//! `KUBECTL_EXTERNAL_DIFF`: the user's own program compares two directories, as it does for `kubectl diff`.

use std::{path::PathBuf, process::Stdio};

use mesh_common::{Ctx, Error, Result, output::clean};
use tempfile::TempDir;

use super::{compare::Pair, patch::text};
use crate::private;

/// The variable, as kubectl has it.
const VARIABLE: &str = "KUBECTL_EXTERNAL_DIFF";

/// A program and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    program: String,
    arguments: Vec<String>,
}

impl Program {
    /// The one of the environment, if there is one.
    pub(super) fn of_environment() -> Option<Self> {
        Self::parse(&std::env::var(VARIABLE).ok()?)
    }

    /// Split as kubectl splits it (`k8s.io/kubectl/pkg/cmd/diff`, 1.34): by single spaces, the first part the program, of
    /// the others those that are made of letters, digits, `-` and `=` only. No shell sees any of it.
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let program = parts.next().filter(|p| !p.is_empty())?.to_owned();
        let plain = |part: &&str| {
            !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'=')
        };
        Some(Self {
            program,
            arguments: parts.filter(plain).map(str::to_owned).collect(),
        })
    }
}

/// Two directories with a file for every object that differs. Gone when this is dropped.
pub(super) struct Directories {
    dir: TempDir,
    a: PathBuf,
    b: PathBuf,
    files: usize,
}

impl Directories {
    pub(super) fn new() -> Result<Self> {
        let dir = private::directory("kubectl-mesh-diff-")?;
        Ok(Self {
            a: private::below(dir.path(), "A")?,
            b: private::below(dir.path(), "B")?,
            dir,
            files: 0,
        })
    }

    pub(super) fn add(&mut self, pair: &Pair) -> Result<()> {
        let name = file_name(pair);
        for (dir, object) in [(&self.a, &pair.was), (&self.b, &pair.is)] {
            if object.is_some() {
                private::file(&dir.join(&name), text(object.as_ref())?.as_bytes())?;
            }
        }
        self.files += 1;
        Ok(())
    }

    /// Runs the program on the two, if anything differs. It exits 1 when something does, and with more when it failed.
    pub(super) async fn run(self, ctx: &Ctx, program: &Program) -> Result<()> {
        if self.files == 0 {
            return Ok(());
        }
        let shown = clean(&program.program, 200);
        // Ctrl-C reaches the program by itself; the directories are removed after it.
        let _hold = ctx.interrupt.hold();
        let status = tokio::process::Command::new(&program.program)
            .arg(&self.a)
            .arg(&self.b)
            .args(&program.arguments)
            .stdin(Stdio::null())
            .status()
            .await
            .map_err(|e| Error::user(format!("cannot run {shown} of {VARIABLE}")).caused_by(e))?;
        let closed = self.dir.close();
        if ctx.interrupt.requested() {
            return Err(Error::new(mesh_common::Kind::Interrupted, "interrupted"));
        }
        closed.map_err(|e| Error::internal("cannot remove a temporary directory").caused_by(e))?;
        match status.code() {
            Some(0 | 1) => Ok(()),
            Some(code) => Err(Error::user(format!(
                "{shown} of {VARIABLE} failed: exit {code}"
            ))),
            None => Err(Error::user(format!(
                "{shown} of {VARIABLE} was ended by a signal"
            ))),
        }
    }
}

/// `apps.deployments.istio-system.istiod`: the path of its entry, which is safe in any file system, without slashes.
fn file_name(pair: &Pair) -> String {
    let path = pair.path.trim_start_matches("objects/");
    path.strip_suffix(".json")
        .unwrap_or(path)
        .replace("/_cluster/", ".")
        .replace('/', ".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_as_kubectl_splits_it() {
        type Parts<'a> = (&'a str, &'a [&'a str]);
        let table: &[(&str, Option<Parts<'_>>)] = &[
            ("", None),
            ("colordiff", Some(("colordiff", &[]))),
            ("colordiff -N -u", Some(("colordiff", &["-N", "-u"]))),
            ("diff  --context=5", Some(("diff", &["--context=5"]))),
            ("diff -u;rm $(x) a|b /etc/passwd", Some(("diff", &[]))),
            (
                "/opt/my-diff --side-by-side -W 200",
                Some(("/opt/my-diff", &["--side-by-side", "-W", "200"])),
            ),
            (" diff", None),
        ];
        for (text, want) in table {
            let want = want.map(|(program, arguments)| Program {
                program: program.into(),
                arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            });
            assert_eq!(Program::parse(text), want, "{text}");
        }
    }
}
