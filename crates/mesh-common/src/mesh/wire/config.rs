//! Services, `ConfigMaps`, CRDs and the custom resources of Istio and Gateway API that we read.

use serde::Deserialize;

use super::{Meta, meta, nullable};
use crate::mesh::Labels;

/// A Service.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: ServiceSpec,
}

/// Spec of a [`Service`].
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ServiceSpec {
    /// Which pods.
    #[serde(deserialize_with = "nullable")]
    pub selector: Labels,
}

/// An `EndpointSlice`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EndpointSlice {
    /// Metadata; the label `kubernetes.io/service-name` says whose it is.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Endpoints.
    #[serde(deserialize_with = "nullable")]
    pub endpoints: Vec<Endpoint>,
}

/// One endpoint.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Endpoint {
    /// Its addresses.
    #[serde(deserialize_with = "nullable")]
    pub addresses: Vec<String>,
    /// Its state.
    #[serde(deserialize_with = "nullable")]
    pub conditions: EndpointConditions,
    /// The pod behind it.
    #[serde(deserialize_with = "nullable")]
    pub target_ref: TargetRef,
}

/// State of an endpoint.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EndpointConditions {
    /// Absent reads as true (`discovery/v1`).
    pub ready: Option<bool>,
}

/// The object behind an endpoint.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TargetRef {
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
}

/// A `ConfigMap`: those documents in it that we know.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct ConfigMap {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Documents.
    #[serde(deserialize_with = "nullable")]
    pub data: Documents,
}

/// The documents of a [`ConfigMap`] that we know.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Documents {
    /// Mesh config (`istio[-<revision>]`).
    pub mesh: Option<String>,
    /// Mesh networks (same).
    pub mesh_networks: Option<String>,
    /// Injector values (`istio-sidecar-injector[-<revision>]`).
    pub values: Option<String>,
    /// Injector config (same).
    pub config: Option<String>,
    /// What the user gave the chart (`values[-<revision>]`).
    #[serde(rename = "original-values")]
    pub original_values: Option<String>,
    /// CA root (`istio-ca-root-cert`).
    #[serde(rename = "root-cert.pem")]
    pub root_cert: Option<String>,
}

/// A CRD.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Crd {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: CrdSpec,
    /// Status.
    #[serde(deserialize_with = "nullable")]
    pub status: CrdStatus,
}

/// Spec of a [`Crd`].
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CrdSpec {
    /// API group.
    #[serde(deserialize_with = "nullable")]
    pub group: String,
    /// Versions.
    #[serde(deserialize_with = "nullable")]
    pub versions: Vec<CrdVersion>,
}

/// One version of a [`Crd`]; its schema is skipped.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CrdVersion {
    /// Its name.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
    /// Whether it is served.
    #[serde(deserialize_with = "nullable")]
    pub served: bool,
    /// Whether objects are stored in it.
    #[serde(deserialize_with = "nullable")]
    pub storage: bool,
}

/// Status of a [`Crd`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CrdStatus {
    /// Versions that objects may still be stored in.
    #[serde(deserialize_with = "nullable")]
    pub stored_versions: Vec<String>,
}

/// A Gateway API `GatewayClass`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct GatewayClass {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: GatewayClassSpec,
}

/// Spec of a [`GatewayClass`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewayClassSpec {
    /// Who implements it.
    #[serde(deserialize_with = "nullable")]
    pub controller_name: String,
}

/// A Gateway API Gateway.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Gateway {
    /// Metadata.
    #[serde(deserialize_with = "nullable")]
    pub metadata: Meta,
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: GatewaySpec,
}

/// Spec of a [`Gateway`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GatewaySpec {
    /// Its class.
    #[serde(deserialize_with = "nullable")]
    pub gateway_class_name: String,
    /// Requested addresses.
    #[serde(deserialize_with = "nullable")]
    pub addresses: Vec<GatewayAddress>,
}

/// A requested address.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct GatewayAddress {
    /// `IPAddress` (also when absent), `Hostname` or something else.
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

/// A Telemetry: the providers it names.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Telemetry {
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: TelemetrySpec,
}

/// Spec of a [`Telemetry`].
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TelemetrySpec {
    /// Tracing.
    #[serde(deserialize_with = "nullable")]
    pub tracing: Vec<Providers>,
    /// Metrics.
    #[serde(deserialize_with = "nullable")]
    pub metrics: Vec<Providers>,
    /// Access logs.
    #[serde(deserialize_with = "nullable")]
    pub access_logging: Vec<Providers>,
}

/// Anything with a list of providers.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Providers {
    /// The providers.
    #[serde(deserialize_with = "nullable")]
    pub providers: Vec<Provider>,
}

/// A reference to an extension provider.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Provider {
    /// Its name in mesh config.
    #[serde(deserialize_with = "nullable")]
    pub name: String,
}

/// An `AuthorizationPolicy`: the provider it asks.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AuthorizationPolicy {
    /// Spec.
    #[serde(deserialize_with = "nullable")]
    pub spec: AuthorizationPolicySpec,
}

/// Spec of an [`AuthorizationPolicy`].
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AuthorizationPolicySpec {
    /// Whether the action is CUSTOM.
    #[serde(rename = "action", deserialize_with = "is_custom")]
    pub custom: bool,
    /// The provider of a CUSTOM policy.
    #[serde(deserialize_with = "nullable")]
    pub provider: Provider,
}

fn is_custom<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    // In JSON an enum of protobuf may be its number too; CUSTOM is 3 (`security/v1beta1`), and the CRD admits strings only.
    meta::is(deserializer, "CUSTOM")
}
