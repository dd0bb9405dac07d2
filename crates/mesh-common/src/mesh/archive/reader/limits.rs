//! How much an archive may hold.

/// How much an archive may unpack to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one entry. etcd keeps no object larger than a few MiB.
    pub entry: u64,
    /// Bytes of the index.
    pub index: u64,
    /// Bytes of everything together.
    pub total: u64,
    /// Number of entries.
    pub entries: usize,
    /// Bytes out per byte in, once more than [`Limits::slack`] came out. Ten thousand pods that differ in
    /// little more than their names come to a hundred.
    pub ratio: u64,
    /// Bytes for which the ratio is not looked at.
    pub slack: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            entry: 32 * MIB,
            index: 256 * MIB,
            total: 16 * 1024 * MIB,
            entries: 1_000_000,
            ratio: 1000,
            slack: 64 * MIB,
        }
    }
}
