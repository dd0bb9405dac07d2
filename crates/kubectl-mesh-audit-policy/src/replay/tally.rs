//! Lines in, numbers out: what one thread does. Nothing is allocated for a request whose row is there.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use mesh_common::output::clean;

use super::{
    blocks::{Block, Shard},
    bounded::Bounded,
    judge::Outcome,
    records, shape,
    stage::{Caller, Stage},
    summary::{Class, Example, Known, Row, Summary},
};
use crate::{
    By, Fields, Header, Headers, Known as Evidence, RuleId, Verdict,
    logs::{
        Entry, LINE_MAX, Scratch, Skip,
        rbac::{self, Rbac},
    },
};

const HOUR: i64 = 3_600_000;

/// Longest text of an example.
const TEXT: usize = 200;

/// A row as it is counted.
#[derive(Debug)]
struct Count {
    requests: u64,
    time: i64,
    path: Box<[u8]>,
    host: Box<[u8]>,
    caller: Box<[u8]>,
    known: Known,
}

/// Counts what lines come to.
pub(super) struct Tally<'a> {
    stage: &'a Stage,
    shard: Option<Shard>,
    scratch: Scratch,
    key: Vec<u8>,
    caller: Vec<u8>,
    lines: u64,
    skipped: [u64; Skip::ALL.len()],
    classes: [u64; Class::ALL.len()],
    numbers: Summary,
    rows: [Bounded<Count>; Class::ALL.len()],
    callers: HashSet<usize>,
    hour: Option<i64>,
    of_pod: Option<usize>,
    /// What `rbac` debug lines tell, by itself: an access log may have the same requests.
    checks: Option<Box<Self>>,
    /// Whether this is of them.
    checking: bool,
}

impl<'a> Tally<'a> {
    pub(super) fn new(stage: &'a Stage, shard: Option<Shard>) -> Self {
        Self {
            stage,
            shard,
            scratch: Scratch::default(),
            key: Vec::new(),
            caller: Vec::new(),
            lines: 0,
            skipped: [0; Skip::ALL.len()],
            classes: [0; Class::ALL.len()],
            numbers: Summary::default(),
            rows: Class::ALL.map(|class| Bounded::new(class.most())),
            callers: HashSet::new(),
            hour: None,
            of_pod: None,
            checks: None,
            checking: false,
        }
    }

    /// All lines from here on are of this pod.
    pub(super) fn of_pod(&mut self, pod: usize) {
        self.of_pod = Some(pod);
    }

    /// Counts the lines of a block.
    pub(super) fn block(&mut self, block: &Block) {
        for line in block.lines(self.shard) {
            self.line(line);
        }
    }

    /// Counts lines that were too long to be held.
    pub(super) fn too_long(&mut self, lines: u64) {
        self.lines += lines;
        self.skip(Skip::TooLong, lines);
    }

    fn skip(&mut self, skip: Skip, lines: u64) {
        if let Some(count) = self.skipped.get_mut(skip.index()) {
            *count += lines;
        }
    }

    /// Counts one line.
    pub(super) fn line(&mut self, line: &[u8]) {
        self.lines += 1;
        let mut scratch = std::mem::take(&mut self.scratch);
        let counted = if line.len() > LINE_MAX {
            Err(Skip::TooLong)
        } else {
            let stage = self.stage;
            let entry = stage.format.read(line, &mut scratch);
            entry.and_then(|entry| self.entry(&entry, None))
        };
        self.scratch = scratch;
        let counted = match counted {
            Err(Skip::Other) => self.said(line),
            counted => counted,
        };
        if let Err(skip) = counted {
            self.skip(skip, 1);
        }
    }

    /// What is no line of an access log may be one of policies.
    fn said(&mut self, record: &[u8]) -> Result<(), Skip> {
        if !records::any(record) {
            return Err(Skip::Other);
        }
        // Lines of an access log, which goes to another stream, may stand in the middle of it.
        let lines = record.split(|byte| *byte == b'\n').skip(1);
        for line in lines.filter(|line| rbac::is_foreign(line)) {
            self.line(line);
        }
        let mut room = Vec::new();
        match rbac::read(record, &mut room) {
            None => Err(Skip::Other),
            Some(Err(skip)) => Err(skip),
            Some(Ok(Rbac::Decision(decision))) => {
                self.numbers.decided(&decision);
                Err(Skip::Decision)
            }
            Some(Ok(Rbac::Check(check))) => {
                let (stage, of_pod) = (self.stage, self.of_pod);
                let checks = self.checks.get_or_insert_with(|| {
                    let mut checks = Self::new(stage, None);
                    checks.of_pod = of_pod;
                    checks.checking = true;
                    Box::new(checks)
                });
                checks.entry(&check.entry, Some(&check.headers))?;
                Err(Skip::Check)
            }
        }
    }

    fn entry(&mut self, entry: &Entry<'_>, headers: Option<&[Header<'_>]>) -> Result<(), Skip> {
        let stage = self.stage;
        if !stage.in_window(entry.time) {
            return Err(Skip::OutsideWindow);
        }
        let nth = stage.subject(entry, self.of_pod)?;
        let subject = stage.subjects.get(nth).ok_or(Skip::NoWorkload)?;
        let judge = subject
            .judge(entry.tcp, &stage.policies)
            .ok_or(Skip::NoConfiguration)?;
        let (caller, mut request) = stage.asked(subject, entry);
        if let Some(list) = headers {
            request.headers = Headers {
                list,
                complete: true,
            };
        }
        let outcome = judge.outcome(&request, entry.recorded);
        self.time(entry.time);
        self.count(nth, entry, &caller, &outcome);
        Ok(())
    }

    fn time(&mut self, time: Option<i64>) {
        let numbers = &mut self.numbers;
        let Some(time) = time else {
            numbers.timeless += 1;
            return;
        };
        numbers.first = Some(numbers.first.map_or(time, |first| first.min(time)));
        numbers.last = Some(numbers.last.map_or(time, |last| last.max(time)));
        let hour = time.div_euclid(HOUR);
        if self.hour != Some(hour) {
            self.hour = Some(hour);
            numbers.note_hour(hour);
        }
    }

    fn count(&mut self, nth: usize, entry: &Entry<'_>, caller: &Caller<'_>, outcome: &Outcome) {
        let numbers = &mut self.numbers;
        let class = match (outcome.refused_now, outcome.then) {
            // Whether it passed is on another line.
            _ if self.checking && outcome.by_log => Class::Unknown,
            (false, Verdict::Deny) => Class::NewlyBlocked,
            (false, Verdict::Unknown(_)) => Class::Unknown,
            (false, Verdict::Allow) => Class::StillAllowed,
            (true, Verdict::Deny) => Class::StillBlocked,
            (true, Verdict::Allow | Verdict::Unknown(_)) => Class::NewlyAllowed,
        };
        numbers.refused_now += u64::from(outcome.refused_now);
        let unknown = matches!(outcome.then, Verdict::Unknown(_));
        numbers.refused_then_unknown += u64::from(outcome.refused_now && unknown);
        numbers.by_log += u64::from(outcome.by_log);
        numbers.disagree += u64::from(outcome.disagrees);
        numbers.derived += u64::from(caller.derived);
        if let Some(pod) = caller.pod {
            self.callers.insert(pod);
        }
        if let Some(count) = self.classes.get_mut(class as usize) {
            *count += 1;
        }
        self.make_key(nth, entry, caller, outcome);
        let Some(rows) = self.rows.get_mut(class as usize) else {
            return;
        };
        let time = entry.time.unwrap_or(i64::MAX);
        let path = shape::plain(value(entry.path));
        let example = || Count {
            requests: 0,
            time: i64::MAX,
            path: Box::default(),
            host: Box::default(),
            caller: Box::default(),
            known: caller.known,
        };
        let Some(row) = rows.get(&self.key, example) else {
            return;
        };
        row.requests += 1;
        if row.requests > 1 && time > row.time {
            return;
        }
        self.caller.clear();
        caller.write(&mut self.caller);
        let host = value(entry.host);
        let ours = (time, cut(path), cut(host), cut(&self.caller));
        if row.requests == 1 || ours < (row.time, &row.path, &row.host, &row.caller) {
            row.time = time;
            row.path = ours.1.into();
            row.host = ours.2.into();
            row.caller = ours.3.into();
        }
    }

    /// What rows are told apart by.
    fn make_key(&mut self, nth: usize, entry: &Entry<'_>, caller: &Caller<'_>, outcome: &Outcome) {
        let key = &mut self.key;
        key.clear();
        #[allow(
            clippy::cast_possible_truncation,
            reason = "there are never so many workloads"
        )]
        key.extend_from_slice(&(nth as u32).to_le_bytes());
        let (kind, by) = match (outcome.then, outcome.by) {
            (Verdict::Unknown(fields), _) | (_, By::Unclear(fields)) => {
                (2, u32::from(fields.bits()))
            }
            (_, By::Rule(id)) => (1, id.0),
            (_, By::NoRule) => (u8::from(outcome.by_log) * 3, 0),
        };
        key.push(kind);
        key.extend_from_slice(&by.to_le_bytes());
        key.push(u8::from(entry.tcp));
        let before = key.len();
        key.extend_from_slice(&[0; 2]);
        caller.key(key);
        let source = key.len() - before - 2;
        let method = value(entry.method);
        let method = method.get(..20.min(method.len())).unwrap_or(method);
        for (at, length) in [(before, source), (before + 1, method.len())] {
            if let (Some(byte), Ok(length)) = (key.get_mut(at), u8::try_from(length)) {
                *byte = length;
            }
        }
        key.extend_from_slice(method);
        let path = value(entry.path);
        shape::shape(path.get(..1_000.min(path.len())).unwrap_or(path), key);
    }

    /// What it came to.
    pub(super) fn finish(self) -> Summary {
        let mut summary = self.numbers;
        summary.lines = self.lines;
        let skips = Skip::ALL.iter().zip(self.skipped);
        summary.skipped = skips
            .filter(|(_, count)| *count > 0)
            .map(|(skip, count)| (skip.name().to_owned(), count))
            .collect();
        let classes = Class::ALL.into_iter().zip(self.classes);
        summary.classes = classes.filter(|(_, count)| *count > 0).collect();
        for (class, rows) in Class::ALL.into_iter().zip(self.rows) {
            let shown = rows
                .into_rows()
                .filter_map(|(hash, key, count)| row(self.stage, class, hash, &key, &count));
            summary.rows.extend(shown);
        }
        summary.rows.sort();
        let pods = self.stage.pods.list();
        let names: BTreeSet<String> = self
            .callers
            .iter()
            .filter_map(|nth| Some(pods.get(*nth)?.workload()))
            .collect();
        summary.callers = names;
        summary.checks = self.checks.map(|checks| Box::new(checks.finish()));
        // Rows of the same texts come together, as they would in a merge.
        summary.merge(Summary::default())
    }
}

impl Summary {
    /// Remembers an hour. Clocks that jump bring many: the latest stay.
    fn note_hour(&mut self, hour: i64) {
        self.hours.insert(hour);
        self.trim();
    }
}

fn value(known: Evidence<&[u8]>) -> &[u8] {
    match known {
        Evidence::Value(bytes) => bytes,
        Evidence::Absent | Evidence::Unknown => b"",
    }
}

fn cut(bytes: &[u8]) -> &[u8] {
    bytes.get(..TEXT.min(bytes.len())).unwrap_or(bytes)
}

/// Bytes of a log, as they are shown.
fn shown(bytes: &[u8]) -> String {
    clean(&String::from_utf8_lossy(bytes), TEXT)
}

/// A row with its names.
fn row(stage: &Stage, class: Class, hash: u64, key: &[u8], count: &Count) -> Option<Row> {
    let (nth, rest) = key.split_first_chunk::<4>()?;
    let subject = stage.subjects.get(u32::from_le_bytes(*nth) as usize)?;
    let (kind, rest) = rest.split_first()?;
    let (by, rest) = rest.split_first_chunk::<4>()?;
    let by = u32::from_le_bytes(*by);
    let (tcp, rest) = rest.split_first()?;
    let (&[source, method], rest) = rest.split_first_chunk::<2>()?;
    let (source, rest) = rest.split_at_checked(usize::from(source))?;
    let (method, path) = rest.split_at_checked(usize::from(method))?;
    let judge = subject.judge(*tcp == 1, &stage.policies)?;
    let by = match kind {
        1 => judge.rule(RuleId(by))?,
        2 => {
            let fields = Fields::of_bits(u16::try_from(by).ok()?);
            let blocked = matches!(class, Class::NewlyBlocked | Class::StillBlocked);
            let which = if blocked { "which rule" } else { "not known" };
            format!("{which}: {fields}")
        }
        3 => "as the log says".into(),
        _ if matches!(class, Class::NewlyBlocked | Class::StillBlocked) => {
            "no ALLOW rule matches".into()
        }
        _ => "no rule matches".into(),
    };
    Some(Row {
        class,
        hash,
        workload: subject.label.clone(),
        source: stage.source(source),
        known: count.known,
        method: if *tcp == 1 {
            "TCP".into()
        } else {
            shown(method)
        },
        path: shown(path),
        by,
        requests: count.requests,
        example: Example {
            time: count.time,
            path: shown(&count.path),
            host: shown(&count.host),
            caller: shown(&count.caller),
        },
    })
}

/// All skipped lines by reason, for those that are shown.
pub(super) fn reasons(summary: &Summary) -> BTreeMap<Skip, u64> {
    let counts = Skip::ALL.iter().map(|skip| (*skip, summary.skipped(*skip)));
    counts.filter(|(_, count)| *count > 0).collect()
}
