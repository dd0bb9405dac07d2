//! The path that a proxy matches, from the target that was sent (`meshConfig.pathNormalization`).
//!
//! Order: the fragment goes; escaped slashes are decoded; the path is put into canonical form; slashes are merged.
//! The query is left alone. What Envoy 1.40 did with each mode is recorded in the corpus of `tests/data`; the steps
//! are those of Envoy's `path_utility.cc` and of the URL library that it uses.

use std::borrow::Cow;
use std::str::FromStr;

/// What a mesh does to paths before it matches them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Normalization {
    /// Nothing.
    None,
    /// Dots are resolved, `\` becomes `/`, unreserved characters are decoded. Istio calls it BASE or DEFAULT.
    #[default]
    Base,
    /// And slashes in a row become one.
    MergeSlashes,
    /// And `%2F` and `%5C` are decoded first.
    DecodeAndMergeSlashes,
}

/// A name that is none of Istio's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a path normalization that Istio knows")]
pub struct UnknownNormalization(String);

impl FromStr for Normalization {
    type Err = UnknownNormalization;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "NONE" => Ok(Self::None),
            "BASE" | "DEFAULT" => Ok(Self::Base),
            "MERGE_SLASHES" => Ok(Self::MergeSlashes),
            "DECODE_AND_MERGE_SLASHES" => Ok(Self::DecodeAndMergeSlashes),
            other => Err(UnknownNormalization(other.to_owned())),
        }
    }
}

/// Why there is no path to match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoPath {
    /// The proxy answers 400 before any policy is asked.
    #[error("the proxy refuses the path")]
    Refused,
    /// It is not known what a proxy makes of it.
    #[error("it is not known what a proxy makes of the path")]
    Unclear,
}

/// The host and the path of a target in absolute form, as a request to a proxy has it: `http://HOST/PATH`.
#[must_use]
pub fn absolute_form(target: &[u8]) -> Option<(&[u8], &[u8])> {
    let scheme = [b"http://".as_slice(), b"https://"]
        .into_iter()
        .find(|scheme| target.starts_with(scheme))?;
    let rest = target.get(scheme.len()..)?;
    let (host, path) =
        rest.split_at_checked(memchr::memchr3(b'/', b'?', b'#', rest).unwrap_or(rest.len()))?;
    let path = if path.is_empty() { b"/" } else { path };
    (!host.is_empty()).then_some((host, path))
}

/// The path, with its query, that policies are matched against.
pub fn normalize(target: &[u8], mode: Normalization) -> Result<Cow<'_, [u8]>, NoPath> {
    if !target.starts_with(b"/") {
        return Err(NoPath::Unclear);
    }
    let end = memchr::memchr(b'#', target).unwrap_or(target.len());
    let target = target.get(..end).unwrap_or(target);
    if mode == Normalization::None {
        return Ok(Cow::Borrowed(target));
    }
    let query = memchr::memchr(b'?', target).unwrap_or(target.len());
    let (path, query) = target.split_at_checked(query).unwrap_or((target, b""));
    let decoded = if mode == Normalization::DecodeAndMergeSlashes {
        decode_slashes(path)
    } else {
        path.into()
    };
    let mut path = canonical(&decoded)?;
    if matches!(
        mode,
        Normalization::MergeSlashes | Normalization::DecodeAndMergeSlashes
    ) {
        path = merge_slashes(path);
    }
    path.extend_from_slice(query);
    Ok(if path == target {
        Cow::Borrowed(target)
    } else {
        Cow::Owned(path)
    })
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// The byte that an escape at the front of the text stands for.
fn escape(text: &[u8]) -> Option<u8> {
    match text {
        [b'%', high, low, ..] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    }
}

fn decode_slashes(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((&byte, tail)) = rest.split_first() {
        if let Some(slash @ (b'/' | b'\\')) = escape(rest) {
            out.push(slash);
            rest = rest.get(3..).unwrap_or_default();
        } else {
            out.push(byte);
            rest = tail;
        }
    }
    out
}

/// A dot at the front of the text, plain or escaped: how long it is.
fn dot(text: &[u8]) -> Option<usize> {
    match text.first() {
        Some(b'.') => Some(1),
        _ if escape(text) == Some(b'.') => Some(3),
        _ => None,
    }
}

/// The dots that a segment consists of, if they are one or two and nothing else: how many, and how long with the
/// slash behind them.
fn dots(text: &[u8]) -> Option<(usize, usize)> {
    let ends = |at: usize| match text.get(at) {
        None => Some(at),
        Some(b'/' | b'\\') => Some(at + 1),
        Some(_) => None,
    };
    let one = dot(text)?;
    if let Some(end) = ends(one) {
        return Some((1, end));
    }
    let two = one + dot(text.get(one..)?)?;
    ends(two).map(|end| (2, end))
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

/// Put into the form of Chromium's URL library.
fn canonical(path: &[u8]) -> Result<Vec<u8>, NoPath> {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out: Vec<u8> = Vec::with_capacity(path.len());
    let mut rest = path;
    while let Some((&byte, tail)) = rest.split_first() {
        let dots = if out.last() == Some(&b'/') {
            dots(rest)
        } else {
            None
        };
        if let Some((count, length)) = dots {
            if count == 2 {
                // Back to the slash before; the first slash stays.
                out.pop();
                let slash = memchr::memrchr(b'/', &out).unwrap_or(0);
                out.truncate(slash);
                out.push(b'/');
            }
            rest = rest.get(length..).unwrap_or_default();
            continue;
        }
        rest = tail;
        match byte {
            b'\\' => out.push(b'/'),
            b'%' => match escape_of(tail) {
                Some(0) => return Err(NoPath::Refused),
                Some(plain) if is_unreserved(plain) => {
                    out.push(plain);
                    rest = tail.get(2..).unwrap_or_default();
                }
                _ => out.push(b'%'),
            },
            0 => return Err(NoPath::Refused),
            0x80.. => return Err(NoPath::Unclear),
            b'"' | b'<' | b'>' | b'^' | b'`' | b'{' | b'|' | b'}' | 1..=b' ' | 0x7f => {
                out.push(b'%');
                out.extend(HEX.get(usize::from(byte >> 4)));
                out.extend(HEX.get(usize::from(byte & 0xf)));
            }
            _ => out.push(byte),
        }
    }
    Ok(out)
}

/// The byte that two digits at the front of the text stand for.
fn escape_of(text: &[u8]) -> Option<u8> {
    match text {
        [high, low, ..] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    }
}

/// A path of slashes only becomes two of them: that is what Envoy does.
fn merge_slashes(path: Vec<u8>) -> Vec<u8> {
    if memchr::memmem::find(&path, b"//").is_none() {
        return path;
    }
    let mut out = Vec::with_capacity(path.len());
    let segments = path
        .split(|byte| *byte == b'/')
        .filter(|segment| !segment.is_empty());
    if path.starts_with(b"/") {
        out.push(b'/');
    }
    for (i, segment) in segments.enumerate() {
        if i > 0 {
            out.push(b'/');
        }
        out.extend_from_slice(segment);
    }
    if path.ends_with(b"/") {
        out.push(b'/');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_proxy_refuses_has_no_path() {
        for (target, want) in [
            ("/a%00b", Err(NoPath::Refused)),
            ("/a\0b", Err(NoPath::Refused)),
            ("/é", Err(NoPath::Unclear)),
            ("*", Err(NoPath::Unclear)),
            ("http://a/b", Err(NoPath::Unclear)),
            ("", Err(NoPath::Unclear)),
        ] {
            assert_eq!(
                normalize(target.as_bytes(), Normalization::Base),
                want,
                "{target}"
            );
        }
        assert_eq!(
            normalize(b"/a%00b", Normalization::None),
            Ok(Cow::Borrowed(b"/a%00b".as_slice()))
        );
    }

    #[test]
    fn an_absolute_target_has_a_host_and_a_path() {
        for (target, want) in [
            ("http://a:80/b?c", Some(("a:80", "/b?c"))),
            ("https://a", Some(("a", "/"))),
            ("http:///b", None),
            ("/b", None),
            ("*", None),
        ] {
            let want = want.map(|(host, path): (&str, &str)| (host.as_bytes(), path.as_bytes()));
            assert_eq!(absolute_form(target.as_bytes()), want, "{target}");
        }
    }

    #[test]
    fn dots_are_resolved_however_they_are_written() {
        for (target, want) in [
            ("/a/%2e./b", "/b"),
            ("/a/.%2E/b", "/b"),
            (r"/a\..\b", "/b"),
            ("/..", "/"),
            ("/.", "/"),
            ("/a/...", "/a/..."),
            ("/a/..b", "/a/..b"),
            ("/a/b/..", "/a/"),
            ("/a?b=/../c", "/a?b=/../c"),
            ("/a b", "/a%20b"),
        ] {
            let got = normalize(target.as_bytes(), Normalization::Base).unwrap();
            assert_eq!(String::from_utf8_lossy(&got), want, "{target}");
        }
    }
}
