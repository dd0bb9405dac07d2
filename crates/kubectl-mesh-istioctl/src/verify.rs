//! `kubectl mesh-istioctl verify`.

use mesh_common::{
    Ctx, Error, Outcome, Result,
    complete::Values,
    istioctl::{Installed, Store, Version},
    output::{Doc, Mark, OutputArgs, Report, verdict},
    shell,
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    pins::Pins,
    release::{self, Platform},
};

/// Check the installed istioctl against their recorded sums
///
/// All of each file is read. Where .mesh.toml pins a version, the archive
/// that it came from must be the pinned one.
///
/// Examples:
///   kubectl mesh-istioctl verify
///   kubectl mesh-istioctl verify 1.28.1
///   kubectl mesh-istioctl verify -o json
///
/// Exit codes: 0 all are right; 1 there is no such version; 2 one is wrong.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Verify {
    /// Check only this version
    #[arg(value_parser = release::version, add = Values::Installed)]
    version: Option<Version>,

    #[command(flatten)]
    output: OutputArgs,
}

impl Verify {
    /// Reads them all.
    pub(crate) fn run(self, ctx: &Ctx) -> Result<Outcome> {
        let Self { version, output } = self;
        let store = Store::of_this_process()?;
        let pins = Pins::nearest()?;
        let all = match version {
            None => store.installed(),
            Some(version) => vec![installed(&store, &version)?],
        };
        let platform = Platform::here()?;
        let rows = all.iter().map(|one| Row {
            version: one.version.to_string(),
            path: one.path.display().to_string(),
            wrong: one
                .verify()
                .and_then(|()| pinned(one, pins.as_ref(), platform))
                .err(),
        });
        let report = Verified {
            istioctl: rows.collect(),
        };
        ctx.printer.print(&output, &report)?;
        Ok(report.outcome())
    }
}

/// Whether it came from the archive that is pinned, where one is.
fn pinned(one: &Installed, pins: Option<&Pins>, platform: Platform) -> Result<(), String> {
    let Some(pins) = pins else { return Ok(()) };
    match (pins.sum(&one.version, platform), &one.archive) {
        (Some(pin), Some(archive)) if pin != *archive => Err(format!(
            "its archive is not the one pinned by {}",
            pins.path.display()
        )),
        (Some(_), None) => Err("which archive it came from was not recorded".into()),
        _ => Ok(()),
    }
}

/// The version that was named.
pub(crate) fn installed(store: &Store, version: &Version) -> Result<Installed> {
    store.get(version).ok_or_else(|| {
        let error = Error::user(format!("istioctl {version} is not installed"));
        match store.installed().first() {
            Some(_) => error.hint("kubectl mesh-istioctl list"),
            None => error.hint(shell::command(
                "kubectl mesh-istioctl install {}",
                &[&version.to_string()],
            )),
        }
    })
}

#[derive(Serialize)]
struct Verified {
    istioctl: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    version: String,
    path: String,
    /// Why it must not be used; none where it is right.
    wrong: Option<String>,
}

impl Verified {
    fn outcome(&self) -> Outcome {
        if self.istioctl.iter().any(|row| row.wrong.is_some()) {
            Outcome::Refused
        } else {
            Outcome::Done
        }
    }
}

impl Report for Verified {
    fn doc(&self, _wide: bool) -> Doc {
        let mut doc = Doc::new();
        if self.istioctl.is_empty() {
            doc.text("no istioctl is installed");
            return doc;
        }
        doc.marked(self.istioctl.iter().map(|row| match &row.wrong {
            None => (Mark::Ok, row.version.clone(), row.path.clone()),
            Some(why) => (
                Mark::Bad,
                row.version.clone(),
                format!("{why} ({})", row.path),
            ),
        }));
        let again = self.istioctl.iter().filter(|row| row.wrong.is_some());
        doc.steps(again.map(|row| {
            let command = shell::command("kubectl mesh-istioctl install {}", &[&row.version]);
            (
                format!("put a right {} in its place", row.version),
                Some(command),
            )
        }));
        doc
    }

    fn json(&self) -> serde_json::Result<Value> {
        verdict("IstioctlVerify", self.outcome(), self)
    }

    fn names(&self) -> Vec<String> {
        self.istioctl
            .iter()
            .map(|row| row.version.clone())
            .collect()
    }
}
