//! The few objects that are kept whole, as served: webhook configurations and the Istio namespace's
//! Services. Before-images and the way back need every field of them.

use kube::Client;
use serde_json::Value;

use super::{Mesh, Wiring, label};
use crate::{
    cluster::{Connection, explain},
    error::{Error, Kind as Failure, Result},
    journal::{Image, Key, Kind, api, image::without_server_fields},
};

impl Mesh {
    /// The objects that are kept whole, of the same moment as the mesh.
    ///
    /// # Errors
    ///
    /// [`Failure::Unknown`] where one of the lists could not be read.
    pub fn raw(&self) -> Result<&Raw> {
        self.raw.read().map_err(|gap| {
            Error::new(
                Failure::Unknown,
                format!("what stands there now is not known: {}", gap.detail),
            )
            .hint(format!("this needs get and list on {}", gap.what))
        })
    }
}

/// Webhook configurations and Services of the Istio namespace, whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Raw {
    /// `MutatingWebhookConfigurations`, Istio's or not.
    pub mutating: Vec<Value>,
    /// `ValidatingWebhookConfigurations`, Istio's or not.
    pub validating: Vec<Value>,
    /// Services of the Istio namespace.
    pub services: Vec<Value>,
}

impl Raw {
    /// Reads them again, side by side: what stands there now, when a mesh was read before.
    pub async fn read(client: &Client, connection: &Connection) -> Result<Self> {
        let services = format!("/api/v1/namespaces/{}/services", connection.istio_namespace);
        let webhooks = |kind: Kind| {
            list(
                client,
                connection,
                format!("{}/{}", kind.api(), kind.plural()),
                kind,
            )
        };
        let (mutating, validating, services) = futures::future::try_join3(
            webhooks(Kind::MutatingWebhookConfiguration),
            webhooks(Kind::ValidatingWebhookConfiguration),
            list(client, connection, services, Kind::Service),
        )
        .await?;
        Ok(Self {
            mutating,
            validating,
            services,
        })
    }

    /// Those among these objects; the rest is left out.
    pub fn of(objects: impl IntoIterator<Item = Value>) -> Self {
        let mut raw = Self::default();
        for object in objects {
            if let Some(kind) = kind_of(&object) {
                raw.add(kind, object);
            }
        }
        raw
    }

    /// Takes an object of this kind. Lists leave out what kind it is, so that is put in.
    pub(super) fn add(&mut self, kind: Kind, mut object: Value) {
        name_kind(kind, &mut object);
        self.list_mut(kind).push(object);
    }

    pub(super) fn absorb(&mut self, other: Self) {
        self.mutating.extend(other.mutating);
        self.validating.extend(other.validating);
        self.services.extend(other.services);
    }

    /// The object with this key, as it is now. Namespaces, policies and telemetries are not held.
    pub fn get(&self, key: &Key) -> Option<&Value> {
        let of = match key.kind {
            Kind::MutatingWebhookConfiguration => &self.mutating,
            Kind::ValidatingWebhookConfiguration => &self.validating,
            Kind::Service => &self.services,
            Kind::Namespace
            | Kind::AuthorizationPolicy
            | Kind::Telemetry
            | Kind::TelemetryAlpha => return None,
        };
        of.iter().find(|o| o["metadata"]["name"] == *key.name)
    }

    /// The revision's own injector: labelled with it, and no tag's. istioctl takes the first
    /// (`istioctl/pkg/tag/util.go`), so do we.
    pub fn injector_of(&self, revision: &str) -> Option<&Value> {
        self.mutating
            .iter()
            .find(|o| rev(o) == Some(revision) && tag(o).is_none())
    }

    /// Webhook configurations that make this tag.
    pub fn webhooks_of(&self, name: &str) -> Vec<&Value> {
        self.mutating
            .iter()
            .filter(|o| tag(o) == Some(name))
            .collect()
    }

    /// The caBundle of the revision's own injector.
    pub fn ca_of(&self, revision: &str) -> Option<&str> {
        self.injector_of(revision)?["webhooks"][0]["clientConfig"]["caBundle"].as_str()
    }

    /// The object as an image's before side.
    pub fn before(&self, key: &Key) -> Option<Value> {
        self.get(key).map(|o| without_server_fields(key.kind, o))
    }

    /// The same objects once these images' plans are carried out.
    #[must_use]
    pub fn after(&self, images: &[Image]) -> Self {
        let mut raw = self.clone();
        for image in images.iter().filter(|i| i.key.kind != Kind::Namespace) {
            let list = raw.list_mut(image.key.kind);
            list.retain(|o| o["metadata"]["name"] != *image.key.name);
            list.extend(image.planned.clone());
        }
        raw
    }

    /// The wiring that these raw objects make, in the namespaces and with the endpoints of `base`.
    ///
    /// # Errors
    /// An object does not have the shape of its kind.
    pub fn wiring(&self, base: &Wiring, mesh: &Mesh) -> Result<Wiring> {
        let objects = self
            .mutating
            .iter()
            .chain(&self.validating)
            .chain(&self.services)
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

    fn list_mut(&mut self, kind: Kind) -> &mut Vec<Value> {
        match kind {
            Kind::ValidatingWebhookConfiguration => &mut self.validating,
            Kind::Service => &mut self.services,
            Kind::MutatingWebhookConfiguration
            | Kind::Namespace
            | Kind::AuthorizationPolicy
            | Kind::Telemetry
            | Kind::TelemetryAlpha => &mut self.mutating,
        }
    }
}

fn name_kind(kind: Kind, object: &mut Value) {
    object["apiVersion"] = kind.api_version().into();
    object["kind"] = kind.name().into();
}

fn kind_of(object: &Value) -> Option<Kind> {
    match object["kind"].as_str()? {
        "MutatingWebhookConfiguration" => Some(Kind::MutatingWebhookConfiguration),
        "ValidatingWebhookConfiguration" => Some(Kind::ValidatingWebhookConfiguration),
        "Service" => Some(Kind::Service),
        _ => None,
    }
}

/// Label `istio.io/rev` of an object.
pub fn rev(object: &Value) -> Option<&str> {
    object["metadata"]["labels"][label::REV].as_str()
}

/// Label `istio.io/tag` of an object.
pub fn tag(object: &Value) -> Option<&str> {
    object["metadata"]["labels"][label::TAG].as_str()
}

async fn list(
    client: &Client,
    connection: &Connection,
    path: String,
    kind: Kind,
) -> Result<Vec<Value>> {
    let answer = api::get(client, &path)
        .await
        .map_err(|e| explain(&e, &format!("list {}", kind.plural()), connection))?
        .unwrap_or_default();
    let mut items = match answer {
        Value::Object(mut map) => match map.remove("items") {
            Some(Value::Array(items)) => items,
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    for item in &mut items {
        name_kind(kind, item);
    }
    Ok(items)
}
