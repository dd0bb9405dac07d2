//! From raw objects to the wiring they make.

use mesh_common::{
    error::Result,
    journal::Image,
    mesh::{Mesh, Raw, Wiring},
};

/// The wiring that these raw objects make, in the namespaces and with the endpoints of `base`.
///
/// # Errors
/// An object does not have the shape of its kind.
pub(crate) fn wiring_of(raw: &Raw, base: &Wiring, mesh: &Mesh) -> Result<Wiring> {
    let objects = raw
        .mutating
        .iter()
        .chain(&raw.validating)
        .chain(&raw.services)
        .cloned();
    let made = Mesh::from_objects(
        objects,
        &base.istio_namespace,
        mesh.source.clone(),
        mesh.now,
    )?;
    let mut wiring = made.wiring().unwrap_or_else(|_| base.clone());
    wiring.namespaces.clone_from(&base.namespaces);
    for service in &mut wiring.services {
        // A tag's Service selects what its revision's own does.
        let same = base
            .services
            .iter()
            .find(|s| s.name == service.name && s.selector == service.selector);
        let sibling = base
            .services
            .iter()
            .find(|s| s.revision == service.revision);
        if let Some(known) = same.or(sibling) {
            service.ready_endpoints = known.ready_endpoints.clone();
        }
    }
    Ok(wiring)
}

/// The wiring once these images' plans are carried out, namespaces included.
///
/// # Errors
/// As [`wiring_of`].
pub(crate) fn wiring_after(
    raw: &Raw,
    images: &[Image],
    base: &Wiring,
    mesh: &Mesh,
) -> Result<Wiring> {
    wiring_of(&raw.after(images), base, mesh)
}
