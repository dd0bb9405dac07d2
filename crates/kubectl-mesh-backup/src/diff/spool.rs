//! Holds what does not fit in memory: a temporary file without a name, once it is more than a few MiB.

use std::{
    collections::HashMap,
    io::{self, Read, Seek, SeekFrom, Write},
};

use tempfile::SpooledTempFile;

/// Bytes that are held in memory before a file is made.
const IN_MEMORY: usize = 32 << 20;

/// Texts by their names.
pub(super) struct Spool {
    file: SpooledTempFile,
    end: u64,
    at: HashMap<String, (u64, usize)>,
    /// What is never written to a disk: Secrets.
    private: HashMap<String, Vec<u8>>,
}

impl Spool {
    pub(super) fn new() -> Self {
        Self {
            file: SpooledTempFile::new(IN_MEMORY),
            end: 0,
            at: HashMap::new(),
            private: HashMap::new(),
        }
    }

    /// Keeps a text. A private one stays in memory.
    pub(super) fn put(&mut self, name: &str, text: &[u8], private: bool) -> io::Result<()> {
        if private {
            self.private.insert(name.to_owned(), text.to_vec());
            return Ok(());
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(text)?;
        self.at.insert(name.to_owned(), (self.end, text.len()));
        self.end += text.len() as u64;
        Ok(())
    }

    /// Gives a text back, once.
    pub(super) fn take(&mut self, name: &str) -> io::Result<Option<Vec<u8>>> {
        if let Some(text) = self.private.remove(name) {
            return Ok(Some(text));
        }
        let Some((start, length)) = self.at.remove(name) else {
            return Ok(None);
        };
        let mut text = vec![0; length];
        self.file.seek(SeekFrom::Start(start))?;
        self.file.read_exact(&mut text)?;
        Ok(Some(text))
    }

    /// Names of what is left, in order.
    pub(super) fn left(&self) -> Vec<String> {
        let mut names: Vec<String> = self.at.keys().chain(self.private.keys()).cloned().collect();
        names.sort();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_once() {
        let mut spool = Spool::new();
        for (name, text, private) in [
            ("a", "one", false),
            ("s", "hidden", true),
            ("b", "three", false),
        ] {
            spool.put(name, text.as_bytes(), private).unwrap();
        }
        assert_eq!(spool.left(), ["a", "b", "s"]);
        assert_eq!(spool.take("b").unwrap().unwrap(), b"three");
        spool.put("c", b"four", false).unwrap();
        assert_eq!(spool.take("a").unwrap().unwrap(), b"one");
        assert_eq!(spool.take("s").unwrap().unwrap(), b"hidden");
        assert_eq!(spool.take("c").unwrap().unwrap(), b"four");
        assert_eq!(spool.take("c").unwrap(), None);
        assert!(spool.left().is_empty());
    }

    #[test]
    fn more_than_fits_in_memory_is_in_a_file_without_secrets() {
        let mut spool = Spool::new();
        let large = vec![b'x'; 1 << 20];
        for n in 0..=IN_MEMORY >> 20 {
            spool.put(&n.to_string(), &large, false).unwrap();
        }
        spool.put("s", b"hidden", true).unwrap();
        assert!(spool.file.is_rolled());
        assert_eq!(spool.take("7").unwrap().unwrap(), large);
        assert!(spool.end > IN_MEMORY as u64);
    }
}
