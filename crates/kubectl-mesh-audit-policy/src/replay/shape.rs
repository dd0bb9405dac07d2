//! Paths without what is of one request only, so that a log of millions comes to some dozens of rows.

/// So many segments are kept.
const DEPTH: usize = 6;
/// Longer segments are no words.
const WORD: usize = 40;
/// From this length on a segment with a digit in it is taken for an identifier.
const NAMED: usize = 16;

/// Adds the shape of a path: no query, and `{n}` or `{id}` where numbers and identifiers stand.
pub(super) fn shape(path: &[u8], into: &mut Vec<u8>) {
    let path = plain(path);
    let mut segments = path.split(|byte| *byte == b'/');
    if let Some(first) = segments.next() {
        segment(first, into);
    }
    for (nth, part) in segments.enumerate() {
        into.push(b'/');
        if nth == DEPTH {
            into.extend_from_slice("…".as_bytes());
            return;
        }
        segment(part, into);
    }
}

/// The path without query and fragment: they may hold secrets.
pub(super) fn plain(path: &[u8]) -> &[u8] {
    let end = memchr::memchr2(b'?', b'#', path).unwrap_or(path.len());
    path.get(..end).unwrap_or(path)
}

fn segment(text: &[u8], into: &mut Vec<u8>) {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let hex = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    if digits > 0 && digits == text.len() {
        into.extend_from_slice(b"{n}");
    } else if digits > 0 && text.len() >= 8 && text.iter().all(hex)
        || digits > 0 && text.len() >= NAMED
        || text.len() > WORD
    {
        into.extend_from_slice(b"{id}");
    } else {
        into.extend_from_slice(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_of_one_request_is_no_part_of_a_shape() {
        for (path, want) in [
            ("/", "/"),
            ("", ""),
            ("/pay/42?token=x", "/pay/{n}"),
            (
                "/v1/orders/746b49f4-a86e-4a9f-9c63-6e301c3b08e3/items",
                "/v1/orders/{id}/items",
            ),
            ("/deadbeef", "/deadbeef"),
            ("/deadbee5", "/{id}"),
            ("/api-v2#a", "/api-v2"),
            ("/a/b/c/d/e/f/g/h", "/a/b/c/d/e/f/…"),
            ("//a//", "//a//"),
            ("/session_abcdefghij0", "/{id}"),
            ("/a-word-that-is-very-long-but-has-no-number", "/{id}"),
        ] {
            let mut shaped = Vec::new();
            shape(path.as_bytes(), &mut shaped);
            assert_eq!(String::from_utf8(shaped).unwrap(), want, "{path}");
        }
    }
}
