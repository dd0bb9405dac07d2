//! What logging every request costs.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use mesh_common::output::count;
use serde::Serialize;

/// 50 GB a day at 500 requests a second: what a line of Istio's default format, with what stores it, comes to.
const BYTES_OF_A_LINE: f64 = 50e9 / (500.0 * SECONDS_OF_A_DAY);
const SECONDS_OF_A_DAY: f64 = 86_400.0;
/// From a shorter time no rate is told.
const ENOUGH: SignedDuration = SignedDuration::from_secs(60);

/// What one proxy counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Counted {
    /// Requests since it started; none where it told nothing.
    pub(super) requests: Option<u64>,
    /// When that was.
    pub(super) since: Option<Timestamp>,
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
pub(super) fn cost(
    counted: &Result<Vec<Counted>, String>,
    now: Timestamp,
    lasts: Duration,
) -> Cost {
    let told = match counted {
        Ok(counted) => rate(counted, now),
        Err(why) => Err(why.clone()),
    };
    match told {
        Ok(rate) => {
            let a_day = bytes(rate * SECONDS_OF_A_DAY);
            let in_all = bytes(rate * lasts.as_secs_f64());
            Cost {
                words: format!(
                    "About {} a day, {} in {}: {} counted {rate:.1} requests a second on average since they started; \
                     at a peak it is more",
                    size(a_day),
                    size(in_all),
                    super::words(lasts),
                    count(counted.as_ref().map_or(0, Vec::len), "proxy"),
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
                "Not known: {why}. A rule of thumb, not measured here: 500 requests a second to one service make about \
                 50 GB a day, {} in {}",
                size(bytes(500.0 * lasts.as_secs_f64())),
                super::words(lasts)
            ),
        },
    }
}

/// Requests a second over all of them, on average.
fn rate(counted: &[Counted], now: Timestamp) -> Result<f64, String> {
    if counted.is_empty() {
        return Err("no proxy runs".into());
    }
    let mut sum = 0.0;
    let mut silent = 0;
    for proxy in counted {
        let (Some(requests), Some(since)) = (proxy.requests, proxy.since) else {
            silent += 1;
            continue;
        };
        let span = now.duration_since(since);
        if span < ENOUGH {
            return Err("a proxy of it started just now".into());
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a rate that is rounded for a person"
        )]
        let requests = requests as f64;
        sum += requests / span.as_secs_f64();
    }
    if silent > 0 {
        return Err(format!(
            "{silent} of {} told nothing of requests",
            count(counted.len(), "proxy")
        ));
    }
    if sum <= 0.0 {
        return Err("no request was counted yet".into());
    }
    Ok(sum)
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
            requests: Some(requests),
            since: Some(at(0)),
        }
    }

    #[test]
    fn five_hundred_requests_a_second_are_fifty_gigabytes_a_day() {
        let half = Duration::from_secs(1800);
        for (each, rate, a_day, in_all) in [
            (250 * DAY, 500.0, "50 GB", "1.0 GB"),
            (DAY, 2.0, "200 MB", "4.1 MB"),
            (DAY / 4, 0.5, "50 MB", "1.0 MB"),
        ] {
            let now = at(i64::try_from(DAY).unwrap());
            let two = vec![counted(each), counted(each)];
            let cost = cost(&Ok(two), now, half);
            assert_eq!(cost.requests_per_second, Some(rate));
            let says = |text: &str| assert!(cost.words.contains(text), "{text}: {cost:?}");
            says(&format!("About {a_day} a day"));
            says(&format!("{in_all} in 30 min: 2 proxies counted"));
        }
    }

    #[test]
    fn a_proxy_that_started_later_counts_for_its_own_time() {
        let later = Counted {
            since: Some(at(3000)),
            ..counted(600)
        };
        let cost = cost(
            &Ok(vec![counted(3600), later]),
            at(3600),
            Duration::from_secs(60),
        );
        assert_eq!(cost.requests_per_second, Some(2.0));
    }

    #[test]
    fn what_is_not_known_is_a_rule_of_thumb_and_called_one() {
        let long = at(3600);
        let silent = Counted {
            requests: None,
            ..counted(5)
        };
        let undated = Counted {
            since: None,
            ..counted(5)
        };
        for (what, told, now) in [
            ("no right", Err("may not forward ports".to_owned()), long),
            ("no request yet", Ok(vec![counted(0)]), long),
            ("just started", Ok(vec![counted(5)]), at(59)),
            ("from the future", Ok(vec![counted(5)]), at(-60)),
            ("one tells nothing", Ok(vec![counted(5), silent]), long),
            ("no proxy", Ok(vec![]), long),
            ("no time", Ok(vec![undated]), long),
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
