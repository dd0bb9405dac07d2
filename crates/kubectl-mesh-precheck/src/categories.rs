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
    use std::{collections::BTreeSet, fs, path::Path};

    use super::every;
    use crate::{baseline, check::Category};

    #[test]
    fn codes_are_unique_and_categories_stand_together() {
        let codes: BTreeSet<_> = every().map(|c| c.code).collect();
        assert_eq!(codes.len(), every().count());
        assert!(codes.iter().all(|c| c.len() == 8 && c.starts_with("MESH2")));
        assert!(every().is_sorted_by_key(|c| (c.category, c.code)));
    }

    /// Code, title and category of every row that a report can have.
    fn rows() -> Vec<(&'static str, &'static str, Category)> {
        let mut rows: Vec<_> = every().map(|c| (c.code, c.title, c.category)).collect();
        rows.push((baseline::CODE, baseline::TITLE, Category::Baseline));
        rows
    }

    fn pages() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks")
    }

    #[test]
    fn every_check_has_its_page_and_every_page_its_check() {
        for (code, title, _) in rows() {
            let page = fs::read_to_string(pages().join(format!("{code}.md"))).expect(code);
            assert_eq!(page.lines().next(), Some(&*format!("# {code}: {title}")));
        }
        let mut there: Vec<String> = fs::read_dir(pages())
            .unwrap()
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("MESH2"))
            .collect();
        there.sort();
        let wanted: Vec<String> = rows().iter().map(|(c, ..)| format!("{c}.md")).collect();
        assert_eq!(there, wanted);
    }

    #[test]
    fn the_index_of_the_pages_lists_every_check() {
        let index = fs::read_to_string(pages().join("README.md")).unwrap();
        let listed: Vec<&str> = index
            .lines()
            .filter(|l| l.starts_with("| [MESH2"))
            .collect();
        let wanted: Vec<String> = rows()
            .iter()
            .map(|(code, title, category)| {
                format!("| [{code}]({code}.md) | {title} | {} |", category.title())
            })
            .collect();
        assert_eq!(listed, wanted);
    }
}
