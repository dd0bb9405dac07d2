//! `--request-timeout` in kubectl's own syntax.

use std::{fmt, str::FromStr, time::Duration};

/// How long one request may take.
///
/// kubectl's syntax (client-go `tools/clientcmd/overrides.go`, `ParseTimeout`): a bare number is seconds, anything else is a
/// Go duration (`time.ParseDuration`) such as `1m30s`, `1.5h` or `500ms`, and zero means no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestTimeout(Option<Duration>);

impl RequestTimeout {
    /// The limit; none means that the user asked for none.
    pub fn limit(self) -> Option<Duration> {
        self.0
    }
}

impl From<Duration> for RequestTimeout {
    fn from(limit: Duration) -> Self {
        Self((!limit.is_zero()).then_some(limit))
    }
}

/// The text is not a timeout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a duration: write 30s, 1m30s, 500ms, a number of seconds, or 0 for no limit")]
pub struct NotATimeout;

impl FromStr for RequestTimeout {
    type Err = NotATimeout;

    fn from_str(text: &str) -> Result<Self, NotATimeout> {
        let limit = match text.parse::<u64>() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => go_duration(text).ok_or(NotATimeout)?,
        };
        Ok(limit.into())
    }
}

/// Nanoseconds of each unit that Go knows, longest spelling first where one starts another.
const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000), // U+00B5, micro sign
    ("μs", 1_000), // U+03BC, Greek mu
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// A Go duration that is not negative. Go's own limit is 63 bits of nanoseconds, some 292 years.
fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    if rest == "0" {
        return Some(Duration::ZERO);
    }
    if rest.is_empty() {
        return None;
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let end = after
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(after.len());
        let (unit, next) = after.split_at(end);
        let nanos = UNITS.iter().find(|(name, _)| *name == unit)?.1;
        let whole: u64 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        total = total
            .checked_add(whole.checked_mul(nanos)?)?
            .checked_add(part(fraction, nanos))?;
        rest = next;
    }
    i64::try_from(total).ok()?;
    Some(Duration::from_nanos(total))
}

fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// `0.<fraction>` of `nanos`, rounded down.
fn part(fraction: &str, nanos: u64) -> u64 {
    let (mut value, mut scale) = (0_u128, 1_u128);
    // 18 digits are more than a nanosecond of an hour needs; Go drops what does not fit, too.
    for digit in fraction.bytes().take(18) {
        value = value * 10 + u128::from(digit - b'0');
        scale *= 10;
    }
    u64::try_from(value * u128::from(nanos) / scale).unwrap_or(0)
}

impl fmt::Display for RequestTimeout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(limit) => f.write_str(&spoken(limit)),
            None => f.write_str("0"),
        }
    }
}

/// A duration as a person says it: `60s`, `1.5s`, `300ms`.
pub(super) fn spoken(duration: Duration) -> String {
    if duration < Duration::from_secs(1) {
        format!("{}ms", duration.as_millis())
    } else if duration.subsec_millis() == 0 {
        format!("{}s", duration.as_secs())
    } else {
        format!("{:.1}s", duration.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cases are those of Go's `time.ParseDuration` (its `time_test.go`) and of kubectl's `ParseTimeout`.
    #[test]
    fn reads_what_kubectl_reads() {
        const S: u64 = 1_000_000_000;
        for (text, nanos) in [
            ("0", 0),
            ("0s", 0),
            ("+0", 0),
            ("30", 30 * S),
            ("30s", 30 * S),
            ("5s", 5 * S),
            ("1m30s", 90 * S),
            ("1.5h", 5400 * S),
            ("500ms", S / 2),
            ("+5s", 5 * S),
            (".5s", S / 2),
            ("1.s", S),
            ("1.0s", S),
            ("1.004s", 1_004_000_000),
            ("100.00100s", 100_001_000_000),
            ("12µs", 12_000),
            ("12μs", 12_000),
            ("12us", 12_000),
            ("13ns", 13),
            ("3h30m", 12600 * S),
            ("10.5s4m", 250_500_000_000),
            ("1h2m3s4ms5us6ns", 3_723_004_005_006),
            ("0.3333333333333333333h", 1_199_999_999_999),
            ("9223372036854775807ns", i64::MAX as u64),
        ] {
            let got = text.parse::<RequestTimeout>();
            assert_eq!(got, Ok(Duration::from_nanos(nanos).into()), "{text}");
            assert_eq!(got.unwrap().limit().is_none(), nanos == 0, "{text}");
        }
        for text in [
            "", "3000000h", "-1", "-5s", "+", ".", "s", ".s", "1x", "1m 30s", "1d", "5m5", "1e3s",
            "٣s",
        ] {
            assert_eq!(text.parse::<RequestTimeout>(), Err(NotATimeout), "{text:?}");
        }
    }

    #[test]
    fn is_spoken_shortly() {
        for (millis, text) in [(300, "300ms"), (1500, "1.5s"), (60_000, "60s")] {
            assert_eq!(spoken(Duration::from_millis(millis)), text);
        }
    }
}
