//! Who owns an object, and so who would undo our change to it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

/// Who owns an object of the mesh.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "tool")]
pub enum Owner {
    /// Nobody that would write it back: made by istioctl, kubectl or by hand.
    #[default]
    None,
    /// A Helm release.
    #[serde(rename_all = "camelCase")]
    Helm {
        /// `meta.helm.sh/release-name`, or empty when only a managedFields manager says so.
        release: String,
        /// `meta.helm.sh/release-namespace`.
        namespace: String,
    },
    /// The Sail operator.
    #[serde(rename_all = "camelCase")]
    Sail {
        /// `Kind/name` of the custom resource.
        resource: String,
    },
    /// Argo CD or Flux.
    #[serde(rename_all = "camelCase")]
    GitOps {
        /// `Argo CD` or `Flux`.
        controller: String,
        /// The application or Kustomization.
        application: String,
    },
}

/// What ownership is read from.
#[derive(Debug)]
pub struct Evidence<'a> {
    /// Labels of the object.
    pub labels: &'a BTreeMap<String, String>,
    /// Annotations of the object.
    pub annotations: &'a BTreeMap<String, String>,
    /// `(apiVersion, kind, name)` of its owner references.
    pub owners: Vec<(&'a str, &'a str, &'a str)>,
    /// Managers in its managedFields.
    pub managers: Vec<&'a str>,
}

impl Owner {
    /// Who owns an object, as served.
    pub fn of_object(object: &Value) -> Self {
        fn list(value: &Value) -> impl Iterator<Item = &Value> {
            value.as_array().into_iter().flatten()
        }
        let map = |value: &Value| {
            let entries = value.as_object().into_iter().flatten();
            entries
                .filter_map(|(k, v)| Some((k.clone(), v.as_str()?.to_owned())))
                .collect()
        };
        let metadata = &object["metadata"];
        let (labels, annotations) = (map(&metadata["labels"]), map(&metadata["annotations"]));
        Self::of(&Evidence {
            labels: &labels,
            annotations: &annotations,
            owners: list(&metadata["ownerReferences"])
                .filter_map(|o| {
                    Some((
                        o["apiVersion"].as_str()?,
                        o["kind"].as_str()?,
                        o["name"].as_str()?,
                    ))
                })
                .collect(),
            managers: list(&metadata["managedFields"])
                .filter_map(|m| m["manager"].as_str())
                .collect(),
        })
    }

    /// Who owns an object of which this is known.
    ///
    /// Helm owns only by `meta.helm.sh/release-name` or a managedFields manager `helm`:
    /// `app.kubernetes.io/managed-by: Helm` and `helm.sh/chart` are written by istioctl too.
    pub fn of(evidence: &Evidence<'_>) -> Self {
        let Evidence {
            labels,
            annotations,
            owners,
            managers,
        } = evidence;
        let get = |map: &BTreeMap<String, String>, key: &str| map.get(key).cloned();
        if let Some((_, kind, name)) = owners
            .iter()
            .find(|(api, _, _)| api.starts_with("sailoperator.io/"))
        {
            return Self::Sail {
                resource: format!("{kind}/{name}"),
            };
        }
        if let Some(application) = get(annotations, "argocd.argoproj.io/tracking-id")
            .map(|id| id.split(':').next().unwrap_or_default().to_owned())
            .or_else(|| get(labels, "argocd.argoproj.io/instance"))
        {
            return Self::GitOps {
                controller: "Argo CD".into(),
                application,
            };
        }
        for prefix in ["kustomize.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"] {
            if let Some(name) = get(labels, &format!("{prefix}/name")) {
                let namespace = get(labels, &format!("{prefix}/namespace")).unwrap_or_default();
                return Self::GitOps {
                    controller: "Flux".into(),
                    application: format!("{namespace}/{name}"),
                };
            }
        }
        for (manager, controller) in [
            ("argocd-controller", "Argo CD"),
            ("argocd-application-controller", "Argo CD"),
            ("kustomize-controller", "Flux"),
            ("helm-controller", "Flux"),
        ] {
            if managers.contains(&manager) {
                return Self::GitOps {
                    controller: controller.into(),
                    application: String::new(),
                };
            }
        }
        if let Some(release) = get(annotations, "meta.helm.sh/release-name") {
            let namespace = get(annotations, "meta.helm.sh/release-namespace").unwrap_or_default();
            return Self::Helm { release, namespace };
        }
        if managers.contains(&"helm") {
            return Self::Helm {
                release: String::new(),
                namespace: String::new(),
            };
        }
        if managers.contains(&"sail-operator") {
            return Self::Sail {
                resource: String::new(),
            };
        }
        Self::None
    }

    /// Whether somebody else would write the object back.
    pub fn is_owned(&self) -> bool {
        *self != Self::None
    }

    /// One word for a table: `Helm istiod`, `Argo CD mesh`, `-`.
    pub fn short(&self) -> String {
        match self {
            Self::None => "-".into(),
            Self::Helm { release, .. } if release.is_empty() => "Helm".into(),
            Self::Helm { release, .. } => format!("Helm {release}"),
            Self::Sail { resource } if resource.is_empty() => "Sail".into(),
            Self::Sail { resource } => format!("Sail {resource}"),
            Self::GitOps {
                controller,
                application,
            } if application.is_empty() => controller.clone(),
            Self::GitOps {
                controller,
                application,
            } => format!("{controller} {application}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn owner_by_evidence() {
        let helm_labels = map(&[
            ("app.kubernetes.io/managed-by", "Helm"),
            ("helm.sh/chart", "istiod-1.0.0"),
        ]);
        let none = map(&[]);
        let cases: Vec<(&str, BTreeMap<_, _>, BTreeMap<_, _>, Vec<&str>, &str)> = vec![
            (
                "istioctl writes Helm's labels too",
                helm_labels,
                none.clone(),
                vec!["istio-ci"],
                "-",
            ),
            (
                "a release",
                none.clone(),
                map(&[("meta.helm.sh/release-name", "istiod")]),
                vec![],
                "Helm istiod",
            ),
            (
                "a manager",
                none.clone(),
                none.clone(),
                vec!["helm"],
                "Helm",
            ),
            (
                "Argo CD",
                none.clone(),
                map(&[(
                    "argocd.argoproj.io/tracking-id",
                    "mesh:admissionregistration/x",
                )]),
                vec![],
                "Argo CD mesh",
            ),
            (
                "Flux",
                map(&[
                    ("kustomize.toolkit.fluxcd.io/name", "mesh"),
                    ("kustomize.toolkit.fluxcd.io/namespace", "flux-system"),
                ]),
                none.clone(),
                vec![],
                "Flux flux-system/mesh",
            ),
        ];
        for (name, labels, annotations, managers, want) in cases {
            let evidence = Evidence {
                labels: &labels,
                annotations: &annotations,
                owners: Vec::new(),
                managers,
            };
            assert_eq!(Owner::of(&evidence).short(), want, "{name}");
        }
    }

    #[test]
    fn sail_owns_by_reference() {
        let none = map(&[]);
        let evidence = Evidence {
            labels: &none,
            annotations: &none,
            owners: vec![("sailoperator.io/v1", "IstioRevisionTag", "stable")],
            managers: vec![],
        };
        assert_eq!(Owner::of(&evidence).short(), "Sail IstioRevisionTag/stable");
    }
}
