//! The values of a field, as Istio hands them to Envoy: `pilot/pkg/security/authz/matcher/string.go` and
//! `model/generator.go`.

use crate::matcher::{
    Any, Expression, Identities, IdentityPattern, Ranges, Strings, needs_expression, parse_range,
};
use crate::template::{Template, is_template};

use super::Paths;
use super::condition::Failure;
use super::envoy::Scope;

impl Scope<'_, '_> {
    pub(super) fn paths(&self, values: &[String]) -> Result<Paths, Failure> {
        let with_templates = self.builder.context.version.has_templates();
        let (templates, strings): (Vec<_>, Vec<_>) = values
            .iter()
            .map(String::as_str)
            .partition(|value| with_templates && is_template(value));
        let refused =
            |value: &str| Failure::Unclear(format!("proxies refuse the template {value}"));
        Ok(Paths {
            strings: Strings::new(strings, Any::Filled, false),
            templates: templates
                .into_iter()
                .map(|value| Template::new(value).ok_or_else(|| refused(value)))
                .collect::<Result<_, _>>()?,
        })
    }

    /// Identities stand in certificates as `spiffe://…`; a lone `*` is any identity at all.
    pub(super) fn principals(&self, values: &[String]) -> Result<Identities, Failure> {
        let mut texts = Vec::new();
        let mut patterns = Vec::new();
        for value in values {
            match value.strip_prefix('*') {
                None => texts.push(format!("spiffe://{value}")),
                Some("") => texts.push("*".to_owned()),
                Some(suffix)
                    if self.builder.context.version.quotes_identities()
                        || !needs_expression(suffix) =>
                {
                    patterns.push(IdentityPattern::Suffix(suffix.as_bytes().into()));
                }
                Some(suffix) => patterns.push(expression(&format!("spiffe://.*{suffix}"))?),
            }
        }
        Ok(Identities::new(
            Strings::new(texts.iter().map(String::as_str), Any::Filled, false),
            patterns,
        ))
    }

    pub(super) fn namespace(&self, value: &str) -> Result<IdentityPattern, Failure> {
        if !needs_expression(value) {
            return Ok(IdentityPattern::namespace(value));
        }
        if !self.builder.context.version.quotes_identities() {
            return expression(&format!(".*/ns/{}/.*", value.replace('*', ".*")));
        }
        if !value.contains('*') {
            return Ok(IdentityPattern::namespace(value));
        }
        let parts: Vec<String> = value.split('*').map(quote).collect();
        expression(&format!(".*/ns/{}/.*", parts.join(".*")))
    }

    pub(super) fn service_account(&self, value: &str) -> Result<IdentityPattern, Failure> {
        let (namespace, account) = value
            .split_once('/')
            .unwrap_or((&self.policy.namespace, value));
        let literal = !needs_expression(namespace) && !needs_expression(account);
        if literal || self.builder.context.version.quotes_service_accounts() {
            return Ok(IdentityPattern::service_account(namespace, account));
        }
        expression(&format!(
            "spiffe://.+/ns/{namespace}/(.+/|)sa/{account}(/.+)?"
        ))
    }
}

pub(super) fn ranges(values: &[String]) -> Ranges {
    Ranges::new(
        &values
            .iter()
            .filter_map(|value| parse_range(value))
            .collect::<Vec<_>>(),
    )
}

fn expression(text: &str) -> Result<IdentityPattern, Failure> {
    Expression::new(text)
        .map(IdentityPattern::Expression)
        .ok_or_else(|| {
            Failure::Unclear(format!(
                "the expression {text} is none that a proxy is known to take"
            ))
        })
}

/// Go's `regexp.QuoteMeta`.
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len());
    for c in text.chars() {
        if r"\.+*?()|[]{}^$".contains(c) {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted
}

/// A trust domain is a prefix; a star in it stands for no slash (`srcTrustDomainGenerator`@1.30.2).
pub(super) fn trust_domains(values: &[String]) -> Identities {
    let mut prefixes = Vec::new();
    let mut patterns = Vec::new();
    for value in values {
        match value.split_once('*') {
            _ if value == "*" => prefixes.push("spiffe://*".to_owned()),
            None => prefixes.push(format!("spiffe://{value}/*")),
            Some((head, tail)) => {
                patterns.push(IdentityPattern::TrustDomain {
                    head: head.into(),
                    tail: tail.into(),
                });
            }
        }
    }
    Identities::new(
        Strings::new(prefixes.iter().map(String::as_str), Any::Filled, false),
        patterns,
    )
}

/// Issuer and subject, cut at the last slash since an issuer may be a URL (`requestPrincipalGenerator`).
pub(super) fn request_principal(value: &str) -> (Strings, Strings) {
    if value == "*" {
        return (Strings::filled(), Strings::filled());
    }
    match value.rsplit_once('/') {
        Some((issuer, subject)) => {
            if let Some(suffix) = issuer_suffix(value, issuer) {
                let issuer = if suffix.is_empty() {
                    Strings::filled()
                } else {
                    Strings::suffix(suffix)
                };
                (issuer, Strings::exact(subject))
            } else if let Some(prefix) = subject.strip_suffix('*') {
                let subject = if prefix.is_empty() {
                    Strings::filled()
                } else {
                    Strings::prefix(prefix)
                };
                (Strings::exact(issuer), subject)
            } else {
                (Strings::exact(issuer), Strings::exact(subject))
            }
        }
        None => {
            if let Some(suffix) = value.strip_prefix('*') {
                (Strings::filled(), Strings::suffix(suffix))
            } else if let Some(prefix) = value.strip_suffix('*') {
                (Strings::prefix(prefix), Strings::filled())
            } else {
                // Without a slash the subject must be the empty text.
                (Strings::exact(value), Strings::exact(""))
            }
        }
    }
}

/// What follows the star that a whole value begins with.
fn issuer_suffix<'a>(value: &str, issuer: &'a str) -> Option<&'a str> {
    if value.starts_with('*') {
        issuer.strip_prefix('*')
    } else {
        None
    }
}

/// The names in `[a][b]`; anything that is no such list is one name as a whole (`extractNameInNestedBrackets`).
pub(super) fn nested(text: &str) -> Option<Vec<String>> {
    let whole = || {
        text.strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .map(|name| vec![name.to_owned()])
    };
    let mut names = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let Some(inner) = rest.strip_prefix('[') else {
            return whole();
        };
        match inner.find(['[', ']']).map(|at| inner.split_at(at)) {
            Some((name, tail)) if tail.starts_with(']') => {
                names.push(name.to_owned());
                rest = tail.get(1..).unwrap_or_default();
            }
            _ => return whole(),
        }
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_brackets_are_read_as_istio_reads_them() {
        // pilot/pkg/security/authz/model/util_test.go@1.28.1 has these shapes.
        for (text, want) in [
            ("[a]", Some(vec!["a"])),
            ("[a][b]", Some(vec!["a", "b"])),
            ("[a.b]", Some(vec!["a.b"])),
            ("[a[b]]", Some(vec!["a[b]"])),
            ("[a]b]", Some(vec!["a]b"])),
            ("[[a]", Some(vec!["[a"])),
            ("a]", None),
            ("[a", None),
            (".x", None),
            ("[]", Some(vec![""])),
            ("", Some(vec![])),
        ] {
            let want = want.map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(nested(text), want, "{text}");
        }
    }
}
