//! Which revision a tag is to move to.

use mesh_common::{
    Ctx,
    error::{Error, Result},
    istioctl::Version,
    mesh::{Mesh, Wiring},
    output::clean,
    prompt, shell,
};

/// The tag whose revision is promoted when nothing else is said.
pub(crate) const CANARY: &str = "canary";

/// A revision that a tag could move to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Candidate {
    /// Its name.
    pub(crate) revision: String,
    /// The version of its istiods, if known.
    pub(crate) version: Option<Version>,
    /// Ready istiods.
    pub(crate) ready: u32,
    /// Wanted istiods.
    pub(crate) wanted: u32,
}

/// The revisions of a mesh with what is known of their istiods, newest first.
pub(crate) fn candidates(mesh: &Mesh, wiring: &Wiring) -> Vec<Candidate> {
    let istiods = mesh.istiods.items().unwrap_or_default();
    let mut all: Vec<Candidate> = wiring
        .revisions()
        .into_iter()
        .map(|revision| {
            let of: Vec<_> = istiods.iter().filter(|i| i.revision == revision).collect();
            Candidate {
                revision: revision.to_owned(),
                version: of
                    .iter()
                    .find_map(|i| Version::parse(i.version.as_deref()?)),
                ready: of.iter().map(|i| i.ready).sum(),
                wanted: of.iter().map(|i| i.replicas).sum(),
            }
        })
        .collect();
    all.sort_by(|a, b| {
        let key = |c: &Candidate| c.version.as_ref().map(|v| v.semver.clone());
        key(b)
            .cmp(&key(a))
            .then_with(|| a.revision.cmp(&b.revision))
    });
    all
}

/// What was decided, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The revision.
    pub(crate) revision: String,
    /// How it was chosen, when it was not typed: `the revision behind tag canary`.
    pub(crate) inferred: Option<String>,
}

/// The revision to promote: `--to`, else the one behind the tag `canary`, else a choice at the terminal.
///
/// # Errors
/// `--to` names no revision; or nothing tells which, and there is no terminal to ask.
pub(crate) fn choose(
    ctx: &Ctx,
    mesh: &Mesh,
    wiring: &Wiring,
    tag: &str,
    current: &[String],
    to: Option<&str>,
) -> Result<Target> {
    let all = candidates(mesh, wiring);
    if let Some(to) = to {
        if all.iter().any(|c| c.revision == to) {
            return Ok(Target {
                revision: to.to_owned(),
                inferred: None,
            });
        }
        let mut error = Error::user(format!("there is no revision {}", clean(to, 63)));
        if wiring.tags().contains(to) {
            error = error.hint(format!("{to} is a tag; name the revision behind it"));
        }
        return Err(list(error, &all));
    }
    if tag != CANARY {
        let behind: Vec<&str> = wiring.tag_by_webhook(CANARY).into_iter().collect();
        if let [revision] = behind.as_slice() {
            return Ok(Target {
                revision: (*revision).to_owned(),
                inferred: Some(format!("the revision behind tag {CANARY}")),
            });
        }
    }
    let newest_current = all
        .iter()
        .filter(|c| current.contains(&c.revision))
        .filter_map(|c| c.version.as_ref().map(|v| &v.semver))
        .max();
    let newer: Vec<&Candidate> = all
        .iter()
        .filter(|c| c.ready > 0 && !current.contains(&c.revision))
        .filter(|c| match (&c.version, newest_current) {
            (Some(v), Some(current)) => v.semver > *current,
            _ => true,
        })
        .collect();
    if newer.is_empty() {
        let canary = if tag == CANARY {
            String::new()
        } else {
            format!("there is no tag {CANARY}, and ")
        };
        let error = Error::refused(format!(
            "{canary}no ready revision is newer than the one behind {tag}"
        ))
        .hint("name the revision:")
        .hint(shell::command(
            "kubectl mesh-tag promote {} --to REVISION",
            &[tag],
        ));
        return Err(list(error, &all));
    }
    if !(ctx.printer.stdin_is_terminal() && ctx.printer.stderr_is_terminal()) {
        let error = Error::refused(format!(
            "there is no tag {CANARY} to tell which revision {tag} should move to"
        ))
        .hint("name it:")
        .hint(shell::command(
            "kubectl mesh-tag promote {} --to {}",
            &[tag, &newer[0].revision],
        ));
        return Err(list(error, &all));
    }
    let items: Vec<String> = newer.iter().map(|c| line(c)).collect();
    let chosen = prompt::choose(&ctx.printer, &format!("Move tag {tag} to"), &items)?;
    Ok(Target {
        revision: newer[chosen].revision.clone(),
        inferred: Some("chosen at the prompt".into()),
    })
}

fn line(c: &Candidate) -> String {
    let version = c
        .version
        .as_ref()
        .map_or("unknown version".to_owned(), ToString::to_string);
    format!(
        "{}  {version}  {}/{} istiods ready",
        c.revision, c.ready, c.wanted
    )
}

fn list(mut error: Error, all: &[Candidate]) -> Error {
    if all.is_empty() {
        return error.hint("there is no revision at all: no injecting webhook of istiod was found");
    }
    for candidate in all.iter().take(10) {
        error = error.hint(format!("revision {}", line(candidate)));
    }
    error
}
