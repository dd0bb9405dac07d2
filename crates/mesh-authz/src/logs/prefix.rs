//! What stands before a line: what `kubectl logs --prefix` and `--timestamps`, and container runtimes, put there.

/// What a prefix tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Prefix<'a> {
    /// The pod.
    pub(super) pod: Option<&'a [u8]>,
    /// The runtime cut the line: this is not all of it, or not its beginning.
    pub(super) part: bool,
}

/// The line without its prefixes.
pub(super) fn strip(line: &[u8]) -> (Prefix<'_>, &[u8]) {
    let mut prefix = Prefix::default();
    let mut line = line;
    if let Some((pod, rest)) = pod(line) {
        prefix.pod = Some(pod);
        line = rest;
    }
    if let Some(rest) = timestamp(line) {
        line = rest;
        if let Some((part, rest)) = cri(line) {
            prefix.part = part;
            line = rest;
        }
    }
    (prefix, line)
}

/// `[pod/NAME/CONTAINER] `.
fn pod(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_prefix(b"[pod/")?;
    let slash = memchr::memchr(b'/', rest)?;
    let end = memchr::memchr(b']', rest)?;
    let name = rest
        .get(..slash)
        .filter(|name| is_name(name) && slash < end)?;
    Some((name, rest.get(end + 1..)?.strip_prefix(b" ")?))
}

/// At most 253 characters that no terminal obeys.
fn is_name(name: &[u8]) -> bool {
    let ok = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    (1..=253).contains(&name.len()) && name.iter().all(ok)
}

/// `2026-11-21T04:27:42.210123456Z `, before anything: an access log line begins with a bracket or a brace.
fn timestamp(line: &[u8]) -> Option<&[u8]> {
    if !line.first()?.is_ascii_digit() {
        return None;
    }
    let space = memchr::memchr(b' ', line.get(..40.min(line.len()))?)?;
    let (time, rest) = line.split_at_checked(space)?;
    // Envoy's own log has a time too, and a tab after it.
    let looks = time.get(10) == Some(&b'T') && time.len() >= 20 && !time.contains(&b'\t');
    looks.then(|| rest.get(1..)).flatten()
}

/// `stdout F `: whole; `stdout P `: more follows.
fn cri(line: &[u8]) -> Option<(bool, &[u8])> {
    let rest = line
        .strip_prefix(b"stdout ")
        .or_else(|| line.strip_prefix(b"stderr "))?;
    match rest {
        [b'F', b' ', rest @ ..] => Some((false, rest)),
        [b'P', b' ', rest @ ..] => Some((true, rest)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_go_and_tell_the_pod() {
        for (line, pod, part, want) in [
            ("[2026] x", None, false, "[2026] x"),
            ("[pod/web-1/istio-proxy] {}", Some("web-1"), false, "{}"),
            (
                "2026-11-21T04:27:42.210123456Z stdout F [2026]",
                None,
                false,
                "[2026]",
            ),
            (
                "2026-11-21T04:27:42.210123456Z stdout P [2026]",
                None,
                true,
                "[2026]",
            ),
            (
                "2026-11-21T04:27:42.210123456+01:00 stderr F [2026]",
                None,
                false,
                "[2026]",
            ),
            ("2026-11-21T04:27:42.210Z [2026]", None, false, "[2026]"),
            (
                "[pod/a/b] 2026-11-21T04:27:42.210Z {}",
                Some("a"),
                false,
                "{}",
            ),
            ("[pod/a b/c] {}", None, false, "[pod/a b/c] {}"),
            ("[pod/a]", None, false, "[pod/a]"),
            ("2026 words", None, false, "2026 words"),
            (
                "2026-11-22T01:40:05.611155Z\tdebug\tenvoy rbac x",
                None,
                false,
                "2026-11-22T01:40:05.611155Z\tdebug\tenvoy rbac x",
            ),
            ("", None, false, ""),
        ] {
            let (prefix, rest) = strip(line.as_bytes());
            assert_eq!(prefix.pod, pod.map(str::as_bytes), "{line}");
            assert_eq!(prefix.part, part, "{line}");
            assert_eq!(rest, want.as_bytes(), "{line}");
        }
    }
}
