//! What is said of an archive, made or found.

use std::collections::BTreeMap;

use mesh_common::{
    mesh::archive::{Count, Summary},
    output::Table,
};
use serde::Serialize;

/// Rows that are shown without `--full`.
const ROWS: usize = 30;

/// The contents of an archive as tables.
pub(crate) struct Contents<'a>(pub(crate) &'a Summary);

impl Contents<'_> {
    /// The manifest, and the file itself.
    pub(crate) fn pairs(&self, file: &str) -> Vec<(String, String)> {
        let Summary {
            manifest,
            size,
            sha256,
            objects,
            ..
        } = self.0;
        let total = sum(objects.values().flat_map(BTreeMap::values));
        let or_unknown = |value: &Option<String>| value.clone().unwrap_or_else(|| "unknown".into());
        let versions = if manifest.istio_versions.is_empty() {
            "unknown".into()
        } else {
            manifest.istio_versions.join(", ")
        };
        let mut rows = vec![
            ("File", file.to_owned()),
            ("Captured", manifest.capture_time.to_string()),
            ("Cluster uid", or_unknown(&manifest.cluster_uid)),
            ("Kubernetes", or_unknown(&manifest.kubernetes_version)),
            (
                "Istio",
                format!("{versions} in {}", manifest.istio_namespace),
            ),
            (
                "Objects",
                format!("{} ({})", total.objects, bytes(total.bytes)),
            ),
            (
                "Size",
                format!("{} (format {})", bytes(*size), manifest.format_version),
            ),
            ("SHA-256", sha256.clone()),
        ];
        rows.extend(manifest.notes.iter().map(|note| ("Note", note.clone())));
        rows.into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    }

    /// One row per kind.
    pub(crate) fn kinds(&self) -> Table {
        let mut table = Table::new(&["Kind", "Objects", "Namespaces", "Bytes"])
            .limit(ROWS)
            .empty("it holds no objects");
        for (kind, namespaces) in &self.0.objects {
            let count = sum(namespaces.values());
            let named = namespaces.keys().filter(|n| !n.is_empty()).count();
            let places = if named == 0 {
                "-".into()
            } else {
                named.to_string()
            };
            table.row([
                kind.clone(),
                count.objects.to_string(),
                places,
                bytes(count.bytes),
            ]);
        }
        table
    }

    /// One row per namespace; under `-o wide` with its three most frequent kinds.
    pub(crate) fn namespaces(&self) -> Table {
        let mut by: BTreeMap<&str, BTreeMap<&str, Count>> = BTreeMap::new();
        for (kind, namespaces) in &self.0.objects {
            for (namespace, count) in namespaces {
                by.entry(namespace).or_default().insert(kind, *count);
            }
        }
        let mut table = Table::new(&["Namespace", "Objects", "Bytes"])
            .wide(&["Most of them"])
            .limit(ROWS);
        for (namespace, kinds) in by {
            let count = sum(kinds.values());
            let mut most: Vec<_> = kinds.iter().collect();
            most.sort_by_key(|(kind, count)| (std::cmp::Reverse(count.objects), **kind));
            let most: Vec<_> = most
                .iter()
                .take(3)
                .map(|(kind, count)| format!("{} {kind}", count.objects))
                .collect();
            let name = if namespace.is_empty() {
                "(cluster-wide)"
            } else {
                namespace
            };
            table.row([
                name.to_owned(),
                count.objects.to_string(),
                bytes(count.bytes),
                most.join(", "),
            ]);
        }
        table
    }
}

/// The body of a `MeshBackup` document.
pub(crate) fn body<'a>(file: &'a str, summary: &'a Summary) -> impl Serialize + 'a {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body<'a> {
        file: &'a str,
        #[serde(flatten)]
        summary: &'a Summary,
    }
    Body { file, summary }
}

fn sum<'a>(counts: impl Iterator<Item = &'a Count>) -> Count {
    counts.fold(Count::default(), |mut sum, count| {
        sum += *count;
        sum
    })
}

/// Bytes as a person reads them: `812 B`, `4.3 KiB`, `102.0 MiB`.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    if count < 1024 {
        return format!("{count} B");
    }
    // Tenths in whole numbers: nobody adds these up.
    let (mut tenths, mut unit) = (count * 10 / 1024, 0);
    while tenths >= 10 * 1024 && unit + 1 < UNITS.len() {
        tenths /= 1024;
        unit += 1;
    }
    format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::bytes;

    #[test]
    fn sizes() {
        for (count, text) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KiB"),
            (1536, "1.5 KiB"),
            (107_374_182, "102.3 MiB"),
            (5 << 40, "5.0 TiB"),
        ] {
            assert_eq!(bytes(count), text);
        }
    }
}
