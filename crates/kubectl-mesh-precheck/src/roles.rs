//! The rights that each plugin needs: `docs/rbac/`, of which every file is tried as that very user by a test.

use std::collections::BTreeSet;

use mesh_common::{
    Result,
    cluster::rights::Ask,
    error::{Error, Kind},
    output::clean,
};
use serde::Deserialize;

/// The Istio namespace as the files have it.
const EXAMPLE: &str = "istio-system";

/// A plugin and the roles that it needs.
pub(crate) struct Plugin {
    /// `mesh-tag`.
    pub(crate) name: &'static str,
    text: &'static str,
}

/// All of them, in the order of the runbook.
pub(crate) const PLUGINS: [Plugin; 5] = [
    Plugin {
        name: "mesh-backup",
        text: include_str!("../../../docs/rbac/mesh-backup.yaml"),
    },
    Plugin {
        name: "mesh-istioctl",
        text: include_str!("../../../docs/rbac/mesh-istioctl.yaml"),
    },
    Plugin {
        name: "mesh-tag",
        text: include_str!("../../../docs/rbac/mesh-tag.yaml"),
    },
    Plugin {
        name: "mesh-audit-policy",
        text: include_str!("../../../docs/rbac/mesh-audit-policy.yaml"),
    },
    Plugin {
        name: "mesh-precheck",
        text: include_str!("../../../docs/rbac/mesh-precheck.yaml"),
    },
];

/// How the roles of a restore begin: a hundred and fifty rights that no step of an upgrade takes while all goes well, and that a restore asks
/// for itself before it plans.
const RESTORE: &str = "mesh-backup-restore";

/// What a role, or a single right of one, is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Use {
    /// Whether the plugin does its work without it.
    pub(crate) optional: bool,
    /// What does not work without it.
    pub(crate) without: &'static str,
}

/// Every role of the files.
const ROLES: [(&str, Use); 17] = [
    role("mesh-backup", false, "a backup holds less than the mesh"),
    role(
        "mesh-backup-secrets",
        true,
        "a backup does not say which CA and certificates there were",
    ),
    role(
        "mesh-istioctl",
        false,
        "which istioctl matches is not known",
    ),
    role(
        "mesh-reader",
        false,
        "list, status and plans are not complete",
    ),
    role(
        "mesh-prober",
        true,
        "the gate serves is unknown, and passing it takes a reason; bound in single namespaces it may do",
    ),
    role(
        "mesh-writer",
        false,
        "promote, rollback, create, remove and move stop before they change anything",
    ),
    role(
        "mesh-audit-policy",
        false,
        "which policy applies to which workload is not known",
    ),
    role(
        "mesh-audit-policy-writer",
        false,
        "copies of policies are printed and not made, and promote and rollback stop before they change anything",
    ),
    role(
        "mesh-audit-policy-lint",
        true,
        "lint does not know what ports speak and which service accounts there are, and replay not what waypoints' lines are of",
    ),
    role(
        "mesh-audit-policy-logs",
        true,
        "replay reads no logs of proxies",
    ),
    role(
        "mesh-audit-policy-watch",
        true,
        "watch reads no counters of proxies",
    ),
    role(
        "mesh-audit-policy-access-log",
        true,
        "watch switches no access log on",
    ),
    role(
        "mesh-precheck",
        false,
        "the checks that need them are SKIPPED",
    ),
    role(
        "mesh-precheck-secrets",
        true,
        "Helm's values and the CA's expiry are not seen",
    ),
    role(
        "mesh-precheck-services",
        true,
        "what releases up to 1.25 changed about Services is seen in the Istio namespace only",
    ),
    role(
        "mesh-precheck-istioctl",
        true,
        "istioctl x precheck is not asked",
    ),
    role(
        "mesh-precheck-analyze",
        true,
        "istioctl analyze is not asked",
    ),
];

const fn role(name: &'static str, optional: bool, without: &'static str) -> (&'static str, Use) {
    (name, Use { optional, without })
}

/// Single rights, by resource and subresource, that their role can do without.
const OPTIONAL: [(&str, &str, &str); 2] = [
    (
        "pods",
        "portforward",
        "istiod's own word on its version is not asked",
    ),
    (
        "pods",
        "proxy",
        "an injector that is switched off is not asked whether it answers",
    ),
];

/// What this right of this role is for.
pub(crate) fn used(role: &str, ask: &Ask) -> Use {
    let of_role = ROLES
        .iter()
        .find(|(name, _)| *name == role)
        .map(|(_, used)| *used);
    let single = |(resource, subresource, _): &&(&str, &str, _)| {
        *resource == ask.resource && *subresource == ask.subresource
    };
    let alone = OPTIONAL.iter().find(single).map(|(_, _, without)| Use {
        optional: true,
        without,
    });
    // A role that one can do without is without all of its rights.
    of_role
        .filter(|used| used.optional)
        .or(alone)
        .or(of_role)
        .unwrap_or(Use {
            optional: false,
            without: "",
        })
}

/// A right that a role of a plugin has.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Need {
    pub(crate) plugin: &'static str,
    pub(crate) role: String,
    pub(crate) ask: Ask,
}

/// Every right that the plugins need, where istiod runs in this namespace.
///
/// # Errors
/// A file of ours is no role.
pub(crate) fn needs(istio_namespace: &str) -> Result<Vec<Need>> {
    let mut all = BTreeSet::new();
    for plugin in &PLUGINS {
        let documents: Vec<Document> = serde_saphyr::from_multiple(plugin.text)
            .map_err(|e| Error::internal(format!("the roles of {}", plugin.name)).caused_by(e))?;
        for document in documents {
            let namespace = match document.metadata.namespace {
                Some(name) if name == EXAMPLE => Some(istio_namespace.to_owned()),
                other => other,
            };
            let role = document.metadata.name;
            if role.starts_with(RESTORE) {
                continue;
            }
            for rule in &document.rules {
                all.extend(rule.asks(namespace.as_deref()).map(|ask| Need {
                    plugin: plugin.name,
                    role: role.clone(),
                    ask,
                }));
            }
        }
    }
    Ok(all.into_iter().collect())
}

#[derive(Deserialize)]
struct Document {
    metadata: Metadata,
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    namespace: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rule {
    api_groups: Vec<String>,
    resources: Vec<String>,
    #[serde(default)]
    resource_names: Vec<String>,
    verbs: Vec<String>,
}

impl Rule {
    fn asks(&self, namespace: Option<&str>) -> impl Iterator<Item = Ask> {
        let mut asks = Vec::new();
        for group in &self.api_groups {
            for resource in &self.resources {
                let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
                for verb in &self.verbs {
                    let ask = Ask::new(verb, group, resource, namespace).subresource(subresource);
                    if self.resource_names.is_empty() {
                        asks.push(ask);
                        continue;
                    }
                    asks.extend(self.resource_names.iter().map(|name| Ask {
                        name: Some(name.clone()),
                        ..ask.clone()
                    }));
                }
            }
        }
        asks.into_iter()
    }
}

/// The roles of all plugins as they are applied, for istiod in this namespace.
///
/// # Errors
/// No namespace can have this name.
pub(crate) fn documents(istio_namespace: &str) -> Result<String> {
    let fine = (1..=63).contains(&istio_namespace.len())
        && istio_namespace
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !istio_namespace.starts_with('-')
        && !istio_namespace.ends_with('-');
    if !fine {
        let name = clean(istio_namespace, 80);
        return Err(Error::new(
            Kind::Usage,
            format!("{name} cannot be the name of a namespace"),
        ));
    }
    let mut out = String::new();
    for plugin in &PLUGINS {
        if !out.is_empty() {
            out.push_str("---\n");
        }
        out.push_str("# kubectl ");
        out.push_str(plugin.name);
        out.push('\n');
        out.push_str(&plugin.text.replace(EXAMPLE, istio_namespace));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn every_role_of_the_files_is_explained_and_no_other() {
        let needs = needs("mesh").unwrap();
        let named: BTreeSet<_> = needs.iter().map(|n| n.role.as_str()).collect();
        let explained: BTreeSet<_> = ROLES.iter().map(|(name, _)| *name).collect();
        assert_eq!(named, explained);
        for (resource, subresource, _) in OPTIONAL {
            let mut asks = needs.iter().map(|n| &n.ask);
            assert!(asks.any(|a| a.resource == resource && a.subresource == subresource));
        }
    }

    #[test]
    fn rules_become_questions_where_istiod_is() {
        let needs = needs("mesh").unwrap();
        let of = |plugin: &str, role: &str| {
            let these = needs
                .iter()
                .filter(|n| n.plugin == plugin && n.role == role);
            these.map(|n| n.ask.text()).collect::<Vec<_>>()
        };
        assert_eq!(
            of("mesh-istioctl", "mesh-istioctl"),
            ["list pods in mesh", "list deployments.apps in mesh"]
        );
        assert_eq!(of("mesh-tag", "mesh-prober"), ["create pods"]);
        let secrets = of("mesh-precheck", "mesh-precheck-secrets");
        for text in [
            "list secrets in mesh",
            "get secrets \"cacerts\" in mesh",
            "get secrets \"istio-ca-secret\" in mesh",
        ] {
            assert!(secrets.iter().any(|t| t == text), "{secrets:?}");
        }
        let own = of("mesh-precheck", "mesh-precheck");
        let cilium = "get configmaps \"cilium-config\" in kube-system";
        assert!(own.iter().any(|t| t == cilium), "{own:?}");
        let reader = of("mesh-tag", "mesh-reader");
        let forward = "create pods/portforward in mesh";
        assert!(reader.iter().any(|t| t == forward), "{reader:?}");
    }

    #[test]
    fn a_reader_role_writes_nothing() {
        for need in needs("mesh").unwrap() {
            let writes = !["get", "list", "watch"].contains(&need.ask.verb.as_str());
            let writers = ["mesh-prober", "mesh-audit-policy-access-log"];
            let writer = need.role.ends_with("-writer") || writers.contains(&need.role.as_str());
            let tunnel = need.ask.subresource == "portforward";
            assert!(!writes || writer || tunnel, "{need:?}");
        }
    }

    #[test]
    fn what_is_printed_can_be_applied() {
        let text = documents("mesh").unwrap();
        for plugin in &PLUGINS {
            assert!(text.contains(&format!("# kubectl {}\n", plugin.name)));
        }
        let all: Vec<Value> = serde_saphyr::from_multiple(&text).unwrap();
        assert!(all.len() > PLUGINS.len());
        let mut names = BTreeSet::new();
        for role in &all {
            assert_eq!(role["apiVersion"], "rbac.authorization.k8s.io/v1");
            let namespace = role["metadata"]["namespace"].as_str();
            match role["kind"].as_str().unwrap() {
                "ClusterRole" => assert_eq!(namespace, None),
                "Role" => assert!(["mesh", "kube-system"].contains(&namespace.unwrap())),
                other => panic!("{other}"),
            }
            let name = (
                namespace,
                role["kind"].as_str(),
                role["metadata"]["name"].as_str(),
            );
            assert!(names.insert(name), "{name:?} stands twice");
        }
        for wrong in ["", "-a", "a b", "a\n---", "A", &"a".repeat(64)] {
            assert_eq!(documents(wrong).unwrap_err().kind(), Kind::Usage, "{wrong}");
        }
    }
}
