//! `JUnit` XML, as CI servers read it: suites of cases. Nothing here took a time worth telling.

use std::fmt::Write as _;

use super::clean;

/// Longest line of a text.
const LINE_MAX: usize = 2_000;

/// What became of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// Nothing is the matter; what it has to say is beside it.
    Passed,
    /// It failed.
    Failure,
    /// It is not known.
    Error,
    /// It was not looked at.
    Skipped,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// What it belongs to: `mesh-precheck.Kubernetes`.
    pub class: String,
    /// Its name.
    pub name: String,
    /// What became of it.
    pub came: Came,
    /// In one line.
    pub message: String,
    /// Everything, line by line.
    pub details: Vec<String>,
}

/// Checks that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suite {
    /// Its name.
    pub name: String,
    /// Its cases.
    pub cases: Vec<Case>,
}

/// The whole document. Every text is cleaned, and nothing in it breaks out of its place.
pub fn document(name: &str, suites: &[Suite]) -> String {
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let all: Vec<&Case> = suites.iter().flat_map(|suite| &suite.cases).collect();
    open(&mut out, 0, "testsuites", name, &all);
    for suite in suites {
        let cases: Vec<&Case> = suite.cases.iter().collect();
        open(&mut out, 1, "testsuite", &suite.name, &cases);
        for case in cases {
            one(&mut out, case);
        }
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

/// The opening tag of a suite, with what is in it.
fn open(out: &mut String, depth: usize, tag: &str, name: &str, cases: &[&Case]) {
    let of = |came: Came| cases.iter().filter(|case| case.came == came).count();
    let indent = "  ".repeat(depth);
    let name = attribute(name);
    let tests = cases.len();
    let (failures, errors) = (of(Came::Failure), of(Came::Error));
    let skipped = of(Came::Skipped);
    let _ = write!(out, "{indent}<{tag} name=\"{name}\" tests=\"{tests}\"");
    let _ = writeln!(
        out,
        " failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">"
    );
}

fn one(out: &mut String, case: &Case) {
    let (class, name) = (attribute(&case.class), attribute(&case.name));
    let _ = write!(out, "    <testcase classname=\"{class}\" name=\"{name}\"");
    let message = attribute(&case.message);
    let lines: Vec<_> = case.details.iter().map(|l| clean(l, LINE_MAX)).collect();
    let details = escape(&lines.join("\n"));
    let _ = match case.came {
        Came::Passed if lines.is_empty() => writeln!(out, "/>"),
        Came::Passed => writeln!(
            out,
            ">\n      <system-out>{details}</system-out>\n    </testcase>"
        ),
        Came::Failure => writeln!(
            out,
            ">\n      <failure message=\"{message}\">{details}</failure>\n    </testcase>"
        ),
        Came::Error => writeln!(
            out,
            ">\n      <error message=\"{message}\">{details}</error>\n    </testcase>"
        ),
        Came::Skipped => writeln!(
            out,
            ">\n      <skipped message=\"{message}\"/>\n    </testcase>"
        ),
    };
}

/// As an attribute's value, on one line.
fn attribute(value: &str) -> String {
    escape(&clean(value, LINE_MAX))
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
    use super::*;

    #[test]
    fn what_xml_has_no_place_for_is_left_out() {
        assert_eq!(escape("a\u{1}\tb\r\nc\u{85}"), "a\tb\nc\u{85}");
        assert_eq!(escape("<&'\">"), "&lt;&amp;&apos;&quot;&gt;");
    }
}
