//! Path templates: `{*}` is one segment, `{**}` any number of them, once and as the last operator.
//!
//! Istio turns them into Envoy's `*` and `**` (`pilot/pkg/security/authz/matcher/template.go`); what a template may
//! be and matches is Envoy's (`source/extensions/path/uri_template_lib/uri_template_internal.cc`).

/// A template, ready to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Segments before `{**}`, or all of them.
    segments: Box<[Segment]>,
    /// What follows `{**}` to the end, if there is a `{**}`.
    tail: Option<Box<[u8]>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(Box<[u8]>),
    Any,
}

/// The characters of a segment. Envoy 1.40 was measured to take `=` and `*` as well.
fn is_segment_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;:@=".contains(&byte)
}

/// True if Istio hands the value on as a template.
pub fn is_template(value: &str) -> bool {
    value.contains("{*}") || value.contains("{**}")
}

impl Template {
    /// `None` where Envoy refuses the template, or where we know no proxy's answer.
    pub fn new(value: &str) -> Option<Self> {
        let mut rest = value.strip_prefix('/')?.split('/').peekable();
        let mut segments = Vec::new();
        let mut tail: Option<Vec<u8>> = None;
        while let Some(segment) = rest.next() {
            let last = rest.peek().is_none();
            let operator = matches!(segment, "{*}" | "{**}" | "*" | "**");
            if !operator {
                let trailing_slash = segment.is_empty() && last;
                let valid = segment
                    .bytes()
                    .all(|byte| is_segment_byte(byte) && byte != b'*');
                if !(trailing_slash || valid && !segment.is_empty()) {
                    return None;
                }
            }
            match (&mut tail, operator) {
                (Some(_), true) => return None,
                (Some(tail), false) => {
                    tail.push(b'/');
                    tail.extend_from_slice(segment.as_bytes());
                }
                (None, true) if segment.contains("**") => tail = Some(Vec::new()),
                (None, true) => segments.push(Segment::Any),
                (None, false) => segments.push(Segment::Literal(segment.as_bytes().into())),
            }
        }
        Some(Self {
            segments: segments.into(),
            tail: tail.map(Into::into),
        })
    }

    /// True if the path, without its query, matches.
    pub fn matches(&self, path: &[u8]) -> bool {
        let mut rest = Some(path);
        for segment in &self.segments {
            let Some(after) = rest.and_then(|rest| rest.strip_prefix(b"/")) else {
                return false;
            };
            let end = memchr::memchr(b'/', after).unwrap_or(after.len());
            let (head, tail) = after.split_at(end);
            let fits = match segment {
                Segment::Literal(literal) => head == &**literal,
                Segment::Any => !head.is_empty() && head.iter().all(|byte| is_segment_byte(*byte)),
            };
            if !fits {
                return false;
            }
            rest = Some(tail);
        }
        let rest = rest.unwrap_or_default();
        match &self.tail {
            None => rest.is_empty(),
            Some(tail) => rest
                .strip_prefix(b"/")
                .and_then(|rest| rest.strip_suffix(&**tail))
                .is_some_and(|any| {
                    any.iter()
                        .all(|byte| *byte == b'/' || is_segment_byte(*byte))
                }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_match_as_istio_documents_them() {
        // tests/integration/security/authz_test.go@1.28.1 (PathTemplating) has these, and Envoy's class the rest.
        for (template, path, want) in [
            ("/allow/admin/{**}", "/allow/admin/", true),
            ("/allow/admin/{**}", "/allow/admin", false),
            ("/allow/admin/{**}", "/allow/admin/a/b", true),
            ("/store/{**}/cart", "/store//cart", true),
            ("/store/{**}/cart", "/store/cart", false),
            ("/store/{**}/cart", "/store/a/b/cart", true),
            ("/store/{**}/cart", "/store/a/cart/", false),
            ("/foo/{*}/bar/{**}", "/foo//bar/x", false),
            ("/foo/{*}/bar/{**}", "/foo/a/bar/", true),
            ("/foo/{*}", "/foo/a", true),
            ("/foo/{*}", "/foo/a/", false),
            ("/foo/{*}/", "/foo/a/", true),
            ("/foo/{*}", "/foo/a b", false),
            ("/foo/{*}", "/foo/a=b*", true),
            ("/foo/{*}", "/foo/a|b", false),
            ("/{**}", "/", true),
            ("/{*}", "/", false),
            ("/{**}/", "//", true),
            ("/{**}/", "/a/", true),
            ("/a.b/{*}", "/axb/c", false),
        ] {
            let compiled = Template::new(template).unwrap();
            assert_eq!(compiled.matches(path.as_bytes()), want, "{template} {path}");
        }
    }

    #[test]
    fn a_template_that_envoy_refuses_is_none() {
        for template in [
            "foo/{*}",
            "/{**}/{*}",
            "/{**}/{**}",
            "//{*}",
            "/{*}//",
            "/a{*}",
            "/{*}.json",
            "/a|b/{*}",
            "",
        ] {
            assert_eq!(Template::new(template), None, "{template}");
        }
    }
}
