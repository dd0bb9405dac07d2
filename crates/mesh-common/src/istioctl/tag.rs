//! `istioctl tag`: argument lists that no name can turn into a flag, and what the answers mean.

use serde::{Deserialize, Serialize};

use super::answer::{json_after_logs, unreadable};
use super::{Output, Version, first_lines};
use crate::error::{Error, Result};
use crate::output::clean;

/// What `tag list` prints instead of JSON when there is nothing to list, `-o json` or not
/// (`istioctl/pkg/tag/tag.go`; 1.20.8 and 1.26.1, then 1.28.1).
const NO_TAGS: &[&str] = &[
    "No Istio revision tag MutatingWebhookConfigurations to list",
    "No Istio revision tags found.",
];

/// One row of `tag list -o json`.
#[derive(Clone, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub struct TagEntry {
    /// Empty for a revision that no tag points to (from 1.22).
    pub tag: String,
    /// What it points to.
    pub revision: String,
    /// Namespaces labelled `istio.io/rev=<tag>`; those labelled `istio-injection` are not counted.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub namespaces: Vec<String>,
}

fn null_is_empty<'de, D: serde::Deserializer<'de>>(d: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(d)?.unwrap_or_default())
}

impl TagEntry {
    /// Reads the answer to `tag list -o json`. Text that is neither JSON nor a known way of saying "none" is an error
    /// that quotes it; so is any exit code but 0.
    pub fn parse_list(output: &Output, version: &Version) -> Result<Vec<Self>> {
        let unreadable = || {
            unreadable(
                "tag list -o json",
                &version.to_string(),
                &output.stdout.text,
                &output.stderr.text,
            )
        };
        if output.code != Some(0) || output.stdout.dropped > 0 {
            return Err(unreadable());
        }
        if let Some(tags) = json_after_logs(&output.stdout.text) {
            return Ok(tags);
        }
        let none = output
            .stdout
            .text
            .lines()
            .any(|line| NO_TAGS.contains(&line.trim_end()));
        if none {
            Ok(Vec::new())
        } else {
            Err(unreadable())
        }
    }
}

/// `tag set <tag> --revision <revision>`.
#[derive(Clone, Debug)]
pub struct TagSet {
    tag: String,
    revision: String,
    overwrite: bool,
    skip_confirmation: bool,
}

impl TagSet {
    /// Checks both names: DNS-1123 labels, so that neither can look like a flag or fail half-way in the API server.
    pub fn new(tag: &str, revision: &str) -> Result<Self> {
        Ok(Self {
            tag: label("tag", tag)?,
            revision: label("revision", revision)?,
            overwrite: false,
            skip_confirmation: false,
        })
    }

    /// Lets a tag that exists be moved. istioctl then no longer minds a tag named like a revision: check that first.
    #[must_use]
    pub fn overwrite(mut self) -> Self {
        self.overwrite = true;
        self
    }

    /// Applies through a webhook conflict that istioctl sees, without its warning.
    #[must_use]
    pub fn skip_confirmation(mut self) -> Self {
        self.skip_confirmation = true;
        self
    }

    /// The arguments, without the connection.
    pub fn argv(&self) -> Vec<&str> {
        let mut argv = vec!["tag", "set", &self.tag, "--revision", &self.revision];
        argv.extend(self.overwrite.then_some("--overwrite"));
        argv.extend(self.skip_confirmation.then_some("--skip-confirmation"));
        argv
    }

    /// What istioctl claims to have done.
    pub fn claim(&self, output: &Output) -> Claim {
        let line = format!(
            "Revision tag \"{}\" created, referencing control plane revision \"{}\".",
            self.tag, self.revision
        );
        Claim::read(output, &line)
    }

    /// Whether the cluster may have changed although istioctl claims otherwise: for the tag `default` the old default
    /// webhook is deactivated before the conflict prompt (`DeactivateIstioInjectionWebhook` in `tag.Generate`).
    pub fn may_have_written(&self, claim: &Claim) -> bool {
        match claim {
            Claim::Prompted { .. } => self.tag == "default",
            _ => claim.may_have_written(),
        }
    }
}

/// `tag remove <tag>`.
#[derive(Clone, Debug)]
pub struct TagRemove {
    tag: String,
    skip_confirmation: bool,
}

impl TagRemove {
    /// Checks the name as [`TagSet::new`] does.
    pub fn new(tag: &str) -> Result<Self> {
        Ok(Self {
            tag: label("tag", tag)?,
            skip_confirmation: false,
        })
    }

    /// Removes a tag that namespaces still use.
    #[must_use]
    pub fn skip_confirmation(mut self) -> Self {
        self.skip_confirmation = true;
        self
    }

    /// The arguments, without the connection.
    pub fn argv(&self) -> Vec<&str> {
        let mut argv = vec!["tag", "remove", &self.tag];
        argv.extend(self.skip_confirmation.then_some("--skip-confirmation"));
        argv
    }

    /// What istioctl claims to have done.
    pub fn claim(&self, output: &Output) -> Claim {
        Claim::read(output, &format!("Revision tag {} removed", self.tag))
    }
}

/// What istioctl's answer to a mutation claims. Only the cluster says what happened: read it back in every case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Exit 0 and the line that says so.
    Done,
    /// It asked a question, found no terminal and gave up, with exit 0.
    Prompted {
        /// What it wanted confirmed: conflicts, or namespaces still using the tag.
        why: Vec<String>,
    },
    /// It said no, or the API server did. Objects are applied in parallel, so others may have gone through.
    Failed {
        /// Its error, cleaned.
        message: String,
    },
    /// A Go panic (exit 2): from 1.28 for a revision with a Service and no webhook.
    Crashed {
        /// The panic's first line, cleaned.
        message: String,
    },
    /// It was stopped by us, by Ctrl-C or by somebody's signal before it said how it ended.
    Stopped,
    /// An answer nobody has recorded, or too much of it.
    Unclear {
        /// The first lines of it, cleaned.
        said: String,
    },
}

impl Claim {
    fn read(output: &Output, success: &str) -> Self {
        let (stdout, stderr) = (&output.stdout.text, &output.stderr.text);
        let said_so = stdout.lines().any(|line| line.starts_with(success));
        let stopped = output.timed_out || output.cancelled || output.code.is_none();
        match output.code {
            _ if stopped => Self::Stopped,
            Some(0) if said_so => Self::Done,
            Some(0) if stdout.contains("Apply anyways? [y/N]") => Self::Prompted {
                why: lines_with(stderr, "Error ["),
            },
            Some(0) if stdout.contains("Aborting operation.") => Self::Prompted {
                why: lines_with(stdout, "Caution, "),
            },
            Some(2) if stderr.lines().any(|line| line.starts_with("panic: ")) => Self::Crashed {
                message: lines_with(stderr, "panic: ").swap_remove(0),
            },
            Some(1..) => match stderr.lines().find_map(|line| line.strip_prefix("Error: ")) {
                Some(message) => Self::Failed {
                    message: clean(message, 400),
                },
                None => Self::unclear(stdout, stderr),
            },
            _ => Self::unclear(stdout, stderr),
        }
    }

    fn unclear(stdout: &str, stderr: &str) -> Self {
        Self::Unclear {
            said: first_lines(if stdout.trim().is_empty() {
                stderr
            } else {
                stdout
            }),
        }
    }

    /// Whether anything may have been written. Only a prompt that nobody answered rules it out, and for `tag set default`
    /// not even that, see [`TagSet::may_have_written`].
    pub fn may_have_written(&self) -> bool {
        !matches!(self, Self::Prompted { .. })
    }
}

/// The lines that start so, cleaned.
fn lines_with(text: &str, start: &str) -> Vec<String> {
    text.lines()
        .filter(|line| line.starts_with(start))
        .take(20)
        .map(|line| clean(line, 400))
        .collect()
}

/// A DNS-1123 label: what a Kubernetes label value may be, narrowed to what an object name may end in.
fn label(what: &str, name: &str) -> Result<String> {
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = name.as_bytes();
    let fine = (1..=63).contains(&bytes.len())
        && bytes.iter().all(|&b| inner(b) || b == b'-')
        && bytes.first().copied().is_some_and(inner)
        && bytes.last().copied().is_some_and(inner);
    if fine {
        Ok(name.to_owned())
    } else {
        Err(Error::user(format!(
            "\"{}\" cannot be the name of a {what}: lower-case letters, digits and '-' inside, at most 63 of them",
            clean(name, 80)
        )))
    }
}

#[cfg(test)]
mod tests;
