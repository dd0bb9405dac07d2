//! The live source and the archive on a real API server.

use std::time::{Duration, Instant};

use mesh_common::{
    cluster::{ClusterArgs, Connection},
    mesh::{
        Known, Mesh, Source, Why,
        archive::{self, Options, Target},
        live::{self, Needs},
    },
};
use mesh_testkit::{Lab, Plugin};
use serde_json::{Value, json};

/// Runs this with a connection and a client of the kubeconfig.
fn with<T>(
    kubeconfig: &std::path::Path,
    run: impl AsyncFnOnce(&Connection, &kube::Client) -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let args = ClusterArgs {
        kubeconfig: Some(kubeconfig.into()),
        ..ClusterArgs::default()
    };
    let connection = args.resolve().unwrap();
    runtime.block_on(async { run(&connection, &connection.client().unwrap()).await })
}

/// The mesh without what differs between two looks at the same one.
fn facts(mesh: &Mesh) -> Value {
    let mut json = serde_json::to_value(mesh).unwrap();
    for key in ["source", "now", "kubernetes"] {
        json[key].take();
    }
    let istiods = json["istiods"]["known"].as_array_mut().unwrap();
    for istiod in istiods {
        for pod in istiod["pods"].as_array_mut().unwrap() {
            pod["reported"].take();
        }
    }
    json
}

#[test]
fn the_mesh_live_and_from_its_archive_is_the_same() {
    let Some(lab) = Lab::get() else { return };
    let live = with(lab.kubeconfig(), async |conn, client| {
        // kwok answers a port-forward only once it has heard of the object that allows it.
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let mut mesh = live::read(conn, client, Needs::PROMOTE).await.unwrap();
            let versions = live::versions(conn, client, &mesh).await;
            mesh.tell(versions);
            let pods = || mesh.istiods.get().unwrap().iter().flat_map(|i| &i.pods);
            if pods().all(|p| p.reported.get().is_some()) {
                return mesh;
            }
            assert!(
                Instant::now() < deadline,
                "{:?}",
                pods().collect::<Vec<_>>()
            );
        }
    });
    assert!(matches!(live.source, Source::Live { .. }));
    assert_eq!(live.kubernetes.get().unwrap(), "v1.34.4");
    for istiod in live.istiods.get().unwrap() {
        let want = Known::Known(istiod.version.clone().unwrap());
        assert_eq!(istiod.pods.len(), 2);
        assert!(istiod.pods.iter().all(|p| p.reported == want), "{istiod:?}");
    }
    assert!(live.workloads.get().unwrap().len() > 30);
    assert!(live.crds.get().unwrap().len() > 15);
    let webhooks = live.injectors.get().unwrap();
    assert!(
        webhooks
            .iter()
            .flat_map(|i| &i.webhooks)
            .all(|w| w.ca_bundle_is_pem)
    );

    let dir = tempfile::tempdir().unwrap();
    for name in ["a.tar.zst", "a.tar.gz"] {
        let path = dir.path().join(name);
        let captured = with(lab.kubeconfig(), async |conn, client| {
            let target = Target::typed(&path, false);
            archive::capture(conn, client, target, Options::default())
                .await
                .unwrap()
        });
        assert_eq!(captured.missing().count(), 0);
        assert_eq!(
            archive::summary(&path, &archive::Plain).unwrap(),
            captured.summary
        );
        let objects = &captured.summary.objects;
        for kind in [
            "envoyfilters.networking.istio.io",
            "httproutes.gateway.networking.k8s.io",
        ] {
            assert!(objects.contains_key(kind), "{kind}: {:?}", objects.keys());
        }
        assert!(!objects.contains_key("secrets"));
        let archived = archive::read(&path).unwrap();
        assert_eq!(facts(&archived), facts(&live));
    }
}

#[test]
fn rights_to_webhooks_and_little_else() {
    let Some(lab) = Lab::get() else { return };
    let rules = [
        json!({"apiGroups": ["admissionregistration.k8s.io"], "verbs": ["list"],
               "resources": ["mutatingwebhookconfigurations", "validatingwebhookconfigurations"]}),
        json!({"apiGroups": [""], "resources": ["namespaces"], "verbs": ["list"]}),
    ];
    let kubeconfig = lab.user_kubeconfig("half-blind", &[], &rules);
    let mesh = with(&kubeconfig, async |conn, client| {
        live::read(conn, client, Needs::PROMOTE).await.unwrap()
    });
    assert_eq!(mesh.injectors.get().unwrap().len(), 4);
    assert_eq!(mesh.namespaces.get().unwrap().len(), 17);
    let services = mesh.services.gap().unwrap();
    assert_eq!(services.why, Why::Forbidden);
    assert_eq!(services.detail, "may not list services in istio-system");
    let workloads = &mesh.workloads.gap().unwrap().detail;
    for what in ["pods", "deployments.apps", "cronjobs.batch"] {
        assert!(
            workloads.contains(&format!("may not list {what}")),
            "{workloads}"
        );
    }
}

#[test]
fn versions_are_asked_of_everything_that_takes_part() {
    let Some(lab) = Lab::get() else { return };
    let ran = Plugin::tag(lab.kubeconfig()).run("version -o json");
    let said = ran.assert_code(0).json();
    assert_eq!(said["cluster"]["kubernetes"]["version"], "v1.34.4");
    assert_eq!(said["kubectl"]["version"], "v1.34.4");
    let of = |list: &Value, key: &str| -> Vec<String> {
        let items = list.as_array().into_iter().flatten();
        items
            .map(|i| i[key].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    assert_eq!(
        of(&said["cluster"]["istiods"], "revision"),
        ["1-26-1", "1-28-1"]
    );
    assert_eq!(
        of(&said["cluster"]["istiods"], "version"),
        ["1.26.1", "1.28.1"]
    );
    let istioctls = of(&said["istioctl"], "version");
    for version in ["1.26.1", "1.28.1"] {
        assert!(istioctls.iter().any(|v| v == version), "{istioctls:?}");
    }
}
