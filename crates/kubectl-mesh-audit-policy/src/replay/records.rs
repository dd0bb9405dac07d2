//! Records of a log: lines, but for what a proxy's `rbac` scope says of a request, which is several.

use std::collections::BTreeMap;

use memchr::{memchr, memmem};

use crate::logs::{LINE_MAX, rbac};

/// Threads whose last request is remembered. A proxy has one for each processor.
const THREADS: usize = 512;

/// The last request that each thread of a proxy looked at.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<u64, u64>);

impl Seen {
    /// Marks a record of a request that the filter before this one looked at too.
    fn mark(&mut self, record: &mut [u8]) {
        let Some((thread, what)) = rbac::same(record) else {
            return;
        };
        if self.0.len() >= THREADS && !self.0.contains_key(&thread) {
            self.0.clear();
        }
        if self.0.insert(thread, what) == Some(what) {
            rbac::repeat(record);
        }
    }
}

/// Whether there may be records of several lines.
pub(super) fn any(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"envoy rbac").is_some()
}

/// How long the first record is, with its end; none where it may go on after these bytes.
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    let next = |at: usize| {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        Some((rest.get(..end)?, (at + end + 1).min(bytes.len())))
    };
    let (first, mut at) = next(0)?;
    if !rbac::opens(first) {
        return Some(at);
    }
    let alone = at;
    while let Some((line, after)) = next(at) {
        if rbac::is_foreign(line) {
        } else if rbac::closes(line) {
            return Some(after);
        } else if rbac::begins_another(line) {
            return Some(at);
        }
        at = after;
        if at > LINE_MAX {
            return Some(alone);
        }
    }
    None
}

/// How many of these bytes are whole records; marks those that are repeated.
pub(super) fn whole(bytes: &mut [u8], seen: &mut Seen) -> usize {
    let mut at = 0;
    while let Some(length) = bytes.get(at..).and_then(length) {
        if let Some(record) = bytes.get_mut(at..at + length) {
            seen.mark(record);
        }
        at += length;
    }
    at
}

/// Records out of lines, as a stream brings them.
#[derive(Debug, Default)]
pub(super) struct Records {
    open: Vec<u8>,
    seen: Seen,
}

impl Records {
    /// Takes a line, and shows the records that it ends.
    pub(super) fn push(&mut self, line: &[u8], mut each: impl FnMut(&[u8])) {
        if !self.open.is_empty() {
            if rbac::is_foreign(line) {
                return each(line);
            }
            let ends = rbac::closes(line);
            if ends || !rbac::begins_another(line) {
                self.open.push(b'\n');
                self.open.extend_from_slice(line);
                if ends || self.open.len() > LINE_MAX {
                    self.finish(each);
                }
                return;
            }
            self.finish(&mut each);
        }
        if rbac::opens(line) {
            self.open.extend_from_slice(line);
        } else if any(line) {
            let mut line = line.to_vec();
            self.seen.mark(&mut line);
            each(&line);
        } else {
            each(line);
        }
    }

    /// The last record, if nothing ended it.
    pub(super) fn finish(&mut self, mut each: impl FnMut(&[u8])) {
        if !self.open.is_empty() {
            self.seen.mark(&mut self.open);
            each(&self.open);
            self.open.clear();
        }
    }
}
