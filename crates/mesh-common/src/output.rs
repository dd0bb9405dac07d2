//! What a person reads, and what a program reads.

/// One line of foreign text made safe for a terminal: control characters, bidirectional marks and escape
/// sequences are taken out, runs of white space become one space, and what is longer than `max` characters
/// ends in `…`.
pub fn clean(text: &str, max: usize) -> String {
    let safe: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
        .collect();
    let line = safe.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    let mut cut: String = line.chars().take(max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}
