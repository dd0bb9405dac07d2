//! `-o junit`: what CI servers read. A test suite per category, a test case per check.
//!
//! An error is a failure, and so is a warning where `--fail-on warning` makes it one; what is not known is an error, what was
//! not evaluated is skipped. Nothing here took a time worth telling.

use mesh_common::{
    check::{FailOn, Finding},
    output::junit::{self, Came, Case, Suite},
};

use crate::{
    check::{Category, Status},
    report::{Precheck, Row},
};

/// The whole document.
pub(crate) fn document(precheck: &Precheck) -> String {
    let mut suites: Vec<(Category, Suite)> = Vec::new();
    for row in &precheck.checks {
        let case = case(row, precheck.fail_on);
        match suites.last_mut() {
            Some((category, suite)) if *category == row.category => suite.cases.push(case),
            _ => suites.push((
                row.category,
                Suite {
                    name: row.category.title().to_owned(),
                    cases: vec![case],
                },
            )),
        }
    }
    let suites: Vec<Suite> = suites.into_iter().map(|(_, suite)| suite).collect();
    junit::document(crate::NAME, &suites)
}

fn came(row: &Row, fail_on: FailOn) -> Came {
    match row.status {
        Status::Error => Came::Failure,
        Status::Warning if fail_on == FailOn::Warning => Came::Failure,
        Status::Ok | Status::Info | Status::Warning => Came::Passed,
        Status::Unknown | Status::Skipped => Came::Error,
        Status::NotEvaluated | Status::NotRun => Came::Skipped,
    }
}

fn case(row: &Row, fail_on: FailOn) -> Case {
    let came = came(row, fail_on);
    Case {
        class: format!("mesh-precheck.{}", row.category.title()),
        name: row.name(),
        came,
        message: row.summary.clone(),
        details: if came == Came::Passed && row.findings.is_empty() {
            Vec::new()
        } else {
            details(row)
        },
    }
}

/// What was found, and what to do, line by line.
fn details(row: &Row) -> Vec<String> {
    let mut lines = vec![row.summary.clone()];
    for found in &row.findings {
        lines.push(line(found));
        lines.extend(found.evidence.iter().map(|seen| format!("  seen: {seen}")));
        let hint = found.hint.iter().flat_map(|hint| hint.lines());
        lines.extend(hint.map(|hint| format!("  {hint}")));
    }
    lines.push(format!("see {}", row.docs));
    lines
}

fn line(found: &Finding) -> String {
    let field = found
        .field
        .as_ref()
        .map_or(String::new(), |f| format!(", {f}"));
    format!("{} {}{field}: {}", found.code, found.object, found.message)
}

#[cfg(test)]
mod tests {
    use mesh_common::check::Severity;

    use super::*;
    use crate::{
        check::{More, finding},
        report::tests::{made, row},
    };

    fn with(status: Status, findings: Vec<Finding>) -> Row {
        let mut row = row("MESH2101", status, false);
        row.findings = findings;
        row
    }

    #[test]
    fn a_suite_per_category_and_a_case_per_check() {
        let mut other = with(Status::NotEvaluated, vec![]);
        other.category = Category::Now;
        let precheck = made(vec![
            with(Status::Ok, vec![]),
            with(
                Status::Error,
                vec![
                    finding("MESH2101", Severity::Error, "node/a", "down")
                        .field("status")
                        .seen("Ready: False")
                        .hint("look:\nkubectl get node a"),
                ],
            ),
            with(Status::Skipped, vec![]),
            with(
                Status::Warning,
                vec![finding("MESH2101", Severity::Warning, "x", "y")],
            ),
            other,
        ]);
        let page = &precheck.checks[0].docs;
        let xml = document(&precheck);
        let want = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kubectl mesh-precheck" tests="5" failures="1" errors="1" skipped="1">
  <testsuite name="Kubernetes" tests="4" failures="1" errors="1" skipped="0">
    <testcase classname="mesh-precheck.Kubernetes" name="MESH2101 title"/>
    <testcase classname="mesh-precheck.Kubernetes" name="MESH2101 title">
      <failure message="error">error
MESH2101 node/a, status: down
  seen: Ready: False
  look:
  kubectl get node a
see {page}</failure>
    </testcase>
    <testcase classname="mesh-precheck.Kubernetes" name="MESH2101 title">
      <error message="skipped">skipped
see {page}</error>
    </testcase>
    <testcase classname="mesh-precheck.Kubernetes" name="MESH2101 title">
      <system-out>warning
MESH2101 x: y
see {page}</system-out>
    </testcase>
  </testsuite>
  <testsuite name="The mesh now" tests="1" failures="0" errors="0" skipped="1">
    <testcase classname="mesh-precheck.The mesh now" name="MESH2101 title">
      <skipped message="notEvaluated"/>
    </testcase>
  </testsuite>
</testsuites>
"#
        );
        assert_eq!(xml, want);
    }

    #[test]
    fn a_warning_fails_where_it_is_asked_to() {
        let mut precheck = made(vec![with(Status::Warning, vec![])]);
        assert!(!document(&precheck).contains("<failure"));
        precheck.fail_on = FailOn::Warning;
        let xml = document(&precheck);
        assert!(
            xml.contains("failures=\"1\"") && xml.contains("<failure message="),
            "{xml}"
        );
    }

    #[test]
    fn nothing_breaks_out_of_its_place() {
        let evil = "a\"/><b x='&amp;]]>\u{0}\u{1b}[2J\u{8}\u{fffe}\u{ffff}\u{7f}\u{202e}é😀";
        let mut row = with(
            Status::Error,
            vec![
                finding("MESH2101", Severity::Error, evil, evil)
                    .field(evil)
                    .seen(evil)
                    .hint(evil),
            ],
        );
        row.summary = format!("{evil}\nnext");
        let xml = document(&made(vec![row]));
        let said = "a&quot;/&gt;&lt;b x=&apos;&amp;amp;]]&gt;é😀";
        assert!(xml.contains(&format!("message=\"{said} next\"")), "{xml}");
        assert!(
            xml.contains(&format!("MESH2101 {said}, {said}: {said}\n")),
            "{xml}"
        );
        let allowed = |c: char| {
            c == '\n' || (c >= ' ' && c != '\u{7f}' && !"\u{fffe}\u{ffff}\u{202e}".contains(c))
        };
        assert!(xml.chars().all(allowed), "{xml:?}");
        assert_eq!(xml.matches("<b").count(), 0);
    }
}
