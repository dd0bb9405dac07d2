//! Which versions the control planes run, and which of them is meant.

use std::collections::BTreeMap;

use mesh_common::{Ctx, Error, Kind, Result, istioctl::Version, mesh::live::Needs, output::clean};

/// Each revision with what its istiods run; none where their image does not tell, or they differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Running(BTreeMap<String, Vec<Option<Version>>>);

impl Running {
    /// Asks the cluster, or the archive of a rehearsal.
    ///
    /// # Errors
    /// It cannot be asked.
    pub(crate) async fn read(ctx: &Ctx) -> Result<Self> {
        let mesh = ctx.mesh(Needs::ISTIODS).await?;
        let istiods = mesh.istiods.items().map_err(|gap| {
            Error::new(
                Kind::Unknown,
                format!("which versions run is unknown: {}", clean(&gap.detail, 300)),
            )
        })?;
        let mut running = Self::default();
        for istiod in istiods {
            let version = istiod.version.as_deref().and_then(Version::parse);
            running.add(&istiod.revision, version);
        }
        Ok(running)
    }

    fn add(&mut self, revision: &str, version: Option<Version>) {
        let versions = self.0.entry(revision.to_owned()).or_default();
        if !versions.contains(&version) {
            versions.push(version);
        }
    }

    /// The revisions that this istioctl matches to the patch.
    pub(crate) fn fits(&self, istioctl: &Version) -> Vec<String> {
        let fit = |versions: &Vec<Option<Version>>| {
            let mut known = versions.iter().flatten();
            known.any(|v| v.same_release(istioctl))
        };
        let all = self.0.iter().filter(|(_, versions)| fit(versions));
        all.map(|(name, _)| clean(name, 63)).collect()
    }

    /// Revisions of which it is not known what they run.
    pub(crate) fn unknown(&self) -> Vec<String> {
        let all = self.0.iter().filter(|(_, v)| v.contains(&None));
        all.map(|(name, _)| clean(name, 63)).collect()
    }

    /// The version of a revision; of the only one that runs, where none is named.
    ///
    /// # Errors
    /// There is no such revision, its version is not known, or more than one would do.
    pub(crate) fn choose(&self, revision: Option<&str>) -> Result<Version> {
        let listed = |mut error: Error| {
            for (name, versions) in &self.0 {
                let versions: Vec<String> = versions.iter().map(|v| shown(v.as_ref())).collect();
                error = error.hint(format!("{}  {}", clean(name, 63), versions.join(", ")));
            }
            error
        };
        let versions: Vec<&Option<Version>> = match revision {
            Some(name) => {
                let Some(versions) = self.0.get(name) else {
                    let name = clean(name, 63);
                    return Err(listed(Error::user(format!(
                        "no istiod of revision {name} runs here"
                    ))));
                };
                versions.iter().collect()
            }
            None => self.0.values().flatten().collect(),
        };
        if versions.is_empty() {
            return Err(Error::user("no istiod runs here")
                .hint("is Istio in another namespace? name it with --istio-namespace"));
        }
        let mut releases: Vec<&Version> = Vec::new();
        for version in versions {
            let Some(version) = version else {
                return Err(listed(Error::new(
                    Kind::Unknown,
                    "the version of an istiod is unknown: its image does not tell",
                )));
            };
            if !releases.iter().any(|v| v.same_release(version)) {
                releases.push(version);
            }
        }
        match releases[..] {
            [one] => Ok(one.clone()),
            _ if revision.is_some() => Err(listed(Error::refused(
                "the istiods of this revision run different versions: wait until they are rolled out",
            ))),
            _ => Err(listed(Error::refused(
                "more than one version runs here: name the revision with --revision",
            ))),
        }
    }
}

fn shown(version: Option<&Version>) -> String {
    match version {
        Some(version) => version.to_string(),
        None => "unknown".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(all: &[(&str, &str)]) -> Running {
        let mut running = Running::default();
        for (revision, version) in all {
            running.add(revision, Version::parse(version));
        }
        running
    }

    #[test]
    fn which_is_meant() {
        let two = running(&[("1-26-1", "1.26.1"), ("1-28-1", "1.28.1-distroless")]);
        let rolling = running(&[("default", "1.26.1"), ("default", "1.26.2")]);
        let strange = running(&[("a", "1.26.1"), ("b", "latest")]);
        let same = running(&[("a", "1.26.1"), ("b", "1.26.1-distroless")]);
        for (running, revision, want) in [
            (&two, Some("1-26-1"), Ok("1.26.1")),
            (&two, Some("1-28-1"), Ok("1.28.1-distroless")),
            (&two, Some("1-27"), Err(Kind::User)),
            (&two, None, Err(Kind::Refused)),
            (&rolling, Some("default"), Err(Kind::Refused)),
            (&strange, None, Err(Kind::Unknown)),
            (&strange, Some("b"), Err(Kind::Unknown)),
            (&strange, Some("a"), Ok("1.26.1")),
            (&same, None, Ok("1.26.1")),
            (&Running::default(), None, Err(Kind::User)),
        ] {
            let got = running.choose(revision);
            let got = got.map(|v| v.to_string()).map_err(|e| e.kind());
            assert_eq!(got, want.map(str::to_owned), "{running:?} {revision:?}");
        }
    }

    #[test]
    fn what_an_istioctl_fits() {
        let two = running(&[("a", "1.26.1"), ("b", "1.28.1-distroless"), ("c", "latest")]);
        let fits = |text| two.fits(&Version::parse(text).unwrap());
        assert_eq!(fits("1.28.1"), ["b"]);
        assert!(fits("1.28.0").is_empty());
        assert_eq!(two.unknown(), ["c"]);
    }
}
