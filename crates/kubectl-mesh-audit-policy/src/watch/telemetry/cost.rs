//! What logging every request costs.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// 50 GB a day at 500 requests a second: what a line of Istio's default format, with what stores it, comes to.
const BYTES_OF_A_LINE: f64 = 50e9 / (500.0 * SECONDS_OF_A_DAY);
const SECONDS_OF_A_DAY: f64 = 86_400.0;
/// From a shorter time no rate is told.
const ENOUGH: SignedDuration = SignedDuration::from_secs(60);

/// What counters told.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counted {
    /// Requests that living proxies counted since then.
    pub(super) requests: u64,
    /// Since when.
    pub(super) since: Option<Timestamp>,
    /// Proxies that were asked, and those that told nothing.
    pub(super) proxies: usize,
    pub(super) silent: usize,
}

/// The expected cost.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cost {
    /// Requests a second, at the least; none where nothing tells.
    pub(super) requests_per_second: Option<f64>,
    /// Bytes a day, and in the time of the watch; none where nothing tells.
    pub(super) bytes_a_day: Option<u64>,
    pub(super) bytes_in_all: Option<u64>,
    /// In words.
    pub(super) words: String,
}

/// What it comes to; `counted` may say why nothing is known.
pub(super) fn cost(counted: &Result<Counted, String>, now: Timestamp, lasts: Duration) -> Cost {
    let told = match counted {
        Ok(counted) => rate(counted, now),
        Err(why) => Err(why.clone()),
    };
    match told {
        Ok((rate, since)) => {
            let a_day = bytes(rate * SECONDS_OF_A_DAY);
            let in_all = bytes(rate * lasts.as_secs_f64());
            Cost {
                words: format!(
                    "about {} a day, {} in {}: its proxies counted {rate:.1} requests a second on average since {}, \
                     and those that are gone took their counts with them",
                    size(a_day),
                    size(in_all),
                    super::words(lasts),
                    since.strftime("%Y-%m-%d %H:%M UTC"),
                ),
                requests_per_second: Some(rate),
                bytes_a_day: Some(a_day),
                bytes_in_all: Some(in_all),
            }
        }
        Err(why) => Cost {
            requests_per_second: None,
            bytes_a_day: None,
            bytes_in_all: None,
            words: format!(
                "not known: {why}. A rule of thumb, not measured here: 500 requests a second to one service make about \
                 50 GB a day, {} in {}",
                size(bytes(500.0 * lasts.as_secs_f64())),
                super::words(lasts)
            ),
        },
    }
}

fn rate(counted: &Counted, now: Timestamp) -> Result<(f64, Timestamp), String> {
    if counted.silent > 0 || counted.proxies == 0 {
        return Err(format!(
            "{} of {} proxies told nothing of requests",
            counted.silent, counted.proxies
        ));
    }
    let since = counted.since.ok_or("when its copy was made is not known")?;
    let span = now.duration_since(since);
    if span < ENOUGH {
        return Err("its copy was made just now".into());
    }
    if counted.requests == 0 {
        return Err("no request was counted yet".into());
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "a rate that is rounded for a person"
    )]
    let requests = counted.requests as f64;
    Ok((requests / span.as_secs_f64(), since))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an estimate of a positive number; `as` saturates"
)]
fn bytes(lines: f64) -> u64 {
    (lines * BYTES_OF_A_LINE) as u64
}

/// `1.2 GB`; decimal, as disks and bills are.
fn size(bytes: u64) -> String {
    let (unit, name) = match bytes {
        0..1_000_000 => (1_000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        1_000_000_000..1_000_000_000_000 => (1_000_000_000, "GB"),
        _ => (1_000_000_000_000, "TB"),
    };
    let tenths = (bytes.saturating_mul(10) / unit).max(1);
    if tenths >= 100 {
        format!("{} {name}", tenths / 10)
    } else {
        format!("{}.{} {name}", tenths / 10, tenths % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn counted(requests: u64) -> Counted {
        Counted {
            requests,
            since: Some(at(0)),
            proxies: 2,
            silent: 0,
        }
    }

    #[test]
    fn five_hundred_requests_a_second_are_fifty_gigabytes_a_day() {
        let half = Duration::from_secs(1800);
        for (requests, rate, a_day, in_all) in [
            (500 * DAY, 500.0, "50 GB", "1.0 GB"),
            (DAY, 1.0, "100 MB", "2.0 MB"),
            (43_200, 0.5, "50 MB", "1.0 MB"),
        ] {
            let now = at(i64::try_from(DAY).unwrap());
            let cost = cost(&Ok(counted(requests)), now, half);
            assert_eq!(cost.requests_per_second, Some(rate));
            let says = |text: &str| assert!(cost.words.contains(text), "{text}: {cost:?}");
            says(&format!("about {a_day} a day"));
            says(&format!("{in_all} in 30 min"));
        }
    }

    #[test]
    fn what_is_not_known_is_a_rule_of_thumb_and_called_one() {
        let long = at(3600);
        let silent = Counted {
            silent: 1,
            ..counted(5)
        };
        let none = Counted {
            proxies: 0,
            ..counted(0)
        };
        let undated = Counted {
            since: None,
            ..counted(5)
        };
        for (what, told, now) in [
            ("no right", Err("may not forward ports".to_owned()), long),
            ("no request yet", Ok(counted(0)), long),
            ("just made", Ok(counted(5)), at(59)),
            ("from the future", Ok(counted(5)), at(-60)),
            ("one that tells nothing", Ok(silent), long),
            ("no proxy", Ok(none), long),
            ("no time", Ok(undated), long),
        ] {
            let cost = cost(&told, now, Duration::from_secs(60));
            assert_eq!(cost.bytes_a_day, None, "{what}");
            assert!(cost.words.contains("rule of thumb, not measured"), "{what}");
            assert!(cost.words.contains("34 MB in 1 min"), "{what}: {cost:?}");
        }
    }

    #[test]
    fn sizes_are_short() {
        for (bytes, want) in [
            (0, "0.1 kB"),
            (1_500, "1.5 kB"),
            (12_345_678, "12 MB"),
            (1_040_000_000, "1.0 GB"),
            (u64::MAX, "1844674 TB"),
        ] {
            assert_eq!(size(bytes), want);
        }
    }
}
