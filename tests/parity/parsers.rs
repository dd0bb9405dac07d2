//! The parsers read every recorded answer of every version.

use mesh_common::istioctl::{Claim, TagEntry, TagRemove, TagSet, Version, VersionReport};

use crate::recordings::{Case, cases, dir};

/// What the recording says, read in the plainest way: the array from the first line that is `[`.
fn plain_list(case: &Case) -> Vec<TagEntry> {
    let start = case.stdout.find("[\n");
    start.map_or_else(Vec::new, |start| {
        serde_json::from_str(&case.stdout[start..]).unwrap_or_else(|e| panic!("{case}: {e}"))
    })
}

#[test]
fn every_tag_list_is_read() {
    let mut read = 0;
    for case in cases("tag-list-json-") {
        assert!(case.is("tag list -o json"), "{case}");
        let list = TagEntry::parse_list(&case.output(), &case.version);
        if case.exit == Some(0) {
            let list = list.unwrap_or_else(|e| panic!("{case}: {e}"));
            assert_eq!(list, plain_list(&case), "{case}");
        } else {
            let error = list.expect_err(&case.name).to_string();
            assert!(
                error.contains("failed to retrieve revision tags"),
                "{case}: {error}"
            );
        }
        read += 1;
    }
    assert!(read > 30, "{read} lists");
}

#[test]
fn the_sample_mesh_has_its_two_tags_in_every_version() {
    for case in cases("tag-list-json-mesh") {
        let mut tags = TagEntry::parse_list(&case.output(), &case.version).expect("a list");
        // 1.20 sorts by tag, later ones by revision.
        tags.sort_by(|a, b| a.tag.cmp(&b.tag));
        let pairs: Vec<_> = tags
            .iter()
            .map(|entry| (entry.tag.as_str(), entry.revision.as_str()))
            .collect();
        assert_eq!(
            pairs,
            [("canary", "1-28-1"), ("stable", "1-26-1")],
            "{case}"
        );
    }
}

#[test]
fn a_table_is_no_list() {
    for case in cases("tag-list-text-") {
        let list = TagEntry::parse_list(&case.output(), &case.version);
        let none = case.stdout.starts_with("No Istio revision tag");
        assert_eq!(list.is_ok(), none, "{case}");
        assert!(list.unwrap_or_default().is_empty(), "{case}");
    }
}

#[test]
fn every_version_answer_is_read() {
    for case in cases("version-")
        .iter()
        .filter(|case| case.args.contains(&"json".to_owned()))
    {
        let report = VersionReport::parse(&case.stdout, &case.stderr);
        if case.exit.is_none() {
            assert!(report.is_err(), "{case}: only log lines");
            continue;
        }
        let report = report.unwrap_or_else(|e| panic!("{case}: {e}"));
        let client = report
            .client()
            .unwrap_or_else(|| panic!("{case}: no client version"));
        assert!(client.same_release(&case.version), "{case}");
        for istiod in report.mesh_version.iter().flatten() {
            let version = Version::parse(&istiod.info.version)
                .unwrap_or_else(|| panic!("{case}: {istiod:?}"));
            let of_revision = istiod.revision.replace('-', ".");
            assert!(
                istiod.revision == "default" || of_revision == version.release(),
                "{case}: {istiod:?}"
            );
        }
        for proxy in report.data_plane_version.iter().flatten() {
            assert!(
                Version::parse(&proxy.istio_version).is_some(),
                "{case}: {proxy:?}"
            );
        }
    }
}

#[test]
fn what_version_leaves_out_is_unknown_and_not_zero() {
    for (start, istiods) in [
        ("version-json-no-istio", [None, None, None]),
        ("version-json-istiod-unreachable", [None, Some(1), Some(0)]),
        (
            "version-json-two-revisions-rev-1-26-1",
            [Some(1), Some(1), Some(1)],
        ),
    ] {
        let all: Vec<Case> = cases(start)
            .into_iter()
            .filter(|case| case.name == start)
            .collect();
        assert_eq!(all.len(), 3);
        for (case, istiods) in all.iter().zip(istiods) {
            let report = VersionReport::parse(&case.stdout, "").expect("an answer");
            assert_eq!(
                report.mesh_version.map(|istiods| istiods.len()),
                istiods,
                "{case}"
            );
        }
    }
}

#[test]
fn other_formats_are_refused() {
    for case in cases("version-client-") {
        let json = case.name == "version-client-json";
        assert_eq!(
            VersionReport::parse(&case.stdout, &case.stderr).is_ok(),
            json,
            "{case}"
        );
    }
}

#[test]
fn istiods_own_version_text_is_read() {
    for release in ["1.26.1", "1.28.1"] {
        let file = dir().join(format!("debug-endpoints/{release}-version.txt"));
        let text = std::fs::read_to_string(file).expect("recorded");
        let version = Version::parse(&text).expect("a version");
        assert_eq!(
            (version.release().as_str(), &version.vendor),
            (release, &None)
        );
        assert_eq!(version.commit.map(|commit| commit.len()), Some(40));
    }
}

/// What a recorded mutation claims, told from its name and what it changed.
fn expected(case: &Case) -> &'static str {
    let prompts = [
        "tag-set-conflict-no-yes",
        "tag-set-conflict-service-missing-no-yes",
        "tag-remove-in-use-no-yes",
    ];
    match case.exit {
        Some(0) if prompts.contains(&case.name.as_str()) => "prompted",
        Some(0) => "done",
        Some(2) => "crashed",
        _ => "failed",
    }
}

fn word(claim: &Claim) -> &'static str {
    match claim {
        Claim::Done => "done",
        Claim::Prompted { why } if !why.is_empty() => "prompted",
        Claim::Failed { message } if !message.is_empty() => "failed",
        Claim::Crashed { message } if message.contains("index out of range") => "crashed",
        _ => "unexpected",
    }
}

/// The recordings say `-y`.
fn long_flags(args: &[String]) -> Vec<&str> {
    args.iter()
        .map(|arg| {
            if arg == "-y" {
                "--skip-confirmation"
            } else {
                arg
            }
        })
        .collect()
}

#[test]
fn every_tag_set_is_understood() {
    for case in cases("tag-set-") {
        if case.name == "tag-set-no-revision-flag" {
            continue;
        }
        let set = TagSet::new(&case.args[2], &case.args[4]);
        if case.name == "tag-set-invalid-name" {
            assert!(set.is_err(), "{case}");
            continue;
        }
        let mut set = set.unwrap_or_else(|e| panic!("{case}: {e}"));
        if case.args.contains(&"--overwrite".to_owned()) {
            set = set.overwrite();
        }
        if case.args.contains(&"-y".to_owned()) {
            set = set.skip_confirmation();
        }
        if !case.args.contains(&"--webhook-name".to_owned()) {
            assert_eq!(set.argv(), long_flags(&case.args), "{case}");
        }
        let claim = set.claim(&case.output());
        assert_eq!(word(&claim), expected(&case), "{case}: {claim:?}");
        assert!(!case.changes || set.may_have_written(&claim), "{case}");
    }
}

#[test]
fn every_tag_remove_is_understood() {
    for case in cases("tag-remove-") {
        let mut remove = TagRemove::new(&case.args[2]).unwrap_or_else(|e| panic!("{case}: {e}"));
        if case.args.contains(&"-y".to_owned()) {
            remove = remove.skip_confirmation();
        }
        assert_eq!(remove.argv(), long_flags(&case.args), "{case}");
        let claim = remove.claim(&case.output());
        assert_eq!(word(&claim), expected(&case), "{case}: {claim:?}");
        assert!(!case.changes || claim.may_have_written(), "{case}");
    }
}
