//! Sets of values as compiled once: literals, prefixes, suffixes, address ranges, expressions.

use std::{
    cmp::Ordering,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use ipnet::IpNet;

mod identity;
mod regex;

pub(crate) use identity::{Identities, IdentityPattern};
pub(crate) use regex::{Expression, needs_expression};

/// Strings by value, prefix or suffix, as Istio's `StringMatcher` and `HeaderMatcher` read `*`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Strings {
    /// What a lone `*` means; `None` if there is none.
    any: Option<Any>,
    /// ASCII case does not count; all patterns are in lower case.
    fold: bool,
    exact: Vec<Box<[u8]>>,
    prefixes: Vec<Box<[u8]>>,
    suffixes: Vec<Box<[u8]>>,
}

/// What a lone `*` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Any {
    /// Something is there, if only the empty string: headers, methods, hosts.
    Present,
    /// The expression `.+`: everything else.
    Filled,
}

/// The expression `.+` as RE2 reads it: something, valid UTF-8, no line feed.
fn is_filled(value: &[u8]) -> bool {
    !value.is_empty()
        && memchr::memchr(b'\n', value).is_none()
        && std::str::from_utf8(value).is_ok()
}

impl Strings {
    /// Compiles values that may begin or end with `*`.
    pub(crate) fn new<'a>(values: impl IntoIterator<Item = &'a str>, any: Any, fold: bool) -> Self {
        let mut set = Self {
            fold,
            ..Self::default()
        };
        for value in values {
            let value = if fold {
                value.to_ascii_lowercase()
            } else {
                value.to_owned()
            };
            if value == "*" {
                set.any = Some(any);
            } else if let Some(suffix) = value.strip_prefix('*') {
                set.suffixes.push(suffix.as_bytes().into());
            } else if let Some(prefix) = value.strip_suffix('*') {
                set.prefixes.push(prefix.as_bytes().into());
            } else {
                set.exact.push(value.as_bytes().into());
            }
        }
        set.exact.sort_unstable();
        set.exact.dedup();
        // Sorted, and without those that a shorter one covers: see `last`.
        set.prefixes.sort_unstable();
        set.prefixes.dedup_by(|next, kept| next.starts_with(kept));
        set.suffixes
            .sort_unstable_by(|a, b| a.iter().rev().cmp(b.iter().rev()));
        set.suffixes.dedup_by(|next, kept| next.ends_with(kept));
        set
    }

    /// A set of one exact value.
    pub(crate) fn exact(value: &str) -> Self {
        Self {
            exact: vec![value.as_bytes().into()],
            ..Self::default()
        }
    }

    /// A set of one prefix.
    pub(crate) fn prefix(value: &str) -> Self {
        Self {
            prefixes: vec![value.as_bytes().into()],
            ..Self::default()
        }
    }

    /// A set of one suffix.
    pub(crate) fn suffix(value: &str) -> Self {
        Self {
            suffixes: vec![value.as_bytes().into()],
            ..Self::default()
        }
    }

    /// A set of all that is not empty.
    pub(crate) fn filled() -> Self {
        Self {
            any: Some(Any::Filled),
            ..Self::default()
        }
    }

    /// True if every value is in the set.
    pub(crate) fn takes_anything(&self) -> bool {
        self.any == Some(Any::Present)
    }

    /// True if the value is in the set.
    pub(crate) fn contains(&self, value: &[u8]) -> bool {
        match self.any {
            Some(Any::Present) => return true,
            Some(Any::Filled) if is_filled(value) => return true,
            _ => {}
        }
        if self.fold {
            self.contains_folded(value)
        } else {
            self.contains_as_is(value)
        }
    }

    fn contains_as_is(&self, value: &[u8]) -> bool {
        self.exact
            .binary_search_by(|exact| (**exact).cmp(value))
            .is_ok()
            || last(&self.prefixes, |prefix| prefix.cmp(value))
                .is_some_and(|prefix| value.starts_with(prefix))
            || last(&self.suffixes, |suffix| {
                suffix.iter().rev().cmp(value.iter().rev())
            })
            .is_some_and(|suffix| value.ends_with(suffix))
    }

    fn contains_folded(&self, value: &[u8]) -> bool {
        let low = || value.iter().map(u8::to_ascii_lowercase);
        self.exact
            .binary_search_by(|exact| exact.iter().copied().cmp(low()))
            .is_ok()
            || last(&self.prefixes, |prefix| prefix.iter().copied().cmp(low()))
                .and_then(|prefix| Some(value.get(..prefix.len())?.eq_ignore_ascii_case(prefix)))
                .unwrap_or(false)
            || last(&self.suffixes, |suffix| {
                suffix.iter().copied().rev().cmp(low().rev())
            })
            .and_then(|suffix| {
                let at = value.len().checked_sub(suffix.len())?;
                Some(value.get(at..)?.eq_ignore_ascii_case(suffix))
            })
            .unwrap_or(false)
    }
}

/// The last of sorted texts that is not behind the value. Where no text begins another one, none but it can be the
/// value's beginning: what stands between a beginning and the value begins so too.
fn last(sorted: &[Box<[u8]>], order: impl Fn(&[u8]) -> Ordering) -> Option<&[u8]> {
    let at = sorted.partition_point(|text| order(text) != Ordering::Greater);
    sorted.get(at.checked_sub(1)?).map(|text| &**text)
}

/// How a text is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ask {
    /// It is this.
    Whole,
    /// It begins so.
    Begins,
    /// It ends so.
    Ends,
    /// `/ns/`, this, and a slash are in it.
    Namespace,
}

/// A text without which nothing of a set is matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) ask: Ask,
    pub(crate) text: Box<[u8]>,
}

impl Strings {
    /// Texts of which one is there wherever the set matches; none if the set has a lone `*`. In lower case where case
    /// does not count.
    pub(crate) fn keys(&self) -> Option<Vec<Key>> {
        let all = [
            (Ask::Whole, &self.exact),
            (Ask::Begins, &self.prefixes),
            (Ask::Ends, &self.suffixes),
        ];
        let keys = all.into_iter().flat_map(|(ask, texts)| {
            texts.iter().map(move |text| Key {
                ask,
                text: text.clone(),
            })
        });
        self.any.is_none().then(|| keys.collect())
    }
}

/// A text in pieces, compared as if it were one.
impl Strings {
    /// As [`Self::contains`] of the parts joined by commas.
    pub(crate) fn contains_chunks<'v>(
        &self,
        values: impl Iterator<Item = &'v [u8]> + Clone,
    ) -> bool {
        let parts = values
            .enumerate()
            .flat_map(|(i, value)| [if i == 0 { b"".as_slice() } else { b"," }, value]);
        self.contains_parts(&parts)
    }

    /// As [`Self::contains`] of the parts one after the other. Only for sets in which case counts.
    pub(crate) fn contains_parts<'v>(
        &self,
        parts: &(impl Iterator<Item = &'v [u8]> + Clone),
    ) -> bool {
        match self.any {
            Some(Any::Present) => return true,
            Some(Any::Filled) => {
                // Parts are texts of their own, so that UTF-8 never spans two of them.
                let clean = |part: &[u8]| part.is_empty() || is_filled(part);
                if parts.clone().all(clean) && parts.clone().any(|part| !part.is_empty()) {
                    return true;
                }
            }
            None => {}
        }
        let length: usize = parts.clone().map(<[u8]>::len).sum();
        let at = |skip: usize, pattern: &[u8]| {
            let bytes = parts.clone().flatten().skip(skip);
            bytes.take(pattern.len()).eq(pattern.iter())
        };
        self.exact
            .iter()
            .any(|exact| exact.len() == length && at(0, exact))
            || self
                .prefixes
                .iter()
                .any(|prefix| prefix.len() <= length && at(0, prefix))
            || self.suffixes.iter().any(|suffix| {
                length
                    .checked_sub(suffix.len())
                    .is_some_and(|skip| at(skip, suffix))
            })
    }
}

/// Address ranges. A range holds addresses of its own version only.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ranges {
    /// First and last addresses; sorted, and none overlaps another.
    v4: Vec<(Ipv4Addr, Ipv4Addr)>,
    v6: Vec<(Ipv6Addr, Ipv6Addr)>,
}

impl Ranges {
    pub(crate) fn new(ranges: &[IpNet]) -> Self {
        let mut set = Self::default();
        for range in IpNet::aggregate(&ranges.to_vec()) {
            match range {
                IpNet::V4(range) => set.v4.push((range.network(), range.broadcast())),
                IpNet::V6(range) => set.v6.push((range.network(), range.broadcast())),
            }
        }
        set.v4.sort_unstable();
        set.v6.sort_unstable();
        set
    }

    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => within(&self.v4, address),
            IpAddr::V6(address) => within(&self.v6, address),
        }
    }
}

fn within<A: Copy + Ord>(ranges: &[(A, A)], address: A) -> bool {
    let after = ranges.partition_point(|(first, _)| *first <= address);
    let range = after.checked_sub(1).and_then(|at| ranges.get(at));
    range.is_some_and(|(_, last)| address <= *last)
}

/// An address or a range as Go's `netip` reads it, with host bits cut off as Envoy does.
pub fn parse_range(value: &str) -> Option<IpNet> {
    let Some((address, length)) = value.split_once('/') else {
        return value.parse::<IpAddr>().ok().map(IpNet::from);
    };
    // Go takes no sign and no leading zero.
    if length.len() > 1 && length.starts_with('0')
        || !length.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    IpNet::new(address.parse().ok()?, length.parse().ok()?)
        .ok()
        .map(|range| range.trunc())
}

/// A port as Go's `strconv.ParseUint` reads it: leading zeros are fine, a sign is not.
pub fn parse_port(value: &str) -> Option<u16> {
    if !value.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    value.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_at_an_end_only() {
        for (pattern, value, want) in [
            ("a", "a", true),
            ("a", "A", false),
            ("a*", "ab", true),
            ("a*", "a", true),
            ("*a", "ba", true),
            ("*a", "ab", false),
            ("a*b", "a*b", true),
            ("a*b", "axb", false),
            ("*a*", "a*", true),
            ("*a*", "xa", false),
            ("**", "x*", true),
            ("**", "x", false),
            ("*", "x", true),
            ("*", "", false),
            ("*", "a\nb", false),
        ] {
            let set = Strings::new([pattern], Any::Filled, false);
            assert_eq!(set.contains(value.as_bytes()), want, "{pattern} {value}");
        }
        assert!(Strings::new(["*"], Any::Present, false).contains(b""));
        for (pattern, value, want) in [
            ("A.com", "a.COM", true),
            ("*.X", "a.x", true),
            ("A*", "ab", true),
            ("*.x", "x", false),
        ] {
            let set = Strings::new([pattern], Any::Present, true);
            assert_eq!(set.contains(value.as_bytes()), want, "{pattern} {value}");
        }
    }

    #[test]
    fn ranges_are_read_as_go_reads_them() {
        for (value, address, want) in [
            ("10.0.0.1", "10.0.0.1", Some(true)),
            ("10.1.2.3/8", "10.9.9.9", Some(true)),
            ("10.0.0.0/8", "11.0.0.0", Some(false)),
            ("0.0.0.0/0", "1.2.3.4", Some(true)),
            ("0.0.0.0/0", "::1", Some(false)),
            ("::/0", "1.2.3.4", Some(false)),
            ("::ffff:10.0.0.1", "10.0.0.1", Some(false)),
            ("2001:db8::/32", "2001:db8:1::1", Some(true)),
            ("2001:db8::5/128", "2001:db8::5", Some(true)),
            ("10.0.0.0/08", "10.0.0.0", None),
            ("10.0.0.0/+8", "10.0.0.0", None),
            ("10.0.0.0/33", "10.0.0.0", None),
            ("10.0.0.0/", "10.0.0.0", None),
            ("010.0.0.1", "10.0.0.1", None),
            ("10.0.0", "10.0.0.0", None),
            ("", "10.0.0.0", None),
        ] {
            let address: IpAddr = address.parse().unwrap();
            let got = parse_range(value).map(|range| Ranges::new(&[range]).contains(address));
            assert_eq!(got, want, "{value}");
        }
    }

    #[test]
    fn ports_are_read_as_go_reads_them() {
        for (value, want) in [
            ("80", Some(80)),
            ("080", Some(80)),
            ("65535", Some(65535)),
            ("65536", None),
            ("+80", None),
            ("", None),
        ] {
            assert_eq!(parse_port(value), want, "{value}");
        }
    }
}
