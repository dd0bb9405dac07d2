//! `-o junit`: what CI servers read. A test suite per category, a test case per check.
//!
//! An error is a failure, and so is a warning where `--fail-on warning` makes it one; what is not known is an error, what was
//! not evaluated is skipped. Nothing here took a time worth telling.

use std::fmt::Write as _;

use mesh_common::{check::Finding, output::clean};

use crate::{
    check::{Category, Status},
    cli::FailOn,
    report::{Precheck, Row},
};

/// Longest line of a text.
const LINE_MAX: usize = 2_000;

/// The whole document.
pub(crate) fn document(precheck: &Precheck) -> String {
    let mut suites: Vec<(Category, Vec<&Row>)> = Vec::new();
    for row in &precheck.checks {
        match suites.last_mut() {
            Some((category, rows)) if *category == row.category => rows.push(row),
            _ => suites.push((row.category, vec![row])),
        }
    }
    let all: Vec<&Row> = precheck.checks.iter().collect();
    let fail_on = precheck.fail_on;
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    open(&mut out, 0, "testsuites", crate::NAME, &all, fail_on);
    for (category, rows) in suites {
        open(&mut out, 1, "testsuite", category.title(), &rows, fail_on);
        for row in rows {
            case(&mut out, category, row, fail_on);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// The opening tag of a suite, with what is in it.
fn open(out: &mut String, depth: usize, tag: &str, name: &str, rows: &[&Row], fail_on: FailOn) {
    let of = |kind: Kind| {
        rows.iter()
            .filter(|r| self::kind(r, fail_on) == kind)
            .count()
    };
    let indent = "  ".repeat(depth);
    let name = attribute(name);
    let tests = rows.len();
    let (failures, errors) = (of(Kind::Failure), of(Kind::Error));
    let skipped = of(Kind::Skipped);
    let _ = write!(out, "{indent}<{tag} name=\"{name}\" tests=\"{tests}\"");
    let _ = writeln!(
        out,
        " failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">"
    );
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Passed,
    Failure,
    Error,
    Skipped,
}

fn kind(row: &Row, fail_on: FailOn) -> Kind {
    match row.status {
        Status::Error => Kind::Failure,
        Status::Warning if fail_on == FailOn::Warning => Kind::Failure,
        Status::Ok | Status::Info | Status::Warning => Kind::Passed,
        Status::Unknown | Status::Skipped => Kind::Error,
        Status::NotEvaluated | Status::NotRun => Kind::Skipped,
    }
}

fn case(out: &mut String, category: Category, row: &Row, fail_on: FailOn) {
    let class = attribute(&format!("mesh-precheck.{}", category.title()));
    let name = attribute(&row.name());
    let _ = write!(out, "    <testcase classname=\"{class}\" name=\"{name}\"");
    let message = attribute(&row.summary);
    let details = text(&details(row));
    let _ = match kind(row, fail_on) {
        Kind::Passed if row.findings.is_empty() => writeln!(out, "/>"),
        Kind::Passed => writeln!(
            out,
            ">\n      <system-out>{details}</system-out>\n    </testcase>"
        ),
        Kind::Failure => writeln!(
            out,
            ">\n      <failure message=\"{message}\">{details}</failure>\n    </testcase>"
        ),
        Kind::Error => writeln!(
            out,
            ">\n      <error message=\"{message}\">{details}</error>\n    </testcase>"
        ),
        Kind::Skipped => writeln!(
            out,
            ">\n      <skipped message=\"{message}\"/>\n    </testcase>"
        ),
    };
}

/// What was found, and what to do, line by line.
fn details(row: &Row) -> String {
    let mut lines = vec![row.summary.clone()];
    for found in &row.findings {
        lines.push(line(found));
        lines.extend(found.evidence.iter().map(|seen| format!("  seen: {seen}")));
        let hint = found.hint.iter().flat_map(|hint| hint.lines());
        lines.extend(hint.map(|hint| format!("  {hint}")));
    }
    lines.push(format!("see {}", row.docs));
    let lines: Vec<_> = lines.iter().map(|line| clean(line, LINE_MAX)).collect();
    lines.join("\n")
}

fn line(found: &Finding) -> String {
    let field = found
        .field
        .as_ref()
        .map_or(String::new(), |f| format!(", {f}"));
    format!("{} {}{field}: {}", found.code, found.object, found.message)
}

/// As an attribute's value, on one line.
fn attribute(value: &str) -> String {
    escape(&clean(value, LINE_MAX))
}

/// As the text of an element.
fn text(value: &str) -> String {
    escape(value)
}

/// With nothing in it that XML 1.0 reads otherwise, or has no place for.
fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'.. => out.push(c),
            _ => {}
        }
    }
    out
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
        assert_eq!(escape("a\u{1}\tb\r\nc\u{85}"), "a\tb\nc\u{85}");
    }
}
