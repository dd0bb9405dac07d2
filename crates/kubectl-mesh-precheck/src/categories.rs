//! The checks, category by category, in the order in which they are read.

mod cni;
mod config;
mod istioctl;
mod kubernetes;
mod now;
mod rights;
mod workloads;

use crate::check::Check;

/// Every check there is.
pub(crate) fn every() -> impl Iterator<Item = &'static Check> {
    [
        kubernetes::CHECKS,
        rights::CHECKS,
        now::CHECKS,
        cni::CHECKS,
        config::CHECKS,
        workloads::CHECKS,
        istioctl::CHECKS,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::every;

    #[test]
    fn codes_are_unique_and_categories_stand_together() {
        let codes: BTreeSet<_> = every().map(|c| c.code).collect();
        assert_eq!(codes.len(), every().count());
        assert!(codes.iter().all(|c| c.len() == 8 && c.starts_with("MESH2")));
        assert!(every().is_sorted_by_key(|c| (c.category, c.code)));
    }
}
