//! `2026-11-21T04:27:42.210Z` as milliseconds, without a parser's generality: every line has one.

/// Milliseconds since 1970. Other forms and impossible dates are none.
pub(super) fn millis(text: &[u8]) -> Option<i64> {
    let (date, fraction) = text.split_at_checked(19)?;
    let &[
        y0,
        y1,
        y2,
        y3,
        b'-',
        m0,
        m1,
        b'-',
        d0,
        d1,
        b'T',
        h0,
        h1,
        b':',
        i0,
        i1,
        b':',
        s0,
        s1,
    ] = date
    else {
        return None;
    };
    let two = |a: u8, b: u8| Some(digit(a)? * 10 + digit(b)?);
    let year = two(y0, y1)? * 100 + two(y2, y3)?;
    let (month, day) = (two(m0, m1)?, two(d0, d1)?);
    let (hour, minute, second) = (two(h0, h1)?, two(i0, i1)?, two(s0, s1)?);
    if !(1..=12).contains(&month)
        || !(1..=31).contains(&day)
        || hour > 23
        || minute > 59
        || second > 60
    {
        return None;
    }
    let fraction = fraction.strip_suffix(b"Z")?;
    let millis = match fraction {
        [] => 0,
        [b'.', digits @ ..] if (1..=9).contains(&digits.len()) => {
            let mut value = 0;
            for at in 0..3 {
                value = value * 10 + digits.get(at).map_or(Some(0), |d| digit(*d))?;
            }
            value
        }
        _ => return None,
    };
    Some((((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

/// Days since 1970 of the proleptic Gregorian calendar, by counting years from March on.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_a_full_parser() {
        for text in [
            "2026-11-21T04:27:42.210Z",
            "1970-01-01T00:00:00Z",
            "2000-02-29T23:59:59.999999Z",
            "2024-02-29T12:00:00.5Z",
            "1969-12-31T23:59:59.000Z",
            "9998-12-31T23:59:59.999Z",
            "2100-03-01T00:00:00.001Z",
        ] {
            let want: jiff::Timestamp = text.parse().unwrap();
            assert_eq!(
                millis(text.as_bytes()),
                Some(want.as_millisecond()),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "-",
            "2026-11-21",
            "2026-13-21T04:27:42Z",
            "2026-11-21T24:27:42Z",
            "2026-11-21T04:27:42",
            "2026-11-21T04:27:42.Z",
            "2026-11-21T04:27:42.xZ",
            "2026-11-21T04:27:42+01:00",
            "1700000000",
        ] {
            assert_eq!(millis(text.as_bytes()), None, "{text}");
        }
    }
}
