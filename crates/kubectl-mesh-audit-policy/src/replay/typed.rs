//! What can be typed, as values, and a workload without a mesh.

use std::{collections::BTreeMap, str::FromStr};

use clap::ValueEnum;
use jiff::{SignedDuration, Timestamp};
use mesh_common::{Ctx, Error, Kind, Result, output::clean};

use super::blocks::Shard;
use super::{
    Replay,
    header::Header,
    proposed,
    setup::{self, Typed},
    stage::Stage,
};
use crate::{Version, files::Written};

/// Whether logged paths are those that policies saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum LoggedPaths {
    /// Yes, unless a route of the mesh rewrites paths
    #[default]
    Auto,
    /// Yes
    Trust,
    /// No: they are not known
    Unknown,
}

impl LoggedPaths {
    /// As it is typed, if it has to be.
    pub(super) fn typed(self) -> Option<&'static str> {
        match self {
            Self::Auto => None,
            Self::Trust => Some("trust"),
            Self::Unknown => Some("unknown"),
        }
    }

    pub(super) fn trust(self) -> Option<bool> {
        match self {
            Self::Auto => None,
            Self::Trust => Some(true),
            Self::Unknown => Some(false),
        }
    }
}

/// A time before now: `24h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Age(SignedDuration);

impl Age {
    /// In whole seconds.
    pub(super) fn seconds(self) -> i64 {
        self.0.as_secs().max(1)
    }

    /// From then until now, in milliseconds. A clock that runs ahead does not hide its lines.
    pub(super) fn until(self, now: Timestamp) -> (i64, i64) {
        let now = now.as_millisecond();
        let length = i64::try_from(self.0.as_millis()).unwrap_or(i64::MAX);
        (now.saturating_sub(length), now.saturating_add(1))
    }
}

impl FromStr for Age {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let why = || "write 90m, 24h or 7d".to_owned();
        if let Some(days) = text.strip_suffix('d') {
            let days: i64 = days.parse().map_err(|_| why())?;
            let hours = days
                .checked_mul(24)
                .filter(|hours| (1..1_000_000).contains(hours));
            return Ok(Self(SignedDuration::from_hours(hours.ok_or_else(why)?)));
        }
        let length: SignedDuration = text.parse().map_err(|_| why())?;
        if !length.is_positive() {
            return Err(why());
        }
        Ok(Self(length))
    }
}

/// `1/8`, or `+0/8` as a Job counts its pods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ShardArg(pub(super) Shard);

impl FromStr for ShardArg {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let parse = || {
            let (index, of) = text.split_once('/')?;
            let of: u32 = of.parse().ok()?;
            let index = match index.strip_prefix('+') {
                Some(from_zero) => from_zero.parse::<u32>().ok()?.checked_add(1)?,
                None => index.parse().ok()?,
            };
            ((1..=of).contains(&index) && of <= 10_000).then_some(Self(Shard { index, of }))
        };
        parse().ok_or_else(|| "write 1/8 for the first of eight".to_owned())
    }
}

impl Replay {
    /// What lines are judged against without a mesh.
    pub(super) fn offline(
        &self,
        ctx: &Ctx,
        labels: &str,
        files: Vec<Written>,
        typed: Typed,
    ) -> Result<(Stage, Header)> {
        if ctx.from.is_some() {
            return Err(Error::new(
                Kind::Usage,
                "--workload-labels is for judging without a mesh, and --from reads one",
            )
            .hint("--workload NAMESPACE/KIND/NAME names a workload of the backup"));
        }
        if let Some(name) = self.policies.first() {
            let name = clean(name, 300);
            return Err(Error::new(
                Kind::Usage,
                format!("policy {name} is one of a mesh, and --workload-labels is for judging without one"),
            )
            .hint("give its file with -f"));
        }
        let namespace = ctx.cluster.namespace.as_deref();
        let missing: Vec<&str> = [
            files.is_empty().then_some("-f FILE"),
            namespace.is_none().then_some("-n NAMESPACE"),
            self.istio_version
                .is_none()
                .then_some("--istio-version 1.28.1"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let (Some(namespace), Some(version), false) =
            (namespace, self.istio_version, files.is_empty())
        else {
            return Err(Error::new(
                Kind::Usage,
                format!("without a mesh this is needed too: {}", missing.join(" ")),
            )
            .hint(format!(
                "kubectl mesh-audit-policy replay -f FILE --log FILE -n NAMESPACE --workload-labels {} \
                 --istio-version {}",
                mesh_common::shell::word(labels),
                self.istio_version.unwrap_or(Version::new(28, 1)),
            )));
        };
        let labels = parse_labels(labels)?;
        let text = |typed: &Option<String>, otherwise: &str| {
            typed.clone().unwrap_or_else(|| otherwise.to_owned())
        };
        let context = setup::context(
            namespace,
            labels.clone(),
            version,
            &text(&self.trust_domain, "cluster.local"),
            &text(&self.root_namespace, "istio-system"),
        );
        let labels: Vec<String> = labels
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let label = clean(&format!("{namespace}/{}", labels.join(",")), 300);
        let compared = proposed::compare(None, Some(namespace), &[], files)?;
        Ok(setup::offline(context, label, compared, typed))
    }
}

fn parse_labels(text: &str) -> Result<BTreeMap<String, String>> {
    let pairs = text.split(',').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (key, value) = pair
                .split_once('=')
                .filter(|(key, _)| !key.is_empty())
                .ok_or_else(|| {
                    let pair = clean(pair, 100);
                    Error::new(
                        Kind::Usage,
                        format!("--workload-labels: {pair} is not KEY=VALUE"),
                    )
                })?;
            Ok((key.to_owned(), value.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_shards_are_read() {
        for (text, hours) in [
            ("24h", Some(24)),
            ("7d", Some(168)),
            ("1d", Some(24)),
            ("0h", None),
            ("-1h", None),
            ("x", None),
            ("0d", None),
            ("99999999999999999d", None),
        ] {
            let age = text
                .parse::<Age>()
                .ok()
                .map(|Age(length)| length.as_hours());
            assert_eq!(age, hours, "{text}");
        }
        for (text, want) in [
            ("1/8", Some((1, 8))),
            ("8/8", Some((8, 8))),
            ("+0/8", Some((1, 8))),
            ("+8/8", None),
            ("0/8", None),
            ("9/8", None),
            ("8", None),
            ("1/0", None),
            ("1/100000", None),
        ] {
            let shard = text
                .parse::<ShardArg>()
                .ok()
                .map(|ShardArg(s)| (s.index, s.of));
            assert_eq!(shard, want, "{text}");
        }
    }
}
