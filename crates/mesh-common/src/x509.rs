//! What a certificate says of itself: whose it is, who signed it, and until when. Nothing is verified.
//!
//! Three fields of a public certificate are all that is wanted, and they stand at its beginning: a reader of DER that
//! knows lengths and nothing else finds them (RFC 5280, section 4.1).

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sha2::{Digest, Sha256};

use crate::{mesh::digest::hex, output::clean};

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

/// A bundle has a few certificates; a ConfigMap has room for some hundred.
const MAX_BLOCKS: usize = 500;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const OID: u8 = 0x06;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
/// `[0]`, the version.
const VERSION: u8 = 0xa0;

/// A certificate, as far as an upgrade cares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// `CN=…, O=…`.
    pub subject: String,
    /// Who signed it, likewise.
    pub issuer: String,
    /// From when it holds.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Timestamp,
    /// The certificate itself, to be compared with others.
    der: Vec<u8>,
}

impl Certificate {
    /// Whether it is this very certificate.
    pub fn same(&self, other: &Self) -> bool {
        self.der == other.der
    }

    /// SHA-256 of the certificate in hexadecimal, as `openssl x509 -fingerprint -sha256` has it without the colons.
    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(&self.der))
    }
}

/// The certificates of a PEM text in their order; one that cannot be read is none.
pub fn certificates(pem: &str) -> Vec<Option<Certificate>> {
    pem.split(BEGIN)
        .skip(1)
        .take(MAX_BLOCKS)
        .map(|rest| {
            let (body, _) = rest.split_once(END)?;
            let body: String = body.split_ascii_whitespace().collect();
            certificate(&STANDARD.decode(body).ok()?)
        })
        .collect()
}

fn certificate(der: &[u8]) -> Option<Certificate> {
    let mut all = Der(der).enter(SEQUENCE)?;
    let mut signed = all.enter(SEQUENCE)?;
    if signed.0.first() == Some(&VERSION) {
        signed.next(VERSION)?;
    }
    let _serial = signed.next(INTEGER)?;
    let _algorithm = signed.next(SEQUENCE)?;
    let issuer = name(signed.enter(SEQUENCE)?)?;
    let mut validity = signed.enter(SEQUENCE)?;
    let (not_before, not_after) = (validity.time()?, validity.time()?);
    let subject = name(signed.enter(SEQUENCE)?)?;
    Some(Certificate {
        subject,
        issuer,
        not_before,
        not_after,
        der: der.to_vec(),
    })
}

/// A sequence of sets of attributes; those that a person knows a CA by.
fn name(mut sets: Der<'_>) -> Option<String> {
    let mut said = Vec::new();
    while !sets.0.is_empty() {
        let mut set = sets.enter(SET)?;
        while !set.0.is_empty() {
            let mut attribute = set.enter(SEQUENCE)?;
            let kind = match attribute.next(OID)? {
                [0x55, 4, 3] => "CN",
                [0x55, 4, 10] => "O",
                [0x55, 4, 11] => "OU",
                _ => continue,
            };
            let (_, text) = attribute.any()?;
            let text = clean(&String::from_utf8_lossy(text), 100);
            said.push(format!("{kind}={text}"));
        }
    }
    if said.is_empty() {
        return Some("no name".into());
    }
    Some(said.join(", "))
}

/// Bytes of which the next element is read.
#[derive(Clone, Copy)]
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    /// Tag and content of the next element.
    fn any(&mut self) -> Option<(u8, &'a [u8])> {
        let (&tag, rest) = self.0.split_first()?;
        // Tags of several bytes stand in no part of a certificate that is read here.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&first, rest) = rest.split_first()?;
        let (len, rest) = match first {
            0..=0x7f => (usize::from(first), rest),
            0x81..=0x84 => {
                let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
                let len = bytes.iter().fold(0, |n, b| n << 8 | usize::from(*b));
                (len, rest)
            }
            _ => return None,
        };
        let (content, rest) = rest.split_at_checked(len)?;
        self.0 = rest;
        Some((tag, content))
    }

    /// Content of the next element, which has this tag.
    fn next(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.any().filter(|(t, _)| *t == tag).map(|(_, c)| c)
    }

    /// The same, to read on in it.
    fn enter(&mut self, tag: u8) -> Option<Self> {
        self.next(tag).map(Der)
    }

    /// `YYMMDDHHMMSSZ`, or with four digits of the year; RFC 5280 allows no other form.
    fn time(&mut self) -> Option<Timestamp> {
        let (tag, content) = self.any()?;
        let text = str::from_utf8(content).ok()?.strip_suffix('Z')?;
        if !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number = |at: usize| text.get(at..at + 2)?.parse::<i8>().ok();
        let (year, at) = match (tag, text.len()) {
            (UTC_TIME, 12) => match i16::from(number(0)?) {
                late @ 50.. => (1900 + late, 2),
                early => (2000 + early, 2),
            },
            (GENERALIZED_TIME, 14) => (text.get(..4)?.parse().ok()?, 4),
            _ => return None,
        };
        let date = Date::new(year, number(at)?, number(at + 2)?).ok()?;
        let (hour, minute, second) = (number(at + 4)?, number(at + 6)?, number(at + 8)?);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let time = date.at(hour, minute, second, 0);
        let exact = time.to_zoned(TimeZone::UTC).map(|z| z.timestamp());
        // The end of 9999, which stands for no end at all (RFC 5280, 4.1.2.5), is beyond what a timestamp holds.
        Some(exact.unwrap_or(Timestamp::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};

    use super::*;

    fn made(edit: impl FnOnce(&mut CertificateParams)) -> String {
        let mut params = CertificateParams::default();
        params.not_before = date_time_ymd(2024, 1, 31);
        params.not_after = date_time_ymd(2034, 2, 28);
        edit(&mut params);
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().pem()
    }

    #[test]
    fn a_certificate_says_whose_it_is_and_until_when() {
        let pem = made(|p| {
            p.distinguished_name
                .push(DnType::CommonName, "root \u{1b}[31mé");
            p.distinguished_name
                .push(DnType::OrganizationName, "cluster.local");
            p.distinguished_name.push(DnType::CountryName, "NO");
            // GeneralizedTime begins with 2050 (RFC 5280, 4.1.2.5).
            p.not_after = date_time_ymd(2126, 11, 1);
        });
        let read = certificates(&pem);
        let one = read[0].as_ref().unwrap();
        assert_eq!(read.len(), 1);
        // rcgen comes with a name of its own.
        assert!(one.subject.ends_with("O=cluster.local"), "{}", one.subject);
        assert!(!one.subject.contains('\u{1b}') && !one.subject.contains("NO"));
        assert_eq!(one.issuer, one.subject);
        assert_eq!(one.not_before.to_string(), "2024-01-31T00:00:00Z");
        assert_eq!(one.not_after.to_string(), "2126-11-01T00:00:00Z");
    }

    #[test]
    fn a_bundle_has_several_and_what_is_none_says_so() {
        let (a, b) = (made(|_| {}), made(|_| {}));
        let text = format!("{a}junk\n{BEGIN}\nbm90IGEgY2VydA==\n{END}\n{b}{a}{BEGIN}\nMII");
        let read = certificates(&text);
        let ok: Vec<bool> = read.iter().map(Option::is_some).collect();
        assert_eq!(ok, [true, false, true, true, false]);
        let at = |n: usize| read[n].as_ref().unwrap();
        assert!(at(0).same(at(3)) && !at(0).same(at(2)));
        assert_eq!(at(0).fingerprint(), at(3).fingerprint());
        assert_eq!(at(0).fingerprint().len(), 64);
        assert_eq!(at(0).not_after.to_string(), "2034-02-28T00:00:00Z");
        assert!(certificates("not-a-certificate").is_empty());
    }

    #[test]
    fn times_have_two_forms_and_no_other() {
        let read = |tag: u8, text: &str| {
            let mut der = vec![tag, u8::try_from(text.len()).unwrap()];
            der.extend(text.as_bytes());
            Der(&der).time().map(|t| t.to_string())
        };
        for (tag, text, want) in [
            (UTC_TIME, "491231235959Z", Some("2049-12-31T23:59:59Z")),
            (UTC_TIME, "500101000000Z", Some("1950-01-01T00:00:00Z")),
            (
                GENERALIZED_TIME,
                "20500101000000Z",
                Some("2050-01-01T00:00:00Z"),
            ),
            (
                GENERALIZED_TIME,
                "99991231235959Z",
                Some("9999-12-30T22:00:00.999999999Z"),
            ),
            (UTC_TIME, "20500101000000Z", None),
            (UTC_TIME, "4912312359Z", None),
            (UTC_TIME, "491231235960Z", None),
            (UTC_TIME, "490230000000Z", None),
            (UTC_TIME, "49123123595+Z", None),
            (INTEGER, "491231235959Z", None),
        ] {
            assert_eq!(read(tag, text).as_deref(), want, "{text}");
        }
    }

    thread_local! {
        static ONE: Vec<u8> = {
            let pem = made(|_| {});
            let body: String = pem.lines().filter(|l| !l.starts_with('-')).collect();
            STANDARD.decode(body).unwrap()
        };
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(at in 0usize..400, byte: u8, cut in 0usize..400) {
            let mut der = ONE.with(Clone::clone);
            if let Some(b) = der.get_mut(at) {
                *b = byte;
            }
            der.truncate(cut);
            let _ = certificate(&der);
            let _ = certificates(&String::from_utf8_lossy(&der));
        }
    }
}
