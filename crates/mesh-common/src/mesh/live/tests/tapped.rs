//! What a tap sees, live and of an archive.

use super::*;

/// Names of what it wants, in order.
#[derive(Default)]
struct Names {
    wanted: Vec<&'static str>,
    seen: Mutex<Vec<String>>,
}

impl Names {
    fn of(wanted: &[&'static str]) -> Arc<Self> {
        Arc::new(Self {
            wanted: wanted.to_vec(),
            ..Self::default()
        })
    }

    fn seen(&self) -> Vec<String> {
        let mut seen = self.seen.lock().unwrap().clone();
        seen.sort();
        seen
    }
}

impl Tap for Names {
    fn wants(&self, what: &str) -> bool {
        self.wanted.contains(&what)
    }

    fn see(&self, what: &str, kind: &str, object: &Value) {
        let plural = kind.to_lowercase().replace("policy", "policie");
        assert!(what.starts_with(&plural), "{what} {kind}");
        let name = object["metadata"]["name"].as_str().unwrap();
        self.seen.lock().unwrap().push(format!("{what}/{name}"));
    }
}

const WANTED: [&str; 3] = [
    "envoyfilters.networking.istio.io",
    "deployments.apps",
    "authorizationpolicies.security.istio.io",
];

#[tokio::test]
async fn a_tap_sees_what_it_wants_and_no_list_is_asked_for_twice() {
    let (_dir, conn) = connection();
    let server = Server::default();
    let names = Names::of(&WANTED);
    let (mesh, customs) = read_with(&conn, &server.client(), Needs::PROMOTE, names.clone())
        .await
        .unwrap();
    assert_eq!(mesh.workloads, sample::mesh().workloads);
    let want: Vec<_> = {
        let kinds = ["EnvoyFilter", "Deployment", "AuthorizationPolicy"];
        let named = sample::objects().iter().filter_map(|o| {
            let at = kinds.iter().position(|k| o["kind"] == *k)?;
            Some(format!(
                "{}/{}",
                WANTED[at],
                o["metadata"]["name"].as_str()?
            ))
        });
        let mut all: Vec<_> = named.collect();
        all.sort();
        all
    };
    assert!(want.len() > PAGE, "more than a page");
    assert_eq!(names.seen(), want);
    let read: Vec<_> = customs.read.keys().map(String::as_str).collect();
    assert_eq!(
        read,
        ["envoyfilters.networking.istio.io"],
        "nobody wants sidecars"
    );
    assert!(customs.gaps.is_empty());
    let mut asked: Vec<_> = server.asked();
    asked.retain(|path| !path.contains("continue"));
    let all = asked.len();
    asked.sort();
    asked.dedup();
    assert_eq!(asked.len(), all, "{asked:?}");
}

#[tokio::test]
async fn what_a_tap_may_not_see_is_a_gap_and_the_archive_says_the_same() {
    let (_dir, conn) = connection();
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("shop.tar.zst");
    let server = Server::with(&[(
        "/apis/networking.istio.io/v1alpha3/envoyfilters",
        StatusCode::FORBIDDEN,
    )]);
    let live = Names::of(&WANTED);
    let (_, customs) = read_with(&conn, &server.client(), Needs::PROMOTE, live.clone())
        .await
        .unwrap();
    assert!(customs.read.is_empty());
    assert_eq!(customs.gaps[0].why, Why::Forbidden);
    assert_eq!(
        customs.gaps[0].detail,
        "may not list envoyfilters.networking.istio.io"
    );
    let target = Target::typed(&path, false);
    archive::capture(&conn, &server.client(), target, Options::default())
        .await
        .unwrap();
    let archived = Names::of(&WANTED);
    let (_, from_archive) = archive::read_with(&path, &*archived).unwrap();
    assert_eq!(archived.seen(), live.seen());
    assert_eq!(from_archive.gaps, customs.gaps);
}
