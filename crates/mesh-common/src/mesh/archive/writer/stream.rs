//! The bytes of an archive on their way out: compressed, counted, hashed.

use std::{
    fs,
    io::{self, Write},
};

use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

/// One of the two compressors.
pub(super) enum Encoder {
    Zstd(zstd::Encoder<'static, Counted>),
    Gzip(GzEncoder<Counted>),
}

impl Encoder {
    /// Ends the stream.
    pub(super) fn finish(self) -> io::Result<Counted> {
        match self {
            Self::Zstd(zstd) => zstd.finish(),
            Self::Gzip(gzip) => gzip.finish(),
        }
    }
}

impl Write for Encoder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Zstd(zstd) => zstd.write(bytes),
            Self::Gzip(gzip) => gzip.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Zstd(zstd) => zstd.flush(),
            Self::Gzip(gzip) => gzip.flush(),
        }
    }
}

/// The compressed bytes on their way out.
pub(super) struct Counted {
    pub(super) output: Output,
    pub(super) size: u64,
    pub(super) digest: Sha256,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.output {
            Output::File(file) => file.write(bytes)?,
            Output::Stdout(stdout) => stdout.write(bytes)?,
        };
        self.digest.update(&bytes[..written]);
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.output {
            Output::File(file) => file.flush(),
            Output::Stdout(stdout) => stdout.flush(),
        }
    }
}

/// Where they go.
pub(super) enum Output {
    File(fs::File),
    Stdout(io::Stdout),
}
