//! Alarms of istioctl that this very mesh refutes.

use mesh_common::{
    istioctl::{Level, Message},
    mesh::{
        Mesh, WorkloadKind,
        inject::{Injected, Resolver, Subject},
    },
    output::clean,
};

/// `image: auto` that nobody replaces. Of a Deployment istioctl asks the webhooks, and misses some that do inject it; a pod
/// that has the image still is broken whoever would have injected it
/// (`pkg/config/analysis/analyzers/injection/image-auto.go`, and recorded of 1.20, 1.26 and 1.28).
const IMAGE_AUTO: &str = "IST0146";

/// What shows that the message is wrong, in a line; none where it may be right.
pub(super) fn refuted(message: &Message, mesh: &Mesh) -> Option<String> {
    let here = message.cluster.is_none() && message.reference.is_none();
    if message.code != IMAGE_AUTO || message.level != Level::Warning || !here {
        return None;
    }
    let origin = message.origin.as_deref()?.strip_prefix("Deployment ")?;
    let (namespace, name) = origin.split_once('/')?;
    let workload = mesh.workloads.items().ok()?.iter().find(|w| {
        w.kind == WorkloadKind::Deployment && w.namespace == namespace && w.name == name
    })?;
    let configs = mesh.configs.get()?;
    let resolver = Resolver {
        injectors: mesh.injectors.items().ok()?,
        services: mesh.services.items().ok()?,
        configs: Some(configs),
    };
    let (claim, injected) = resolver.resolve(&Subject {
        namespace: mesh.namespaces.get()?.get(namespace)?,
        labels: &workload.labels,
        inject_annotation: workload.inject_annotation.as_deref(),
        host_network: workload.host_network,
    });
    let Injected::By { revision } = injected else {
        return None;
    };
    // What istiod itself leaves alone is only known with its settings.
    configs.get(&revision)?;
    let claimant = claim.claimants().first()?;
    Some(format!(
        "a false alarm: {} of revision {} injects it, by {}",
        clean(&claimant.config, 253),
        clean(&revision, 63),
        clean(&claimant.reason, 200)
    ))
}

#[cfg(test)]
mod tests {
    use mesh_common::mesh::{Gap, Known, Why};

    use super::*;
    use crate::{
        facts::Facts,
        made::{facts, known, workload},
    };

    fn image_auto(origin: &str) -> Message {
        Message {
            code: IMAGE_AUTO.into(),
            level: Level::Warning,
            message: "words".into(),
            origin: Some(origin.into()),
            reference: None,
            documentation_url: None,
            cluster: None,
        }
    }

    fn unread<T>() -> Known<T> {
        Known::Unknown(Gap {
            what: "configmaps".into(),
            why: Why::Forbidden,
            detail: "may not list configmaps".into(),
        })
    }

    type Change = fn(&mut Facts);

    const WEB: &str = "Deployment shop/web";

    #[test]
    fn only_what_is_injected_for_certain_is_a_false_alarm() {
        let cases: &[(&str, Change, bool)] = &[
            ("as it is", |_| {}, true),
            (
                "it opts out",
                |f| {
                    let labels = &mut workload(f, "web").labels;
                    labels.insert("sidecar.istio.io/inject".into(), "false".into());
                },
                false,
            ),
            (
                "on the host's network",
                |f| workload(f, "web").host_network = true,
                false,
            ),
            (
                "no webhook for its label",
                |f| {
                    let shop = known(&mut f.mesh.namespaces).get_mut("shop").unwrap();
                    shop.labels.insert("istio.io/rev".into(), "gone".into());
                },
                false,
            ),
            (
                "two webhooks",
                |f| {
                    let all = known(&mut f.mesh.injectors);
                    all.extend(all.clone());
                },
                false,
            ),
            (
                "matchConditions",
                |f| {
                    let all = known(&mut f.mesh.injectors).iter_mut();
                    all.flat_map(|i| &mut i.webhooks)
                        .for_each(|w| w.match_conditions = 1);
                },
                false,
            ),
            (
                "the settings of that revision are missing",
                |f| known(&mut f.mesh.configs).clear(),
                false,
            ),
            ("settings unread", |f| f.mesh.configs = unread(), false),
            ("injectors unread", |f| f.mesh.injectors = unread(), false),
            ("namespaces unread", |f| f.mesh.namespaces = unread(), false),
        ];
        for (name, change, want) in cases {
            let mut facts = facts();
            change(&mut facts);
            let why = refuted(&image_auto(WEB), &facts.mesh);
            assert_eq!(why.is_some(), *want, "{name}: {why:?}");
        }
        assert_eq!(
            refuted(&image_auto(WEB), &facts().mesh).unwrap(),
            "a false alarm: istio-revision-tag-stable of revision 1-26-1 injects it, \
             by namespace label istio.io/rev=stable"
        );
    }

    #[test]
    fn no_other_message_is_doubted() {
        let mesh = facts().mesh;
        let web = || image_auto(WEB);
        for message in [
            Message {
                code: "IST0103".into(),
                ..web()
            },
            // Of a pod it is an error, and right: the image should have been replaced.
            Message {
                level: Level::Error,
                ..web()
            },
            Message {
                cluster: Some("west".into()),
                ..web()
            },
            Message {
                reference: Some("web.yaml:3".into()),
                ..web()
            },
            Message {
                origin: None,
                ..web()
            },
            image_auto("Pod shop/web"),
            image_auto("Deployment shop/other"),
            image_auto("Deployment web"),
            image_auto("Deployment other/web"),
        ] {
            assert_eq!(refuted(&message, &mesh), None, "{message:?}");
        }
    }
}
