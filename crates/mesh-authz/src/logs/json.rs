//! JSON lines: Istio's default encoding, or fields elsewhere by a [`Mapping`].
//!
//! Only the first level counts, and only the values that are needed are looked at. The scanner knows just enough JSON
//! to step over the others.

use memchr::{memchr, memchr2};

use super::{
    Scratch, Skip,
    entry::{Entry, Part, Raw},
    map::{Field, Mapping},
};
use crate::request::Known;

/// A value as it stands in the line.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Value<'a> {
    /// There is no such key.
    #[default]
    Missing,
    Null,
    /// A text without escapes.
    Text(&'a [u8]),
    /// A text with escapes.
    Escaped(&'a [u8]),
    /// A number, a boolean, an object or a list.
    Other,
}

/// What a line says.
pub(super) fn read<'a>(
    line: &'a [u8],
    mapping: &Mapping,
    scratch: &'a mut Scratch,
) -> Result<Entry<'a>, Skip> {
    let mut values = [Value::Missing; Field::COUNT];
    scan(line, mapping, &mut values).ok_or(Skip::Malformed)?;
    let known = values.iter().any(|value| *value != Value::Missing);
    if !known {
        // Istio's own components log JSON too, where told so.
        return Err(Skip::Other);
    }
    let mut places = [(0_usize, 0_usize); Field::COUNT];
    scratch.bytes.clear();
    for (value, place) in values.iter().zip(&mut places) {
        if let Value::Escaped(text) = value {
            let from = scratch.bytes.len();
            unescape(text, &mut scratch.bytes).ok_or(Skip::Malformed)?;
            *place = (from, scratch.bytes.len());
        }
    }
    let bytes: &'a [u8] = &scratch.bytes;
    let text = |field: Field| -> Part<'a> {
        let at = field as usize;
        match (values.get(at), places.get(at)) {
            (Some(Value::Text(text)), _) => Known::Value(*text),
            (Some(Value::Escaped(_)), Some((from, to))) => {
                bytes.get(*from..*to).map_or(Known::Unknown, Known::Value)
            }
            (Some(Value::Null), _) => Known::Absent,
            _ => Known::Unknown,
        }
    };
    // Formats that are no JSON of Envoy's own write the dash of the text format.
    let dashed = |field: Field| match text(field) {
        Known::Value(b"-" | b"") => Known::Absent,
        part => part,
    };
    let protocol = dashed(Field::Protocol);
    let no_protocol = protocol == Known::Unknown && dashed(Field::Method) == Known::Unknown;
    if no_protocol || matches!(values.get(Field::Cluster as usize), Some(Value::Missing)) {
        return Err(Skip::Other);
    }
    let method = dashed(Field::Method);
    Raw {
        time: text(Field::Time).value(),
        pod: dashed(Field::Pod).value(),
        method,
        path: dashed(Field::Path),
        matched_path: dashed(Field::MatchedPath),
        // A log without a protocol has a method for HTTP alone.
        protocol: if protocol == Known::Unknown {
            method
        } else {
            protocol
        },
        details: dashed(Field::Details).value(),
        termination: dashed(Field::Termination).value(),
        cluster: dashed(Field::Cluster).value(),
        local: text(Field::Local).value(),
        remote: text(Field::Remote).value(),
        direct: text(Field::Direct).value(),
        sni: dashed(Field::Sni),
        host: dashed(Field::Host),
        principal: dashed(Field::Principal),
        user_agent: text(Field::UserAgent),
        forwarded_for: text(Field::ForwardedFor),
        request_id: text(Field::RequestId),
    }
    .entry()
}

fn space(line: &[u8], mut at: usize) -> usize {
    while matches!(line.get(at), Some(b' ' | b'\t')) {
        at += 1;
    }
    at
}

/// Fills in the values of the first level. A key that stands twice, or anything after the object, is no line of ours.
fn scan<'a>(
    line: &'a [u8],
    mapping: &Mapping,
    values: &mut [Value<'a>; Field::COUNT],
) -> Option<()> {
    let mut at = space(line, 1);
    if line.get(at) == Some(&b'}') {
        return (space(line, at + 1) == line.len()).then_some(());
    }
    loop {
        let (key, after) = string(line, at)?;
        at = space(line, after);
        if line.get(at) != Some(&b':') {
            return None;
        }
        let (value, after) = value(line, space(line, at + 1))?;
        if let Value::Text(key) = key
            && let Some(field) = mapping.field(key)
        {
            let slot = values.get_mut(field as usize)?;
            if *slot != Value::Missing {
                return None;
            }
            *slot = value;
        }
        at = space(line, after);
        match line.get(at)? {
            b',' => at = space(line, at + 1),
            b'}' => return (space(line, at + 1) == line.len()).then_some(()),
            _ => return None,
        }
    }
}

/// A text from its first quote, and where it ends.
fn string(line: &[u8], at: usize) -> Option<(Value<'_>, usize)> {
    if line.get(at) != Some(&b'"') {
        return None;
    }
    let begin = at + 1;
    let mut end = begin;
    let mut escaped = false;
    loop {
        end += memchr2(b'"', b'\\', line.get(end..)?)?;
        if line.get(end) == Some(&b'"') {
            break;
        }
        escaped = true;
        end += 2;
    }
    let text = line.get(begin..end)?;
    let value = if escaped {
        Value::Escaped(text)
    } else {
        Value::Text(text)
    };
    Some((value, end + 1))
}

fn value(line: &[u8], at: usize) -> Option<(Value<'_>, usize)> {
    match line.get(at)? {
        b'"' => string(line, at),
        b'{' | b'[' => nested(line, at),
        _ => {
            let rest = line.get(at..)?;
            let end = memchr2(b',', b'}', rest)?;
            let word = rest.get(..end)?.trim_ascii_end();
            let value = match word {
                b"null" => Value::Null,
                b"true" | b"false" | [b'-' | b'0'..=b'9', ..] => Value::Other,
                _ => return None,
            };
            Some((value, at + end))
        }
    }
}

/// Steps over an object or a list. Depth is counted, not recursed into.
fn nested(line: &[u8], mut at: usize) -> Option<(Value<'_>, usize)> {
    let mut depth = 0_usize;
    loop {
        match line.get(at)? {
            b'"' => {
                at = string(line, at)?.1;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some((Value::Other, at + 1));
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// Undoes JSON's escapes. Half a surrogate pair is no text.
pub(super) fn unescape(text: &[u8], into: &mut Vec<u8>) -> Option<()> {
    let mut rest = text;
    while let Some(at) = memchr(b'\\', rest) {
        into.extend_from_slice(rest.get(..at)?);
        let after = rest.get(at + 2..)?;
        let plain = match rest.get(at + 1)? {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            byte @ (b'"' | b'\\' | b'/') => *byte,
            b'u' => {
                let (c, after) = unicode(after)?;
                into.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                rest = after;
                continue;
            }
            _ => return None,
        };
        into.push(plain);
        rest = after;
    }
    into.extend_from_slice(rest);
    Some(())
}

fn unicode(text: &[u8]) -> Option<(char, &[u8])> {
    let (high, after) = hex(text)?;
    if !(0xd800..0xdc00).contains(&high) {
        return Some((char::from_u32(high)?, after));
    }
    let (low, after) = hex(after.strip_prefix(b"\\u")?)?;
    let low = low.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
    Some((
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + low)?,
        after,
    ))
}

fn hex(text: &[u8]) -> Option<(u32, &[u8])> {
    let (digits, after) = text.split_at_checked(4)?;
    let mut value = 0;
    for digit in digits {
        value = value * 16 + char::from(*digit).to_digit(16)?;
    }
    Some((value, after))
}
