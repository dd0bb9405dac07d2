//! The part of a mesh that moving a tag or labelling a namespace changes, and those changes without a cluster.
//!
//! An edit gives the wiring as it would be afterwards; the impact of a change is the difference between two.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{
    Gap, Injector, IstiodService, Labels, Mesh, Namespace, Selector, Validator, model::label,
};
use crate::error::{Error, Result};

mod chart;
#[cfg(test)]
mod tests;

/// The tag (and the name of an un-revisioned install) that `istio-injection=enabled` stands for.
pub const DEFAULT: &str = "default";
/// The validator of the default tag.
pub const DEFAULT_VALIDATOR: &str = "istiod-default-validator";
/// What istioctl makes a switched-off webhook demand (`istioctl/pkg/util/common.go`, `NeverMatch`).
const NEVER_MATCH: (&str, &str) = ("istio.io/deactivated", "never-match");

/// What decides who injects whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Wiring {
    /// The namespace istiod lives in.
    pub istio_namespace: String,
    /// Injecting webhook configurations, sorted by name.
    pub injectors: Vec<Injector>,
    /// Validating webhook configurations, sorted by name.
    pub validators: Vec<Validator>,
    /// Services of istiod, sorted by name.
    pub services: Vec<IstiodService>,
    /// Namespaces by name.
    pub namespaces: BTreeMap<String, Namespace>,
}

/// An object of the wiring at some moment, or that it was not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Image {
    /// A `MutatingWebhookConfiguration`.
    Injector(String, Option<Injector>),
    /// A `ValidatingWebhookConfiguration`.
    Validator(String, Option<Validator>),
    /// A Service of istiod.
    Service(String, Option<IstiodService>),
    /// A namespace.
    Namespace(String, Option<Namespace>),
}

impl Image {
    /// `mutatingwebhookconfiguration/istio-revision-tag-stable`, as kubectl takes it.
    pub fn short(&self) -> String {
        match self {
            Self::Injector(name, _) => format!("mutatingwebhookconfiguration/{name}"),
            Self::Validator(name, _) => format!("validatingwebhookconfiguration/{name}"),
            Self::Service(name, _) => format!("service/{name}"),
            Self::Namespace(name, _) => format!("namespace/{name}"),
        }
    }
}

impl Mesh {
    /// The part of the mesh that a change touches, or what of it is not known.
    pub fn wiring(&self) -> Result<Wiring, Gap> {
        Ok(Wiring {
            istio_namespace: self.istio_namespace.clone(),
            injectors: self.injectors.items().map_err(Clone::clone)?.to_vec(),
            validators: self.validators.items().map_err(Clone::clone)?.to_vec(),
            services: self.services.items().map_err(Clone::clone)?.to_vec(),
            namespaces: self.namespaces.read().map_err(Clone::clone)?.clone(),
        })
    }
}

impl Wiring {
    /// The revision's own injector: labelled with it and no tag.
    pub fn own_injector(&self, revision: &str) -> Option<&Injector> {
        self.injectors
            .iter()
            .find(|i| i.tag.is_none() && i.revision == revision)
    }

    /// Every revision that has an injector or a Service of its own.
    pub fn revisions(&self) -> BTreeSet<&str> {
        let injectors = self.injectors.iter().filter(|i| i.tag.is_none());
        let services = self.services.iter().filter(|s| s.tag.is_none());
        injectors
            .map(|i| i.revision.as_str())
            .chain(services.filter_map(|s| s.revision.as_deref()))
            .collect()
    }

    /// Every tag that a webhook or a Service makes.
    pub fn tags(&self) -> BTreeSet<&str> {
        let injectors = self.injectors.iter().filter_map(|i| i.tag.as_deref());
        let services = self.services.iter().filter_map(|s| s.tag.as_deref());
        injectors.chain(services).collect()
    }

    /// The revisions that own a tag by its webhooks.
    pub fn tag_by_webhook(&self, tag: &str) -> BTreeSet<&str> {
        let injectors = self.injectors.iter();
        injectors
            .filter(|i| i.tag.as_deref() == Some(tag))
            .map(|i| i.revision.as_str())
            .collect()
    }

    /// The revisions that own a tag by its Services.
    pub fn tag_by_service(&self, tag: &str) -> BTreeSet<&str> {
        let services = self.services.iter();
        services
            .filter(|s| s.tag.as_deref() == Some(tag))
            .filter_map(|s| s.revision.as_deref())
            .collect()
    }

    /// The wiring after `istioctl tag set TAG --revision TO --overwrite`.
    ///
    /// `service` says whether that istioctl also writes the tag's Service, as 1.28 and later do; an older one
    /// leaves a Service that is there where it points. The webhook written is the one that makes the tag already,
    /// whatever its name (`--webhook-name`), else istioctl's own; where several make it the others stay.
    ///
    /// # Errors
    /// The revision has no injector of its own, or several: istioctl refuses those too.
    pub fn move_tag(&self, tag: &str, to: &str, service: bool) -> Result<Self> {
        let own = self.one_own_injector(to)?;
        let mut after = self.clone();
        if tag == DEFAULT {
            after.deactivate_unrevisioned();
        }
        let suffix = match self.istio_namespace.as_str() {
            "istio-system" => String::new(),
            namespace => format!("-{namespace}"),
        };
        let mut name = format!("istio-revision-tag-{tag}{suffix}");
        let mut made_by = self
            .injectors
            .iter()
            .filter(|i| i.tag.as_deref() == Some(tag));
        if let (Some(only), None) = (made_by.next(), made_by.next()) {
            name.clone_from(&only.name);
        }
        let old = self.injectors.iter().find(|i| i.name == name);
        let injector = chart::tag_injector(name, tag, own, old, &self.istio_namespace);
        after.put_injector(injector);
        if tag == DEFAULT {
            let old = self.validators.iter().find(|v| v.name == DEFAULT_VALIDATOR);
            let validator = chart::default_validator(own, old, &self.istio_namespace);
            after.put_validator(validator);
        }
        if service {
            let name = format!("istiod-revision-tag-{tag}");
            let old = self.services.iter().find(|s| s.name == name);
            let own = self.services.iter().find(|s| {
                s.tag.is_none()
                    && (s.revision.as_deref() == Some(to) || s.name == chart::istiod(to))
            });
            after.put_service(chart::tag_service(
                name,
                tag,
                to,
                own,
                old,
                &self.istio_namespace,
            ));
        }
        Ok(after)
    }

    /// The wiring after `istioctl tag set TAG --revision TO` for a new tag.
    ///
    /// # Errors
    /// The tag exists, a revision has its name, or [`Wiring::move_tag`] fails.
    pub fn create_tag(&self, tag: &str, to: &str, service: bool) -> Result<Self> {
        if !self.tag_by_webhook(tag).is_empty() {
            return Err(Error::user(format!("tag {tag} already exists")));
        }
        if tag != DEFAULT && self.own_injector(tag).is_some() {
            return Err(Error::user(format!("a revision is named {tag} already")));
        }
        self.move_tag(tag, to, service)
    }

    /// The wiring after `istioctl tag remove TAG`: its webhooks go, and its Services with 1.28 and later (`service`).
    /// `istiod-default-validator` and a switched-off default injector stay as they are, as istioctl leaves them.
    #[must_use]
    pub fn remove_tag(&self, tag: &str, service: bool) -> Self {
        let mut after = self.clone();
        after.injectors.retain(|i| i.tag.as_deref() != Some(tag));
        if service {
            after.services.retain(|s| s.tag.as_deref() != Some(tag));
        }
        after
    }

    /// The wiring with a namespace put on a revision or tag: `istio.io/rev` set, `istio-injection=enabled` gone,
    /// because that would win.
    ///
    /// # Errors
    /// There is no such namespace, or it opts out (`istio-injection=disabled`, ambient): that is nobody's mistake to correct.
    pub fn label_namespace(&self, namespace: &str, rev: &str) -> Result<Self> {
        self.with_namespace(namespace, |n| {
            if let Some(value) = n.labels.get(label::INJECTION)
                && value != "enabled"
            {
                return Err(Error::refused(format!(
                    "namespace {namespace} opts out by {}={value}",
                    label::INJECTION
                )));
            }
            if n.is_ambient() {
                return Err(Error::refused(format!(
                    "namespace {namespace} is in ambient mode"
                )));
            }
            n.labels.remove(label::INJECTION);
            n.labels.insert(label::REV.into(), rev.into());
            Ok(())
        })
    }

    /// The wiring without the label `istio.io/rev` on a namespace; `istio-injection` comes back when it is given.
    ///
    /// # Errors
    /// There is no such namespace.
    pub fn unlabel_namespace(&self, namespace: &str, injection: Option<&str>) -> Result<Self> {
        self.with_namespace(namespace, |n| {
            n.labels.remove(label::REV);
            if let Some(value) = injection {
                n.labels.insert(label::INJECTION.into(), value.into());
            }
            Ok(())
        })
    }

    /// The wiring with these objects as their images have them; an image without an object removes it.
    #[must_use]
    pub fn restore(&self, images: impl IntoIterator<Item = Image>) -> Self {
        let mut after = self.clone();
        for image in images {
            match image {
                Image::Injector(_, Some(object)) => after.put_injector(object),
                Image::Injector(name, None) => after.injectors.retain(|i| i.name != name),
                Image::Validator(_, Some(object)) => after.put_validator(object),
                Image::Validator(name, None) => after.validators.retain(|v| v.name != name),
                Image::Service(_, Some(object)) => after.put_service(object),
                Image::Service(name, None) => after.services.retain(|s| s.name != name),
                Image::Namespace(name, Some(object)) => {
                    after.namespaces.insert(name, object);
                }
                Image::Namespace(name, None) => {
                    after.namespaces.remove(&name);
                }
            }
        }
        after
    }

    /// The images in `self` of every object that differs in `other`: `other.restore(self.images_against(other))`
    /// is `self`.
    pub fn images_against(&self, other: &Self) -> Vec<Image> {
        let mut images = Vec::new();
        differing(
            &self.injectors,
            &other.injectors,
            |i| &i.name,
            |name, object| {
                images.push(Image::Injector(name, object));
            },
        );
        differing(
            &self.validators,
            &other.validators,
            |v| &v.name,
            |name, object| {
                images.push(Image::Validator(name, object));
            },
        );
        differing(
            &self.services,
            &other.services,
            |s| &s.name,
            |name, object| {
                images.push(Image::Service(name, object));
            },
        );
        let names: BTreeSet<_> = self
            .namespaces
            .keys()
            .chain(other.namespaces.keys())
            .collect();
        for name in names {
            let object = self.namespaces.get(name);
            if object != other.namespaces.get(name) {
                images.push(Image::Namespace(name.clone(), object.cloned()));
            }
        }
        images
    }

    fn one_own_injector(&self, revision: &str) -> Result<&Injector> {
        let mut own = self
            .injectors
            .iter()
            .filter(|i| i.tag.is_none() && i.revision == revision);
        match (own.next(), own.next()) {
            (Some(injector), None) => Ok(injector),
            (None, _) => Err(Error::user(format!("revision {revision} has no injector"))),
            (Some(a), Some(b)) => Err(Error::user(format!(
                "revision {revision} has several injectors: {}, {}",
                a.name, b.name
            ))),
        }
    }

    /// `DeactivateIstioInjectionWebhook` (`istioctl/pkg/tag/util.go`).
    fn deactivate_unrevisioned(&mut self) {
        let never = Selector {
            match_labels: Labels::from([(NEVER_MATCH.0.into(), NEVER_MATCH.1.into())]),
            match_expressions: Vec::new(),
        };
        let unrevisioned = self
            .injectors
            .iter_mut()
            .filter(|i| i.tag.is_none() && i.revision == DEFAULT);
        for webhook in unrevisioned.flat_map(|i| &mut i.webhooks) {
            webhook.namespace_selector = never.clone();
            webhook.object_selector = never.clone();
        }
    }

    fn with_namespace(
        &self,
        name: &str,
        edit: impl FnOnce(&mut Namespace) -> Result<()>,
    ) -> Result<Self> {
        let mut after = self.clone();
        let namespace = after
            .namespaces
            .get_mut(name)
            .ok_or_else(|| Error::user(format!("there is no namespace {name}")))?;
        edit(namespace)?;
        Ok(after)
    }

    fn put_injector(&mut self, object: Injector) {
        put(&mut self.injectors, object, |i| &i.name);
    }

    fn put_validator(&mut self, object: Validator) {
        put(&mut self.validators, object, |v| &v.name);
    }

    fn put_service(&mut self, object: IstiodService) {
        put(&mut self.services, object, |s| &s.name);
    }
}

/// Replaces or adds, keeping the order by name.
fn put<T>(list: &mut Vec<T>, object: T, name: impl Fn(&T) -> &str) {
    match list.iter().position(|o| name(o) == name(&object)) {
        Some(at) => list[at] = object,
        None => list.push(object),
    }
    list.sort_by(|a, b| name(a).cmp(name(b)));
}

/// Calls `found` with each object of `ours` that `theirs` has otherwise, and with none for those only `theirs` has.
fn differing<T: Clone + PartialEq>(
    ours: &[T],
    theirs: &[T],
    name: impl Fn(&T) -> &str,
    mut found: impl FnMut(String, Option<T>),
) {
    for object in ours {
        let other = theirs.iter().find(|o| name(o) == name(object));
        if other != Some(object) {
            found(name(object).to_owned(), Some(object.clone()));
        }
    }
    for object in theirs {
        if !ours.iter().any(|o| name(o) == name(object)) {
            found(name(object).to_owned(), None);
        }
    }
}
