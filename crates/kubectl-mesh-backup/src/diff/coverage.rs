//! What an archive can say of a kind: an object that is not in it did not exist only where its list was read to its end.

use std::collections::BTreeSet;

use mesh_common::mesh::{
    Why,
    archive::{Index, ReadList},
};
use serde::Serialize;

/// One kind of which one of the two archives does not know all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Gap {
    /// Which of the two: its file, or `live`.
    pub(crate) side: String,
    /// `pods`, `deployments.apps`.
    pub(crate) what: String,
    /// Why.
    pub(crate) detail: String,
}

/// Whether an archive would hold an object of this kind and namespace, had there been one; `other` is the one that has it.
/// Of a selection nothing follows but to one that selects in the same way: there the object is gone, or is Istio's no more.
pub(super) fn knows(index: &Index, other: &Index, what: &str, namespace: Option<&str>) -> bool {
    let of = |list: &ReadList| {
        list.what == what
            && list
                .namespace
                .as_deref()
                .is_none_or(|n| Some(n) == namespace)
    };
    let way = |list: &ReadList| (list.selector.clone(), list.selection.clone());
    // A selection is read object by object: where one could not be read, nothing follows from what is not in it.
    let in_part = index
        .unread
        .iter()
        .any(|u| u.what == what && u.why != Why::NotServed);
    let read = |list: &ReadList| {
        of(list)
            && !(in_part && list.selection.is_some())
            && (way(list) == (None, None)
                || other.lists.iter().any(|o| of(o) && way(o) == way(list)))
    };
    // Of a kind that is not served there are no objects.
    let none = index
        .unread
        .iter()
        .any(|u| u.what == what && u.why == Why::NotServed);
    none || index.lists.iter().any(read)
}

/// The kinds of which the one knows less than the other.
pub(super) fn gaps(
    side: &str,
    index: &Index,
    other: &Index,
    skip: impl Fn(&str) -> bool,
) -> Vec<Gap> {
    let gap = |what: &str, detail: String| Gap {
        side: side.to_owned(),
        what: what.to_owned(),
        detail,
    };
    let mut gaps: Vec<Gap> = index
        .unread
        .iter()
        .filter(|u| u.why != Why::NotServed && !skip(&u.what))
        .map(|u| gap(&u.what, u.detail.clone()))
        .collect();
    let spoken: BTreeSet<&str> = index
        .lists
        .iter()
        .map(|l| l.what.as_str())
        .chain(index.unread.iter().map(|u| u.what.as_str()))
        .collect();
    let asked: BTreeSet<&str> = other.lists.iter().map(|l| l.what.as_str()).collect();
    gaps.extend(
        asked
            .difference(&spoken)
            .filter(|what| !skip(what))
            .map(|what| gap(what, format!("{what} were not asked for when it was made"))),
    );
    gaps
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::archive::Unread;

    use super::*;

    fn list(what: &str, namespace: Option<&str>) -> ReadList {
        serde_json::from_value(serde_json::json!({
            "what": what, "version": "v1", "namespace": namespace, "objects": 1 }))
        .unwrap()
    }

    fn unread(what: &str, why: Why) -> Unread {
        Unread {
            what: what.into(),
            why,
            detail: format!("no {what}"),
        }
    }

    #[test]
    fn what_was_not_read_is_not_known_to_be_absent() {
        let index = Index {
            lists: vec![
                list("namespaces", None),
                list("services", Some("istio-system")),
            ],
            unread: vec![
                unread("services", Why::Forbidden),
                unread("gateways.gateway.networking.k8s.io", Why::NotServed),
                unread("deployments.apps", Why::Failed),
            ],
            ..Index::default()
        };
        for (what, namespace, want) in [
            ("namespaces", None, true),
            ("services", Some("istio-system"), true),
            ("services", Some("shop"), false),
            ("gateways.gateway.networking.k8s.io", Some("shop"), true),
            ("deployments.apps", Some("shop"), false),
            ("configmaps", Some("shop"), false),
        ] {
            assert_eq!(
                knows(&index, &Index::default(), what, namespace),
                want,
                "{what} {namespace:?}"
            );
        }
        let selecting = Index {
            lists: vec![ReadList {
                selection: Some("istio".into()),
                ..list("roles", None)
            }],
            ..Index::default()
        };
        assert!(!knows(&selecting, &index, "roles", None));
        assert!(knows(&selecting, &selecting.clone(), "roles", None));
        let other = Index {
            lists: vec![
                list("namespaces", None),
                list("configmaps", None),
                list("pods", None),
            ],
            ..Index::default()
        };
        let told: Vec<_> = gaps("live", &index, &other, |what| what == "pods")
            .into_iter()
            .map(|g| (g.what, g.detail))
            .collect();
        let told: Vec<_> = told.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            told,
            [
                ("services", "no services"),
                ("deployments.apps", "no deployments.apps"),
                (
                    "configmaps",
                    "configmaps were not asked for when it was made"
                ),
            ]
        );
    }
}
