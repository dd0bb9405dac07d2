//! One way to write durations, counts and lists.

use jiff::SignedDuration;

pub use crate::shell::command;

/// `40 s`, `52 m`, `1 h 52 m`, `46 h 8 m`, and from three days on `3 d 2 h`. Below zero counts as zero.
pub fn duration(d: SignedDuration) -> String {
    let seconds = d.as_secs().max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400);
    match (days, hours, minutes) {
        (_, _, 0) => format!("{seconds} s"),
        (_, 0, _) => format!("{minutes} m"),
        (..3, _, _) => two(hours, "h", minutes % 60, "m"),
        _ => two(days, "d", hours % 24, "h"),
    }
}

fn two(big: i64, big_unit: &str, small: i64, small_unit: &str) -> String {
    if small == 0 {
        format!("{big} {big_unit}")
    } else {
        format!("{big} {big_unit} {small} {small_unit}")
    }
}

/// `1 istiod`, `2 istiods`, `no istiod`.
pub fn count(n: usize, noun: &str) -> String {
    match n {
        0 => format!("no {noun}"),
        1 => format!("1 {noun}"),
        _ => format!("{n} {noun}s"),
    }
}

/// `a, b and 3 more`: the first `max` items.
pub fn some<T: AsRef<str>>(items: &[T], max: usize) -> String {
    let shown: Vec<_> = items.iter().take(max).map(AsRef::as_ref).collect();
    let shown = shown.join(", ");
    match items.len().saturating_sub(max) {
        0 => shown,
        more if shown.is_empty() => format!("{more}"),
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_as_they_are_read() {
        let cases = [
            (-5, "0 s"),
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 m"),
            (3_599, "59 m"),
            (3_600, "1 h"),
            (6_720, "1 h 52 m"),
            (48 * 3_600, "48 h"),
            (46 * 3_600 + 8 * 60, "46 h 8 m"),
            (72 * 3_600 - 1, "71 h 59 m"),
            (72 * 3_600, "3 d"),
            (74 * 3_600 + 59, "3 d 2 h"),
        ];
        for (seconds, want) in cases {
            assert_eq!(duration(SignedDuration::from_secs(seconds)), want);
        }
    }

    #[test]
    fn lists_are_cut() {
        assert_eq!(some(&["a", "b"], 2), "a, b");
        assert_eq!(some(&["a", "b", "c", "d"], 2), "a, b and 2 more");
        assert_eq!(some::<&str>(&[], 2), "");
        assert_eq!(count(0, "istiod"), "no istiod");
        assert_eq!(count(1, "istiod"), "1 istiod");
        assert_eq!(count(2, "istiod"), "2 istiods");
    }
}
