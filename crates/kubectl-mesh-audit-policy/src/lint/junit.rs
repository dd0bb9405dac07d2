//! `-o junit`: a test suite, a test case per check. An error is a failure, and so is a warning where `--fail-on warning`
//! makes it one; what is not known is an error.

use mesh_common::output::junit::{self, Came, Case, Suite};

use super::report::{Linted, Row, Status};

/// The whole document.
pub(crate) fn document(linted: &Linted) -> String {
    let cases = linted.checks.iter().map(|row| case(row, linted));
    let suite = Suite {
        name: "lint".to_owned(),
        cases: cases.collect(),
    };
    junit::document(crate::NAME, &[suite])
}

fn case(row: &Row, linted: &Linted) -> Case {
    let came = match row.status {
        _ if row.fails(linted.fail_on) => Came::Failure,
        // What is missing beside what was found must not pass unseen.
        _ if row.is_unknown() => Came::Error,
        Status::NotEvaluated => Came::Skipped,
        _ => Came::Passed,
    };
    Case {
        class: "mesh-audit-policy.lint".to_owned(),
        name: row.name(),
        came,
        message: row.summary.clone(),
        details: if row.status == Status::Ok {
            Vec::new()
        } else {
            details(row)
        },
    }
}

fn details(row: &Row) -> Vec<String> {
    let mut lines = vec![row.summary.clone()];
    for hit in &row.findings {
        let found = &hit.finding;
        let place = match (&hit.file, hit.line) {
            (Some(file), Some(line)) => format!("{file}:{line}: "),
            (Some(file), None) => format!("{file}: "),
            _ => String::new(),
        };
        let field = found
            .field
            .as_ref()
            .map_or(String::new(), |f| format!(", {f}"));
        lines.push(format!("{place}{}{field}: {}", found.object, found.message));
        lines.extend(found.evidence.iter().map(|seen| format!("  seen: {seen}")));
        lines.extend(
            found
                .hint
                .iter()
                .flat_map(|hint| hint.lines())
                .map(|hint| format!("  {hint}")),
        );
    }
    lines.extend(row.unknown.iter().map(|why| format!("unknown: {why}")));
    lines.extend(
        row.not_evaluated
            .iter()
            .map(|why| format!("not evaluated: {why}")),
    );
    lines.push(format!("see {}", row.docs));
    lines
}
