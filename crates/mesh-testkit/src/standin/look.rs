//! `x precheck` and `analyze`, which look and change nothing: which recording is nearest to the flags they are given.

/// What `--from-version` was recorded with.
const FROM_VERSIONS: [u64; 3] = [20, 24, 27];

/// What `--revision` was recorded with.
const REVISION: &str = "1-28-1";

/// The commands of these arguments.
fn command(args: &[String]) -> Option<&'static str> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["x" | "experimental", "precheck", ..] => Some("precheck"),
        ["analyze", ..] => Some("analyze"),
        _ => None,
    }
}

/// Whether both look in the same way, whatever their flags.
pub(super) fn same_command(one: &[String], other: &[String]) -> bool {
    command(one).is_some() && command(one) == command(other)
}

/// Arguments that were recorded in the place of these, and what to say about it; none for other commands.
///
/// The threshold changes which messages are printed, and the sample mesh has none below it; the revision changes nothing that a
/// recording shows.
pub(super) fn nearest(args: &[String]) -> Option<(Vec<String>, String)> {
    if command(args)? != "precheck" {
        return None;
    }
    let mut near = Vec::new();
    let mut note = String::new();
    let mut rest = args.iter();
    let mut from = false;
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--output-threshold" | "--revision" => _ = rest.next(),
            "--from-version" | "-f" => {
                let version = rest.next()?;
                let (as_if, said) = from_version(version)?;
                note = said;
                from = true;
                near.extend(["--from-version".to_owned(), as_if]);
            }
            _ => near.push(arg.clone()),
        }
    }
    if from && args.iter().any(|a| a == "--revision") {
        near.extend(["--revision".to_owned(), REVISION.to_owned()]);
    }
    Some((near, note))
}

/// The recorded version in the place of this; a word that is none was recorded as `latest` and `1.24.3`.
fn from_version(version: &str) -> Option<(String, String)> {
    let Some(minor) = version
        .strip_prefix("1.")
        .and_then(|m| m.parse::<u64>().ok())
    else {
        return Some((version.to_owned(), String::new()));
    };
    // Of two as near the older one, whose answer has more in it.
    let near = FROM_VERSIONS
        .into_iter()
        .min_by_key(|n| n.abs_diff(minor))?;
    let said = if near == minor {
        String::new()
    } else {
        format!(
            "istioctl stand-in: --from-version {version} was not recorded; answering as for 1.{near}\n"
        )
    };
    Some((format!("1.{near}"), said))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{super::recording::Recordings, nearest, same_command};

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn flags_that_were_not_recorded_are_answered_as_the_nearest_and_it_is_said() {
        const PRECHECK: &str = "x precheck -o json --output-threshold Info";
        for (flags, near, said) in [
            ("", "", ""),
            ("--from-version 1.20", "--from-version 1.20", ""),
            ("--from-version 1.26", "--from-version 1.27", "1.26"),
            ("--from-version 1.22", "--from-version 1.20", "1.22"),
            ("--from-version 1.30", "--from-version 1.27", "1.30"),
            ("--from-version 1.24.3", "--from-version 1.24.3", ""),
            ("--from-version latest", "--from-version latest", ""),
            (
                "--from-version 1.24 --revision 1-24-3",
                "--from-version 1.24 --revision 1-28-1",
                "",
            ),
            ("--revision 1-24-3", "", ""),
        ] {
            let (args, note) = nearest(&words(&format!("{PRECHECK} {flags}"))).unwrap();
            assert_eq!(
                args,
                words(&format!("x precheck -o json {near}")),
                "{flags}"
            );
            assert_eq!(note.is_empty(), said.is_empty(), "{flags}");
            assert!(
                note.contains(&format!("--from-version {said}")) || said.is_empty(),
                "{note}"
            );
        }
        assert_eq!(nearest(&words("analyze -A -o json --verbose")), None);
        assert_eq!(nearest(&words("tag list")), None);
    }

    #[test]
    fn every_version_has_an_answer_to_what_the_precheck_asks() {
        let data =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings");
        for (version, precheck) in [
            ("1.20.8", "x precheck -o json --output-threshold Info"),
            (
                "1.26.1",
                "x precheck -o json --output-threshold Info --from-version 1.24 --revision 1-24-3",
            ),
            (
                "1.28.1",
                "x precheck -o json --output-threshold Info --from-version 1.26 --revision 1-26-1",
            ),
        ] {
            let recordings = Recordings::open(&data, version).unwrap();
            let (near, _) = nearest(&words(precheck)).unwrap();
            let asked = recordings
                .by_args(&words(precheck))
                .or(recordings.by_args(&near));
            assert!(asked.is_some(), "{version}");
            let analyze = recordings.by_args(&words("analyze -A -o json"));
            assert_eq!(analyze.as_deref(), Some("analyze-json-mesh"), "{version}");
        }
    }

    #[test]
    fn a_case_is_meant_for_the_same_command() {
        let same = |a, b| same_command(&words(a), &words(b));
        assert!(same("x precheck -o json", "x precheck --from-version 1.24"));
        assert!(same("analyze -A", "analyze -n staging -o json"));
        assert!(!same("analyze -A", "x precheck"));
        assert!(!same("tag list", "tag list"));
    }
}
