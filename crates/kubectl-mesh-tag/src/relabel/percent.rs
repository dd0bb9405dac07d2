//! A share of names that grows: asked again for more, it takes the same ones first.

use sha2::{Digest as _, Sha256};

/// The first `percent` of these names, rounded up, in the order of their SHA-256, which has nothing to do with
/// what they are called and stays when others come and go. 100 and more is all of them; a name that is
/// there twice counts once.
pub(crate) fn share(names: &[String], percent: u8) -> Vec<String> {
    let mut ordered: Vec<(Vec<u8>, &String)> = names
        .iter()
        .map(|name| (Sha256::digest(name.as_bytes()).to_vec(), name))
        .collect();
    ordered.sort();
    ordered.dedup();
    let count = (ordered.len() * usize::from(percent.min(100))).div_ceil(100);
    ordered
        .into_iter()
        .take(count)
        .map(|(_, name)| name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn names(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("team-{n}")).collect()
    }

    #[test]
    fn rounded_up() {
        for (count, percent, want) in [
            (0, 50, 0),
            (1, 0, 0),
            (1, 1, 1),
            (3, 34, 2),
            (10, 10, 1),
            (10, 11, 2),
            (10, 255, 10),
        ] {
            assert_eq!(
                share(&names(count), percent).len(),
                want,
                "{percent} % of {count}"
            );
        }
    }

    /// Another order would move other namespaces when somebody asks for more after an update of the plugin.
    #[test]
    fn the_order_is_part_of_the_contract() {
        let shop = ["payments", "orders", "users", "edge", "staging"].map(str::to_owned);
        assert_eq!(
            share(&shop, 100),
            ["orders", "users", "edge", "payments", "staging"]
        );
    }

    proptest! {
        #[test]
        fn more_percent_adds_to_the_same(
            names in proptest::collection::vec("[a-z0-9-]{1,20}", 0..60), low in 0_u8..=100, more in 0_u8..=100,
        ) {
            let high = low.saturating_add(more).min(100);
            let (few, many) = (share(&names, low), share(&names, high));
            prop_assert!(many.starts_with(&few));
        }

        #[test]
        fn the_order_of_the_input_does_not_matter(
            (names, shuffled) in proptest::collection::vec("[a-z0-9-]{1,20}", 0..60)
                .prop_flat_map(|names| (Just(names.clone()), Just(names).prop_shuffle())),
            percent in 0_u8..=100,
        ) {
            prop_assert_eq!(share(&names, percent), share(&shuffled, percent));
        }

        #[test]
        fn all_and_none(names in proptest::collection::vec("[a-z0-9-]{1,20}", 0..60)) {
            let all: BTreeSet<String> = share(&names, 100).into_iter().collect();
            prop_assert_eq!(all, names.iter().cloned().collect());
            prop_assert!(share(&names, 0).is_empty());
        }

        #[test]
        fn newcomers_push_nobody_past_their_order(
            names in proptest::collection::btree_set("[a-z0-9-]{1,20}", 1..60), percent in 0_u8..=100,
        ) {
            let names: Vec<String> = names.into_iter().collect();
            let (rest, all) = (share(&names[1..], 100), share(&names, 100));
            let without: Vec<_> = all.into_iter().filter(|n| *n != names[0]).collect();
            prop_assert_eq!(rest, without);
            let count = (names.len() * usize::from(percent)).div_ceil(100);
            prop_assert_eq!(share(&names, percent).len(), count);
        }
    }
}
