//! Every recorded precheck and analysis of every version, and what each comes to.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use mesh_common::{
    istioctl::{Captured, Output},
    mesh::Mesh,
};
use serde_json::Value;

use super::super::*;
use crate::{check::Status, made::facts};

/// What each recorded case comes to.
const RECORDED: &str = include_str!("recorded.txt");

/// Cases that do not come to the same in every version, and why.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "analyze-json-mesh",
        "1.20 has IST0106 and IST0162 of objects that later schemas allow; IST0133 of EnvoyFilters and IST0171 came later",
    ),
    (
        "analyze-json-forbidden-reader",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-istiod-unreachable",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-no-istio",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-one-revision",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-two-",
        "1.26 alone looks at kube-system and its like",
    ),
    (
        "analyze-json-unreachable-cluster",
        "1.28 quotes its own timeout",
    ),
    (
        "precheck-json-unreachable-cluster",
        "1.28 quotes its own timeout",
    ),
    ("analyze-log-", "not JSON; the words name the version"),
    (
        "precheck-log-forbidden-reader",
        "not JSON; the words name the version",
    ),
    (
        "precheck-log-gateway-api-",
        "not JSON; the words name the version",
    ),
    (
        "precheck-json-from-version-",
        "1.20 knows no --from-version, so it is not asked with one",
    ),
    (
        "precheck-json-revision-from-version-",
        "1.20 knows no --from-version, so it is not asked with one",
    ),
    ("precheck-json-gateway-api-", "IST0172 came with 1.26"),
];

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/istioctl-recordings")
}

fn names(dir: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(dir).unwrap();
    entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// One recorded call, as if we had run it.
fn output(case: &Path) -> Output {
    let text = |file| fs::read_to_string(case.join(file)).unwrap();
    Output {
        code: text("exit").trim().parse().ok(),
        signal: (text("exit").trim() == "timeout").then_some(9),
        stdout: Captured::from(text("stdout").as_str()),
        stderr: Captured::from(text("stderr").as_str()),
        ..Output::default()
    }
}

/// The verdict on an answer, as if this version had given it.
fn verdict(mesh: &Mesh, version: &str, answer: &Result<Analysis, NoAnswer>) -> Verdict {
    let said = Said {
        name: format!("istioctl {version}"),
        another: false,
        precheck: answer.clone(),
        analyze: answer.clone(),
    };
    judge(mesh, &said, answer)
}

/// The mesh of the cases that end so.
const SAMPLE: &str = "-mesh";

/// The sample mesh, which was recorded.
fn sample() -> Mesh {
    let dir = dir().join("../sample-mesh");
    let mut objects: Vec<Value> = Vec::new();
    let files = names(&dir).into_iter().map(|name| dir.join(name));
    for file in files.filter(|f| f.extension().is_some_and(|e| e == "yaml")) {
        let text = fs::read_to_string(file).unwrap();
        objects.extend(serde_saphyr::from_multiple::<Value>(&text).unwrap());
    }
    let Mesh { source, now, .. } = facts().mesh;
    Mesh::from_objects(objects, "istio-system", source, now).unwrap()
}

/// The lines of a case: its status, then its findings.
fn lines(mesh: &Mesh, version: &str, case: &str) -> Vec<String> {
    let output = output(&dir().join(version).join(case));
    let answer = if case.starts_with("precheck-") {
        Analysis::precheck(&output)
    } else {
        Analysis::analyze(&output)
    };
    let verdict = verdict(mesh, version, &answer);
    let mut lines = vec![format!("{:?}", verdict.status)];
    if verdict.findings.is_empty() && verdict.status != Status::Ok {
        let why = verdict
            .summary
            .replace(&format!("istioctl {version}: "), "");
        lines[0] = format!("{:?} {why}", verdict.status);
    }
    lines.extend(verdict.findings.iter().map(|f| {
        let first: Vec<_> = f.message.split(' ').take(8).collect();
        format!(
            "{:?} {} {}: {}",
            f.severity,
            f.code,
            f.object,
            first.join(" ")
        )
    }));
    lines
}

/// All recorded cases with the versions that come to the same.
fn table() -> BTreeMap<String, BTreeMap<Vec<String>, Vec<String>>> {
    let mut table: BTreeMap<String, BTreeMap<Vec<String>, Vec<String>>> = BTreeMap::new();
    let (sample, other) = (sample(), facts().mesh);
    let versions = names(&dir());
    for version in versions.iter().filter(|v| v.starts_with(char::is_numeric)) {
        let cases = names(&dir().join(version));
        let ours = |c: &&String| c.starts_with("precheck-") || c.starts_with("analyze-");
        for case in cases.iter().filter(ours) {
            let mesh = if case.ends_with(SAMPLE) {
                &sample
            } else {
                &other
            };
            table
                .entry(case.clone())
                .or_default()
                .entry(lines(mesh, version, case))
                .or_default()
                .push(version.clone());
        }
    }
    table
}

#[test]
fn every_recorded_answer_comes_to_what_it_should() {
    let mut text = String::new();
    for (case, answers) in table() {
        // In the order of the versions.
        let mut answers: Vec<_> = answers.into_iter().map(|(l, v)| (v, l)).collect();
        answers.sort();
        for (versions, lines) in answers {
            let _ = writeln!(text, "{case} ({}): {}", versions.join(" "), lines[0]);
            for line in &lines[1..] {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    assert!(text == RECORDED, "{text}");
}

#[test]
fn versions_differ_only_where_there_is_a_reason() {
    let table = table();
    let mut used = BTreeSet::new();
    for (case, answers) in &table {
        let reason = DIFFERENT.iter().find(|(start, _)| case.starts_with(start));
        if answers.len() > 1 {
            let (start, _) = reason.unwrap_or_else(|| panic!("{case}: {answers:?}"));
            used.insert(*start);
        }
    }
    assert_eq!(used.len(), DIFFERENT.len(), "{used:?}");
    // The three versions were all asked.
    assert!(table.values().all(|a| a.values().flatten().count() == 3));
}
