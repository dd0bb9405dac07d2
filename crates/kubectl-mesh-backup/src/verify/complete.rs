//! Whether an archive has what a mesh is made of: decided on what was gathered and on its index.

use std::collections::BTreeMap;

use mesh_common::mesh::{
    Why,
    archive::{Index, Manifest},
};

use super::{
    contents::{Contents, Istiod, is_custom},
    row::{CONTROL_PLANE, Check, Finding, KINDS, Row, Status},
};

/// Kinds without which no mesh can be brought back.
const NEEDED: &[&str] = &[
    "namespaces",
    "customresourcedefinitions.apiextensions.k8s.io",
    "mutatingwebhookconfigurations.admissionregistration.k8s.io",
    "validatingwebhookconfigurations.admissionregistration.k8s.io",
    "services",
    "configmaps",
    "deployments.apps",
];

/// Every kind that was asked for is there, and as many objects of it as the index says.
pub(super) fn kinds(index: &Index, contents: &Contents) -> Row {
    let mut found: Vec<Finding> = index
        .unread
        .iter()
        .filter(|u| u.why != Why::NotServed)
        .map(|u| Finding::new(Status::Unknown, &u.what, &u.detail))
        .collect();
    for what in NEEDED {
        let spoken = index.lists.iter().any(|l| l.what == *what)
            || index.unread.iter().any(|u| u.what == *what);
        if !spoken {
            found.push(Finding::new(Status::Unknown, what, "was not asked for"));
        }
    }
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for list in &index.lists {
        *said.entry(&list.what).or_default() += list.objects;
    }
    for (what, of) in &contents.counts {
        said.entry(what).or_default();
        // A list that failed half-way leaves objects, and a word of why.
        if index.unread.iter().any(|u| u.what == *what)
            && of.values().sum::<usize>() > said[what.as_str()]
        {
            said.remove(what.as_str());
        }
    }
    for (what, said) in said {
        let have: usize = contents.counts.get(what).map_or(0, |of| of.values().sum());
        if have != said {
            found.push(Finding::new(
                Status::Failed,
                what,
                format!("the index says {said}, and it holds {have}"),
            ));
        }
    }
    for what in contents.counts.keys() {
        let (_, group) = what.split_once('.').unwrap_or((what, ""));
        if is_custom(group) && !contents.crds.contains(what) {
            found.push(Finding::new(
                Status::Failed,
                what,
                "objects of it are there, and its CRD is not",
            ));
        }
    }
    let objects: usize = contents.counts.values().flat_map(|of| of.values()).sum();
    Row::of(
        KINDS,
        format!(
            "{objects} objects of {} kinds, of {} lists that were read to their end",
            contents.counts.len(),
            index.lists.len()
        ),
        found,
    )
}

/// Every istiod has its Service, its mesh config and its webhooks.
pub(super) fn control_plane(manifest: &Manifest, contents: &Contents) -> Row {
    let check: Check = CONTROL_PLANE;
    if contents.istiods.is_empty() {
        return if manifest.istio_versions.is_empty() {
            Row::new(check, Status::Unknown, "it holds no istiod")
        } else {
            Row::new(
                check,
                Status::Failed,
                format!(
                    "its manifest speaks of istiod {}, and it holds none",
                    manifest.istio_versions.join(", ")
                ),
            )
        };
    }
    let found = contents
        .istiods
        .iter()
        .flat_map(|i| of(i, contents))
        .collect();
    let names: Vec<_> = contents.istiods.iter().map(|i| i.name.as_str()).collect();
    Row::of(
        check,
        format!(
            "{}: Deployment, Service, mesh config and webhooks",
            names.join(", ")
        ),
        found,
    )
}

fn of(istiod: &Istiod, contents: &Contents) -> Vec<Finding> {
    let Istiod {
        namespace,
        name,
        revision,
    } = istiod;
    // The charts name everything of a revision `…-<revision>`, and nothing of the default one.
    let named = |stem: &str| match revision.as_str() {
        "default" => stem.to_owned(),
        revision => format!("{stem}-{revision}"),
    };
    let at = |name: String| (namespace.clone(), name);
    let mut found = Vec::new();
    let mut missing = |what: &str| {
        found.push(Finding::new(
            Status::Failed,
            format!("deployment/{name} -n {namespace}"),
            format!("{what} is not in it"),
        ));
    };
    let service = named("istiod");
    if !contents.services.contains(&at(service.clone())) {
        missing(&format!("its Service {service}"));
    }
    let config = named("istio");
    if !contents.config_maps.contains(&at(config.clone())) {
        missing(&format!("its mesh config, ConfigMap {config},"));
    }
    if !contents.webhooks.contains(revision) {
        missing("a mutating webhook of its revision");
    }
    found
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::archive::Unread;
    use serde_json::json;

    use super::*;

    fn manifest(versions: &[&str]) -> Manifest {
        serde_json::from_value(
            json!({ "formatVersion": 1, "captureTime": "2026-11-21T06:00:00Z",
            "istioNamespace": "istio-system", "istioVersions": versions }),
        )
        .unwrap()
    }

    fn index(lists: &[(&str, Option<&str>, usize)]) -> Index {
        let lists: Vec<_> = lists
            .iter()
            .map(|(what, namespace, objects)| {
                json!({ "what": what, "version": "v1", "namespace": namespace, "objects": objects })
            })
            .collect();
        serde_json::from_value(json!({ "lists": lists })).unwrap()
    }

    fn whole() -> Index {
        let lists: Vec<_> = NEEDED.iter().map(|what| (*what, None, 0)).collect();
        index(&lists)
    }

    fn said(row: &Row) -> Vec<String> {
        row.findings
            .iter()
            .map(|f| format!("{}: {}", f.object, f.message))
            .collect()
    }

    #[test]
    fn kinds_that_are_missing_or_fewer_than_the_index_says() {
        let mut contents = Contents::default();
        assert_eq!(kinds(&whole(), &contents).status, Status::Ok);
        let of = |n: usize| std::collections::BTreeMap::from([("a".to_owned(), n)]);
        contents.counts.insert("services".into(), of(2));
        contents
            .counts
            .insert("virtualservices.networking.istio.io".into(), of(1));
        let mut index = index(&[
            ("services", Some("a"), 2),
            ("services", None, 1),
            ("configmaps", None, 0),
        ]);
        index.unread = vec![
            Unread {
                what: "deployments.apps".into(),
                why: Why::Forbidden,
                detail: "may not list".into(),
            },
            Unread {
                what: "gatewayclasses.gateway.networking.k8s.io".into(),
                why: Why::NotServed,
                detail: String::new(),
            },
        ];
        let row = kinds(&index, &contents);
        assert_eq!(row.status, Status::Failed);
        assert_eq!(
            said(&row),
            [
                "deployments.apps: may not list",
                "namespaces: was not asked for",
                "customresourcedefinitions.apiextensions.k8s.io: was not asked for",
                "mutatingwebhookconfigurations.admissionregistration.k8s.io: was not asked for",
                "validatingwebhookconfigurations.admissionregistration.k8s.io: was not asked for",
                "services: the index says 3, and it holds 2",
                "virtualservices.networking.istio.io: the index says 0, and it holds 1",
                "virtualservices.networking.istio.io: objects of it are there, and its CRD is not",
            ]
        );
    }

    #[test]
    fn every_istiod_has_its_parts() {
        let place = |name: &str| ("istio-system".to_owned(), name.to_owned());
        let mut contents = Contents {
            istiods: vec![
                Istiod {
                    namespace: "istio-system".into(),
                    name: "istiod".into(),
                    revision: "default".into(),
                },
                Istiod {
                    namespace: "istio-system".into(),
                    name: "istiod-1-28-1".into(),
                    revision: "1-28-1".into(),
                },
            ],
            ..Contents::default()
        };
        for name in ["istiod", "istiod-1-28-1"] {
            contents.services.insert(place(name));
        }
        contents.config_maps.insert(place("istio"));
        contents.webhooks.insert("default".into());
        let row = control_plane(&manifest(&[]), &contents);
        assert_eq!(
            said(&row),
            [
                "deployment/istiod-1-28-1 -n istio-system: its mesh config, ConfigMap istio-1-28-1, is not in it",
                "deployment/istiod-1-28-1 -n istio-system: a mutating webhook of its revision is not in it",
            ]
        );
        contents.config_maps.insert(place("istio-1-28-1"));
        contents.webhooks.insert("1-28-1".into());
        assert_eq!(
            control_plane(&manifest(&["1.28.1"]), &contents).status,
            Status::Ok
        );
    }

    #[test]
    fn an_archive_without_istiod() {
        let none = Contents::default();
        assert_eq!(control_plane(&manifest(&[]), &none).status, Status::Unknown);
        assert_eq!(
            control_plane(&manifest(&["1.28.1"]), &none).status,
            Status::Failed
        );
    }
}
