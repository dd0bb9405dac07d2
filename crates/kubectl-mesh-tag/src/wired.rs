//! From raw objects to the wiring they make.

use mesh_common::{
    error::Result,
    journal::Image,
    mesh::{Mesh, Raw, Wiring},
};

/// The wiring once these images' plans are carried out, namespaces included.
///
/// # Errors
/// As [`Raw::wiring`].
pub(crate) fn wiring_after(
    raw: &Raw,
    images: &[Image],
    base: &Wiring,
    mesh: &Mesh,
) -> Result<Wiring> {
    raw.after(images).wiring(base, mesh)
}
