//! The sample mesh of `tests/data/sample-mesh` (see its README), for tests.

use std::{fs, path::Path, sync::OnceLock};

use serde_json::Value;

use crate::mesh::{Mesh, Source};

/// When the sample is looked at: some hours after it was captured.
pub(crate) const NOW: &str = "2026-11-21T08:00:00Z";

/// Its objects.
pub(crate) fn objects() -> &'static [Value] {
    static OBJECTS: OnceLock<Vec<Value>> = OnceLock::new();
    OBJECTS.get_or_init(|| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/sample-mesh");
        let mut files: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "yaml"))
            .collect();
        files.sort();
        files
            .iter()
            .flat_map(|p| {
                serde_saphyr::from_multiple::<Value>(&fs::read_to_string(p).unwrap()).unwrap()
            })
            .collect()
    })
}

/// The mesh they make, read live at [`NOW`].
pub(crate) fn mesh() -> Mesh {
    let source = Source::Live {
        server: "https://127.0.0.1:6443".into(),
        context: Some("shop".into()),
    };
    Mesh::from_objects(
        objects().iter().cloned(),
        "istio-system",
        source,
        NOW.parse().unwrap(),
    )
    .unwrap()
}
