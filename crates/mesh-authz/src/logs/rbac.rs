//! What a proxy says of its policies where its `rbac` scope logs at debug level (`istioctl proxy-config log POD --level
//! rbac:debug`): every request that a filter looks at, with the peer's identity and all headers, and what it decided.
//!
//! The words are those of Envoy 1.28 to 1.40 (`source/extensions/filters/{http,network}/rbac/rbac_filter.cc`) in the
//! log format of Istio's bootstrap, text or JSON. A request is looked at by every filter that it comes to: once for each
//! action that has policies. Its headers stand on lines of their own, so that a message is a record of several lines.

use memchr::{memchr, memmem};

use super::{
    Skip, address,
    entry::{Entry, Flow, Part, Raw, Recorded},
    json, prefix, time,
};
use crate::request::{Header, Known};

/// A message.
#[derive(Debug, Clone, PartialEq)]
pub enum Rbac<'a> {
    /// A filter looks at a request, or at a connection.
    Check(Box<Check<'a>>),
    /// What it decided.
    Decision(Decision<'a>),
}

/// A request as a filter saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Check<'a> {
    /// As far as an access log could tell it too. Whether the request was refused is not told here.
    pub entry: Entry<'a>,
    /// All headers but method, path and host.
    pub headers: Vec<Header<'a>>,
}

/// What a filter decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision<'a> {
    /// By policies in dry run: nothing came of it.
    pub shadow: bool,
    /// Whether it denied.
    pub denied: bool,
    /// The rule that matched, if one did.
    pub rule: Option<Rule<'a>>,
}

/// A rule as Istio names it to Envoy: `ns[payments]-policy[lockdown]-rule[0]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule<'a> {
    /// The policy's namespace.
    pub namespace: &'a str,
    /// The policy.
    pub policy: &'a str,
    /// From 0.
    pub index: &'a str,
}

impl<'a> Rule<'a> {
    fn parse(text: &'a [u8]) -> Option<Self> {
        let text = std::str::from_utf8(text).ok()?;
        let (namespace, rest) = text.strip_prefix("ns[")?.split_once("]-policy[")?;
        let (policy, index) = rest.strip_suffix(']')?.split_once("]-rule[")?;
        let number = !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit());
        number.then_some(Self {
            namespace,
            policy,
            index,
        })
    }
}

const SCOPE: &[u8] = b"envoy rbac";
const REQUEST: &[u8] = b"checking request: ";
const CONNECTION: &[u8] = b"checking connection: ";
/// As long as what it stands for.
const REPEATED: (&[u8], &[u8]) = (b"checking ", b"repeated ");
const METADATA: &[u8] = b", dynamicMetadata:";
/// The scope stands at the beginning: after it comes what callers sent.
const NEAR: usize = 120;

/// Reads a record; none where it is no message of these.
pub fn read<'a>(record: &'a [u8], room: &'a mut Vec<u8>) -> Option<Result<Rbac<'a>, Skip>> {
    let first = first_line(record);
    let (before, line) = prefix::strip(first);
    let said = message(line)?;
    let begins = |text: &[u8]| said.text.starts_with(text);
    if begins(REQUEST) || begins(CONNECTION) {
        if before.part {
            return Some(Err(Skip::Part));
        }
        let whole = whole(record, &said, room)?;
        let check = check(whole, said.time, before.pod);
        return Some(
            check
                .map(|check| Rbac::Check(Box::new(check)))
                .ok_or(Skip::Malformed),
        );
    }
    if begins(REPEATED.1) {
        return Some(Err(Skip::Repeated));
    }
    decision(said.text).map(|decision| Ok(Rbac::Decision(decision)))
}

/// Whether a line begins a message of several lines.
pub fn opens(line: &[u8]) -> bool {
    if !matches!(line.first(), Some(b'0'..=b'9' | b'[')) || memmem::find(line, SCOPE).is_none() {
        return false;
    }
    let (_, line) = prefix::strip(line);
    let kinds = [REQUEST, CONNECTION, REPEATED.1];
    let several = |said: Said<'_>| kinds.iter().any(|kind| said.text.starts_with(kind));
    line.first() != Some(&b'{') && message(line).is_some_and(several) && !closes(line)
}

/// Whether a line ends such a message.
pub fn closes(line: &[u8]) -> bool {
    thread(line).is_some()
}

/// Whether a line that stands among those of a message is of somebody else: access logs go to another stream of the same
/// container.
pub fn is_foreign(line: &[u8]) -> bool {
    let (_, line) = prefix::strip(line);
    matches!(line.first(), Some(b'[' | b'{'))
}

/// Whether a line begins another message of Envoy or of the agent: the one before it lacks its end.
pub fn begins_another(line: &[u8]) -> bool {
    let (_, line) = prefix::strip(line);
    line.first().is_some_and(u8::is_ascii_digit) && line.get(10) == Some(&b'T')
}

/// What tells the same request apart from others when the next filter looks at it: the thread, and all that a filter
/// sees but what filters themselves add.
pub fn same(record: &[u8]) -> Option<(u64, u64)> {
    let first = first_line(record);
    let said = message(prefix::strip(first).1)?;
    if !said.text.starts_with(REQUEST) && !said.text.starts_with(CONNECTION) {
        return None;
    }
    let mut hash = Fnv::default();
    let mut by = None;
    for (nth, line) in record.split(|byte| *byte == b'\n').enumerate() {
        let line = if nth == 0 {
            said.text
        } else {
            prefix::strip(line).1
        };
        if nth > 0 && matches!(line.first(), Some(b'[' | b'{')) {
            continue;
        }
        let before = memmem::find(line, METADATA);
        if hash.open {
            hash.write(before.and_then(|at| line.get(..at)).unwrap_or(line));
            hash.open = before.is_none();
        }
        by = thread(line).or(by);
    }
    let by = by.or_else(|| {
        let rest = after(record, b"\"thread\":")?;
        number(rest.strip_prefix(b"\"").unwrap_or(rest))
    });
    Some((by?, hash.state))
}

/// FNV-1a: the same on every machine.
struct Fnv {
    state: u64,
    open: bool,
}

impl Default for Fnv {
    fn default() -> Self {
        Self {
            state: 0xcbf2_9ce4_8422_2325,
            open: true,
        }
    }
}

impl Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(b"\n") {
            self.state = (self.state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

/// Marks a record as one of the same request as the record before it.
pub fn repeat(record: &mut [u8]) {
    let (from, to) = REPEATED;
    let place = memmem::find(record, from).and_then(|at| record.get_mut(at..at + to.len()));
    if let Some(place) = place {
        place.copy_from_slice(to);
    }
}

/// A message's first line, in whatever form.
#[derive(Clone, Copy)]
struct Said<'a> {
    time: &'a [u8],
    text: &'a [u8],
    json: bool,
}

fn message(line: &[u8]) -> Option<Said<'_>> {
    if line.first() == Some(&b'{') {
        memmem::find(line, b"\"scope\":\"envoy rbac\"")?;
        return Some(Said {
            time: quoted(after(line, b"\"time\":\"")?)?,
            text: quoted(after(line, b"\"msg\":\"")?)?,
            json: true,
        });
    }
    let head = line.get(..NEAR.min(line.len()))?;
    let at = memmem::find(head, SCOPE)?;
    let time = head.split(|byte| matches!(byte, b'\t' | b' ')).next()?;
    time::millis(time)?;
    let mut text = line.get(at + SCOPE.len()..)?.trim_ascii_start();
    // Where in Envoy's source it is said.
    let word = memchr(b'\t', text).or_else(|| memchr(b' ', text))?;
    if memmem::find(text.get(..word)?, b".cc:").is_some() {
        text = text.get(word..)?.trim_ascii_start();
    }
    Some(Said {
        time,
        text,
        json: false,
    })
}

fn first_line(record: &[u8]) -> &[u8] {
    let end = memchr(b'\n', record).unwrap_or(record.len());
    record.get(..end).unwrap_or(record)
}

fn after<'a>(text: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    text.get(memmem::find(text, key)? + key.len()..)
}

/// A JSON string from after its first quote to its last, escapes and all.
fn quoted(text: &[u8]) -> Option<&[u8]> {
    let mut at = 0;
    loop {
        match text.get(at)? {
            b'"' => return text.get(..at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

fn thread(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let at = memmem::rfind(line, b"\tthread=")?;
    let digits = line.get(at + 8..)?;
    digits
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| number(digits))?
}

fn number(text: &[u8]) -> Option<u64> {
    let end = text.iter().position(|b| !b.is_ascii_digit());
    std::str::from_utf8(text.get(..end.unwrap_or(text.len()))?)
        .ok()?
        .parse()
        .ok()
}

/// The whole message, as it was said.
fn whole<'a>(record: &[u8], said: &Said<'_>, room: &'a mut Vec<u8>) -> Option<&'a [u8]> {
    room.clear();
    if said.json {
        json::unescape(said.text, room)?;
        return Some(room);
    }
    room.extend_from_slice(said.text);
    for line in record.split(|byte| *byte == b'\n').skip(1) {
        let (_, line) = prefix::strip(line);
        if !matches!(line.first(), Some(b'[' | b'{')) {
            room.push(b'\n');
            room.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        }
    }
    Some(room)
}

fn decision(text: &[u8]) -> Option<Decision<'_>> {
    let end = memchr(b'\t', text).unwrap_or(text.len());
    let text = text.get(..end)?;
    let (shadow, text) = match text.strip_prefix(b"shadow ") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix(b"enforced ")?),
    };
    let (denied, text) = match text.strip_prefix(b"denied") {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix(b"allowed")?),
    };
    let rule = text
        .strip_prefix(b", matched policy ")
        .and_then(Rule::parse);
    Some(Decision {
        shadow,
        denied,
        rule,
    })
}

/// Takes what is before one of two texts.
fn until<'a>(rest: &mut &'a [u8], ends: &[&[u8]]) -> Option<&'a [u8]> {
    let found = ends
        .iter()
        .filter_map(|end| Some((memmem::find(rest, end)?, end.len())));
    let (at, length) = found.min()?;
    let part = rest.get(..at)?;
    *rest = rest.get(at + length..)?;
    Some(part)
}

fn check<'a>(message: &'a [u8], time: &[u8], pod: Option<&'a [u8]>) -> Option<Check<'a>> {
    let tcp = message.starts_with(CONNECTION);
    // A server name is what a caller sent, and may look like all that comes after it.
    if memmem::find_iter(message, b", sourceIP: ").count() != 1 {
        return None;
    }
    let rest = &mut after(message, b"requestedServerName: ")?;
    let sni = until(rest, &[b", sourceIP: "])?;
    if sni
        .iter()
        .any(|byte| matches!(byte, b' ' | b',' | b'\n' | b'\''))
    {
        return None;
    }
    until(rest, &[b", directRemoteIP: "])?;
    let direct = until(rest, &[b", remoteIP: ", b",remoteIP: "])?;
    let remote = until(rest, &[b", localAddress: ", b",localAddress: "])?;
    let local = until(rest, &[b", ssl: "])?;
    let ends: &[u8] = if tcp { METADATA } else { b", headers: " };
    let principal = principal(until(rest, &[ends])?)?;
    let mut raw = Raw {
        protocol: Known::Absent,
        ..Raw::default()
    };
    let mut headers = Vec::new();
    if !tcp {
        for line in rest.split(|byte| *byte == b'\n') {
            if line.starts_with(METADATA) {
                raw.protocol = Known::Value(b"HTTP");
                break;
            }
            let (name, value) = header(line)?;
            match name {
                b":method" => raw.method = Known::Value(value),
                b":path" => raw.path = Known::Value(value),
                b":authority" | b"host" => raw.host = Known::Value(value),
                _ => headers.push(Header {
                    name,
                    value: Known::Value(value),
                }),
            }
        }
        // Cut before its end, it does not tell that a header was not sent.
        if raw.protocol == Known::Absent {
            return None;
        }
    }
    let known = |name: &[u8]| headers.iter().find(|h| h.name == name).map(|h| h.value);
    let header = |name: &'a [u8]| Header {
        name,
        value: known(name).unwrap_or(Known::Absent),
    };
    Some(Check {
        entry: Entry {
            time: time::millis(time),
            pod,
            tcp,
            flow: Flow::Inbound,
            recorded: Recorded::Passed,
            method: raw.method,
            path: raw.path,
            path_is_matched: true,
            host: raw.host,
            sni: if sni.is_empty() {
                Known::Absent
            } else {
                Known::Value(sni)
            },
            principal,
            headers: [
                header(b"user-agent"),
                header(b"x-forwarded-for"),
                header(b"x-request-id"),
            ],
            local: address::socket(local),
            remote: address::socket(remote),
            direct: address::socket(direct),
        },
        headers,
    })
}

/// `'name', 'value'`. A name has neither spaces nor commas; a value is what the caller liked, without newlines.
fn header(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let line = line.strip_prefix(b"'")?.strip_suffix(b"'")?;
    let at = memmem::find(line, b"', '")?;
    Some((line.get(..at)?, line.get(at + 4..)?))
}

/// The peer's identity. Without a name that Istio gives, another name of the certificate may be taken: not known.
fn principal(ssl: &[u8]) -> Option<Known<&str>> {
    if ssl == b"none" {
        return Some(Known::Absent);
    }
    let mut rest = ssl.strip_prefix(b"uriSanPeerCertificate: ")?;
    let rest = &mut rest;
    let uri: Part<'_> = Known::Value(until(rest, &[b", dnsSanPeerCertificate: "])?);
    let dns = until(rest, &[b", subjectPeerCertificate: "])?;
    Some(match uri {
        Known::Value(b"") if dns.is_empty() && rest.is_empty() => Known::Absent,
        Known::Value(b"") => Known::Unknown,
        uri => super::entry::identity(uri),
    })
}

#[cfg(test)]
mod tests;
