use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::mesh::{
    Known, Mesh, Selector, Source,
    made::{Made, namespace, selector},
};

fn who(mesh: &Mesh, ns: &str, pod: &str) -> (Claim, Injected) {
    let wiring = mesh.wiring().unwrap();
    let mut namespace = namespace("shop", &[]);
    namespace.labels = parse(ns);
    let labels = parse(pod);
    let resolver = Resolver {
        injectors: &wiring.injectors,
        services: &wiring.services,
        configs: mesh.configs.get(),
    };
    resolver.resolve(&Subject {
        namespace: &namespace,
        labels: &labels,
        inject_annotation: None,
        host_network: false,
    })
}

/// `rev=stable injection=enabled inject=true`, the last parts of the keys being enough.
fn parse(text: &str) -> Labels {
    let pairs = text.split_whitespace().filter_map(|p| p.split_once('='));
    pairs
        .map(|(key, value)| {
            let key = match key {
                "rev" => "istio.io/rev",
                "injection" => "istio-injection",
                "inject" => "sidecar.istio.io/inject",
                "mode" => "istio.io/dataplane-mode",
                other => other,
            };
            (key.to_owned(), value.to_owned())
        })
        .collect()
}

/// Namespace labels, pod labels, who injects, why. Without a default tag.
const WITHOUT_DEFAULT: &str = "
    rev=stable |  | 1-26-1 | namespace label istio.io/rev=stable
    rev=canary |  | 1-28-1 | namespace label istio.io/rev=canary
    rev=1-26-1 |  | 1-26-1 | namespace label istio.io/rev=1-26-1
    rev=stable | rev=canary | 1-26-1 | namespace label istio.io/rev=stable
    rev=stable | inject=false | none | pod label sidecar.istio.io/inject=false
    rev=gone |  | none | namespace label istio.io/rev=gone: there is no such revision or tag
    rev= |  | none | namespace label istio.io/rev= is empty and selects no injector
     | rev=canary | 1-28-1 | pod label istio.io/rev=canary
     | rev=canary inject=true | 1-28-1 | pod label istio.io/rev=canary
     | rev=gone | none | pod label istio.io/rev=gone: there is no such revision or tag
     | inject=true | none | pod label sidecar.istio.io/inject=true, and there is no default injector
     |  | none | no label on the namespace or the pod asks for it
    injection=enabled |  | none | namespace label istio-injection=enabled, and there is no default injector
    injection=enabled rev=stable |  | none | both namespace labels: istio-injection=enabled shuts out istio.io/rev=stable, and there is no default injector
    injection=disabled rev=stable | rev=canary | none | namespace label istio-injection=disabled
    mode=ambient |  | none | the namespace is in ambient mode
";

fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    let lines = table.lines().filter(|l| !l.trim().is_empty());
    lines.map(|line| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        cells.try_into().unwrap_or_else(|_| panic!("{line}"))
    })
}

#[test]
fn without_a_default() {
    let mesh = Made::shop().0;
    for [ns, pod, want, reason] in rows(WITHOUT_DEFAULT) {
        let (claim, injected) = who(&mesh, ns, pod);
        assert_eq!(injected.short(), want, "{ns} / {pod}");
        let said = match (&claim, &injected) {
            (Claim::One(claimant), _) => claimant.reason.clone(),
            (_, Injected::No { reason, .. }) => reason.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(said, reason, "{ns} / {pod}");
    }
}

#[test]
fn with_a_default_tag() {
    let mesh = Made::shop().tag("default", "1-28-1", true).0;
    let cases: Vec<(&str, &str, &str)> = vec![
        ("injection=enabled", "", "1-28-1"),
        ("injection=enabled rev=stable", "", "1-28-1"),
        ("injection=enabled", "rev=stable", "1-28-1"),
        ("injection=enabled", "inject=false", "none"),
        ("injection=disabled", "inject=true", "none"),
        ("", "inject=true", "1-28-1"),
        ("", "inject=true rev=stable", "1-26-1"),
        ("", "", "none"),
        ("rev=default", "", "1-28-1"),
        ("rev=stable", "inject=true", "1-26-1"),
    ];
    for (ns, pod, want) in cases {
        assert_eq!(who(&mesh, ns, pod).1.short(), want, "{ns} / {pod}");
    }
}

#[test]
fn a_default_tag_switches_the_unrevisioned_injector_off() {
    let mesh = Made::shop().revision("default", "1.20.8").0;
    assert_eq!(who(&mesh, "injection=enabled", "").1.short(), "default");
    let mesh = Made(mesh).tag("default", "1-26-1", false).0;
    assert_eq!(who(&mesh, "injection=enabled", "").1.short(), "1-26-1");
    let wiring = mesh.wiring().unwrap().remove_tag("default", true);
    let (_, injected) = who(&Made(mesh).wired(wiring).0, "injection=enabled", "");
    assert_eq!(
        injected,
        Injected::No {
            cause: Cause::NoDefault,
            reason: "namespace label istio-injection=enabled, and there is no default injector \
                     (istio-sidecar-injector was switched off by a default tag)"
                .into(),
        }
    );
}

#[test]
fn who_answers_is_the_service_and_not_the_label() {
    let mut mesh = Made::shop().0;
    if let Known::Known(injectors) = &mut mesh.injectors {
        for injector in injectors
            .iter_mut()
            .filter(|i| i.tag.as_deref() == Some("stable"))
        {
            injector.revision = "1-28-1".into();
        }
    }
    assert_eq!(who(&mesh, "rev=stable", "").1.short(), "1-26-1");
}

#[test]
fn two_injectors() {
    let mesh = Made::shop().0;
    let mut twin = mesh.injectors.get().unwrap()[0].clone();
    assert_eq!(twin.tag.as_deref(), Some("canary"));
    twin.name = "other-hook".into();
    let (claim, injected) = who(&Made(mesh).injector(twin).0, "rev=canary", "");
    assert_eq!(claim.claimants().len(), 2);
    assert_eq!(injected.short(), "1-28-1 and 1-28-1");
}

#[test]
fn match_conditions_leave_it_open() {
    let mut mesh = Made::shop().0;
    if let Known::Known(injectors) = &mut mesh.injectors {
        for webhook in injectors.iter_mut().flat_map(|i| &mut i.webhooks) {
            webhook.match_conditions = 1;
        }
    }
    let (claim, injected) = who(&mesh, "rev=canary", "");
    assert!(matches!(claim, Claim::Unknown { ref possible, .. } if possible.len() == 1));
    assert_eq!(injected.short(), "unknown");
    assert_eq!(who(&mesh, "rev=gone", "").1.short(), "none");
}

#[test]
fn webhooks_of_other_operations_do_not_count() {
    let mut mesh = Made::shop().0;
    if let Known::Known(injectors) = &mut mesh.injectors {
        for webhook in injectors.iter_mut().flat_map(|i| &mut i.webhooks) {
            webhook.on_pod_create = false;
        }
    }
    let (_, injected) = who(&mesh, "rev=canary", "");
    let Injected::No { cause, reason } = injected else {
        panic!("{injected:?}")
    };
    assert_eq!(cause, Cause::SelectorRefuses);
    assert_eq!(
        reason,
        "namespace label istio.io/rev=canary: injector istio-revision-tag-canary has no webhook for new pods"
    );
}

#[test]
fn the_api_servers_own_label_counts() {
    let mut mesh = Made::shop().0;
    if let Known::Known(injectors) = &mut mesh.injectors {
        injectors.truncate(1);
        injectors[0].webhooks.truncate(1);
        injectors[0].webhooks[0].namespace_selector =
            selector(&["kubernetes.io/metadata.name=shop"]);
    }
    let (claim, _) = who(&mesh, "", "");
    assert_eq!(
        claim.claimants()[0].reason,
        "namespace label kubernetes.io/metadata.name=shop"
    );
}

/// Policy, neverInject, alwaysInject, pod labels, annotation, host network, namespace, what becomes of the pod.
const BY_ISTIOD: &str = "
    enabled |  |  | app=x |  |  | shop | 1-26-1
    enabled |  |  | app=x |  | host | shop | the pod uses the host's network
    enabled |  |  | app=x |  |  | kube-system | istiod never injects into namespace kube-system
    enabled |  |  | app=x | false |  | shop | pod annotation sidecar.istio.io/inject=false
    enabled |  |  | app=x inject=true | false |  | shop | 1-26-1
    enabled |  |  | app=x inject=no | true |  | shop | pod label sidecar.istio.io/inject=no
    enabled | app=x | app=x | app=x |  |  | shop | neverInjectSelector app=x
    enabled | app=x |  | app=x | Y |  | shop | 1-26-1
    disabled |  |  | app=x |  |  | shop | istiod's injection policy is disabled
    disabled |  |  | app=x | true |  | shop | 1-26-1
    disabled |  | app=x | app=x |  |  | shop | 1-26-1
    sometimes |  |  | app=x inject=true |  |  | shop | istiod's injection policy is sometimes
";

fn shop_with(policy: &str, never: &str, always: &str) -> Mesh {
    let mut mesh = Made::shop().0;
    let Known::Known(configs) = &mut mesh.configs else {
        panic!()
    };
    let config = configs.get_mut("1-26-1").unwrap();
    let selector = |text: &str| selector(&text.split_whitespace().collect::<Vec<_>>());
    config.policy = policy.into();
    // An empty selector comes first: it must select nobody.
    config.never_inject = vec![Selector::default(), selector(never)];
    config.always_inject = vec![Selector::default(), selector(always)];
    mesh
}

#[test]
fn istiod_has_the_last_word() {
    for row in rows(BY_ISTIOD) {
        let [policy, never, always, pod, annotation, host, ns, want] = row;
        let mesh = shop_with(policy, never, always);
        let wiring = mesh.wiring().unwrap();
        let namespace = namespace(ns, &[("istio.io/rev", "stable")]);
        let labels = parse(pod);
        let resolver = Resolver {
            injectors: &wiring.injectors,
            services: &wiring.services,
            configs: mesh.configs.get(),
        };
        let (_, injected) = resolver.resolve(&Subject {
            namespace: &namespace,
            labels: &labels,
            inject_annotation: Some(annotation).filter(|a| !a.is_empty()),
            host_network: host == "host",
        });
        let said = match &injected {
            Injected::No { reason, .. } => reason.clone(),
            other => other.short(),
        };
        assert_eq!(said, want, "{row:?}");
    }
}

/// Every combination of the labels that decide, against what the real API server did: `tests/cluster/injection.rs`
/// records the table.
#[test]
fn the_real_api_server_calls_the_same_webhooks() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/data/injection-table.json"
    );
    let table: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let injectors = |default: bool| {
        let list = |key: &str| table[key].as_array().unwrap().clone();
        let mut objects = list("configurations");
        if default {
            objects.extend(list("defaultConfigurations"));
        }
        let source = Source::Archive { file: file.into() };
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        let mesh = Mesh::from_objects(objects, "istio-system", source, now).unwrap();
        mesh.injectors.get().unwrap().clone()
    };
    let by_default = [injectors(false), injectors(true)];
    let labels = |v: &Value| serde_json::from_value::<Labels>(v.clone()).unwrap();
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2 * 3 * 4 * 4 * 3);
    for row in rows {
        let default = row["defaultTag"].as_bool().unwrap();
        let mut namespace = namespace("table", &[]);
        namespace.labels = labels(&row["namespace"]);
        let subject = Subject {
            namespace: &namespace,
            labels: &labels(&row["pod"]),
            inject_annotation: None,
            host_network: false,
        };
        let claim = claim(&by_default[usize::from(default)], &[], &subject);
        let claimants = claim.claimants().iter();
        let mut called: Vec<_> = claimants
            .map(|c| format!("{}/{}", c.config, c.webhook))
            .collect();
        called.sort();
        assert_eq!(serde_json::json!(called), row["called"], "{row}");
    }
}

fn some_labels() -> impl Strategy<Value = Labels> {
    let value =
        |values: &'static [&'static str]| proptest::option::of(proptest::sample::select(values));
    (
        value(&["enabled", "disabled", ""]),
        value(&["stable", "canary", "1-26-1", "gone", "default"]),
        value(&["true", "false", "yes"]),
    )
        .prop_map(|(injection, rev, inject)| {
            let entry = |key: &str, value: Option<&str>| Some((key.to_owned(), value?.to_owned()));
            [
                entry("istio-injection", injection),
                entry("istio.io/rev", rev),
                entry("sidecar.istio.io/inject", inject),
            ]
            .into_iter()
            .flatten()
            .collect()
        })
}

proptest! {
    #[test]
    fn the_order_of_injectors_changes_nothing_but_the_order(
        ns in some_labels(),
        pod in some_labels(),
        default in any::<bool>(),
        turn in 0usize..5,
    ) {
        let made = Made::shop();
        let mesh = if default { made.tag("default", "1-28-1", true).0 } else { made.0 };
        let wiring = mesh.wiring().unwrap();
        let mut turned = wiring.injectors.clone();
        let by = turn % turned.len();
        turned.rotate_left(by);
        let namespace = Namespace { name: "shop".into(), labels: ns, ..Namespace::default() };
        let subject = Subject { namespace: &namespace, labels: &pod, inject_annotation: None, host_network: false };
        let sorted = |claim: Claim| {
            let mut claimants = claim.claimants().to_vec();
            claimants.sort();
            claimants
        };
        let a = claim(&wiring.injectors, &wiring.services, &subject);
        prop_assert_eq!(&a, &claim(&wiring.injectors, &wiring.services, &subject));
        let b = claim(&turned, &wiring.services, &subject);
        prop_assert_eq!(std::mem::discriminant(&a), std::mem::discriminant(&b));
        prop_assert_eq!(sorted(a), sorted(b));
    }
}
