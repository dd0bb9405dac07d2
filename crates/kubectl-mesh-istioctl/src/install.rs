//! `kubectl mesh-istioctl install VERSION`.

mod download;
mod place;
mod source;
mod unpack;
mod url;

use std::{io, path::PathBuf};

use clap::builder::NonEmptyStringValueParser;
use mesh_common::{
    Ctx, Error, Kind, Outcome, Result,
    istioctl::{Store, Version, find::ask_file},
    output::{Doc, OutputArgs, Report, clean, document},
    shell,
};
use serde::Serialize;
use serde_json::Value;

use self::{place::Work, source::Source};
use crate::{
    pins::Pins,
    release::{self, Platform, RELEASES},
};

pub(crate) use self::source::sums;

/// Get an istioctl, check it, and keep it beside the others
///
/// Its archive must have the SHA-256 that the release publishes beside it
/// and, where .mesh.toml pins one, that one too; and what is in it must say
/// that it is the version asked for. It appears when all of that is so:
/// after a failure nothing is left behind. A connection that is cut is
/// resumed, and proxies are those that kubectl uses.
///
/// In a closed network, put the archive and its .sha256 into a directory
/// and name that with --from-file, or name a mirror.
///
/// Examples:
///   kubectl mesh-istioctl install 1.28.1
///   kubectl mesh-istioctl install 1.28.1 --from-file ./downloads
///   kubectl mesh-istioctl install 1.28.1 --mirror $MIRROR
///
/// Exit codes: 0 it is there; 1 nothing installed; 2 refused: a sum or the
/// version is wrong, nothing installed; 64 usage; 130 interrupted.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Install {
    /// Version to install, to the patch
    #[arg(value_parser = release::version)]
    version: Version,

    #[command(flatten)]
    from: FromArgs,

    #[command(flatten)]
    output: OutputArgs,
}

/// Where releases come from.
#[derive(Debug, clap::Args)]
pub(crate) struct FromArgs {
    /// Take the archive from this file, or from this directory; nothing is fetched
    #[arg(long, value_name = "PATH")]
    pub(crate) from_file: Option<PathBuf>,

    /// Where releases are: VERSION/ARCHIVE is below it [default: Istio's releases on GitHub]
    #[arg(
        long,
        value_name = "URL",
        env = "MESH_ISTIOCTL_MIRROR",
        hide_env_values = true,
        value_parser = NonEmptyStringValueParser::new()
    )]
    pub(crate) mirror: Option<String>,
}

impl Install {
    /// Gets it, or finds that it is there.
    pub(crate) async fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self {
            version,
            from,
            output,
        } = self;
        ctx.must_be_live("install istioctl")?;
        let store = Store::of_this_process()?;
        let platform = Platform::here()?;
        let pins = Pins::nearest()?;
        let pin = pins.as_ref().and_then(|p| p.sum(&version, platform));
        let report =
            |path: PathBuf, sha256: String, archive: Option<String>, whence: String| Placed {
                version: version.to_string(),
                path: path.display().to_string(),
                sha256,
                archive_sha256: archive,
                from: whence,
                pinned_by: pin
                    .as_ref()
                    .and(pins.as_ref())
                    .map(|p| p.path.display().to_string()),
            };
        if let Some(there) = store.get(&version) {
            let as_pinned = pin.is_none() || there.archive == pin;
            match there.verify() {
                Ok(()) if as_pinned => {
                    let placed = report(
                        there.path,
                        there.sha256.unwrap_or_default(),
                        there.archive,
                        "it was there already".into(),
                    );
                    ctx.printer.print(&output, &placed)?;
                    return Ok(Outcome::Done);
                }
                Ok(()) => ctx
                    .printer
                    .note("what is there is not what is pinned: it is replaced"),
                Err(why) => ctx
                    .printer
                    .note(format!("what is there is replaced: {why}")),
            }
        }

        let name = platform.archive(&version);
        let mut source = Source::of(&from, &version, &ctx.printer)?;
        let work = Work::begin(&store)?;
        let published = source.sum(&name).await?;
        let wanted = agreed(&name, published, pin.clone())?;
        let mut archive = work.file("archive")?;
        let sum = source.archive(&name, &mut archive).await?;
        if sum != wanted {
            return Err(Error::refused(format!(
                "the sum of {name} is wrong: nothing was installed"
            ))
            .hint(format!("published: {wanted}"))
            .hint(format!("of what came: {sum}"))
            .hint("it was changed or damaged on its way: try again, or use another mirror"));
        }
        let made = work.unpack(&name, archive)?;
        match ask_file(&made.path).await {
            Ok(said) if said.to_string() == version.to_string() => {}
            Ok(said) => {
                return Err(Error::refused(format!(
                    "the istioctl in {name} says that it is {said}: nothing was installed"
                )));
            }
            Err(why) => {
                return Err(Error::new(
                    Kind::Istioctl,
                    format!("the istioctl in {name} does not say its version: {why}"),
                ));
            }
        }
        let path = work.place(&store, &version, &made, &name, &sum)?;
        let placed = report(path, made.sha256, Some(sum), source.shown());
        ctx.printer.print(&output, &placed)?;
        Ok(Outcome::Done)
    }
}

/// The sum an archive must have: the published one, the pinned one, or both where they agree.
fn agreed(name: &str, published: Option<String>, pin: Option<String>) -> Result<String> {
    match (published, pin) {
        (Some(published), Some(pin)) if published != pin => Err(Error::refused(format!(
            "the published sum of {name} is not the pinned one: nothing was installed"
        ))
        .hint(format!("pinned:    {pin}"))
        .hint(format!("published: {published}"))
        .hint("a release never changes: ask whoever pinned it before you pin it anew")),
        (Some(sum), _) | (None, Some(sum)) => Ok(sum),
        (None, None) => Err(Error::refused(format!(
            "there is no sum to check {name} against: nothing was installed"
        ))
        .hint(format!("put {name}.sha256 of the release beside it"))),
    }
}

/// Why a file of ours cannot be written.
fn cannot_write(e: &io::Error) -> Error {
    let why = match e.kind() {
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "your quota is used up".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the file system is read-only".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => clean(&e.to_string(), 200),
    };
    Error::user(format!(
        "the store cannot be written: {why}; nothing was installed"
    ))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Placed {
    version: String,
    path: String,
    sha256: String,
    archive_sha256: Option<String>,
    from: String,
    pinned_by: Option<String>,
}

impl Report for Placed {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        let mut rows = vec![
            ("istioctl", self.version.clone()),
            ("File", self.path.clone()),
            ("SHA-256", self.sha256.clone()),
            ("From", self.from.clone()),
        ];
        if let Some(file) = &self.pinned_by {
            rows.push(("Pinned by", file.clone()));
        }
        doc.pairs(rows);
        if self.pinned_by.is_none() {
            doc.text("So that your team gets the same one:");
            doc.command(shell::command(
                "kubectl mesh-istioctl pin {}",
                &[&self.version],
            ));
        }
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        document("IstioctlInstall", self)
    }

    fn names(&self) -> Vec<String> {
        vec![self.path.clone()]
    }
}

/// The mirror that is used: the flag or the variable, else Istio's own releases.
fn mirror(from: &FromArgs) -> Result<http::Uri> {
    let text = from.mirror.as_deref().unwrap_or(RELEASES);
    // Not quoted: it may hold a password.
    url::url(text).map_err(|why| Error::new(Kind::Usage, format!("--mirror: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_must_agree() {
        let (a, b) = (Some("a".repeat(64)), Some("b".repeat(64)));
        assert_eq!(agreed("x", a.clone(), None).unwrap(), "a".repeat(64));
        assert_eq!(agreed("x", None, b.clone()).unwrap(), "b".repeat(64));
        assert_eq!(agreed("x", a.clone(), a.clone()).unwrap(), "a".repeat(64));
        for (published, pin, says) in [(a, b, "not the pinned one"), (None, None, "no sum")] {
            let e = agreed("x", published, pin).unwrap_err();
            assert_eq!(e.kind(), Kind::Refused);
            assert!(e.to_string().contains(says), "{e}");
        }
    }

    #[test]
    fn a_full_disk_is_named() {
        for (kind, says) in [
            (io::ErrorKind::StorageFull, "the disk is full"),
            (io::ErrorKind::ReadOnlyFilesystem, "read-only"),
            (io::ErrorKind::PermissionDenied, "permission denied"),
        ] {
            let text = cannot_write(&kind.into()).to_string();
            assert!(text.contains(says), "{text}");
            assert!(text.ends_with("nothing was installed"), "{text}");
        }
    }
}
