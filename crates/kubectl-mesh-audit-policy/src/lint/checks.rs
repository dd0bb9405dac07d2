//! The checks, in the order of their codes.

mod callers;
mod identity;
mod peers;
mod planes;
mod ports;
mod reach;
mod rules;
mod text;

use super::{
    check::Check,
    facts::{Facts, Judged},
    fields::{List, lists},
};

/// Every check there is.
pub(crate) fn every() -> impl Iterator<Item = &'static Check> {
    [
        text::CHECKS,
        rules::CHECKS,
        reach::CHECKS,
        callers::CHECKS,
        identity::CHECKS,
        ports::CHECKS,
        planes::CHECKS,
        peers::CHECKS,
        super::analyze::CHECKS,
    ]
    .into_iter()
    .flatten()
}

/// Every list of values of every rule that is judged.
fn each(facts: &Facts) -> impl Iterator<Item = (&Judged, List<'_>)> {
    facts.policies.iter().flat_map(|judged| {
        let rules = judged.policy.spec.rules.iter().enumerate();
        let rules = rules.filter_map(|(n, rule)| Some((n, rule.as_ref()?)));
        rules.flat_map(move |(n, rule)| lists(n, rule).into_iter().map(move |list| (judged, list)))
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::every;

    fn pages() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks")
    }

    #[test]
    fn codes_are_unique_and_in_order() {
        assert!(every().is_sorted_by(|a, b| a.code < b.code));
        assert!(every().all(|c| c.code.len() == 8 && c.code.starts_with("MESH4")));
    }

    #[test]
    fn every_check_has_its_page_and_every_page_its_check() {
        for check in every() {
            let page = fs::read_to_string(pages().join(format!("{}.md", check.code)));
            let page = page.expect(check.code);
            let heading = format!("# {}: {}", check.code, check.title);
            assert_eq!(page.lines().next(), Some(&*heading));
        }
        let mut there: Vec<String> = fs::read_dir(pages())
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("MESH4"))
            .collect();
        there.sort();
        let wanted: Vec<String> = every().map(|c| format!("{}.md", c.code)).collect();
        assert_eq!(there, wanted);
    }

    #[test]
    fn the_index_of_the_pages_lists_every_check() {
        let index = fs::read_to_string(pages().join("README.md")).unwrap();
        let listed: Vec<&str> = index
            .lines()
            .filter(|l| l.starts_with("| [MESH4"))
            .collect();
        let row =
            |c: &crate::lint::check::Check| format!("| [{0}]({0}.md) | {1} |", c.code, c.title);
        assert_eq!(listed, every().map(row).collect::<Vec<_>>());
    }
}
