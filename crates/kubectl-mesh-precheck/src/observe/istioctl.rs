//! What istioctl itself says: run beside everything else, never believed for its exit code.

use std::time::Duration;

use mesh_common::{
    Ctx,
    cluster::rights,
    istioctl::{
        Analysis, Istioctl, IstioctlArgs, Limits, Parity, Places, Target, Version,
        analysis::NoAnswer, how_to_get, search,
    },
    mesh::{Gap, Istiod, Known, Why},
    output::clean,
};

use super::Asked;
use crate::{
    facts::{self, Upgrade},
    route::{Minor, short},
};

/// How long `x precheck` may take. Measured at a thousand namespaces: 2 s.
const PRECHECK: Duration = Duration::from_secs(60);

/// How long `analyze` may take. Measured at ten thousand resources: 6 s.
const ANALYZE: Duration = Duration::from_secs(120);

/// How much of an answer is read: some 40,000 messages.
const KEPT: usize = 16 * 1024 * 1024;

/// The first minor whose precheck knows `--from-version`.
const FROM_VERSION: Minor = (1, 21);

/// The roles without which istioctl waits for ever.
const PRECHECK_ROLES: &[&str] = &["mesh-precheck-istioctl"];
const ANALYZE_ROLES: &[&str] = &["mesh-precheck-istioctl", "mesh-precheck-analyze"];

/// What came of asking istioctl.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Nobody knows which version to ask.
    NoTarget,
    /// There is none that fits.
    Missing {
        /// What is missing, in a sentence.
        why: String,
        /// What was looked at.
        seen: Vec<String>,
        /// How to get it.
        hint: String,
    },
    /// It was asked.
    Asked(Box<Said>),
}

/// What it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// `istioctl 1.28.1`.
    pub(crate) name: String,
    /// Whether it is of another minor than the target, as `--parity=off` allows.
    pub(crate) another: bool,
    pub(crate) precheck: Result<Analysis, NoAnswer>,
    pub(crate) analyze: Result<Analysis, NoAnswer>,
}

/// Asks the istioctl of the target.
pub(crate) async fn ask(
    ctx: &Ctx,
    args: &IstioctlArgs,
    upgrade: &Upgrade,
    istiods: Option<&[Istiod]>,
    asked: &[Asked],
) -> Known<Word> {
    let Some((args, wanted)) = upgrade.to.as_ref().and_then(|to| wanted(args, to)) else {
        return Known::Known(Word::NoTarget);
    };
    let exact = upgrade.to.as_ref().is_some_and(|to| to.version.is_some());
    let binary = match find(&args, &wanted, exact).await {
        Ok(binary) => binary,
        Err(missing) => return Known::Known(missing),
    };
    let from = upgrade.from.map(|minor| (minor, revision(istiods, minor)));
    let argv = precheck_argv(binary.version(), from.as_ref());
    match both(ctx, &binary, &argv, asked).await {
        Ok((precheck, analyze)) => Known::Known(Word::Asked(Box::new(Said {
            name: format!("istioctl {}", binary.version()),
            another: !binary.version().same_minor(&wanted),
            precheck,
            analyze,
        }))),
        Err(e) => Known::Unknown(Gap {
            what: "istioctl".into(),
            why: Why::Failed,
            detail: clean(&e.to_string(), 300),
        }),
    }
}

/// The version to look for, and how closely: where only the minor of the target is known, any patch of it does.
fn wanted(args: &IstioctlArgs, target: &facts::Target) -> Option<(IstioctlArgs, Version)> {
    let mut args = args.clone();
    if let Some(version) = &target.version {
        return Some((args, version.clone()));
    }
    if args.parity == Parity::Exact {
        args.parity = Parity::Minor;
    }
    let version = Version::parse(&format!("{}.0", short(target.minor)))?;
    Some((args, version))
}

/// The istioctl that fits, or what there is instead.
async fn find(args: &IstioctlArgs, wanted: &Version, exact: bool) -> Result<Istioctl, Word> {
    let release = wanted.release();
    let minor = short((wanted.semver.major, wanted.semver.minor));
    let (needed, hint) = if exact {
        (format!("istioctl {release}"), how_to_get(&release))
    } else {
        let how = how_to_get(&release);
        (
            format!("an istioctl {minor}"),
            format!(
                "any patch of {minor} does, and the one that will be installed is best;\n{how}"
            ),
        )
    };
    match search(args, &Places::of_this_process(), wanted).await {
        Ok(search) => {
            if let Some(binary) = search.chosen() {
                return Ok(binary.clone());
            }
            let seen: Vec<_> = search
                .candidates
                .iter()
                .map(|c| clean(&c.to_string(), 300))
                .collect();
            let why = match seen.len() {
                0 => format!("no istioctl was found; {needed} is needed"),
                1 => format!("the istioctl found does not fit; {needed} is needed"),
                n => format!("none of {n} istioctl found fits; {needed} is needed"),
            };
            Err(Word::Missing { why, seen, hint })
        }
        // The one that was named is not there.
        Err(e) => Err(Word::Missing {
            why: format!("{}; {needed} is needed", clean(&e.to_string(), 300)),
            seen: Vec::new(),
            hint,
        }),
    }
}

/// The revision of an istiod of this minor, by which istioctl knows it.
fn revision(istiods: Option<&[Istiod]>, minor: Minor) -> String {
    let of_minor = |istiod: &&Istiod| {
        let version = istiod.version.as_deref().and_then(Version::parse);
        version.is_some_and(|v| (v.semver.major, v.semver.minor) == minor)
    };
    istiods
        .into_iter()
        .flatten()
        .find(of_minor)
        .map(|i| i.revision.clone())
        .filter(|r| !r.is_empty())
        .unwrap_or_else(|| "default".to_owned())
}

/// The arguments of `x precheck`. It takes `--from-version` from 1.21 on, as `1.N`; the revision is named, or 1.28 lists
/// webhooks to find the default one, and waits for ever where it may not.
fn precheck_argv(istioctl: &Version, from: Option<&(Minor, String)>) -> Vec<String> {
    let mut argv: Vec<String> = ["x", "precheck", "-o", "json", "--output-threshold", "Info"]
        .map(str::to_owned)
        .into();
    let knows = (istioctl.semver.major, istioctl.semver.minor) >= FROM_VERSION;
    if let Some((minor, revision)) = from.filter(|_| knows) {
        argv.extend([
            "--from-version".to_owned(),
            short(*minor),
            "--revision".to_owned(),
            revision.clone(),
        ]);
    }
    argv
}

type Answer = Result<Analysis, NoAnswer>;

/// Runs both, side by side, against the cluster of this command.
async fn both(
    ctx: &Ctx,
    binary: &Istioctl,
    precheck: &[String],
    asked: &[Asked],
) -> mesh_common::Result<(Answer, Answer)> {
    let connection = ctx.connection()?;
    let minified = connection.minified()?;
    let target = Target {
        kubeconfig: minified.path(),
        istio_namespace: &connection.istio_namespace,
    };
    let run = async |argv: &[&str], deadline| {
        let limits = Limits {
            deadline,
            kept: KEPT,
        };
        let run = binary.run(target, argv, limits, ctx.interrupt.wait());
        run.await
            .map_err(|e| NoAnswer::Failed(clean(&e.to_string(), 300)))
    };
    let one = async {
        if let Some(right) = lacking(asked, PRECHECK_ROLES) {
            return Err(right);
        }
        let argv: Vec<&str> = precheck.iter().map(String::as_str).collect();
        Analysis::precheck(&run(&argv, PRECHECK).await?)
    };
    let other = async {
        if let Some(right) = lacking(asked, ANALYZE_ROLES) {
            return Err(right);
        }
        Analysis::analyze(&run(&["analyze", "-A", "-o", "json"], ANALYZE).await?)
    };
    let answers = futures::join!(one, other);
    minified.close()?;
    Ok(answers)
}

/// What istioctl would wait for without an end.
fn lacking(asked: &[Asked], roles: &[&str]) -> Option<NoAnswer> {
    let denied: Vec<String> = asked
        .iter()
        .filter(|a| roles.contains(&a.role.as_str()))
        .filter(|a| matches!(a.right.verdict, rights::Verdict::Denied(_)))
        .map(|a| a.right.ask.text())
        .collect();
    let more = match denied.len().saturating_sub(1) {
        0 => String::new(),
        n => format!(", and {n} more"),
    };
    let first = denied.first()?;
    Some(NoAnswer::Forbidden(format!(
        "may not {first}{more}: istioctl would wait for it"
    )))
}

#[cfg(test)]
mod run_tests;

#[cfg(test)]
mod tests {
    use mesh_common::cluster::rights::{Right, Verdict};

    use super::*;
    use crate::{
        made::facts,
        roles::{self, Need},
    };

    fn v(text: &str) -> Version {
        Version::parse(text).unwrap()
    }

    #[test]
    fn from_version_is_a_minor_and_only_for_those_who_know_it() {
        let from = ((1, 26), "1-26-1".to_owned());
        for (version, from, tail) in [
            ("1.20.8", Some(&from), ""),
            (
                "1.21.0",
                Some(&from),
                " --from-version 1.26 --revision 1-26-1",
            ),
            (
                "1.28.1-solo",
                Some(&from),
                " --from-version 1.26 --revision 1-26-1",
            ),
            ("1.28.1", None, ""),
        ] {
            assert_eq!(
                precheck_argv(&v(version), from).join(" "),
                format!("x precheck -o json --output-threshold Info{tail}"),
                "{version}"
            );
        }
    }

    #[test]
    fn a_target_without_a_patch_takes_any_of_its_minor() {
        let look = |parity, target: &str| {
            let args = IstioctlArgs {
                istioctl: None,
                parity,
            };
            let (args, version) = wanted(&args, &facts::Target::parse(target).unwrap()).unwrap();
            (args.parity, version.release())
        };
        let of = |parity, release: &str| (parity, release.to_owned());
        assert_eq!(look(Parity::Exact, "1.28.1"), of(Parity::Exact, "1.28.1"));
        assert_eq!(look(Parity::Exact, "1.28"), of(Parity::Minor, "1.28.0"));
        assert_eq!(look(Parity::Off, "1.28"), of(Parity::Off, "1.28.0"));
    }

    #[test]
    fn the_revision_is_that_of_the_oldest_istiod() {
        let mesh = facts().mesh;
        let istiods = mesh.istiods.get().map(Vec::as_slice);
        assert_eq!(revision(istiods, (1, 26)), "1-26-1");
        assert_eq!(revision(istiods, (1, 20)), "default");
        assert_eq!(revision(None, (1, 26)), "default");
    }

    #[test]
    fn nothing_is_run_that_would_wait_for_ever() {
        let answered = |missing: &str| -> Vec<Asked> {
            let all = roles::needs("istio-system").unwrap().into_iter();
            let one = |Need { plugin, role, ask }| Asked {
                plugin,
                role,
                right: Right {
                    verdict: if ask.text() == missing {
                        Verdict::Denied(String::new())
                    } else {
                        Verdict::Allowed
                    },
                    ask,
                },
            };
            all.map(one).collect()
        };
        for (missing, precheck, analyze) in [
            ("", false, false),
            ("list secrets", false, true),
            ("watch pods", true, true),
            ("list pods", true, true),
            ("create pods", false, false),
            // Somebody else's.
            (
                "list leases.coordination.k8s.io in istio-system",
                false,
                false,
            ),
        ] {
            let asked = answered(missing);
            assert_eq!(
                lacking(&asked, PRECHECK_ROLES).is_some(),
                precheck,
                "{missing}"
            );
            assert_eq!(
                lacking(&asked, ANALYZE_ROLES).is_some(),
                analyze,
                "{missing}"
            );
        }
        assert_eq!(
            lacking(&answered("list secrets"), ANALYZE_ROLES),
            Some(NoAnswer::Forbidden(
                "may not list secrets: istioctl would wait for it".into()
            ))
        );
    }
}
