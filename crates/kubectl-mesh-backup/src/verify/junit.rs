//! `-o junit`: a test case per check. What failed is a failure, what is unknown an error, what was switched off is skipped.

use std::fmt::Write as _;

use super::row::{Row, Status, Verified};

/// The whole document.
pub(super) fn document(verified: &Verified) -> String {
    let count = |status| verified.rows.iter().filter(|r| r.status == status).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        verified.rows.len(),
        count(Status::Failed),
        count(Status::Unknown),
        count(Status::NotEvaluated)
    );
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(out, "<testsuites name=\"{}\" {counts}>", crate::NAME);
    let _ = writeln!(
        out,
        "  <testsuite name=\"verify {}\" {counts}>",
        escaped(&verified.file)
    );
    for row in &verified.rows {
        case(&mut out, row);
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn case(out: &mut String, row: &Row) {
    let name = format!("{} {}", row.check.code, row.check.title);
    let _ = write!(
        out,
        "    <testcase classname=\"mesh-backup.verify\" name=\"{}\"",
        escaped(&name)
    );
    let message = escaped(&row.summary);
    let details: Vec<String> = row
        .findings
        .iter()
        .map(|f| escaped(&format!("{}: {}", f.object, f.message)))
        .collect();
    let details = details.join("\n");
    let _ = match row.status {
        Status::Ok => writeln!(out, "/>"),
        Status::Failed => writeln!(
            out,
            ">\n      <failure message=\"{message}\">{details}</failure>\n    </testcase>"
        ),
        Status::Unknown => writeln!(
            out,
            ">\n      <error message=\"{message}\">{details}</error>\n    </testcase>"
        ),
        Status::NotEvaluated => writeln!(
            out,
            ">\n      <skipped message=\"{message}\"/>\n    </testcase>"
        ),
    };
}

/// Every text was cleaned when it was taken: no control characters are left that XML cannot hold.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::row::{ARCHIVE, DIGEST, Finding, KINDS};
    use super::*;

    #[test]
    fn a_case_per_check() {
        let mut failed = Row::new(KINDS, Status::Failed, "1 failed");
        failed.add(Finding::new(Status::Failed, "a<b>", "\"x\" & 'y'"));
        let verified = Verified {
            file: "m&m.tar.zst".into(),
            sha256: None,
            pairs: Vec::new(),
            rows: vec![
                Row::new(ARCHIVE, Status::Ok, "fine"),
                failed,
                Row::new(DIGEST, Status::Unknown, "who knows"),
            ],
            full: false,
        };
        let text = document(&verified);
        assert!(text.contains("<testsuite name=\"verify m&amp;m.tar.zst\" tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\">"), "{text}");
        assert!(text.contains("name=\"MESH3102 archive\"/>"), "{text}");
        assert!(text.contains("<failure message=\"1 failed\">a&lt;b&gt;: &quot;x&quot; &amp; &apos;y&apos;</failure>"), "{text}");
        assert!(
            text.contains("<error message=\"who knows\"></error>"),
            "{text}"
        );
    }
}
