//! `-o junit`: a test case per check. What failed is a failure, what is unknown an error, what was switched off is skipped.

use mesh_common::output::junit::{self, Came, Case, Suite};

use super::row::{Row, Status, Verified};

/// The whole document.
pub(super) fn document(verified: &Verified) -> String {
    let suite = Suite {
        name: format!("verify {}", verified.file),
        cases: verified.rows.iter().map(case).collect(),
    };
    junit::document(crate::NAME, &[suite])
}

fn case(row: &Row) -> Case {
    let findings = row.findings.iter();
    let (came, details) = match row.status {
        Status::Ok => (Came::Passed, Vec::new()),
        Status::NotEvaluated => (Came::Skipped, Vec::new()),
        status => {
            let lines = findings.map(|f| format!("{}: {}", f.object, f.message));
            let came = if status == Status::Failed {
                Came::Failure
            } else {
                Came::Error
            };
            (came, lines.collect())
        }
    };
    Case {
        class: "mesh-backup.verify".to_owned(),
        name: format!("{} {}", row.check.code, row.check.title),
        came,
        message: row.summary.clone(),
        details,
    }
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
