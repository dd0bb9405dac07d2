//! Istio's default text format (`pilot/pkg/model/telemetry_logging.go EnvoyTextLogFormat`, the same from 1.20.0 to
//! 1.30.0 but for the name of one operator).
//!
//! Envoy escapes nothing here. `x-forwarded-for`, `user-agent` and `x-request-id` are what callers like, quotes and
//! spaces included, so a caller can write what looks like the rest of a line. The parts after them are therefore read
//! from the end, where nothing may hold a quote or a space, and a line that does not come out even is not read.

use memchr::{memchr, memmem, memrchr};

use super::{
    Skip,
    entry::{Entry, Part, Raw},
};
use crate::request::Known;

/// What a line says.
pub(super) fn read(line: &[u8]) -> Result<Entry<'_>, Skip> {
    // What begins otherwise is of somebody else: Envoy's own log begins with a bracket too.
    let Some(end) = memchr(b']', line).filter(|end| *end <= 40) else {
        return Err(Skip::Other);
    };
    let (time, rest) = line.split_at_checked(end).ok_or(Skip::Other)?;
    let Some(rest) = rest.strip_prefix(b"] \"") else {
        return Err(Skip::Other);
    };
    raw(time.get(1..).unwrap_or_default(), rest)
        .ok_or(Skip::Malformed)?
        .entry()
}

/// So far it is looked by hand: most parts are shorter than a call of memchr is worth.
const NEAR: usize = 12;

/// Takes what is before a byte.
fn until<'a>(rest: &mut &'a [u8], byte: u8) -> Option<&'a [u8]> {
    let near = rest.iter().take(NEAR).position(|other| *other == byte);
    let at = match near {
        Some(at) => at,
        None => NEAR + memchr(byte, rest.get(NEAR..)?)?,
    };
    let (found, after) = rest.split_at_checked(at)?;
    *rest = after.get(1..)?;
    Some(found)
}

fn take(rest: &mut &[u8], text: &[u8]) -> Option<()> {
    *rest = rest.strip_prefix(text)?;
    Some(())
}

fn raw<'a>(time: &'a [u8], mut rest: &'a [u8]) -> Option<Raw<'a>> {
    let rest = &mut rest;
    let method = until(rest, b' ')?;
    let path = until(rest, b' ')?;
    let protocol = until(rest, b'"')?;
    if !(protocol == b"-" || protocol.starts_with(b"HTTP/")) {
        return None;
    }
    take(rest, b" ")?;
    let code = until(rest, b' ')?;
    if code.is_empty() || !code.iter().all(u8::is_ascii_digit) {
        return None;
    }
    until(rest, b' ')?; // response flags
    let details = until(rest, b' ')?;
    let termination = until(rest, b'"')?.strip_suffix(b" ")?;
    until(rest, b'"')?; // why the transport to the workload failed
    take(rest, b" ")?;
    for _ in 0..4 {
        until(rest, b' ')?; // bytes received and sent, duration, time of the workload
    }
    take(rest, b"\"")?;
    let quote = memrchr(b'"', rest)?;
    let (quoted, tail) = rest.split_at_checked(quote)?;
    let mut tail = tail.strip_prefix(b"\" ")?;
    let tail = &mut tail;
    let cluster = until(tail, b' ')?;
    until(tail, b' ')?; // the address towards the workload
    let local = until(tail, b' ')?;
    let remote = until(tail, b' ')?;
    let sni = until(tail, b' ')?;
    let quoted = Quoted::of(quoted)?;
    Some(Raw {
        time: Some(time),
        method: part(method),
        path: part(path),
        protocol: part(protocol),
        details: some(details),
        termination: some(termination),
        cluster: some(cluster),
        local: Some(local),
        remote: Some(remote),
        sni: part(sni),
        host: ambiguous(quoted.host),
        user_agent: quoted.user_agent.map_or(Known::Unknown, ambiguous),
        forwarded_for: quoted.forwarded_for.map_or(Known::Unknown, ambiguous),
        request_id: quoted.request_id.map_or(Known::Unknown, ambiguous),
        ..Raw::default()
    })
}

/// `XFF" "USER-AGENT" "REQUEST-ID" "AUTHORITY" "UPSTREAM-HOST`.
struct Quoted<'a> {
    forwarded_for: Option<&'a [u8]>,
    user_agent: Option<&'a [u8]>,
    request_id: Option<&'a [u8]>,
    host: &'a [u8],
}

impl<'a> Quoted<'a> {
    fn of(text: &'a [u8]) -> Option<Self> {
        const BETWEEN: &[u8] = b"\" \"";
        let last = |text: &'a [u8]| {
            let at = memrchr(b'"', text)?;
            let before = text.get(..at + 1)?.strip_suffix(BETWEEN)?;
            Some((before, text.get(at + 1..)?))
        };
        let (text, upstream) = last(text)?;
        let (text, host) = last(text)?;
        let plain = |part: &[u8]| memchr(b' ', part).is_none();
        if !plain(upstream) || !plain(host) {
            return None;
        }
        // Three parts with the two separators and no other quote are those three; else nobody can tell.
        let first = memmem::find(text, BETWEEN)?;
        let second = memmem::rfind(text, BETWEEN)?;
        let parts = [
            text.get(..first),
            text.get(first + BETWEEN.len()..second),
            text.get(second + BETWEEN.len()..),
        ];
        let clear = parts
            .iter()
            .all(|part| part.is_some_and(|part| memchr(b'"', part).is_none()));
        let [forwarded_for, user_agent, request_id] = if clear { parts } else { [None; 3] };
        Some(Self {
            forwarded_for,
            user_agent,
            request_id,
            host,
        })
    }
}

fn some(text: &[u8]) -> Option<&[u8]> {
    (text != b"-").then_some(text)
}

/// `-` is what Envoy writes for nothing.
fn part(text: &[u8]) -> Part<'_> {
    some(text).into()
}

/// The same, where a caller may have sent the dash.
fn ambiguous(text: &[u8]) -> Part<'_> {
    some(text).map_or(Known::Unknown, Known::Value)
}
