//! What the runbook will need to be allowed.

use crate::check::Check;

pub(super) const CHECKS: &[Check] = &[];
