//! What istioctl itself says.

use crate::check::Check;

pub(super) const CHECKS: &[Check] = &[];
