//! Values as a finding may show them: one short line, and never a secret.

use serde_json::Value;

use super::document::Place;

/// Longest text that is shown, in characters.
const LONGEST: usize = 80;
/// Longest word that is shown of a place where secrets are kept, in characters.
const LONGEST_WORD: usize = 32;
/// Parts of a name that make its value a secret, in lower case.
const SECRET: [&str; 7] = [
    "token",
    "password",
    "passwd",
    "secret",
    "credential",
    "apikey",
    "private",
];

/// What a finding shows of a value.
pub(super) fn shown(place: Place, field: &str, value: Option<&Value>) -> String {
    let Some(value) = value else {
        return "(unset)".to_owned();
    };
    match value {
        Value::Array(items) => return format!("({} items)", items.len()),
        Value::Object(map) => return format!("({} fields)", map.len()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    let last = last_key(field).to_lowercase();
    if SECRET.iter().any(|part| last.contains(part)) {
        return "(set)".to_owned();
    }
    match value {
        // A script or a certificate: its first words say little, and may say too much.
        Value::String(text) if text.trim_end().contains('\n') => {
            format!("({} lines)", text.lines().count())
        }
        Value::String(text) if place == Place::Resource || place == Place::Label => line(text),
        Value::String(text) if word(text) => text.clone(),
        Value::String(_) => "(set)".to_owned(),
        other => other.to_string(),
    }
}

/// The last key of a path, list indices left out.
fn last_key(field: &str) -> &str {
    let field = field.trim_end_matches(|c: char| c.is_ascii_digit() || c == '[' || c == ']');
    field.rsplit('.').next().unwrap_or(field)
}

fn word(text: &str) -> bool {
    (1..=LONGEST_WORD).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

/// Text on one line, cut to [`LONGEST`]. Control characters would steer a terminal.
fn line(text: &str) -> String {
    let mut line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(LONGEST + 1)
        .collect();
    if let Some((end, _)) = line.char_indices().nth(LONGEST - 1)
        && line.chars().count() > LONGEST
    {
        line.truncate(end);
        line.push('…');
    }
    line
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_shown() {
        let long = "x".repeat(200);
        let cut = format!("{}…", "x".repeat(79));
        let cases = [
            (Place::Env, "A", json!("false"), "false"),
            (Place::Env, "A", json!("a b"), "(set)"),
            (Place::Env, "A", json!(long), "(set)"),
            (Place::Env, "MY_TOKEN", json!("abc"), "(set)"),
            (Place::Values, "a.password", json!(12345), "(set)"),
            (Place::Values, "a.b", json!(12), "12"),
            (Place::Values, "a.b", json!({"password": "x"}), "(1 fields)"),
            (Place::Values, "a.b", json!(["s3cr3t"]), "(1 items)"),
            (
                Place::MeshConfig,
                "x.lightstep.accessToken",
                json!("abc"),
                "(set)",
            ),
            (Place::MeshConfig, "a.tokens[0]", json!("abc"), "(set)"),
            (Place::MeshConfig, "a", json!("http://u:p@host"), "(set)"),
            (Place::ProxyConfig, "proxyMetadata.A", json!("a/b"), "(set)"),
            (Place::Annotation, "a", json!("a/b"), "(set)"),
            (Place::Resource, "spec.hosts[0]", json!("*.a/b"), "*.a/b"),
            (Place::Resource, "spec.a", json!("a\u{1b}[2J\tb"), "a [2J b"),
            (Place::Resource, "spec.a", json!("a\nb\n"), "(2 lines)"),
            (Place::Resource, "spec.a", json!(long), cut.as_str()),
        ];
        for (place, field, value, want) in cases {
            assert_eq!(shown(place, field, Some(&value)), want, "{field}");
        }
        assert_eq!(shown(Place::Env, "A", None), "(unset)");
    }
}
