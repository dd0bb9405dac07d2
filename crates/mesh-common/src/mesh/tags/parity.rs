//! `istioctl tag list -o json`, computed: the same rows as that istioctl would print on the same state.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    istioctl::TagEntry,
    mesh::{Gap, Mesh, model::label},
};

#[cfg(test)]
mod tests;

/// From this minor on `tag list` shows revisions without a tag, sorted by revision.
const UNTAGGED_SINCE: u64 = 22;
/// From this minor on it looks at Services too.
const SERVICES_SINCE: u64 = 28;

/// What `istioctl tag list -o json` of Istio 1.`minor` prints (`istioctl/pkg/tag/tag.go`, `listTags`). Nothing stands for
/// the text it prints when there is none.
///
/// # Errors
/// The webhooks, the namespaces, or from 1.28 on the Services are not known.
pub fn istioctl_tag_list(mesh: &Mesh, minor: u64) -> Result<Vec<TagEntry>, Gap> {
    let injectors = mesh.injectors.items().map_err(Clone::clone)?;
    let namespaces = mesh.namespaces.read().map_err(Clone::clone)?;
    let labelled = |tag: &str| {
        let namespaces = namespaces.values();
        namespaces
            .filter(|n| n.labels.get(label::REV).is_some_and(|v| v == tag))
            .map(|n| n.name.clone())
            .collect()
    };
    let entry = |tag: &str, revision: &str| TagEntry {
        tag: tag.to_owned(),
        revision: revision.to_owned(),
        namespaces: labelled(tag),
    };
    if minor < UNTAGGED_SINCE {
        // In the API server's order, by the configurations' names.
        let tagged = injectors.iter().filter_map(|i| Some((i.tag.as_ref()?, i)));
        return Ok(tagged.map(|(tag, i)| entry(tag, &i.revision)).collect());
    }
    // An empty tag stands for the revision itself.
    let mut pairs: BTreeSet<(&str, &str)> = injectors
        .iter()
        .map(|i| (i.revision.as_str(), i.tag.as_deref().unwrap_or_default()))
        .collect();
    if minor >= SERVICES_SINCE {
        let services = mesh.services.items().map_err(Clone::clone)?;
        pairs.extend(
            services.iter().filter_map(|s| {
                Some((s.revision.as_deref()?, s.tag.as_deref().unwrap_or_default()))
            }),
        );
    }
    let mut by_revision: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (revision, tag) in pairs {
        by_revision.entry(revision).or_default().push(tag);
    }
    Ok(by_revision
        .into_iter()
        .flat_map(|(revision, tags)| {
            let tagged = tags.iter().any(|t| !t.is_empty());
            tags.into_iter()
                .filter(move |t| !(tagged && t.is_empty()))
                .map(move |t| (revision, t))
        })
        .map(|(revision, tag)| entry(tag, revision))
        .collect())
}
