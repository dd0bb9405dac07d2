//! What of a revision's configuration counts for policies.

use mesh_common::mesh::{Istiod, Mesh, RevisionConfig};
use serde_json::Value;

use crate::{
    compile::{self, Provider, ProviderKind},
    normalize::Normalization,
    policy::DryRun,
};

/// The settings of one revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// What policies are compiled with.
    pub(crate) mesh: compile::Mesh,
    /// What proxies make of paths before policies see them.
    pub(crate) normalization: Normalization,
}

impl Settings {
    /// Those of a revision.
    ///
    /// # Errors
    /// Its configuration is not known, in one line.
    pub(crate) fn of(mesh: &Mesh, revision: &str) -> Result<Self, String> {
        let configs = mesh.configs.read().map_err(|gap| gap.detail.clone())?;
        let config = configs
            .get(revision)
            .ok_or_else(|| format!("the mesh config of revision {revision} is not known"))?;
        let istiods = mesh.istiods.read().map_err(|gap| gap.detail.clone())?;
        let istiod = istiods.iter().find(|i| i.revision == revision);
        Self::read(config, istiod, &mesh.istio_namespace)
    }

    fn read(
        config: &RevisionConfig,
        istiod: Option<&Istiod>,
        istio_namespace: &str,
    ) -> Result<Self, String> {
        let mesh = &config.mesh;
        if mesh.is_null() {
            return Err(format!("ConfigMap {} is not there", config.config_map));
        }
        let text = |name: &str| mesh[name].as_str().filter(|text| !text.is_empty());
        let normalization = match mesh["pathNormalization"]["normalization"].as_str() {
            None => Normalization::default(),
            Some(name) => name
                .parse()
                .map_err(|e| format!("ConfigMap {}: {e}", config.config_map))?,
        };
        // `pilot/pkg/features`: booleans as Go's `strconv.ParseBool` reads them, the default where it does not.
        let switch = |name: &str, otherwise: bool| {
            let value = istiod.and_then(|istiod| istiod.env.get(name));
            value.map_or(otherwise, |value| match DryRun::of(value) {
                DryRun::Yes => true,
                DryRun::No => false,
                DryRun::Invalid(_) => otherwise,
            })
        };
        Ok(Self {
            mesh: compile::Mesh {
                root_namespace: text("rootNamespace").unwrap_or(istio_namespace).to_owned(),
                trust_domain: text("trustDomain").unwrap_or("cluster.local").to_owned(),
                trust_domain_aliases: texts(&mesh["trustDomainAliases"]),
                providers: providers(&mesh["extensionProviders"]),
                selects_gateways: switch("ENABLE_SELECTOR_BASED_K8S_GATEWAY_POLICY", true),
                several_providers: switch("PILOT_ENABLE_MULTIPLE_CUSTOM_AUTHZ_PROVIDERS", false),
                ambient_dry_run: switch("AMBIENT_ENABLE_DRY_RUN_AUTHORIZATION_POLICY", false),
            },
            normalization,
        })
    }
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|v| Some(v.as_str()?.to_owned())).collect()
}

/// The external authorizers among the extension providers.
fn providers(list: &Value) -> Vec<Provider> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(|provider| {
        let name = provider["name"].as_str()?.to_owned();
        let of = |field: &str| provider[field].is_object();
        let kind = if of("envoyExtAuthzHttp") {
            ProviderKind::Http
        } else if of("envoyExtAuthzGrpc") {
            ProviderKind::Grpc
        } else {
            return None;
        };
        Some(Provider { name, kind })
    })
    .collect()
}
