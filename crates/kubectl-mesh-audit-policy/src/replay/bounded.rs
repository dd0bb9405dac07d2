//! Counters by key, of which no more than a number are kept, whatever comes and in whatever order.
//!
//! Kept are the keys with the smallest hashes. Which those are depends on the set of keys alone: a key that is among
//! the smallest of all was among the smallest of any part, so that its count is exact, and parts of a log that were
//! counted by themselves come together to the same rows. What is not kept is counted in one sum.

use std::{
    collections::{BinaryHeap, HashMap},
    hash::{BuildHasher, Hasher},
};

/// A hash that is the same on every machine. Keys are of callers: who makes many to hide one hides it in a sum that
/// is shown.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
    const FACTOR: u64 = 0xd6e8_feb8_6659_fd93;
    let mix = |state: u64, word: u64| {
        let product = u128::from(state ^ word ^ SEED) * u128::from(FACTOR);
        #[allow(clippy::cast_possible_truncation, reason = "both halves are used")]
        let folded = (product as u64) ^ ((product >> 64) as u64);
        folded
    };
    let mut state = SEED ^ bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    let mut last = [0; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    mix(mix(state, u64::from_le_bytes(last)), FACTOR)
}

/// [`hash`] for maps.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Same;

#[derive(Debug, Default)]
pub(super) struct SameHasher(u64);

impl BuildHasher for Same {
    type Hasher = SameHasher;

    fn build_hasher(&self) -> SameHasher {
        SameHasher::default()
    }
}

impl Hasher for SameHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = self.0.rotate_left(5) ^ hash(bytes);
    }

    fn write_usize(&mut self, _: usize) {}

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Values of the keys with the smallest hashes.
#[derive(Debug)]
pub(super) struct Bounded<V> {
    most: usize,
    rows: HashMap<Box<[u8]>, V, Same>,
    largest: BinaryHeap<(u64, Box<[u8]>)>,
}

impl<V> Bounded<V> {
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            rows: HashMap::with_hasher(Same),
            largest: BinaryHeap::new(),
        }
    }

    /// The value of a key, if it is kept; made if it is new and belongs to those that are kept.
    pub(super) fn get(&mut self, key: &[u8], new: impl FnOnce() -> V) -> Option<&mut V> {
        // Looked up twice where it is there: the borrow checker does not see that the first one has ended.
        if !self.rows.contains_key(key) {
            let hash = hash(key);
            if self.rows.len() >= self.most {
                let (largest, _) = self.largest.peek()?;
                if hash >= *largest {
                    return None;
                }
                let (_, gone) = self.largest.pop()?;
                self.rows.remove(&gone);
            }
            self.largest.push((hash, key.into()));
            self.rows.insert(key.into(), new());
        }
        self.rows.get_mut(key)
    }

    /// The keys that are kept, their hashes and values.
    pub(super) fn into_rows(self) -> impl Iterator<Item = (u64, Box<[u8]>, V)> {
        let rows = self.rows.into_iter();
        rows.map(|(key, value)| (hash(&key), key, value))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn counted(keys: &[u16], most: usize) -> BTreeMap<Box<[u8]>, u64> {
        let mut bounded = Bounded::new(most);
        for key in keys {
            if let Some(count) = bounded.get(&key.to_le_bytes(), || 0_u64) {
                *count += 1;
            }
        }
        bounded
            .into_rows()
            .map(|(_, key, count)| (key, count))
            .collect()
    }

    proptest! {
        #[test]
        fn what_is_kept_hangs_on_no_order_and_its_counts_are_exact(
            keys in proptest::collection::vec(0_u16..60, 0..300),
            most in 1_usize..40,
        ) {
            let kept = counted(&keys, most);
            let mut sorted = keys.clone();
            sorted.sort_unstable();
            prop_assert_eq!(&counted(&sorted, most), &kept);
            prop_assert!(kept.len() <= most);
            for (key, count) in kept {
                let all = keys.iter().filter(|k| k.to_le_bytes() == *key).count() as u64;
                prop_assert_eq!(count, all);
            }
        }
    }

    #[test]
    fn hashes_are_spread_and_never_change() {
        assert_eq!(hash(b"payments"), hash(b"payments"));
        let mut seen: Vec<u64> = (0..10_000_u32).map(|n| hash(&n.to_le_bytes())).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 10_000);
        let low = seen.iter().filter(|h| **h < u64::MAX / 4).count();
        assert!((2_300..2_700).contains(&low), "{low}");
    }
}
