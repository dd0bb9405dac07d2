//! The mesh as it is.

use crate::check::Check;

pub(super) const CHECKS: &[Check] = &[];
