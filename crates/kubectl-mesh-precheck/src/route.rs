//! The way from one release to another, hop by hop.

/// Major and minor of a release.
pub(crate) type Minor = (u64, u64);

/// How far a canary may jump (`docs/setup/upgrade/canary`: revisions up to two minors apart).
pub(crate) const HOP: u64 = 2;

/// `1.28`.
pub(crate) fn short(minor: Minor) -> String {
    format!("{}.{}", minor.0, minor.1)
}

/// The releases to go to, one after the other, each at most two minors further. Empty when there is nowhere to go.
pub(crate) fn route(from: Minor, to: Minor) -> Vec<Minor> {
    if from.0 != to.0 {
        return Vec::new();
    }
    let mut at = from.1;
    let mut hops = Vec::new();
    while at < to.1 {
        at = (at + HOP).min(to.1);
        hops.push((to.0, at));
    }
    hops
}

/// `1.26 → 1.28 → 1.30`.
pub(crate) fn words(from: Minor, hops: &[Minor]) -> String {
    let all: Vec<String> = std::iter::once(from)
        .chain(hops.iter().copied())
        .map(short)
        .collect();
    all.join(" → ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_hop_is_at_most_two_minors() {
        for (from, to, way) in [
            (20, 30, "1.20 → 1.22 → 1.24 → 1.26 → 1.28 → 1.30"),
            (26, 30, "1.26 → 1.28 → 1.30"),
            (27, 30, "1.27 → 1.29 → 1.30"),
            (29, 30, "1.29 → 1.30"),
            (30, 30, "1.30"),
            (31, 30, "1.31"),
        ] {
            assert_eq!(words((1, from), &route((1, from), (1, to))), way);
        }
        assert!(route((1, 30), (2, 0)).is_empty());
    }
}
