//! The unpacked bytes of an archive, counted against what it may unpack to.

use std::{
    cell::RefCell,
    fmt,
    fs::File,
    io::{self, BufReader, Read},
    path::Path,
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;
use sha2::{Digest, Sha256};

use super::{Limits, Unlock};
use crate::mesh::digest::hex;

/// The first bytes of what age writes, by its format's specification.
pub(super) const AGE: [u8; 4] = *b"age-";

/// The unpacked bytes of an archive.
pub(super) struct Input {
    unpacked: Box<dyn Read>,
    packed: Rc<RefCell<Packed>>,
    out: u64,
    limits: Limits,
}

impl Input {
    /// Opens a file and sees by its first bytes, once unlocked, how it is compressed; its name may say anything.
    pub(super) fn open(path: &Path, limits: &Limits, unlock: &dyn Unlock) -> io::Result<Self> {
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Self::of(file, limits, unlock)
    }

    /// The same of bytes from anywhere.
    pub(super) fn of(
        bytes: impl Read + 'static,
        limits: &Limits,
        unlock: &dyn Unlock,
    ) -> io::Result<Self> {
        let packed = Rc::new(RefCell::new(Packed::default()));
        let counted = Counting {
            inner: bytes,
            packed: Rc::clone(&packed),
        };
        let mut plain = unlock.unlock(Box::new(counted))?;
        let mut magic = [0; 4];
        let mut have = 0;
        while have < magic.len() {
            match plain.read(&mut magic[have..])? {
                0 => break,
                n => have += n,
            }
        }
        // A pipe cannot be rewound, so the first bytes are put back in front.
        let whole = io::Cursor::new(magic[..have].to_vec()).chain(plain);
        let whole = BufReader::with_capacity(64 * 1024, whole);
        let unpacked: Box<dyn Read> = match magic {
            [0x28, 0xb5, 0x2f, 0xfd] => Box::new(zstd::Decoder::with_buffer(whole)?),
            [0x1f, 0x8b, ..] => Box::new(MultiGzDecoder::new(whole)),
            _ if have == 0 => return Err(Refusal::new("it is empty").into()),
            AGE => {
                return Err(Refusal::new("it is encrypted").into());
            }
            _ => {
                return Err(Refusal::new("it is no archive of kubectl mesh-backup").into());
            }
        };
        Ok(Self {
            unpacked,
            packed,
            out: 0,
            limits: limits.clone(),
        })
    }

    /// Bytes of the file that were read so far.
    pub(super) fn size(&self) -> u64 {
        self.packed.borrow().size
    }

    /// SHA-256 of them in hexadecimal.
    pub(super) fn sha256(&self) -> String {
        hex(&self.packed.borrow().digest.clone().finalize())
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.unpacked.read(buffer)?;
        self.out += read as u64;
        let Limits {
            total,
            ratio,
            slack,
            ..
        } = self.limits;
        if self.out > total {
            return Err(Refusal::new(format!("it unpacks to more than {total} bytes")).into());
        }
        if self.out > slack && self.out / ratio > self.size() {
            return Err(
                Refusal::new(format!("it unpacks to more than {ratio} times its size")).into(),
            );
        }
        Ok(read)
    }
}

/// What is known of the file itself.
#[derive(Default)]
struct Packed {
    size: u64,
    digest: Sha256,
}

struct Counting<R> {
    inner: R,
    packed: Rc<RefCell<Packed>>,
}

impl<R: Read> Read for Counting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let mut packed = self.packed.borrow_mut();
        packed.size += read as u64;
        packed.digest.update(&buffer[..read]);
        Ok(read)
    }
}

/// A reason of ours not to read on, carried through the readers of others.
#[derive(Debug)]
pub(super) struct Refusal(String);

impl Refusal {
    pub(super) fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    pub(super) fn of(e: &io::Error) -> Option<&Self> {
        e.get_ref()?.downcast_ref()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refusal {}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::other(refusal)
    }
}
