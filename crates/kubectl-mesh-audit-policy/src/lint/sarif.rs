//! `-o sarif`: SARIF 2.1.0, which code hosts show on the lines of a pull request.

use mesh_common::{Outcome, check::Severity, output::clean};
use serde_json::{Value, json};

use super::{
    check::Hit,
    report::{Linted, Row},
};

/// Longest text.
const TEXT_MAX: usize = 2_000;

/// The whole document.
pub(crate) fn document(linted: &Linted) -> Value {
    let rules: Vec<Value> = linted.checks.iter().map(rule).collect();
    let results = linted.checks.iter().enumerate();
    let results: Vec<Value> = results
        .flat_map(|(n, row)| row.findings.iter().map(move |hit| result(n, row, hit)))
        .collect();
    // What could not be judged is a notification: a tool that reads results alone must not take silence for OK.
    let told = linted.checks.iter().flat_map(|row| {
        let unknown = row.unknown.iter().map(|why| ("warning", "unknown", why));
        let skipped = row
            .not_evaluated
            .iter()
            .map(|why| ("note", "not evaluated", why));
        unknown.chain(skipped).map(|(level, word, why)| {
            json!({
                "level": level,
                "message": {"text": clean(&format!("{}: {word}: {why}", row.name()), TEXT_MAX)},
                "associatedRule": {"id": row.code},
            })
        })
    });
    let told: Vec<Value> = told.collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": crate::NAME,
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "invocations": [{
                "executionSuccessful": linted.outcome() != Outcome::Unknown,
                "toolExecutionNotifications": told,
            }],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(row: &Row) -> Value {
    json!({
        "id": row.code,
        "name": row.title,
        "shortDescription": {"text": row.title},
        "helpUri": row.docs,
    })
}

fn result(n: usize, row: &Row, hit: &Hit) -> Value {
    let found = &hit.finding;
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let mut text = found.message.clone();
    if !found.evidence.is_empty() {
        text = format!("{text} ({})", found.evidence.join("; "));
    }
    if let Some(hint) = &found.hint {
        text = format!("{text}. {hint}");
    }
    let mut logical = json!({"fullyQualifiedName": found.object, "kind": "resource"});
    if let Some(field) = &found.field {
        logical["fullyQualifiedName"] = format!("{}, {field}", found.object).into();
    }
    let mut location = json!({"logicalLocations": [logical]});
    if let Some(file) = hit.file.as_deref().filter(|file| *file != "stdin") {
        location["physicalLocation"] = json!({
            "artifactLocation": {"uri": uri(file)},
            "region": {"startLine": hit.line.unwrap_or(1)},
        });
    }
    json!({
        "ruleId": row.code,
        "ruleIndex": n,
        "level": level,
        "message": {"text": clean(&text, TEXT_MAX)},
        "locations": [location],
    })
}

/// A path as a relative reference (RFC 3986): what is no ordinary character is escaped.
fn uri(file: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::new();
    let file = file.strip_prefix("./").unwrap_or(file).replace('\\', "/");
    for byte in file.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::lint::made::{facts, with};
    use mesh_common::check::FailOn;

    #[test]
    fn a_finding_stands_at_its_line() {
        let mut facts = with(facts(), &json!({}), json!({"action": "DENY"}));
        facts.policies[0].at.file = Some("./a b/p.yaml".into());
        facts.policies[0].at.lines.insert("spec".into(), 7);
        facts.accounts = mesh_common::mesh::Known::not_read("serviceaccounts");
        let linted = Linted::run(&facts, Vec::new(), Vec::new(), FailOn::Error);
        let sarif = document(&linted);
        assert_eq!(sarif["version"], "2.1.0");
        let run = &sarif["runs"][0];
        let results = run["results"].as_array().unwrap();
        let result = results.iter().find(|r| r["ruleId"] == "MESH4002").unwrap();
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b/p.yaml");
        assert_eq!(place["region"]["startLine"], 7);
        assert_eq!(result["level"], "error");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], "MESH4002");
    }

    #[test]
    fn what_was_not_judged_is_told() {
        let spec = json!({"rules": [{"from": [{"source": {"serviceAccounts": ["web"]}}]}]});
        let mut facts = with(facts(), &json!({}), spec);
        facts.accounts = mesh_common::mesh::Known::not_read("serviceaccounts");
        let linted = Linted::run(&facts, Vec::new(), Vec::new(), FailOn::Error);
        let sarif = document(&linted);
        let told = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"];
        let text = told[0]["message"]["text"].as_str().unwrap();
        assert!(
            text.contains("MESH4112") && text.contains("not evaluated"),
            "{text}"
        );
    }
}
