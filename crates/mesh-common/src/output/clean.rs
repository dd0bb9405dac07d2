//! Makes text from outside safe to show: a terminal obeys what it reads, so nothing may reach it that
//! moves the cursor, hides or reorders text, or sets a title.

/// How far the end of an escape string (a title, a hyperlink) is looked for, in bytes. Past it the
/// text is shown, because hiding it would let one stray byte swallow a message.
const ESCAPE_STRING_MAX: usize = 4096;

/// One line of printable text, at most `max` characters long, cut with `…`.
///
/// Escape sequences, control characters, bidirectional overrides and invisible characters are
/// dropped; newlines and tabs become spaces; trailing space goes.
pub fn clean(text: &str, max: usize) -> String {
    let mut kept = String::with_capacity(text.len().min(max.saturating_mul(4)));
    let mut count = 0_usize;
    // Space is added only when something follows it, so that trailing space never counts.
    let mut space = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let escape = escape_len(rest);
        if escape > 0 {
            rest = &rest[escape..];
            continue;
        }
        rest = &rest[c.len_utf8()..];
        match c {
            '\n' | '\r' | '\t' | '\u{0b}' | '\u{0c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                space.push(' ');
            }
            c if is_unsafe(c) => continue,
            c if c.is_whitespace() => space.push(c),
            c => {
                kept.push_str(&space);
                space.clear();
                kept.push(c);
            }
        }
        count += 1;
        if count > max && space.is_empty() {
            cut(&mut kept, max);
            break;
        }
    }
    kept
}

/// True for characters that a terminal obeys or hides instead of showing.
pub(super) fn is_unsafe(c: char) -> bool {
    c.is_control() || is_bidi(c) || is_invisible(c)
}

/// Unicode's bidirectional marks, embeddings, overrides and isolates ("Trojan Source").
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}')
}

/// Characters with no width, by which two different names look the same.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00ad}'
            | '\u{034f}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2028}'..='\u{2029}'
            | '\u{2060}'..='\u{2065}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Length in bytes of the escape sequence that `text` starts with (ECMA-48, 7-bit and 8-bit forms);
/// 0 when it starts with none.
fn escape_len(text: &str) -> usize {
    let mut chars = text.chars();
    let (introducer, kind) = match chars.next() {
        Some('\u{1b}') => match chars.next() {
            Some(c @ ('[' | ']' | 'P' | 'X' | '^' | '_')) => (2, c),
            _ => return 1 + escaped_len(&text[1..]),
        },
        Some('\u{9b}') => (2, '['),
        Some('\u{9d}') => (2, ']'),
        Some('\u{90}' | '\u{98}' | '\u{9e}' | '\u{9f}') => (2, 'P'),
        _ => return 0,
    };
    let body = &text[introducer..];
    introducer
        + if kind == '[' {
            control_sequence_len(body)
        } else {
            escape_string_len(body)
        }
}

/// What follows a lone ESC: intermediate bytes and one final byte, as in `ESC ( B`.
fn escaped_len(body: &str) -> usize {
    let bytes = body.as_bytes();
    let intermediate = run(bytes, 0x20..=0x2f);
    match bytes.get(intermediate) {
        Some(0x30..=0x7e) => intermediate + 1,
        _ => 0,
    }
}

/// Parameters, intermediates and the final byte of a control sequence (`31m`).
fn control_sequence_len(body: &str) -> usize {
    let bytes = body.as_bytes();
    let parameters = run(bytes, 0x30..=0x3f);
    let intermediates = parameters + run(&bytes[parameters..], 0x20..=0x2f);
    match bytes.get(intermediates) {
        Some(0x40..=0x7e) => intermediates + 1,
        _ => parameters,
    }
}

/// An escape string up to and with its terminator (BEL or ST); 0 when it has none nearby.
fn escape_string_len(body: &str) -> usize {
    for (at, c) in body.char_indices() {
        match c {
            '\u{07}' => return at + 1,
            '\u{9c}' => return at + 2,
            '\u{1b}' if body[at + 1..].starts_with('\\') => return at + 2,
            c if c.is_control() || at > ESCAPE_STRING_MAX => return 0,
            _ => {}
        }
    }
    0
}

fn run(bytes: &[u8], range: std::ops::RangeInclusive<u8>) -> usize {
    bytes.iter().take_while(|b| range.contains(b)).count()
}

/// Cuts to `max` characters, the last of them `…`.
fn cut(text: &mut String, max: usize) {
    let end = text
        .char_indices()
        .nth(max.saturating_sub(1))
        .map_or(0, |(at, _)| at);
    text.truncate(end);
    if max > 0 {
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_text_is_shown_as_text() {
        for (what, input, want) in [
            ("plain", "istiod-1-28-3", "istiod-1-28-3"),
            ("colour", "\x1b[31;1mred\x1b[0m", "red"),
            ("8-bit colour", "\u{9b}31mred", "red"),
            ("clear screen", "a\x1b[2Jb\x1b[Hc", "abc"),
            ("title by BEL", "\x1b]0;owned\x07ok", "ok"),
            ("title by ST", "\x1b]0;owned\x1b\\ok", "ok"),
            ("8-bit title", "\u{9d}0;owned\u{9c}ok", "ok"),
            (
                "hyperlink keeps its text",
                "\x1b]8;;http://x\x1b\\name\x1b]8;;\x1b\\",
                "name",
            ),
            ("device control", "\x1bPq#0\x1b\\ok", "ok"),
            (
                "an open string hides nothing",
                "\x1b]0;still here",
                "0;still here",
            ),
            ("a newline ends an open string", "\x1b]0;a\nb", "0;a b"),
            ("character set", "\x1b(Bok", "ok"),
            ("reset", "\x1bcok", "ok"),
            ("cut off", "ok\x1b", "ok"),
            ("cut off sequence", "ok\x1b[31", "ok"),
            ("broken sequence", "\x1b[31é", "é"),
            ("nested", "\x1b\x1b[31mred", "red"),
            ("controls", "a\0b\x07c\x08d\x7fe", "abcde"),
            (
                "lines",
                "one\r\ntwo\tthree\u{2028}four\n",
                "one  two three four",
            ),
            (
                "bidi",
                "user\u{202e}nimda\u{202c}\u{2066}x\u{2069}",
                "usernimdax",
            ),
            ("zero width", "pro\u{200b}d\u{feff}\u{2060}\u{ad}", "prod"),
            ("tags", "a\u{e0041}b\u{fe0f}", "ab"),
            ("other scripts stay", "größe 東京 נתב", "größe 東京 נתב"),
        ] {
            assert_eq!(clean(input, 100), want, "{what}");
        }
    }

    #[test]
    fn bounded_by_characters() {
        for (input, max, want) in [
            ("abcdef", 6, "abcdef"),
            ("abcdefg", 6, "abcde…"),
            ("größer als", 6, "größe…"),
            ("abc   ", 3, "abc"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
            ("", 5, ""),
        ] {
            assert_eq!(clean(input, max), want, "{input:?} to {max}");
        }
    }

    /// Text made of the pieces that matter, so that sequences really occur.
    fn hostile() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<char>().prop_map(String::from),
            "[\\x00-\\x1f\\x7f-\\u{9f}]",
            "[ -~]{0,4}",
            Just("\x1b[".to_owned()),
            Just("\x1b]8;;".to_owned()),
            Just("\x1b\\".to_owned()),
            "[\\u{200b}-\\u{200f}\\u{2028}-\\u{202e}\\u{2060}-\\u{206f}]",
        ];
        proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn never_a_character_that_a_terminal_obeys(text in hostile(), max in 0_usize..60) {
            let shown = clean(&text, max);
            prop_assert!(!shown.chars().any(is_unsafe), "{shown:?}");
            prop_assert!(shown.chars().count() <= max);
            prop_assert_eq!(clean(&shown, max), shown);
        }
    }
}
