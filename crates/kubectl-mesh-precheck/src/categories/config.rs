//! What the target changes for this mesh.

use crate::check::Check;

pub(super) const CHECKS: &[Check] = &[];
