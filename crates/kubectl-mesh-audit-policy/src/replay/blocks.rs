//! Logs in blocks of whole lines, so that they can be judged side by side. No more of a log is held than that.

use std::{
    fs::File,
    io::{self, BufReader, Cursor, Read},
    path::PathBuf,
};

use flate2::bufread::MultiGzDecoder;
use mesh_common::output::clean;

use super::records;
use crate::logs::LINE_MAX;

/// So much is read before a block is handed on.
const BLOCK: usize = 512 << 10;

/// The lines that begin in so many bytes of a log belong to one shard.
const GRAIN: u64 = 4 << 20;

/// Most memory that a zstd window may take, as a power of two: 32 MiB.
const WINDOW_LOG: u32 = 25;

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Where a log is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// Standard input.
    Stdin,
    /// A file, plain or compressed.
    File(PathBuf),
}

impl Source {
    /// As it is shown.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stdin => "stdin".into(),
            Self::File(path) => clean(&path.display().to_string(), 300),
        }
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let raw: Box<dyn Read + Send> = match self {
            Self::Stdin => Box::new(io::stdin()),
            Self::File(path) => Box::new(File::open(path)?),
        };
        plain(raw)
    }
}

/// What was compressed, by its first bytes.
fn plain(mut raw: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut head = Vec::new();
    raw.by_ref().take(4).read_to_end(&mut head)?;
    let gzip = head.starts_with(&GZIP);
    let zstd = head.starts_with(&ZSTD);
    let whole = Cursor::new(head).chain(raw);
    if gzip {
        return Ok(Box::new(MultiGzDecoder::new(BufReader::new(whole))));
    }
    if zstd {
        let mut decoder = zstd::stream::read::Decoder::new(whole)?;
        decoder.window_log_max(WINDOW_LOG)?;
        return Ok(Box::new(decoder));
    }
    Ok(Box::new(whole))
}

/// A part of the lines of all logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Shard {
    /// From 1.
    pub(crate) index: u32,
    /// How many there are.
    pub(crate) of: u32,
}

impl Shard {
    fn owns(self, source: u64, offset: u64) -> bool {
        let grain = offset / GRAIN + source;
        grain % u64::from(self.of.max(1)) + 1 == u64::from(self.index)
    }
}

/// Whole lines.
#[derive(Debug, Default)]
pub(crate) struct Block {
    bytes: Vec<u8>,
    /// Whether records of several lines may be in it.
    records: bool,
    source: u64,
    offset: u64,
}

impl Block {
    /// The lines, without their ends, of this shard.
    pub(crate) fn lines(&self, shard: Option<Shard>) -> impl Iterator<Item = &[u8]> {
        let mut at = 0_usize;
        std::iter::from_fn(move || {
            let rest = self.bytes.get(at..).filter(|rest| !rest.is_empty())?;
            let offset = self.offset + at as u64;
            let end = if self.records {
                let length = records::length(rest).unwrap_or(rest.len());
                let ended = rest.get(..length).is_some_and(|r| r.ends_with(b"\n"));
                length - usize::from(ended)
            } else {
                memchr::memchr(b'\n', rest).unwrap_or(rest.len())
            };
            at += end + 1;
            Some((offset, rest.get(..end).unwrap_or(rest)))
        })
        .filter(move |(offset, _)| shard.is_none_or(|shard| shard.owns(self.source, *offset)))
        .map(|(_, line)| line)
    }
}

/// Reads a log block by block.
pub(crate) struct Blocks {
    reader: Box<dyn Read + Send>,
    source: u64,
    /// Where in the log the next line begins.
    offset: u64,
    /// The beginning of the next block.
    carry: Vec<u8>,
    seen: records::Seen,
    /// In the middle of a line that is too long, which began there.
    discarding: Option<u64>,
    done: bool,
    /// Lines that were too long to be held, by where they began.
    pub(crate) too_long: Vec<u64>,
    /// Why it ended before its end.
    pub(crate) broken: Option<String>,
}

impl Blocks {
    /// Opens the log that is the nth.
    pub(crate) fn open(source: &Source, nth: u64) -> io::Result<Self> {
        Ok(Self::of(source.open()?, nth))
    }

    /// Reads what is no longer compressed.
    pub(crate) fn of(reader: Box<dyn Read + Send>, nth: u64) -> Self {
        Self {
            reader,
            source: nth,
            offset: 0,
            carry: Vec::new(),
            seen: records::Seen::default(),
            discarding: None,
            done: false,
            too_long: Vec::new(),
            broken: None,
        }
    }

    /// How many lines were too long, of those that begin in the shard.
    pub(crate) fn take_too_long(&mut self, shard: Option<Shard>) -> u64 {
        let source = self.source;
        let owned = |at: &u64| shard.is_none_or(|shard| shard.owns(source, *at));
        let count = self.too_long.drain(..).filter(owned).count();
        count as u64
    }

    /// The next lines, in the room of a block that is no longer needed.
    pub(crate) fn next(&mut self, room: Block) -> Option<Block> {
        let mut bytes = room.bytes;
        bytes.clear();
        bytes.append(&mut self.carry);
        while !self.done {
            self.read(&mut bytes);
            if let Some(began) = self.discarding {
                let Some(end) = memchr::memchr(b'\n', &bytes) else {
                    self.offset += bytes.len() as u64;
                    bytes.clear();
                    continue;
                };
                self.too_long.push(began);
                self.discarding = None;
                self.offset += end as u64 + 1;
                bytes.drain(..=end);
            }
            if let Some(end) = memchr::memrchr(b'\n', &bytes) {
                let end = self.cut(&mut bytes, end + 1);
                if end > 0 {
                    self.carry
                        .extend_from_slice(bytes.get(end..).unwrap_or_default());
                    bytes.truncate(end);
                    return Some(self.block(bytes));
                }
            }
            if bytes.len() > LINE_MAX {
                self.discarding = Some(self.offset);
                self.offset += bytes.len() as u64;
                bytes.clear();
            }
        }
        if let Some(began) = self.discarding.take() {
            self.too_long.push(began);
            bytes.clear();
        }
        (!bytes.is_empty()).then(|| self.block(bytes))
    }

    /// Where whole records end, before the end of whole lines; nowhere if more has to be read for that.
    fn cut(&mut self, bytes: &mut [u8], end: usize) -> usize {
        let much = self.done || bytes.len() > LINE_MAX;
        let lines = bytes.get_mut(..end).unwrap_or_default();
        if !records::any(lines) {
            return end;
        }
        let whole = records::whole(lines, &mut self.seen);
        if whole == 0 && much {
            return end;
        }
        whole
    }

    fn block(&mut self, bytes: Vec<u8>) -> Block {
        let records = records::any(&bytes);
        let offset = self.offset;
        self.offset += bytes.len() as u64;
        Block {
            bytes,
            records,
            source: self.source,
            offset,
        }
    }

    /// Adds up to a block of bytes.
    fn read(&mut self, bytes: &mut Vec<u8>) {
        let have = bytes.len();
        let mut room = (&mut *self.reader).take(BLOCK as u64);
        match room.read_to_end(bytes) {
            Ok(0) => self.done = true,
            Ok(_) => {}
            Err(e) => {
                self.done = true;
                self.broken = Some(clean(&e.to_string(), 200));
                // What was decompressed before that is there.
                debug_assert!(bytes.len() >= have);
            }
        }
    }
}

#[cfg(test)]
mod tests;
