//! The checks, in the order of their codes.

mod text;

use super::check::Check;

/// Every check there is.
pub(crate) fn every() -> impl Iterator<Item = &'static Check> {
    [text::CHECKS, super::analyze::CHECKS].into_iter().flatten()
}
