//! Lines out of pieces of any length, as a stream brings them. No more than one line is held.

use crate::logs::LINE_MAX;

/// The line that is not whole yet.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    begun: Vec<u8>,
    discarding: bool,
}

impl Lines {
    /// Takes a piece, shows the lines that it ends, and says how many were too long.
    pub(crate) fn push(&mut self, mut piece: &[u8], mut each: impl FnMut(&[u8])) -> u64 {
        let mut long = 0;
        while let Some(end) = memchr::memchr(b'\n', piece) {
            let (line, rest) = piece.split_at_checked(end).unwrap_or((piece, b""));
            piece = rest.get(1..).unwrap_or_default();
            if std::mem::take(&mut self.discarding) {
                long += 1;
            } else if self.begun.is_empty() {
                each(line);
            } else {
                self.begun.extend_from_slice(line);
                each(&self.begun);
            }
            self.begun.clear();
        }
        if !self.discarding {
            self.begun.extend_from_slice(piece);
            if self.begun.len() > LINE_MAX {
                self.discarding = true;
                self.begun = Vec::new();
            }
        }
        long
    }

    /// The last line, if no newline ended it.
    pub(crate) fn finish(&mut self, mut each: impl FnMut(&[u8])) -> u64 {
        if !self.begun.is_empty() {
            each(&self.begun);
            self.begun.clear();
        }
        u64::from(std::mem::take(&mut self.discarding))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_line_without_end_is_not_held() {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        let mut long = 0;
        for _ in 0..40 {
            long += lines.push(&vec![b'x'; 64 << 10], |line| seen.push(line.len()));
            assert!(lines.begun.len() <= LINE_MAX + (64 << 10));
        }
        long += lines.push(b"\nend", |line| seen.push(line.len()));
        long += lines.finish(|line| seen.push(line.len()));
        assert_eq!((long, seen), (1, vec![3]));
    }

    proptest! {
        #[test]
        fn pieces_are_the_lines_of_the_whole(pieces in proptest::collection::vec("[ab\n]{0,9}", 0..20)) {
            let mut lines = Lines::default();
            let mut seen = Vec::new();
            for piece in &pieces {
                lines.push(piece.as_bytes(), |line| seen.push(line.to_vec()));
            }
            lines.finish(|line| seen.push(line.to_vec()));
            let whole = pieces.concat();
            let want: Vec<Vec<u8>> = whole.lines().map(|line| line.as_bytes().to_vec()).collect();
            prop_assert_eq!(seen, want);
        }
    }
}
